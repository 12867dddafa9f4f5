//! When to send again: how long a response asks to wait ([`delay`]), how long to wait without such a request
//! ([`backoff`]), whether to send at all ([`breaker`](breaker())), and how much ([`limiter`](limiter())). These are pure functions: `now` is in Unix
//! seconds and waits are in milliseconds. No response, however wrong its headers, makes them fail or return a wait
//! beyond the bounds. `docs/retry.md` has the tables.

mod backoff;
mod breaker;
mod delay;
mod header;
mod limiter;
mod options;

pub use backoff::{BackoffOptions, backoff};
pub use breaker::{Answer, Breaker, BreakerState, PROBE_SECONDS, TRIP_FAILURES, Trip, breaker};
pub use delay::{Bound, Delay, Reason};
pub use limiter::{Limiter, LimiterOptions, Slice, limiter};
pub(crate) use options::word;
pub use options::{Context, DelayOptions, MAX_MILLISECONDS, MAX_SECONDS, Quota, Quotas, RetryAfterZero};

use header::{Wait, asked, refused};

/// How long a response asks to wait: by Retry-After (RFC 9110, section 10.2.3), otherwise by X-RateLimit-Reset,
/// otherwise the default. If a header cannot be used, the next one is tried.
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
    if options.retry_after_zero == RetryAfterZero::Stop
        && let Some(reason) = refused(headers)
    {
        return Delay { milliseconds: 0, reason, retry: false, bounded: None };
    }
    let default = |reason| Wait { seconds: options.default_seconds.into(), reason };
    let Wait { seconds, reason } = asked(headers, options.now).unwrap_or_else(default);
    let (seconds, bounded) = options.bound(seconds);
    Delay { milliseconds: u64::from(seconds) * 1000, reason, retry: true, bounded }
}
