//! A time from text, by a layout.

use super::civil::{DAY, DAYS, MONTHS, days_before, days_in, is_leap};
use super::layout::{Offset, Part, next};

/// What was read so far.
#[derive(Default)]
struct Read {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    afternoon: Option<bool>,
    offset: i64,
}

/// Nanoseconds since 1970.
pub(super) fn read(layout: &str, text: &str) -> Result<i128, &'static str> {
    let (mut layout, mut text) = (layout, text);
    let mut read = Read::default();
    loop {
        let (before, part, after) = next(layout);
        text = skip(text, before).ok_or("parsing time: the text does not fit the layout")?;
        layout = after;
        let Some(part) = part else { break };
        text = read.part(part, text, layout)?;
    }
    if !text.is_empty() {
        return Err("parsing time: extra text");
    }
    read.nanoseconds()
}

/// After a text of the layout. Where that has spaces, any number of them will do.
fn skip<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (mut text, mut before) = (text, before);
    while let Some(character) = before.chars().next() {
        if character == ' ' {
            if text.starts_with(|c| c != ' ') {
                return None;
            }
            before = before.trim_start_matches(' ');
            text = text.trim_start_matches(' ');
        } else {
            before = before.strip_prefix(character)?;
            text = text.strip_prefix(character)?;
        }
    }
    Some(text)
}

impl Read {
    /// Reads a part and gives the text after it. What follows in the layout is looked at after seconds alone.
    fn part<'a>(&mut self, part: Part, text: &'a str, layout: &str) -> Result<&'a str, &'static str> {
        const UNFIT: &str = "parsing time: the text does not fit the layout";
        let in_range = |fits: bool| if fits { Ok(()) } else { Err("parsing time: out of range") };
        let number = |fixed: bool| digits(text, if fixed { 2 } else { 1 }, 2).ok_or(UNFIT);
        let name = |names: &[&str], length: Option<usize>| {
            (1i64..).zip(names).find_map(|(index, name)| {
                let name = name.get(..length.unwrap_or(name.len()))?;
                let (start, rest) = text.split_at_checked(name.len())?;
                start.eq_ignore_ascii_case(name).then_some((index, rest))
            })
        };
        let rest;
        match part {
            Part::Year => {
                let (year, after) = digits(text, 2, 2).ok_or(UNFIT)?;
                self.year = if year >= 69 { 1900 + year } else { 2000 + year };
                rest = after;
            }
            Part::LongYear => (self.year, rest) = digits(text, 4, 4).ok_or(UNFIT)?,
            Part::LongMonth | Part::Month => {
                let length = (part == Part::Month).then_some(3);
                let (month, after) = name(&MONTHS, length).ok_or(UNFIT)?;
                (self.month, rest) = (Some(month), after);
            }
            Part::NumberMonth | Part::ZeroMonth => {
                let (month, after) = number(part == Part::ZeroMonth)?;
                in_range((1..=12).contains(&month))?;
                (self.month, rest) = (Some(month), after);
            }
            Part::LongWeekday => (_, rest) = name(&DAYS, None).ok_or(UNFIT)?,
            Part::Weekday => (_, rest) = name(&DAYS, Some(3)).ok_or(UNFIT)?,
            Part::Day | Part::UnderDay | Part::ZeroDay => {
                let text = if part == Part::UnderDay { text.strip_prefix(' ').unwrap_or(text) } else { text };
                let least = if part == Part::ZeroDay { 2 } else { 1 };
                let (day, after) = digits(text, least, 2).ok_or(UNFIT)?;
                (self.day, rest) = (Some(day), after);
            }
            Part::UnderYearDay | Part::ZeroYearDay => {
                let spaces = if part == Part::UnderYearDay { 2 } else { 0 };
                let text = (0..spaces).fold(text, |text, _| text.strip_prefix(' ').unwrap_or(text));
                let least = if part == Part::ZeroYearDay { 3 } else { 1 };
                let (day, after) = digits(text, least, 3).ok_or(UNFIT)?;
                (self.day_of_year, rest) = (Some(day), after);
            }
            Part::Hour => {
                (self.hour, rest) = number(false)?;
                in_range(self.hour < 24)?;
            }
            Part::Hour12 | Part::ZeroHour12 => {
                (self.hour, rest) = number(part == Part::ZeroHour12)?;
                in_range(self.hour <= 12)?;
            }
            Part::Minute | Part::ZeroMinute => {
                (self.minute, rest) = number(part == Part::ZeroMinute)?;
                in_range(self.minute < 60)?;
            }
            Part::Second | Part::ZeroSecond => {
                let (second, after) = number(part == Part::ZeroSecond)?;
                in_range(second < 60)?;
                self.second = second;
                // A fraction that the layout does not have is taken all the same.
                let has_fraction = matches!(next(layout), (_, Some(Part::Fraction { .. }), _));
                (self.nanosecond, rest) = match if has_fraction { None } else { fraction(after, None) } {
                    Some(read) => read,
                    None => (self.nanosecond, after),
                };
            }
            Part::Half { upper } => {
                let (half, after) = text.split_at_checked(2).ok_or(UNFIT)?;
                self.afternoon = match (half, upper) {
                    ("AM", true) | ("am", false) => Some(false),
                    ("PM", true) | ("pm", false) => Some(true),
                    _ => return Err(UNFIT),
                };
                rest = after;
            }
            Part::Offset { z: true, .. } if text.starts_with('Z') => {
                self.offset = 0;
                rest = text.strip_prefix('Z').unwrap_or_default();
            }
            Part::Offset { form, .. } => {
                let (offset, after) = offset(text, form).ok_or(UNFIT)?;
                in_range(offset.iter().zip([24, 60, 60]).all(|(field, most)| field.abs() <= most))?;
                self.offset = offset.iter().zip([3600, 60, 1]).map(|(field, size)| field * size).sum();
                rest = after;
            }
            // The name of a zone does not say its offset: it counts as UTC.
            Part::Abbreviation => rest = text.get(abbreviation(text).ok_or(UNFIT)?..).unwrap_or_default(),
            Part::Fraction { trimmed: true, .. } => {
                (self.nanosecond, rest) = fraction(text, None).unwrap_or((self.nanosecond, text));
            }
            Part::Fraction { digits, .. } => (self.nanosecond, rest) = fraction(text, Some(digits)).ok_or(UNFIT)?,
        }
        Ok(rest)
    }

    fn nanoseconds(&self) -> Result<i128, &'static str> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let days = match self.day_of_year {
            Some(day) => self.by_day_of_year(day)?,
            None => {
                let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
                if !(1..=days_in(self.year, month)).contains(&day) {
                    return Err("parsing time: day out of range");
                }
                days_before(self.year, month) + day - 1
            }
        };
        let seconds = (hour * 60 + self.minute) * 60 + self.second - self.offset;
        Ok(i128::from(days) * DAY + i128::from(seconds) * 1_000_000_000 + i128::from(self.nanosecond))
    }

    /// The day of a month may be there too, if it is the same.
    fn by_day_of_year(&self, day_of_year: i64) -> Result<i64, &'static str> {
        if !(1..=365 + i64::from(is_leap(self.year))).contains(&day_of_year) {
            return Err("parsing time: day-of-year out of range");
        }
        let (mut month, mut day) = (1, day_of_year);
        while day > days_in(self.year, month) {
            day -= days_in(self.year, month);
            month += 1;
        }
        if self.month.is_some_and(|given| given != month) {
            return Err("parsing time: day-of-year does not match month");
        }
        if self.day.is_some_and(|given| given != day) {
            return Err("parsing time: day-of-year does not match day");
        }
        Ok(days_before(self.year, month) + day - 1)
    }
}

/// A number of at least and at most so many digits.
fn digits(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(count).filter(|_| count >= least)?;
    Some((number.parse().ok()?, rest))
}

/// A point or a comma, and digits: of a known count, or all. Nanoseconds; what is less is left out.
fn fraction(text: &str, count: Option<usize>) -> Option<(i64, &str)> {
    let text = text.strip_prefix(['.', ','])?;
    let count = count.unwrap_or_else(|| text.bytes().take_while(u8::is_ascii_digit).count());
    let (digits, rest) = text.split_at_checked(count).filter(|_| count > 0)?;
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let digits = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some((digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0')), rest))
}

/// Hours, minutes and seconds east of UTC.
fn offset(text: &str, form: Offset) -> Option<([i64; 3], &str)> {
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let mut rest = text.get(1..)?;
    let mut fields = [0; 3];
    for (index, field) in fields.iter_mut().take(form.fields).enumerate() {
        if form.colons && index > 0 {
            rest = rest.strip_prefix(':')?;
        }
        let (number, after) = digits(rest, 2, 2)?;
        *field = sign * number;
        rest = after;
    }
    Some((fields, rest))
}

/// The bytes of a zone's name: `MST`, `CEST`, `GMT+3`, `+0300`.
fn abbreviation(text: &str) -> Option<usize> {
    let signed = |text: &str| {
        let digits =
            text.strip_prefix(['+', '-']).map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        let number = text.get(1..=digits).and_then(|digits| digits.parse::<u64>().ok());
        if number.is_some_and(|number| number <= 23) { digits + 1 } else { 0 }
    };
    if text.starts_with("ChST") || text.starts_with("MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix("GMT") {
        return Some(3 + signed(rest));
    }
    if text.starts_with(['+', '-']) {
        return Some(signed(text)).filter(|length| *length > 0);
    }
    let upper = text.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
    let ends_in_t = text.as_bytes().get(..upper).is_some_and(|name| name.ends_with(b"T"));
    let known = upper == 3
        || text.starts_with("UTC")
        || matches!(upper, 4 | 5) && ends_in_t
        || upper == 4 && text.starts_with("WITA");
    known.then_some(if text.starts_with("UTC") { 3 } else { upper })
}
