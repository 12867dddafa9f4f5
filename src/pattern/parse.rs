//! Reads a pattern: ECMA-262 with the `u` flag, without look-around and back-references.

use std::iter::Peekable;
use std::str::Chars;

use super::count::Count;
use super::program::{Group, Instruction, Program, Unfit, Writer};
use super::set::Set;
use super::unicode;

/// Patterns nested deeper than this are not read.
const MAX_DEPTH: usize = 100;

/// A pattern that was read.
pub(super) enum Read {
    Count(Count),
    Program(Program),
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    out: Writer,
}

/// An item of a class: a set such as `\d`, which cannot begin a range, or a character.
enum Item {
    Character(char),
    Set(Set),
}

/// How often something is repeated: at least, and at most.
type Times = (u32, Option<u32>);

fn wrong(message: impl Into<String>) -> Unfit {
    Unfit::Wrong(message.into())
}

fn beyond(message: impl Into<String>) -> Unfit {
    Unfit::Beyond(message.into())
}

pub(super) fn read(pattern: &str) -> Result<Read, Unfit> {
    let mut reader = Reader { rest: pattern.chars().peekable(), out: Writer::default() };
    let whole = reader.out.open();
    // The groups that are open, the whole first.
    let mut groups: Vec<Group> = vec![whole];
    while let Some(character) = reader.rest.next() {
        // Where something that may be repeated starts.
        let start = match character {
            ')' if groups.len() > 1 => groups.pop().map(|group| reader.out.close(group)),
            '(' => {
                reader.group()?;
                if groups.len() > MAX_DEPTH {
                    return Err(wrong(format!("groups are nested deeper than {MAX_DEPTH}")));
                }
                groups.push(reader.out.open());
                None
            }
            '|' => {
                if let Some(group) = groups.last_mut() {
                    reader.out.or(group)?;
                }
                None
            }
            '^' => reader.place(Instruction::Start)?,
            '$' => reader.place(Instruction::End)?,
            '\\' => reader.escape()?,
            '[' => {
                let set = reader.class()?;
                reader.set(set)?
            }
            '.' => reader.set(Set::dot())?,
            '*' | '+' | '?' | '{' => return Err(wrong(format!("nothing stands before `{character}` to repeat"))),
            ')' | ']' | '}' => return Err(wrong(format!("`{character}` closes nothing: write `\\{character}`"))),
            _ => reader.set(Set::only(character))?,
        };
        if let Some(start) = start
            && let Some((least, most)) = reader.quantifier()?
        {
            if groups.len() == 1
                && let Some(set) = reader.out.set_after_start(start)
                && reader.rest.clone().eq(['$'])
            {
                return Ok(Read::Count(Count { set: set.clone().into(), least, most }));
            }
            reader.out.repeat(start, least, most)?;
        }
    }
    match (groups.pop(), groups.is_empty()) {
        (Some(whole), true) => reader.out.close(whole),
        _ => return Err(wrong("a group is not closed")),
    };
    reader.out.finish().map(Read::Program)
}

impl Reader<'_> {
    fn take(&mut self, character: char) -> bool {
        self.rest.next_if_eq(&character).is_some()
    }

    fn next(&mut self, what: &str) -> Result<char, Unfit> {
        self.rest.next().ok_or_else(|| wrong(format!("the pattern ends in the middle of {what}")))
    }

    /// The text up to a character that ends it.
    fn until(&mut self, end: char, what: &str) -> Result<String, Unfit> {
        let mut text = String::new();
        while let character = self.next(what)?
            && character != end
        {
            text.push(character);
        }
        Ok(text)
    }

    /// A set, which may be repeated. Returns where it starts.
    fn set(&mut self, set: Set) -> Result<Option<usize>, Unfit> {
        let start = self.out.at();
        self.out.set(set)?;
        Ok(Some(start))
    }

    /// A condition on the place, which may not be repeated.
    fn place(&mut self, instruction: Instruction) -> Result<Option<usize>, Unfit> {
        self.out.push(instruction)?;
        Ok(None)
    }

    /// After `(`.
    fn group(&mut self) -> Result<(), Unfit> {
        if !self.take('?') {
            return Ok(());
        }
        match self.next("a group")? {
            ':' => Ok(()),
            '=' | '!' => Err(Unfit::Engine),
            '<' if matches!(self.rest.peek(), Some('=' | '!')) => Err(Unfit::Engine),
            '<' => {
                let name = self.until('>', "a group's name")?;
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
    fn quantifier(&mut self) -> Result<Option<Times>, Unfit> {
        let count = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.rest.next();
                let count = self.count()?;
                self.take('?');
                return Ok(Some(count));
            }
            _ => return Ok(None),
        };
        self.rest.next();
        // Lazy or not, the same texts match.
        self.take('?');
        Ok(Some(count))
    }

    /// After `{`: `n}`, `n,}` or `n,m}`.
    fn count(&mut self) -> Result<Times, Unfit> {
        let text = self.until('}', "a count")?;
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u32>().unwrap_or(u32::MAX))
        };
        let count = match text.split_once(',') {
            None => number(&text).map(|count| (count, Some(count))),
            Some((least, "")) => number(least).map(|least| (least, None)),
            Some((least, most)) => number(least)
                .zip(number(most))
                .filter(|(least, most)| least <= most)
                .map(|(least, most)| (least, Some(most))),
        };
        count.ok_or_else(|| wrong(format!("`{{{text}}}` is no count: write `{{n}}`, `{{n,}}`, `{{n,m}}`, or `\\{{`")))
    }

    /// After a backslash outside a class. Returns where it starts, if it may be repeated.
    fn escape(&mut self) -> Result<Option<usize>, Unfit> {
        match self.rest.peek() {
            Some('b') => {
                self.rest.next();
                self.place(Instruction::Boundary)
            }
            Some('B') => Err(beyond(r"`\B` is not run in linear time here")),
            Some('k' | '1'..='9') => Err(Unfit::Engine),
            _ => {
                let set = match self.escaped()? {
                    Item::Character(character) => Set::only(character),
                    Item::Set(set) => set,
                };
                self.set(set)
            }
        }
    }

    /// After a backslash, for what means the same inside and outside a class.
    fn escaped(&mut self) -> Result<Item, Unfit> {
        let letter = self.next("an escape")?;
        if let Some(set) = Set::escaped(letter) {
            return Ok(Item::Set(set));
        }
        let character = match letter {
            'p' => return self.property(letter).map(Item::Set),
            'P' => return self.property(letter).map(|set| Item::Set(set.complement())),
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
                let digits = self.until('}', "an escape")?;
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
            false => Err(beyond("half of a surrogate pair is no character")),
        }
    }

    /// After `\p` or `\P`.
    fn property(&mut self, letter: char) -> Result<Set, Unfit> {
        let name = if self.take('{') { self.until('}', "a property")? } else { String::new() };
        let known = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '=');
        match !name.is_empty() && name.chars().all(known) {
            true => unicode::property(&name).map_err(beyond),
            false => Err(wrong(format!(r"`\{letter}` needs the name of a property in braces"))),
        }
    }

    /// After `[`.
    fn class(&mut self) -> Result<Set, Unfit> {
        let negated = self.take('^');
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        while !self.take(']') {
            let first = self.item()?;
            let last = self.range_end()?;
            match (first, last) {
                (Item::Character(first), Some(Item::Character(last))) if first <= last => {
                    ranges.push((first.into(), last.into()));
                }
                (Item::Character(_), Some(Item::Character(_))) => return Err(wrong("a range ends before it begins")),
                (_, Some(_)) => return Err(wrong("a range is of characters: write a `-` of its own as `\\-`")),
                (Item::Character(only), None) => ranges.push((only.into(), only.into())),
                (Item::Set(set), None) => ranges.extend_from_slice(self.out.counted(&set)?.ranges()),
            }
        }
        let set = Set::of(ranges);
        Ok(if negated { set.complement() } else { set })
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
    let refused = if code > u32::from(char::MAX) { wrong } else { beyond };
    char::from_u32(code)
        .ok_or_else(|| refused("half of a surrogate pair, or a number beyond U+10FFFF, is no character"))
}
