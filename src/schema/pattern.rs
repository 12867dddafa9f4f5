//! Translates a `pattern` for the engine that runs it: ECMA-262 with the `u` flag, without what cannot run in linear
//! time. What both languages spell alike stays as it is; what only one of them knows is rewritten or refused.

use std::iter::Peekable;
use std::str::Chars;

/// Why a pattern cannot be run.
#[derive(Debug)]
pub(super) enum Unfit {
    /// Look-around and back-references: the engine refuses them by name.
    Engine,
    Wrong(String),
}

/// The pattern for the engine.
pub(super) fn translated(pattern: &str) -> Result<String, Unfit> {
    let mut reader = Reader { rest: pattern.chars().peekable(), out: String::new() };
    reader.alternatives(0)?;
    Ok(reader.out)
}

/// Patterns nested deeper than this are not read.
const MAX_DEPTH: usize = 100;

/// White space and the ends of lines.
const SPACES: &str = r"\t\n\x0b\x0c\r\u{2028}\u{2029}\u{feff}\p{Zs}";

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
            'd' => return Ok(Item::Set("[0-9]".into())),
            'D' => return Ok(Item::Set("[^0-9]".into())),
            's' => return Ok(Item::Set(format!("[{SPACES}]"))),
            'S' => return Ok(Item::Set(format!("[^{SPACES}]"))),
            'w' => return Ok(Item::Set("[0-9A-Za-z_]".into())),
            'W' => return Ok(Item::Set("[^0-9A-Za-z_]".into())),
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

#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
mod peer;
