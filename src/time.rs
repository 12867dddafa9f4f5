//! Times as text. Unix seconds everywhere inside; the core is told what time it is.

use chrono::{DateTime, SecondsFormat};

/// The last second of the year 9999, the last that RFC 3339 can write.
pub(crate) const LAST_SECOND: i64 = 253_402_300_799;

/// ASCII digits without a sign or leading zero, up to the year 9999.
pub(crate) fn parse_unix_seconds(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    let seconds = (digits && !leading_zero).then(|| text.parse::<i64>().ok())??;
    (seconds <= LAST_SECOND).then_some(seconds)
}

/// RFC 3339 in UTC, to the second; years outside 0 to 9999 are held at its ends.
pub(crate) fn rfc3339(seconds: i64) -> String {
    let seconds = seconds.clamp(-62_167_219_200, LAST_SECOND);
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// RFC 3339 to Unix seconds.
pub(crate) fn parse_rfc3339(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp())
}
