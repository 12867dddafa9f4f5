//! Countersign answers one question about bytes that arrive from elsewhere: *may this pass?*
//!
//! A webhook request goes through a [`Gate`], which is a compiled contract: signature, freshness,
//! replay, payload, version, schema, policy. A deployment goes through a [`Pack`] of Rego baselines.
//! Both give the same kind of [`Finding`].
//!
//! ```
//! use countersign::{Check, Gate, Key, Options, Outcome, Request};
//!
//! let contract = r#"{ "contract": "orders", "version": 1,
//!     "signature": { "engine": "segments", "key": { "algorithm": "hmac-sha256" },
//!         "from": { "header": "x-signature" }, "shape": { "kind": "plain" }, "encoding": "hex",
//!         "signed": [ { "body": "raw" } ] },
//!     "schema": { "required": ["id"] } }"#;
//! let key = Key::secret("a secret of some length");
//! let gate = Gate::compile(contract, Options::with_keys(vec![key]))?;
//!
//! let check = Check::at(1_717_030_000);
//! let unsigned = Request::new("POST", "/", &[], br#"{"id":1}"#);
//! let verdict = gate.check(&unsigned, &check);
//! assert_eq!(verdict.verdict, Outcome::Reject);
//! assert_eq!(verdict.findings[0].code.to_string(), "signature-missing");
//!
//! let signed = gate.sign(&unsigned, check.now, None)?;
//! let signed = Request::new("POST", "/", &signed.headers, br#"{"id":1}"#);
//! assert_eq!(gate.check(&signed, &check).verdict, Outcome::Accept);
//! # Ok::<(), countersign::ContractError>(())
//! ```
//!
//! # What it does not do
//!
//! It reads no clock, no file, no environment, no network and no random number: bytes, configuration
//! and `now` come in as values. It keeps no replay keys: it derives them, and the caller's store keeps
//! them. It fetches no schema and no policy.

mod about;
mod call;
mod case;
mod check;
mod codes;
mod compile;
mod covered;
mod dead_letter;
mod doctor;
mod duplicate;
mod error;
mod finding;
mod freshness;
mod gate;
mod grammar;
mod hook_rules;
mod json;
mod judged;
mod limits;
mod lint;
mod log;
mod nearest;
pub mod negotiation;
mod payload;
pub mod pkce;
mod place;
pub mod policy;
pub mod registry;
mod replay;
mod request;
pub mod retry;
mod route;
mod schema;
mod shape;
mod signature;
mod target;
mod time;
mod urlencoded;
mod verdict;
#[cfg(target_arch = "wasm32")]
mod wasm;
mod whole;

pub use about::{About, MessageKind};
pub use call::{Misuse, call};
pub use check::Check;
pub use compile::Options;
pub use dead_letter::DeadLetter;
pub use doctor::{Cause, CauseId, Diagnosis, Mends};
pub use error::{ContractCode, ContractError};
pub use finding::{Code, Finding, Severity, Stage};
pub use gate::Gate;
pub use limits::{DoctorLimits, Limits};
pub use policy::Pack;
pub use registry::Registry;
pub use replay::ReplayKey;
pub use request::Request;
pub use route::Event;
pub use shape::{Message, Shaped};
pub use signature::keys::Key;
pub use signature::sign::Signed as SignedRequest;
pub use signature::signed_part::{SignedBytes, SignedPart};
pub use verdict::{Outcome, SignatureReport, StageReport, StageResult, Verdict};

impl Gate {
    /// Compiles a contract: its JSON text, and what stands beside it.
    ///
    /// # Errors
    ///
    /// The contract author's mistakes and keys that cannot be right, each with its own code.
    pub fn compile(contract: &str, options: Options) -> Result<Gate, ContractError> {
        compile::compile(contract, options)
    }

    /// Compiles a contract with all it needs from one JSON text, `{ contract, files, keys, params, limits }`.
    ///
    /// # Errors
    ///
    /// As [`Gate::compile`].
    pub fn from_json(source: &str) -> Result<Gate, ContractError> {
        compile::compile_source(source)
    }

    /// May this request pass? Whatever is wrong with it is a finding; nothing here fails or panics.
    pub fn check(&self, request: &Request<'_>, check: &Check) -> Verdict {
        self.judge(request, check)
    }

    /// The verdict's text of a copy of an accepted message, from the accept's: what [`Gate::check`] would say with its
    /// replay key among those seen, without judging the copy again. `None` where the text is no accept with a replay
    /// key, or lists as many findings as the limit allows: check again then.
    pub fn duplicate(&self, accepted: &str) -> Option<String> {
        self.duplicate_of(accepted)
    }

    /// The request with the time (`now`, Unix seconds), the `nonce` where the contract has a field of 16 hex
    /// digits or asks for that parameter (RFC 9421), and the signature added as the contract says, under the first key.
    ///
    /// # Errors
    ///
    /// When nothing is signed, a field that is signed is not there, or an answer is to be signed by a contract of
    /// requests, and the other way round.
    pub fn sign(&self, request: &Request<'_>, now: i64, nonce: Option<&str>) -> Result<SignedRequest, ContractError> {
        if let Some(finding) = self.kind.other_kind(request) {
            return Err(ContractError::new(
                ContractCode::ContractSignature,
                "/signature",
                format!("cannot sign: {}", finding.message),
            ));
        }
        let read =
            |request: &request::Received<'_>| self.reader.read(request).proof().map(|payload| payload.value.clone());
        signature::sign::sign(self.scheme.as_ref(), request, self.origin.as_ref(), now, nonce, &read)
    }

    /// The canonical message of a native event, for its sender to sign. The event is read as strictly as in a check;
    /// signature, schema and policy are not asked, for the next check judges the message.
    ///
    /// # Errors
    ///
    /// When the contract has no `shape`.
    pub fn shape(&self, request: &Request<'_>, now: i64) -> Result<Shaped, ContractError> {
        self.shaped(request, now)
    }

    /// Why the signature does not belong to this request: every cause is proved, for with the fault undone the
    /// MAC matches. Costs up to [`DoctorLimits`], so it is for a screen, and never for the request path.
    /// Nothing of a key, a MAC or a body is in what it says.
    pub fn explain(&self, request: &Request<'_>, now: i64) -> Diagnosis {
        // INVARIANT: only another key can be wrong, and there is none.
        self.diagnose(request, now, &[], false).unwrap_or_default()
    }

    /// As [`Gate::explain`], with further keys that the sender may have used: of another environment, another
    /// endpoint. The gate never takes them.
    ///
    /// # Errors
    ///
    /// When one of them is no key of the contract's kind.
    pub fn explain_with(
        &self,
        request: &Request<'_>,
        now: i64,
        other_keys: &[Key],
    ) -> Result<Diagnosis, ContractError> {
        self.diagnose(request, now, other_keys, false)
    }

    /// As [`Gate::explain_with`], and a proved cause has the bytes that were signed, as far as a MAC over them
    /// proved it: the request's own, so it is nothing to log.
    ///
    /// # Errors
    ///
    /// As [`Gate::explain_with`].
    pub fn explain_signed(
        &self,
        request: &Request<'_>,
        now: i64,
        other_keys: &[Key],
    ) -> Result<Diagnosis, ContractError> {
        self.diagnose(request, now, other_keys, true)
    }

    /// The bytes that the gate takes for signed, part by part, for a screen. `None` where the contract declares no
    /// signature, a field that is signed is missing, or there is no proof or HTTP message signature to judge.
    pub fn signed_bytes(&self, request: &Request<'_>) -> Option<SignedBytes> {
        self.signed(request)
    }

    /// What is weak in the contract itself: it compiles, and these are warnings.
    pub fn lint(&self) -> &[Finding] {
        &self.lint
    }

    /// What [`retry::delay`] is told by the contract's `retry`; `now` in Unix seconds.
    pub fn retry(&self, now: i64) -> retry::DelayOptions {
        retry::DelayOptions { now, ..self.retry.clone() }
    }
}
