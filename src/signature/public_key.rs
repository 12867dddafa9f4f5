//! Public-key signatures: Ed25519 (RFC 8032, strictly), ECDSA over P-256 with SHA-256 (FIPS 186-5), and RSA as
//! RSASSA-PKCS1-v1_5 with SHA-256 or RSASSA-PSS with SHA-512 (RFC 8017).

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use ed25519_dalek::pkcs8::DecodePublicKey;
use p256::ecdsa::signature::Verifier;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, PublicKey as RsaKey};
use serde_json::Value;
use sha2::{Sha256, Sha512};

use super::algorithm::{MAX_RSA_BITS, MIN_RSA_BITS};
use super::segments::Piece;
use crate::grammar::{Algorithm, KeyFormat};

#[derive(Clone, Debug)]
pub(crate) enum PublicKey {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256 { key: p256::ecdsa::VerifyingKey, der: bool },
    RsaPkcs1(rsa::pkcs1v15::VerifyingKey<Sha256>),
    RsaPss(rsa::pss::VerifyingKey<Sha512>),
}

impl PublicKey {
    /// A key given as text, in the contract's format.
    pub fn from_text(algorithm: Algorithm, format: KeyFormat, text: &str) -> Option<PublicKey> {
        match format {
            KeyFormat::Base64 => PublicKey::from_bytes(algorithm, &BASE64.decode(text.as_bytes()).ok()?),
            KeyFormat::Hex => PublicKey::from_bytes(algorithm, &HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?),
            KeyFormat::Jwk => PublicKey::from_jwk(algorithm, &serde_json::from_str(text).ok()?),
            KeyFormat::Spki => PublicKey::from_spki(algorithm, &spki_bytes(text)?),
            KeyFormat::Utf8 => None,
        }
    }

    /// RFC 7517: the public members of a JSON Web Key. A key with a private part is rejected.
    pub fn from_jwk(algorithm: Algorithm, jwk: &Value) -> Option<PublicKey> {
        let member = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| BASE64URL_NOPAD.decode(member(name)?.as_bytes()).ok();
        if jwk.get("d").is_some() {
            return None;
        }
        match (algorithm, member("kty")?, member("crv")) {
            (Algorithm::Ed25519, "OKP", Some("Ed25519")) => PublicKey::from_bytes(algorithm, &bytes("x")?),
            (Algorithm::EcdsaP256Sha256 | Algorithm::EcdsaP256Sha256Der, "EC", Some("P-256")) => {
                // RFC 7518, section 6.2.1.2: each has the full 32 bytes. Otherwise two texts could be the same key.
                let full = |name: &str| bytes(name).filter(|coordinate| coordinate.len() == 32);
                let (x, y) = (full("x")?, full("y")?);
                let point: Vec<u8> = [&[4], x.as_slice(), y.as_slice()].concat();
                PublicKey::from_bytes(algorithm, &point)
            }
            (Algorithm::RsaPkcs1Sha256 | Algorithm::RsaPssSha512, "RSA", None) => {
                // RFC 7518, section 2: no more bytes than the number needs. Otherwise two texts could be the same key.
                let number = |name: &str| bytes(name).filter(|bytes| bytes.first().is_some_and(|first| *first != 0));
                let number = |name: &str| Some(BoxedUint::from_be_slice_vartime(&number(name)?));
                let limits = MIN_RSA_BITS..=MAX_RSA_BITS;
                let key = RsaKey::new_with_size_limits(number("n")?, number("e")?, limits).ok()?;
                PublicKey::from_rsa(algorithm, key)
            }
            _ => None,
        }
    }

    fn from_spki(algorithm: Algorithm, der: &[u8]) -> Option<PublicKey> {
        match algorithm {
            Algorithm::Ed25519 => ed25519_dalek::VerifyingKey::from_public_key_der(der).ok().map(PublicKey::Ed25519),
            Algorithm::RsaPkcs1Sha256 | Algorithm::RsaPssSha512 => {
                PublicKey::from_rsa(algorithm, RsaKey::from_public_key_der(der).ok()?)
            }
            _ => {
                let key = p256::ecdsa::VerifyingKey::from_public_key_der(der).ok()?;
                Some(PublicKey::P256 { key, der: algorithm == Algorithm::EcdsaP256Sha256Der })
            }
        }
    }

    fn from_rsa(algorithm: Algorithm, key: RsaKey) -> Option<PublicKey> {
        let bits = usize::try_from(key.n().bit_width_vartime()).ok()?;
        match algorithm {
            _ if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) => None,
            Algorithm::RsaPkcs1Sha256 => Some(PublicKey::RsaPkcs1(rsa::pkcs1v15::VerifyingKey::new(key))),
            // RFC 9421, section 3.3.1: a salt as long as the digest.
            Algorithm::RsaPssSha512 => Some(PublicKey::RsaPss(rsa::pss::VerifyingKey::new(key))),
            _ => None,
        }
    }

    fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Option<PublicKey> {
        match algorithm {
            Algorithm::Ed25519 => {
                ed25519_dalek::VerifyingKey::from_bytes(bytes.try_into().ok()?).ok().map(PublicKey::Ed25519)
            }
            _ => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok()?;
                Some(PublicKey::P256 { key, der: algorithm == Algorithm::EcdsaP256Sha256Der })
            }
        }
    }

    pub fn verifies(&self, pieces: &[Piece<'_>], signature: &[u8]) -> bool {
        let message: Vec<u8> = pieces.iter().map(|piece| piece.bytes(&[])).collect::<Vec<_>>().concat();
        match self {
            PublicKey::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(&message, &signature).is_ok()),
            PublicKey::P256 { key, der } => {
                let signature = match der {
                    true => p256::ecdsa::Signature::from_der(signature),
                    false => p256::ecdsa::Signature::from_slice(signature),
                };
                signature.is_ok_and(|signature| key.verify(&message, &signature).is_ok())
            }
            PublicKey::RsaPkcs1(key) => rsa::pkcs1v15::Signature::try_from(signature)
                .is_ok_and(|signature| key.verify(&message, &signature).is_ok()),
            PublicKey::RsaPss(key) => {
                rsa::pss::Signature::try_from(signature).is_ok_and(|signature| key.verify(&message, &signature).is_ok())
            }
        }
    }
}

/// PEM, or the base64 inside it.
fn spki_bytes(text: &str) -> Option<Vec<u8>> {
    let inner = match text.trim().strip_prefix("-----BEGIN PUBLIC KEY-----") {
        Some(rest) => rest.strip_suffix("-----END PUBLIC KEY-----")?,
        None => text,
    };
    let compact: String = inner.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    BASE64.decode(compact.as_bytes()).ok()
}
