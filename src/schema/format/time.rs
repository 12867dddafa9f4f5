//! `date`, `time`, `date-time` and `duration`, as RFC 3339 has them.

/// `full-date`.
pub(super) fn date(text: &[u8]) -> bool {
    let [c1, c2, y1, y2, b'-', m1, m2, b'-', d1, d2] = *text else { return false };
    let numbers = (two(c1, c2), two(y1, y2), two(m1, m2), two(d1, d2));
    let (Some(century), Some(year), Some(month), Some(day)) = numbers else { return false };
    let leap = if year == 0 { century % 4 == 0 } else { year % 4 == 0 };
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// `full-time`. A leap second is the last one of a day in UTC.
pub(super) fn time(text: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2, b':', s1, s2, ref rest @ ..] = *text else { return false };
    let (Some(hour), Some(minute), Some(second)) = (two(h1, h2), two(m1, m2), two(s1, s2)) else { return false };
    let offset = match rest {
        [b'.', fraction @ ..] => match after_digits(fraction) {
            rest if rest.len() < fraction.len() => rest,
            _ => return false,
        },
        rest => rest,
    };
    let behind = match *offset {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => match (two(h1, h2), two(m1, m2)) {
            (Some(hour @ ..24), Some(minute @ ..60)) => (hour * 60 + minute) * if sign == b'-' { 1 } else { -1 },
            _ => return false,
        },
        _ => return false,
    };
    let last_of_the_day = || (hour * 60 + minute + behind).rem_euclid(24 * 60) == 24 * 60 - 1;
    hour < 24 && minute < 60 && (second < 60 || (second == 60 && last_of_the_day()))
}

/// `date-time`.
pub(super) fn date_time(text: &[u8]) -> bool {
    match text.split_at_checked(10) {
        Some((day, [b'T' | b't', rest @ ..])) => date(day) && time(rest),
        _ => false,
    }
}

/// `duration`, of appendix A: weeks alone, or a date, a time or both.
pub(super) fn duration(text: &[u8]) -> bool {
    let Some(text) = text.strip_prefix(b"P") else { return false };
    if components(text, b"W") == Some(b"") {
        return true;
    }
    match (components(text, b"YMD"), text) {
        (Some(b""), _) => true,
        (Some([b'T', time @ ..]), _) | (None, [b'T', time @ ..]) => components(time, b"HMS") == Some(b""),
        _ => false,
    }
}

/// What follows numbers with units, one at least: in their order, and none between two is left out.
fn components<'a>(text: &'a [u8], units: &[u8]) -> Option<&'a [u8]> {
    let (mut rest, mut next) = (text, units);
    loop {
        let after = after_digits(rest);
        let (true, [unit, after @ ..]) = (after.len() < rest.len(), after) else { break };
        let first = rest.len() == text.len();
        let at = next.iter().position(|one| one == unit).filter(|at| first || *at == 0)?;
        (rest, next) = (after, next.get(at + 1..)?);
    }
    (rest.len() < text.len()).then_some(rest)
}

fn after_digits(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.get(end..).unwrap_or_default()
}

fn two(tens: u8, ones: u8) -> Option<i32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i32::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}
