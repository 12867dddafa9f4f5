//! Stage 3: a signed time, `now` and a window give a proof that the request is fresh, or findings.

use crate::case::Case;
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{Field, Freshness, FreshnessField, Source};
use crate::judged::Judged;
use crate::signature::field::{self, Context, Declared, Origin, Role};
use crate::signature::{Authentic, Clock, Engine, dpop, rfc9421};
use crate::time::{self, FieldFormat};

/// Proof that the request's time is inside the window, or that the contract declares none. Made only by [`judge`].
#[derive(Debug)]
pub(crate) struct Fresh {
    /// When the window closes: the first second at which this request would be too old.
    pub stale_at: Option<i64>,
    /// The age of the request, in seconds. Negative if its time is ahead of `now`.
    pub skew: Option<i64>,
    _made_here: (),
}

/// The compiled `freshness` section of a contract.
#[derive(Debug)]
pub(crate) struct Window {
    field: String,
    format: FieldFormat,
    /// Where the time is, as in a finding's `at`.
    place: String,
    clock: Clock,
    /// The field that an unsigned contract defines in place.
    pub own: Vec<Declared>,
    past_seconds: u32,
    future_seconds: u32,
}

impl Window {
    /// Whether a time is inside the window.
    pub fn holds(&self, seconds: i64, now: i64) -> bool {
        let age = now.saturating_sub(seconds);
        age <= i64::from(self.past_seconds) && age >= -i64::from(self.future_seconds)
    }

    /// Whether the time is in the body, which must then be read first.
    pub fn reads_body(&self) -> bool {
        self.own.iter().any(|field| matches!(field.from, Origin::Body(_)))
    }

    pub fn compile(document: Freshness, engine: Option<&Engine>) -> Result<Window, ContractError> {
        let declared = engine.map(Engine::fields);
        let wrong =
            |message: String| Err(ContractError::new(ContractCode::ContractFreshness, "/freshness/field", message));
        let (field, format, place, own) = match (document.field, declared) {
            (FreshnessField::Named(name), Some(fields)) => match fields.iter().find(|field| field.name == name) {
                Some(field) if field.format.is_time() => (name, field.format, field.place(), Vec::new()),
                Some(_) => return wrong(format!("the field `{name}` has no time format, such as `unix-seconds`")),
                None => return wrong(format!("there is no field `{name}` under `signature.fields`")),
            },
            (FreshnessField::Named(name), None) => {
                return wrong(format!("nothing is signed, so `{name}` is not a field; define it here"));
            }
            (FreshnessField::InPlace(_), Some(_)) => {
                return wrong("the time must be one of `signature.fields`, or nobody signs it".into());
            }
            (FreshnessField::InPlace(Field { from: Source::Pair(_), .. }), None) => {
                return wrong("there is no signature to read a pair from".into());
            }
            (FreshnessField::InPlace(field), None) if field.format.is_time() => {
                let own = Declared::compile("time".into(), field, Role::Time, "/freshness/field")?;
                ("time".to_owned(), own.format, own.place(), vec![own])
            }
            (FreshnessField::InPlace(_), None) => return wrong("the field has no time format".into()),
        };
        Ok(Window {
            field,
            format,
            place,
            clock: engine.map_or(Clock::Timestamp, Engine::clock),
            own,
            past_seconds: document.past_seconds,
            future_seconds: document.future_seconds,
        })
    }
}

/// The only way to get a proof. `authentic` is the proof of the signature, if it was already verified: a stale copy of
/// a good request is a different mistake from a forged one. `reports` says whether anyone reads what is found.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn judge(
    window: Option<&Window>,
    case: &Case<'_>,
    authentic: Option<&Authentic<'_>>,
    reports: bool,
) -> Judged<Fresh> {
    let Some(window) = window else {
        return Judged::Undeclared(Fresh { stale_at: None, skew: None, _made_here: () });
    };
    // If the body cannot be read, the payload stage reports that; the time is not missing.
    if window.reads_body() && case.payload.is_none() {
        return Judged::Absent;
    }
    let context = Context { request: *case.request, pairs: None, body: case.payload, stage: Stage::Freshness };
    let (own, findings) = field::read_all(&window.own, &context);
    let text = own.get(&window.field).or_else(|| case.fields.get(&window.field));
    let Some(time) = text.and_then(|text| time::parse(window.format, text)) else {
        return Judged::unproved(findings);
    };
    let skew = case.now.saturating_sub(time);
    let (past, future) = (i64::from(window.past_seconds), i64::from(window.future_seconds));
    let code = match skew {
        skew if skew > past => Code::TimestampTooOld,
        skew if skew < -future => Code::TimestampTooNew,
        _ => {
            let stale_at = time.saturating_add(past).saturating_add(1);
            return Judged::of(findings, || Fresh { stale_at: Some(stale_at), skew: Some(skew), _made_here: () });
        }
    };
    if !reports {
        return Judged::unproved(vec![outside(window, code, String::new())]);
    }
    let valid = if authentic.is_some_and(|proof| proof.key.is_some()) { "valid but " } else { "" };
    let (message, allowed) = match code {
        Code::TimestampTooOld => {
            (format!("{valid}stale: the time is {skew} s back, and the window allows {past} s"), past)
        }
        _ => {
            let ahead = skew.unsigned_abs();
            (format!("{valid}too early: the time is {ahead} s ahead, and the window allows {future} s"), future)
        }
    };
    let finding = outside(window, code, message).at(&window.place).with("skewSeconds", skew).with("allowed", allowed);
    let help = "set both machines' clocks by NTP, and sign again when a request is sent again";
    Judged::unproved(vec![finding.with("help", help)])
}

fn outside(window: &Window, code: Code, message: String) -> Finding {
    match window.clock {
        Clock::Dpop => dpop::iat(Stage::Freshness, message),
        Clock::HttpSignature => rfc9421::created(Stage::Freshness, message),
        Clock::Timestamp => Finding::error(code, Stage::Freshness, message),
    }
}
