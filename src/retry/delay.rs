//! A wait, and what decided it.

use serde::Serialize;

/// How long to wait, and why.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Delay {
    /// The wait from now, in milliseconds; 0 means at once.
    pub milliseconds: u64,
    /// What decided it.
    pub reason: Reason,
    /// Whether to send again at all.
    pub retry: bool,
    /// What shortened the wait, if it would have been longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounded: Option<Bound>,
}

/// What decided a delay.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// No wait was requested: exponential, with jitter.
    Backoff,
    /// Neither header is present: the default.
    MissingResetHeader,
    /// X-RateLimit-Reset is a time ahead, in Unix seconds.
    RateLimitReset,
    /// X-RateLimit-Reset is a number of seconds to wait.
    RateLimitResetDelta,
    /// X-RateLimit-Reset is after the year 9999 in every unit: the default.
    RateLimitResetHuge,
    /// X-RateLimit-Reset is not digits alone, or occurs twice: the default.
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
    /// Retry-After is neither seconds nor a date, or occurs twice, and X-RateLimit-Reset cannot be used: the default.
    RetryAfterMalformed,
    /// Retry-After is a number below 0: never again, or as if it were malformed.
    RetryAfterNegative,
    /// Retry-After is a date that is not ahead: at once.
    RetryAfterPast,
    /// Retry-After is a number of seconds.
    RetryAfterSeconds,
    /// Retry-After is 0: at once, or never again.
    RetryAfterZero,
}

/// What shortened a delay.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Bound {
    /// The maximum for all waits.
    Maximum,
    /// The quota of the bot or tenant.
    Quota,
}
