//! Stage 9: puts together what was found. [`Verdict`] and [`Finding`] are the only types that are serialised for the
//! caller. The order of their members is the order in the JSON text, which is the same everywhere.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::dead_letter::DeadLetter;
use crate::finding::{Finding, Stage};
use crate::json;
use crate::replay::ReplayKey;
use crate::route::Event;
use crate::shape::Message;

mod status;

pub(crate) use status::Statuses;

/// The decision about a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// It may pass.
    Accept,
    /// It is a duplicate that the contract ignores: answered with 200, and not handled again.
    Ignore,
    /// It may not pass.
    Reject,
}

/// The result of one stage.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum StageResult {
    /// At least one finding is an error.
    Fail,
    /// It was judged, and there are no errors or warnings.
    Pass,
    /// The contract does not declare it, or an earlier stage left nothing to judge.
    Skipped,
    /// At least one finding is a warning.
    Warn,
}

/// One stage and its result.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct StageReport {
    /// The stage.
    pub stage: Stage,
    /// Its result.
    pub result: StageResult,
}

/// Which key verified the signature, and what the signature covers and does not cover.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignatureReport {
    /// The key's id.
    pub key: String,
    /// What is signed: `body`, `path`, `method`, `header:NAME`.
    pub covers: Arc<[String]>,
    /// What the contract reads that may differ between two requests and is not signed.
    pub leaves: Arc<[String]>,
}

/// The answer to one question: may this request pass?
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Verdict {
    /// The version of this document's format.
    pub schema_version: u8,
    /// The contract's name.
    pub contract: String,
    /// The decision.
    pub verdict: Outcome,
    /// The HTTP status for the response: that of the first stage that failed. `None` if a response was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The text for the reader of the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_text: Option<&'static str>,
    /// The reply to a handshake, in place of the handler's. Present only on accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Message>,
    /// The version that the contract's conditions name, as soon as they can be read, whatever the verdict is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Every stage with its result, in order.
    pub stages: Vec<StageReport>,
    /// What the message is. Present only on accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
    /// The canonical message. Present only on accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// What the caller's store is to remember. Present only if nothing else failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<ReplayKey>,
    /// The verified signature. Present if a signature was verified, even if something else failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureReport>,
    /// What to keep of the message. Present only on reject, if the contract keeps dead letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<DeadLetter>,
    /// All findings, in the order of the stages.
    pub findings: Vec<Finding>,
    /// The age of a fresh request, in seconds: negative if its time is ahead of `now`. It is for metrics and not part
    /// of the document.
    #[serde(skip)]
    pub skew_seconds: Option<i64>,
}

impl Verdict {
    /// The canonical text: no white space, members in order. It is byte for byte the same in every runtime.
    pub fn to_json(&self) -> String {
        let mut text = Vec::with_capacity(1024);
        self.write(&mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        json::write(out, self);
    }
}
