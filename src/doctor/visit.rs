//! The search: steps that each undo one fault are tried alone and then in pairs.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use super::bench::{Bench, Input, Match};
use super::body::{self, Patient, Repair};
use super::diagnosis::told;
use super::fault::{CauseId, Fault};
use super::{candidates, key, template, times, urls};
use crate::grammar::{Algorithm, Segment};
use crate::request::Received;
use crate::signature::keys::Ready;
use crate::signature::{Fields, Scheme};
use crate::target::Target;

/// Repaired bodies are kept if the body is at most this long; otherwise they are made again.
const KEPT_BYTES: usize = 16_384;

/// One request, and what it is checked against.
pub(super) struct Visit<'v> {
    pub scheme: &'v Scheme,
    pub request: Received<'v>,
    pub fields: &'v Fields<'v>,
    pub keys: Vec<&'v [u8]>,
    pub others: &'v [Ready],
    pub bench: Bench<'v>,
}

/// One fault undone.
pub(super) struct Step<'a> {
    kind: Kind,
    change: Change<'a>,
    fault: Fault,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Body,
    Key,
    Template,
    Time,
    Url,
}

enum Change<'a> {
    Address {
        url: String,
        method: String,
    },
    /// Another algorithm of the same length, over these segments.
    Algorithm(Algorithm, Vec<Segment>),
    Body(Repair),
    Key(Vec<u8>),
    /// A body repair, already followed.
    Repaired(Vec<u8>),
    Template(Vec<Segment>),
    Time {
        fields: Fields<'a>,
        url: Option<String>,
    },
}

impl<'v> Visit<'v> {
    /// Everything that can be tried, except repairs that do not change what is signed.
    pub fn steps(&self, patient: Option<&Patient<'_>>, body: Option<&'v Value>) -> Vec<Step<'v>> {
        let mut steps = Vec::new();
        let mut push = |kind, change, fault| steps.push(Step { kind, change, fault });
        for (bytes, fault) in key::others(&self.scheme.keys, self.others).chain(key::repairs(&self.scheme.keys)) {
            push(Kind::Key, Change::Key(bytes), fault);
        }
        let others = times::others(self.scheme, &self.request, body);
        for retimed in times::repairs(self.scheme, self.fields, &others) {
            let url = retimed.url(self.scheme, &self.request.target.url());
            let mut fields = self.fields.clone();
            if let Some(field) = self.scheme.fields.get(retimed.field) {
                fields.put(&field.name, retimed.text);
            }
            push(Kind::Time, Change::Time { fields, url }, retimed.fault);
        }
        if self.scheme.signs_address() {
            for urls::Address { url, method, fault } in urls::repairs(&self.request) {
                push(Kind::Url, Change::Address { url, method }, fault);
            }
        }
        for (algorithm, signed, fault) in candidates::algorithms(self.scheme) {
            push(Kind::Template, Change::Algorithm(algorithm, signed), fault);
        }
        for (signed, fault) in template::repairs(self.scheme, &self.request, self.fields, &others) {
            push(Kind::Template, Change::Template(signed), fault);
        }
        let patient = patient.filter(|_| self.scheme.signs_body());
        for repair in patient.into_iter().flat_map(Patient::repairs) {
            let fault = repair.unmeasured();
            push(Kind::Body, Change::Body(repair), fault);
        }
        in_turns(steps)
    }

    /// Tries each step alone.
    pub fn singles(&mut self, patient: &Patient<'_>, steps: &[Step<'v>]) -> Vec<Fault> {
        let mut seen = BTreeSet::new();
        let mut proved = Vec::new();
        for step in steps {
            if self.bench.capped {
                break;
            }
            let followed = match &step.change {
                Change::Body(repair) => match patient.follow(repair) {
                    Some(body) if seen.insert(body::fingerprint(&body)) => Some(body),
                    _ => continue,
                },
                _ => None,
            };
            let found = self.attempt(followed.as_deref().unwrap_or(self.request.body), &[step]);
            let Some((faults, signed)) = found else { continue };
            let own = match (&step.change, &followed) {
                (Change::Body(repair), Some(body)) => patient.fault(repair, body),
                _ => step.fault.clone(),
            };
            proved.extend(told(together(step.kind, own, faults), &signed));
        }
        // If another time is proved, a known template that contains it is no separate fault.
        if proved.iter().any(|fault| matches!(fault.id, CauseId::TimeField | CauseId::TimeUnit)) {
            proved.retain(|fault| fault.id != CauseId::Template);
        }
        proved
    }

    /// Tries pairs of steps of different kinds until one matches. Pairs with the smallest sum of ranks come first.
    pub fn pairs(&mut self, patient: &Patient<'_>, steps: Vec<Step<'v>>) -> Vec<Fault> {
        let mut seen = BTreeSet::new();
        let mut ranked = Vec::with_capacity(steps.len());
        let small = self.request.body.len() <= KEPT_BYTES;
        for mut step in steps {
            if let Change::Body(repair) = &step.change {
                let Some(body) = patient.follow(repair).filter(|body| seen.insert(body::fingerprint(body))) else {
                    continue;
                };
                step.fault = patient.fault(repair, &body);
                if small {
                    step.change = Change::Repaired(body);
                }
            }
            ranked.push(step);
        }
        ranked.sort_by_key(|step| step.fault.edits);
        for sum in 1..ranked.len() * 2 {
            for low in sum.saturating_sub(ranked.len() - 1)..sum.div_ceil(2) {
                let (Some(first), Some(second)) = (ranked.get(low), ranked.get(sum - low)) else { continue };
                if self.bench.capped {
                    return Vec::new();
                }
                if first.kind == second.kind {
                    continue;
                }
                let repaired = [first, second].into_iter().find_map(|step| match &step.change {
                    Change::Body(repair) => patient.follow(repair).map(Cow::Owned),
                    Change::Repaired(body) => Some(Cow::Borrowed(body.as_slice())),
                    _ => None,
                });
                let body = repaired.unwrap_or(Cow::Borrowed(self.request.body));
                if let Some((faults, signed)) = self.attempt(&body, &[first, second]) {
                    let mut proved = together(first.kind, first.fault.clone(), faults);
                    proved.push(second.fault.clone());
                    return told(proved, &signed);
                }
            }
        }
        Vec::new()
    }

    /// The faults of the signature itself, if it matches the request after these steps.
    pub fn attempt(&mut self, body: &[u8], steps: &[&Step<'v>]) -> Option<Match> {
        let mut request = Received { body, ..self.request };
        let mut url: Option<&str> = None;
        let mut input_fields = self.fields;
        let mut signed = self.scheme.signed.as_slice();
        let mut key = None;
        let mut algorithm = None;
        for step in steps {
            match &step.change {
                Change::Address { url: called, method } => (url, request.method) = (Some(called.as_str()), method),
                Change::Algorithm(other, segments) => (algorithm, signed) = (Some(*other), segments),
                Change::Body(_) | Change::Repaired(_) => {}
                Change::Key(bytes) => key = Some(bytes.as_slice()),
                Change::Template(segments) => signed = segments,
                Change::Time { fields, url: retimed } => {
                    input_fields = fields;
                    url = retimed.as_deref().or(url);
                }
            }
        }
        // A URL that is tried is the one that the sender called, so no origin replaces its own.
        let target = url.map(|url| Target::new(url, None, None));
        request.target = target.as_ref().unwrap_or(request.target);
        let input = Input { request, fields: input_fields, signed, algorithm };
        if !self.bench.holds_bound(self.scheme, &input) {
            return None;
        }
        match key {
            Some(key) => self.bench.matches(&input, key),
            None => {
                let Visit { keys, bench, .. } = self;
                keys.iter().find_map(|key| bench.matches(&input, key))
            }
        }
    }
}

/// The likely steps of every kind come first, so that a limit cuts off the unlikely ones and not whole kinds.
/// Bodies are broken most often.
fn in_turns(steps: Vec<Step<'_>>) -> Vec<Step<'_>> {
    let mut counts = [0_usize; 5];
    let mut turns: Vec<(usize, Step<'_>)> = Vec::with_capacity(steps.len());
    for step in steps {
        let (slot, weight) = match step.kind {
            Kind::Body => (0, 1),
            Kind::Key => (1, 2),
            Kind::Time => (2, 2),
            Kind::Url => (3, 2),
            Kind::Template => (4, 4),
        };
        let count = counts.get_mut(slot).map_or(0, |count| std::mem::replace(count, *count + 1));
        turns.push((count * weight, step));
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, step)| step).collect()
}

/// A fault together with those of the signature. Another provider's header has its own template, so the two
/// count as one fault.
fn together(kind: Kind, own: Fault, mut signature: Vec<Fault>) -> Vec<Fault> {
    let provider = signature.iter().any(|fault| fault.id == CauseId::SignatureProvider);
    if !(provider && matches!(kind, Kind::Template | Kind::Time)) {
        signature.insert(0, own);
    }
    signature
}
