//! A time as text.

use std::fmt::Write as _;

use super::civil::Moment;
use super::layout::{Part, next};

pub(super) fn write(moment: &Moment, layout: &str) -> String {
    let civil = moment.civil();
    let mut out = String::with_capacity(layout.len() + 16);
    let mut rest = layout;
    loop {
        let (before, part, after) = next(rest);
        out.push_str(before);
        let Some(part) = part else { return out };
        rest = after;
        let (hour, short) = (civil.hour(), |name: &'static str| name.get(..3).unwrap_or(name));
        let (number, width) = match part {
            Part::LongMonth => {
                out.push_str(civil.month_name());
                continue;
            }
            Part::Month => {
                out.push_str(short(civil.month_name()));
                continue;
            }
            Part::LongWeekday => {
                out.push_str(civil.weekday());
                continue;
            }
            Part::Weekday => {
                out.push_str(short(civil.weekday()));
                continue;
            }
            Part::Half { upper } => {
                out.push_str(match (hour >= 12, upper) {
                    (true, true) => "PM",
                    (true, false) => "pm",
                    (false, true) => "AM",
                    (false, false) => "am",
                });
                continue;
            }
            Part::Abbreviation => {
                out.push_str(moment.abbreviation);
                continue;
            }
            Part::Offset { z: true, .. } if moment.offset == 0 => {
                out.push('Z');
                continue;
            }
            Part::Offset { form, .. } => {
                out.push(if moment.offset < 0 { '-' } else { '+' });
                let seconds = moment.offset.abs();
                let fields = [seconds / 3600, seconds / 60 % 60, seconds % 60];
                for (index, field) in fields.into_iter().take(form.fields).enumerate() {
                    let colon = if form.colons && index > 0 { ":" } else { "" };
                    // A `String` takes whatever is written.
                    let _ = write!(out, "{colon}{field:02}");
                }
                continue;
            }
            Part::Fraction { digits, comma, trimmed } => {
                let nanoseconds = format!("{:09}", civil.nanosecond % 1_000_000_000);
                let mut fraction = nanoseconds.get(..digits.min(9)).unwrap_or(&nanoseconds);
                if trimmed {
                    fraction = fraction.trim_end_matches('0');
                }
                if !(trimmed && fraction.is_empty()) {
                    out.push(if comma { ',' } else { '.' });
                }
                out.push_str(fraction);
                continue;
            }
            Part::NumberMonth => (civil.month, 1),
            Part::ZeroMonth => (civil.month, 2),
            Part::Day => (civil.day, 1),
            Part::UnderDay => {
                let _ = write!(out, "{:>2}", civil.day);
                continue;
            }
            Part::ZeroDay => (civil.day, 2),
            Part::UnderYearDay => {
                let _ = write!(out, "{:>3}", civil.day_of_year());
                continue;
            }
            Part::ZeroYearDay => (civil.day_of_year(), 3),
            Part::Hour => (hour, 2),
            Part::Hour12 => ((hour + 11) % 12 + 1, 1),
            Part::ZeroHour12 => ((hour + 11) % 12 + 1, 2),
            Part::Minute => (civil.minute(), 1),
            Part::ZeroMinute => (civil.minute(), 2),
            Part::Second => (civil.second(), 1),
            Part::ZeroSecond => (civil.second(), 2),
            Part::LongYear => (civil.year, 4),
            Part::Year => (civil.year.rem_euclid(100), 2),
        };
        let _ = write!(out, "{number:0width$}");
    }
}
