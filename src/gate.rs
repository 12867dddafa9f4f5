//! A compiled contract, and the way a request goes through it: every stage in its order, each proof in
//! hand before the next room that needs it.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::check::Check;
use crate::dead_letter::DeadLetter;
use crate::doctor::{self, Chart, Diagnosis};
use crate::error::ContractError;
use crate::finding::{Finding, Stage};
use crate::freshness::{self, Fresh, Window};
use crate::hook_rules::Rules;
use crate::limits::Limits;
use crate::log::Log;
use crate::payload::{Payload, Reader};
use crate::place::Place;
use crate::policy::{self, Policy};
use crate::replay::{self, Memory, Replays};
use crate::request::{Kind, Request};
use crate::retry::DelayOptions;
use crate::route::{Event, Routed, Router};
use crate::schema::{self, Schema};
use crate::shape::{self, Made, Message, Shaped, Shaper};
use crate::signature::keys::{Key, Keys};
use crate::signature::signed_part::SignedBytes;
use crate::signature::{self, Authentic, Claims, Engine, Fields};
use crate::sources::Sources;
use crate::verdict::{Outcome, SignatureReport, Statuses, Verdict};

/// A compiled contract: make it once, check many requests.
#[derive(Debug)]
pub struct Gate {
    pub(crate) name: String,
    /// The public `scheme://host`, where a proxy stands before the receiver.
    pub(crate) origin: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) scheme: Option<Engine>,
    pub(crate) window: Option<Window>,
    pub(crate) memory: Option<Memory>,
    pub(crate) reader: Reader,
    pub(crate) router: Option<Router>,
    pub(crate) schema: Option<Schema>,
    pub(crate) policy: Option<Policy>,
    pub(crate) shaper: Option<Shaper>,
    /// Whether a message that nobody may handle is kept.
    pub(crate) dead_letters: bool,
    /// What its sender makes of answers.
    pub(crate) retry: DelayOptions,
    pub(crate) statuses: Statuses,
    pub(crate) lint: Vec<Finding>,
    /// What the signature speaks for, and what it does not.
    pub(crate) covers: Arc<[String]>,
    pub(crate) leaves: Arc<[String]>,
    pub(crate) limits: Limits,
    /// Of the hook that the gate stands for, in a registry.
    pub(crate) rules: Option<Rules>,
}

/// Leave to pass. It holds the proof of every stage, so it cannot be built without them.
#[allow(dead_code, reason = "most proofs are held, and only the event is read")]
struct Pass {
    authentic: Authentic,
    fresh: Fresh,
    payload: Payload,
    conforms: schema::Conforms,
    permitted: policy::Permitted,
    event: Event,
    answer: Option<Message>,
}

impl Gate {
    pub(crate) fn judge(&self, request: &Request<'_>, check: &Check) -> Verdict {
        let mut log = Log::new(check.stop_at_first);
        let passed = self.walk(request, check, &mut log);
        self.conclude(passed, request, check, log)
    }

    /// What is wrong was found before any stage could begin.
    pub(crate) fn refuse(&self, finding: Finding, request: &Request<'_>, check: &Check) -> Verdict {
        let mut log = Log::new(check.stop_at_first);
        log.record(Stage::Request, None::<()>, vec![finding]);
        self.conclude(None, request, check, log)
    }

    /// Beside every stage: what the doctor makes of the signature. The limits of headers hold here too.
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
        let request = &Request { origin: self.origin.as_deref(), ..*request };
        let chart = Chart {
            window: self.window.as_ref(),
            now,
            signatures: self.limits.signatures,
            limits: &self.limits.doctor,
            others: others.as_ref().map_or(&[], Keys::all),
            signed,
        };
        let over = self.has_many_headers(request);
        let mut diagnosis = doctor::explain(scheme.filter(|_| !over), request, &chart);
        diagnosis.capped |= over;
        Ok(if self.kind.is_answers() { diagnosis.of_answer() } else { diagnosis })
    }

    /// Beside every stage: what the gate takes for signed. The limits of headers hold here too.
    pub(crate) fn signed(&self, request: &Request<'_>) -> Option<SignedBytes> {
        let engine = self.scheme.as_ref()?;
        if self.has_many_headers(request) || self.kind.other_kind(request).is_some() {
            return None;
        }
        let request = &Request { origin: self.origin.as_deref(), ..*request };
        let body = engine.reads_body_first().then(|| self.reader.read(request)).and_then(|(payload, _)| payload);
        engine.signed_bytes(request, body.as_ref().map(|body| &body.value), self.limits.signatures)
    }

    fn has_many_headers(&self, request: &Request<'_>) -> bool {
        self.kind.over_limit(&Request { body: &[], body_bytes: None, ..*request }, &self.limits).is_some()
    }

    /// Stages 1 to 8. `None` as soon as a stage leaves nothing for the next to judge.
    fn walk(&self, request: &Request<'_>, check: &Check, log: &mut Log) -> Option<(Pass, Option<String>, Message)> {
        let unfit = self.kind.over_limit(request, &self.limits).or_else(|| self.kind.other_kind(request));
        if let Some(finding) = unfit {
            log.record(Stage::Request, None::<()>, vec![finding]);
            return None;
        }
        let (parameters, findings) = self.kind.judge(request);
        log.record(Stage::Request, Some(()), findings)?;
        let request = &Request { parameters: Some(&parameters), origin: self.origin.as_deref(), ..*request };

        let sources = Sources { request, fields: &Fields::default(), payload: None };
        log.api_version = self.router.as_ref().and_then(|router| router.version_by_head(&sources));

        // Only a scheme that says so has its body read before the signature holds.
        let early = self.reads_body_first().then(|| self.reader.read(request)).and_then(|(payload, _)| payload);
        let body = early.as_ref().map(|body| &body.value);
        let mut claims = match &self.scheme {
            Some(engine) => engine.read(request, body, self.limits.signatures),
            None => Claims::default(),
        };
        let (authentic, fresh) = self.authenticate((request, body), &mut claims, check, log)?;
        let fields = claims.fields;

        let (payload, findings) = self.reader.read(request);
        log.record(Stage::Payload, payload.as_ref(), findings)?;
        let payload = payload?;
        let sources = Sources { request, fields: &fields, payload: Some(&payload.value) };

        let signed = authentic.as_ref().filter(|proof| proof.key.is_some()).map(|proof| proof.signed.as_slice());
        let (key, finding) = replay::judge(self.memory.as_ref(), &sources, signed);
        log.record(Stage::Replay, key.as_ref(), finding.into_iter().collect())?;
        let routed = self.route(&sources, check.now, log)?;
        let conforms = self.conform(&payload, &routed, log)?;
        if !routed.known {
            return None;
        }
        let permitted = self.permit(&payload, &routed, request, check.now, log)?;
        if log.rejects() {
            return None;
        }
        let message = self.compose(&sources, check.now, log)?;
        let answer = match routed.answer {
            None => None,
            Some(answer) => {
                let key = authentic.as_ref().and_then(|proof| proof.key.as_deref());
                let mac = |text: &str| self.scheme.as_ref()?.mac(key?, text);
                let Made { message, findings, .. } = answer.make(&sources, check.now, &mac);
                log.record(Stage::Shape, Some(()), findings);
                Some(message).filter(|_| !log.rejects())
            }
        };
        if log.rejects() {
            return None;
        }
        let pass = Pass {
            authentic: authentic?,
            fresh: fresh?,
            payload,
            conforms: conforms?,
            permitted: permitted?,
            event: routed.event,
            answer,
        };
        Some((pass, key, message))
    }

    fn reads_body_first(&self) -> bool {
        self.scheme.as_ref().is_some_and(Engine::reads_body_first)
            || self.window.as_ref().is_some_and(Window::reads_body)
    }

    /// Stages 2 and 3. The MAC is computed for a stale request too, unless the first error ends it: a
    /// digest of a body costs more than a look at a number.
    fn authenticate(
        &self,
        (request, body): (&Request<'_>, Option<&Value>),
        claims: &mut Claims<'_>,
        check: &Check,
        log: &mut Log,
    ) -> Option<(Option<Authentic>, Option<Fresh>)> {
        let window = self.window.as_ref();
        let time_first = check.stop_at_first && claims.findings.is_empty();
        let early = time_first.then(|| freshness::judge(window, request, body, &claims.fields, None, check.now));
        if let Some((fresh, findings)) = &early {
            log.record(Stage::Freshness, window.and(fresh.as_ref()), findings.clone())?;
        }
        let scheme = self.scheme.as_ref();
        let (authentic, findings) = signature::judge(scheme, claims, request, check, self.limits.signatures);
        if let Some(key) = authentic.as_ref().and_then(|proof| proof.key.clone()) {
            log.signature = Some(SignatureReport { key, covers: self.covers.clone(), leaves: self.leaves.clone() });
        }
        log.record(Stage::Signature, scheme.and(authentic.as_ref()), findings)?;
        let fresh = match early {
            Some((fresh, _)) => fresh,
            None => {
                let (fresh, findings) =
                    freshness::judge(window, request, body, &claims.fields, authentic.as_ref(), check.now);
                log.record(Stage::Freshness, window.and(fresh.as_ref()), findings)?;
                fresh
            }
        };
        log.skew_seconds = fresh.as_ref().and_then(|fresh| fresh.skew);
        Some((authentic, fresh))
    }

    fn route(&self, sources: &Sources<'_>, now: i64, log: &mut Log) -> Option<Routed<'_>> {
        let Some(router) = &self.router else {
            return Some(Routed::default());
        };
        let (routed, findings) = router.judge(sources, now);
        log.api_version = routed.event.version.clone();
        log.record(Stage::Route, routed.known.then_some(()), findings)?;
        Some(routed)
    }

    fn conform(&self, payload: &Payload, routed: &Routed<'_>, log: &mut Log) -> Option<Option<schema::Conforms>> {
        let whole = self.schema.iter().map(|schema| (schema, ""));
        let schemas: Vec<(&Schema, &str)> =
            whole.chain(routed.schemas.iter().map(|(schema, base)| (*schema, base.as_str()))).collect();
        let (conforms, mut findings) = schema::judge(&schemas, &payload.value);
        findings.extend(self.rules.iter().flat_map(|rules| rules.judge(&payload.value)));
        let judged = !schemas.is_empty() || self.rules.is_some();
        log.record(Stage::Schema, conforms.as_ref().filter(|_| judged), findings)?;
        Some(conforms)
    }

    fn permit(
        &self,
        payload: &Payload,
        routed: &Routed<'_>,
        request: &Request<'_>,
        now: i64,
        log: &mut Log,
    ) -> Option<Option<policy::Permitted>> {
        let input = || {
            let mut headers = Map::new();
            for (name, value) in request.headers {
                let name = name.to_ascii_lowercase();
                let joined = headers.get(&name).and_then(Value::as_str).map(|first| format!("{first}, {value}"));
                headers.insert(name, Value::String(joined.unwrap_or_else(|| value.clone())));
            }
            let facts = match request.status {
                Some(status) => json!({ "status": status, "headers": headers }),
                None => json!({ "method": request.method, "path": request.path(), "headers": headers }),
            };
            json!({ "body": payload.value, "event": routed.event, "request": facts, "now": now })
        };
        let (permitted, findings) = policy::judge(self.policy.as_ref(), input, now);
        log.record(Stage::Policy, self.policy.as_ref().and(permitted.as_ref()), findings)?;
        Some(permitted)
    }

    fn compose(&self, sources: &Sources<'_>, now: i64, log: &mut Log) -> Option<Message> {
        let Some(shaper) = &self.shaper else {
            return Some(Message::default());
        };
        let Made { message, mut findings, .. } = shaper.make(sources, now, &|_| None);
        findings.extend(shaper.unnamed(sources.payload));
        log.record(Stage::Shape, Some(()), findings);
        (!log.rejects()).then_some(message)
    }

    /// Beside every stage: a native event made into the message, for its sender to sign.
    pub(crate) fn shaped(&self, request: &Request<'_>, now: i64) -> Result<Shaped, ContractError> {
        let Some(shaper) = &self.shaper else {
            let message = "the contract has no `shape`: it does not say what its message is made of";
            return Err(ContractError::new("contract-shape", "/shape", message));
        };
        let mut log = Log::new(false);
        let message = self.convert(shaper, request, now, &mut log);
        Ok(Shaped { schema_version: 1, message, findings: log.findings(self.limits.findings) })
    }

    /// Stages 1 and 5, and the shape. Nobody signed the event; the next check judges what becomes of it.
    fn convert(&self, shaper: &Shaper, request: &Request<'_>, now: i64, log: &mut Log) -> Option<Message> {
        let unfit = self.kind.over_limit(request, &self.limits).or_else(|| self.kind.other_kind(request));
        if let Some(finding) = unfit {
            log.record(Stage::Request, None::<()>, vec![finding]);
            return None;
        }
        let (parameters, findings) = self.kind.judge(request);
        log.record(Stage::Request, Some(()), findings);
        let request = &Request { parameters: Some(&parameters), origin: self.origin.as_deref(), ..*request };
        let (payload, findings) = self.reader.read(request);
        log.record(Stage::Payload, payload.as_ref(), findings);
        let payload = payload?.value;
        let claims = match &self.scheme {
            Some(engine) => engine.read(request, Some(&payload), self.limits.signatures),
            None => Claims::default(),
        };
        let sources = Sources { request, fields: &claims.fields, payload: Some(&payload) };
        let Made { message, mut findings, taken } = shaper.make(&sources, now, &|_| None);
        findings.extend(shape::left_over(&payload, &taken));
        log.record(Stage::Shape, Some(()), findings);
        if log.rejects() {
            return None;
        }
        let sent = Sources { payload: Some(&message.to_value()), ..sources };
        let finding = replay::forgettable(self.memory.as_ref(), &sent);
        log.record(Stage::Replay, Some(()), finding.into_iter().collect());
        Some(message)
    }

    /// Stage 9. A good message that was seen before is answered as the contract says.
    fn conclude(
        &self,
        passed: Option<(Pass, Option<String>, Message)>,
        request: &Request<'_>,
        check: &Check,
        mut log: Log,
    ) -> Verdict {
        let mut verdict = Outcome::Reject;
        let mut event = None;
        let mut answer = None;
        let mut message = None;
        let mut replay = None;
        if let Some((pass, key, shaped)) = passed {
            match replay::recall(self.memory.as_ref(), key, &pass.fresh, &check.seen, check.now) {
                Replays::Seen(known) => {
                    log.record(Stage::Replay, Some(()), vec![replay::duplicate(&known)]);
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
                message = self.shaper.as_ref().map(|_| shaped);
            }
        }
        let stages = log.stages();
        let api_version = log.api_version.take();
        let signature = log.signature.take();
        let skew_seconds = log.skew_seconds;
        let findings = log.findings(self.limits.findings);
        let rejected = verdict == Outcome::Reject && self.dead_letters;
        let dead_letter = rejected.then(|| DeadLetter::of(&findings, request.body, self.scheme.is_some())).flatten();
        // An answer is not answered.
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
            findings,
            skew_seconds,
        }
    }

    /// Every place that the contract reads, with the section that names it.
    pub(crate) fn places(&self) -> impl Iterator<Item = (&'static str, &'static str, &Place)> {
        let replay = self.memory.iter().flat_map(|memory| &memory.key);
        let route = self.router.iter().flat_map(Router::places);
        let shape = self.shaper.iter().flat_map(Shaper::places);
        replay
            .map(|place| ("contract-replay", "/replay/key", place))
            .chain(route.map(|place| ("contract-route", "/route", place)))
            .chain(shape.map(|place| ("contract-shape", "/shape", place)))
    }

    /// What the contract reads, that may differ between two requests, and that is not signed.
    pub(crate) fn unsigned_places(&self) -> Vec<String> {
        let mut leaves: Vec<String> = self
            .places()
            .filter_map(|(_, _, place)| match place {
                Place::Header(_) | Place::Query(_) | Place::Status => Some(place.to_string()),
                Place::Path(_) => Some("path".into()),
                Place::Field(_) | Place::Pointer(_) | Place::Signed => None,
            })
            .chain(
                ["origin", "referer"].iter().filter(|_| self.kind.has_origins()).map(|name| format!("header:{name}")),
            )
            .chain(self.kind.has_variable_path().then(|| "path".to_owned()))
            .chain((!self.reader.refuses_body()).then(|| "body".to_owned()))
            .filter(|place| !self.covers.contains(place))
            .collect();
        leaves.sort_unstable();
        leaves.dedup();
        leaves
    }
}
