//! What Retry-After and X-RateLimit-Reset say.

use crate::time::{LAST_SECOND, parse_http_date};

use super::delay::Reason;

/// A larger number is milliseconds: in seconds it would be the year 5138.
const MOST_UNIX_SECONDS: i64 = 100_000_000_000;

/// A time further back than this (31 years) is not a time but seconds to wait, which some senders give under the same
/// name.
const LONGEST_AGO: i64 = 1_000_000_000;

pub(super) enum Read {
    Missing,
    Unusable(Reason),
    Wait(Wait),
}

pub(super) struct Wait {
    pub seconds: u64,
    pub reason: Reason,
}

/// RFC 9110, section 10.2.3: seconds, or an HTTP date.
pub(super) fn retry_after(headers: &[(String, String)], now: i64) -> Read {
    let Some(text) = value(headers, "retry-after") else { return Read::Missing };
    match (number(&text), parse_http_date(&text, now)) {
        (Some(0), _) => wait(0, Reason::RetryAfterZero),
        (Some(seconds), _) if seconds > LAST_SECOND => wait(seconds, Reason::RetryAfterHuge),
        (Some(seconds), _) => wait(seconds, Reason::RetryAfterSeconds),
        (None, Some(date)) => until(date, now, Reason::RetryAfterDate, Reason::RetryAfterPast),
        (None, None) if is_negative(&text) => Read::Unusable(Reason::RetryAfterNegative),
        (None, None) => Read::Unusable(Reason::RetryAfterMalformed),
    }
}

/// Retry-After is 0 or below: by some receivers' contracts the request cannot be sent again.
pub(super) fn refused(headers: &[(String, String)]) -> Option<Reason> {
    let text = value(headers, "retry-after")?;
    match number(&text) {
        Some(0) => Some(Reason::RetryAfterZero),
        Some(_) => None,
        None => is_negative(&text).then_some(Reason::RetryAfterNegative),
    }
}

fn is_negative(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|digits| !digits.is_empty() && number(digits).is_some())
}

/// No standard defines it: Unix seconds in most places, and milliseconds or a number of seconds in some.
pub(super) fn rate_limit_reset(headers: &[(String, String)], now: i64) -> Read {
    let Some(text) = value(headers, "x-ratelimit-reset") else { return Read::Missing };
    match number(&text) {
        None => Read::Unusable(Reason::RateLimitResetMalformed),
        Some(0) => Read::Unusable(Reason::RateLimitResetZero),
        Some(number) if number / 1000 > LAST_SECOND => Read::Unusable(Reason::RateLimitResetHuge),
        Some(number) if number > MOST_UNIX_SECONDS => {
            // Rounded up to the next second, so that it is never too early.
            let time = number / 1000 + i64::from(number % 1000 > 0);
            until(time, now, Reason::RateLimitResetMilliseconds, Reason::RateLimitResetPast)
        }
        Some(number) if now.saturating_sub(number) > LONGEST_AGO => wait(number, Reason::RateLimitResetDelta),
        Some(number) => until(number, now, Reason::RateLimitReset, Reason::RateLimitResetPast),
    }
}

fn until(time: i64, now: i64, ahead: Reason, past: Reason) -> Read {
    let seconds = time.saturating_sub(now).max(0);
    wait(seconds, if seconds > 0 { ahead } else { past })
}

fn wait(seconds: i64, reason: Reason) -> Read {
    Read::Wait(Wait { seconds: seconds.unsigned_abs(), reason })
}

/// ASCII digits alone; a number too large for any time becomes the largest number.
fn number(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().unwrap_or(i64::MAX))
}

/// The value, without the white space around it; an empty one counts as missing. Lines with the same name are joined
/// first, as `Headers` does in a browser, so that every container gives the same. Two equal values count as one.
fn value(headers: &[(String, String)], name: &str) -> Option<String> {
    let lines = headers.iter().filter(|(candidate, _)| candidate.eq_ignore_ascii_case(name));
    let joined = lines.map(|(_, value)| trim(value)).collect::<Vec<_>>().join(", ");
    let halves = |at: usize| Some((joined.get(..at)?, joined.get(at + 2..)?));
    let twice = joined.match_indices(", ").filter_map(|(at, _)| halves(at)).find(|(left, right)| left == right);
    let text = twice.map_or(joined.as_str(), |(once, _)| once);
    (!text.is_empty()).then(|| text.to_owned())
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// The wait that the headers ask for, or why they ask for none: what is wrong with the first header that is there.
pub(super) fn asked(headers: &[(String, String)], now: i64) -> Result<Wait, Reason> {
    let unusable = match retry_after(headers, now) {
        Read::Wait(wait) => return Ok(wait),
        Read::Unusable(reason) => Some(reason),
        Read::Missing => None,
    };
    match rate_limit_reset(headers, now) {
        Read::Wait(wait) => Ok(wait),
        Read::Unusable(reason) => Err(unusable.unwrap_or(reason)),
        Read::Missing => Err(unusable.unwrap_or(Reason::MissingResetHeader)),
    }
}
