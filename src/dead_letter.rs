//! What is kept of a message that nobody may handle: why, and which bytes. The bytes stay with the caller.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::finding::{Code, Finding, Severity, Stage};
use crate::grammar::Encoding;

/// Only on reject, where the contract asks for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeadLetter {
    /// The code of the first finding that rejects.
    pub reason: Code,
    /// Where, as in that finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Of the body as it came, in hex.
    pub sha256: String,
    /// How long the body is.
    pub bytes: usize,
}

impl DeadLetter {
    /// `None` where the message is not the sender's, not of this door, or handled already. A stale copy of a
    /// signed message is a replay; where nothing is signed, its time is one of its members.
    pub fn of(findings: &[Finding], body: &[u8], signed: bool) -> Option<DeadLetter> {
        let kept = |finding: &Finding| match finding.stage {
            Stage::Contract | Stage::Request | Stage::Signature => false,
            Stage::Freshness => !signed,
            Stage::Replay => !matches!(finding.code, Code::Replayed),
            // Nothing signs such a body.
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
