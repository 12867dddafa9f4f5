//! Whether to send at all: a circuit breaker. The caller keeps its state.

use serde::{Deserialize, Serialize};

use super::delay::Reason;
use super::header::{Wait, asked};
use super::options::word;

/// The time between two probes, in seconds.
pub const PROBE_SECONDS: i64 = 30;

/// The number of consecutive failures that opens it.
pub const TRIP_FAILURES: u32 = 5;

/// The state that one call returns and the next one takes. It is plain JSON, so it can be kept anywhere.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "what breaker() gave before")]
#[non_exhaustive]
pub struct Breaker {
    /// The state of the breaker.
    #[serde(deserialize_with = "word")]
    pub state: BreakerState,
    /// Whether the next request may be sent. If the breaker is half-open, that request is the probe, and only this
    /// caller may send it.
    pub allow: bool,
    /// The number of consecutive failures so far.
    pub failures: u32,
    /// When the next probe may be sent, in Unix seconds. A closed breaker has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe_at: Option<i64>,
    /// What opened it. A closed breaker has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Trip>,
}

/// The state of a breaker.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreakerState {
    /// All requests are sent.
    Closed,
    /// No request is sent.
    Open,
    /// One request is sent: the probe. Its response closes the breaker or opens it again.
    HalfOpen,
}

/// What opened a breaker.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Trip {
    /// A 429 with neither Retry-After nor X-RateLimit-Reset.
    MissingResetHeader,
    /// There were [`TRIP_FAILURES`] failures in a row.
    TooManyFailures,
}

/// A response, or the lack of one.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, expecting = "an object such as { status, headers }")]
pub struct Answer {
    /// The status of the response, or 0 if there was none, like `Response.error()`. 0, and 500 and above are failures.
    /// So is 429, unless its headers say how long to wait: that server is well, and only busy.
    pub status: u16,
    /// The header names and values.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
}

/// Without an answer, asks whether to send. With one, records what came back. The first call has no state.
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
        // If the clock went back, that must not keep it open for longer.
        (_, Some(at)) if at > now => Breaker { allow: false, probe_at: Some(at.min(next)), ..held },
        // If no response to a probe came, another probe follows.
        _ => Breaker { state: BreakerState::HalfOpen, allow: true, probe_at: Some(next), ..held },
    }
}

fn tell(held: Breaker, answer: &Answer, now: i64) -> Breaker {
    let failures = held.failures.saturating_add(1);
    let (failed, silent) = match answer.status {
        0 | 500.. => (true, false),
        429 => match asked(&answer.headers, now) {
            Ok(Wait { seconds, .. }) => (seconds == 0, false),
            Err(reason) => (true, reason == Reason::MissingResetHeader),
        },
        _ => (false, false),
    };
    let trip = if silent { Trip::MissingResetHeader } else { held.reason.unwrap_or(Trip::TooManyFailures) };
    match held.state {
        // The response to a request sent before it opened: only a probe closes it.
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
