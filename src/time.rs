//! Times as text. Inside the core they are always Unix seconds, and the caller passes the current time.

use chrono::{DateTime, Datelike, FixedOffset, Months, NaiveDate, NaiveDateTime, SecondsFormat};

use serde::Deserialize;

/// The last second of the year 9999, the last that RFC 3339 can write.
pub(crate) const LAST_SECOND: i64 = 253_402_300_799;

/// The first second of the year 0.
pub(crate) const FIRST_SECOND: i64 = -62_167_219_200;

/// Beginning with Sunday, as RFC 850 writes them; the other forms use three letters.
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The declared form of a field: a text, or a time.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "kebab-case")]
pub(crate) enum FieldFormat {
    Hex16,
    Local,
    /// `local` with its offset, in seconds east of UTC: what `local` compiles to.
    #[serde(skip)]
    LocalAt(i32),
    Rfc3339,
    Rfc3339Z,
    #[default]
    Text,
    UnixMillis,
    UnixSeconds,
    UuidV7,
}

impl FieldFormat {
    pub fn is_time(self) -> bool {
        !matches!(self, FieldFormat::Hex16 | FieldFormat::Text)
    }
}

/// Converts a time in its declared form to Unix seconds. `None` if it is in another form.
pub(crate) fn parse(format: FieldFormat, text: &str) -> Option<i64> {
    match format {
        FieldFormat::Hex16 | FieldFormat::Local | FieldFormat::Text => None,
        FieldFormat::LocalAt(offset) => parse_local(text, offset),
        FieldFormat::Rfc3339 => parse_rfc3339(text),
        FieldFormat::Rfc3339Z => text.ends_with('Z').then(|| parse_rfc3339(text))?,
        FieldFormat::UnixMillis => {
            let seconds = digits(text)? / 1000;
            (seconds <= LAST_SECOND).then_some(seconds)
        }
        FieldFormat::UnixSeconds => digits(text).filter(|seconds| *seconds <= LAST_SECOND),
        FieldFormat::UuidV7 => uuid_v7(text),
    }
}

/// A description of the form, for a message.
pub(crate) fn expected(format: FieldFormat) -> &'static str {
    match format {
        FieldFormat::Hex16 | FieldFormat::Text => "a time",
        FieldFormat::Local | FieldFormat::LocalAt(_) => "a local time such as 2016-12-26 11:55:45",
        FieldFormat::Rfc3339 => "RFC 3339 with a zone, such as 2024-06-15T10:30:45Z",
        FieldFormat::Rfc3339Z => "RFC 3339 in UTC with a Z, such as 2024-06-15T10:30:45Z",
        FieldFormat::UnixMillis => "Unix milliseconds: ASCII digits alone, no leading zero, up to the year 9999",
        FieldFormat::UnixSeconds => "Unix seconds: ASCII digits alone, no leading zero, up to the year 9999",
        FieldFormat::UuidV7 => "a UUID of version 7 (RFC 9562, section 5.7)",
    }
}

/// Writes a time in its declared form, for a signature that we make.
pub(crate) fn write(format: FieldFormat, seconds: i64) -> Option<String> {
    match format {
        FieldFormat::Hex16 | FieldFormat::Local | FieldFormat::Text | FieldFormat::UuidV7 => None,
        FieldFormat::LocalAt(offset) => {
            let seconds = seconds.saturating_add(offset.into()).clamp(FIRST_SECOND, LAST_SECOND);
            Some(DateTime::from_timestamp(seconds, 0)?.format(LOCAL).to_string())
        }
        FieldFormat::Rfc3339 | FieldFormat::Rfc3339Z => Some(rfc3339(seconds)),
        FieldFormat::UnixMillis => Some(seconds.saturating_mul(1000).to_string()),
        FieldFormat::UnixSeconds => Some(seconds.to_string()),
    }
}

/// Converts a time in its declared form to RFC 3339 in UTC, with its fraction of a second.
pub(crate) fn in_utc(format: FieldFormat, text: &str) -> Option<String> {
    let time = match format {
        FieldFormat::Hex16 | FieldFormat::Local | FieldFormat::Text | FieldFormat::UuidV7 => None,
        FieldFormat::LocalAt(offset) => DateTime::from_timestamp(parse_local(text, offset)?, 0),
        FieldFormat::Rfc3339 | FieldFormat::Rfc3339Z => date_time(text).map(|time| time.to_utc()),
        FieldFormat::UnixMillis => DateTime::from_timestamp_millis(digits(text)?),
        FieldFormat::UnixSeconds => DateTime::from_timestamp(digits(text)?, 0),
    }?;
    let written = (FIRST_SECOND..=LAST_SECOND).contains(&time.timestamp());
    match time.timestamp_subsec_nanos() {
        _ if !written => None,
        0 => Some(rfc3339(time.timestamp())),
        _ => Some(time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
    }
}

/// What [`of_any_form`] reads, for a message.
pub(crate) const ANY_FORM: &str = "RFC 3339 with a zone, Unix seconds or Unix milliseconds";

/// RFC 3339 in its zone, or what Unix seconds or else milliseconds are in it, in UTC.
pub(crate) fn of_any_form(text: String) -> Option<String> {
    let unix = || in_utc(FieldFormat::UnixSeconds, &text).or_else(|| in_utc(FieldFormat::UnixMillis, &text));
    date_time_of_schemas(&text).or_else(unix)
}

/// What JSON Schema reads as `date-time`, with small letters and second 60 too. The letters are written large.
fn date_time_of_schemas(text: &str) -> Option<String> {
    let text = text.to_ascii_uppercase();
    let mut earlier = text.clone();
    if text.get(17..19) == Some("60") {
        earlier.replace_range(17..19, "59");
    }
    date_time(&earlier).map(|_| text)
}

/// RFC 3339 in UTC, to the second. Years outside 0 to 9999 are clamped to the first or last of them.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn rfc3339(seconds: i64) -> String {
    let seconds = seconds.clamp(FIRST_SECOND, LAST_SECOND) - FIRST_SECOND;
    // Every webhook's time is written so: digit by digit, which is many times faster than a format.
    let (year, month, day) = date((seconds / 86_400) as u32);
    let second = (seconds % 86_400) as u32;
    let parts = [year / 100, year % 100, month, day, second / 3600, second / 60 % 60, second % 60];
    let mut text = *b"0000-00-00T00:00:00Z";
    for (part, at) in parts.into_iter().zip([0, 2, 5, 8, 11, 14, 17]) {
        if let Some([tens, ones]) = text.get_mut(at..at + 2) {
            *tens += (part / 10) as u8;
            *ones += (part % 10) as u8;
        }
    }
    String::from_utf8(text.to_vec()).unwrap_or_default()
}

/// Year, month and day of a day that is counted from the first of the year 0. Within, years begin in March, so that the
/// day that a leap year adds is the last one, and are counted from March of the year -400.
fn date(days: u32) -> (u32, u32, u32) {
    let days = days + 146_097 - 60;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year_of_era;
    if month < 10 { (year - 400, month + 3, day) } else { (year - 399, month - 9, day) }
}

/// RFC 3339 to Unix seconds: ASCII, upper-case `T` and `Z`, a four-digit year, no leap second, no 24:00.
pub(crate) fn parse_rfc3339(text: &str) -> Option<i64> {
    date_time(text).map(|time| time.timestamp())
}

fn date_time(text: &str) -> Option<DateTime<FixedOffset>> {
    // chrono also accepts U+2212 as a minus.
    let shape = text.is_ascii()
        && text.get(10..11) == Some("T")
        && text.bytes().take(4).all(|byte| byte.is_ascii_digit())
        && !text.ends_with('z')
        && text.get(17..19) != Some("60");
    shape.then(|| DateTime::parse_from_rfc3339(text).ok())?
}

const LOCAL: &str = "%Y-%m-%d %H:%M:%S";

/// `YYYY-MM-DD HH:mm:ss` on a clock with this offset, in seconds east of UTC: 19 characters, no leap second.
fn parse_local(text: &str, offset: i32) -> Option<i64> {
    let shape = text.len() == 19
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            10 => byte == b' ',
            13 | 16 => byte == b':',
            _ => byte.is_ascii_digit(),
        })
        && !text.ends_with("60");
    let time = shape.then(|| NaiveDateTime::parse_from_str(text, LOCAL).ok())??;
    Some(time.and_utc().timestamp() - i64::from(offset))
}

/// `+08:00`, `-03:30` or `Z` to seconds east of UTC, up to 14 hours (ISO 8601).
pub(crate) fn parse_offset(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = text.strip_prefix('+').map(|rest| (1, rest)).or_else(|| Some((-1, text.strip_prefix('-')?)))?;
    let (hours, minutes) = rest.split_once(':')?;
    let two = |part: &str| {
        (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<i32>().ok())?
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let seconds = hours * 3600 + minutes * 60;
    (minutes < 60 && seconds <= 14 * 3600).then_some(sign * seconds)
}

/// An HTTP date to Unix seconds (RFC 9110, section 5.6.7): IMF-fixdate, RFC 850 or asctime, in their exact case.
/// The weekday must be one, but not the right one: the date says enough. Second 60 is allowed only at 23:59, and is the second after 59.
pub(crate) fn parse_http_date(text: &str, now: i64) -> Option<i64> {
    match *text.split(' ').collect::<Vec<_>>() {
        [weekday, day, month, year, clock, "GMT"] if is_short(weekday.strip_suffix(',')?) => {
            moment(fixed(year, 4)?, month, fixed(day, 2)?, clock)
        }
        [weekday, month, "", day, clock, year] if is_short(weekday) => {
            moment(fixed(year, 4)?, month, fixed(day, 1)?, clock)
        }
        [weekday, month, day, clock, year] if is_short(weekday) => {
            moment(fixed(year, 4)?, month, fixed(day, 2)?, clock)
        }
        [weekday, date, clock, "GMT"] => {
            weekday.strip_suffix(',').filter(|name| DAYS.contains(name))?;
            let mut parts = date.split('-');
            let (day, month, year) = (fixed(parts.next()?, 2)?, parts.next()?, fixed(parts.next()?, 2)?);
            let year = full_year(year, month, day, clock, now).filter(|_| parts.next().is_none())?;
            moment(year, month, day, clock)
        }
        _ => None,
    }
}

/// Among the years with these last two digits, the latest that is at most 50 years ahead.
fn full_year(last_two: u32, month: &str, day: u32, clock: &str, now: i64) -> Option<u32> {
    let now = DateTime::from_timestamp(now.clamp(FIRST_SECOND, LAST_SECOND), 0)?;
    let latest = now.checked_add_months(Months::new(50 * 12))?.timestamp();
    let century = now.year().unsigned_abs() / 100;
    let years = [century + 1, century, century.saturating_sub(1)].map(|century| century * 100 + last_two);
    years.into_iter().find(|year| moment(*year, month, day, clock).is_some_and(|seconds| seconds <= latest))
}

fn is_short(weekday: &str) -> bool {
    DAYS.iter().any(|name| name.get(..3) == Some(weekday))
}

/// The Unix seconds of a date and a time of day such as `08:49:37`.
fn moment(year: u32, month: &str, day: u32, clock: &str) -> Option<i64> {
    let month = MONTHS.iter().zip(1..).find(|(name, _)| **name == month)?.1;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let mut parts = clock.split(':');
    let mut part = || fixed(parts.next()?, 2);
    let (hour, minute, second) = (part()?, part()?, part()?);
    let leap = (hour, minute, second) == (23, 59, 60);
    let time = date.and_hms_opt(hour, minute, second - u32::from(leap))?;
    parts.next().is_none().then_some(time.and_utc().timestamp() + i64::from(leap))
}

/// Exactly this many ASCII digits.
fn fixed(text: &str, width: usize) -> Option<u32> {
    (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// No time has more digits, and every number of so many fits 64 bits.
const MAX_DIGITS: usize = 18;

/// ASCII digits without a sign or leading zero.
#[cfg_attr(small, optimize(speed))]
fn digits(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if !(1..=MAX_DIGITS).contains(&bytes.len()) || (bytes.len() > 1 && bytes.starts_with(b"0")) {
        return None;
    }
    let mut number = 0;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(byte - b'0');
    }
    Some(number)
}

/// RFC 9562, section 5.7: version 7, variant 10, and the first 48 bits are milliseconds.
fn uuid_v7(text: &str) -> Option<i64> {
    let dashes = text.len() == 36
        && text.char_indices().all(|(index, c)| match index {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        });
    let version = text.get(14..15) == Some("7");
    let variant = matches!(text.get(19..20), Some("8" | "9" | "a" | "b" | "A" | "B"));
    if !(dashes && version && variant) {
        return None;
    }
    let millis = [text.get(..8)?, text.get(9..13)?].concat();
    i64::from_str_radix(&millis, 16).ok().map(|millis| millis / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_written_as_chrono_writes_it() {
        for day in 0..=(LAST_SECOND - FIRST_SECOND) / 86_400 {
            let seconds = FIRST_SECOND + day * 86_400 + day % 86_400;
            let expected =
                DateTime::from_timestamp(seconds, 0).map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true));
            assert_eq!(Some(rfc3339(seconds)), expected);
        }
    }
}
