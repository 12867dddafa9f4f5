//! Numbers as JSON Schema compares them: by value, exactly, whether they are written as integers or as doubles.

use std::cmp::Ordering;
use std::fmt::Write;

use super::program::types;
use crate::json::{Json, Kind};

/// A number of a document or a schema.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Integer(i128),
    Double(f64),
}

/// The number of a value that is one.
pub(super) fn number(value: Json<'_>) -> Option<Number> {
    let written = value.written();
    match value.kind() {
        Kind::Integer if written.len() <= 18 => Some(Number::Integer(i128::from(short_integer(written.as_bytes())))),
        Kind::Integer => written.parse().ok().map(Number::Integer),
        Kind::Double => written.parse().ok().map(Number::Double),
        _ => None,
    }
}

/// The integer that at most 18 characters are, as the reader has taken them.
fn short_integer(written: &[u8]) -> i64 {
    let digits = written.strip_prefix(b"-").unwrap_or(written);
    let amount = digits.iter().fold(0, |amount, digit| amount * 10 + i64::from(digit & 15));
    if digits.len() < written.len() { -amount } else { amount }
}

/// Which bit of the types a double is: an integer beyond 64 bits, a number without a fraction, or another.
pub(super) fn double_type(value: Json<'_>) -> u8 {
    match number(value) {
        _ if value.written().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => types::INTEGER,
        Some(Number::Double(double)) if double.fract() == 0.0 => types::WHOLE,
        _ => types::FRACTION,
    }
}

impl Number {
    pub fn of(number: &serde_json::Number) -> Number {
        match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => Number::Integer(i128::from(integer)),
            (None, Some(integer)) => Number::Integer(i128::from(integer)),
            (None, None) => Number::Double(number.as_f64().unwrap_or_default()),
        }
    }

    pub fn as_f64(self) -> f64 {
        match self {
            Number::Integer(integer) => integer as f64,
            Number::Double(double) => double,
        }
    }

    pub fn compare(self, other: Number) -> Ordering {
        match (self, other) {
            (Number::Integer(a), Number::Integer(b)) => a.cmp(&b),
            (Number::Double(a), Number::Double(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            (Number::Integer(a), Number::Double(b)) => of_integer(a, b),
            (Number::Double(a), Number::Integer(b)) => of_integer(b, a).reverse(),
        }
    }

    /// Whether it is a multiple of a number above 0. Doubles count as the decimals that they are written as.
    pub fn is_multiple_of(self, of: Number) -> bool {
        match (self, of) {
            (Number::Integer(a), Number::Integer(b)) => b != 0 && a % b == 0,
            (Number::Double(a), Number::Integer(b)) => a.fract() == 0.0 && a % (b as f64) == 0.0,
            (Number::Double(a), Number::Double(b)) if b.fract() == 0.0 => a.fract() == 0.0 && a % b == 0.0,
            (Number::Integer(a), Number::Double(b)) if b.fract() == 0.0 && b < 1e17 => a % (b as i128) == 0,
            _ => {
                let (a, b) = (Decimal::of(self), Decimal::of(of));
                a.is_multiple_of(b)
            }
        }
    }
}

/// An integer of 64 bits against a double.
fn of_integer(integer: i128, double: f64) -> Ordering {
    if double.abs() >= 1e20 {
        return if double > 0.0 { Ordering::Less } else { Ordering::Greater };
    }
    let whole = double.trunc() as i128;
    integer.cmp(&whole).then_with(|| 0.0_f64.partial_cmp(&double.fract()).unwrap_or(Ordering::Equal))
}

/// `digits` × 10^`exponent`.
#[derive(Clone, Copy)]
struct Decimal {
    digits: u128,
    exponent: i32,
}

/// What a double is written as, without an allocation: at most 17 digits, a point, signs and an exponent.
struct Written {
    text: [u8; 32],
    length: usize,
}

impl Write for Written {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        let room = self.text.get_mut(self.length..end).ok_or(std::fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl Decimal {
    fn of(number: Number) -> Decimal {
        let double = match number {
            Number::Integer(integer) => return Decimal { digits: integer.unsigned_abs(), exponent: 0 },
            Number::Double(double) => double.abs(),
        };
        let mut written = Written { text: [0; 32], length: 0 };
        let _fits = write!(written, "{double:e}");
        let text = written.text.get(..written.length).unwrap_or_default();
        let (mantissa, power) = text.split_at(text.iter().position(|byte| *byte == b'e').unwrap_or(text.len()));
        let power = power.get(1..).and_then(|power| std::str::from_utf8(power).ok()?.parse::<i32>().ok());
        let point = mantissa.iter().position(|byte| *byte == b'.');
        let decimals = point.map_or(0, |point| mantissa.len() - point - 1);
        let digits = mantissa.iter().filter(|byte| byte.is_ascii_digit());
        let digits = digits.fold(0, |digits, byte| digits * 10 + u128::from(byte - b'0'));
        Decimal { digits, exponent: power.unwrap_or_default() - decimals as i32 }
    }

    /// Exact: either side is scaled by as many tens as the other has fewer.
    fn is_multiple_of(self, of: Decimal) -> bool {
        if self.digits == 0 || of.digits == 0 {
            return of.digits != 0;
        }
        let tens = self.exponent - of.exponent;
        if tens >= 0 {
            // INVARIANT: both have at most 20 digits, so that a product of remainders fits.
            let product = |a: u128, b: u128| (a % of.digits) * (b % of.digits) % of.digits;
            return (0..tens).fold(self.digits % of.digits, |rest, _| product(rest, 10)) == 0;
        }
        let scale = 10_u128.checked_pow(tens.unsigned_abs());
        scale.and_then(|scale| of.digits.checked_mul(scale)).is_some_and(|scaled| self.digits.is_multiple_of(scaled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value() {
        let (integer, double) = (Number::Integer, Number::Double);
        assert_eq!(integer(1).compare(double(1.0)), Ordering::Equal);
        assert_eq!(integer(1).compare(double(1.5)), Ordering::Less);
        assert_eq!(integer(-1).compare(double(-1.5)), Ordering::Greater);
        assert_eq!(integer(-1).compare(double(-0.5)), Ordering::Less);
        assert_eq!(integer(0).compare(double(-0.5)), Ordering::Greater);
        assert_eq!(double(9_007_199_254_740_992.0).compare(integer(9_007_199_254_740_993)), Ordering::Less);
        assert_eq!(double(18_446_744_073_709_551_616.0).compare(integer(u64::MAX.into())), Ordering::Greater);
        assert_eq!(double(1e300).compare(integer(5)), Ordering::Greater);
        assert_eq!(double(-1e300).compare(integer(5)), Ordering::Less);
    }

    #[test]
    fn multiples_are_exact() {
        let (integer, double) = (Number::Integer, Number::Double);
        for (value, of) in [
            (double(0.3), double(0.1)),
            (double(4.35), double(0.01)),
            (double(1e300), double(0.5)),
            (double(12_391_239_123.0), double(1e-8)),
            (integer(7), double(0.5)),
            (double(0.0), double(0.7)),
            (double(4.0), integer(2)),
            (integer(i128::from(u64::MAX)), integer(5)),
            (double(-0.75), double(0.25)),
        ] {
            assert!(value.is_multiple_of(of), "{value:?} {of:?}");
        }
        for (value, of) in [
            (double(0.35), double(0.1)),
            (double(0.0075), double(0.01)),
            (double(1e308), double(0.123_456_789)),
            (double(1e-300), double(0.1)),
            (integer(7), integer(2)),
            (integer(1), double(0.3)),
            (double(4.5), integer(2)),
            (double(5e-324), integer(1)),
        ] {
            assert!(!value.is_multiple_of(of), "{value:?} {of:?}");
        }
    }
}
