//! The key of a proof (RFC 7517) and its thumbprint (RFC 7638).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::grammar::{Algorithm, ProofAlgorithm};
use crate::signature::public_key::PublicKey;

/// RFC 7518, sections 6.2.2, 6.3.2 and 6.4: a sender of one of these has given the key away.
const PRIVATE: [&str; 8] = ["d", "dp", "dq", "k", "oth", "p", "q", "qi"];

/// A modulus of 4096 bits in base64url has this many characters. The sender chooses the key, and we pay for it.
const MAX_MODULUS: usize = 683;

/// The key and its thumbprint, or what is wrong with the key, in words that follow "the key".
pub(super) fn read(jwk: Option<&Value>, algorithm: ProofAlgorithm) -> Result<(PublicKey, String), &'static str> {
    let jwk = jwk.and_then(Value::as_object).ok_or("is missing or no object")?;
    if PRIVATE.iter().any(|name| jwk.contains_key(*name)) {
        return Err("has private parts, so the key is known to all who see it");
    }
    if !meant_to_verify(jwk, algorithm) {
        return Err("is not meant for verifying with `alg`, by its own `use`, `key_ops` or `alg`");
    }
    if jwk.get("n").and_then(Value::as_str).is_some_and(|modulus| modulus.len() > MAX_MODULUS) {
        return Err("is an RSA key of more than 4096 bits: checking it costs more than a stranger may ask for");
    }
    let (algorithm, members) = match algorithm {
        ProofAlgorithm::Ed25519 | ProofAlgorithm::EdDsa => (Algorithm::Ed25519, ["crv", "kty", "x"].as_slice()),
        ProofAlgorithm::Es256 => (Algorithm::EcdsaP256Sha256, ["crv", "kty", "x", "y"].as_slice()),
        ProofAlgorithm::Rs256 => (Algorithm::RsaPkcs1Sha256, ["e", "kty", "n"].as_slice()),
    };
    let key = PublicKey::from_jwk(algorithm, &Value::Object(jwk.clone())).ok_or("is no public key for `alg`")?;
    Ok((key, thumbprint(jwk, members)))
}

fn meant_to_verify(jwk: &Map<String, Value>, algorithm: ProofAlgorithm) -> bool {
    let operations = jwk.get("key_ops").map(|list| list.as_array().map(Vec::as_slice).unwrap_or_default());
    jwk.get("use").is_none_or(|usage| usage == "sig")
        && operations.is_none_or(|list| list.iter().any(|operation| operation == "verify"))
        && jwk.get("alg").is_none_or(|named| named == algorithm.name())
}

/// SHA-256 over only the required members, ordered by name. Here they are base64url or known words, so nothing
/// needs to be escaped.
fn thumbprint(jwk: &Map<String, Value>, members: &[&str]) -> String {
    let text = |name: &&str| format!("\"{name}\":\"{}\"", jwk.get(*name).and_then(Value::as_str).unwrap_or_default());
    let canonical = format!("{{{}}}", members.iter().map(text).collect::<Vec<_>>().join(","));
    BASE64URL_NOPAD.encode(&Sha256::digest(canonical))
}
