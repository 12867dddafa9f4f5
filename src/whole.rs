//! Whole numbers in a document, with their bounds. A runtime's word is 32 or 64 bits wide, and that must not show:
//! what loads in one runtime loads in all.

use std::fmt::{Formatter, Result as Written};

use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};

/// The type that a number is kept as.
pub(crate) trait Kept {
    fn of(number: u32) -> Self;
}

impl Kept for u32 {
    fn of(number: u32) -> Self {
        number
    }
}

impl Kept for usize {
    fn of(number: u32) -> Self {
        usize::try_from(number).unwrap_or(usize::MAX)
    }
}

impl<T: Kept> Kept for Option<T> {
    fn of(number: u32) -> Self {
        Some(T::of(number))
    }
}

/// A whole number from `MIN` to `MAX`, as JSON Schema reads an integer: `300.0` is 300.
pub(crate) fn whole<'de, const MIN: u32, const MAX: u32, T: Kept, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_u64(Number::<MIN, MAX>).map(T::of)
}

/// For a `usize` without a bound of its own: the bound is that of the narrowest word.
pub(crate) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    whole::<0, { u32::MAX }, _, _>(deserializer)
}

struct Number<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> Visitor<'_> for Number<MIN, MAX> {
    type Value = u32;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        match (MIN, MAX) {
            (0, u32::MAX) => formatter.write_str("a whole number"),
            (_, u32::MAX) => write!(formatter, "a whole number from {MIN}"),
            _ => write!(formatter, "a whole number from {MIN} to {MAX}"),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u32, E> {
        let found = u32::try_from(number).ok().filter(|number| (MIN..=MAX).contains(number));
        found.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u32, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<u32, E> {
        let whole = number.fract() == 0.0 && (f64::from(MIN)..=f64::from(MAX)).contains(&number);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole, and within bounds")]
        let found = whole.then_some(number as u32);
        found.ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }
}
