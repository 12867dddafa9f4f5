//! Translates a `pattern` for the engine that runs it: ECMA-262 with the `u` flag, without what cannot run in linear
//! time. What both languages spell alike stays as it is; what only one of them knows is rewritten or refused.

use std::iter::Peekable;
use std::str::Chars;

/// Why a pattern cannot be run.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// Look-around and back-references: the engine refuses them by name.
    Engine,
    Wrong(String),
}

/// The pattern for the engine.
pub(crate) fn translated(pattern: &str) -> Result<String, Unfit> {
    let mut reader = Reader { rest: pattern.chars().peekable(), out: String::new() };
    reader.alternatives(0)?;
    Ok(reader.out)
}

/// Patterns nested deeper than this are not read.
const MAX_DEPTH: usize = 100;

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
}

/// An item of a class: a set such as `\d`, which cannot begin a range, or a character.
enum Item {
    Character(char),
    Set(String),
}

fn wrong(message: impl Into<String>) -> Unfit {
    Unfit::Wrong(message.into())
}

impl Reader<'_> {
    fn take(&mut self, character: char) -> bool {
        self.rest.next_if_eq(&character).is_some()
    }

    fn next(&mut self, what: &str) -> Result<char, Unfit> {
        self.rest.next().ok_or_else(|| wrong(format!("the pattern ends in the middle of {what}")))
    }

    fn alternatives(&mut self, depth: usize) -> Result<(), Unfit> {
        if depth > MAX_DEPTH {
            return Err(wrong(format!("groups are nested deeper than {MAX_DEPTH}")));
        }
        while let Some(character) = self.rest.next() {
            let repeats = match character {
                ')' if depth > 0 => {
                    self.out.push(')');
                    return Ok(());
                }
                '|' | '^' | '$' => {
                    self.out.push(character);
                    false
                }
                '(' => {
                    self.group()?;
                    self.alternatives(depth + 1)?;
                    true
                }
                '[' => {
                    self.class()?;
                    true
                }
                '\\' => self.escape()?,
                '*' | '+' | '?' | '{' => return Err(wrong(format!("nothing stands before `{character}` to repeat"))),
                ')' | ']' | '}' => return Err(wrong(format!("`{character}` closes nothing: write `\\{character}`"))),
                _ => {
                    self.out.push(character);
                    true
                }
            };
            if repeats {
                self.quantifier()?;
            }
        }
        if depth > 0 { Err(wrong("a group is not closed")) } else { Ok(()) }
    }

    /// After `(`.
    fn group(&mut self) -> Result<(), Unfit> {
        if !self.take('?') {
            self.out.push('(');
            return Ok(());
        }
        self.out.push_str("(?:");
        match self.next("a group")? {
            ':' => Ok(()),
            '=' | '!' => Err(Unfit::Engine),
            '<' if matches!(self.rest.peek(), Some('=' | '!')) => Err(Unfit::Engine),
            '<' => {
                let mut name = String::new();
                while let character = self.next("a group's name")?
                    && character != '>'
                {
                    name.push(character);
                }
                let begins = |first: char| first.is_alphabetic() || matches!(first, '_' | '$');
                let goes_on = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
                match name.starts_with(begins) && name.chars().all(goes_on) {
                    true => Ok(()),
                    false => Err(wrong("a group's name is not of letters, digits, `_` and `$`")),
                }
            }
            _ => Err(wrong("`(?` begins a group of no kind that is known: there are `(?:` and `(?<name>`")),
        }
    }

    /// After something that may be repeated.
    fn quantifier(&mut self) -> Result<(), Unfit> {
        match self.rest.peek() {
            Some(character @ ('*' | '+' | '?')) => {
                self.out.push(*character);
                self.rest.next();
            }
            Some('{') => {
                self.rest.next();
                self.count()?;
            }
            _ => return Ok(()),
        }
        if self.take('?') {
            self.out.push('?');
        }
        Ok(())
    }

    /// After `{`: `n}`, `n,}` or `n,m}`.
    fn count(&mut self) -> Result<(), Unfit> {
        let mut text = String::new();
        while let character = self.next("a count")?
            && character != '}'
        {
            text.push(character);
        }
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u32>().unwrap_or(u32::MAX))
        };
        let holds = match text.split_once(',') {
            None => number(&text).is_some(),
            Some((least, "")) => number(least).is_some(),
            Some((least, most)) => number(least).zip(number(most)).is_some_and(|(least, most)| least <= most),
        };
        if !holds {
            return Err(wrong(format!("`{{{text}}}` is no count: write `{{n}}`, `{{n,}}`, `{{n,m}}`, or `\\{{`")));
        }
        self.out.push('{');
        self.out.push_str(&text);
        self.out.push('}');
        Ok(())
    }

    /// After a backslash outside a class. Returns whether the result may be repeated.
    fn escape(&mut self) -> Result<bool, Unfit> {
        match self.rest.peek() {
            Some('b') => {
                self.rest.next();
                // Word characters are ASCII.
                self.out.push_str(r"(?-u:\b)");
                Ok(false)
            }
            Some('B') => Err(wrong(r"`\B` is not run in linear time here")),
            Some('k' | '1'..='9') => Err(Unfit::Engine),
            _ => {
                let written = match self.escaped()? {
                    Item::Character(character) => plain(character),
                    Item::Set(set) => set,
                };
                self.out.push_str(&written);
                Ok(true)
            }
        }
    }

    /// After a backslash, for what means the same inside and outside a class.
    fn escaped(&mut self) -> Result<Item, Unfit> {
        let character = match self.next("an escape")? {
            set @ ('d' | 'D' | 's' | 'S' | 'w' | 'W') => return Ok(Item::Set(format!(r"\{set}"))),
            letter @ ('p' | 'P') => return self.property(letter).map(Item::Set),
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '0' if !self.rest.peek().is_some_and(char::is_ascii_digit) => '\0',
            'c' => match self.next("an escape")? {
                letter if letter.is_ascii_alphabetic() => char::from(letter as u8 % 32),
                _ => return Err(wrong(r"`\c` needs a letter")),
            },
            'x' => character(self.hex(2)?)?,
            'u' if self.take('{') => {
                let mut digits = String::new();
                while let digit = self.next("an escape")?
                    && digit != '}'
                {
                    digits.push(digit);
                }
                let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                let code = plain.then(|| u32::from_str_radix(&digits, 16).ok()).flatten();
                character(code.ok_or_else(|| wrong(format!(r"`\u{{{digits}}}` is no character")))?)?
            }
            'u' => self.utf16()?,
            // With the `u` flag most of these are mistakes. Without it, and to every reader, they are the character
            // itself.
            character if character.is_ascii_punctuation() || character == ' ' => character,
            character => return Err(wrong(format!(r"`\{character}` is no escape of ECMA-262"))),
        };
        Ok(Item::Character(character))
    }

    fn hex(&mut self, digits: usize) -> Result<u32, Unfit> {
        let mut code = 0;
        for _ in 0..digits {
            let digit = self.rest.next().and_then(|character| character.to_digit(16));
            code = code * 16 + digit.ok_or_else(|| wrong(format!("an escape needs {digits} hex digits")))?;
        }
        Ok(code)
    }

    /// After `\u`: one UTF-16 code unit, or two that make one character.
    fn utf16(&mut self) -> Result<char, Unfit> {
        let high = self.hex(4)?;
        if !(0xd800..0xdc00).contains(&high) {
            return character(high);
        }
        let low = if self.take('\\') && self.take('u') { self.hex(4)? } else { 0 };
        match (0xdc00..0xe000).contains(&low) {
            true => character(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)),
            false => Err(wrong("half of a surrogate pair is no character")),
        }
    }

    /// After `\p` or `\P`.
    fn property(&mut self, letter: char) -> Result<String, Unfit> {
        let mut name = String::new();
        if self.take('{') {
            while let character = self.next("a property")?
                && character != '}'
            {
                name.push(character);
            }
        }
        let known = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '=');
        match !name.is_empty() && name.chars().all(known) {
            true => Ok(format!(r"\{letter}{{{name}}}")),
            false => Err(wrong(format!(r"`\{letter}` needs the name of a property in braces"))),
        }
    }

    /// After `[`.
    fn class(&mut self) -> Result<(), Unfit> {
        let negated = self.take('^');
        let mut items = String::new();
        loop {
            if self.take(']') {
                break;
            }
            let first = self.item()?;
            let last = self.range_end()?;
            match (first, last) {
                (Item::Character(first), Some(Item::Character(last))) if first <= last => {
                    items.push_str(&format!("{}-{}", in_class(first), in_class(last)));
                }
                (Item::Character(_), Some(Item::Character(_))) => return Err(wrong("a range ends before it begins")),
                (_, Some(_)) => return Err(wrong("a range is of characters: write a `-` of its own as `\\-`")),
                (Item::Character(only), None) => items.push_str(&in_class(only)),
                (Item::Set(set), None) => items.push_str(&set),
            }
        }
        self.out.push_str(&match (items.is_empty(), negated) {
            (true, true) => r"[\s\S]".to_owned(),
            (true, false) => r"[^\s\S]".to_owned(),
            (false, true) => format!("[^{items}]"),
            (false, false) => format!("[{items}]"),
        });
        Ok(())
    }

    /// What follows a `-` that makes a range. `None` for a `-` that ends the class.
    fn range_end(&mut self) -> Result<Option<Item>, Unfit> {
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || matches!(ahead.next(), None | Some(']')) {
            return Ok(None);
        }
        self.rest.next();
        self.item().map(Some)
    }

    fn item(&mut self) -> Result<Item, Unfit> {
        match self.next("a class")? {
            '\\' if self.take('b') => Ok(Item::Character('\u{8}')),
            '\\' => self.escaped(),
            character => Ok(Item::Character(character)),
        }
    }
}

fn character(code: u32) -> Result<char, Unfit> {
    char::from_u32(code).ok_or_else(|| wrong("half of a surrogate pair, or a number beyond U+10FFFF, is no character"))
}

/// A character that matches itself, outside a class.
fn plain(character: char) -> String {
    match character {
        _ if r"\.+*?()|[]{}^$/-".contains(character) => format!(r"\{character}"),
        _ if character.is_ascii_control() => format!(r"\x{{{:x}}}", u32::from(character)),
        _ => character.to_string(),
    }
}

fn in_class(character: char) -> String {
    match character {
        _ if r"\[]^-&~".contains(character) => format!(r"\{character}"),
        _ if character.is_ascii_control() => format!(r"\x{{{:x}}}", u32::from(character)),
        _ => character.to_string(),
    }
}

/// Our own engine against the one that runs patterns today: generated patterns on generated texts.
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
mod tests {
    use jsonschema::{PatternOptions, Validator};
    use serde_json::{Value, json};

    use super::super::{Pattern, Unfit as OwnUnfit};
    use super::{Unfit, translated};

    const SUBJECTS: usize = 10;

    struct Random(u64);

    impl Random {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            ((self.0 >> 32) as usize * end) >> 32
        }

        /// One of the words.
        fn pick<'a>(&mut self, words: &'a str) -> &'a str {
            words.split(' ').nth(self.below(words.split(' ').count())).unwrap()
        }

        fn letter(&mut self) -> char {
            let few = "ab01_- éλ中😀";
            let many = "zAZ9.K\t\n\r\u{b}\u{c}\u{a0}\u{85}\u{1680}\u{2028}\u{2029}\u{feff}\u{180e}\0\u{1}\u{7f}٣ſßǅⅣ々ヶ한\u{300}\u{10ffff}]^&~/k";
            let list = if self.below(4) > 0 { few } else { many };
            list.chars().nth(self.below(list.chars().count())).unwrap()
        }
    }

    const ATOMS: &str = concat!(
        r"a b ab é 中 0 _ - a b 0 . . \d \D \w \W \s \S \n \t \0 \cA \x41 \u0062 \u{1F600} \uD83D\uDE00 \/ \. \- [^] [] [ab] ",
        r"\p{L} \P{Lu} \p{Script=Greek} \p{scx=Hira} \p{Alphabetic} \P{Emoji} \p{digit}",
    );
    const QUANTIFIERS: &str = "* + ? {2} {1,} {0,2} {3,5} {0} *? +? ?? {1,2}?";
    const NO_QUANTIFIERS: &str = "** {2,1} {,2} { +* }";
    const RANGES: &str = r"a-z 0-9 A-Z \x00-\x1f \u{0}-\u{10FFFF} é-λ !-~ +-- z-a \d-z a-\w \u{e000}-\u{ffff}";
    const ITEMS: &str = r"\d \w \s \W \S \D \b \- \] - \cA && ~~ [ \p{Ll} \P{Han}";
    /// No patterns, or none here.
    const ODD: &str = concat!(
        r"(?=a) (?!a) (?<=a) (?<!a) \1 \k<a> \B (?i)a (?P<n>a) \A \z \a \h \x{41} \u{110000} \uD83D \c1 \x4 \p{} \p{Foo} ",
        r"{2} ) ( [ \",
    );

    fn class(random: &mut Random) -> String {
        let mut class = String::from(random.pick("[ [ [^"));
        for _ in 0..random.below(4) {
            match random.below(3) {
                0 => class.push_str(random.pick(RANGES)),
                1 => class.push_str(random.pick(ITEMS)),
                _ => class.push(random.letter()),
            }
        }
        class + "]"
    }

    fn alternatives(random: &mut Random, depth: usize) -> String {
        let mut text = String::new();
        for alternative in 0..=usize::from(random.below(4) == 0) + usize::from(random.below(8) == 0) {
            if alternative > 0 {
                text.push('|');
            }
            for _ in 0..random.below(4) + usize::from(depth == 0) {
                let mut repeats = true;
                match random.below(24) {
                    kind @ 0..7 => {
                        text.push_str(["^", "^", "^", "$", "$", r"\b", r"\b"][kind]);
                        repeats = random.below(30) == 0;
                    }
                    7..11 => text.push_str(&class(random)),
                    11..15 if depth < 4 => {
                        text.push_str(random.pick("( (?: (?<name>"));
                        text.push_str(&alternatives(random, depth + 1));
                        text.push(')');
                    }
                    15 => text.push(random.letter()),
                    16 if random.below(6) == 0 => text.push_str(random.pick(ODD)),
                    _ => text.push_str(random.pick(ATOMS)),
                }
                match random.below(40) {
                    _ if !repeats => {}
                    0 => text.push_str(random.pick(NO_QUANTIFIERS)),
                    1..24 => text.push_str(random.pick(QUANTIFIERS)),
                    _ => {}
                }
            }
        }
        text
    }

    fn subject(random: &mut Random) -> String {
        let most = if random.below(8) == 0 { 40 } else { 6 };
        let length = random.below(most);
        let one = random.letter();
        let same = random.below(6) == 0;
        (0..length).map(|_| if same { one } else { random.letter() }).collect()
    }

    /// What ran patterns before.
    fn peer(pattern: &str) -> Result<Validator, String> {
        let text = match translated(pattern) {
            Ok(text) => text,
            Err(Unfit::Engine) => return Err("engine".into()),
            Err(Unfit::Wrong(why)) => return Err(why),
        };
        let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
        options.build(&json!({ "pattern": text })).map_err(|_| "refused".into())
    }

    /// `PATTERN_ROUNDS=100000 PATTERN_SEED=7 cargo test --lib a_pattern_means_what_jsonschema_says` tries others.
    #[test]
    fn a_pattern_means_what_jsonschema_says() {
        let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse::<u64>().unwrap());
        let mut random = Random(number("PATTERN_SEED", 20_261_130).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let (mut matched, mut unmatched, mut refused) = (0, 0, 0);
        for _ in 0..number("PATTERN_ROUNDS", 2_600) {
            let pattern = alternatives(&mut random, 0);
            let (own, peer) = match (Pattern::compile(&pattern), peer(&pattern)) {
                (Ok(own), Ok(peer)) => (own, peer),
                (Err(own), Err(peer)) => {
                    let own = match own {
                        OwnUnfit::Engine => "engine".into(),
                        OwnUnfit::Wrong(why) | OwnUnfit::Beyond(why) => why,
                    };
                    // The peer reads to the end before it looks for the property.
                    assert!(own == peer || own.contains(r"`\p{Foo}`"), "{pattern:?}: {own}, and {peer}");
                    refused += 1;
                    continue;
                }
                (own, peer) => panic!("{pattern:?}: {own:?}, and the peer says {:?}", peer.err()),
            };
            for _ in 0..SUBJECTS {
                let subject = subject(&mut random);
                let is_match = own.is_match(&subject);
                assert_eq!(is_match, peer.is_valid(&Value::String(subject.clone())), "{pattern:?} on {subject:?}");
                *if is_match { &mut matched } else { &mut unmatched } += 1;
            }
        }
        println!("{matched} match, {unmatched} do not, {refused} patterns refused");
        assert!(matched > 3 * refused && unmatched > 3 * refused);
    }
}
