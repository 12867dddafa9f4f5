//! What is kept of a rejected message: why it was rejected, and which bytes. The caller keeps the bytes.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::finding::{Code, Finding, Severity, Stage};
use crate::grammar::Encoding;

/// A dead letter. Present only on reject, if the contract keeps dead letters.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeadLetter {
    /// The code of the first finding that rejects.
    pub reason: Code,
    /// Where it is, as in that finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The SHA-256 of the body as it came, in hex.
    pub sha256: String,
    /// The length of the body, in bytes.
    pub bytes: usize,
}

impl DeadLetter {
    /// `None` if the message is not from the sender, not for this receiver, or already handled. A stale copy of a
    /// signed message is a replay; if nothing is signed, its time is just one of its members.
    pub fn of(findings: &[Finding], body: &[u8], signed: bool) -> Option<DeadLetter> {
        let kept = |finding: &Finding| match finding.stage {
            Stage::Contract | Stage::Request | Stage::Signature => false,
            Stage::Freshness => !signed,
            Stage::Replay => !matches!(finding.code, Code::Replayed),
            // Such a body is never signed.
            Stage::Payload if matches!(finding.code, Code::BodyUnexpected) => false,
            Stage::Payload | Stage::Route | Stage::Schema | Stage::Policy | Stage::Shape => true,
        };
        let mut errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        if !errors.clone().all(kept) {
            return None;
        }
        let first = errors.next()?;
        Some(DeadLetter {
            reason: first.code.clone(),
            at: first.at.clone(),
            sha256: Encoding::Hex.write(&Sha256::digest(body)),
            bytes: body.len(),
        })
    }
}
