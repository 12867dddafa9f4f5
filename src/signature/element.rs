//! From a header's text to the bytes of its signatures, or the reason why there are none. A malformed
//! element never hides a well-formed one.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use smallvec::SmallVec;

use super::algorithm::{Fit, Mac};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{Algorithm, Encoding, HeaderShape};

/// The signatures of one request.
pub(crate) type Candidates = SmallVec<[Mac; 2]>;

/// Every well-formed signature in the header, or a finding if there is none. A token is taken as it is.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn read(
    value: &str,
    shape: &HeaderShape,
    encoding: Option<Encoding>,
    algorithm: Algorithm,
    limit: usize,
) -> Result<Candidates, Finding> {
    let elements = elements(value, shape)?;
    if elements.len() > limit {
        return Err(too_many(elements.len(), limit));
    }
    let Some(encoding) = encoding else {
        return Ok(elements.into_iter().map(|element| Mac::from_slice(element.as_bytes())).collect());
    };
    let mut fitting = Candidates::new();
    let mut other = None;
    for element in elements {
        let Some(bytes) = decode(element, encoding) else { continue };
        match algorithm.fit(&bytes) {
            Fit::OtherMac if encoding == Encoding::Base64 && is_hex(element, algorithm) => {}
            Fit::OtherMac => other = Some(bytes.len()),
            Fit::Right => fitting.push(bytes),
            Fit::Wrong => {}
        }
    }
    match (fitting.is_empty(), other) {
        (false, _) => Ok(fitting),
        (true, Some(got)) => {
            let message =
                format!("the signature has the length of another algorithm; the contract takes {}", algorithm.name());
            let finding = unsupported(message).with("got", got);
            Err(algorithm.length().map_or(finding.clone(), |allowed| finding.with("allowed", allowed)))
        }
        (true, None) => {
            let expected = expected(encoding, algorithm);
            Err(malformed(format!("the signature is not {expected}")).with("expected", expected))
        }
    }
}

/// The header's signatures according to its shape, not yet decoded.
pub(crate) fn elements<'a>(value: &'a str, shape: &HeaderShape) -> Result<SmallVec<[&'a str; 4]>, Finding> {
    match shape {
        HeaderShape::Plain {} => Ok(SmallVec::from_slice(&[value])),
        HeaderShape::Prefixed { prefix } => match value.strip_prefix(prefix.as_str()) {
            Some(rest) => Ok(SmallVec::from_slice(&[rest])),
            None => Err(none(value, prefix, format!("the signature does not begin with `{prefix}`"))),
        },
        HeaderShape::List { separator, tag } => {
            let elements = value.split(*separator).map(|element| element.trim_matches([' ', '\t']));
            let Some(tag) = tag else { return Ok(elements.filter(|element| !element.is_empty()).collect()) };
            let found: SmallVec<[&str; 4]> =
                elements.filter_map(|element| element.strip_prefix(tag.as_str())).collect();
            match found.is_empty() {
                true => Err(none(value, tag, format!("no element of the header begins with `{tag}`"))),
                false => Ok(found),
            }
        }
        HeaderShape::Pairs { separator, take } => {
            let wanted = |name: &str| take.iter().any(|wanted| wanted == name);
            let found: SmallVec<[&str; 4]> =
                pairs_of(value, *separator).filter(|(name, _)| wanted(name)).map(|(_, value)| value).collect();
            match found.is_empty() {
                true => Err(none(value, "=", format!("no pair of the header is named `{}`", take.join("` or `")))),
                false => Ok(found),
            }
        }
    }
}

/// `name=value` between separators; anything without `=` is skipped.
pub(crate) fn pairs_of(header: &str, separator: char) -> impl Iterator<Item = (&str, &str)> {
    header.split(separator).filter_map(|pair| pair.trim_matches([' ', '\t']).split_once('='))
}

/// If the value does not contain the mark's last character, it is malformed; otherwise it is another version.
fn none(value: &str, mark: &str, message: String) -> Finding {
    match mark.chars().last().is_some_and(|last| value.contains(last)) {
        true => unsupported(message),
        false => malformed(message),
    }
}

#[cfg_attr(small, optimize(speed))]
fn decode(element: &str, encoding: Encoding) -> Option<Mac> {
    let base = match encoding {
        Encoding::Base64 => BASE64,
        Encoding::Hex => HEXLOWER_PERMISSIVE,
    };
    let mut bytes = Mac::from_elem(0, base.decode_len(element.len()).ok()?);
    let length = base.decode_mut(element.as_bytes(), &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

/// Whether this is the algorithm's signature in hex, which is also valid base64 of one and a half times the length.
fn is_hex(element: &str, algorithm: Algorithm) -> bool {
    algorithm.length().is_some_and(|bytes| element.len() == bytes * 2) && decode(element, Encoding::Hex).is_some()
}

fn expected(encoding: Encoding, algorithm: Algorithm) -> String {
    match (encoding, algorithm.length()) {
        (Encoding::Base64, Some(bytes)) => {
            format!("padded, canonical base64 of {bytes} bytes ({} characters)", bytes.div_ceil(3) * 4)
        }
        (Encoding::Base64, None) => format!("padded, canonical base64 of {}", long(algorithm)),
        (Encoding::Hex, Some(bytes)) => format!("{} hex digits", bytes * 2),
        (Encoding::Hex, None) => format!("the hex digits of {}", long(algorithm)),
    }
}

fn long(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::RsaPkcs1Sha256 | Algorithm::RsaPssSha512 => "an RSA signature, as long as the key's modulus",
        _ => "a DER signature",
    }
}

pub(super) fn too_many(got: usize, allowed: usize) -> Finding {
    let message = "the header holds more signatures than the limit allows";
    Finding::error(Code::Limit("signatures"), Stage::Signature, message).with("got", got).with("allowed", allowed)
}

/// The only place that raises `signature-malformed`.
pub(super) fn malformed(message: String) -> Finding {
    Finding::error(Code::SignatureMalformed, Stage::Signature, message)
}

/// The only place that raises `signature-unsupported`.
pub(super) fn unsupported(message: String) -> Finding {
    Finding::error(Code::SignatureUnsupported, Stage::Signature, message)
}
