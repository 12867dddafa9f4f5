//! Replaces the evaluator if the crate is built without `policy`. Everything that would need the evaluator is refused
//! when it is loaded, so that a contract with a policy never judges without it.

use std::convert::Infallible;

use serde::Serialize;

use crate::error::{ContractCode, ContractError};
use crate::finding::Finding;
use crate::limits::PolicyLimits;

/// The policies of a contract: there are none.
#[derive(Debug)]
pub struct Policy {
    never: Infallible,
}

impl Policy {
    pub(crate) fn compile(
        _: &[(String, String)],
        _: &serde_json::Value,
        _: &PolicyLimits,
    ) -> Result<Policy, ContractError> {
        Err(refused("/policy"))
    }

    pub(super) fn judge_body(&self, _: Option<crate::json::Json<'_>>, _: &serde_json::Value, _: i64) -> Vec<Finding> {
        match self.never {}
    }
}

/// A set of Rego baselines: there are none.
#[derive(Debug)]
pub struct Pack {
    never: Infallible,
}

impl Pack {
    /// Refuses every pack.
    ///
    /// # Errors
    ///
    /// Always fails.
    pub fn from_json(_: &str) -> Result<Pack, ContractError> {
        Err(refused(""))
    }

    /// Never reached: there is no pack.
    ///
    /// # Errors
    ///
    /// Never fails.
    pub fn check_json(&self, _: &str) -> Result<Report, ContractError> {
        match self.never {}
    }
}

macro_rules! never {
    ($($name:ident),*) => {
        impl Pack {
            $(
                /// Never reached: there is no pack.
                ///
                /// # Errors
                ///
                /// Never fails.
                pub fn $name(&self, _: &str) -> Result<Report, ContractError> {
                    match self.never {}
                }
            )*

            /// Never reached: there is no pack.
            pub fn rules(&self) -> Vec<Report> {
                match self.never {}
            }
        }
    };
}

never!(test_json, coverage_json, why_json, trace_json);

/// The report of a pack: there is none.
#[derive(Clone, Copy, Debug, Serialize)]
pub enum Report {}

fn refused(at: &str) -> ContractError {
    ContractError::new(
        ContractCode::ContractPolicy,
        at,
        "this is the slim build, which has no evaluator for Rego policies",
    )
    .help("import it without `/slim`, from `countersign` or `countersign/edge`, or build the crate with its feature `policy`")
}
