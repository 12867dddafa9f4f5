//! A JWT in its compact form (RFC 7515, section 7.1), read strictly: one text has one meaning.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use crate::json;

pub(super) struct Jwt<'a> {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    /// The signed text: the first two parts and the dot between them.
    pub input: &'a str,
    pub signature: Vec<u8>,
}

impl<'a> Jwt<'a> {
    /// `None` unless there are three parts and none is empty: a JWE has five, and `none` has an empty signature.
    pub fn parse(text: &'a str) -> Option<Jwt<'a>> {
        let (input, signature) = text.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        let signature = decode(signature).filter(|signature| !signature.is_empty())?;
        Some(Jwt { header: object(header)?, claims: object(claims)?, input, signature })
    }
}

/// Whether `typ` or `cty` names this media type: in any case, and with `application/` or without (RFC 7515, section
/// 4.1.9).
pub(super) fn is_media_type(value: &Value, wanted: &str) -> bool {
    let short = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.strip_prefix("application/").filter(|rest| !rest.contains('/')).map(str::to_owned).unwrap_or(name)
    };
    value.as_str().is_some_and(|name| short(name) == short(wanted))
}

/// A NumericDate, rounded down and rounded up to a whole second.
pub(super) struct Second {
    pub begin: i64,
    pub end: i64,
}

/// RFC 7519, section 2: Unix seconds, possibly with a fraction.
pub(super) fn numeric_date(value: &Value) -> Option<Second> {
    let date = value.as_f64().filter(|date| (0.0..=LAST_DATE).contains(date))?;
    #[allow(clippy::cast_possible_truncation, reason = "it is within bounds")]
    let (begin, end) = (date.floor() as i64, date.ceil() as i64);
    Some(Second { begin, end })
}

/// 2^53: from there on a double has no fraction, and a parser may have rounded it.
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
