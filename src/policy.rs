//! Stage 8, and the deployment packs: Rego policies over a payload or over a set of documents. They need the
//! feature `policy`; without it, everything that would need the machine is refused (`absent`).

use serde_json::Value;

use crate::json::Json;
use crate::judged::Judged;

#[cfg(not(feature = "policy"))]
mod absent;
#[cfg(feature = "policy")]
mod rego;

pub use crate::error::PolicyError;
pub use crate::limits::PolicyLimits;
#[cfg(not(feature = "policy"))]
pub use absent::{Pack, Policy, Report};
#[cfg(feature = "policy")]
pub use rego::*;

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
