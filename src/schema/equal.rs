//! Whether values are the same, by what they mean: `1` is `1.0`, and the order of members says nothing.

use std::cmp::Ordering;

use super::number::number;
use super::program::hash;
use super::run::{Answer, Run, Spent};
use crate::json::{Json, Kind};

/// Up to here every item is compared with every other.
const FEW: usize = 6;

/// A set of small numbers. The first 64 are kept without an allocation.
pub(super) struct Bits {
    first: u64,
    rest: Option<Box<[u64]>>,
    count: usize,
}

impl Bits {
    pub fn new(size: usize) -> Bits {
        let rest = (size > 64).then(|| vec![0; (size - 1) / 64].into_boxed_slice());
        Bits { first: 0, rest, count: 0 }
    }

    fn word(&mut self, index: usize) -> Option<&mut u64> {
        if index < 64 { Some(&mut self.first) } else { self.rest.as_mut()?.get_mut(index / 64 - 1) }
    }

    pub fn insert(&mut self, index: usize) {
        let bit = 1 << (index % 64);
        let is_new = self.word(index).is_some_and(|word| {
            let is_new = *word & bit == 0;
            *word |= bit;
            is_new
        });
        self.count += usize::from(is_new);
    }

    pub fn contains(&self, index: usize) -> bool {
        let word = match index {
            0..64 => Some(self.first),
            _ => self.rest.as_ref().and_then(|rest| rest.get(index / 64 - 1).copied()),
        };
        word.is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    /// How many are in it.
    pub fn count(&self) -> usize {
        self.count
    }
}

impl Run<'_> {
    pub fn equal(&mut self, a: Json<'_>, b: Json<'_>) -> Answer {
        self.spend(1)?;
        match (a.kind(), b.kind()) {
            (Kind::Plain, Kind::Plain) => {
                self.spend(a.written().len() / 64)?;
                Ok(a.written() == b.written())
            }
            (Kind::Plain | Kind::Escaped, Kind::Plain | Kind::Escaped) => {
                self.spend(a.written().len() / 8)?;
                Ok(a.as_str() == b.as_str())
            }
            (Kind::Integer | Kind::Double, Kind::Integer | Kind::Double) => {
                Ok(number(a).zip(number(b)).is_some_and(|(a, b)| a.compare(b) == Ordering::Equal))
            }
            (Kind::Array, Kind::Array) => self.items_equal(a, b),
            (Kind::Object, Kind::Object) => self.members_equal(a, b),
            (a, b) => Ok(a == b),
        }
    }

    fn items_equal(&mut self, a: Json<'_>, b: Json<'_>) -> Answer {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (a, b) in a.items().zip(b.items()) {
            if !self.equal(a, b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// As long as names come in the same order, no name is searched for.
    fn members_equal(&mut self, a: Json<'_>, b: Json<'_>) -> Answer {
        if a.len() != b.len() {
            return Ok(false);
        }
        for ((name, value), (other_name, other)) in a.members().zip(b.members()) {
            let other = match self.equal(name, other_name)? {
                true => other,
                false => {
                    self.spend(b.len())?;
                    let name = name.as_str().unwrap_or_default();
                    let Some(other) = b.member(&name) else { return Ok(false) };
                    other
                }
            };
            if !self.equal(value, other)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether no item is there twice. Items are only compared if their hashes are the same.
    pub fn is_unique(&mut self, array: Json<'_>) -> Answer {
        let count = array.len();
        if count <= FEW {
            for (index, item) in array.items().enumerate() {
                for earlier in array.items().take(index) {
                    if self.equal(earlier, item)? {
                        return Ok(false);
                    }
                }
            }
            return Ok(true);
        }
        self.spend(count.saturating_mul(8))?;
        let mut hashes = Vec::with_capacity(count);
        for item in array.items() {
            hashes.push((self.hash(item)?, item.index()));
        }
        hashes.sort_unstable();
        for alike in hashes.chunk_by(|a, b| a.0 == b.0) {
            for (index, (_, item)) in alike.iter().enumerate() {
                for (_, earlier) in alike.iter().take(index) {
                    if self.equal(array.at_index(*earlier), array.at_index(*item))? {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// The same for equal values.
    fn hash(&mut self, value: Json<'_>) -> Result<u32, Spent> {
        self.spend(1)?;
        let mix = |a: u32, b: u32| (a ^ b).wrapping_mul(0x9e37_79b1).rotate_left(13);
        Ok(match value.kind() {
            Kind::Null => 1,
            Kind::False => 2,
            Kind::True => 3,
            Kind::Integer | Kind::Double => {
                // `-0` is 0.
                let bits = (number(value).map_or(0.0, |number| number.as_f64()) + 0.0).to_bits();
                mix(bits as u32, (bits >> 32) as u32)
            }
            Kind::Plain | Kind::Escaped => {
                let text = value.as_str().unwrap_or_default();
                self.spend(text.len() / 64)?;
                hash(&text)
            }
            Kind::Array => {
                let mut all = 4;
                for item in value.items() {
                    all = mix(all, self.hash(item)?);
                }
                all
            }
            Kind::Object => {
                let mut all: u32 = 5;
                for (name, member) in value.members() {
                    let (name, member) = (self.hash(name)?, self.hash(member)?);
                    all = all.wrapping_add(mix(mix(6, name), member));
                }
                all
            }
        })
    }
}
