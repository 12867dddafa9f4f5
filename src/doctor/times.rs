//! Repairs of the time: the same instant in another form, or another time in the same request.

use serde_json::Value;

use super::fault::{CauseId, Fault};

use crate::request::Received;
use crate::signature::Fields;
use crate::signature::Scheme;
use crate::signature::element::pairs_of;
use crate::signature::field::{Declared, Origin};
use crate::time::{self, FieldFormat};
use crate::urlencoded;

const SECOND: i128 = 1_000_000_000;

/// The most places to look at.
const MOST: usize = 12;

/// Another text for one time field.
pub(super) struct Retimed {
    pub field: usize,
    pub text: String,
    pub fault: Fault,
}

/// A time in the request that the contract does not read: its text and its place.
pub(super) type Other = (String, String);

/// Every other text for every declared time.
pub(super) fn repairs(scheme: &Scheme, fields: &Fields<'_>, others: &[Other]) -> Vec<Retimed> {
    let mut found: Vec<Retimed> = Vec::new();
    for (field, declared) in scheme.fields.iter().enumerate().filter(|(_, declared)| declared.format.is_time()) {
        let current = fields.get(&declared.name);
        let mut push = |id, edits, message: String, text: String| {
            let known = found.iter().any(|earlier| earlier.field == field && earlier.text == text);
            if !known && current != Some(text.as_str()) {
                found.push(Retimed { field, text, fault: Fault::new(id, edits, declared.place(), message) });
            }
        };
        for (edits, form, text) in current.into_iter().flat_map(forms) {
            push(CauseId::TimeUnit, edits, format!("the time was signed as {form}, and not as it is sent"), text);
        }
        for (text, at) in others {
            let message = format!(
                "the time that was signed is that of `{at}`, not the one that the contract reads, unless that was changed"
            );
            push(CauseId::TimeField, 10, message.clone(), text.clone());
            for (edits, form, text) in forms(text) {
                push(CauseId::TimeField, 10 + edits, format!("{message}, as {form}"), text);
            }
        }
    }
    found
}

/// The texts that may be times, other than those of the declared fields.
pub(super) fn others(scheme: &Scheme, request: &Received<'_>, body: Option<&Value>) -> Vec<Other> {
    let own: Vec<String> = scheme.fields.iter().map(Declared::place).collect();
    let mut found: Vec<Other> = Vec::new();
    let mut push = |text: &str, at: String| {
        if looks_like_a_time(text) && !own.contains(&at) && found.len() < MOST {
            found.push((text.to_owned(), at));
        }
    };
    for (name, value) in request.headers {
        let name = name.to_ascii_lowercase();
        push(value, format!("header:{name}"));
        for (pair, value) in
            pairs_of(value, ',').chain(pairs_of(value, ';')).filter(|(pair, _)| matches!(*pair, "t" | "ts"))
        {
            push(value, format!("field:{pair}"));
        }
    }
    for (name, value) in urlencoded::split(request.target.query().unwrap_or_default().as_bytes()) {
        let decoded = |text| String::from_utf8_lossy(&urlencoded::decode(text)).into_owned();
        push(&decoded(value), format!("query:{}", decoded(name)));
    }
    for (name, value) in body.and_then(Value::as_object).into_iter().flatten() {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        push(&text, format!("/{}", crate::place::pointer_token(name)));
    }
    found
}

/// The time as read in another unit, in Unix seconds, and the name of that unit.
pub(super) fn in_another_unit(text: &str, format: FieldFormat) -> impl Iterator<Item = (i64, &'static str)> {
    let seconds = |nanos: i128| i64::try_from(nanos.div_euclid(SECOND)).ok();
    let other = instant(text).and_then(seconds).filter(|seconds| time::parse(format, text) != Some(*seconds));
    other.map(|seconds| (seconds, unit(text))).into_iter()
}

fn unit(text: &str) -> &'static str {
    match (text.bytes().all(|byte| byte.is_ascii_digit()), text.len()) {
        (true, ..12) => "Unix seconds",
        (true, 12..15) => "Unix milliseconds",
        (true, 15..18) => "Unix microseconds",
        (true, _) => "Unix nanoseconds",
        (false, _) => "RFC 3339, or seconds with a fraction",
    }
}

/// Times that are whole hours away, as if the time were from another time zone. This is never a repair, because
/// a time that somebody moved by an hour looks the same.
pub(super) fn in_another_zone(seconds: i64) -> impl Iterator<Item = i64> {
    (-12..=14).filter(|hours| *hours != 0).map(move |hours: i64| seconds.saturating_add(hours * 3_600))
}

/// Whether the text is a number large enough for a current time in some unit, or RFC 3339.
fn looks_like_a_time(text: &str) -> bool {
    text.len() <= 40 && instant(text).is_some_and(|nanos| nanos > 100_000_000 * SECOND)
}

/// Nanoseconds since 1970.
fn instant(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && (fraction.is_empty() || digits(fraction)) {
        let scale = match whole.len() {
            ..12 => SECOND,
            12..15 => SECOND / 1_000,
            15..18 => SECOND / 1_000_000,
            _ => 1,
        };
        let part = if scale == SECOND { nanos(fraction) } else { 0 };
        return Some(whole.parse::<i128>().ok()? * scale + part);
    }
    let zoned = if text.ends_with('Z') || text.contains('+') { text.to_owned() } else { format!("{text}Z") };
    let seconds = time::parse_rfc3339(&zoned)?;
    let fraction: String = fraction.chars().take_while(char::is_ascii_digit).collect();
    Some(i128::from(seconds) * SECOND + nanos(&fraction))
}

fn nanos(fraction: &str) -> i128 {
    format!("{fraction:0<9}").get(..9).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The same instant in every form: the size of the edit, the name of the form, and the text.
fn forms(text: &str) -> Vec<(usize, String, String)> {
    let Some(nanos) = instant(text) else { return Vec::new() };
    let Ok(seconds) = i64::try_from(nanos.div_euclid(SECOND)) else { return Vec::new() };
    let part = nanos.rem_euclid(SECOND);
    let (millis, micros) = (part / 1_000_000, part / 1_000);
    let zoned = time::rfc3339(seconds);
    let bare = zoned.trim_end_matches('Z');
    [
        (3, "Unix milliseconds", (nanos / 1_000_000).to_string()),
        (3, "Unix seconds", seconds.to_string()),
        (4, "Unix microseconds", (nanos / 1_000).to_string()),
        (4, "Unix nanoseconds", nanos.to_string()),
        (4, "seconds with a fraction", format!("{seconds}.0")),
        (4, "seconds with a fraction", format!("{seconds}.{millis:03}")),
        (4, "seconds with a fraction", format!("{seconds}.{micros:06}")),
        (5, "RFC 3339 in UTC with a Z", zoned.clone()),
        (5, "RFC 3339 with milliseconds", format!("{bare}.{millis:03}Z")),
        (5, "RFC 3339 with microseconds", format!("{bare}.{micros:06}Z")),
        (5, "RFC 3339 with `+00:00`", format!("{bare}+00:00")),
        (5, "RFC 3339 with milliseconds and `+00:00`", format!("{bare}.{millis:03}+00:00")),
        (5, "RFC 3339 with microseconds and `+00:00`", format!("{bare}.{micros:06}+00:00")),
        (6, "RFC 3339 without a zone", bare.to_owned()),
        (6, "RFC 3339 with microseconds, without a zone", format!("{bare}.{micros:06}")),
        (6, "a date and time with a space between", bare.replace('T', " ")),
    ]
    .into_iter()
    .map(|(edits, form, text)| (edits, form.to_owned(), text))
    .collect()
}

impl Retimed {
    /// The URL with this time in it, if the time is in the query.
    pub fn url(&self, scheme: &Scheme, url: &str) -> Option<String> {
        let Origin::Query(name) = &scheme.fields.get(self.field)?.from else { return None };
        let (base, query) = url.split_once('?')?;
        let replaced = query.split('&').map(|pair| match pair.split_once('=') {
            Some((own, _)) if own == name => format!("{own}={}", self.text),
            _ => pair.to_owned(),
        });
        Some(format!("{base}?{}", replaced.collect::<Vec<_>>().join("&")))
    }
}
