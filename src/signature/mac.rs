//! HMAC (RFC 2104) over SHA-1 and SHA-2 (FIPS 180-4), and plain digests for the schemes that use nothing stronger.
//! Every comparison is in constant time, over decoded bytes. An HMAC's keyed state is computed once, when the gate
//! compiles.

use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use sha2::block_api::compress256;
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::{Choice, ConstantTimeEq};

use super::algorithm::Mac;
use super::host;
use super::segments::Piece;
use crate::grammar::Algorithm;

/// A secret prepared for its algorithm. It is never printed.
#[derive(Clone)]
pub(crate) enum Keyed {
    DigestSha1(Vec<u8>),
    DigestSha256(Vec<u8>),
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>, Pads),
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
            Algorithm::HmacSha256 => Hmac::new_from_slice(secret).ok().map(|mac| Keyed::Sha256(mac, Pads::of(secret))),
            Algorithm::HmacSha384 => Hmac::new_from_slice(secret).ok().map(Keyed::Sha384),
            Algorithm::HmacSha512 => Hmac::new_from_slice(secret).ok().map(Keyed::Sha512),
            Algorithm::Token => Some(Keyed::Token(secret.to_vec())),
            _ => None,
        }
    }

    /// Whether one of the candidates is the MAC. All are compared, even after a match.
    #[cfg_attr(small, optimize(speed))]
    pub fn verifies(&self, pieces: &[Piece<'_>], candidates: &[Mac]) -> bool {
        let expected = self.compute(pieces);
        let mut found = Choice::from(0);
        for candidate in candidates {
            found |= equal(&expected, candidate);
        }
        found.into()
    }

    #[cfg_attr(small, optimize(speed))]
    pub fn compute(&self, pieces: &[Piece<'_>]) -> Mac {
        match self {
            Keyed::DigestSha1(secret) => digest::<Sha1>(secret, pieces),
            Keyed::DigestSha256(secret) => digest::<Sha256>(secret, pieces),
            Keyed::Sha1(mac) => finish(mac, pieces),
            Keyed::Sha256(mac, pads) => pads.finish(pieces).unwrap_or_else(|| finish(mac, pieces)),
            Keyed::Sha384(mac) => finish(mac, pieces),
            Keyed::Sha512(mac) => finish(mac, pieces),
            Keyed::Token(secret) => Mac::from_slice(secret),
        }
    }
}

/// Whether two MACs are equal, in constant time, eight bytes at a time.
#[inline]
fn equal(one: &[u8], other: &[u8]) -> Choice {
    if one.len() != other.len() {
        return Choice::from(0);
    }
    let ((words, rest), (others, rest_of_other)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    let mut differ = 0;
    for (word, other) in words.iter().zip(others) {
        differ |= u64::from_le_bytes(*word) ^ u64::from_le_bytes(*other);
    }
    differ.ct_eq(&0) & rest.ct_eq(rest_of_other)
}

/// What an HMAC of SHA-256 needs if the host hashes: the inner pad, and the state after the outer (RFC 2104, section 2).
#[derive(Clone)]
pub(crate) struct Pads {
    inner: [u8; 64],
    outer: [u32; 8],
}

/// The state of SHA-256 before the first block (FIPS 180-4, section 5.3.3).
const FIRST: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// How a message of 96 bytes ends: with a mark, and its length in bits.
const END: [u8; 32] = {
    let mut end = [0; 32];
    end[0] = 0x80;
    end[30] = 3;
    end
};

impl Pads {
    fn of(secret: &[u8]) -> Pads {
        let mut key = [0_u8; 64];
        let digest = Sha256::digest(secret);
        let short = if secret.len() > key.len() { digest.as_slice() } else { secret };
        key.iter_mut().zip(short).for_each(|(place, byte)| *place = *byte);
        let mut outer = FIRST;
        compress256(&mut outer, &[key.map(|byte| byte ^ 0x5c)]);
        Pads { inner: key.map(|byte| byte ^ 0x36), outer }
    }

    #[cfg_attr(small, optimize(speed))]
    fn finish(&self, pieces: &[Piece<'_>]) -> Option<Mac> {
        let inner = host::sha256(&self.inner, pieces.iter().map(|piece| piece.bytes(&[])))?;
        Some(self.outer_of(inner))
    }

    /// The outer hash: what follows the pad fits one block.
    #[cfg_attr(small, optimize(speed))]
    fn outer_of(&self, inner: [u8; 32]) -> Mac {
        let mut state = self.outer;
        compress256(&mut state, [inner, END].as_flattened().as_chunks().0);
        Mac::from_slice(state.map(u32::to_be_bytes).as_flattened())
    }
}

#[cfg_attr(small, optimize(speed))]
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

#[cfg(test)]
mod tests {
    use super::*;

    fn by_crate(pieces: &[&[u8]]) -> Option<[u8; 32]> {
        Some(pieces.iter().fold(Sha256::new(), |hash, piece| hash.chain_update(piece)).finalize().into())
    }

    #[test]
    fn the_host_gives_the_same_mac() {
        for secret in [&b"0123456789abcdef"[..], &[7; 64], &[9; 65], &[3; 200]] {
            let keyed = Keyed::new(Algorithm::HmacSha256, secret);
            for size in [0, host::WORTH - 5, host::WORTH - 4, host::WORTH, 16_380, 16_384, 16_385, 100_000] {
                let body: Vec<u8> = (0..size).map(|at| (at * 31 % 251) as u8).collect();
                let pieces = [&b"170."[..], &body].map(|bytes| Piece::Bytes(bytes.into()));
                let compute = || keyed.as_ref().map(|keyed| keyed.compute(&pieces));
                let own = compute();
                assert!(own.is_some());
                let lent = std::thread::scope(|scope| {
                    let with_host = || {
                        host::lend(by_crate);
                        compute()
                    };
                    scope.spawn(with_host).join().ok().flatten()
                });
                assert_eq!(own, lent, "{size} bytes");
            }
        }
    }
}
