//! Countersign.

mod contract;
mod freshness;
mod gate;
mod limits;
mod log;
mod nearest;
mod payload;
mod place;
mod policy;
mod replay;
mod request;
mod route;
mod schema;
mod shape;
mod signature;
mod time;
mod verdict;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use contract::Options;
pub use contract::error::ContractError;
pub use gate::{Check, Gate};
pub use limits::Limits;
pub use replay::ReplayKey;
pub use request::Request;
pub use route::Event;
pub use shape::Message;
pub use signature::keys::Key;
pub use verdict::{Code, Finding, Outcome, Severity, SignatureReport, Stage, StageReport, StageResult, Verdict};

impl Gate {
    /// Compiles a contract.
    pub fn compile(contract: &str, options: Options) -> Result<Gate, ContractError> {
        contract::compile(contract, options)
    }

    /// May this request pass?
    pub fn check(&self, request: &Request<'_>, check: &Check) -> Verdict {
        self.judge(request, check)
    }

    /// The request's headers with time and signature added.
    pub fn sign(&self, request: &Request<'_>, now: i64) -> Result<Vec<(String, String)>, ContractError> {
        match &self.scheme {
            Some(scheme) => signature::sign::sign(scheme, request, now),
            None => Err(ContractError::new(
                "contract-signature",
                "/signature",
                "the contract declares no signature, so there is nothing to sign",
            )),
        }
    }

    /// What is weak in the contract itself.
    pub fn lint(&self) -> &[Finding] {
        &self.lint
    }
}
