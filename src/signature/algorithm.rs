//! What each algorithm requires of a key and a signature.

use std::ops::RangeInclusive;

use smallvec::SmallVec;

use crate::grammar::{Algorithm, KeyFormat};

/// Shorter moduli are too weak (RFC 7518, section 3.3); longer ones cost more than they gain.
pub(crate) const MIN_RSA_BITS: usize = 2048;
pub(crate) const MAX_RSA_BITS: usize = 8192;

/// The bytes of a MAC or another signature. Only long ones, of RSA or in DER, need memory of their own.
pub(crate) type Mac = SmallVec<[u8; 64]>;

/// How a decoded signature fits its algorithm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fit {
    /// It has the length of another MAC, so it belongs to another scheme and is not malformed.
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

    /// The length of a signature in bytes, if it is fixed.
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

    /// The range of lengths of a signature in bytes, if the length is not fixed.
    fn lengths(self) -> RangeInclusive<usize> {
        match self {
            // As long as the key's modulus.
            Algorithm::RsaPkcs1Sha256 | Algorithm::RsaPssSha512 => MIN_RSA_BITS / 8..=MAX_RSA_BITS / 8,
            // P-256 in DER: a sequence of two integers of at most 33 bytes each.
            _ => 8..=72,
        }
    }

    /// Whether the same key signs and verifies.
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
            // A token is compared as it is.
            Algorithm::Token => format == KeyFormat::Utf8,
            _ => matches!(format, KeyFormat::Base64 | KeyFormat::Hex | KeyFormat::Utf8),
        }
    }

    /// The name that a contract uses.
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
