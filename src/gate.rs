//! A compiled contract, and the way a request goes through it: every stage in order, each with the proofs that it
//! needs.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::about::{About, MessageKind};
use crate::case::Case;
use crate::check::Check;
use crate::dead_letter::DeadLetter;
use crate::doctor::{self, Chart, Diagnosis};
use crate::error::{ContractCode, ContractError};
use crate::finding::{Finding, Stage};
use crate::freshness::{self, Fresh, Window};
use crate::hook_rules::Rules;
use crate::judged::Judged;
use crate::limits::Limits;
use crate::log::{Log, shown};
use crate::payload::{Payload, Reader};
use crate::policy::{self, Policy};
use crate::replay::{self, Memory, Replays};
use crate::request::{Kind, Request};
use crate::retry::DelayOptions;
use crate::route::{self, Event, Routed, Router};
use crate::schema::{self, Schema};
use crate::shape::{self, Made, Message, Shaped, Shaper};
use crate::signature::keys::{Key, Keys};
use crate::signature::signed_part::SignedBytes;
use crate::signature::{self, Authentic, Claims, Engine, Fields};
use crate::target::Origin;
use crate::verdict::{Outcome, SignatureReport, Statuses, Verdict};

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
    pub(crate) lint: Vec<Finding>,
    /// What the signature covers, and what it does not.
    pub(crate) covers: Arc<[String]>,
    pub(crate) unsigned: Arc<[String]>,
    pub(crate) limits: Limits,
    /// The rules of the hook that uses the gate, in a registry.
    pub(crate) rules: Option<Rules>,
}

/// Permission to pass. It holds the proof of every stage, so it cannot be built without them.
#[allow(dead_code, reason = "most proofs are held, and only what an accept hands on is read")]
struct Pass {
    authentic: Authentic,
    fresh: Fresh,
    payload: Payload,
    distinct: replay::Distinct,
    recognised: route::Recognised,
    conforms: schema::Conforms,
    permitted: policy::Permitted,
    event: Event,
    message: Option<Message>,
    answer: Option<Message>,
}

impl Gate {
    pub(crate) fn judge(&self, request: &Request<'_>, check: &Check) -> Verdict {
        let mut log = Log::new(check.stop_at_first);
        let passed = self.walk(request, check, &mut log);
        self.conclude(passed, request, check, log)
    }

    /// The verdict when something is wrong before any stage could begin.
    pub(crate) fn refuse(&self, finding: Finding, request: &Request<'_>, check: &Check) -> Verdict {
        let mut log = Log::new(check.stop_at_first);
        log.take(Stage::Request, Judged::<()>::unproved(vec![finding]));
        self.conclude(None, request, check, log)
    }

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
        let body = body.as_ref().and_then(Judged::proof).map(|payload| &payload.value);
        engine.signed_bytes(request, body, self.limits.signatures)
    }

    fn has_large_head(&self, request: &Request<'_>) -> bool {
        self.kind.over_limit(&Request { body: &[], body_bytes: None, ..*request }, &self.limits).is_some()
    }

    /// `None` if it is over a limit or of another kind: nothing else of this request is read.
    fn is_fit(&self, request: &Request<'_>, log: &mut Log) -> Option<()> {
        let unfit = self.kind.over_limit(request, &self.limits).or_else(|| self.kind.other_kind(request));
        let Some(finding) = unfit else { return Some(()) };
        log.take(Stage::Request, Judged::<()>::unproved(vec![finding]))
    }

    /// Stages 1 to 8. Returns `None` as soon as a stage leaves nothing for the next to judge.
    fn walk(&self, request: &Request<'_>, check: &Check, log: &mut Log) -> Option<Pass> {
        self.is_fit(request, log)?;
        let target = request.target(self.origin.as_ref());
        let request = &request.received(&target);
        log.take(Stage::Request, self.kind.judge(request));
        log.go_on()?;
        let parameters = &self.kind.parameters(request);
        let head = Case { request, parameters, fields: &Fields::default(), payload: None, now: check.now };
        log.api_version = self.router.as_ref().and_then(|router| router.version_by_head(&head));

        // The body is read before the signature is verified only if the scheme needs it.
        let body = OnceCell::new();
        let read = || self.reader.read(request);
        let early = self.reads_body_first().then(|| body.get_or_init(read).proof()).flatten();
        let early = early.map(|payload| &payload.value);
        let claims = match &self.scheme {
            Some(engine) => engine.read(request, early, self.limits.signatures),
            None => Claims::default(),
        };
        let (authentic, fresh) =
            self.authenticate(&claims, &Case { fields: &claims.fields, payload: early, ..head }, check, log)?;

        let payload = log.take(Stage::Payload, body.get_or_init(read).as_ref());
        log.go_on()?;
        let payload = payload?;
        let case = &Case { fields: &claims.fields, payload: Some(&payload.value), ..head };

        let distinct = log.take(Stage::Replay, replay::judge(self.memory.as_ref(), case, authentic.as_ref()));
        log.go_on()?;
        let (routed, recognised) = route::judge(self.router.as_ref(), case);
        if self.router.is_some() {
            log.api_version = routed.event.version.clone();
        }
        let recognised = log.take(Stage::Route, recognised);
        log.go_on()?;
        let conforms = log.take(Stage::Schema, self.conform(payload.is_there.then_some(&payload.value), &routed));
        log.go_on()?;
        if !routed.known {
            return None;
        }
        let permitted = log.take(Stage::Policy, self.permit(case, &routed));
        log.go_on()?;
        if log.rejects() {
            return None;
        }
        let message = log.take(Stage::Shape, self.compose(case))?;
        let answer = match routed.answer {
            None => None,
            Some(answer) => Some(log.take(Stage::Shape, self.answer(answer, case, authentic.as_ref()))?),
        };
        Some(Pass {
            authentic: authentic?,
            fresh: fresh?,
            distinct: distinct?,
            recognised: recognised?,
            conforms: conforms?,
            permitted: permitted?,
            event: routed.event,
            message,
            answer,
            payload: body.into_inner()?.into_parts().0?,
        })
    }

    fn reads_body_first(&self) -> bool {
        self.scheme.as_ref().is_some_and(Engine::reads_body_first)
            || self.window.as_ref().is_some_and(Window::reads_body)
    }

    /// Stages 2 and 3. The MAC is computed for a stale request too, unless the first error ends the check: hashing a
    /// body costs more than comparing a number.
    fn authenticate(
        &self,
        claims: &Claims<'_>,
        case: &Case<'_>,
        check: &Check,
        log: &mut Log,
    ) -> Option<(Option<Authentic>, Option<Fresh>)> {
        let freshness = |authentic: Option<&Authentic>| freshness::judge(self.window.as_ref(), case, authentic);
        let time_first = check.stop_at_first && claims.findings.is_empty();
        let early = time_first.then(|| log.take(Stage::Freshness, freshness(None)));
        log.go_on()?;
        let scheme = self.scheme.as_ref();
        let keeps_signed = self.memory.as_ref().is_some_and(Memory::reads_signed);
        let authentic = signature::judge(scheme, claims, case.request, check, self.limits.signatures, keeps_signed);
        let authentic = log.take(Stage::Signature, authentic);
        if let Some(key) = authentic.as_ref().and_then(|proof| proof.key.clone()) {
            log.signature = Some(SignatureReport { key, covers: self.covers.clone(), leaves: self.unsigned.clone() });
        }
        log.go_on()?;
        let fresh = match early {
            Some(fresh) => fresh,
            None => log.take(Stage::Freshness, freshness(authentic.as_ref())),
        };
        log.go_on()?;
        log.skew_seconds = fresh.as_ref().and_then(|fresh| fresh.skew);
        Some((authentic, fresh))
    }

    /// Without a document, no schema judges.
    fn conform(&self, document: Option<&Value>, routed: &Routed<'_>) -> Judged<schema::Conforms> {
        let whole = self.schema.iter().map(|schema| (schema, ""));
        let schemas = whole.chain(routed.schemas.iter().map(|(schema, base)| (*schema, base.as_str())));
        let schemas: Vec<(&Schema, &str)> = schemas.filter(|_| document.is_some()).collect();
        let document = document.unwrap_or(&Value::Null);
        schema::judge(&schemas, document, self.rules.as_ref().map(|rules| rules.judge(document)))
    }

    fn permit(&self, case: &Case<'_>, routed: &Routed<'_>) -> Judged<policy::Permitted> {
        let Case { request, payload, now, .. } = *case;
        let input = || {
            let mut headers = Map::new();
            for (name, value) in request.headers {
                let name = name.to_ascii_lowercase();
                let joined = headers.get(&name).and_then(Value::as_str).map(|first| format!("{first}, {value}"));
                headers.insert(name, Value::String(joined.unwrap_or_else(|| value.clone())));
            }
            let facts = match request.status {
                Some(status) => json!({ "status": status, "headers": headers }),
                None => json!({ "method": request.method, "path": request.target.path(), "headers": headers }),
            };
            json!({ "event": routed.event, "request": facts, "now": now })
        };
        policy::judge(self.policy.as_ref(), payload, input, now)
    }

    fn compose(&self, case: &Case<'_>) -> Judged<Option<Message>> {
        let Some(shaper) = &self.shaper else {
            return Judged::Undeclared(None);
        };
        let Made { message, mut findings, .. } = shaper.make(case, &|_| None);
        findings.extend(shaper.unnamed(case.payload));
        Judged::of(findings, || Some(message))
    }

    /// The reply to a handshake.
    fn answer(&self, shaper: &Shaper, case: &Case<'_>, authentic: Option<&Authentic>) -> Judged<Message> {
        let key = authentic.and_then(|proof| proof.key.as_deref());
        let mac = |text: &str| self.scheme.as_ref()?.mac(key?, text);
        let Made { message, findings, .. } = shaper.make(case, &mac);
        Judged::of(findings, || message)
    }

    /// Outside the stages: makes a native event into the message, for its sender to sign.
    pub(crate) fn shaped(&self, request: &Request<'_>, now: i64) -> Result<Shaped, ContractError> {
        let Some(shaper) = &self.shaper else {
            let message = "the contract has no `shape`: it does not say what its message is made of";
            return Err(ContractError::new(ContractCode::ContractShape, "/shape", message));
        };
        let mut log = Log::new(false);
        let message = self.convert(shaper, request, now, &mut log);
        Ok(Shaped { schema_version: 1, message, findings: shown(log.findings(), self.limits.findings) })
    }

    /// Stages 1 and 5, the shape, and stage 7 for the message: what this gate's schemas refuse is not made. Nobody
    /// signed the event; the next check judges the rest of the message.
    fn convert(&self, shaper: &Shaper, request: &Request<'_>, now: i64, log: &mut Log) -> Option<Message> {
        self.is_fit(request, log)?;
        let target = request.target(self.origin.as_ref());
        let request = &request.received(&target);
        log.take(Stage::Request, self.kind.judge(request));
        let payload = log.take(Stage::Payload, self.reader.read(request))?.value;
        let claims = match &self.scheme {
            Some(engine) => engine.read(request, Some(&payload), self.limits.signatures),
            None => Claims::default(),
        };
        let parameters = &self.kind.parameters(request);
        let case = Case { request, parameters, fields: &claims.fields, payload: Some(&payload), now };
        let Made { message, mut findings, taken } = shaper.make(&case, &|_| None);
        findings.extend(message.wrapped());
        findings.extend(shape::left_over(&payload, &taken));
        let message = log.take(Stage::Shape, Judged::of(findings, || message));
        if log.rejects() {
            return None;
        }
        let message = message?;
        let document = message.to_value();
        let sent = Case { payload: Some(&document), ..case };
        let (routed, _) = route::judge(self.router.as_ref(), &sent);
        log.take(Stage::Schema, self.conform(Some(&document), &routed))?;
        let finding = replay::forgettable(self.memory.as_ref(), &sent);
        log.take(Stage::Replay, Judged::of(finding.into_iter().collect(), || ()));
        Some(message)
    }

    /// Stage 9. A good message that was seen before is answered as the contract says.
    fn conclude(&self, passed: Option<Pass>, request: &Request<'_>, check: &Check, mut log: Log) -> Verdict {
        let mut verdict = Outcome::Reject;
        let mut event = None;
        let mut answer = None;
        let mut message = None;
        let mut replay = None;
        if let Some(pass) = passed {
            match replay::recall(self.memory.as_ref(), pass.distinct, &pass.fresh, &check.seen, check.now) {
                Replays::Seen(known) => {
                    log.take(Stage::Replay, Judged::of(vec![replay::duplicate(known.on_duplicate)], || ()));
                    verdict = if log.rejects() { Outcome::Reject } else { Outcome::Ignore };
                    replay = Some(known);
                }
                Replays::New(new) => {
                    verdict = Outcome::Accept;
                    replay = Some(new);
                }
                Replays::Unremembered => verdict = Outcome::Accept,
            }
            if verdict == Outcome::Accept {
                answer = pass.answer;
                event = Some(pass.event).filter(|event| !event.is_empty());
                message = pass.message;
            }
        }
        let stages = log.stages();
        let api_version = log.api_version.take();
        let signature = log.signature.take();
        let skew_seconds = log.skew_seconds;
        let findings = log.findings();
        let rejected = verdict == Outcome::Reject && self.dead_letters;
        let dead_letter = rejected.then(|| DeadLetter::of(&findings, request.body, self.scheme.is_some())).flatten();
        // Nothing replies to a response.
        let (status, status_text) = (!self.kind.is_answers()).then(|| self.statuses.of(verdict, &findings)).unzip();
        Verdict {
            schema_version: 1,
            contract: self.name.clone(),
            verdict,
            status,
            status_text,
            answer,
            api_version,
            stages,
            event,
            message,
            replay,
            signature,
            dead_letter,
            findings: shown(findings, self.limits.findings),
            skew_seconds,
        }
    }
}
