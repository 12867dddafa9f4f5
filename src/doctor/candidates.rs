//! What may be a signature in this request: first as the contract says, and if there is none, in every
//! encoding, behind every prefix, and in other providers' headers.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use subtle::ConstantTimeEq;

use super::fault::{CauseId, Fault};
use super::template;
use crate::grammar::{Algorithm, Encoding, Segment};
use crate::request::Received;
use crate::signature::algorithm::Fit;
use crate::signature::algorithm::Mac;
use crate::signature::field::Context;
use crate::signature::{Scheme, element};

/// The shortest part of a MAC that proves anything: 128 bits.
const LEAST_BYTES: usize = 16;

/// More than any provider's header contains.
const MOST: usize = 64;

pub(super) struct Candidate {
    bytes: Vec<u8>,
    pub algorithm: Algorithm,
    /// What is wrong with how it is written.
    pub faults: Vec<Fault>,
}

impl Candidate {
    /// Whether it is this MAC, or the beginning of it.
    pub fn is(&self, mac: &[u8]) -> bool {
        mac.get(..self.bytes.len()).is_some_and(|start| start.ct_eq(&self.bytes).into())
    }
}

/// Candidates as the contract says. Otherwise lenient ones, from the scheme's own place and from other providers'.
pub(super) fn find(scheme: &Scheme, context: &Context<'_>, limit: usize) -> Vec<Candidate> {
    let own = scheme.from.value(context).ok().flatten().filter(|value| !value.is_empty());
    if let Some(value) = &own {
        let strict = element::read(value, &scheme.shape, scheme.encoding, scheme.algorithm, limit);
        if let Ok(found) = strict {
            let plain =
                |bytes: Mac| Candidate { bytes: bytes.to_vec(), algorithm: scheme.algorithm, faults: Vec::new() };
            return found.into_iter().map(plain).collect();
        }
    }
    let place = scheme.place();
    let mut found: Vec<Candidate> = own.iter().flat_map(|value| lenient(scheme, value, &place, None)).collect();
    for (at, value) in elsewhere(scheme, &context.request) {
        let message =
            format!("the signature stands in `{}`: that is another provider's place, or another scheme's", name(&at));
        let fault = Fault::new(CauseId::SignatureProvider, 4, at.clone(), message);
        found.extend(lenient(scheme, &value, &at, Some(&fault)));
    }
    found.truncate(MOST);
    found
}

/// An HMAC if the contract expects a digest with the key in it, and the other way round. Both have the same length,
/// so the length cannot tell them apart.
pub(super) fn algorithms(scheme: &Scheme) -> Vec<(Algorithm, Vec<Segment>, Fault)> {
    let (other, message) = match scheme.algorithm {
        Algorithm::DigestSha1 => {
            (Algorithm::HmacSha1, "the signature is an HMAC, and the contract takes a plain digest")
        }
        Algorithm::DigestSha256 => {
            (Algorithm::HmacSha256, "the signature is an HMAC, and the contract takes a plain digest")
        }
        Algorithm::HmacSha1 => (Algorithm::DigestSha1, "the signature is a plain digest with the key in it, no HMAC"),
        Algorithm::HmacSha256 => {
            (Algorithm::DigestSha256, "the signature is a plain digest with the key in it, no HMAC")
        }
        _ => return Vec::new(),
    };
    let fault = Fault::new(CauseId::SignatureAlgorithm, 4, scheme.place(), message);
    let secret = template::secret();
    let signed = &scheme.signed;
    let inputs = match other.is_digest() {
        true => {
            vec![[std::slice::from_ref(&secret), signed].concat(), [signed, std::slice::from_ref(&secret)].concat()]
        }
        // An HMAC is keyed with the secret, so the secret is not among its pieces.
        false => vec![signed.clone()],
    };
    inputs.into_iter().map(|input| (other, input, fault.clone())).collect()
}

/// Headers and parameters, other than the scheme's own, with a name like a signature's.
fn elsewhere(scheme: &Scheme, request: &Received<'_>) -> Vec<(String, String)> {
    let words = ["signature", "hmac", "-sig", "authorization", "x-hub"];
    let headers = request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
    let headers = headers
        .filter(|(name, _)| words.iter().any(|word| name.contains(word)))
        .map(|(name, value)| (format!("header:{name}"), value.clone()));
    let query = ["signature", "sig", "hmac", "sign"]
        .into_iter()
        .filter_map(|name| Some((format!("query:{name}"), request.target.parameter(name).ok()??.to_owned())));
    let own = scheme.place();
    headers.chain(query).filter(|(at, _)| *at != own).collect()
}

fn name(at: &str) -> &str {
    at.split_once(':').map_or(at, |(_, name)| name)
}

/// Everything in a header's value that decodes to a MAC. `provider` is the fault of being in another provider's
/// place, which includes how it is written.
fn lenient(scheme: &Scheme, value: &str, at: &str, provider: Option<&Fault>) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (element, prefixed) in elements(scheme, value) {
        for (bytes, encoding) in decodings(&element) {
            let Some((algorithm, cut)) = algorithm(scheme, &bytes) else { continue };
            let faults = match provider {
                Some(fault) if algorithm != scheme.algorithm => {
                    let message =
                        format!("{}, and it is {}, not {}", fault.message, algorithm.name(), scheme.algorithm.name());
                    vec![Fault { message, ..fault.clone() }]
                }
                Some(fault) => vec![fault.clone()],
                None => faults(scheme, at, prefixed, encoding, algorithm, cut),
            };
            found.push(Candidate { bytes, algorithm, faults });
        }
    }
    found
}

/// The pieces that may be a signature, and whether each has the contract's own shape.
fn elements(scheme: &Scheme, value: &str) -> Vec<(String, bool)> {
    let mut found: Vec<(String, bool)> =
        element::elements(value, &scheme.shape).into_iter().flatten().map(|text| (text.to_owned(), true)).collect();
    let whole = value.trim().trim_matches(['"', '\'']);
    let mut push = |text: &str| {
        if text.len() >= LEAST_BYTES && found.len() < MOST && !found.iter().any(|(known, _)| known == text) {
            found.push((text.to_owned(), false));
        }
    };
    push(whole);
    for piece in value.split([',', ';', ' ', '"']).flat_map(|piece| [Some(piece), after_name(piece)]).flatten() {
        push(piece);
    }
    // A prefix that ends in a separator of its own.
    [':', '.', '_', '-', '|']
        .iter()
        .for_each(|mark| whole.rsplit_once(*mark).into_iter().for_each(|(_, rest)| push(rest)));
    found.truncate(MOST);
    found
}

/// What follows `name=`, if it is not just padding.
fn after_name(piece: &str) -> Option<&str> {
    let (_, rest) = piece.split_once('=')?;
    (!rest.trim_matches('=').is_empty()).then_some(rest)
}

/// The bytes that a text may encode, with the encoding if it is one of the two strict ones.
fn decodings(text: &str) -> Vec<(Vec<u8>, Option<Encoding>)> {
    let bytes = text.as_bytes();
    if let Ok(decoded) = HEXLOWER_PERMISSIVE.decode(bytes) {
        return vec![(decoded, Some(Encoding::Hex))];
    }
    let mut found = Vec::new();
    if let Ok(decoded) = BASE64.decode(bytes) {
        found.push((decoded, Some(Encoding::Base64)));
    }
    let loose: String = text
        .trim()
        .trim_start_matches("b'")
        .replace("%2B", "+")
        .replace("%2F", "/")
        .replace("%3D", "=")
        .replace(' ', "+")
        .chars()
        .filter(|c| !matches!(c, '\'' | '"' | '\r' | '\n' | '\\'))
        .collect();
    for base in [&BASE64, &BASE64_NOPAD, &BASE64URL, &BASE64URL_NOPAD] {
        found.extend(base.decode(loose.as_bytes()).ok().map(|decoded| (decoded, None)));
    }
    let digits: String = text.trim().trim_start_matches("0x").chars().filter(|c| c.is_ascii_hexdigit()).collect();
    if digits.len() + 40 > text.len() {
        found.extend(HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok().map(|decoded| (decoded, None)));
    }
    // Base64 of the hex digits.
    let inner = |decoded: &Vec<u8>| HEXLOWER_PERMISSIVE.decode(decoded).ok().filter(|bytes| !bytes.is_empty());
    let twice: Vec<_> = found.iter().filter_map(|(decoded, _)| inner(decoded)).map(|decoded| (decoded, None)).collect();
    found.extend(twice);
    found
}

/// The algorithm whose MAC has this length, or the contract's own if this may be its MAC cut short.
fn algorithm(scheme: &Scheme, bytes: &[u8]) -> Option<(Algorithm, bool)> {
    if scheme.algorithm.fit(bytes) == Fit::Right {
        return Some((scheme.algorithm, false));
    }
    let other = match (scheme.algorithm.is_digest(), bytes.len()) {
        (true, 20) => Some(Algorithm::DigestSha1),
        (true, 32) => Some(Algorithm::DigestSha256),
        (false, 20) => Some(Algorithm::HmacSha1),
        (false, 32) => Some(Algorithm::HmacSha256),
        (false, 48) => Some(Algorithm::HmacSha384),
        (false, 64) => Some(Algorithm::HmacSha512),
        _ => None,
    };
    let shorter = scheme.algorithm.length().is_some_and(|length| (LEAST_BYTES..length).contains(&bytes.len()));
    other.map(|other| (other, false)).or(shorter.then_some((scheme.algorithm, true)))
}

fn faults(
    scheme: &Scheme,
    at: &str,
    own_shape: bool,
    encoding: Option<Encoding>,
    algorithm: Algorithm,
    cut: bool,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if algorithm != scheme.algorithm {
        let message =
            format!("the signature is {}, and the contract takes {}", algorithm.name(), scheme.algorithm.name());
        faults.push(Fault::new(CauseId::SignatureAlgorithm, 3, at, message));
    } else if !own_shape {
        let message =
            "the signature is right, and stands behind another prefix than the contract's, or with something around it";
        faults.push(Fault::new(CauseId::SignaturePrefix, 2, at, message));
    }
    if cut {
        let message = "the signature is right as far as it goes, and cut off";
        faults.push(Fault::new(CauseId::SignatureEncoding, 1, at, message));
    } else if encoding != scheme.encoding {
        let wanted = match scheme.encoding {
            Some(Encoding::Hex) => "hex",
            _ => "padded base64",
        };
        let message = format!("the signature is right, and not written as {wanted}");
        faults.push(Fault::new(CauseId::SignatureEncoding, 1, at, message));
    }
    faults
}
