//! Keys as they are given, checked before they are used: a key that cannot be right is refused when
//! the gate compiles, and no message holds a byte of it.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde::Deserialize;

use crate::contract::document::{KeyFormat, KeyRules};
use crate::contract::error::ContractError;
use crate::signature::mac::Keyed;

/// Longest secret; more is a file given by mistake.
const MAX_BYTES: usize = 65_536;

/// A key given to [`Gate::compile`](crate::Gate::compile). Its `Debug` shows the id alone.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Key {
    /// Named in the verdict; `#1`, `#2` … by place in the list when absent.
    #[serde(default)]
    pub id: Option<String>,
    /// Read as the contract's key format says.
    #[serde(default)]
    pub secret: Option<String>,
    /// The secret's bytes themselves, in place of `secret`.
    #[serde(default)]
    pub secret_bytes: Option<Vec<u8>>,
    /// For schemes with a public key; no HMAC takes one.
    #[serde(default)]
    pub public_key: Option<serde_json::Value>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Key").field("id", &self.id).field("secret", &"REDACTED").finish()
    }
}

#[derive(Debug)]
pub(crate) struct Ready {
    pub id: String,
    keyed: Keyed,
}

impl Ready {
    pub fn verifies(&self, pieces: &[&[u8]], candidate: &[u8]) -> bool {
        self.keyed.verifies(pieces, candidate)
    }

    pub fn compute(&self, pieces: &[&[u8]]) -> Vec<u8> {
        self.keyed.compute(pieces)
    }
}

/// The keys of one gate: at least one, each with an id of its own.
#[derive(Debug)]
pub(crate) struct Keys(Vec<Ready>);

impl Keys {
    pub fn compile(rules: &KeyRules, given: &[Key]) -> Result<Keys, ContractError> {
        if given.is_empty() {
            let message = "the contract declares a signature, and no key was given";
            return Err(ContractError::new("key-missing", "keys", message).help(
                "give the sender's secret, or declare `\"signature\": null` if the receiver really runs without one",
            ));
        }
        let mut ready: Vec<Ready> = Vec::with_capacity(given.len());
        for (index, key) in given.iter().enumerate() {
            let at = format!("keys/{index}");
            let id = key.id.clone().filter(|id| !id.is_empty()).unwrap_or_else(|| format!("#{}", index + 1));
            if ready.iter().any(|earlier| earlier.id == id) {
                return Err(ContractError::new("key-malformed", at, format!("two keys have the id `{id}`")));
            }
            let secret = read(rules, key, &at)?;
            let keyed = Keyed::new(&secret)
                .ok_or_else(|| ContractError::new("key-malformed", at, "the key is not one for HMAC"))?;
            ready.push(Ready { id, keyed });
        }
        Ok(Keys(ready))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Ready> {
        self.0.iter()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

fn read(rules: &KeyRules, key: &Key, at: &str) -> Result<Vec<u8>, ContractError> {
    let wrong = |code: &'static str, message: String| ContractError::new(code, at, message);
    let bytes = match (&key.secret, &key.secret_bytes) {
        _ if key.public_key.is_some() => {
            return Err(wrong("key-kind", "the contract's HMAC takes a secret, not a public key".into()));
        }
        (Some(_), Some(_)) => return Err(wrong("key-malformed", "both `secret` and its bytes are given".into())),
        (None, None) => return Err(wrong("key-empty", "the key holds no `secret`".into())),
        (None, Some(bytes)) => bytes.clone(),
        (Some(text), None) => decode(rules, text, at)?,
    };
    match bytes.len() {
        0 => Err(wrong("key-empty", "the key is empty".into())),
        length if length > MAX_BYTES => {
            Err(wrong("key-malformed", format!("the key is longer than {MAX_BYTES} bytes")))
        }
        length if length < rules.min_bytes => Err(wrong(
            "key-short",
            format!("the key has {length} bytes, and the contract wants at least {}", rules.min_bytes),
        )),
        _ => Ok(bytes),
    }
}

fn decode(rules: &KeyRules, text: &str, at: &str) -> Result<Vec<u8>, ContractError> {
    let wrong = |code: &'static str, message: String| Err(ContractError::new(code, at, message));
    if text.is_empty() {
        return wrong("key-empty", "the key is empty".into());
    }
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len() != text.len() {
        let message = "the key begins or ends with white space, such as the newline of a file";
        return wrong("key-whitespace", message.into());
    }
    if let Some(prefix) = rules.prefix.reject.iter().find(|prefix| text.starts_with(prefix.as_str())) {
        return wrong("key-kind", format!("a key that begins with `{prefix}` is of another kind"));
    }
    let stripped = rules.prefix.strip.as_deref().and_then(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    let decoded = match rules.format {
        KeyFormat::Base64 => BASE64.decode(stripped.as_bytes()).ok(),
        KeyFormat::Hex => HEXLOWER_PERMISSIVE.decode(stripped.as_bytes()).ok(),
        KeyFormat::Utf8 => Some(stripped.as_bytes().to_vec()),
    };
    let form = match rules.format {
        KeyFormat::Base64 => "padded base64",
        KeyFormat::Hex => "hex",
        KeyFormat::Utf8 => "UTF-8",
    };
    decoded.map_or_else(|| wrong("key-malformed", format!("the key is not {form}")), Ok)
}
