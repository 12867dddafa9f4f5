//! The parts of the input and the data.

use std::collections::BTreeMap;

use super::choice::{entry, length};
use super::env::address;
use crate::value::Value;

/// The parts of a value, by number.
#[derive(Debug)]
pub(super) struct Parts {
    /// The first number: all of the value.
    pub first: u32,
    /// The part above each, and the key there. The first is above itself.
    pub pointers: Vec<(u32, Value)>,
    pub numbers: BTreeMap<(u32, Value), u32>,
    /// Where those lie that are no numbers, booleans or null: they are known again by that wherever they come by. None
    /// for what lies there twice.
    places: BTreeMap<usize, Option<u32>>,
}

impl Parts {
    /// All parts of a value.
    pub fn of(value: Option<&Value>, first: u32) -> Parts {
        let pointers = vec![(first, Value::Null)];
        let mut parts = Parts { first, pointers, numbers: BTreeMap::new(), places: BTreeMap::new() };
        let mut open: Vec<(u32, Value)> = value.map(|value| (first, value.clone())).into_iter().collect();
        while let Some((pointer, value)) = open.pop() {
            if let Some(place) = address(&value) {
                parts.places.entry(place).and_modify(|known| *known = None).or_insert(Some(pointer));
            }
            for index in 0..length(&value) {
                if let Some((key, item)) = entry(&value, index) {
                    open.push((parts.pointer(pointer, &key), item));
                }
            }
        }
        parts
    }

    /// The number after the last.
    pub fn end(&self) -> u32 {
        self.first + self.pointers.len() as u32
    }

    /// The part at a key of another.
    pub fn pointer(&mut self, above: u32, key: &Value) -> u32 {
        let next = self.end();
        let number = *self.numbers.entry((above, key.clone())).or_insert(next);
        if number == next {
            self.pointers.push((above, key.clone()));
        }
        number
    }

    /// The part that lies there.
    pub fn place(&self, place: usize) -> Option<u32> {
        self.places.get(&place).copied().flatten()
    }
}
