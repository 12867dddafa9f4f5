//! Content-Digest (RFC 9530, section 2), through which a signature covers the body.

use sha2::{Digest, Sha256, Sha512};

use super::lines::combined;
use super::structured::{self, Bare, Item, Member};
use crate::finding::{Code, Finding, Stage};
use crate::request::Received;
use crate::signature::field::digest_mismatch;

const HEADER: &str = "content-digest";

/// Whether a digest of this name is compared with the body.
pub(super) fn is_known(algorithm: &str) -> bool {
    matches!(algorithm, "sha-256" | "sha-512")
}

/// Every digest with a known algorithm must match the body, and there must be at least one.
pub(super) fn judge(request: &Received<'_>) -> Option<Finding> {
    let at = format!("header:{HEADER}");
    let members = combined(request, HEADER).and_then(|value| structured::dictionary(&value)).unwrap_or_default();
    let mut known = 0;
    for (name, member) in &members {
        let expected = match name.as_str() {
            "sha-256" => Sha256::digest(request.body).to_vec(),
            "sha-512" => Sha512::digest(request.body).to_vec(),
            _ => continue,
        };
        known += 1;
        match member {
            Member::Item(Item { bare: Bare::Bytes(bytes), .. }) if bytes.len() == expected.len() => {
                if *bytes != expected {
                    return Some(digest_mismatch(Stage::Signature, HEADER).at(at));
                }
            }
            _ => return Some(malformed("a digest is not base64 of its algorithm's length between colons").at(at)),
        }
    }
    let message = match (structured::repeated(&members), known) {
        (Some(_), _) => "an algorithm stands twice",
        (None, 0) => "it is no dictionary that holds `sha-256` or `sha-512`",
        (None, _) => return None,
    };
    Some(malformed(message).at(at))
}

fn malformed(message: &str) -> Finding {
    Finding::error(Code::HttpsigDigest, Stage::Signature, format!("the Content-Digest is malformed: {message}"))
}
