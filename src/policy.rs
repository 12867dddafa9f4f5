//! Stage 8, and the deployment packs: Rego policies over a payload or over a set of documents. `rego` needs the
//! feature `policy`; without it everything that would need the evaluator is refused (`absent`).

use serde::Deserialize;

#[cfg(not(feature = "policy"))]
mod absent;
mod error;
#[cfg(feature = "policy")]
mod rego;
mod stage;

#[cfg(not(feature = "policy"))]
pub use absent::{Pack, Policy, Report};
pub use error::PolicyError;
#[cfg(feature = "policy")]
pub use rego::{Counts, Pack, PackFinding, PackVerdict, Policy, Report, Resource, TestOutcome, TestResult, run_tests};
pub(crate) use stage::{Permitted, judge};

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
