//! A token as text, and its parts.

use super::super::base64;
use super::super::operands::error;
use super::super::{Context, Fault};
use crate::json;
use crate::value::Value;

/// The three parts of a token, as they are written.
pub(super) struct Token<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    /// The header, a point, and the payload.
    pub signed: &'a str,
}

/// What a header says.
pub(super) struct Header<'a> {
    pub algorithm: &'a str,
    /// The key's.
    pub id: Option<&'a str>,
    /// Of the content.
    pub kind: Option<&'a str>,
}

impl<'a> Token<'a> {
    pub fn split(context: &mut Context<'_>, text: &'a str) -> Result<Token<'a>, Fault> {
        context.scan(text.len() * 4)?;
        let Some((signed, signature)) = text.rsplit_once('.') else {
            return Err(error("encoded JWT had no period separators"));
        };
        match signed.split_once('.') {
            Some((header, payload)) if !payload.contains('.') => Ok(Token { header, payload, signature, signed }),
            _ => Err(error(format!("encoded JWT must have 3 sections, found {}", text.split('.').count()))),
        }
    }

    /// An object that is no header of an encrypted token.
    pub fn header(&self, context: &mut Context<'_>) -> Result<Value, Fault> {
        let bytes = base64::url(self.header)
            .map_err(|position| error(format!("JWT header had invalid encoding: {}", illegal(position))))?;
        let header = object(context, &String::from_utf8_lossy(&bytes)).map_err(|fault| match fault {
            Fault::Error(message) => error(format!("bad JWT header: {message}")),
            limit => limit,
        })?;
        match header.member("enc") {
            Some(_) => Err(error("JWT is a JWE object, which is not supported")),
            None => Ok(header),
        }
    }

    pub fn payload(&self) -> Result<String, Fault> {
        let bytes = base64::url(self.payload)
            .map_err(|position| error(format!("JWT payload had invalid encoding: {}", illegal(position))))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub fn signature(&self) -> Result<Vec<u8>, Fault> {
        base64::url(self.signature).map_err(|position| error(illegal(position)))
    }
}

fn illegal(position: usize) -> String {
    format!("illegal base64 data at input byte {position}")
}

pub(super) fn object(context: &mut Context<'_>, text: &str) -> Result<Value, Fault> {
    let value = json::read(text, context.budget).map_err(|fault| match fault {
        Fault::Error(message) => error(format!("invalid JSON: {message}")),
        limit => limit,
    })?;
    match value {
        Value::Object(_) => Ok(value),
        _ => Err(error("decoded JSON type was not an Object")),
    }
}

/// A member of a header that has to be a string if it is there.
pub(super) fn text<'a>(header: &'a Value, name: &str) -> Result<Option<&'a str>, Fault> {
    match header.member(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(error(format!("{name}: must be a string"))),
    }
}

/// A header that is valid: it has an algorithm, and nothing that it calls critical is unknown here.
pub(super) fn checked(header: &Value) -> Result<Option<Header<'_>>, Fault> {
    let (algorithm, id, kind) = (text(header, "alg")?, text(header, "kid")?, text(header, "cty")?);
    text(header, "typ")?;
    let critical = match header.member("crit") {
        None => &[],
        Some(Value::Array(names)) => names.items(),
        Some(_) => return Err(error("crit: must be a list")),
    };
    if header.member("crit").is_some() && !critical.iter().any(|name| name.as_str().is_some()) {
        return Err(error("crit: must be a nonempty list"));
    }
    let known = |name: &str| matches!(name, "alg" | "kid" | "typ" | "cty" | "crit");
    let unknown = |name: &str| !known(name) && header.member(name).is_some();
    if critical.iter().filter_map(Value::as_str).any(unknown) {
        return Ok(None);
    }
    Ok(algorithm.filter(|name| !name.is_empty()).map(|algorithm| Header { algorithm, id, kind }))
}
