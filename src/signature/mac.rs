//! HMAC (RFC 2104) with SHA-256 (FIPS 180-4). The comparison is the `hmac` crate's, in constant time
//! over decoded bytes; the keyed state is made once, when the gate compiles.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a MAC.
pub(crate) const LENGTH: usize = 32;

/// A secret with its first block already absorbed. It never shows itself.
#[derive(Clone)]
pub(crate) struct Keyed(Hmac<Sha256>);

impl Keyed {
    pub fn new(secret: &[u8]) -> Option<Keyed> {
        Hmac::new_from_slice(secret).ok().map(Keyed)
    }

    pub fn verifies(&self, pieces: &[&[u8]], candidate: &[u8]) -> bool {
        self.absorb(pieces).verify_slice(candidate).is_ok()
    }

    pub fn compute(&self, pieces: &[&[u8]]) -> Vec<u8> {
        self.absorb(pieces).finalize().into_bytes().to_vec()
    }

    fn absorb(&self, pieces: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        pieces.iter().for_each(|piece| mac.update(piece));
        mac
    }
}

impl std::fmt::Debug for Keyed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keyed(REDACTED)")
    }
}
