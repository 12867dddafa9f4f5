//! `crypto.x509.*` and `crypto.parse_private_keys`: certificates, requests for them, and their keys.

pub(super) mod oid;

use super::asn1::{Node, SEQUENCE};

/// The public key of a certificate, with its algorithm.
pub(super) fn public_key(certificate: &[u8]) -> Option<&[u8]> {
    let [content, _, _] = Node::read(certificate)?.children(SEQUENCE)?.try_into().ok()?;
    let fields = content.children(SEQUENCE)?;
    // The version may be left out.
    let before = usize::from(fields.first()?.tag == 0xa0) + 5;
    Some(fields.get(before)?.whole)
}
