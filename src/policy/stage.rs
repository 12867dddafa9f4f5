//! Stage 8, with or without an evaluator: what no policy denies is permitted.

use super::Policy;
use crate::verdict::{Finding, Severity};

/// Proof that no rule denies. Made by [`judge`] alone.
#[derive(Debug)]
pub(crate) struct Permitted {
    _made_here: (),
}

/// Stage 8. `input` is only made when there is a policy to see it.
pub(crate) fn judge(
    policy: Option<&Policy>,
    input: impl FnOnce() -> serde_json::Value,
    now: i64,
) -> (Option<Permitted>, Vec<Finding>) {
    let findings = policy.map(|policy| policy.judge(input(), now)).unwrap_or_default();
    let denied = findings.iter().any(|finding| finding.severity == Severity::Error);
    ((!denied).then_some(Permitted { _made_here: () }), findings)
}
