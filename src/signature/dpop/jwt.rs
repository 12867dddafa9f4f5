//! A JWT in its compact form (RFC 7515, section 7.1), read strictly: one text, one meaning.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use crate::json;

pub(super) struct Jwt<'a> {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    /// What is signed: the first two parts with the dot between them.
    pub input: &'a str,
    pub signature: Vec<u8>,
}

impl<'a> Jwt<'a> {
    /// `None` for anything but three parts that are not empty: a JWE has five, `none` signs with nothing.
    pub fn parse(text: &'a str) -> Option<Jwt<'a>> {
        let (input, signature) = text.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        let signature = decode(signature).filter(|signature| !signature.is_empty())?;
        Some(Jwt { header: object(header)?, claims: object(claims)?, input, signature })
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    match json::strict(&decode(part)?)? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// No padding, no white space, no bits left over.
fn decode(part: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(part.as_bytes()).ok()
}
