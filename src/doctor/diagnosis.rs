//! What the doctor says: causes that were proved, and what only looks suspicious.

use serde::Serialize;

use super::bench::Bench;
use super::fault::{CauseId, Fault};
use super::mends::{self, Mends};
use crate::signature::signed_part::SignedPart;

/// Why a signature does not belong to its request, as far as it could be proved.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnosis {
    /// Of this document's form.
    pub schema_version: u8,
    /// The signature is that of the request as it arrived: what is wrong, if anything is, is not the signature.
    pub holds: bool,
    /// All proved: with the fault undone, the MAC matches. The smallest edit first.
    pub causes: Vec<Cause>,
    /// What looks wrong and could not be proved; only where nothing was.
    pub suspects: Vec<Cause>,
    /// MACs and digests that were computed. None: the scheme's key does not sign, or nothing was brought to compare.
    pub tried: usize,
    /// A limit was reached before everything was tried.
    pub capped: bool,
}

/// One fault, where it stands, and how to mend it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// Stable: tools switch on it.
    pub id: CauseId,
    /// The MAC matches once this is undone.
    pub proved: bool,
    /// How much was changed to make it match: about as many bytes; what concerns a key is a fixed number a kind.
    pub edits: usize,
    /// What holds the fault: `body`, `header:NAME`, `keys/0`, `/signature/signed` …
    pub at: String,
    /// In words, without a byte of a key, a MAC or a body.
    pub message: String,
    /// What to do about it, by framework.
    pub mends: Mends,
    /// The bytes as the sender signed them, of a proved cause and where that is asked for.
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

    /// The same of an answer: who reads it is a client.
    pub(crate) fn of_answer(mut self) -> Diagnosis {
        for cause in self.causes.iter_mut().chain(&mut self.suspects) {
            cause.mends = mends::of_answer(cause.id);
        }
        self
    }

    /// The canonical text, as [`Verdict::to_json`](crate::Verdict::to_json) is that of a verdict.
    pub fn to_json(&self) -> String {
        // INVARIANT: every type here serialises to JSON without an error of its own.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Each with what was signed.
pub(super) fn told(mut faults: Vec<Fault>, signed: &Option<Vec<SignedPart>>) -> Vec<Fault> {
    faults.iter_mut().for_each(|fault| fault.signed.clone_from(signed));
    faults
}

/// The smallest edit of each kind, the smallest of all first.
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
