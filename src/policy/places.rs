//! Where a finding is, if the rule does not say.

use countersign_rego::value::Value;

use super::documents::Entry;
use super::findings::Raw;
use super::report::Read;
use super::rules::{Rule, Rules};
use crate::limits::PolicyLimits;

/// A place that a finding rests on, within what the rule saw as `input`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Place {
    /// A JSON Pointer.
    pub pointer: String,
    /// Whether nothing is there.
    pub absent: bool,
}

impl Place {
    /// The place itself, or, of what is absent, where it would be.
    pub fn there(&self) -> String {
        match self.pointer.rsplit_once('/') {
            Some((parent, _)) if self.absent => parent.to_owned(),
            _ => self.pointer.clone(),
        }
    }

    /// The same, seen from the caller's document.
    pub fn below(self, prefix: &str) -> Read {
        Read { at: format!("{prefix}{}", self.pointer), absent: self.absent }
    }
}

/// For each finding the places that it rests on, the likeliest first.
pub(super) fn places(
    _rules: &Rules,
    _rule: &Rule,
    _entry: Option<&Entry>,
    _data: &Value,
    found: &[(Value, Raw)],
    _limits: &PolicyLimits,
    _now: i64,
) -> Vec<Vec<Place>> {
    found.iter().map(|_| Vec::new()).collect()
}
