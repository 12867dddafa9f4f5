//! Stage 9: the verdict, or only the decision, of what the walk found.

use std::sync::Arc;

use serde::Serialize;

use super::Gate;
use super::walk::Pass;
use crate::check::Check;
use crate::dead_letter::DeadLetter;
use crate::finding::{Finding, Stage};
use crate::grammar::OnDuplicate;
use crate::json::{Members, named};
use crate::judged::Judged;
use crate::log::{Depth, Log, shown};
use crate::replay::{self, ReplayKey, Replays};
use crate::request::Request;
use crate::route::{Event, Named};
use crate::shape::{Draft, Message};
use crate::verdict::{Outcome, SignatureReport, Verdict};

/// What [`Gate::decide`] says: the members that a verdict has of the same names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Decision {
    /// The decision.
    pub verdict: Outcome,
    /// The HTTP status for the response. `None` if a response was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The reply to a handshake, in place of the handler's. Present only on accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Message>,
    /// What the message is. Present only on accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
    /// The canonical message. Present only on accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// What the caller's store is to remember. Present unless something failed, or nothing is remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<ReplayKey>,
}

/// What an accept hands on, where it was found.
pub(crate) struct Admitted<'a> {
    pub event: Named<'a, 'a>,
    pub message: Option<Draft<'a>>,
    pub answer: Option<Draft<'a>>,
    pub replay: Option<ReplayKey>,
}

/// A message that passed, or a copy of one that did.
pub(crate) enum Passed<'a> {
    New(Admitted<'a>),
    Seen(ReplayKey),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EveryAccept {
    contract: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_text: Option<&'static str>,
    covers: Arc<[String]>,
    leaves: Arc<[String]>,
}

/// An accept whose parts are written, or any other verdict.
pub(crate) enum Judgement {
    /// With the age of the message.
    Accept(Option<i64>),
    Verdict(Box<Verdict>),
}

impl Admitted<'_> {
    /// As members of a JSON object, without its braces, in the order that a verdict has them.
    #[cfg_attr(small, optimize(speed))]
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut object = Members::new(out);
        if let Some(answer) = &self.answer {
            answer.write(object.member(named!("answer")));
        }
        if !self.event.is_empty() {
            self.event.write(object.member(named!("event")));
        }
        if let Some(message) = &self.message {
            message.write(object.member(named!("message")));
        }
        if let Some(replay) = &self.replay {
            replay.write_value(object.member(named!("replay")));
        }
    }
}

impl Passed<'_> {
    /// Without the status, and without what becomes of a copy.
    fn decision(self) -> Decision {
        match self {
            Passed::New(Admitted { event, message, answer, replay }) => {
                let made = |draft: Option<Draft<'_>>| draft.as_ref().map(Draft::message);
                let accept = bare(Outcome::Accept);
                Decision { answer: made(answer), event: event.event(), message: made(message), replay, ..accept }
            }
            Passed::Seen(known) => Decision { replay: Some(known), ..bare(Outcome::Reject) },
        }
    }
}

impl Gate {
    pub(crate) fn judge(&self, request: &Request<'_>, check: &Check) -> Verdict {
        let mut log = Log::new(Depth::of(check));
        let mut passed = None;
        let _ended = self.walk(request, check, &mut log, &mut |pass, _| {
            passed = Some(self.recall(pass, check).decision());
        });
        self.conclude(passed, request, log)
    }

    /// The same. Of an accept only what its message decides is written.
    pub(crate) fn judged(&self, request: &Request<'_>, check: &Check, out: &mut Vec<u8>) -> Judgement {
        let mut log = Log::new(Depth::of(check));
        let mut passed = None;
        let _ended = self.walk(request, check, &mut log, &mut |pass, log| match self.recall(pass, check) {
            Passed::New(admitted) => {
                log.write(out);
                out.push(b'{');
                admitted.write(out);
                out.push(b'}');
                log.write_notes(out, self.limits.findings);
                out.push(b']');
            }
            other => passed = Some(other.decision()),
        });
        match out.is_empty() {
            true => Judgement::Verdict(self.conclude(passed, request, log).into()),
            false => Judgement::Accept(log.skew_seconds),
        }
    }

    /// The verdict when something is wrong before any stage could begin.
    pub(crate) fn refuse(&self, finding: Finding, request: &Request<'_>, check: &Check) -> Verdict {
        let mut log = Log::new(Depth::of(check));
        log.take(Stage::Request, Judged::<()>::unproved(vec![finding]));
        self.conclude(None, request, log)
    }

    pub(crate) fn decision(&self, request: &Request<'_>, check: &Check) -> Decision {
        let mut decision = bare(Outcome::Reject);
        let (verdict, status) = self.decided(request, check, &mut |passed| decision = passed.decision());
        Decision { verdict, status, ..decision }
    }

    /// The outcome and status of [`Gate::judge`], without its report. `admit` gets what an accept hands on.
    #[cfg_attr(small, optimize(speed))]
    pub(crate) fn decided(
        &self,
        request: &Request<'_>,
        check: &Check,
        admit: &mut dyn FnMut(Passed<'_>),
    ) -> (Outcome, Option<u16>) {
        let mut log = Log::new(Depth::Decision);
        let mut outcome = Outcome::Reject;
        let mut duplicate = None;
        let _ended = self.walk(request, check, &mut log, &mut |pass, _| {
            let passed = self.recall(pass, check);
            match &passed {
                Passed::New(_) => outcome = Outcome::Accept,
                Passed::Seen(known) => duplicate = Some(known.on_duplicate),
            }
            admit(passed);
        });
        if let Some(on_duplicate) = duplicate {
            outcome = if on_duplicate == OnDuplicate::Ignore { Outcome::Ignore } else { Outcome::Reject };
            log.take(Stage::Replay, Judged::of(vec![replay::duplicate(on_duplicate)], || ()));
        }
        let status = (!self.kind.is_answers()).then(|| self.statuses.of(outcome, &log.findings()).0);
        (outcome, status)
    }

    /// What every accept has.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "for the outer layer"))]
    pub(crate) fn every_accept(&self) -> impl Serialize {
        let (status, status_text) = (!self.kind.is_answers()).then(|| self.statuses.of(Outcome::Accept, &[])).unzip();
        EveryAccept {
            contract: self.name.clone(),
            status,
            status_text,
            covers: self.covers.clone(),
            leaves: self.unsigned.clone(),
        }
    }

    /// Whether a message that passed was seen before.
    #[cfg_attr(small, optimize(speed))]
    fn recall<'a>(&self, pass: Pass<'a>, check: &Check) -> Passed<'a> {
        let Pass { event, message, answer, distinct, fresh, .. } = pass;
        match replay::recall(self.memory.as_ref(), distinct, &fresh, &check.seen, check.now) {
            Replays::Seen(known) => Passed::Seen(known),
            Replays::New(new) => Passed::New(Admitted { event, message, answer, replay: Some(new) }),
            Replays::Unremembered => Passed::New(Admitted { event, message, answer, replay: None }),
        }
    }

    /// A good message that was seen before is answered as the contract says.
    fn conclude(&self, passed: Option<Decision>, request: &Request<'_>, mut log: Log<'_>) -> Verdict {
        let mut decision = passed.unwrap_or_else(|| bare(Outcome::Reject));
        if let (Outcome::Reject, Some(known)) = (decision.verdict, &decision.replay) {
            log.take(Stage::Replay, Judged::of(vec![replay::duplicate(known.on_duplicate)], || ()));
            decision.verdict = if log.rejects() { Outcome::Reject } else { Outcome::Ignore };
        }
        let Decision { verdict, answer, event, message, replay, .. } = decision;
        let stages = log.stages();
        let api_version = log.api_version.map(str::to_owned);
        let report = |key| SignatureReport { key, covers: self.covers.clone(), leaves: self.unsigned.clone() };
        let signature = log.key.take().map(|key| report(key.into_owned()));
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

/// A decision that hands nothing on.
fn bare(verdict: Outcome) -> Decision {
    Decision { verdict, status: None, answer: None, event: None, message: None, replay: None }
}
