//! The verdict on a copy of an accepted message, made from the accept: nothing is judged again.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::finding::{Severity, Stage};
use crate::gate::Gate;
use crate::replay;
use crate::verdict::{Outcome, StageReport, StageResult};

/// The members of an accept that a duplicate keeps, in order. Only an accept has an event, a message and a handshake.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Text<'a> {
    schema_version: u8,
    #[serde(borrow)]
    contract: &'a RawValue,
    verdict: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_text: Option<String>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    api_version: Option<&'a RawValue>,
    stages: Vec<StageReport>,
    #[serde(borrow)]
    replay: &'a RawValue,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    signature: Option<&'a RawValue>,
    #[serde(borrow)]
    findings: Vec<&'a RawValue>,
}

/// The part of a finding that decides its place in the list.
#[derive(Deserialize)]
struct Placed {
    stage: Stage,
}

impl Gate {
    /// The text of a copy's verdict, made from that of the accept. `None` if it is not an accept with a replay key, or
    /// if its list of findings is full.
    pub(crate) fn duplicate_of(&self, accepted: &str) -> Option<String> {
        let on_duplicate = self.memory.as_ref()?.on_duplicate();
        let mut text: Text<'_> =
            serde_json::from_str(accepted).ok().filter(|text: &Text<'_>| text.verdict == Outcome::Accept)?;
        if text.findings.len() >= self.limits.findings {
            return None;
        }
        let finding = replay::duplicate(on_duplicate);
        let rejects = finding.severity == Severity::Error;
        text.verdict = if rejects { Outcome::Reject } else { Outcome::Ignore };
        if rejects {
            let replay = text.stages.iter_mut().filter(|report| report.stage == Stage::Replay);
            replay.for_each(|report| report.result = StageResult::Fail);
        }
        let status = text.status.map(|_| self.statuses.of(text.verdict, std::slice::from_ref(&finding)));
        (text.status, text.status_text) = status.map(|(status, words)| (status, words.to_owned())).unzip();
        let later = |found: &&RawValue| {
            serde_json::from_str::<Placed>(found.get()).is_ok_and(|placed| placed.stage > Stage::Replay)
        };
        let at = text.findings.iter().position(later).unwrap_or(text.findings.len());
        let own = serde_json::value::to_raw_value(&finding).ok()?;
        text.findings.insert(at, &own);
        serde_json::to_string(&text).ok()
    }
}
