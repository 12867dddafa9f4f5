//! The other direction: signs a request so that it passes the gate, for every scheme whose key both signs and
//! verifies.

use super::engine::Engine;
use super::field::{self, Origin};
use super::scheme::Scheme;
use super::segments;
use crate::error::{ContractCode, ContractError};
use crate::grammar::{HeaderShape, Segment};
use crate::json::Document;
use crate::request::{Received, Request};
use crate::target::{self, Parts};
use crate::time::{self, FieldFormat};
use crate::urlencoded;

/// The URL and headers of a signed request, which replace those of the given one.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Signed {
    /// The URL, including what the scheme puts into its query.
    pub url: String,
    /// All headers: the given ones, and those that the scheme adds or replaces.
    pub headers: Vec<(String, String)>,
}

/// Reads a request's document as the contract's `payload` says.
pub(crate) type Read<'a> = &'a dyn for<'r> Fn(&Received<'r>) -> Option<Document<'r>>;

/// The request with the times and the signature that the contract requires added, or replaced if they are already
/// there. The first key signs; `nonce` fills the fields of 16 hex digits, and the parameter of that name.
pub(crate) fn sign(
    engine: Option<&Engine>,
    request: &Request<'_>,
    origin: Option<&target::Origin>,
    now: i64,
    nonce: Option<&str>,
    read: Read<'_>,
) -> Result<Signed, ContractError> {
    let scheme = match engine {
        None => return Err(wrong("the contract declares no signature, so there is nothing to sign")),
        Some(Engine::Dpop(_)) => {
            return Err(wrong("a DPoP proof is signed with the client's own private key, and none is here"));
        }
        Some(Engine::Rfc9421(http)) => return http.sign(request, origin, now, nonce),
        Some(Engine::Segments(scheme)) => scheme,
    };
    if !scheme.algorithm.is_symmetric() {
        return Err(public_key_alone());
    }
    let has_time = scheme.fields.iter().any(|field| field.format.is_time());
    if has_time && !(time::FIRST_SECOND..=time::LAST_SECOND).contains(&now) {
        return Err(wrong("cannot sign: the time is outside the years 0 to 9999"));
    }
    let mut signed = Signed { url: request.url.to_owned(), headers: request.headers.to_vec() };
    let mut pairs = Vec::new();
    // Fields in the body stay as they are: the body is never changed here.
    for declared in scheme.fields.iter().filter(|field| !matches!(field.from, Origin::Body(_))) {
        let value = match (&declared.equals_value(request.body), declared.format) {
            (Some(value), _) => Some(value.clone()),
            (None, FieldFormat::Hex16) => nonce.map(str::to_owned),
            (None, format) => time::write(format, now),
        };
        if let Some(value) = value {
            put(&mut signed, &mut pairs, &declared.from, value)?;
        }
    }
    let header = pairs.join(&separator(&scheme.shape));
    if !pairs.is_empty() {
        put(&mut signed, &mut Vec::new(), &scheme.from, header)?;
    }
    let value = value(scheme, &signed, request, origin, read)?;
    let value = match (&scheme.shape, pairs.is_empty()) {
        (HeaderShape::Pairs { take, .. }, _) => {
            let own = format!("{}={value}", take.first().map_or("", String::as_str));
            pairs.into_iter().chain([own]).collect::<Vec<_>>().join(&separator(&scheme.shape))
        }
        (HeaderShape::Prefixed { prefix }, _) => format!("{prefix}{value}"),
        (HeaderShape::List { tag, .. }, _) => format!("{}{value}", tag.as_deref().unwrap_or_default()),
        (HeaderShape::Plain {}, _) => value,
    };
    put(&mut signed, &mut Vec::new(), &scheme.from, value)?;
    Ok(signed)
}

pub(super) fn public_key_alone() -> ContractError {
    wrong("the contract knows the sender's public key alone, and that signs nothing")
}

fn wrong(message: &str) -> ContractError {
    ContractError::new(ContractCode::ContractSignature, "/signature", message)
}

/// The encoded MAC of the request as it is now.
fn value(
    scheme: &Scheme,
    signed: &Signed,
    request: &Request<'_>,
    origin: Option<&target::Origin>,
    read: Read<'_>,
) -> Result<String, ContractError> {
    let request = Request { url: &signed.url, headers: &signed.headers, ..*request };
    let target = request.target(origin);
    let request = request.received(&target);
    let body = scheme.reads_body_first().then(|| read(&request)).flatten();
    let context = scheme.context(&request, body.as_ref().map(Document::root));
    let (fields, findings) = field::read_all(&scheme.fields, &context);
    if let Some(finding) = findings.into_iter().next() {
        let at = finding.at.unwrap_or_default();
        return Err(ContractError::new(
            ContractCode::ContractSignature,
            at,
            format!("cannot sign: {}", finding.message),
        ));
    }
    let wrong = |message: String| ContractError::new(ContractCode::ContractSignature, "/signature/signed", message);
    let forms = segments::forms(&scheme.signed, &request, &fields)
        .map_err(|repeated| wrong(format!("cannot sign: the parameter `{}` stands twice", repeated.0)))?;
    let pieces = forms.and_then(|forms| forms.into_iter().next());
    let pieces = pieces.ok_or_else(|| wrong("cannot sign: a field that is signed is missing".into()))?;
    let mac = scheme.keys.iter().next().and_then(|key| key.compute(&pieces)).unwrap_or_default();
    Ok(match scheme.encoding {
        Some(encoding) => encoding.write(&mac),
        None => String::from_utf8_lossy(&mac).into_owned(),
    })
}

pub(crate) fn separator(shape: &HeaderShape) -> String {
    match shape {
        HeaderShape::List { separator, .. } | HeaderShape::Pairs { separator, .. } => separator.to_string(),
        HeaderShape::Plain {} | HeaderShape::Prefixed { .. } => String::new(),
    }
}

pub(crate) fn put(
    signed: &mut Signed,
    pairs: &mut Vec<String>,
    origin: &Origin,
    value: String,
) -> Result<(), ContractError> {
    match origin {
        Origin::Body(pointer) => {
            let message = "a signature in the body is the sender's to write; the body is never changed here";
            return Err(ContractError::new(ContractCode::ContractSignature, pointer.as_str(), message));
        }
        Origin::Header(names) => {
            signed.headers.retain(|(existing, _)| !names.iter().any(|name| existing.eq_ignore_ascii_case(name)));
            signed.headers.extend(names.first().map(|name| (name.clone(), value)));
        }
        Origin::Pair(name) => pairs.push(format!("{name}={value}")),
        Origin::Query(name) => signed.url = with_parameter(&signed.url, name, &value),
    }
    Ok(())
}

/// The URL with a parameter replaced, or added at the end of its query. A fragment is never sent, so it is dropped.
fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let Parts { base, after, query, .. } = Parts::of(url);
    let path = after.split('?').next().unwrap_or_default();
    let query = query.unwrap_or_default();
    let named =
        |pair: &&str| urlencoded::text(pair.split('=').next().unwrap_or_default().as_bytes()).as_deref() == Some(name);
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !named(pair));
    let own = format!("{name}={}", encode(value));
    format!("{base}{path}?{}", kept.map(str::to_owned).chain([own]).collect::<Vec<_>>().join("&"))
}

/// RFC 3986: encodes all but unreserved characters and those that a query may contain as they are.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

impl field::Declared {
    /// The value that the contract itself gives the field.
    pub(crate) fn equals_value(&self, body: &[u8]) -> Option<String> {
        match self.equals()? {
            Segment::Literal(text) => Some(text.clone()),
            Segment::Body(form) => Some(String::from_utf8_lossy(&segments::body(*form, body)).into_owned()),
            _ => None,
        }
    }
}
