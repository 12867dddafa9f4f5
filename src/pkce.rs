//! Proof Key for Code Exchange (RFC 7636), for your own token endpoint: whether the client that presents the code is
//! the one that requested it. Only `S256` is supported; `plain` protects nothing that TLS does not.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Whether `challenge` is the `S256` form of `verifier` (RFC 7636, section 4.6), compared in constant time. Returns
/// false for a verifier that is not 43 to 128 unreserved characters (section 4.1).
///
/// ```
/// let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// assert!(countersign::pkce::verify("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge));
/// assert!(!countersign::pkce::verify(challenge, challenge));
/// ```
pub fn verify(verifier: &str, challenge: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return false;
    }
    let expected = BASE64URL_NOPAD.encode(&Sha256::digest(verifier));
    expected.as_bytes().ct_eq(challenge.as_bytes()).into()
}
