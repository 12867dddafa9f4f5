//! Stage 8, and the deployment packs: Rego policies over a payload or over a set of documents. They need the
//! feature `policy`; without it, everything that would need the machine is refused (`absent`).

use serde_json::Value;

use crate::json::Json;
use crate::judged::Judged;

#[cfg(not(feature = "policy"))]
mod absent;
#[cfg(feature = "policy")]
mod annotations;
#[cfg(feature = "policy")]
mod builtins;
#[cfg(feature = "policy")]
mod check;
#[cfg(feature = "policy")]
mod coverage;
#[cfg(feature = "policy")]
mod documents;
#[cfg(feature = "policy")]
mod exceptions;
#[cfg(feature = "policy")]
mod findings;
#[cfg(feature = "policy")]
mod gatekeeper;
#[cfg(feature = "policy")]
mod lints;
#[cfg(feature = "policy")]
mod pack;
#[cfg(feature = "policy")]
mod places;
#[cfg(feature = "policy")]
mod problems;
#[cfg(feature = "policy")]
mod report;
#[cfg(feature = "policy")]
mod rules;
#[cfg(feature = "policy")]
mod selector;
#[cfg(feature = "policy")]
mod suite;
#[cfg(feature = "policy")]
mod templates;
#[cfg(feature = "policy")]
mod values;
#[cfg(feature = "policy")]
mod webhook;
#[cfg(feature = "policy")]
mod why;

pub use crate::error::PolicyError;
pub use crate::limits::PolicyLimits;
#[cfg(not(feature = "policy"))]
pub use absent::{Pack, Policy, Report};
#[cfg(feature = "policy")]
pub use annotations::Annotation;
#[cfg(feature = "policy")]
pub use pack::{Pack, RuleFacts};
#[cfg(feature = "policy")]
pub use report::{Counts, ModuleFacts, PackFinding, PackVerdict, Read, Report, Resource};
#[cfg(feature = "policy")]
pub use suite::{TestCase, TestCounts, TestOptions, TestOutcome, TestReport, TestResult, run_tests};
#[cfg(feature = "policy")]
pub use webhook::Policy;
#[cfg(feature = "policy")]
pub use {
    coverage::*,
    why::{At, NamedValue, Step, Stop, Trace, Why},
};

/// Proof that no rule denies. Made only by [`judge`].
#[derive(Debug)]
pub(crate) struct Permitted {
    _made_here: (),
}

/// Stage 8. Rules see `body` and further facts, which are only made if there is a policy to see them.
pub(crate) fn judge(
    policy: Option<&Policy>,
    body: Option<Json<'_>>,
    facts: impl FnOnce() -> Value,
    now: i64,
) -> Judged<Permitted> {
    let permitted = || Permitted { _made_here: () };
    match policy {
        Some(policy) => Judged::of(policy.judge_body(body, &facts(), now), permitted),
        None => Judged::Undeclared(permitted()),
    }
}
