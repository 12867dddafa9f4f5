//! When to send again: how long an answer asks to wait ([`delay`]), how long to wait on one's own ([`backoff`]), and
//! whether to send at all ([`breaker`](breaker())). Pure functions: `now` is Unix seconds, a wait is milliseconds, and
//! no answer, however wrong its headers, fails or gives a wait beyond the bounds. `docs/retry.md` has the tables.

use serde::Serialize;

mod backoff;
mod breaker;
mod header;
mod options;

pub use backoff::{BackoffOptions, backoff};
pub use breaker::{Answer, Breaker, BreakerState, PROBE_SECONDS, TRIP_FAILURES, Trip, breaker};
pub use options::{Context, DelayOptions, MAX_MILLISECONDS, MAX_SECONDS, Quota, Quotas, RetryAfterZero};

use header::{Read, Wait};

/// How long to wait, and why.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Delay {
    /// From now on; 0 is at once.
    pub milliseconds: u64,
    /// What decided it.
    pub reason: Reason,
    /// Whether to send again at all.
    pub retry: bool,
    /// What cut it, where it would have been longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounded: Option<Bound>,
}

/// What decided a delay.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// Nobody asked for a wait: exponential, with jitter.
    Backoff,
    /// Neither header is there: the default.
    MissingResetHeader,
    /// X-RateLimit-Reset is a time ahead, in Unix seconds.
    RateLimitReset,
    /// X-RateLimit-Reset is a number of seconds to wait.
    RateLimitResetDelta,
    /// X-RateLimit-Reset is after the year 9999 in every unit: the default.
    RateLimitResetHuge,
    /// X-RateLimit-Reset is no number of digits alone, or stands twice: the default.
    RateLimitResetMalformed,
    /// X-RateLimit-Reset is a time ahead, in Unix milliseconds.
    RateLimitResetMilliseconds,
    /// X-RateLimit-Reset is not ahead: at once.
    RateLimitResetPast,
    /// X-RateLimit-Reset is 0, which says nothing: the default.
    RateLimitResetZero,
    /// Retry-After is a date ahead.
    RetryAfterDate,
    /// Retry-After is a number of seconds beyond the year 9999: the longest wait.
    RetryAfterHuge,
    /// Retry-After is neither seconds nor a date, or stands twice, and X-RateLimit-Reset is of no use: the default.
    RetryAfterMalformed,
    /// Retry-After is a date that is not ahead: at once.
    RetryAfterPast,
    /// Retry-After is a number of seconds.
    RetryAfterSeconds,
    /// Retry-After is 0: at once, or never again.
    RetryAfterZero,
}

/// What cut a delay.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Bound {
    /// The longest wait of all.
    Maximum,
    /// The quota of the bot or tenant.
    Quota,
}

/// How long an answer asks to wait: by Retry-After (RFC 9110, section 10.2.3), else by X-RateLimit-Reset, else the
/// default. A header that is of no use falls to the next.
///
/// ```
/// use countersign::retry::{DelayOptions, Reason, delay};
///
/// let options = DelayOptions { now: 1_717_030_000, ..DelayOptions::default() };
/// let asked = delay(&[("Retry-After".into(), "120".into())], &options);
/// assert_eq!((asked.milliseconds, asked.reason), (120_000, Reason::RetryAfterSeconds));
/// let silent = delay(&[], &options);
/// assert_eq!((silent.milliseconds, silent.reason), (60_000, Reason::MissingResetHeader));
/// ```
pub fn delay(headers: &[(String, String)], options: &DelayOptions) -> Delay {
    let default = |reason| Wait { seconds: options.default_seconds.into(), reason };
    let Wait { seconds, reason } = asked(headers, options.now).unwrap_or_else(default);
    let (seconds, bounded) = options.bound(seconds);
    let stop = reason == Reason::RetryAfterZero && options.retry_after_zero == RetryAfterZero::Stop;
    Delay { milliseconds: u64::from(seconds) * 1000, reason, retry: !stop, bounded }
}

/// The wait that the headers ask for, or why they ask for none: what is wrong with the first that is there.
fn asked(headers: &[(String, String)], now: i64) -> Result<Wait, Reason> {
    let unusable = match header::retry_after(headers, now) {
        Read::Wait(wait) => return Ok(wait),
        Read::Unusable(reason) => Some(reason),
        Read::Missing => None,
    };
    match header::rate_limit_reset(headers, now) {
        Read::Wait(wait) => Ok(wait),
        Read::Unusable(reason) => Err(unusable.unwrap_or(reason)),
        Read::Missing => Err(unusable.unwrap_or(Reason::MissingResetHeader)),
    }
}
