//! The mismatch doctor: why a signature does not match its request. It undoes one fault after another and
//! recomputes the MAC; a fault whose repair makes the MAC match is a proved cause. It tries single faults first,
//! then pairs, the smallest edits first, until it reaches its limits. It never runs on the request path.

use serde_json::Value;

use crate::covered::Covered;
use crate::freshness::Window;
use crate::json::Document;
use crate::limits::DoctorLimits;
use crate::request::Received;
use crate::signature::keys::Ready;
use crate::signature::{Fields, Scheme};
use crate::time;
use bench::Bench;
use body::Patient;
use diagnosis::told;
use fault::Fault;
use visit::Visit;

mod bench;
mod body;
mod candidates;
mod diagnosis;
mod fault;
mod form;
mod json;
mod key;
mod mends;
mod style;
mod suspects;
mod template;
mod times;
mod urls;
mod visit;

pub use diagnosis::{Cause, Diagnosis};
pub use fault::CauseId;
pub use mends::Mends;

/// What the doctor needs in addition to the request.
pub(crate) struct Chart<'c> {
    pub window: Option<&'c Window>,
    pub now: i64,
    /// How many signatures one header may contain.
    pub signatures: usize,
    pub limits: &'c DoctorLimits,
    /// Keys that the gate does not accept, but the sender may have used.
    pub others: &'c [Ready],
    /// Whether a cause includes the bytes that were signed.
    pub signed: bool,
}

/// Every cause that can be proved within the limits, or only suspects if none can be. It is empty if the
/// signature verifies, if none is declared, and for schemes whose key does not sign.
pub(crate) fn explain(scheme: Option<&Scheme>, request: &Received<'_>, chart: &Chart<'_>) -> Diagnosis {
    let nothing = Diagnosis::default();
    let Some(scheme) = scheme.filter(|scheme| scheme.algorithm.is_symmetric() && scheme.encoding.is_some()) else {
        return nothing;
    };
    let small = request.body.len() <= chart.limits.body_bytes;
    let body: Option<Value> = small.then(|| serde_json::from_slice(request.body).ok()).flatten();
    let document = body.as_ref().map(Document::of);
    let context = scheme.context(request, document.as_ref().map(Document::root));
    // Fields are used as they are, even if malformed: a time in the wrong unit is signed as it is sent.
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
        others: chart.others,
        bench: Bench::new(chart.limits, candidates, chart.signed.then_some(scheme)),
    };
    if let Some((faults, signed)) = visit.attempt(request.body, &[]) {
        let holds = faults.is_empty();
        let (faults, suspects) =
            if holds { misread_times(scheme, &fields, chart) } else { (told(faults, &signed), Vec::new()) };
        return Diagnosis { holds, ..Diagnosis::new(faults, suspects, &visit.bench) };
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
    Diagnosis::new(proved, suspects, &visit.bench)
}

/// The signature is valid, and the time is stale only because it is read in the wrong unit, which is certain, or
/// in the wrong time zone, which is only likely.
fn misread_times(scheme: &Scheme, fields: &Fields<'_>, chart: &Chart<'_>) -> (Vec<Fault>, Vec<Fault>) {
    let (mut units, mut zones) = (Vec::new(), Vec::new());
    let Some(window) = chart.window else { return (units, zones) };
    for field in scheme.fields.iter().filter(|field| field.format.is_time()) {
        let Some(text) = fields.get(&field.name) else { continue };
        let read = time::parse(field.format, text);
        if read.is_some_and(|seconds| window.holds(seconds, chart.now)) {
            continue;
        }
        let fresh = |seconds: &i64| window.holds(*seconds, chart.now);
        if let Some((_, unit)) = times::in_another_unit(text, field.format).find(|(seconds, _)| fresh(seconds)) {
            let message = format!(
                "the signature is right, and the time is fresh: it is {unit}, which the contract does not take"
            );
            units.push(Fault::new(CauseId::TimeUnit, 3, field.place(), message));
        } else if read.is_some_and(|seconds| times::in_another_zone(seconds).any(|seconds| fresh(&seconds))) {
            let message = "the time is a whole number of hours off: it may be the local time of another zone";
            zones.push(Fault::new(CauseId::TimeUnit, 7, field.place(), message));
        }
    }
    (units, zones)
}

impl Scheme {
    /// Whether the signed bytes contain a part of the URL, or the method.
    fn signs_address(&self) -> bool {
        let address = |part: &Covered| matches!(part, Covered::Method | Covered::Path | Covered::Query | Covered::Url);
        self.covers().iter().any(address)
    }
}
