//! The result of a stage. A proof never comes with an error, and an error never comes without a finding.

use crate::finding::{Finding, Severity};

/// A proof, or why there is none.
pub(crate) enum Judged<P> {
    /// It holds.
    Holds(P, Notes),
    /// It does not.
    Fails(Errors),
    /// The contract requires nothing here, which is proof enough.
    Undeclared(P),
    /// What would be judged is missing, and another stage says why.
    Absent,
}

/// Findings that only warn or inform. Made only by [`Judged`].
#[derive(Clone)]
pub(crate) struct Notes(Vec<Finding>);

/// Findings, at least one of which is an error. Made only by [`Judged`].
#[derive(Clone)]
pub(crate) struct Errors(Vec<Finding>);

impl<P> Judged<P> {
    /// It holds unless a finding is an error.
    pub fn of(findings: Vec<Finding>, proof: impl FnOnce() -> P) -> Judged<P> {
        if is_error(&findings) { Judged::Fails(Errors(findings)) } else { Judged::Holds(proof(), Notes(findings)) }
    }

    /// There is no proof. Without an error among the findings, another stage has to say why.
    pub fn unproved(findings: Vec<Finding>) -> Judged<P> {
        if is_error(&findings) { Judged::Fails(Errors(findings)) } else { Judged::Absent }
    }

    /// The same, borrowing the proof.
    pub fn as_ref(&self) -> Judged<&P> {
        match self {
            Judged::Holds(proof, notes) => Judged::Holds(proof, notes.clone()),
            Judged::Fails(errors) => Judged::Fails(errors.clone()),
            Judged::Undeclared(proof) => Judged::Undeclared(proof),
            Judged::Absent => Judged::Absent,
        }
    }

    pub fn proof(&self) -> Option<&P> {
        match self {
            Judged::Holds(proof, _) | Judged::Undeclared(proof) => Some(proof),
            Judged::Fails(_) | Judged::Absent => None,
        }
    }

    pub fn into_parts(self) -> (Option<P>, Vec<Finding>) {
        match self {
            Judged::Holds(proof, Notes(findings)) => (Some(proof), findings),
            Judged::Fails(Errors(findings)) => (None, findings),
            Judged::Undeclared(proof) => (Some(proof), Vec::new()),
            Judged::Absent => (None, Vec::new()),
        }
    }
}

fn is_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
