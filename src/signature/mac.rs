//! HMAC (RFC 2104) over SHA-1 and SHA-2 (FIPS 180-4), and plain digests for the schemes that use nothing stronger.
//! Every comparison is in constant time, over decoded bytes. An HMAC's keyed state is computed once, when the gate
//! compiles.

use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use super::algorithm::Mac;
use super::segments::Piece;
use crate::grammar::Algorithm;

/// A secret prepared for its algorithm. It is never printed.
#[derive(Clone)]
pub(crate) enum Keyed {
    DigestSha1(Vec<u8>),
    DigestSha256(Vec<u8>),
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha384(Hmac<Sha384>),
    Sha512(Hmac<Sha512>),
    Token(Vec<u8>),
}

impl Keyed {
    /// `None` for an algorithm with public keys.
    pub fn new(algorithm: Algorithm, secret: &[u8]) -> Option<Keyed> {
        match algorithm {
            Algorithm::DigestSha1 => Some(Keyed::DigestSha1(secret.to_vec())),
            Algorithm::DigestSha256 => Some(Keyed::DigestSha256(secret.to_vec())),
            Algorithm::HmacSha1 => Hmac::new_from_slice(secret).ok().map(Keyed::Sha1),
            Algorithm::HmacSha256 => Hmac::new_from_slice(secret).ok().map(Keyed::Sha256),
            Algorithm::HmacSha384 => Hmac::new_from_slice(secret).ok().map(Keyed::Sha384),
            Algorithm::HmacSha512 => Hmac::new_from_slice(secret).ok().map(Keyed::Sha512),
            Algorithm::Token => Some(Keyed::Token(secret.to_vec())),
            _ => None,
        }
    }

    /// Whether one of the candidates is the MAC. All are compared, even after a match.
    pub fn verifies(&self, pieces: &[Piece<'_>], candidates: &[Mac]) -> bool {
        let expected = self.compute(pieces);
        candidates
            .iter()
            .fold(subtle::Choice::from(0), |found, candidate| found | expected.as_slice().ct_eq(candidate))
            .into()
    }

    pub fn compute(&self, pieces: &[Piece<'_>]) -> Mac {
        match self {
            Keyed::DigestSha1(secret) => digest::<Sha1>(secret, pieces),
            Keyed::DigestSha256(secret) => digest::<Sha256>(secret, pieces),
            Keyed::Sha1(mac) => finish(mac, pieces),
            Keyed::Sha256(mac) => finish(mac, pieces),
            Keyed::Sha384(mac) => finish(mac, pieces),
            Keyed::Sha512(mac) => finish(mac, pieces),
            Keyed::Token(secret) => Mac::from_slice(secret),
        }
    }
}

fn finish<M: hmac::Mac + Clone>(mac: &M, pieces: &[Piece<'_>]) -> Mac {
    let mut mac = mac.clone();
    pieces.iter().for_each(|piece| mac.update(piece.bytes(&[])));
    Mac::from_slice(&mac.finalize().into_bytes())
}

fn digest<D: Digest>(secret: &[u8], pieces: &[Piece<'_>]) -> Mac {
    let mut digest = D::new();
    pieces.iter().for_each(|piece| digest.update(piece.bytes(secret)));
    Mac::from_slice(&digest.finalize())
}

impl std::fmt::Debug for Keyed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keyed(REDACTED)")
    }
}
