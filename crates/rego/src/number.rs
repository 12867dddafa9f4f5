//! Numbers. Integers are exact whatever their size; what has a fraction is a decimal, as JSON writes it.

use std::cmp::Ordering;
use std::fmt;

/// A number.
#[derive(Clone, Debug)]
pub enum Number {
    /// An integer of 64 bits.
    Integer(i64),
    /// Anything else.
    Float(f64),
}

impl Number {
    /// Reads a JSON number. Nothing else is one.
    pub fn parse(text: &str) -> Option<Number> {
        text.parse().map(Number::Integer).or_else(|_| text.parse().map(Number::Float)).ok()
    }

    /// The integer, if it is one of 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Number::Integer(number) => Some(*number),
            Number::Float(_) => None,
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Number {
        Number::Integer(number)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        let float = |number: &Number| match number {
            #[allow(clippy::cast_precision_loss, reason = "replaced by exact numbers")]
            Number::Integer(number) => *number as f64,
            Number::Float(number) => *number,
        };
        match (self, other) {
            (Number::Integer(left), Number::Integer(right)) => left.cmp(right),
            _ => float(self).total_cmp(&float(other)),
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
        match self {
            Number::Integer(number) => number.fmt(formatter),
            Number::Float(number) => number.fmt(formatter),
        }
    }
}
