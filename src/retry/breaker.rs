//! Whether to send at all: a circuit breaker whose state the caller keeps.

use serde::{Deserialize, Serialize};

use super::header::asked;
use super::options::word;

/// From one probe to the next, in seconds.
pub const PROBE_SECONDS: i64 = 30;

/// So many failures one after the other open it.
pub const TRIP_FAILURES: u32 = 5;

/// What one call gives and the next one takes: plain JSON, so that it can be kept anywhere.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "what breaker() gave before")]
#[non_exhaustive]
pub struct Breaker {
    /// Where it stands.
    #[serde(deserialize_with = "word")]
    pub state: BreakerState,
    /// May the next request go? Of a half-open breaker that is the probe, and this one call may send it.
    pub allow: bool,
    /// One after the other, up to now.
    pub failures: u32,
    /// When the next probe may go, in Unix seconds; a closed breaker has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe_at: Option<i64>,
    /// What opened it; a closed breaker has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Trip>,
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreakerState {
    /// Requests go.
    Closed,
    /// None does.
    Open,
    /// One does, the probe, whose answer closes the breaker or opens it again.
    HalfOpen,
}

/// What opened a breaker.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Trip {
    /// A 429 whose headers say no wait.
    MissingResetHeader,
    /// [`TRIP_FAILURES`] one after the other.
    TooManyFailures,
}

/// What came back.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, expecting = "an object such as { status, headers }")]
pub struct Answer {
    /// Of the answer; 0 where none came, as `Response.error()` has it. 429 and 500 upwards are failures, as 0 is.
    pub status: u16,
    /// Names and values.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
}

/// Without an answer: may I send? With one: this came back. The first call has no state.
///
/// ```
/// use countersign::retry::{Answer, BreakerState, breaker};
///
/// let failed = Answer { status: 503, headers: Vec::new() };
/// let mut state = breaker(None, None, 0);
/// while state.allow {
///     state = breaker(Some(&state), Some(&failed), 0);
/// }
/// assert_eq!((state.state, state.failures), (BreakerState::Open, 5));
/// assert!(!breaker(Some(&state), None, 29).allow);
/// assert!(breaker(Some(&state), None, 30).allow);
/// ```
pub fn breaker(state: Option<&Breaker>, answer: Option<&Answer>, now: i64) -> Breaker {
    let held = state.cloned().unwrap_or(closed(0));
    match answer {
        None => ask(held, now),
        Some(answer) => tell(held, answer, now),
    }
}

fn ask(held: Breaker, now: i64) -> Breaker {
    let next = now.saturating_add(PROBE_SECONDS);
    match (held.state, held.probe_at) {
        (BreakerState::Closed, _) => closed(held.failures),
        // A clock that went back must not keep it open for longer.
        (_, Some(at)) if at > now => Breaker { allow: false, probe_at: Some(at.min(next)), ..held },
        // A probe whose answer never came is followed by another.
        _ => Breaker { state: BreakerState::HalfOpen, allow: true, probe_at: Some(next), ..held },
    }
}

fn tell(held: Breaker, answer: &Answer, now: i64) -> Breaker {
    let failures = held.failures.saturating_add(1);
    let failed = matches!(answer.status, 0 | 429 | 500..);
    let silent = answer.status == 429 && asked(&answer.headers, now).is_err();
    let trip = if silent { Trip::MissingResetHeader } else { held.reason.unwrap_or(Trip::TooManyFailures) };
    match held.state {
        // Of a request that went before it opened: only a probe closes it.
        BreakerState::Open => Breaker { allow: false, ..held },
        _ if !failed => closed(0),
        BreakerState::Closed if !silent && failures < TRIP_FAILURES => closed(failures),
        BreakerState::Closed | BreakerState::HalfOpen => Breaker {
            state: BreakerState::Open,
            allow: false,
            failures,
            probe_at: Some(now.saturating_add(PROBE_SECONDS)),
            reason: Some(trip),
        },
    }
}

fn closed(failures: u32) -> Breaker {
    Breaker { state: BreakerState::Closed, allow: true, failures, probe_at: None, reason: None }
}
