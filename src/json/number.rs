//! Numbers (RFC 8259, section 6), and which of them a reader that only knows doubles would change.

use super::reader::{Cursor, Reader, Stop};
use super::tape::{Kind, Node};

/// 2^53 - 1: the last integer up to which every integer is a double (RFC 7493, section 2.2).
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// The digits up to which every integer is safe.
const SAFE_DIGITS: usize = 15;

/// A number's parts, as offsets of the text.
#[derive(Clone, Copy)]
struct Parts {
    start: usize,
    integer: usize,
    integer_end: usize,
    mantissa_end: usize,
    end: usize,
}

#[inline(always)]
pub(super) fn read(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>) -> Result<(), Stop> {
    let start = cursor.position;
    let is_negative = cursor.take(b'-');
    let integer = cursor.position;
    let is_zero = cursor.peek() == Some(b'0');
    digits(cursor)?;
    let integer_end = cursor.position;
    if is_zero && integer_end - integer > 1 {
        cursor.position = integer;
        return Err(cursor.invalid("a number may not begin with a zero"));
    }
    if cursor.take(b'.') {
        digits(cursor)?;
    }
    let mantissa_end = cursor.position;
    if cursor.take(b'e') || cursor.take(b'E') {
        let _sign = cursor.take(b'+') || cursor.take(b'-');
        digits(cursor)?;
    }
    let end = cursor.position;
    let kind = match end == integer_end && end - integer <= SAFE_DIGITS && !(is_negative && is_zero) {
        true => Kind::Integer,
        false => judge(reader, Parts { start, integer, integer_end, mantissa_end, end }),
    };
    reader.push(end, |next| Node::new(kind, start, end - start, next))
}

/// Notes what readers that only know doubles would change, and says how the number is kept. `-0` stays a double: as an
/// integer it would lose its sign.
fn judge(reader: &mut Reader<'_>, parts: Parts) -> Kind {
    let Parts { start, integer, integer_end, mantissa_end, end } = parts;
    let power = mantissa_end < end;
    let beyond = |integer: &str| integer.parse::<u64>().map_or(true, |value| value > MAX_SAFE_INTEGER);
    if !power && beyond(reader.slice(integer, integer_end)) {
        reader.note_number(start, "an integer beyond 2^53 - 1 changes in readers that know doubles alone");
    }
    let text = reader.slice(start, end);
    if end == integer_end && is_whole(text) {
        return Kind::Integer;
    }
    let double = text.parse::<f64>().unwrap_or(f64::INFINITY);
    let mantissa = reader.slice(start, mantissa_end);
    let zero = mantissa.bytes().all(|byte| !(b'1'..=b'9').contains(&byte));
    if double.is_infinite() {
        reader.note_no_number(start, "the number is too large for a double");
    } else if double == 0.0 && !zero {
        reader.note_number(start, "the number is too small for a double, and would be read as 0");
    } else if power && double.abs() > MAX_SAFE_INTEGER as f64 && !keeps(double, &significant(mantissa)) {
        reader.note_number(start, "the number has digits beyond 2^53 - 1 that a double does not keep");
    }
    Kind::Double
}

/// The digits of a number's text before its exponent, without the zeros around them.
fn significant(mantissa: &str) -> String {
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_owned()
}

/// Whether these are the digits that the double is written with: the fewest that identify it, or all 17.
fn keeps(double: f64, digits: &str) -> bool {
    [format!("{double:e}"), format!("{double:.16e}")].iter().any(|text| {
        let mantissa = text.split_once('e').map_or(text.as_str(), |(mantissa, _)| mantissa);
        significant(mantissa) == digits
    })
}

#[inline(always)]
fn is_whole(text: &str) -> bool {
    match text.starts_with('-') {
        true => text.parse::<i64>().is_ok_and(|value| value != 0),
        false => text.parse::<u64>().is_ok(),
    }
}

#[inline(always)]
fn digits(cursor: &mut Cursor<'_>) -> Result<(), Stop> {
    if !cursor.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        return Err(cursor.invalid("a digit was expected here"));
    }
    cursor.skip_while(|byte| byte.is_ascii_digit());
    Ok(())
}
