//! JSON Pointer (RFC 6901), parsed once and followed many times.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A JSON Pointer, compared and printed as its text.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Pointer {
    text: String,
    tokens: Vec<String>,
}

impl Pointer {
    /// Empty, or with `/` before every token, and `~` only as `~0` or `~1` (section 3).
    pub fn parse(text: &str) -> Option<Pointer> {
        let escapes = text.split('~').skip(1).all(|rest| rest.starts_with('0') || rest.starts_with('1'));
        if !escapes || !(text.is_empty() || text.starts_with('/')) {
            return None;
        }
        let tokens = text.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
        Some(Pointer { text: text.to_owned(), tokens })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The top-level member that it begins with.
    pub fn first(&self) -> Option<&str> {
        self.tokens.first().map(String::as_str)
    }

    /// The tokens, unescaped.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// The index that a token is: digits without a leading zero (section 4).
    pub fn index(token: &str) -> Option<usize> {
        let plain = token.bytes().all(|byte| byte.is_ascii_digit()) && (token.len() == 1 || !token.starts_with('0'));
        plain.then(|| token.parse().ok())?
    }

    pub fn follow<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        self.tokens.iter().try_fold(document, |value, token| match value {
            Value::Array(items) => items.get(Pointer::index(token)?),
            Value::Object(members) => members.get(token),
            _ => None,
        })
    }
}

/// One token, escaped.
pub(crate) fn pointer_token(text: &str) -> String {
    if text.contains(['~', '/']) { text.replace('~', "~0").replace('/', "~1") } else { text.to_owned() }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Pointer::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a JSON Pointer, such as `/id`")))
    }
}
