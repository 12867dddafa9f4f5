//! What the doctor reports: proved causes, and what only looks suspicious.

use serde::Serialize;

use super::bench::Bench;
use super::fault::{CauseId, Fault};
use super::mends::{self, Mends};
use crate::signature::signed_part::SignedPart;

/// Why a signature does not match its request, as far as that could be proved.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnosis {
    /// The version of this document's schema.
    pub schema_version: u8,
    /// Whether the signature matches the request as it arrived. If so, any fault is elsewhere.
    pub holds: bool,
    /// The proved causes: with the fault undone, the MAC matches. The smallest edit comes first.
    pub causes: Vec<Cause>,
    /// What looks wrong but could not be proved. This is empty if any cause was proved.
    pub suspects: Vec<Cause>,
    /// How many MACs and digests were computed. Zero means that the scheme's key does not sign, or that the request
    /// has nothing to compare.
    pub tried: usize,
    /// Whether a limit was reached before everything was tried.
    pub capped: bool,
}

/// One fault, where it is, and how to fix it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// The kind of fault. It is stable, so tools can switch on it.
    pub id: CauseId,
    /// Whether the MAC matches once this fault is undone.
    pub proved: bool,
    /// How much was changed to make the MAC match, roughly in bytes. For a key it is a fixed number for each kind.
    pub edits: usize,
    /// Where the fault is: `body`, `header:NAME`, `keys/0`, `/signature/signed` …
    pub at: String,
    /// The fault in words. It never contains a byte of a key, a MAC or a body.
    pub message: String,
    /// How to fix it, for each framework.
    pub mends: Mends,
    /// The bytes as the sender signed them, for a proved cause and if they are requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<Vec<SignedPart>>,
}

impl Default for Diagnosis {
    fn default() -> Self {
        let (causes, suspects) = (Vec::new(), Vec::new());
        Diagnosis { schema_version: 1, holds: false, causes, suspects, tried: 0, capped: false }
    }
}

impl Diagnosis {
    pub(super) fn new(proved: Vec<Fault>, suspects: Vec<Fault>, bench: &Bench<'_>) -> Diagnosis {
        let suspects = if proved.is_empty() { causes(suspects, false) } else { Vec::new() };
        let causes = causes(proved, true);
        Diagnosis { causes, suspects, tried: bench.tried, capped: bench.capped, ..Diagnosis::default() }
    }

    /// The same diagnosis for an answer, which a client reads.
    pub(crate) fn of_answer(mut self) -> Diagnosis {
        for cause in self.causes.iter_mut().chain(&mut self.suspects) {
            cause.mends = mends::of_answer(cause.id);
        }
        self
    }

    /// Returns the canonical JSON text, like [`Verdict::to_json`](crate::Verdict::to_json) for a verdict.
    pub fn to_json(&self) -> String {
        // INVARIANT: every type here serialises to JSON without an error of its own.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Adds to each fault what was signed.
pub(super) fn told(mut faults: Vec<Fault>, signed: &Option<Vec<SignedPart>>) -> Vec<Fault> {
    faults.iter_mut().for_each(|fault| fault.signed.clone_from(signed));
    faults
}

/// The smallest edit of each kind, sorted with the smallest first.
fn causes(mut faults: Vec<Fault>, proved: bool) -> Vec<Cause> {
    faults.sort_by_key(|fault| (fault.edits, fault.id));
    let mut found: Vec<Cause> = Vec::new();
    for fault in faults {
        if !found.iter().any(|cause| cause.id == fault.id) {
            found.push(fault.cause(proved));
        }
    }
    found
}

impl Fault {
    pub fn cause(self, proved: bool) -> Cause {
        let Fault { id, edits, at, message, signed } = self;
        Cause { id, proved, edits, at, message, mends: mends::of(id), signed }
    }
}
