//! Patterns in Go's syntax (RE2), written as the crate `regex` reads them: `\d`, `\w`, `\s` and `\b` are ASCII, `\Q...\E`
//! and octal escapes are known, a brace that is no repetition is a letter, a class knows no operators.

use crate::budget::Fault;

/// The most of a counted repetition.
const MOST: u64 = 1000;
/// What a class of Unicode counts for.
const CLASS: u64 = 50;

/// A pattern for the crate.
pub(super) struct Translated {
    pub pattern: String,
    /// How many states it comes to, about.
    pub size: u64,
}

pub(super) fn translate(pattern: &str) -> Result<Translated, Fault> {
    let mut translator = Translator { rest: pattern, out: String::new(), sizes: vec![0], atom: Some(0) };
    translator.run()?;
    match translator.sizes.as_slice() {
        [size] => Ok(Translated { size: (*size).max(1), pattern: translator.out }),
        _ => Err(error("missing closing )")),
    }
}

struct Translator<'a> {
    rest: &'a str,
    out: String,
    /// The states of each open group.
    sizes: Vec<u64>,
    /// The states of what a repetition would repeat; none after a repetition.
    atom: Option<u64>,
}

fn error(text: &str) -> Fault {
    Fault::Error(format!("error parsing regexp: {text}"))
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        while let Some(letter) = self.next() {
            match letter {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.open()?,
                ')' => {
                    let size = self.sizes.pop().unwrap_or_default();
                    let Some(outer) = self.sizes.last_mut() else { return Err(error("unexpected )")) };
                    *outer = outer.saturating_add(size);
                    self.atom = Some(size);
                    self.out.push(')');
                }
                '*' | '+' | '?' => self.repeat(&letter.to_string(), 1)?,
                '{' => match self.counts() {
                    Some((text, most)) => {
                        if most > MOST {
                            return Err(error("invalid repeat count"));
                        }
                        self.repeat(&text, most)?;
                    }
                    None => self.literal('{'),
                },
                '|' => {
                    self.out.push('|');
                    self.atom = Some(0);
                }
                '.' | '^' | '$' => self.raw(&letter.to_string(), 1),
                _ => self.literal(letter),
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let letter = letters.next();
        self.rest = letters.as_str();
        letter
    }

    fn skip(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn raw(&mut self, text: &str, size: u64) {
        self.out.push_str(text);
        if let Some(sum) = self.sizes.last_mut() {
            *sum = sum.saturating_add(size);
        }
        self.atom = Some(size);
    }

    fn literal(&mut self, letter: char) {
        let text = if letter.is_alphanumeric() { letter.to_string() } else { code(letter) };
        self.raw(&text, 1);
    }

    fn repeat(&mut self, operator: &str, most: u64) -> Result<(), Fault> {
        let Some(size) = self.atom.take() else { return Err(error("invalid nested repetition operator")) };
        if let Some(sum) = self.sizes.last_mut() {
            *sum = sum.saturating_add(size.saturating_mul(most.max(1) - 1));
        }
        self.out.push_str(operator);
        if self.skip("?") {
            self.out.push('?');
        }
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,3}` after its brace, and the most of it; nothing else is a repetition.
    fn counts(&mut self) -> Option<(String, u64)> {
        let (inside, rest) = self.rest.split_once('}')?;
        let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
        let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true if !text.is_empty() && (text == "0" || !text.starts_with('0')) => {
                Some(text.parse().unwrap_or(u64::MAX))
            }
            _ => None,
        };
        let least = number(least)?;
        let most = if most.is_empty() { least } else { number(most)? };
        let text = format!("{{{inside}}}");
        self.rest = rest;
        Some((text, least.max(most)))
    }

    /// A group, after its parenthesis: its name or its flags.
    fn open(&mut self) -> Result<(), Fault> {
        self.out.push('(');
        if self.skip("?") {
            self.out.push('?');
            if self.skip("P<") || self.skip("<") {
                let (name, rest) = self.rest.split_once('>').ok_or_else(|| error("invalid named capture"))?;
                if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                    return Err(error("invalid named capture"));
                }
                self.out.push_str(&format!("P<{name}>"));
                self.rest = rest;
            } else {
                loop {
                    match self.next() {
                        Some(flag @ ('i' | 'm' | 's' | 'U' | '-')) => self.out.push(flag),
                        Some(':') => {
                            self.out.push(':');
                            break;
                        }
                        Some(')') => {
                            self.out.push(')');
                            self.atom = Some(0);
                            return Ok(());
                        }
                        _ => return Err(error("invalid or unsupported Perl syntax")),
                    }
                }
            }
        }
        self.sizes.push(1);
        self.atom = Some(0);
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Fault> {
        if self.skip("Q") {
            let (literal, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
            self.rest = rest;
            for letter in literal.chars() {
                self.literal(letter);
            }
            return Ok(());
        }
        if let Some(class) = self.perl_class() {
            self.raw(&format!("[{class}]"), 1);
            return Ok(());
        }
        if let Some(class) = self.unicode_class()? {
            self.raw(&class, CLASS);
            return Ok(());
        }
        for (escape, text) in [("A", "\\A"), ("z", "\\z"), ("b", "(?-u:\\b)"), ("B", "\\B")] {
            if self.skip(escape) {
                self.raw(text, 1);
                return Ok(());
            }
        }
        let letter = self.escaped()?;
        self.literal(letter);
        Ok(())
    }

    /// `\d` and the like, without brackets.
    fn perl_class(&mut self) -> Option<&'static str> {
        let classes = [
            ("d", "0-9"),
            ("D", "^0-9"),
            ("s", "\\t\\n\\x0C\\r "),
            ("S", "^\\t\\n\\x0C\\r "),
            ("w", "0-9A-Za-z_"),
            ("W", "^0-9A-Za-z_"),
        ];
        classes.into_iter().find(|(name, _)| self.skip(name)).map(|(_, class)| class)
    }

    /// `\p{Greek}`, `\pL`, `\P{^Lu}`.
    fn unicode_class(&mut self) -> Result<Option<String>, Fault> {
        let mut negated = match () {
            () if self.skip("p") => false,
            () if self.skip("P") => true,
            () => return Ok(None),
        };
        let invalid = || error("invalid character class range");
        let name = if self.skip("{") {
            let (name, rest) = self.rest.split_once('}').ok_or_else(invalid)?;
            self.rest = rest;
            name.to_owned()
        } else {
            self.next().ok_or_else(invalid)?.to_string()
        };
        let name = match name.strip_prefix('^') {
            Some(rest) => {
                negated = !negated;
                rest
            }
            None => &name,
        };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') {
            return Err(invalid());
        }
        let letter = if negated { 'P' } else { 'p' };
        let kind = match name {
            "Any" => "",
            _ if name.len() <= 2 => "gc=",
            _ => "sc=",
        };
        Ok(Some(format!("\\{letter}{{{kind}{name}}}")))
    }

    /// One letter, after its backslash.
    fn escaped(&mut self) -> Result<char, Fault> {
        let invalid = || error("invalid escape sequence");
        let letter = self.next().ok_or_else(|| error("trailing backslash at end of expression"))?;
        let number = |digits: &str, base| u32::from_str_radix(digits, base).ok().and_then(char::from_u32);
        match letter {
            'a' => Ok('\x07'),
            'f' => Ok('\x0c'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'v' => Ok('\x0b'),
            'x' if self.skip("{") => {
                let (digits, rest) = self.rest.split_once('}').ok_or_else(invalid)?;
                self.rest = rest;
                let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                number(digits, 16).filter(|_| hex).ok_or_else(invalid)
            }
            'x' => {
                let (digits, rest) = self.rest.split_at_checked(2).ok_or_else(invalid)?;
                self.rest = rest;
                let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                number(digits, 16).filter(|_| hex).ok_or_else(invalid)
            }
            '0'..='7' => {
                let more = self.rest.bytes().take(2).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
                if letter != '0' && more == 0 {
                    return Err(invalid());
                }
                let (digits, rest) = self.rest.split_at_checked(more).ok_or_else(invalid)?;
                self.rest = rest;
                number(&format!("{letter}{digits}"), 8).ok_or_else(invalid)
            }
            _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Ok(letter),
            _ => Err(invalid()),
        }
    }

    /// A class, after its bracket.
    fn class(&mut self) -> Result<(), Fault> {
        let missing = || error("missing closing ]");
        let mut class = String::from(if self.skip("^") { "[^" } else { "[" });
        let mut first = true;
        let mut size = 1;
        loop {
            if !std::mem::take(&mut first) && self.skip("]") {
                break;
            }
            if self.rest.starts_with("[:")
                && let Some(end) = self.rest.find(":]")
                && let Some((name, rest)) = self.rest.split_at_checked(end + 2)
            {
                let known = name.trim_matches(['[', ':', ']', '^']);
                if !POSIX.contains(&known) {
                    return Err(error("invalid character class range"));
                }
                class.push_str(name);
                self.rest = rest;
                continue;
            }
            if self.rest.starts_with('\\') && self.rest.len() > 1 {
                let before = self.rest;
                self.skip("\\");
                if let Some(perl) = self.perl_class() {
                    class.push_str(&format!("[{perl}]"));
                    continue;
                }
                if let Some(unicode) = self.unicode_class()? {
                    class.push_str(&unicode);
                    size += CLASS;
                    continue;
                }
                self.rest = before;
            }
            let low = self.class_letter()?.ok_or_else(missing)?;
            class.push_str(&code(low));
            if self.rest.starts_with('-') && !self.rest.starts_with("-]") {
                self.skip("-");
                let high = self.class_letter()?.ok_or_else(missing)?;
                if high < low {
                    return Err(error("invalid character class range"));
                }
                class.push('-');
                class.push_str(&code(high));
            }
        }
        class.push(']');
        self.raw(&class, size);
        Ok(())
    }

    fn class_letter(&mut self) -> Result<Option<char>, Fault> {
        match self.next() {
            Some('\\') => self.escaped().map(Some),
            other => Ok(other),
        }
    }
}

const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

/// A letter by its number: never read as anything else.
pub(in crate::builtins) fn code(letter: char) -> String {
    format!("\\x{{{:X}}}", u32::from(letter))
}
