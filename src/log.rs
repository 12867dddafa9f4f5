//! What a request leaves behind on its way: findings and the result of each stage.

use crate::finding::{Code, Finding, Severity, Stage};
use crate::judged::Judged;
use crate::verdict::{SignatureReport, StageReport, StageResult};

pub(crate) struct Log {
    stop_at_first: bool,
    findings: Vec<Finding>,
    judged: Vec<Stage>,
    pub api_version: Option<String>,
    pub signature: Option<SignatureReport>,
    pub skew_seconds: Option<i64>,
}

impl Log {
    pub fn new(stop_at_first: bool) -> Log {
        Log {
            stop_at_first,
            findings: Vec::new(),
            judged: Vec::new(),
            api_version: None,
            signature: None,
            skew_seconds: None,
        }
    }

    /// What the stage proved, if it did. Its findings are kept.
    pub fn take<P>(&mut self, stage: Stage, judged: Judged<P>) -> Option<P> {
        if matches!(judged, Judged::Holds(..) | Judged::Fails(_)) {
            self.judged.push(stage);
        }
        let (proof, findings) = judged.into_parts();
        self.findings.extend(findings);
        proof
    }

    /// `None` where the first error is enough, and there is one.
    pub fn go_on(&self) -> Option<()> {
        (!(self.stop_at_first && self.rejects())).then_some(())
    }

    pub fn rejects(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Every stage in the house's order.
    pub fn stages(&self) -> Vec<StageReport> {
        Stage::ALL.into_iter().map(|stage| StageReport { stage, result: self.result(stage) }).collect()
    }

    fn result(&self, stage: Stage) -> StageResult {
        let worst = self.findings.iter().filter(|finding| finding.stage == stage).map(|finding| finding.severity).max();
        match worst {
            Some(Severity::Error) => StageResult::Fail,
            Some(Severity::Warning) => StageResult::Warn,
            _ if self.judged.contains(&stage) => StageResult::Pass,
            _ => StageResult::Skipped,
        }
    }

    /// In the order of the stages, and no more than `limit`.
    pub fn findings(mut self, limit: usize) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| finding.stage);
        let total = self.findings.len();
        if let Some(last) = self.findings.get(limit.max(1)).map(|finding| finding.stage) {
            self.findings.truncate(limit.max(1));
            let message = format!("{} findings more are left out", total - limit.max(1));
            self.findings
                .push(Finding::info(Code::Limit("findings"), last, message).with("got", total).with("allowed", limit));
        }
        self.findings
    }
}
