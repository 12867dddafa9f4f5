//! Time zones, from 1970 on: `zones.txt`, which a test makes of the time zone database.
//!
//! A line has the names of a zone; the offsets and abbreviations that it has had, by number; which of them held in
//! 1970; every change until the last, as the quarters of an hour since the one before, and the number; and the rule that
//! holds from then on, as POSIX writes it.

use super::civil::{Moment, days_before, days_in};

const ZONES: &str = include_str!("zones.txt");

const SECOND: i128 = 1_000_000_000;
const DAY: i64 = 86_400;

/// A time zone.
pub(super) enum Zone {
    Utc,
    /// Its line, without the names.
    Named(&'static str),
}

/// Seconds east of UTC, and what the zone is called then.
#[derive(Clone, Copy)]
struct Offset {
    seconds: i64,
    abbreviation: &'static str,
}

impl Zone {
    pub fn named(name: &str) -> Result<Zone, &'static str> {
        match name {
            "" | "UTC" => return Ok(Zone::Utc),
            "Local" => return Err("the local time zone depends on the machine: name a zone"),
            _ => {}
        }
        let lines = ZONES.lines().filter_map(|line| line.split_once(' '));
        let mut found = lines.filter(|(names, _)| names.split(',').any(|known| known == name));
        found.next().map(|(_, rest)| Zone::Named(rest)).ok_or("unknown time zone")
    }

    /// A time on the clocks of the zone.
    pub fn moment(&self, nanoseconds: i64) -> Result<Moment, &'static str> {
        let offset = self.offset(i128::from(nanoseconds).div_euclid(SECOND))?;
        let local = i128::from(nanoseconds) + i128::from(offset.seconds) * SECOND;
        Ok(Moment { local, offset: offset.seconds, abbreviation: offset.abbreviation })
    }

    /// The time when the clocks of the zone show this. Of two the one that Go takes; where the clocks are moved past it,
    /// as if they had not been.
    pub fn instant(&self, local: i128) -> Result<i128, &'static str> {
        let seconds = local.div_euclid(SECOND);
        let near = self.offset(seconds)?.seconds;
        let offset = self.offset(seconds - i128::from(near))?.seconds;
        Ok(local - i128::from(offset) * SECOND)
    }

    fn offset(&self, seconds: i128) -> Result<Offset, &'static str> {
        let Zone::Named(line) = self else { return Ok(Offset { seconds: 0, abbreviation: "UTC" }) };
        // What is past the range of nanoseconds is refused by who asked.
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX).min(1 << 40);
        if seconds < 0 {
            return Err("time zones other than UTC are known from 1970 on");
        }
        offset(line, seconds).ok_or("unknown time zone")
    }
}

fn offset(line: &'static str, seconds: i64) -> Option<Offset> {
    let mut parts = line.split(' ');
    let kinds = parts.next()?;
    let mut kind = parts.next()?;
    let mut parts = parts.peekable();
    let mut changed = 0;
    while let Some(part) = parts.next() {
        // The last part is the rule.
        if parts.peek().is_none() {
            return rule(part, seconds);
        }
        let (time, next) = part.split_at_checked(part.len() - 1)?;
        changed += match time.strip_prefix('!') {
            Some(seconds) => seconds.parse::<i64>().ok()?,
            None => i64::from_str_radix(time, 36).ok()? * 900,
        };
        if seconds < changed {
            break;
        }
        kind = next;
    }
    let kind = kinds.split(',').nth(usize::from_str_radix(kind, 36).ok()?)?;
    let digits = kind.char_indices().skip(1).find(|(_, c)| !c.is_ascii_digit()).map_or(kind.len(), |(index, _)| index);
    let (seconds, abbreviation) = kind.split_at_checked(digits)?;
    Some(Offset { seconds: seconds.parse().ok()?, abbreviation })
}

/// POSIX.1: `EST5EDT,M3.2.0,M11.1.0`. A name, the hours west of UTC, and with summer time its name, perhaps its hours,
/// and when it begins and ends.
fn rule(rule: &'static str, seconds: i64) -> Option<Offset> {
    let (abbreviation, rest) = name(rule)?;
    let (west, rest) = hours(rest)?;
    let winter = Offset { seconds: -west, abbreviation };
    if rest.is_empty() {
        return Some(winter);
    }
    let (abbreviation, rest) = name(rest)?;
    let (west, rest) = if rest.starts_with(',') { (west - 3600, rest) } else { hours(rest)? };
    let summer = Offset { seconds: -west, abbreviation };
    let (start, end) = rest.strip_prefix(',')?.split_once(',')?;
    let local = Moment { local: i128::from(seconds + winter.seconds) * SECOND, offset: 0, abbreviation: "" };
    let year = local.civil().year;
    let start = change(start, year)? - winter.seconds;
    let end = change(end, year)? - summer.seconds;
    let is_summer = if start < end { (start..end).contains(&seconds) } else { !(end..start).contains(&seconds) };
    Some(if is_summer { summer } else { winter })
}

/// Letters, or anything in angle brackets.
fn name(text: &'static str) -> Option<(&'static str, &'static str)> {
    match text.strip_prefix('<') {
        Some(text) => text.split_once('>'),
        None => text.split_at_checked(text.find(|c: char| !c.is_ascii_alphabetic())?),
    }
}

/// `-9:30`, in seconds.
fn hours(text: &'static str) -> Option<(i64, &'static str)> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    let (time, rest) =
        text.split_at_checked(text.find(|c: char| !(c.is_ascii_digit() || c == ':')).unwrap_or(text.len()))?;
    let sizes = [3600, 60, 1].iter();
    let seconds: i64 =
        time.split(':').zip(sizes).map(|(part, size)| Some(part.parse::<i64>().ok()? * size)).sum::<Option<_>>()?;
    Some((if negative { -seconds } else { seconds }, rest))
}

/// `M3.2.0/2`: the month, the week (5 is the last) and the day of the week, and the time, as seconds since 1970 on the
/// clocks before they are moved.
fn change(text: &'static str, year: i64) -> Option<i64> {
    let (date, time) = text.split_once('/').unwrap_or((text, "2"));
    let mut numbers = date.strip_prefix('M')?.split('.').map(|number| number.parse::<i64>().ok());
    let [month, week, weekday] = [numbers.next()??, numbers.next()??, numbers.next()??];
    let first = days_before(year, month);
    // 1970 began on a Thursday.
    let to_weekday = (weekday - first - 4).rem_euclid(7);
    let mut day = to_weekday + (week - 1) * 7;
    if day >= days_in(year, month) {
        day -= 7;
    }
    Some((first + day) * DAY + hours(time)?.0)
}
