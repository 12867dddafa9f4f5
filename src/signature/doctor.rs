//! The mismatch doctor: why a signature does not belong to its request. It undoes one fault after the
//! other and computes the MAC again; what makes it match is a cause, and is proved. Single faults come
//! first, then pairs of them, the smallest edits first, until the limits end it. Never on the request path.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use super::{Fields, Scheme};
use crate::contract::document::Segment;
use crate::freshness::Window;
use crate::limits::DoctorLimits;
use crate::request::Request;
use crate::time;
use bench::{Bench, Input};
use body::{Patient, Repair};
use diagnosis::{CauseId, Fault};

mod bench;
mod body;
mod candidates;
mod diagnosis;
mod json;
mod key;
mod mends;
mod style;
mod suspects;
mod template;
mod times;
mod urls;

pub use diagnosis::{Cause, CauseId as Id, Diagnosis};
pub use mends::Mends;

/// Repairs of a body up to this long are kept; those of a longer one are made again.
const KEPT_BYTES: usize = 16_384;

/// What the doctor is told beside the request.
pub(crate) struct Chart<'c> {
    pub window: Option<&'c Window>,
    pub now: i64,
    /// Signatures that one header may hold.
    pub signatures: usize,
    pub limits: &'c DoctorLimits,
}

/// Every cause that can be proved within the limits; what is only suspected, where none can. Empty where
/// the signature verifies, where none is declared, and for schemes whose key does not sign.
pub(crate) fn explain(scheme: Option<&Scheme>, request: &Request<'_>, chart: &Chart<'_>) -> Diagnosis {
    let nothing = Diagnosis::new(Vec::new(), Vec::new(), 0, false);
    let Some(scheme) = scheme.filter(|scheme| scheme.algorithm.is_symmetric() && scheme.encoding.is_some()) else {
        return nothing;
    };
    let small = request.body.len() <= chart.limits.body_bytes;
    let body: Option<Value> = small.then(|| serde_json::from_slice(request.body).ok()).flatten();
    let context = scheme.context(request, body.as_ref());
    // As they stand, whatever their form: a time of the wrong unit is signed as it is sent.
    let mut fields = Fields::default();
    for field in &scheme.fields {
        if let Ok(Some(value)) = field.from.value(&context) {
            fields.put(&field.name, value);
        }
    }
    let candidates = candidates::find(scheme, &context, chart.signatures);
    let count = candidates.len();
    let mut visit = Visit {
        scheme,
        request: *request,
        fields: &fields,
        keys: scheme.keys.iter().map(|key| key.given.bytes.as_slice()).collect(),
        bench: Bench::new(chart.limits, candidates),
    };
    if let Some(faults) = visit.attempt(request.body, &[]) {
        let faults = if faults.is_empty() { misread_time(scheme, &fields, chart) } else { faults };
        return Diagnosis::new(faults, Vec::new(), visit.bench.tried, visit.bench.capped);
    }
    let mut proved = Vec::new();
    if count > 0 {
        let patient = Patient::new(if small { request.body } else { &[] });
        let steps = visit.steps(small.then_some(&patient), body.as_ref());
        proved = visit.singles(&patient, &steps);
        if proved.is_empty() && !visit.bench.capped {
            proved = visit.pairs(&patient, steps);
        }
        visit.bench.capped |= !small && scheme.signs_body();
    }
    let suspects = suspects::find(scheme, request, &fields, count);
    Diagnosis::new(proved, suspects, visit.bench.tried, visit.bench.capped)
}

/// The signature holds, and the time is only stale because it is read in the wrong unit.
fn misread_time(scheme: &Scheme, fields: &Fields<'_>, chart: &Chart<'_>) -> Vec<Fault> {
    let Some(window) = chart.window else { return Vec::new() };
    let times = scheme.fields.iter().filter(|field| field.format.is_time());
    let misread = times.filter_map(|field| {
        let text = fields.get(&field.name)?;
        if time::parse(field.format, text).is_some_and(|seconds| window.holds(seconds, chart.now)) {
            return None;
        }
        let (_, unit) =
            times::in_another_unit(text, field.format).find(|(seconds, _)| window.holds(*seconds, chart.now))?;
        let message =
            format!("the signature is right, and the time is fresh: it is {unit}, which the contract does not take");
        Some(Fault::new(CauseId::TimeUnit, 3, field.place(), message))
    });
    misread.collect()
}

/// One fault undone.
struct Step<'a> {
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

struct Visit<'v> {
    scheme: &'v Scheme,
    request: Request<'v>,
    fields: &'v Fields<'v>,
    keys: Vec<&'v [u8]>,
    bench: Bench<'v>,
}

impl<'v> Visit<'v> {
    /// Everything that one may try, but for repairs that change nothing of what is signed.
    fn steps(&self, patient: Option<&Patient<'_>>, body: Option<&'v Value>) -> Vec<Step<'v>> {
        let mut steps = Vec::new();
        let mut push = |kind, change, fault| steps.push(Step { kind, change, fault });
        for (bytes, fault) in key::repairs(&self.scheme.keys) {
            push(Kind::Key, Change::Key(bytes), fault);
        }
        let others = times::others(self.scheme, &self.request, body);
        for retimed in times::repairs(self.scheme, self.fields, &others) {
            let url = retimed.url(self.scheme, self.request.url);
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

    /// Each step alone.
    fn singles(&mut self, patient: &Patient<'_>, steps: &[Step<'v>]) -> Vec<Fault> {
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
            let faults = self.attempt(followed.as_deref().unwrap_or(self.request.body), &[step]);
            let Some(faults) = faults else { continue };
            let own = match (&step.change, &followed) {
                (Change::Body(repair), Some(body)) => patient.fault(repair, body),
                _ => step.fault.clone(),
            };
            proved.extend(together(step.kind, own, faults));
        }
        // A known template with another time in it is that other time, and no more.
        if proved.iter().any(|fault| matches!(fault.id, CauseId::TimeField | CauseId::TimeUnit)) {
            proved.retain(|fault| fault.id != CauseId::Template);
        }
        proved
    }

    /// Two steps of different kinds, until the first that match. The smallest sums of ranks come first.
    fn pairs(&mut self, patient: &Patient<'_>, steps: Vec<Step<'v>>) -> Vec<Fault> {
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
                if let Some(faults) = self.attempt(&body, &[first, second]) {
                    let mut proved = together(first.kind, first.fault.clone(), faults);
                    proved.push(second.fault.clone());
                    return proved;
                }
            }
        }
        Vec::new()
    }

    /// The faults of the signature itself, if the request with these steps undone is what it signs.
    fn attempt(&mut self, body: &[u8], steps: &[&Step<'v>]) -> Option<Vec<Fault>> {
        let mut request = Request { body, ..self.request };
        let mut input_fields = self.fields;
        let mut signed = self.scheme.signed.as_slice();
        let mut key = None;
        for step in steps {
            match &step.change {
                Change::Address { url, method } => (request.url, request.method) = (url, method),
                Change::Body(_) | Change::Repaired(_) => {}
                Change::Key(bytes) => key = Some(bytes.as_slice()),
                Change::Template(segments) => signed = segments,
                Change::Time { fields, url } => {
                    input_fields = fields;
                    request.url = url.as_deref().unwrap_or(request.url);
                }
            }
        }
        let input = Input { request, fields: input_fields, signed };
        match key {
            Some(key) => self.bench.matches(&input, key),
            None => {
                let Visit { keys, bench, .. } = self;
                keys.iter().find_map(|key| bench.matches(&input, key))
            }
        }
    }
}

/// The likely ones of every kind first, so that a limit cuts off the far ends and not whole kinds. Bodies
/// are broken most often.
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

/// A fault beside those of the signature. Another provider's header is put together in its own way: that
/// is one fault.
fn together(kind: Kind, own: Fault, mut signature: Vec<Fault>) -> Vec<Fault> {
    let provider = signature.iter().any(|fault| fault.id == CauseId::SignatureProvider);
    if !(provider && matches!(kind, Kind::Template | Kind::Time)) {
        signature.insert(0, own);
    }
    signature
}

impl Scheme {
    /// Whether the signed bytes hold a part of the URL, or the method.
    fn signs_address(&self) -> bool {
        self.covers().iter().any(|place| matches!(place.as_str(), "method" | "path" | "query" | "url"))
    }
}
