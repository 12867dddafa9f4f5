//! Numbers, exact: a number is what its text says, as in OPA. `1`, `1.0` and `1e0` are equal; each keeps its own text.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use num_bigint::{BigInt, BigUint, Sign};

use crate::budget::Reached;
use crate::float::Float;

/// The most bits of an integer that is computed with: 39,456 digits.
pub(crate) const BITS: u64 = 1 << 17;
/// What ends an evaluation that needs more of them.
pub(crate) const TOO_LONG: Reached = Reached("number-digits");
/// The most decimal digits of such an integer.
const DIGITS: i64 = 39_456;
/// Exponents past this are no numbers: nothing can be computed with them.
const EXPONENT: i64 = 1_000_000_000;

/// A number.
#[derive(Clone, Debug)]
pub struct Number(Form);

#[derive(Clone, Debug)]
enum Form {
    /// An integer of 64 bits, written as it would be by itself.
    Integer(i64),
    /// The text of any other number in JSON's grammar.
    Text(Arc<str>),
}

/// A number taken apart: its significant digits, as they stand before and after the point, and where the point is.
struct Parts<'a> {
    negative: bool,
    before: &'a str,
    after: &'a str,
    exponent: i64,
}

impl Number {
    /// Reads a number in JSON's grammar. Nothing else is one, and an exponent of more than a thousand million is none.
    pub fn parse(text: &str) -> Option<Number> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let whole = unsigned.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(unsigned.len());
        let (whole, rest) = unsigned.split_at(whole);
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
            return None;
        }
        if rest.is_empty() {
            return Some(match text.parse::<i64>() {
                Ok(integer) if text != "-0" => Number::from(integer),
                _ => Number::from_text(text),
            });
        }
        let (fraction, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (rest.get(..at)?, Some(rest.get(at + 1..)?)),
            None => (rest, None),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let fraction = fraction.is_empty() || fraction.strip_prefix('.').is_some_and(digits);
        let exponent = exponent.is_none_or(|exponent| {
            let magnitude = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            digits(magnitude) && magnitude.parse::<i64>().is_ok_and(|magnitude| magnitude <= EXPONENT)
        });
        (fraction && exponent).then(|| Number::from_text(text))
    }

    /// The integer, if it is one of 64 bits and written as one: `1.0` is not.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Integer(integer) => Some(*integer),
            Form::Text(text) => text.parse().ok(),
        }
    }

    /// The nearest of 64 bits; none past its range.
    pub fn as_f64(&self) -> Option<f64> {
        let number: f64 = self.text().parse().ok()?;
        number.is_finite().then_some(number)
    }

    /// Its text.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Form::Integer(integer) => Cow::Owned(integer.to_string()),
            Form::Text(text) => Cow::Borrowed(text),
        }
    }

    /// How many bytes its text takes beside what every number takes.
    pub(crate) fn extra(&self) -> usize {
        match &self.0 {
            Form::Integer(_) => 0,
            Form::Text(text) => text.len(),
        }
    }

    fn from_text(text: &str) -> Number {
        Number(Form::Text(Arc::from(text)))
    }

    /// An integer of any size that can be computed with.
    pub(crate) fn from_big(integer: &BigInt) -> Result<Number, Reached> {
        if let Ok(integer) = i64::try_from(integer) {
            return Ok(Number::from(integer));
        }
        if integer.bits() > BITS {
            return Err(TOO_LONG);
        }
        Ok(Number::from_text(&integer.to_string()))
    }

    pub(crate) fn from_float(float: &Float) -> Result<Number, Reached> {
        let text = float.text()?;
        Ok(Number::parse(&text).unwrap_or_else(|| Number::from_text(&text)))
    }

    pub(crate) fn to_float(&self) -> Float {
        self.with_parts(|parts| {
            let digits = [parts.before, parts.after].concat();
            let exponent = parts.exponent - parts.after.len() as i64;
            Float::decimal(parts.negative, digits.trim_start_matches('0').as_bytes(), exponent)
        })
    }

    /// The integer that it is, if it is one. One with a point or an exponent has the precision of a float, as in OPA.
    pub(crate) fn to_big(&self) -> Result<Option<BigInt>, Reached> {
        let text = match &self.0 {
            Form::Integer(integer) => return Ok(Some(BigInt::from(*integer))),
            Form::Text(text) => text,
        };
        if text.len() as i64 > DIGITS + 1 {
            return Err(TOO_LONG);
        }
        if let Ok(integer) = text.parse::<BigInt>() {
            return Ok(Some(integer));
        }
        let float = self.to_float();
        if !float.is_integer() {
            return Ok(None);
        }
        Ok(Some(signed(float.truncate()?)))
    }

    fn with_parts<T>(&self, use_parts: impl FnOnce(Parts<'_>) -> T) -> T {
        let text = self.text();
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, &*text),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        use_parts(Parts { negative, before, after, exponent: exponent.parse().unwrap_or_default() })
    }
}

/// A sign and a magnitude as one integer.
pub(crate) fn signed((negative, magnitude): (bool, BigUint)) -> BigInt {
    BigInt::from_biguint(if negative { Sign::Minus } else { Sign::Plus }, magnitude)
}

impl Parts<'_> {
    /// The digits without zeros at the start, and the power of ten of the first of them; none for 0.
    fn significant(&self) -> Option<(i64, impl Iterator<Item = u8>)> {
        let digits = || self.before.bytes().chain(self.after.bytes());
        let zeros = digits().position(|digit| digit != b'0')?;
        Some((self.before.len() as i64 - zeros as i64 + self.exponent, digits().skip(zeros)))
    }
}

/// Compares magnitude and sign, digit by digit; what is missing at the end is zeros.
fn compare(left: &Parts<'_>, right: &Parts<'_>) -> Ordering {
    let sign = |negative, order: Ordering| if negative { order.reverse() } else { order };
    match (left.significant(), right.significant()) {
        (None, None) => Ordering::Equal,
        (Some(_), None) => sign(left.negative, Ordering::Greater),
        (None, Some(_)) => sign(right.negative, Ordering::Less),
        (Some(_), Some(_)) if left.negative != right.negative => sign(left.negative, Ordering::Greater),
        (Some((left_power, mut left_digits)), Some((right_power, mut right_digits))) => {
            let order = left_power.cmp(&right_power).then_with(|| {
                loop {
                    let pair = (left_digits.next(), right_digits.next());
                    if pair == (None, None) {
                        return Ordering::Equal;
                    }
                    let order = pair.0.unwrap_or(b'0').cmp(&pair.1.unwrap_or(b'0'));
                    if order.is_ne() {
                        return order;
                    }
                }
            });
            sign(left.negative, order)
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Number {
        Number(Form::Integer(number))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (&self.0, &other.0) {
            (Form::Integer(left), Form::Integer(right)) => left.cmp(right),
            (Form::Text(left), Form::Text(right)) if left == right => Ordering::Equal,
            _ => self.with_parts(|left| other.with_parts(|right| compare(&left, &right))),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn texts() {
        let numbers = "0 -0 1 -1 10 1.0 1.50 0.5 1e2 1E+2 -1.5e-7 123456789123456789123 1e1000000 9223372036854775808";
        for text in numbers.split(' ') {
            assert_eq!(Number::parse(text).map(|number| number.text().into_owned()).as_deref(), Some(text));
        }
        for text in ["", "-", "01", "-01", ".5", "5.", "1e", "1e+", "+1", "1.e2", "0x1", "1_0", "NaN", "1e9999999999"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn order() {
        // Each group is equal, and less than the next.
        let groups = [
            "-1e1000000",
            "-9223372036854775809",
            "-9223372036854775808 -9223372036854775808.0",
            "-1.5 -15e-1",
            "-1 -1.0",
            "-1e-1000000",
            "0 -0 0.0 0e5",
            "1e-1000000",
            "0.1 1e-1 0.10",
            "0.10000000000000000000000000000000000001",
            "1 1.0 1e0 10e-1",
            "9 9.00",
            "10 1e1",
            "100 1e2 1E+2 100.0",
            "28857836529306024611912",
            "28857836529306024611913",
            "1e1000000 10e999999",
        ];
        let groups: Vec<Vec<Number>> =
            groups.iter().map(|group| group.split(' ').map(|text| Number::parse(text).unwrap()).collect()).collect();
        for (at, group) in groups.iter().enumerate() {
            for (other_at, other) in groups.iter().enumerate() {
                for left in group {
                    for right in other {
                        assert_eq!(left.cmp(right), at.cmp(&other_at), "{left} {right}");
                    }
                }
            }
        }
    }

    #[test]
    fn floats_are_written_as_short_as_they_can_be() {
        for text in ["0.1", "1.5", "0.3333333333333333333", "123456.5", "1.2345675e+06", "0.0001", "1e-05", "1.5e-300"]
        {
            let float = Number::parse(text).unwrap().to_float();
            assert_eq!(float.text().unwrap(), text);
        }
        for (text, written) in [
            ("1e2", "100"),
            ("1.0", "1"),
            ("-0.0", "-0"),
            ("1e30", "1000000000000000000000000000000"),
            ("18446744073709551615", "18446744073709551615"),
            ("18446744073709551617", "18446744073709551616"),
            ("0.99999999999999999999999999", "1"),
            ("123456789123456789123.5", "123456789123456789120"),
        ] {
            assert_eq!(Number::parse(text).unwrap().to_float().text().unwrap(), written, "{text}");
        }
        assert!(Number::parse("1e1000000").unwrap().to_float().text().is_err());
    }

    #[test]
    fn floats_add_and_divide_as_wide_ones() {
        let float = |text: &str| Number::parse(text).unwrap().to_float();
        assert_eq!(float("0.1").add(float("0.2")).text().unwrap(), "0.3");
        assert_eq!(float("1").divide(float("3")).unwrap().text().unwrap(), "0.33333333333333333334");
        assert_eq!(float("2").divide(float("3")).unwrap().text().unwrap(), "0.6666666666666666667");
        assert_eq!(float("1").add(float("-1e-40")).text().unwrap(), "1");
        assert_eq!(float("1.5").multiply(float("1.5")).text().unwrap(), "2.25");
        assert!(float("1").divide(float("0")).is_none());
    }
}
