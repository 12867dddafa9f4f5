//! The way of a request through the stages, each with the proofs that it needs. Judging and deciding go the same way.

use std::cell::OnceCell;

use serde_json::{Map, Value, json};

use super::Gate;
use crate::case::Case;
use crate::check::Check;
use crate::finding::Stage;
use crate::freshness::{self, Fresh};
use crate::json::Json;
use crate::judged::Judged;
use crate::log::Log;
use crate::payload::Payload;
use crate::request::Request;
use crate::route::{self, Named, Routed};
use crate::shape::{Draft, Made, Shaper};
use crate::signature::{self, Asked, Authentic, Claims, Engine, Fields};
use crate::{policy, replay, schema};

/// Permission to pass. It holds the proof of every stage, so it cannot be built without them.
#[allow(dead_code, reason = "most proofs are held, and only what an accept hands on is read")]
pub(super) struct Pass<'a> {
    authentic: Authentic<'a>,
    pub fresh: Fresh,
    payload: &'a Payload<'a>,
    pub distinct: replay::Distinct,
    recognised: route::Recognised,
    conforms: schema::Conforms,
    permitted: policy::Permitted,
    pub event: Named<'a, 'a>,
    pub message: Option<Draft<'a>>,
    pub answer: Option<Draft<'a>>,
}

impl Gate {
    /// `None` if it is over a limit or of another kind: nothing else of this request is read.
    pub(super) fn is_fit(&self, request: &Request<'_>, log: &mut Log<'_>) -> Option<()> {
        let unfit = self.kind.over_limit(request, &self.limits).or_else(|| self.kind.other_kind(request));
        let Some(finding) = unfit else { return Some(()) };
        log.take(Stage::Request, Judged::<()>::unproved(vec![finding]))
    }

    /// Stages 1 to 8. Ends as soon as a stage leaves nothing for the next to judge; what passes them all is admitted.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn walk<'g>(
        &'g self,
        request: &Request<'_>,
        check: &Check,
        log: &mut Log<'g>,
        admit: &mut dyn FnMut(Pass<'_>, &Log<'_>),
    ) -> Option<()> {
        self.is_fit(request, log)?;
        let target = request.target(self.origin.as_ref());
        let request = &request.received(&target);
        let (is_of_kind, parameters) = self.kind.judge(request);
        log.take(Stage::Request, is_of_kind);
        log.go_on()?;
        let head = Case { request, parameters: &parameters, fields: &Fields::default(), payload: None, now: check.now };
        log.api_version = self.router.as_ref().and_then(|router| router.version_by_head(&head));

        // The body is read before the signature is verified only if the scheme needs it.
        let body = OnceCell::new();
        let read = || self.reader.read(request);
        let early = self.reads_body_first().then(|| body.get_or_init(read).proof()).flatten();
        let early = early.map(Payload::json);
        let claims = match &self.scheme {
            Some(engine) => engine.read(request, early, self.limits.signatures),
            None => Claims::default(),
        };
        let (authentic, fresh) =
            self.authenticate(&claims, &Case { fields: &claims.fields, payload: early, ..head }, check, log)?;

        let payload = log.take(Stage::Payload, body.get_or_init(read).as_ref());
        log.go_on()?;
        let payload = payload?;
        let case = &Case { fields: &claims.fields, payload: Some(payload.json()), ..head };

        let distinct = log.take(Stage::Replay, replay::judge(self.memory.as_ref(), case, authentic.as_ref()));
        log.go_on()?;
        let (routed, recognised) = route::judge(self.router.as_ref(), case);
        if self.router.is_some() {
            log.api_version = routed.event.version;
        }
        let recognised = log.take(Stage::Route, recognised);
        log.go_on()?;
        let conforms = log.take(Stage::Schema, self.conform(payload.is_there.then(|| payload.json()), &routed, log));
        log.go_on()?;
        if !routed.known {
            return None;
        }
        let permitted = log.take(Stage::Policy, self.permit(case, &routed));
        log.go_on()?;
        if log.rejects() {
            return None;
        }
        let message = log.take(Stage::Shape, self.compose(case, !log.decides()))?;
        let answer = match routed.answer {
            None => None,
            Some(answer) => {
                Some(log.take(Stage::Shape, self.answer(answer, case, authentic.as_ref(), !log.decides()))?)
            }
        };
        let pass = Pass {
            authentic: authentic?,
            fresh: fresh?,
            distinct: distinct?,
            recognised: recognised?,
            conforms: conforms?,
            permitted: permitted?,
            event: routed.event,
            message,
            answer,
            payload,
        };
        admit(pass, log);
        Some(())
    }

    fn reads_body_first(&self) -> bool {
        self.scheme.as_ref().is_some_and(Engine::reads_body_first)
            || self.window.as_ref().is_some_and(freshness::Window::reads_body)
    }

    /// Stages 2 and 3. The MAC is computed for a stale request too, unless the first error ends the check: hashing a
    /// body costs more than comparing a number.
    #[cfg_attr(small, optimize(speed))]
    fn authenticate<'g>(
        &'g self,
        claims: &Claims<'_>,
        case: &Case<'_>,
        check: &Check,
        log: &mut Log<'g>,
    ) -> Option<(Option<Authentic<'g>>, Option<Fresh>)> {
        let reports = !log.decides();
        let freshness =
            |authentic: Option<&Authentic<'_>>| freshness::judge(self.window.as_ref(), case, authentic, reports);
        let time_first = check.stop_at_first || (log.decides() && self.time_first);
        let time_first = time_first && claims.findings.is_empty();
        let early = time_first.then(|| log.take(Stage::Freshness, freshness(None)));
        log.go_on()?;
        let scheme = self.scheme.as_ref();
        let keeps_signed = self.memory.as_ref().is_some_and(replay::Memory::reads_signed);
        let asked = Asked { signatures: self.limits.signatures, keeps_signed, reports };
        let authentic = signature::judge(scheme, claims, case.request, check, asked);
        let authentic = log.take(Stage::Signature, authentic);
        log.key = authentic.as_ref().filter(|_| reports).and_then(|proof| proof.key.clone());
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
    pub(super) fn conform(
        &self,
        document: Option<Json<'_>>,
        routed: &Routed<'_, '_>,
        log: &Log<'_>,
    ) -> Judged<schema::Conforms> {
        let rules = self.rules.as_ref().map(|rules| rules.judge(&document.map_or(Value::Null, Json::to_value)));
        let whole = self.schema.iter().map(|schema| (schema, None));
        schema::judge(whole.chain(routed.schemas.iter().copied().flatten()), document, rules, log.decides())
    }

    fn permit(&self, case: &Case<'_>, routed: &Routed<'_, '_>) -> Judged<policy::Permitted> {
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
            json!({ "event": routed.event.event().unwrap_or_default(), "request": facts, "now": now })
        };
        policy::judge(self.policy.as_ref(), payload, input, now)
    }

    fn compose<'a>(&'a self, case: &Case<'a>, reports: bool) -> Judged<Option<Draft<'a>>> {
        let Some(shaper) = &self.shaper else {
            return Judged::Undeclared(None);
        };
        let mut made = shaper.make(case, &|_| None, reports);
        made.findings.extend(shaper.unnamed(case.payload, &made));
        Judged::of(made.findings, || Some(made.draft))
    }

    /// The reply to a handshake.
    fn answer<'a>(
        &self,
        shaper: &'a Shaper,
        case: &Case<'a>,
        authentic: Option<&Authentic<'_>>,
        reports: bool,
    ) -> Judged<Draft<'a>> {
        let key = authentic.and_then(|proof| proof.key.as_deref());
        let mac = |text: &str| self.scheme.as_ref()?.mac(key?, text);
        let Made { draft, findings, .. } = shaper.make(case, &mac, reports);
        Judged::of(findings, || draft)
    }
}
