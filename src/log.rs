//! What a request leaves behind on its way: the findings, and the result of each stage.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::check::Check;
use crate::finding::{Code, Finding, Severity, Stage};
use crate::json;
use crate::judged::Judged;
use crate::verdict::{StageReport, StageResult};

/// How far a walk goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Depth {
    /// Everything that is wrong is reported.
    Everything,
    /// The first error ends it.
    FirstError,
    /// The first error ends it, and of that only the status counts.
    Decision,
}

impl Depth {
    pub fn of(check: &Check) -> Depth {
        if check.stop_at_first { Depth::FirstError } else { Depth::Everything }
    }
}

pub(crate) struct Log<'g> {
    depth: Depth,
    findings: Vec<Finding>,
    /// A bit for each stage.
    judged: u16,
    pub api_version: Option<&'g str>,
    /// The key that verified the signature.
    pub key: Option<Cow<'g, str>>,
    pub skew_seconds: Option<i64>,
}

impl<'g> Log<'g> {
    pub fn new(depth: Depth) -> Log<'g> {
        Log { depth, findings: Vec::new(), judged: 0, api_version: None, key: None, skew_seconds: None }
    }

    /// The beginning of a JSON array: the stages that passed, the version and the key.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        json::write(out, &(self.judged >> Stage::Request as u16));
        out.push(b',');
        json::write(out, &self.api_version);
        out.push(b',');
        json::write(out, &self.key);
        out.push(b',');
    }

    /// The end of that array: the stages that warn, and at most so many of the findings. Nothing if nothing was found.
    pub fn write_notes(&self, out: &mut Vec<u8>, limit: usize) {
        if !self.findings.is_empty() {
            let warns = |stage: &Stage| self.result(*stage) == StageResult::Warn;
            let bits = Stage::ALL.into_iter().filter(warns).fold(0, |bits, stage| bits | 1_u16 << stage as u16);
            out.push(b',');
            json::write(out, &(bits >> Stage::Request as u16));
            out.push(b',');
            json::write(out, &shown(sorted(self.findings.clone()), limit));
        }
    }

    /// Whether nobody will read what is found.
    pub fn decides(&self) -> bool {
        self.depth == Depth::Decision
    }

    /// What the stage proved, if anything. Its findings are kept.
    #[inline]
    pub fn take<P>(&mut self, stage: Stage, judged: Judged<P>) -> Option<P> {
        if matches!(judged, Judged::Holds(..) | Judged::Fails(_)) {
            self.judged |= 1 << stage as u16;
        }
        let (proof, findings) = judged.into_parts();
        if !findings.is_empty() {
            self.keep(findings);
        }
        proof
    }

    #[cold]
    fn keep(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    /// `None` if the first error is enough and there is one.
    pub fn go_on(&self) -> Option<()> {
        (self.depth == Depth::Everything || !self.rejects()).then_some(())
    }

    pub fn rejects(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Every stage, in order.
    pub fn stages(&self) -> Vec<StageReport> {
        Stage::ALL.into_iter().map(|stage| StageReport { stage, result: self.result(stage) }).collect()
    }

    fn result(&self, stage: Stage) -> StageResult {
        let worst = self.findings.iter().filter(|finding| finding.stage == stage).map(|finding| finding.severity).max();
        match worst {
            Some(Severity::Error) => StageResult::Fail,
            Some(Severity::Warning) => StageResult::Warn,
            _ if self.judged & (1 << stage as u16) != 0 => StageResult::Pass,
            _ => StageResult::Skipped,
        }
    }

    /// All findings, in the order of the stages. Every decision is made from these.
    pub fn findings(self) -> Vec<Finding> {
        sorted(self.findings)
    }
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.stage);
    findings
}

/// The findings that are shown: the most severe, at most `limit` of them, in their original order. They are cut after
/// every decision, so a list that is too long does not change the verdict.
pub(crate) fn shown(findings: Vec<Finding>, limit: usize) -> Vec<Finding> {
    let kept = limit.max(1);
    let left_out = findings.len().saturating_sub(kept);
    if left_out == 0 {
        return findings;
    }
    let total = findings.len();
    let mut ranked: Vec<(usize, Finding)> = findings.into_iter().enumerate().collect();
    ranked.sort_by_key(|(place, finding)| (Reverse(finding.severity), *place));
    let first_left_out = ranked.get(kept).map(|(_, finding)| finding.stage);
    ranked.truncate(kept);
    ranked.sort_by_key(|(place, _)| *place);
    let mut shown: Vec<Finding> = ranked.into_iter().map(|(_, finding)| finding).collect();
    // INVARIANT: something is left out, and something is shown.
    let stage = shown.last().map(|finding| finding.stage).max(first_left_out).unwrap_or(Stage::Request);
    let message = format!("{left_out} findings more are left out");
    let note = Finding::info(Code::Limit("findings"), stage, message).with("got", total).with("allowed", limit);
    shown.push(note);
    shown
}
