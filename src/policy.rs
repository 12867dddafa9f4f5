//! Stage 8, and the deployment packs: Rego policies over a payload or over a set of documents. The only
//! room that names `regorus`.
//!
//! What the evaluator would hang or panic on is kept from it: `guard` judges a module's text before it is
//! parsed, `builtins` puts safe functions in place of some of its own, and `budget` stops an evaluation
//! after so many steps. A rule that fails to evaluate is an error in the report, never a pass.

use serde::Deserialize;

#[cfg(not(feature = "policy"))]
mod absent;
#[cfg(feature = "policy")]
mod annotations;
#[cfg(feature = "policy")]
mod budget;
#[cfg(feature = "policy")]
mod builtins;
#[cfg(feature = "policy")]
mod checks;
#[cfg(feature = "policy")]
mod documents;
mod error;
#[cfg(feature = "policy")]
mod findings;
#[cfg(feature = "policy")]
mod guard;
#[cfg(feature = "policy")]
mod heads;
#[cfg(feature = "policy")]
mod pack;
#[cfg(feature = "policy")]
mod problem;
#[cfg(feature = "policy")]
mod report;
#[cfg(feature = "policy")]
mod rules;
#[cfg(feature = "policy")]
mod scan;
#[cfg(feature = "policy")]
mod sprintf;
mod stage;
#[cfg(feature = "policy")]
mod suite;
#[cfg(feature = "policy")]
mod webhook;

#[cfg(not(feature = "policy"))]
pub use absent::{Pack, Policy, Report};
pub use error::PolicyError;
#[cfg(feature = "policy")]
pub use pack::Pack;
#[cfg(feature = "policy")]
pub use report::{Counts, PackFinding, PackVerdict, Report, Resource};
pub(crate) use stage::{Permitted, judge};
#[cfg(feature = "policy")]
pub use suite::{TestOutcome, TestResult, run_tests};
#[cfg(feature = "policy")]
pub use webhook::Policy;

/// What policies may cost. Each is a named limit; reaching one is an error, never a pass.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PolicyLimits {
    /// Bytes that one call of a builtin function may produce.
    pub builtin_bytes: usize,
    /// Items that one call of a builtin function may produce.
    pub builtin_items: usize,
    /// Steps that all evaluations of one check may take together.
    pub check_steps: u64,
    /// How deep a document may be nested.
    pub document_depth: usize,
    /// Documents of one check, with those in lists.
    pub documents: usize,
    /// Findings that are reported of one check.
    pub findings: usize,
    /// Bytes of one module.
    pub policy_bytes: usize,
    /// Characters of one line of a module.
    pub policy_columns: u32,
    /// How deep a literal may be nested in a module.
    pub policy_depth: u32,
    /// Lines of one module.
    pub policy_lines: usize,
    /// Steps that one rule may take on one document.
    pub policy_steps: u64,
}

impl Default for PolicyLimits {
    fn default() -> Self {
        PolicyLimits {
            builtin_bytes: 1 << 20,
            builtin_items: 100_000,
            check_steps: 50_000_000,
            document_depth: 96,
            documents: 20_000,
            findings: 10_000,
            policy_bytes: 1 << 20,
            policy_columns: 4096,
            policy_depth: 8,
            policy_lines: 20_000,
            policy_steps: 2_000_000,
        }
    }
}
