//! Amounts with units: `500m`, `10Ki`, `1.5GB`.

use num_bigint::{BigInt, BigUint};
use num_traits::{Signed, Zero};

use super::operands::string;
use super::{Builtin, Context, Fault, Types};
use crate::float::Float;
use crate::number::{Number, TOO_LONG, signed};
use crate::value::Value;

/// The functions.
pub const UNITS: &[Builtin] = &[
    Builtin::new("units.parse", &[Types::STRING], Types::NUMBER, parse),
    Builtin::new("units.parse_bytes", &[Types::STRING], Types::NUMBER, parse_bytes),
];

/// The most digits of an exponent.
const EXPONENT: usize = 6;
/// Exponents past this come to more digits than are computed with.
const FAR: i64 = 39_000;

/// An amount that was read: `digits × 10^exponent`.
struct Amount {
    negative: bool,
    digits: String,
    exponent: i64,
}

/// Splits the text where its unit begins. A letter `e` belongs to the number if an exponent comes after it.
fn split<'a>(name: &str, text: &'a str) -> Result<(&'a str, &'a str), Fault> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let sign = |at: usize| matches!(bytes.get(at), Some(b'+' | b'-'));
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' | b'.' | b'+' | b'-' => {}
            b'e' | b'E' if digit(at + 1) || sign(at + 1) => {
                if sign(at + 1) {
                    at += 1;
                }
                if (at + 1..).take_while(|at| digit(*at)).count() > EXPONENT {
                    return Err(Fault::Error(format!("{name}: exponent too large")));
                }
            }
            _ => break,
        }
        at += 1;
    }
    Ok(text.split_at_checked(at).unwrap_or((text, "")))
}

fn amount(text: &str) -> Option<Amount> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [before, after].concat();
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let exponent: i64 = exponent.parse().ok()?;
    Some(Amount { negative, exponent: exponent - after.len() as i64, digits })
}

/// The unit as a power: of 1000, or of 1024 with an `i`.
fn factor(unit: &str) -> Option<u64> {
    let (letter, binary) = match unit.strip_suffix('i') {
        Some(letter) => (letter, true),
        None => (unit, false),
    };
    let power = match letter {
        "" if !binary => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        "e" => 6,
        _ => return None,
    };
    Some(if binary { 1_u64 << (10 * power) } else { 1000_u64.pow(power) })
}

/// Exact: an integer, or ten digits after the point.
fn parse(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let text = string(arguments, 1)?;
    // As much as its digits squared.
    let size = text.len() as u64 / 16;
    context.work(size.saturating_mul(1 + size / 64))?;
    let text = text.replace('"', "");
    if text.contains(' ') {
        return Err(Fault::from("units.parse: spaces not allowed in resource strings"));
    }
    let (number, unit) = split("units.parse", &text)?;
    if number.is_empty() {
        return Err(Fault::from("units.parse: no amount provided"));
    }
    // A small `m` alone is a thousandth, as a float of 64 bits has it.
    let (times, over) = match unit {
        "m" => (1_152_921_504_606_847, 1_u64 << 60),
        _ => {
            let unit = unit.to_ascii_lowercase();
            (factor(&unit).ok_or_else(|| Fault::Error(format!("units.parse: unit {unit} not recognized")))?, 1)
        }
    };
    let amount = amount(number).ok_or("units.parse: could not parse amount to a number")?;
    if amount.exponent > FAR || amount.digits.len() as i64 > FAR {
        return Err(Fault::from(TOO_LONG));
    }
    let power = |exponent: i64| BigUint::from(10_u32).pow(u32::try_from(exponent.max(0)).unwrap_or(0));
    let digits = BigUint::parse_bytes(amount.digits.as_bytes(), 10).unwrap_or_default() * times;
    // Further down the ten digits are zeros.
    let exponent = amount.exponent.max(-2 * FAR);
    let (upper, lower) = (digits * power(exponent), power(-exponent) * over);
    if (&upper % &lower).is_zero() {
        return Ok(Value::Number(Number::from_big(&signed((amount.negative, upper / lower)))?));
    }
    let scaled = upper * power(10);
    let mut rounded: BigUint = &scaled / &lower;
    if (scaled % &lower) * 2_u32 >= lower {
        rounded += 1_u32;
    }
    let text = format!("{rounded:0>11}");
    let (before, after) = text.split_at_checked(text.len() - 10).unwrap_or(("0", &text));
    let sign = if amount.negative { "-" } else { "" };
    let number =
        Number::parse(&format!("{sign}{before}.{after}")).ok_or("units.parse: could not parse amount to a number")?;
    Ok(Value::Number(number))
}

/// Whole bytes.
fn parse_bytes(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let text = string(arguments, 1)?;
    context.work(text.len() as u64 / 16)?;
    let text = text.to_lowercase().replace('"', "");
    if text.contains(' ') {
        return Err(Fault::from("units.parse_bytes: spaces not allowed in resource strings"));
    }
    let (number, unit) = split("units.parse_bytes", &text)?;
    if number.is_empty() {
        return Err(Fault::from("units.parse_bytes: no byte amount provided"));
    }
    let known = match unit.strip_suffix('b') {
        Some("") => None,
        Some(unit) => factor(unit),
        None => factor(unit),
    };
    let factor = known.ok_or_else(|| Fault::Error(format!("units.parse_bytes: byte unit {unit} not recognized")))?;
    let amount = amount(number).ok_or("units.parse_bytes: could not parse byte amount to a number")?;
    let number = Float::decimal(amount.negative, amount.digits.trim_start_matches('0').as_bytes(), amount.exponent);
    let factor = Float::decimal(false, factor.to_string().as_bytes(), 0);
    let total: BigInt = signed(number.multiply(factor).truncate()?);
    debug_assert!(!total.is_negative() || amount.negative);
    Ok(Value::Number(Number::from_big(&total)?))
}
