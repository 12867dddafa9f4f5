//! `hooks.json` as it is written: serde structures and nothing else. `policies/registry.schema.json` describes the
//! same for editors.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::grammar::strict::{given, read_from};
use crate::place::Pointer;
use crate::whole::whole;

read_from! {
    objects: Document, Hook;
    words: ;
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Document {
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub version: u32,
    pub hooks: Vec<Hook>,
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Hook {
    pub id: String,
    pub uri: String,
    #[serde(default, deserialize_with = "given")]
    pub note: Option<String>,
    pub enabled: bool,
    #[serde(default, deserialize_with = "given")]
    pub reason: Option<String>,
    #[serde(default, deserialize_with = "given")]
    pub contract: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[allow(dead_code, reason = "read by the outer layer, which has an environment and files")]
    pub key: Option<KeyPlace>,
    #[serde(default, deserialize_with = "given")]
    pub receipt: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    pub data: Option<Vec<Pointer>>,
    #[serde(default, deserialize_with = "given")]
    pub receiver: Option<String>,
    #[serde(default, deserialize_with = "whole::<1, { u32::MAX }, _, _>")]
    pub disable_after: Option<u32>,
}

/// `{ "env": NAME }` or `{ "file": NAME }`.
#[derive(Debug)]
pub(crate) struct KeyPlace;

/// Anything else may be the secret, so none of it is repeated.
impl<'de> Deserialize<'de> for KeyPlace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = Value::deserialize(deserializer)?;
        let only = place.as_object().filter(|members| members.len() == 1).and_then(|members| members.iter().next());
        match only.and_then(|(kind, name)| Some((kind.as_str(), name.as_str()?))) {
            Some(("env", name)) if is_variable(name) => Ok(KeyPlace),
            Some(("file", name)) if !name.is_empty() => Ok(KeyPlace),
            _ => Err(D::Error::custom(
                "`{ \"env\": NAME }` or `{ \"file\": NAME }` is meant here: \
                 the registry is read and kept by many, so it says where the key stands, and never holds it",
            )),
        }
    }
}

fn is_variable(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.len() <= 64 && name.starts_with(|first: char| !first.is_ascii_digit()) && name.bytes().all(plain)
}
