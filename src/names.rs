//! A list of names, and an index to find one by its bytes.

/// A name to compare with: its first and last four bytes as one word, and its length. They are the whole of a name of up
/// to eight bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Key {
    ends: u64,
    length: usize,
}

impl Key {
    #[inline]
    pub fn of(bytes: &[u8]) -> Key {
        let ends = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) | (u64::from(u32::from_le_bytes(*last)) << 32)
            }
            _ => bytes.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)),
        };
        Key { ends, length: bytes.len() }
    }

    #[inline]
    fn slot(self) -> usize {
        let mixed = (self.ends ^ (self.length as u64).rotate_left(56)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize
    }
}

/// Names, each once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: Vec<(Key, Box<str>)>,
    /// Numbers of names plus one by the hash of the name. Its length is a power of two, at least twice that of the list.
    slots: Vec<u32>,
}

impl Names {
    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn get(&self, number: usize) -> Option<&str> {
        self.names.get(number).map(|(_, name)| &**name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(_, name)| &**name)
    }

    /// The number of a name.
    #[inline]
    #[cfg_attr(small, optimize(speed))]
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let key = Key::of(name);
        let mut slot = key.slot() & mask;
        loop {
            let number = (*self.slots.get(slot)? as usize).checked_sub(1)?;
            let (known, whole) = self.names.get(number)?;
            if *known == key && (key.length <= 8 || whole.as_bytes() == name) {
                return Some(number);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The number of a name, which is added if it is not there yet.
    pub fn add(&mut self, name: &str) -> usize {
        if let Some(number) = self.find(name.as_bytes()) {
            return number;
        }
        self.names.push((Key::of(name.as_bytes()), name.into()));
        if self.names.len() * 2 > self.slots.len() {
            self.slots = vec![0; (self.names.len() * 4).next_power_of_two()];
            for number in 0..self.names.len() {
                self.place(number);
            }
        } else {
            self.place(self.names.len() - 1);
        }
        self.names.len() - 1
    }

    fn place(&mut self, number: usize) {
        let Some((key, _)) = self.names.get(number) else { return };
        let mask = self.slots.len() - 1;
        let mut slot = key.slot() & mask;
        while self.slots.get(slot).is_some_and(|taken| *taken != 0) {
            slot = (slot + 1) & mask;
        }
        if let (Some(free), Ok(number)) = (self.slots.get_mut(slot), u32::try_from(number + 1)) {
            *free = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        // Names of nine bytes and more are alike at both ends.
        let name =
            |number: u32| if number.is_multiple_of(2) { format!("name{number:04}name") } else { format!("{number:x}") };
        let mut names = Names::default();
        for number in 0..1000 {
            assert_eq!(names.find(name(number).as_bytes()), None, "{number}");
            assert_eq!(names.add(&name(number)), number as usize);
            assert_eq!(names.add(&name(number)), number as usize);
        }
        for number in 0..1000 {
            assert_eq!(names.find(name(number).as_bytes()), Some(number as usize));
        }
        assert_eq!((names.len(), names.find(b""), names.find(b"name1001name")), (1000, None, None));
    }
}
