//! Structured Fields (RFC 8941), as far as signatures are made of them: dictionaries of items and inner
//! lists, read strictly and written in their one canonical form. A name that stands twice is kept twice,
//! where the RFC lets the last one win: those who ask decide what that means.

use data_encoding::BASE64;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Bare {
    Boolean(bool),
    Bytes(Vec<u8>),
    /// As it is written; nothing in a signature takes one.
    Decimal(String),
    Integer(i64),
    Text(String),
    Token(String),
}

pub(super) type Parameters = Vec<(String, Bare)>;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Item {
    pub bare: Bare,
    pub parameters: Parameters,
}

#[derive(Clone, Debug)]
pub(super) enum Member {
    Item(Item),
    List { items: Vec<Item>, parameters: Parameters },
}

/// A dictionary's members in the order of the wire; `None` for what is none.
pub(super) fn dictionary(text: &str) -> Option<Vec<(String, Member)>> {
    let mut cursor = Cursor { rest: text.trim_matches(' ').as_bytes() };
    let mut members = Vec::new();
    while !cursor.rest.is_empty() {
        let key = cursor.key()?;
        let member = match (cursor.take(b'='), cursor.peek()) {
            (true, Some(b'(')) => cursor.list()?,
            (true, _) => Member::Item(cursor.item()?),
            (false, _) => Member::Item(Item { bare: Bare::Boolean(true), parameters: cursor.parameters()? }),
        };
        members.push((key, member));
        cursor.skip(|byte| matches!(byte, b' ' | b'\t'));
        if cursor.rest.is_empty() {
            return Some(members);
        }
        let comma = cursor.take(b',');
        cursor.skip(|byte| matches!(byte, b' ' | b'\t'));
        if !comma || cursor.rest.is_empty() {
            return None;
        }
    }
    Some(members)
}

/// One item that is the whole of the text.
pub(super) fn item(text: &str) -> Option<Item> {
    let mut cursor = Cursor { rest: text.as_bytes() };
    cursor.item().filter(|_| cursor.rest.is_empty())
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip(&mut self, keep: impl Fn(u8) -> bool) {
        self.word(keep);
    }

    /// The longest run of such bytes, all ASCII.
    fn word(&mut self, keep: impl Fn(u8) -> bool) -> String {
        let end = self.rest.iter().position(|byte| !(byte.is_ascii() && keep(*byte))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        self.rest = rest;
        word.iter().map(|byte| char::from(*byte)).collect()
    }

    fn key(&mut self) -> Option<String> {
        self.peek().filter(|byte| byte.is_ascii_lowercase() || *byte == b'*')?;
        Some(self.word(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.*".contains(&byte)))
    }

    fn parameters(&mut self) -> Option<Parameters> {
        let mut parameters = Parameters::new();
        while self.take(b';') {
            self.skip(|byte| byte == b' ');
            let key = self.key()?;
            let value = if self.take(b'=') { self.bare()? } else { Bare::Boolean(true) };
            parameters.push((key, value));
        }
        Some(parameters)
    }

    fn list(&mut self) -> Option<Member> {
        self.take(b'(').then_some(())?;
        let mut items = Vec::new();
        loop {
            self.skip(|byte| byte == b' ');
            if self.take(b')') {
                return Some(Member::List { items, parameters: self.parameters()? });
            }
            items.push(self.item()?);
            self.peek().filter(|byte| matches!(byte, b' ' | b')'))?;
        }
    }

    fn item(&mut self) -> Option<Item> {
        Some(Item { bare: self.bare()?, parameters: self.parameters()? })
    }

    fn bare(&mut self) -> Option<Bare> {
        match self.peek()? {
            b'"' => self.text(),
            b':' => {
                self.take(b':');
                let bytes = self.word(|byte| byte != b':');
                self.take(b':').then(|| BASE64.decode(bytes.as_bytes()).ok()).flatten().map(Bare::Bytes)
            }
            b'?' => {
                self.take(b'?');
                match (self.take(b'1'), self.take(b'0')) {
                    (true, false) => Some(Bare::Boolean(true)),
                    (false, true) => Some(Bare::Boolean(false)),
                    _ => None,
                }
            }
            b'-' | b'0'..=b'9' => self.number(),
            byte if byte.is_ascii_alphabetic() || byte == b'*' => {
                let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte);
                Some(Bare::Token(self.word(token)))
            }
            _ => None,
        }
    }

    fn number(&mut self) -> Option<Bare> {
        let sign = if self.take(b'-') { "-" } else { "" };
        let whole = self.word(|byte| byte.is_ascii_digit());
        if self.take(b'.') {
            let fraction = self.word(|byte| byte.is_ascii_digit());
            let fits = (1..=12).contains(&whole.len()) && (1..=3).contains(&fraction.len());
            return fits.then(|| Bare::Decimal(format!("{sign}{whole}.{fraction}")));
        }
        let fits = (1..=15).contains(&whole.len());
        fits.then(|| format!("{sign}{whole}").parse().ok()).flatten().map(Bare::Integer)
    }

    fn text(&mut self) -> Option<Bare> {
        self.take(b'"').then_some(())?;
        let mut text = String::new();
        loop {
            text.push_str(&self.word(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')));
            if self.take(b'"') {
                return Some(Bare::Text(text));
            }
            self.take(b'\\').then_some(())?;
            let escaped = self.peek().filter(|byte| matches!(byte, b'"' | b'\\'))?;
            self.take(escaped);
            text.push(char::from(escaped));
        }
    }
}

impl std::fmt::Display for Bare {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Bare::Boolean(value) => write!(formatter, "?{}", u8::from(*value)),
            Bare::Bytes(bytes) => write!(formatter, ":{}:", BASE64.encode(bytes)),
            Bare::Decimal(text) | Bare::Token(text) => formatter.write_str(text),
            Bare::Integer(value) => write!(formatter, "{value}"),
            Bare::Text(text) => write!(formatter, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        }
    }
}

impl std::fmt::Display for Item {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}{}", self.bare, write_parameters(&self.parameters))
    }
}

pub(super) fn write_parameters(parameters: &Parameters) -> String {
    let one = |(name, value): &(String, Bare)| match value {
        Bare::Boolean(true) => format!(";{name}"),
        _ => format!(";{name}={value}"),
    };
    parameters.iter().map(one).collect()
}

/// The first name that stands twice.
pub(super) fn repeated<T>(members: &[(String, T)]) -> Option<&str> {
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b).map(|(name, _)| *name)
}
