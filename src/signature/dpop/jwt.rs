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

/// Of a NumericDate: the second that it falls into, and the first that does not begin before it.
pub(super) struct Second {
    pub begin: i64,
    pub end: i64,
}

/// RFC 7519, section 2: Unix seconds, which may have a fraction.
pub(super) fn numeric_date(value: &Value) -> Option<Second> {
    let date = value.as_f64().filter(|date| (0.0..=LAST_DATE).contains(date))?;
    #[allow(clippy::cast_possible_truncation, reason = "it is within bounds")]
    let (begin, end) = (date.floor() as i64, date.ceil() as i64);
    Some(Second { begin, end })
}

/// 2^53: from there on a double has no fraction to tell, and a reader may have changed it.
const LAST_DATE: f64 = 9_007_199_254_740_992.0;

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
