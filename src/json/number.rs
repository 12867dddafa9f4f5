//! Numbers (RFC 8259, section 6), and which of them a reader that only knows doubles would change.

use super::reader::{Reader, Stop};
use super::tape::{Kind, Node};

/// 2^53 - 1: the last integer up to which every integer is a double (RFC 7493, section 2.2).
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// The digits up to which every integer is safe.
const SAFE_DIGITS: usize = 15;

#[inline(always)]
pub(super) fn read(reader: &mut Reader<'_>) -> Result<(), Stop> {
    let start = reader.position;
    let negative = reader.take(b'-');
    let integer = integer_part(reader)?;
    let fraction = reader.take(b'.');
    if fraction {
        digits(reader)?;
    }
    let mantissa_end = reader.position;
    let exponent = reader.take(b'e') || reader.take(b'E');
    if exponent {
        let _sign = reader.take(b'+') || reader.take(b'-');
        digits(reader)?;
    }
    let plain = !fraction && !exponent;
    let kind = match plain && integer.len() <= SAFE_DIGITS && !(negative && integer == "0") {
        true => Kind::Integer,
        false => judge(reader, start, integer, mantissa_end, plain, exponent),
    };
    let size = reader.position - start;
    reader.push(|next| Node::new(kind, start, size, next))
}

/// Notes what readers that only know doubles would change, and says how the number is kept. `-0` stays a double: as an
/// integer it would lose its sign.
fn judge(reader: &mut Reader<'_>, start: usize, integer: &str, mantissa_end: usize, plain: bool, power: bool) -> Kind {
    if !power && integer.parse::<u64>().map_or(true, |value| value > MAX_SAFE_INTEGER) {
        reader.note_number(start, "an integer beyond 2^53 - 1 changes in readers that know doubles alone");
    }
    let text = reader.slice(start, reader.position);
    if plain && is_whole(text) {
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
fn integer_part<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Stop> {
    let start = reader.position;
    digits(reader)?;
    let integer = reader.slice(start, reader.position);
    if integer.len() > 1 && integer.starts_with('0') {
        reader.position = start;
        return Err(reader.invalid("a number may not begin with a zero"));
    }
    Ok(integer)
}

#[inline(always)]
fn digits(reader: &mut Reader<'_>) -> Result<(), Stop> {
    if !reader.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        return Err(reader.invalid("a digit was expected here"));
    }
    reader.skip_while(|byte| byte.is_ascii_digit());
    Ok(())
}
