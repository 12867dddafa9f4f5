//! When to send again: how long an answer asks to wait ([`delay`]), how long to wait on one's own ([`backoff`]), and
//! whether to send at all ([`breaker`](breaker())). Pure functions: `now` is Unix seconds, a wait is milliseconds, and
//! no answer, however wrong its headers, fails or gives a wait beyond the bounds. `docs/retry.md` has the tables.

mod backoff;
mod breaker;
mod delay;
mod header;
mod options;

pub use backoff::{BackoffOptions, backoff};
pub use breaker::{Answer, Breaker, BreakerState, PROBE_SECONDS, TRIP_FAILURES, Trip, breaker};
pub use delay::{Bound, Delay, Reason};
pub use options::{Context, DelayOptions, MAX_MILLISECONDS, MAX_SECONDS, Quota, Quotas, RetryAfterZero};

use header::{Wait, asked};

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
