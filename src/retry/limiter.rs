//! A limiter of our own, for when the server does not say when to come back: a sliding window. The caller keeps its
//! state.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// The number of slices in a window. The state holds one count for each.
const SLICES: u32 = 60;

/// The longest window, in seconds: a day.
const MAX_WINDOW: u32 = 86_400;

/// What [`limiter`](limiter()) needs besides its state.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub struct LimiterOptions {
    /// The current time, in Unix seconds.
    pub now: i64,
    /// How many requests may be sent in any window, at least 1.
    #[serde(deserialize_with = "limit")]
    pub limit: u32,
    /// The length of the window in seconds, from 1 to 86,400.
    #[serde(deserialize_with = "window")]
    pub window_seconds: u32,
}

/// The state that one call returns and the next one takes. It is plain JSON, so it can be kept anywhere.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "what limiter() gave before")]
#[non_exhaustive]
pub struct Limiter {
    /// Whether the request may be sent. If so, it is counted.
    pub allow: bool,
    /// How long to wait before asking again, in milliseconds. 0 if the request may be sent.
    pub wait_milliseconds: u64,
    /// What was sent in the window, oldest first.
    pub sent: Vec<Slice>,
}

/// A part of the window.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object such as { at, count }")]
pub struct Slice {
    /// When it began, in Unix seconds.
    pub at: i64,
    /// The requests sent in it.
    pub count: u32,
}

/// Asks whether a request may be sent, and counts it if it may. The first call has no state. In no stretch of
/// `window_seconds` are more than `limit` requests allowed: a slice of the window counts until all of it is over.
///
/// ```
/// use countersign::retry::{LimiterOptions, limiter};
///
/// let at = |now| LimiterOptions { now, limit: 2, window_seconds: 60 };
/// let first = limiter(None, &at(0));
/// let second = limiter(Some(&first), &at(10));
/// let third = limiter(Some(&second), &at(20));
/// assert_eq!((first.allow, second.allow, third.allow), (true, true, false));
/// assert_eq!(third.wait_milliseconds, 41_000);
/// assert!(limiter(Some(&third), &at(61)).allow);
/// ```
pub fn limiter(state: Option<&Limiter>, options: &LimiterOptions) -> Limiter {
    let LimiterOptions { now, limit, window_seconds } = *options;
    let length = i64::from(window_seconds.div_ceil(SLICES));
    let over = |slice: &Slice| slice.at.saturating_add(length).saturating_add(window_seconds.into());
    // If the clock went back, what was sent counts as sent now.
    let held = state.into_iter().flat_map(|state| &state.sent).map(|slice| Slice { at: slice.at.min(now), ..*slice });
    let mut sent: Vec<Slice> = held.filter(|slice| over(slice) > now).collect();
    let count = sent.iter().fold(0u32, |sum, slice| sum.saturating_add(slice.count));
    if count >= limit {
        let free = wait_for(&sent, count - limit, over).unwrap_or(now);
        let wait_milliseconds = free.saturating_sub(now).unsigned_abs().saturating_mul(1000);
        return Limiter { allow: false, wait_milliseconds, sent };
    }
    match sent.last_mut().filter(|slice| now.saturating_sub(slice.at) < length) {
        Some(slice) => slice.count = slice.count.saturating_add(1),
        None => sent.push(Slice { at: now, count: 1 }),
    }
    Limiter { allow: true, wait_milliseconds: 0, sent }
}

/// When enough slices are over for one more request: `excess` and one more must go.
fn wait_for(sent: &[Slice], excess: u32, over: impl Fn(&Slice) -> i64) -> Option<i64> {
    let mut gone = 0u32;
    sent.iter().find_map(|slice| {
        gone = gone.saturating_add(slice.count);
        (gone > excess).then(|| over(slice))
    })
}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let limit = u32::deserialize(deserializer)?;
    (limit > 0).then_some(limit).ok_or_else(|| D::Error::custom("at least 1 request, and not 0"))
}

fn window<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let seconds = u32::deserialize(deserializer)?;
    let message = || D::Error::custom(format!("1 to {MAX_WINDOW} seconds, and not {seconds}"));
    (1..=MAX_WINDOW).contains(&seconds).then_some(seconds).ok_or_else(message)
}
