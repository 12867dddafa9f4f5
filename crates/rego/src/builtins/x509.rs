//! `crypto.x509.*` and `crypto.parse_private_keys`: certificates, requests for them, and their keys.

mod certificate;
mod chain;
mod json;
pub(super) mod oid;
mod private;

use certificate::{Certificate, Request};
use chain::Wanted;
use json::member;

use super::asn1::nodes;
use super::operands::{error, items, object, string};
use super::{Builtin, Context, Fault, Types, base64, pem};
use crate::value::Value;

const ONE: &[Types] = &[Types::STRING];
const TWO: &[Types] = &[Types::STRING, Types::STRING];
const OPTIONS: &[Types] = &[Types::STRING, Types::OBJECT];
const KEYS: Types = Types::ARRAY.or(Types::NULL);

/// The functions of this folder.
pub const X509: &[Builtin] = &[
    Builtin::new("crypto.parse_private_keys", ONE, KEYS, parse_private_keys),
    Builtin::new("crypto.x509.parse_and_verify_certificates", ONE, Types::ARRAY, parse_and_verify),
    Builtin::new("crypto.x509.parse_and_verify_certificates_with_options", OPTIONS, Types::ARRAY, with_options),
    Builtin::new("crypto.x509.parse_certificate_request", ONE, Types::OBJECT, parse_request),
    Builtin::new("crypto.x509.parse_certificates", ONE, Types::ARRAY, parse_certificates),
    Builtin::new("crypto.x509.parse_keypair", TWO, Types::OBJECT, parse_keypair),
    Builtin::new("crypto.x509.parse_rsa_private_key", ONE, Types::OBJECT.or(Types::NULL), parse_rsa_private_key),
];

/// What a certificate's JSON weighs, beside its bytes, which are in it four times over.
const JSON_BYTES: u64 = 8_192;

/// The public key of a certificate, with its algorithm.
pub(super) fn public_key(certificate: &[u8]) -> Option<&[u8]> {
    Some(Certificate::read(certificate)?.key)
}

/// Pays for taking the text apart and for what comes of it.
fn pay(context: &mut Context<'_>, text: &str) -> Result<(), Fault> {
    context.budget.steps(500 + text.len() as u64 / 2)?;
    Ok(context.budget.bytes(text.len() as u64 * 8)?)
}

fn base64(text: &str) -> Result<Vec<u8>, Fault> {
    base64::standard(text).map_err(|position| error(format!("illegal base64 data at input byte {position}")))
}

/// The DER of certificates, one after the other. The text is PEM, or either in base64.
fn certificates_der(text: &str) -> Result<Vec<u8>, Fault> {
    let decoded;
    let pem = if text.starts_with("-----BEGIN") {
        text
    } else {
        decoded = base64(text)?;
        match std::str::from_utf8(&decoded) {
            Ok(text) if text.starts_with("-----BEGIN") => text,
            _ => return Ok(decoded),
        }
    };
    let mut der = Vec::new();
    let mut rest = pem;
    while let Some((block, after)) = pem::first(rest) {
        if block.label != "CERTIFICATE" {
            return Err(error("PEM block type is not CERTIFICATE"));
        }
        der.extend(block.bytes);
        rest = after;
    }
    Ok(der)
}

fn read(der: &[u8]) -> Result<Vec<Certificate<'_>>, Fault> {
    let nodes = nodes(der).ok_or_else(|| error("x509: malformed certificate"))?;
    let certificates = nodes.iter().map(|node| Certificate::read(node.whole));
    certificates.collect::<Option<_>>().ok_or_else(|| error("x509: malformed certificate"))
}

fn parse_certificates(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    pay(context, text)?;
    let der = certificates_der(text)?;
    let certificates = read(&der)?;
    value(context, &certificates.iter().collect::<Vec<_>>(), true)
}

fn value(context: &mut Context<'_>, certificates: &[&Certificate<'_>], with_texts: bool) -> Result<Value, Fault> {
    context.items(certificates.len())?;
    context.budget.steps(1_000 * certificates.len() as u64)?;
    context.budget.bytes(JSON_BYTES.saturating_mul(certificates.len() as u64))?;
    let values = certificates.iter().map(|certificate| json::certificate(certificate, with_texts));
    Ok(Value::array(values.collect::<Result<_, _>>()?))
}

fn parse_and_verify(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    pay(context, text)?;
    verify(context, text, &Wanted::default(), true)
}

fn with_options(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    pay(context, text)?;
    let mut wanted = Wanted::default();
    for (name, value) in object(operands, 2)?.members() {
        match (name.as_str(), value) {
            (Some("DNSName"), Value::String(name)) => wanted.name = name.trim_matches('"').to_owned(),
            (Some("DNSName"), _) => return Err(error("'DNSName' should be a string")),
            (Some("CurrentTime"), Value::Number(number)) => {
                let time = number.as_i64().ok_or_else(|| error("'CurrentTime' should be a valid int64 number"))?;
                wanted.time = Some(time.div_euclid(1_000_000_000));
            }
            (Some("CurrentTime"), _) => return Err(error("'CurrentTime' should be a number")),
            // Work is bounded by the budget.
            (Some("MaxConstraintComparisons"), Value::Number(_)) => {}
            (Some("MaxConstraintComparisons"), _) => {
                return Err(error("'MaxConstraintComparisons' should be a number"));
            }
            (Some("KeyUsages"), usages) => {
                let usages = items(usages).ok_or_else(|| error("'KeyUsages' should be an Array or Set"))?;
                context.budget.steps(usages.len() as u64)?;
                for usage in usages.iter().filter_map(Value::as_str) {
                    let known = oid::USAGES.iter().find(|(name, _)| *name == usage.trim_matches('"'));
                    let (_, oid) = known.ok_or_else(|| error("invalid entries for 'KeyUsages' found"))?;
                    wanted.usages.push(*oid);
                }
            }
            (Some(_), _) => return Err(error("invalid key option")),
            (None, _) => {}
        }
    }
    verify(context, text, &wanted, false)
}

/// Whether the chain holds, and its certificates from the leaf on.
fn verify(context: &mut Context<'_>, text: &str, wanted: &Wanted, with_texts: bool) -> Result<Value, Fault> {
    let der = certificates_der(text).unwrap_or_default();
    let certificates = read(&der).unwrap_or_default();
    let chain = chain::verify(context, &certificates, wanted)?;
    let valid = Value::from(!chain.is_empty());
    Ok(Value::array(vec![valid, value(context, &chain, with_texts)?]))
}

fn parse_request(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    pay(context, text)?;
    let decoded = if text.starts_with("-----BEGIN CERTIFICATE REQUEST-----") { None } else { Some(base64(text)?) };
    let pem = decoded.as_deref().map_or(Some(&**text), |bytes| std::str::from_utf8(bytes).ok());
    let der = match pem.and_then(pem::first) {
        Some((block, _)) if block.label == "CERTIFICATE REQUEST" => block.bytes,
        Some(_) => return Err(error("invalid PEM-encoded certificate signing request")),
        None => decoded.unwrap_or_default(),
    };
    let request = Request::read(&der).ok_or_else(|| error("asn1: structure error"))?;
    context.budget.bytes(JSON_BYTES)?;
    json::request(&request)
}

fn parse_keypair(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let (certificate, key) = (string(operands, 1)?, string(operands, 2)?);
    pay(context, certificate)?;
    pay(context, key)?;
    context.budget.steps(KEY_WORK)?;
    let der = certificates_der(certificate)?;
    let certificates = read(&der)?;
    let leaf = certificates.first().ok_or_else(|| error("tls: failed to find any PEM data in certificate input"))?;
    let failed = || error("tls: failed to parse private key");
    let decoded = if key.starts_with("-----BEGIN") { None } else { Some(base64(key)?) };
    let pem = decoded.as_deref().map_or(Some(&**key), |bytes| std::str::from_utf8(bytes).ok());
    let private = match pem.filter(|text| text.starts_with("-----BEGIN")) {
        Some(text) => private::all(text).map_err(error)?.into_iter().next(),
        None => private::pkcs8(&decoded.unwrap_or_default()),
    };
    let private = private.ok_or_else(failed)?;
    if !private.belongs_to(leaf.key) {
        return Err(error("tls: private key does not match public key"));
    }
    let chain = certificates.iter().map(|certificate| json::bytes(certificate.raw)).collect();
    Ok(Value::object(vec![
        member("Certificate", Value::array(chain)),
        member("Leaf", json::certificate(leaf, false)?),
        member("OCSPStaple", Value::Null),
        member("PrivateKey", private.value()?),
        member("SignedCertificateTimestamps", Value::Null),
        member("SupportedSignatureAlgorithms", Value::Null),
    ]))
}

/// The steps for seeing that a private key is sound.
const KEY_WORK: u64 = 200_000;

fn parse_rsa_private_key(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    pay(context, text)?;
    if text.is_empty() {
        return Err(error("input PEM data was empty"));
    }
    let decoded = if text.starts_with("-----BEGIN") { None } else { Some(base64(text)?) };
    let keys = private_keys(context, text, decoded)?;
    Ok(keys.first().map_or(Value::Null, private::Private::jwk))
}

fn parse_private_keys(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    pay(context, text)?;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let keys = private_keys(context, text, base64::standard(text).ok())?;
    Ok(Value::array(keys.iter().map(private::Private::value).collect::<Result<_, _>>()?))
}

/// Of a text, or of what that is in base64.
fn private_keys(
    context: &mut Context<'_>,
    text: &str,
    decoded: Option<Vec<u8>>,
) -> Result<Vec<private::Private>, Fault> {
    let decoded = decoded.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = decoded.as_deref().unwrap_or(text);
    let count = text.matches("-----BEGIN ").count() as u64;
    context.budget.steps(KEY_WORK.saturating_mul(count))?;
    private::all(text).map_err(error)
}
