//! What shared schemas said of arrays and objects, once a run has become long.

use super::program::Id;

/// What shared nodes said of arrays and objects, by node and value: an open table.
#[derive(Default)]
pub(super) struct Memory {
    slots: Vec<(u64, bool)>,
    count: usize,
}

const FREE: u64 = u64::MAX;

impl Memory {
    fn key(id: Id, at: usize) -> u64 {
        (u64::from(id) << 32) | at as u64
    }

    fn slot(&self, key: u64) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
        while self.slots.get(slot).is_some_and(|(taken, _)| *taken != key && *taken != FREE) {
            slot = (slot + 1) & mask;
        }
        Some(slot)
    }

    pub fn get(&self, id: Id, at: usize) -> Option<bool> {
        let key = Memory::key(id, at);
        let (taken, answer) = self.slots.get(self.slot(key)?)?;
        (*taken == key).then_some(*answer)
    }

    pub fn put(&mut self, id: Id, at: usize, answer: bool) {
        if self.count * 2 >= self.slots.len() {
            let size = (self.slots.len() * 2).max(256);
            let old = std::mem::replace(&mut self.slots, vec![(FREE, false); size]);
            for (key, answer) in old.into_iter().filter(|(key, _)| *key != FREE) {
                self.write(key, answer);
            }
        }
        self.count += 1;
        self.write(Memory::key(id, at), answer);
    }

    fn write(&mut self, key: u64, answer: bool) {
        if let Some(slot) = self.slot(key).and_then(|slot| self.slots.get_mut(slot)) {
            *slot = (key, answer);
        }
    }
}
