//! Sets of characters.

/// The last code point.
const LAST: u32 = 0x0010_ffff;

/// What `.` does not match.
const LINE_ENDS: [(u32, u32); 3] = [(0xa, 0xa), (0xd, 0xd), (0x2028, 0x2029)];
const DIGITS: [(u32, u32); 1] = [(0x30, 0x39)];
const WORD: [(u32, u32); 4] = [(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];
const SPACE: [(u32, u32); 10] = [
    (0x9, 0xd),
    (0x20, 0x20),
    (0xa0, 0xa0),
    (0x1680, 0x1680),
    (0x2000, 0x200a),
    (0x2028, 0x2029),
    (0x202f, 0x202f),
    (0x205f, 0x205f),
    (0x3000, 0x3000),
    (0xfeff, 0xfeff),
];

/// A set of code points: ranges in order, with a gap between any two.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Set(Vec<(u32, u32)>);

impl Set {
    /// Ranges in any order, which may overlap.
    pub(super) fn of(mut ranges: Vec<(u32, u32)>) -> Set {
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        Set(merged)
    }

    pub(super) fn only(character: char) -> Set {
        Set(vec![(character.into(), character.into())])
    }

    pub(super) fn dot() -> Set {
        Set(LINE_ENDS.to_vec()).complement()
    }

    /// The word characters, of which `\b` is the boundary.
    pub(super) fn word() -> Set {
        Set(WORD.to_vec())
    }

    /// What `\d`, `\s`, `\w` and their capitals match.
    pub(super) fn escaped(letter: char) -> Option<Set> {
        let set = match letter.to_ascii_lowercase() {
            'd' => Set(DIGITS.to_vec()),
            's' => Set(SPACE.to_vec()),
            'w' => Set::word(),
            _ => return None,
        };
        Some(if letter.is_ascii_uppercase() { set.complement() } else { set })
    }

    pub(super) fn complement(&self) -> Set {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for &(first, last) in &self.0 {
            if next < first {
                gaps.push((next, first - 1));
            }
            next = last + 1;
        }
        if next <= LAST {
            gaps.push((next, LAST));
        }
        Set(gaps)
    }

    pub(super) fn contains(&self, code: u32) -> bool {
        let after = self.0.partition_point(|&(first, _)| first <= code);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|&(_, last)| code <= last)
    }

    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }
}

/// A set to ask often: a bit for each character of ASCII.
#[derive(Debug)]
pub(super) struct Asked {
    ascii: [u32; 4],
    set: Set,
}

impl From<Set> for Asked {
    fn from(set: Set) -> Asked {
        let word = |at: u32| (0..32).filter(|bit| set.contains(at * 32 + bit)).fold(0, |word, bit| word | 1 << bit);
        Asked { ascii: [word(0), word(1), word(2), word(3)], set }
    }
}

impl Asked {
    pub(super) fn set(&self) -> &Set {
        &self.set
    }

    #[inline]
    pub(super) fn contains(&self, code: u32) -> bool {
        match self.ascii.get((code >> 5) as usize) {
            Some(word) => word >> (code & 31) & 1 == 1,
            None => self.set.contains(code),
        }
    }
}
