//! What a registry says of one request: the verdict, what the sender should see, and whether the hook is to be
//! disabled.

use serde::Serialize;

use crate::finding::{Finding, Severity, Stage};
use crate::shape::Message;
use crate::verdict::{Outcome, StageResult, Verdict};

/// The order of the members is the order on the wire, as in a [`Verdict`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HookOutcome {
    /// Of this document's form.
    pub schema_version: u8,
    /// The hook that the request is for. None where no hook stands at its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// The hook's note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// May it pass?
    pub verdict: Verdict,
    /// What the sender should see.
    pub answer: Answer,
    /// Whether its sender should go on calling the hook.
    pub disable: Disable,
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The verdict's.
    pub status: u16,
    /// Of the body, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<&'static str>,
    /// JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Body {
    /// The contract's own: the answer of a handshake.
    Message(Message),
    /// RFC 9457. Where signature or freshness failed, the sender learns nothing from it but the status.
    Problem {
        /// `about:blank`, or `urn:countersign:code:CODE`.
        #[serde(rename = "type")]
        kind: String,
        /// The status in words.
        title: &'static str,
        /// The status once more.
        status: u16,
        /// Why the hook is disabled.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
        /// Where in the request the first mistake stands.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<String>,
    },
    /// That the message came.
    Receipt {
        /// Always true.
        received: bool,
        /// Of the event, where the contract names one.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// It came before.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        duplicate: bool,
    },
}

/// The decision, and what it stands on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Disable {
    /// Whether the hook is to be disabled now.
    pub decision: bool,
    /// Refused signatures in a row, this request with them: what to give to the next check.
    pub failures: u32,
    /// Why, or why not.
    pub reason: String,
}

impl HookOutcome {
    /// The canonical text: no white space, members in order. Byte for byte the same in every runtime.
    pub fn to_json(&self) -> String {
        // INVARIANT: every type here serialises to JSON without an error of its own.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Answer {
    /// `receipt`: whether one is needed when the message passes.
    pub(super) fn to(verdict: &Verdict, receipt: bool) -> Answer {
        let refused = first_error(verdict);
        let body = match (verdict.verdict, refused) {
            (Outcome::Reject, Some(finding)) => Some(problem(verdict, finding)),
            _ => match &verdict.answer {
                Some(message) => Some(Body::Message(message.clone())),
                None => receipt.then(|| receipt_of(verdict)),
            },
        };
        let content_type = body.as_ref().map(|body| match body {
            Body::Problem { .. } => "application/problem+json",
            Body::Message(_) | Body::Receipt { .. } => "application/json",
        });
        // INVARIANT: a registry judges requests alone, and their verdicts have a status.
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
    Body::Receipt { received: true, id, duplicate: verdict.verdict == Outcome::Ignore }
}

impl Disable {
    pub(super) fn no(failures: u32, reason: &str) -> Disable {
        Disable { decision: false, failures, reason: reason.to_owned() }
    }

    /// `earlier`: refused signatures in a row before this request. `after`: how many of them disable the hook.
    pub(super) fn decide(verdict: &Verdict, earlier: u32, after: Option<u32>) -> Disable {
        // What the sender sees. Nothing is decided by a later finding, which a limit may cut off.
        let refused = first_error(verdict)
            .is_some_and(|finding| finding.stage == Stage::Signature && !finding.code.is_of_missing_field());
        if !refused {
            return match result(verdict, Stage::Signature) {
                StageResult::Pass => Disable::no(0, "the signature verified"),
                _ => Disable::no(earlier, "the request was not refused for its signature"),
            };
        }
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
