//! Places: where a value is, written in a contract as in a finding's `at`.

use serde::{Deserialize, Deserializer};

mod pointer;

pub(crate) use pointer::{Pointer, pointer_token};

/// A JSON Pointer into the payload, or `header:NAME`, `query:NAME`, `path:NAME`, `field:NAME`, `signed`, or `status`
/// in a response.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Place {
    Field(String),
    Header(String),
    Path(String),
    Pointer(Pointer),
    Query(String),
    /// The signed bytes as a whole. Only a replay key may name them.
    Signed,
    /// The status of a response.
    Status,
}

impl Place {
    pub fn parse(text: &str) -> Option<Place> {
        match text {
            "signed" => return Some(Place::Signed),
            "status" => return Some(Place::Status),
            _ => {}
        }
        if let Some((kind, name)) = text.split_once(':')
            && !text.starts_with('/')
        {
            let named = name.to_owned();
            return match kind {
                "field" if is_name(name) => Some(Place::Field(named)),
                "header" if is_header_name(name) => Some(Place::Header(named)),
                "path" if is_name(name) => Some(Place::Path(named)),
                "query" if is_parameter_name(name) => Some(Place::Query(named)),
                _ => None,
            };
        }
        Pointer::parse(text).map(Place::Pointer)
    }
}

/// A name that the author chooses: of a field, or of a parameter of the path.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Lower case in a contract, so that there is one way to write it. It may be in any case on the wire.
pub(crate) fn is_header_name(text: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+.^_`|~-".contains(&byte);
    (1..=100).contains(&text.len()) && text.bytes().all(token)
}

/// The name of a parameter in the query or in a pair: 1 to 100 characters, no control characters.
pub(crate) fn is_parameter_name(text: &str) -> bool {
    (1..=100).contains(&text.chars().count()) && !text.contains(char::is_control)
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Place::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{text}` is not a place: a JSON Pointer (`/id`), `header:name` in lower case, `query:NAME`, `path:NAME` or `field:NAME`"
            ))
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Field(name) => write!(formatter, "field:{name}"),
            Place::Header(name) => write!(formatter, "header:{name}"),
            Place::Path(name) => write!(formatter, "path:{name}"),
            Place::Pointer(pointer) => formatter.write_str(pointer.as_str()),
            Place::Query(name) => write!(formatter, "query:{name}"),
            Place::Signed => formatter.write_str("signed"),
            Place::Status => formatter.write_str("status"),
        }
    }
}
