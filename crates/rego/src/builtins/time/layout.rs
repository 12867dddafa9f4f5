//! The layouts of Go: the time Mon Jan 2 15:04:05 MST 2006, written as a time is to be written.

pub(super) const RFC3339: &str = "2006-01-02T15:04:05Z07:00";

/// The layout with this name; what is no name is a layout itself.
pub(super) fn named(name: &str) -> &str {
    match name {
        "ANSIC" => "Mon Jan _2 15:04:05 2006",
        "UnixDate" => "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate" => "Mon Jan 02 15:04:05 -0700 2006",
        "RFC822" => "02 Jan 06 15:04 MST",
        "RFC822Z" => "02 Jan 06 15:04 -0700",
        "RFC850" => "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123" => "Mon, 02 Jan 2006 15:04:05 MST",
        "RFC1123Z" => "Mon, 02 Jan 2006 15:04:05 -0700",
        "RFC3339" => RFC3339,
        "RFC3339Nano" => "2006-01-02T15:04:05.999999999Z07:00",
        layout => layout,
    }
}

/// A part of a time in a layout.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Part {
    LongMonth,
    Month,
    NumberMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    Half { upper: bool },
    Abbreviation,
    Offset { form: Offset, z: bool },
    Fraction { digits: usize, comma: bool, trimmed: bool },
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Offset {
    pub colons: bool,
    /// Of hours, minutes and seconds, how many.
    pub fields: usize,
}

/// All parts but fractions. Of those that begin alike the longer comes first.
const PARTS: &[(&str, Part)] = &[
    ("January", Part::LongMonth),
    ("Jan", Part::Month),
    ("Monday", Part::LongWeekday),
    ("Mon", Part::Weekday),
    ("MST", Part::Abbreviation),
    ("01", Part::ZeroMonth),
    ("02", Part::ZeroDay),
    ("03", Part::ZeroHour12),
    ("04", Part::ZeroMinute),
    ("05", Part::ZeroSecond),
    ("06", Part::Year),
    ("002", Part::ZeroYearDay),
    ("15", Part::Hour),
    ("1", Part::NumberMonth),
    ("2006", Part::LongYear),
    ("2", Part::Day),
    ("__2", Part::UnderYearDay),
    ("_2", Part::UnderDay),
    ("3", Part::Hour12),
    ("4", Part::Minute),
    ("5", Part::Second),
    ("PM", Part::Half { upper: true }),
    ("pm", Part::Half { upper: false }),
];

const OFFSETS: &[(&str, Offset)] = &[
    ("070000", Offset { colons: false, fields: 3 }),
    ("07:00:00", Offset { colons: true, fields: 3 }),
    ("0700", Offset { colons: false, fields: 2 }),
    ("07:00", Offset { colons: true, fields: 2 }),
    ("07", Offset { colons: false, fields: 1 }),
];

/// The text before the first part, the part, and the rest.
pub(super) fn next(layout: &str) -> (&str, Option<Part>, &str) {
    for (index, character) in layout.char_indices() {
        // Most characters begin no part.
        if !matches!(character, 'J' | 'M' | '0'..='5' | '_' | 'P' | 'p' | '-' | 'Z' | '.' | ',') {
            continue;
        }
        let Some((before, rest)) = layout.split_at_checked(index) else { continue };
        if let Some((part, after)) = part(rest) {
            return (before, Some(part), after);
        }
        // `_2006` is a year after an underscore.
        if let Some(after) = rest.strip_prefix("_2006") {
            return (layout.get(..index + 1).unwrap_or_default(), Some(Part::LongYear), after);
        }
    }
    (layout, None, "")
}

fn part(rest: &str) -> Option<(Part, &str)> {
    let lower_case_follows = |after: &str| after.starts_with(|c: char| c.is_ascii_lowercase());
    for (text, part) in PARTS {
        let Some(after) = rest.strip_prefix(text) else { continue };
        let refused = match part {
            Part::Month | Part::Weekday => lower_case_follows(after),
            Part::UnderDay => after.starts_with("006"),
            _ => false,
        };
        if !refused {
            return Some((*part, after));
        }
    }
    if let Some((z, offset)) =
        rest.strip_prefix('-').map(|rest| (false, rest)).or(rest.strip_prefix('Z').map(|rest| (true, rest)))
    {
        let (text, form) = OFFSETS.iter().find(|(text, _)| offset.starts_with(text))?;
        return Some((Part::Offset { form: *form, z }, offset.strip_prefix(text)?));
    }
    let (comma, digits) = match rest.strip_prefix('.') {
        Some(digits) => (false, digits),
        None => (true, rest.strip_prefix(',')?),
    };
    let digit = digits.chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
    let after = digits.trim_start_matches(digit);
    if after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some((Part::Fraction { digits: digits.len() - after.len(), comma, trimmed: digit == '9' }, after))
}
