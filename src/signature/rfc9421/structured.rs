//! Structured Fields (RFC 9651), as far as signatures use them: dictionaries, lists and items of the types in
//! RFC 8941, parsed strictly and serialised in their one canonical form. A key that occurs twice is kept twice,
//! although in the RFC the last one wins: the caller decides what that means.

use data_encoding::BASE64;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Bare {
    Boolean(bool),
    Bytes(Vec<u8>),
    /// Without redundant zeros.
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

/// A dictionary's members in their order on the wire; `None` if the text is not a dictionary.
pub(super) fn dictionary(text: &str) -> Option<Vec<(String, Member)>> {
    members(text, |cursor| {
        let key = cursor.key()?;
        let member = match cursor.take(b'=') {
            true => cursor.member()?,
            false => Member::Item(Item { bare: Bare::Boolean(true), parameters: cursor.parameters()? }),
        };
        Some((key, member))
    })
}

/// A list's members; `None` if the text is not a list.
pub(super) fn list(text: &str) -> Option<Vec<Member>> {
    members(text, |cursor| cursor.member())
}

/// The members between commas; no comma may come before the first or after the last.
fn members<T>(text: &str, one: impl Fn(&mut Cursor<'_>) -> Option<T>) -> Option<Vec<T>> {
    let mut cursor = Cursor { rest: text.trim_matches(' ').as_bytes() };
    let mut members = Vec::new();
    while !cursor.rest.is_empty() {
        members.push(one(&mut cursor)?);
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

/// The whole text as one item.
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

    /// The longest run of bytes to keep, all ASCII.
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

    fn member(&mut self) -> Option<Member> {
        match self.take(b'(') {
            true => self.inner_list(),
            false => self.item().map(Member::Item),
        }
    }

    /// The rest of an inner list, after its opening parenthesis.
    fn inner_list(&mut self) -> Option<Member> {
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
            return fits.then(|| Bare::Decimal(decimal(sign, &whole, &fraction)));
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

/// Section 4.1.5: no leading or trailing zero that may be left out, and no sign before zero.
fn decimal(sign: &str, whole: &str, fraction: &str) -> String {
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let sign = if whole.is_empty() && fraction.is_empty() { "" } else { sign };
    let or_zero = |digits: &'_ str| if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    format!("{sign}{}.{}", or_zero(whole), or_zero(fraction))
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

impl std::fmt::Display for Member {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Member::Item(item) => item.fmt(formatter),
            Member::List { items, parameters } => {
                let items = items.iter().map(Item::to_string).collect::<Vec<_>>().join(" ");
                write!(formatter, "({items}){}", write_parameters(parameters))
            }
        }
    }
}

/// A member whose value is true is written as its key and parameters only.
pub(super) fn write_dictionary(members: &[(String, Member)]) -> String {
    let one = |(name, member): &(String, Member)| match member {
        Member::Item(Item { bare: Bare::Boolean(true), parameters }) => {
            format!("{name}{}", write_parameters(parameters))
        }
        _ => format!("{name}={member}"),
    };
    members.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub(super) fn write_parameters(parameters: &Parameters) -> String {
    let one = |(name, value): &(String, Bare)| match value {
        Bare::Boolean(true) => format!(";{name}"),
        _ => format!(";{name}={value}"),
    };
    parameters.iter().map(one).collect()
}

/// The first key that occurs twice.
pub(super) fn repeated<T>(members: &[(String, T)]) -> Option<&str> {
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b).map(|(name, _)| *name)
}
