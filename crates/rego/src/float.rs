//! Binary floating-point numbers with 64 bits of mantissa: what OPA computes with when a number has a fraction. They
//! are rounded to the nearest, ties to even, and written with as few digits as tell them from their neighbours.

use num_bigint::BigUint;
use num_traits::{One, ToPrimitive, Zero};

use crate::budget::Reached;
use crate::number::{BITS, TOO_LONG};

/// `mantissa × 2^exponent`. The highest bit of the mantissa is set, or it is 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Float {
    negative: bool,
    mantissa: u64,
    exponent: i64,
    /// The bits of the mantissa that count: 64, or 53 in products.
    precision: u32,
}

/// The digits of a number: `0.d1d2d3… × 10^point`.
pub(crate) struct Digits {
    pub digits: Vec<u8>,
    pub point: i64,
}

impl Float {
    pub(crate) const ZERO: Float = Float { negative: false, mantissa: 0, exponent: 0, precision: 64 };
    /// What a product begins with, of 53 bits: so that all of it is.
    pub(crate) const ONE: Float = Float { negative: false, mantissa: 1 << 63, exponent: -63, precision: 53 };
    const HALF: Float = Float { negative: false, mantissa: 1 << 63, exponent: -64, precision: 64 };

    /// Reads `digits × 10^exponent`; the digits are ASCII. What is past the sixtieth tells only whether it is 0.
    pub(crate) fn decimal(negative: bool, digits: &[u8], exponent: i64) -> Float {
        let (head, tail) = digits.split_at(digits.len().min(60));
        let mut mantissa = BigUint::parse_bytes(head, 10).unwrap_or_default();
        let mut power = exponent.saturating_add(tail.len() as i64);
        if tail.iter().any(|digit| *digit != b'0') {
            mantissa = mantissa * 10_u32 + 1_u32;
            power -= 1;
        }
        if mantissa.is_zero() {
            return Float { negative, ..Float::ZERO };
        }
        let (five, binary) = power_of_five(power.unsigned_abs());
        let (mantissa, exponent, exact) = if power >= 0 {
            (mantissa * five, power + binary, true)
        } else {
            let shift = 68 + five.bits();
            let scaled = mantissa << shift;
            let quotient = &scaled / &five;
            let exact = &quotient * &five == scaled;
            (quotient, power - binary - shift as i64, exact)
        };
        Float::from_big(negative, mantissa, exponent, exact)
    }

    /// The nearest to `mantissa × 2^exponent`, a little more if that is not exact.
    fn from_big(negative: bool, mantissa: BigUint, exponent: i64, exact: bool) -> Float {
        let drop = mantissa.bits().saturating_sub(120);
        let kept = &mantissa >> drop;
        let exact = exact && (&kept << drop) == mantissa;
        Float::rounded(negative, kept.to_u128().unwrap_or_default(), exponent + drop as i64, exact)
    }

    /// The nearest to `mantissa × 2^exponent`, a little more if that is not exact: then it has more than 65 bits.
    fn rounded(negative: bool, mantissa: u128, exponent: i64, exact: bool) -> Float {
        Float::rounded_to(64, negative, mantissa, exponent, exact)
    }

    fn rounded_to(precision: u32, negative: bool, mantissa: u128, exponent: i64, exact: bool) -> Float {
        if mantissa == 0 {
            return Float { negative, precision, ..Float::ZERO };
        }
        let bits = 128 - mantissa.leading_zeros();
        let (mantissa, exponent) = if bits <= precision {
            (mantissa as u64, exponent)
        } else {
            let drop = bits - precision;
            let kept = mantissa >> drop;
            let rest = mantissa & ((1 << drop) - 1);
            let half = 1_u128 << (drop - 1);
            let up = rest > half || (rest == half && (!exact || kept & 1 == 1));
            let kept = kept + u128::from(up);
            // One bit more is a power of two.
            let over = kept >> precision;
            ((kept >> over) as u64, exponent + i64::from(drop) + over as i64)
        };
        let shift = mantissa.leading_zeros();
        Float { negative, mantissa: mantissa << shift, exponent: exponent - i64::from(shift), precision }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.mantissa == 0
    }

    pub(crate) fn negate(self) -> Float {
        Float { negative: !self.negative, ..self }
    }

    pub(crate) fn abs(self) -> Float {
        Float { negative: false, ..self }
    }

    pub(crate) fn add(self, other: Float) -> Float {
        if self.is_zero() || other.is_zero() {
            return match (self.is_zero(), other.is_zero()) {
                (true, true) => Float { negative: self.negative && other.negative, ..Float::ZERO },
                (true, false) => other,
                _ => self,
            };
        }
        let swap = (self.exponent, self.mantissa) < (other.exponent, other.mantissa);
        let (large, small) = if swap { (other, self) } else { (self, other) };
        let apart = large.exponent - small.exponent;
        let high = u128::from(large.mantissa) << 63;
        let unshifted = u128::from(small.mantissa) << 63;
        let low = if apart < 128 { unshifted >> apart } else { 0 };
        let exact = apart < 128 && low << apart == unshifted;
        let mantissa = match (large.negative == small.negative, exact) {
            (true, _) => high + low,
            (false, true) => high - low,
            // What was cut off belongs to the subtrahend: one less, and a little more than that.
            (false, false) => high - low - 1,
        };
        let negative = large.negative && mantissa != 0;
        Float::rounded(negative, mantissa, large.exponent - 63, exact)
    }

    pub(crate) fn multiply(self, other: Float) -> Float {
        let mantissa = u128::from(self.mantissa) * u128::from(other.mantissa);
        let negative = self.negative != other.negative;
        Float::rounded_to(self.precision, negative, mantissa, self.exponent.saturating_add(other.exponent), true)
    }

    /// Nothing for a divisor of 0.
    pub(crate) fn divide(self, other: Float) -> Option<Float> {
        let divisor = u128::from(other.mantissa);
        let scaled = u128::from(self.mantissa) << 64;
        let (quotient, rest) = (scaled.checked_div(divisor)?, scaled.checked_rem(divisor)?);
        // Two more bits, so that there are more than 65.
        let quotient = (quotient << 2) | ((rest << 2) / divisor);
        let exact = (rest << 2) % divisor == 0;
        let exponent = self.exponent.saturating_sub(other.exponent).saturating_sub(66);
        Some(Float::rounded(self.negative != other.negative, quotient, exponent, exact))
    }

    /// Whether it has no fraction.
    pub(crate) fn is_integer(&self) -> bool {
        self.mantissa == 0 || self.exponent >= -i64::from(self.mantissa.trailing_zeros())
    }

    /// Without its fraction: sign and magnitude.
    pub(crate) fn truncate(&self) -> Result<(bool, BigUint), Reached> {
        let integer = BigUint::from(self.mantissa);
        let integer = match self.exponent {
            exponent if exponent > BITS as i64 => return Err(TOO_LONG),
            exponent if exponent >= 0 => integer << exponent,
            exponent if exponent > -64 => integer >> -exponent,
            _ => BigUint::ZERO,
        };
        Ok((self.negative, integer))
    }

    /// Half more, away from zero: what is truncated to round.
    pub(crate) fn half_more(self) -> Float {
        self.add(Float { negative: self.negative, ..Float::HALF })
    }

    /// Its text in JSON, as OPA writes it: integers in full, small and large fractions with an exponent.
    pub(crate) fn text(&self) -> Result<String, Reached> {
        let sign = if self.negative { "-" } else { "" };
        if self.is_zero() {
            return Ok(format!("{sign}0"));
        }
        if self.exponent.unsigned_abs() > BITS {
            return Err(TOO_LONG);
        }
        let Digits { digits, point } = self.digits();
        let mut text: String = sign.to_owned();
        let written = digits.iter().map(|digit| char::from(b'0' + digit));
        let count = digits.len() as i64;
        if self.is_integer() {
            text.extend(written.chain(zeros(point - count)));
        } else if (-3..=6).contains(&point) {
            if point <= 0 {
                text.push_str("0.");
                text.extend(zeros(-point).chain(written));
            } else {
                for (index, digit) in written.enumerate() {
                    if index as i64 == point {
                        text.push('.');
                    }
                    text.push(digit);
                }
            }
        } else {
            for (index, digit) in written.enumerate() {
                if index == 1 {
                    text.push('.');
                }
                text.push(digit);
            }
            let exponent = point - 1;
            let sign = if exponent < 0 { '-' } else { '+' };
            text.push_str(&format!("e{sign}{:02}", exponent.unsigned_abs()));
        }
        Ok(text)
    }

    /// The fewest digits that tell it from its neighbours, by Steele and White's algorithm: the number is `rest /
    /// whole`, and half the distance to a neighbour `margin / whole`.
    fn digits(&self) -> Digits {
        let mut rest = BigUint::from(self.mantissa) << 1_u32;
        let mut whole = BigUint::from(2_u32);
        let unused = 64 - self.precision;
        let mut margin = BigUint::one() << unused;
        if self.exponent >= 0 {
            rest <<= self.exponent;
            margin <<= self.exponent;
        } else {
            whole <<= self.exponent.unsigned_abs();
        }
        // log10(2) is nearly this. What it is off is made good below.
        let mut point = ((self.exponent + 63) * 30_103).div_euclid(100_000);
        let power = BigUint::from(10_u32).pow(u32::try_from(point.unsigned_abs()).unwrap_or(u32::MAX));
        if point >= 0 {
            whole *= power;
        } else {
            rest *= &power;
            margin *= power;
        }
        while rest >= whole {
            whole *= 10_u32;
            point += 1;
        }
        let inclusive = (self.mantissa >> unused) & 1 == 0;
        let mut digits = Vec::new();
        loop {
            rest *= 10_u32;
            margin *= 10_u32;
            let digit = (&rest / &whole).to_u8().unwrap_or_default();
            rest %= &whole;
            if digits.is_empty() && digit == 0 {
                point -= 1;
                continue;
            }
            let above = &rest + &margin;
            let down = rest < margin || (inclusive && rest == margin);
            let up = above > whole || (inclusive && above == whole);
            digits.push(digit);
            if down || up {
                let twice = &rest << 1_u32;
                if up && (!down || twice > whole || (twice == whole && digit % 2 == 1)) {
                    point += carry(&mut digits);
                }
                return Digits { digits, point };
            }
        }
    }
}

/// One more in the last place; 1 if that makes a place more.
fn carry(digits: &mut Vec<u8>) -> i64 {
    while let Some(digit) = digits.pop() {
        if digit < 9 {
            digits.push(digit + 1);
            return 0;
        }
    }
    digits.push(1);
    1
}

fn zeros(count: i64) -> impl Iterator<Item = char> {
    std::iter::repeat_n('0', usize::try_from(count).unwrap_or(0))
}

/// `5^power` as a mantissa and an exponent of 2: exact to 128 bits, as OPA's is, so that both round alike.
fn power_of_five(power: u64) -> (BigUint, i64) {
    const TABLE: u64 = 27;
    let mut product = (BigUint::from(5_u32).pow(power.min(TABLE) as u32), 0);
    let mut factor = (BigUint::from(5_u32), 0);
    let mut left = power.saturating_sub(TABLE);
    while left > 0 {
        if left & 1 == 1 {
            product = cut(&product.0 * &factor.0, product.1 + factor.1, 128);
        }
        factor = cut(&factor.0 * &factor.0, factor.1 * 2, 192);
        left >>= 1;
    }
    product
}

/// Rounds to so many bits.
fn cut(mantissa: BigUint, exponent: i64, bits: u64) -> (BigUint, i64) {
    let drop = mantissa.bits().saturating_sub(bits);
    if drop == 0 {
        return (mantissa, exponent);
    }
    let mut kept = &mantissa >> drop;
    let rest = mantissa - (&kept << drop);
    let half = BigUint::one() << (drop - 1);
    if rest > half || (rest == half && kept.bit(0)) {
        kept += 1_u32;
    }
    (kept, exponent + drop as i64)
}
