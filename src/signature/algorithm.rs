//! What each algorithm wants of a key and a signature.

use std::ops::RangeInclusive;

use crate::grammar::{Algorithm, KeyFormat};

/// Shorter moduli are too weak (RFC 7518, section 3.3); longer ones cost more than anybody gains.
pub(crate) const MIN_RSA_BITS: usize = 2048;
pub(crate) const MAX_RSA_BITS: usize = 8192;

/// How a decoded signature fits its algorithm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fit {
    /// The length of another MAC: another scheme, not a broken one.
    OtherMac,
    Right,
    Wrong,
}

impl Algorithm {
    pub fn fit(self, signature: &[u8]) -> Fit {
        match (self.length(), signature.len()) {
            (Some(length), got) if got == length => Fit::Right,
            (None, got) if self.lengths().contains(&got) => Fit::Right,
            (_, 20 | 32 | 48 | 64) => Fit::OtherMac,
            _ => Fit::Wrong,
        }
    }

    /// Bytes of a signature, where they are always as many.
    pub fn length(self) -> Option<usize> {
        match self {
            Algorithm::DigestSha1 | Algorithm::HmacSha1 => Some(20),
            Algorithm::DigestSha256 | Algorithm::HmacSha256 => Some(32),
            Algorithm::HmacSha384 => Some(48),
            Algorithm::EcdsaP256Sha256 | Algorithm::Ed25519 | Algorithm::HmacSha512 => Some(64),
            Algorithm::EcdsaP256Sha256Der | Algorithm::RsaPkcs1Sha256 | Algorithm::RsaPssSha512 | Algorithm::Token => {
                None
            }
        }
    }

    /// Bytes of a signature, where they are not.
    fn lengths(self) -> RangeInclusive<usize> {
        match self {
            // As many as the key's modulus has.
            Algorithm::RsaPkcs1Sha256 | Algorithm::RsaPssSha512 => MIN_RSA_BITS / 8..=MAX_RSA_BITS / 8,
            // DER of P-256: two integers of at most 33 bytes in a sequence.
            _ => 8..=72,
        }
    }

    /// Signs and verifies with the same key.
    pub fn is_symmetric(self) -> bool {
        !matches!(
            self,
            Algorithm::EcdsaP256Sha256
                | Algorithm::EcdsaP256Sha256Der
                | Algorithm::Ed25519
                | Algorithm::RsaPkcs1Sha256
                | Algorithm::RsaPssSha512
        )
    }

    pub fn is_digest(self) -> bool {
        matches!(self, Algorithm::DigestSha1 | Algorithm::DigestSha256)
    }

    pub fn takes(self, format: KeyFormat) -> bool {
        match self {
            Algorithm::Ed25519 => format != KeyFormat::Utf8,
            Algorithm::EcdsaP256Sha256
            | Algorithm::EcdsaP256Sha256Der
            | Algorithm::RsaPkcs1Sha256
            | Algorithm::RsaPssSha512 => {
                matches!(format, KeyFormat::Jwk | KeyFormat::Spki)
            }
            // A token is compared as it stands.
            Algorithm::Token => format == KeyFormat::Utf8,
            _ => matches!(format, KeyFormat::Base64 | KeyFormat::Hex | KeyFormat::Utf8),
        }
    }

    /// As the contract writes it.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::DigestSha1 => "digest-sha1",
            Algorithm::DigestSha256 => "digest-sha256",
            Algorithm::EcdsaP256Sha256 => "ecdsa-p256-sha256",
            Algorithm::EcdsaP256Sha256Der => "ecdsa-p256-sha256-der",
            Algorithm::Ed25519 => "ed25519",
            Algorithm::HmacSha1 => "hmac-sha1",
            Algorithm::HmacSha256 => "hmac-sha256",
            Algorithm::HmacSha384 => "hmac-sha384",
            Algorithm::HmacSha512 => "hmac-sha512",
            Algorithm::RsaPkcs1Sha256 => "rsa-pkcs1-sha256",
            Algorithm::RsaPssSha512 => "rsa-pss-sha512",
            Algorithm::Token => "token",
        }
    }
}
