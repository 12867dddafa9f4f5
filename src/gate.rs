//! A compiled contract. `walk` takes a request through its stages, `conclude` makes the verdict or the decision of what
//! was found, and `convert` shapes an event.

use std::sync::Arc;

use crate::about::{About, MessageKind};
use crate::doctor::{self, Chart, Diagnosis};
use crate::error::ContractError;
use crate::finding::Finding;
use crate::freshness::Window;
use crate::hook_rules::Rules;
use crate::judged::Judged;
use crate::limits::Limits;
use crate::payload::{Payload, Reader};
use crate::policy::Policy;
use crate::replay::Memory;
use crate::request::{Kind, Request};
use crate::retry::DelayOptions;
use crate::route::Router;
use crate::schema::Schema;
use crate::shape::Shaper;
use crate::signature::Engine;
use crate::signature::keys::{Key, Keys};
use crate::signature::signed_part::SignedBytes;
use crate::target::Origin;
use crate::verdict::Statuses;

mod conclude;
mod convert;
mod walk;

pub use conclude::Decision;
pub(crate) use conclude::{Judgement, Passed};

/// A compiled contract. Make it once, and check many requests with it.
#[derive(Debug)]
pub struct Gate {
    pub(crate) name: String,
    /// The public `scheme://host`, if the receiver is behind a proxy.
    pub(crate) origin: Option<Origin>,
    pub(crate) kind: Kind,
    pub(crate) scheme: Option<Engine>,
    pub(crate) window: Option<Window>,
    pub(crate) memory: Option<Memory>,
    pub(crate) reader: Reader,
    pub(crate) router: Option<Router>,
    pub(crate) schema: Option<Schema>,
    pub(crate) policy: Option<Policy>,
    pub(crate) shaper: Option<Shaper>,
    /// Whether rejected messages are kept as dead letters.
    pub(crate) dead_letters: bool,
    /// What the sender does after a response.
    pub(crate) retry: DelayOptions,
    pub(crate) statuses: Statuses,
    /// Whether a stale request gets the same status as a forged one, so that deciding may look at the time first.
    pub(crate) time_first: bool,
    pub(crate) lint: Vec<Finding>,
    /// What the signature covers, and what it does not.
    pub(crate) covers: Arc<[String]>,
    pub(crate) unsigned: Arc<[String]>,
    pub(crate) limits: Limits,
    /// The rules of the hook that uses the gate, in a registry.
    pub(crate) rules: Option<Rules>,
}

impl Gate {
    /// What the contract requires of its receiver, with every default filled in.
    pub fn about(&self) -> About {
        let kind = if self.kind.is_answers() { MessageKind::Response } else { MessageKind::Request };
        About {
            contract: self.name.clone(),
            kind,
            methods: self.kind.methods(),
            content_types: self.kind.content_types().map(<[String]>::to_vec),
            max_bytes: self.kind.max_bytes() as u64,
            replay: self.memory.is_some(),
            dead_letter: self.dead_letters,
            origin: self.origin.as_ref().map(|origin| origin.as_str().to_owned()),
            dpop: self.scheme.as_ref().and_then(Engine::proof_algorithms),
            nonce: self.scheme.as_ref().is_some_and(Engine::draws_nonce),
        }
    }

    /// Outside the stages: the doctor's diagnosis of the signature. The limits on headers apply here too.
    pub(crate) fn diagnose(
        &self,
        request: &Request<'_>,
        now: i64,
        others: &[Key],
        signed: bool,
    ) -> Result<Diagnosis, ContractError> {
        let scheme = self.scheme.as_ref().and_then(Engine::segments);
        let others = match scheme.filter(|_| !others.is_empty()) {
            Some(scheme) => Some(scheme.other_keys(others)?),
            None => None,
        };
        let chart = Chart {
            window: self.window.as_ref(),
            now,
            signatures: self.limits.signatures,
            limits: &self.limits.doctor,
            others: others.as_ref().map_or(&[], Keys::all),
            signed,
        };
        let over = self.has_large_head(request);
        let target = request.target(self.origin.as_ref());
        let mut diagnosis = doctor::explain(scheme.filter(|_| !over), &request.received(&target), &chart);
        diagnosis.capped |= over;
        Ok(if self.kind.is_answers() { diagnosis.of_answer() } else { diagnosis })
    }

    /// Outside the stages: what the gate considers signed. The limits on headers apply here too.
    pub(crate) fn signed(&self, request: &Request<'_>) -> Option<SignedBytes> {
        let engine = self.scheme.as_ref()?;
        if self.has_large_head(request) || self.kind.other_kind(request).is_some() {
            return None;
        }
        let target = request.target(self.origin.as_ref());
        let request = &request.received(&target);
        let body = engine.reads_body_first().then(|| self.reader.read(request));
        let body = body.as_ref().and_then(Judged::proof).map(Payload::json);
        engine.signed_bytes(request, body, self.limits.signatures)
    }

    fn has_large_head(&self, request: &Request<'_>) -> bool {
        self.kind.over_limit(&Request { body: &[], body_bytes: None, ..*request }, &self.limits).is_some()
    }
}
