//! What a registry decides about one request: the verdict, what the sender should see, and whether the hook should be
//! disabled.

use serde::Serialize;

use crate::finding::{Finding, Severity, Stage};
use crate::shape::Message;
use crate::verdict::{Outcome, StageResult, Verdict};

/// The outcome of one check. The order of the members is the order in the JSON text, as in a [`Verdict`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HookOutcome {
    /// The version of this document's format.
    pub schema_version: u8,
    /// The hook that the request is for. `None` if there is no hook at its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// The hook's note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The verdict on the request.
    pub verdict: Verdict,
    /// What the sender should see.
    pub answer: Answer,
    /// Whether the hook should be disabled, and why.
    pub disable: Disable,
}

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The status of the verdict.
    pub status: u16,
    /// The media type of the body, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<&'static str>,
    /// The body, which is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
}

/// The body of a response.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Body {
    /// The contract's own message: the reply to a handshake.
    Message(Message),
    /// A problem document (RFC 9457). If signature or freshness failed, it tells the sender nothing but the status.
    Problem {
        /// `about:blank`, or `urn:countersign:code:CODE`.
        #[serde(rename = "type")]
        kind: String,
        /// The status in words.
        title: &'static str,
        /// The status again, as a number.
        status: u16,
        /// Why the hook is disabled.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
        /// Where in the request the first mistake is.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<String>,
    },
    /// A receipt: the message was received.
    Receipt {
        /// Always true.
        received: bool,
        /// The id of the event, if the contract names one.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// Whether it was received before.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        duplicate: bool,
        /// The text of the status, if it was.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<&'static str>,
    },
}

/// Whether the hook should be disabled, and why.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Disable {
    /// Whether the hook should be disabled now.
    pub decision: bool,
    /// The number of consecutive refused signatures, including this request. Pass it to the next check.
    pub failures: u32,
    /// Why, or why not.
    pub reason: String,
}

impl HookOutcome {
    /// The canonical text: no white space, members in order. It is byte for byte the same in every runtime.
    pub fn to_json(&self) -> String {
        // INVARIANT: every type here serialises to JSON without an error of its own.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Answer {
    /// `receipt`: whether the sender needs one if the message passes.
    pub(super) fn to(verdict: &Verdict, receipt: bool) -> Answer {
        let refused = first_error(verdict);
        let body = match (verdict.verdict, refused) {
            (Outcome::Reject, Some(finding)) => Some(problem(verdict, finding)),
            _ => match &verdict.answer {
                Some(message) => Some(Body::Message(message.clone())),
                // A sender that does not wait for a receipt still learns why nothing was done.
                None => (receipt || verdict.verdict == Outcome::Ignore).then(|| receipt_of(verdict)),
            },
        };
        let content_type = body.as_ref().map(|body| match body {
            Body::Problem { .. } => "application/problem+json",
            Body::Message(_) | Body::Receipt { .. } => "application/json",
        });
        // INVARIANT: a registry judges only requests, and their verdicts have a status.
        Answer { status: verdict.status.unwrap_or_default(), content_type, body }
    }
}

fn problem(verdict: &Verdict, finding: &Finding) -> Body {
    let opaque = [Stage::Signature, Stage::Freshness].iter().any(|stage| result(verdict, *stage) == StageResult::Fail);
    let reason = finding.facts.iter().find(|(name, _)| *name == "reason").and_then(|(_, reason)| reason.as_str());
    Body::Problem {
        kind: if opaque { "about:blank".into() } else { format!("urn:countersign:code:{}", finding.code) },
        title: verdict.status_text.unwrap_or_default(),
        status: verdict.status.unwrap_or_default(),
        detail: reason.filter(|_| !opaque).map(str::to_owned),
        at: finding.at.clone().filter(|_| !opaque),
    }
}

fn first_error(verdict: &Verdict) -> Option<&Finding> {
    verdict.findings.iter().find(|finding| finding.severity == Severity::Error)
}

fn result(verdict: &Verdict, stage: Stage) -> StageResult {
    // INVARIANT: a verdict reports every stage.
    verdict.stages.iter().find(|report| report.stage == stage).map_or(StageResult::Skipped, |report| report.result)
}

fn receipt_of(verdict: &Verdict) -> Body {
    let id = verdict.event.as_ref().and_then(|event| event.id.clone());
    let duplicate = verdict.verdict == Outcome::Ignore;
    Body::Receipt { received: true, id, duplicate, message: verdict.status_text.filter(|_| duplicate) }
}

impl Disable {
    pub(super) fn no(failures: u32, reason: &str) -> Disable {
        Disable { decision: false, failures, reason: reason.to_owned() }
    }

    /// `earlier` is the number of consecutive refused signatures before this request; `after` is how many disable the
    /// hook.
    pub(super) fn decide(verdict: &Verdict, earlier: u32, after: Option<u32>) -> Disable {
        // What the sender sees. Later findings decide nothing, because a limit may cut them off.
        let refused = first_error(verdict)
            .is_some_and(|finding| finding.stage == Stage::Signature && !finding.code.is_of_missing_field());
        if !refused {
            return match result(verdict, Stage::Signature) {
                StageResult::Pass => Disable::no(0, "the signature verified"),
                _ => Disable::no(earlier, "the request was not refused for its signature"),
            };
        }
        Disable::refused(earlier, after)
    }

    /// One more refused signature.
    pub(super) fn refused(earlier: u32, after: Option<u32>) -> Disable {
        let failures = earlier.saturating_add(1);
        match after {
            None => Disable::no(failures, "the signature was refused, and the hook has no `disableAfter`"),
            Some(after) => Disable {
                decision: failures >= after,
                failures,
                reason: format!("refused signatures in a row: {failures}; `disableAfter` is {after}"),
            },
        }
    }
}
