//! Stage 9: what was found, put together. [`Verdict`] and [`Finding`] are the only types that reach the
//! wire; the order of their members is the order on the wire, and that text is the same everywhere.

use std::sync::Arc;

use serde::Serialize;

use crate::dead_letter::DeadLetter;
use crate::finding::{Finding, Stage};
use crate::replay::ReplayKey;
use crate::route::Event;
use crate::shape::Message;

mod status;

pub(crate) use status::Statuses;

/// May this pass?
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// It may.
    Accept,
    /// A duplicate that the contract ignores: answered with 200, and not handled again.
    Ignore,
    /// It may not.
    Reject,
}

/// What became of one stage.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum StageResult {
    /// A finding rejects.
    Fail,
    /// It was judged, and nothing rejects or warns.
    Pass,
    /// The contract does not declare it, or an earlier stage left nothing to judge.
    Skipped,
    /// A finding warns.
    Warn,
}

/// One stage and what became of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StageReport {
    /// The stage.
    pub stage: Stage,
    /// What became of it.
    pub result: StageResult,
}

/// Which key verified, and what its signature does and does not speak for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignatureReport {
    /// The key's id.
    pub key: String,
    /// What is signed: `body`, `path`, `method`, `header:NAME`.
    pub covers: Arc<[String]>,
    /// What the contract reads, that may differ between two requests, and that nobody signed.
    pub leaves: Arc<[String]>,
}

/// The answer to one question: may this request pass?
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Verdict {
    /// Of this document's form.
    pub schema_version: u8,
    /// The contract's name.
    pub contract: String,
    /// May it pass?
    pub verdict: Outcome,
    /// For the answer: that of the first stage that failed. None where an answer was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// For the answer's reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_text: Option<&'static str>,
    /// A handshake's reply, in place of the handler's; only on accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Message>,
    /// The version that the contract's conditions name, as soon as those can be read; whatever the verdict is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Every stage, in the house's order.
    pub stages: Vec<StageReport>,
    /// What it is; only on accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
    /// The canonical message; only on accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// For the caller's store; only when nothing else failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<ReplayKey>,
    /// Present when a signature verified, whatever else failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureReport>,
    /// What to keep of it; only on reject, where the contract asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<DeadLetter>,
    /// Everything found, in the order of the stages.
    pub findings: Vec<Finding>,
    /// How many seconds back its time is, of a request that is fresh; ahead, where negative. Beside the document:
    /// for metrics.
    #[serde(skip)]
    pub skew_seconds: Option<i64>,
}

impl Verdict {
    /// The canonical text: no white space, members in order. Byte for byte the same in every runtime.
    pub fn to_json(&self) -> String {
        // INVARIANT: every type here serialises to JSON without an error of its own.
        let mut text = Vec::with_capacity(1024);
        let _written = serde_json::to_writer(&mut text, self);
        String::from_utf8(text).unwrap_or_default()
    }
}
