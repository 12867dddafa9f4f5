//! Makes a native event into the contract's message, for its sender to sign.

use super::Gate;
use crate::case::Case;
use crate::error::{ContractCode, ContractError};
use crate::finding::Stage;
use crate::json::Document;
use crate::judged::Judged;
use crate::log::{Depth, Log, shown};
use crate::request::Request;
use crate::shape::{Message, Shaped, Shaper};
use crate::signature::Claims;
use crate::{replay, route};

impl Gate {
    /// Outside the stages: makes a native event into the message, for its sender to sign.
    pub(crate) fn shaped(&self, request: &Request<'_>, now: i64) -> Result<Shaped, ContractError> {
        let Some(shaper) = &self.shaper else {
            let message = "the contract has no `shape`: it does not say what its message is made of";
            return Err(ContractError::new(ContractCode::ContractShape, "/shape", message));
        };
        let mut log = Log::new(Depth::Everything);
        let message = self.convert(shaper, request, now, &mut log);
        Ok(Shaped { schema_version: 1, message, findings: shown(log.findings(), self.limits.findings) })
    }

    /// Stages 1 and 5, the shape, and stage 7 for the message: what this gate's schemas refuse is not made. Nobody
    /// signed the event; the next check judges the rest of the message.
    fn convert(&self, shaper: &Shaper, request: &Request<'_>, now: i64, log: &mut Log<'_>) -> Option<Message> {
        self.is_fit(request, log)?;
        let target = request.target(self.origin.as_ref());
        let request = &request.received(&target);
        let (is_of_kind, parameters) = self.kind.judge(request);
        log.take(Stage::Request, is_of_kind);
        let payload = log.take(Stage::Payload, self.reader.read(request))?;
        let payload = payload.json();
        let claims = match &self.scheme {
            Some(engine) => engine.read(request, Some(payload), self.limits.signatures),
            None => Claims::default(),
        };
        let case = Case { request, parameters: &parameters, fields: &claims.fields, payload: Some(payload), now };
        let made = shaper.make(&case, &|_| None, true);
        let message = made.draft.message();
        let left_over = shaper.left_over(payload, &made);
        let mut findings = made.findings;
        findings.extend(message.wrapped());
        findings.extend(left_over);
        let message = log.take(Stage::Shape, Judged::of(findings, || message));
        if log.rejects() {
            return None;
        }
        let message = message?;
        let document = Document::of(&message.to_value());
        let sent = Case { payload: Some(document.root()), ..case };
        let (routed, _) = route::judge(self.router.as_ref(), &sent);
        log.take(Stage::Schema, self.conform(Some(document.root()), &routed, log))?;
        let finding = replay::forgettable(self.memory.as_ref(), &sent);
        log.take(Stage::Replay, Judged::of(finding.into_iter().collect(), || ()));
        Some(message)
    }
}
