//! Countersign answers one question about bytes that arrive from elsewhere: *may this pass?*
//!
//! A webhook request goes through a [`Gate`], which is a compiled contract: signature, freshness, replay, payload,
//! version, schema, policy. A deployment goes through a [`Pack`] of Rego baselines. Both produce the same kind of
//! [`Finding`].
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
//! It reads no clock, no file, no environment, no network and no random numbers: bytes, configuration and `now` come
//! in as values. It stores no replay keys: it derives them, and the caller's store keeps them. It fetches no schemas
//! and no policies.

#![cfg_attr(small, feature(optimize_attribute))]

mod about;
mod call;
mod case;
mod characters;
mod check;
mod codes;
mod compile;
mod covered;
mod dead_letter;
mod doctor;
#[doc(hidden)]
pub mod door;
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
mod names;
mod nearest;
pub mod negotiation;
mod pattern;
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
pub use gate::{Decision, Gate};
pub use limits::{DoctorLimits, Limits};
pub use policy::Pack;
pub use registry::Registry;
pub use replay::ReplayKey;
pub use request::Request;
pub use route::Event;
#[cfg(feature = "second-opinion")]
pub use schema::SecondOpinion;
pub use shape::{Message, Shaped};
pub use signature::keys::Key;
pub use signature::sign::Signed as SignedRequest;
pub use signature::signed_part::{SignedBytes, SignedPart};
pub use verdict::{Outcome, SignatureReport, StageReport, StageResult, Verdict};

impl Gate {
    /// Compiles a contract from its JSON text and the options that go with it.
    ///
    /// # Errors
    ///
    /// Fails on a mistake in the contract and on a key that cannot be right. Each error has its own code.
    pub fn compile(contract: &str, options: Options) -> Result<Gate, ContractError> {
        compile::compile(contract, options)
    }

    /// Compiles a contract from one JSON text that holds everything it needs: `{ contract, files, keys, params, limits
    /// }`.
    ///
    /// # Errors
    ///
    /// Fails as [`Gate::compile`] does.
    pub fn from_json(source: &str) -> Result<Gate, ContractError> {
        compile::compile_source(source)
    }

    /// Decides whether this request may pass. Whatever is wrong with it is a finding; this never fails and never
    /// panics.
    pub fn check(&self, request: &Request<'_>, check: &Check) -> Verdict {
        self.judge(request, check)
    }

    /// Decides without a report: the outcome, status and what an accept hands on are those of [`Gate::check`], and cost
    /// less.
    pub fn decide(&self, request: &Request<'_>, check: &Check) -> Decision {
        self.decision(request, check)
    }

    /// The text of the verdict for a copy of an accepted message, made from the text of the accepting verdict. It is
    /// what [`Gate::check`] would return with the replay key in `seen`, but nothing is judged again. Returns `None` if
    /// the text is not an accept with a replay key, or if its list of findings is full; then check the copy instead.
    pub fn duplicate(&self, accepted: &str) -> Option<String> {
        self.duplicate_of(accepted)
    }

    /// Returns the request with the time (`now`, in Unix seconds), a nonce and the signature added as the contract
    /// declares, signed with the first key. The `nonce` is used if the contract has a field of 16 hex digits or
    /// requires the nonce parameter of RFC 9421.
    ///
    /// # Errors
    ///
    /// Fails if the contract signs nothing, if a signed field is missing, or if a response is to be signed with a
    /// contract for requests or a request with one for responses.
    pub fn sign(&self, request: &Request<'_>, now: i64, nonce: Option<&str>) -> Result<SignedRequest, ContractError> {
        if let Some(finding) = self.kind.other_kind(request) {
            return Err(ContractError::new(
                ContractCode::ContractSignature,
                "/signature",
                format!("cannot sign: {}", finding.message),
            ));
        }
        let (scheme, origin) = (self.scheme.as_ref(), self.origin.as_ref());
        signature::sign::sign(scheme, request, origin, now, nonce, &|request| self.reader.document(request))
    }

    /// Makes the canonical message from a native event, for its sender to sign. The event is read as strictly as in a
    /// check. Signature, schema and policies are not checked here, because the next check judges the message.
    ///
    /// # Errors
    ///
    /// Fails if the contract has no `shape`.
    pub fn shape(&self, request: &Request<'_>, now: i64) -> Result<Shaped, ContractError> {
        self.shaped(request, now)
    }

    /// Explains why the signature does not match this request. Every cause is proved: once the fault is undone, the
    /// MAC matches. This costs up to [`DoctorLimits`], so use it for diagnosis and never in the request path. The
    /// result contains nothing of a key, a MAC or a body.
    pub fn explain(&self, request: &Request<'_>, now: i64) -> Diagnosis {
        // INVARIANT: only another key can be wrong, and there is none.
        self.diagnose(request, now, &[], false).unwrap_or_default()
    }

    /// Like [`Gate::explain`], with additional keys that the sender may have used, such as those of another
    /// environment or endpoint. The gate never accepts them.
    ///
    /// # Errors
    ///
    /// Fails if one of them is not a key of the contract's kind.
    pub fn explain_with(
        &self,
        request: &Request<'_>,
        now: i64,
        other_keys: &[Key],
    ) -> Result<Diagnosis, ContractError> {
        self.diagnose(request, now, other_keys, false)
    }

    /// Like [`Gate::explain_with`], but a proved cause also has the bytes that were signed, as far as a MAC proved
    /// them. They come from the request itself, so do not log them.
    ///
    /// # Errors
    ///
    /// Fails as [`Gate::explain_with`] does.
    pub fn explain_signed(
        &self,
        request: &Request<'_>,
        now: i64,
        other_keys: &[Key],
    ) -> Result<Diagnosis, ContractError> {
        self.diagnose(request, now, other_keys, true)
    }

    /// The bytes that the gate considers signed, part by part, for display. Returns `None` if the contract declares no
    /// signature, if a signed field is missing, or if there is no proof or HTTP message signature to judge.
    pub fn signed_bytes(&self, request: &Request<'_>) -> Option<SignedBytes> {
        self.signed(request)
    }

    /// The weaknesses of the contract itself. It compiles; these are warnings. Without the feature `tools` nothing looks
    /// for them.
    pub fn lint(&self) -> &[Finding] {
        &self.lint
    }

    /// The options for [`retry::delay`] from the contract's `retry` section. `now` is in Unix seconds.
    pub fn retry(&self, now: i64) -> retry::DelayOptions {
        retry::DelayOptions { now, ..self.retry.clone() }
    }
}
