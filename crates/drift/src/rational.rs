//! Exact rational numbers. What does not fit is not computed with: the caller gives up there.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// The most digits that a number may have, and the largest exponent.
const MOST_DIGITS: usize = 25;
const MOST_EXPONENT: i32 = 30;

/// A fraction in lowest terms, with a denominator above zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Rational {
    pub(crate) numerator: i128,
    pub(crate) denominator: i128,
}

pub(crate) fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

impl Rational {
    pub(crate) const ZERO: Rational = Rational { numerator: 0, denominator: 1 };
    pub(crate) const ONE: Rational = Rational { numerator: 1, denominator: 1 };

    pub(crate) fn new(numerator: i128, denominator: i128) -> Rational {
        let divisor = gcd(numerator, denominator).max(1);
        Rational { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// The number that a JSON value is. `None`: no number, or one that does not fit.
    pub(crate) fn of(value: &Value) -> Option<Rational> {
        match value {
            Value::Number(number) => Rational::read(&number.to_string()),
            _ => None,
        }
    }

    fn read(text: &str) -> Option<Rational> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.len() + fraction.len() > MOST_DIGITS || exponent.abs() > MOST_EXPONENT {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let power = exponent - i32::try_from(fraction.len()).ok()?;
        let ten = 10i128.checked_pow(power.unsigned_abs())?;
        if power >= 0 { Some(Rational::new(digits.checked_mul(ten)?, 1)) } else { Some(Rational::new(digits, ten)) }
    }

    pub(crate) fn is_whole(self) -> bool {
        self.denominator == 1
    }

    pub(crate) fn compare(self, other: Rational) -> Option<Ordering> {
        let left = self.numerator.checked_mul(other.denominator)?;
        Some(left.cmp(&other.numerator.checked_mul(self.denominator)?))
    }

    pub(crate) fn times(self, factor: i128) -> Option<Rational> {
        Some(Rational::new(self.numerator.checked_mul(factor)?, self.denominator))
    }

    pub(crate) fn plus(self, other: Rational) -> Option<Rational> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Some(Rational::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?))
    }

    pub(crate) fn half(self) -> Option<Rational> {
        Some(Rational::new(self.numerator, self.denominator.checked_mul(2)?))
    }

    pub(crate) fn over(self, other: Rational) -> Option<Rational> {
        if other.numerator == 0 {
            return None;
        }
        let numerator = self.numerator.checked_mul(other.denominator)?;
        let denominator = self.denominator.checked_mul(other.numerator)?;
        let sign = if denominator < 0 { -1 } else { 1 };
        Some(Rational::new(numerator.checked_mul(sign)?, denominator.checked_mul(sign)?))
    }

    pub(crate) fn is_multiple_of(self, other: Rational) -> Option<bool> {
        self.over(other).map(Rational::is_whole)
    }

    /// The least common multiple of two positive numbers.
    pub(crate) fn common_multiple(self, other: Rational) -> Option<Rational> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        let multiple = (left / gcd(left, right).max(1)).checked_mul(right)?;
        Some(Rational::new(multiple, self.denominator.checked_mul(other.denominator)?))
    }

    /// The JSON number that is exactly this one, if it can be written down.
    pub(crate) fn to_value(self) -> Option<Value> {
        if let (true, Ok(whole)) = (self.is_whole(), i64::try_from(self.numerator)) {
            return Some(whole.into());
        }
        if let (true, Ok(whole)) = (self.is_whole(), u64::try_from(self.numerator)) {
            return Some(whole.into());
        }
        #[allow(clippy::cast_precision_loss, reason = "the result is compared with what was meant")]
        let value = Value::from(Number::from_f64(self.numerator as f64 / self.denominator as f64)?);
        (Rational::of(&value)? == self).then_some(value)
    }
}
