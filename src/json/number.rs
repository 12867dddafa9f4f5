//! Numbers (RFC 8259, section 6), and which of them a reader that only knows doubles would change.

use serde_json::{Number, Value};

use super::cursor::Cursor;
use crate::finding::Finding;

/// 2^53 - 1: the last integer up to which every integer is a double (RFC 7493, section 2.2).
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Value, Box<Finding>> {
    let start = cursor.position;
    let negative = cursor.take(b'-');
    let integer = integer_part(cursor)?;
    let fraction = cursor.take(b'.');
    if fraction {
        digits(cursor)?;
    }
    let mantissa_end = cursor.position;
    let exponent = cursor.take(b'e') || cursor.take(b'E');
    if exponent {
        let _sign = cursor.take(b'+') || cursor.take(b'-');
        digits(cursor)?;
    }
    if !exponent && integer.parse::<u64>().map_or(true, |value| value > MAX_SAFE_INTEGER) {
        cursor.note_number(start, "an integer beyond 2^53 - 1 changes in readers that know doubles alone");
    }
    let text = cursor.slice(start, cursor.position);
    if !fraction
        && !exponent
        && let Some(number) = whole(text, negative)
    {
        return Ok(Value::Number(number));
    }
    let double = text.parse::<f64>().unwrap_or(f64::INFINITY);
    let mantissa = cursor.slice(start, mantissa_end);
    let zero = mantissa.bytes().all(|byte| !(b'1'..=b'9').contains(&byte));
    if double.is_infinite() {
        cursor.note_no_number(start, "the number is too large for a double");
    } else if double == 0.0 && !zero {
        cursor.note_number(start, "the number is too small for a double, and would be read as 0");
    } else if exponent && double.abs() > MAX_SAFE_INTEGER as f64 && !keeps(double, &significant(mantissa)) {
        cursor.note_number(start, "the number has digits beyond 2^53 - 1 that a double does not keep");
    }
    Ok(Number::from_f64(double).map_or(Value::Null, Value::Number))
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

/// `-0` stays a double: as an integer it would lose its sign.
fn whole(text: &str, negative: bool) -> Option<Number> {
    match negative {
        true => text.parse::<i64>().ok().filter(|value| *value != 0).map(Number::from),
        false => text.parse::<u64>().ok().map(Number::from),
    }
}

fn integer_part<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Box<Finding>> {
    let start = cursor.position;
    digits(cursor)?;
    let integer = cursor.slice(start, cursor.position);
    if integer.len() > 1 && integer.starts_with('0') {
        cursor.position = start;
        return Err(cursor.invalid("a number may not begin with a zero"));
    }
    Ok(integer)
}

fn digits(cursor: &mut Cursor<'_>) -> Result<(), Box<Finding>> {
    if !cursor.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        return Err(cursor.invalid("a digit was expected here"));
    }
    cursor.skip_while(|byte| byte.is_ascii_digit());
    Ok(())
}
