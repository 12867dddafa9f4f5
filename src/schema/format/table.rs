//! Sorted ranges of code points with what is known of them, in few bytes. A table begins with the number of its blocks
//! in two bytes, then for each the code point where it begins in three bytes, and where its bytes begin in two, the
//! least byte first. So to look up a character is to read one block.

/// The first byte of a number in two bytes, and in three.
pub(super) const ONE: u8 = 0x90;
pub(super) const TWO: u8 = 0xf0;

pub(super) struct Table(pub &'static [u8]);

/// The records of one block, from its start: each begins with how many code points lie before it.
pub(super) struct Records {
    code: u32,
    rest: &'static [u8],
}

impl Table {
    /// The block that says what is known of this code point.
    pub(super) fn block(&self, code: u32) -> Records {
        self.last_before(code).unwrap_or(Records { code, rest: &[] })
    }

    fn last_before(&self, code: u32) -> Option<Records> {
        let (count, rest) = self.0.split_first_chunk::<2>()?;
        let (heads, bytes) = rest.split_at_checked(usize::from(u16::from_le_bytes(*count)) * 5)?;
        let (heads, _) = heads.as_chunks::<5>();
        let start = |[a, b, c, ..]: &[u8; 5]| u32::from_le_bytes([*a, *b, *c, 0]);
        let after = heads.partition_point(|head| start(head) <= code);
        let at = |[.., low, high]: &[u8; 5]| usize::from(u16::from_le_bytes([*low, *high]));
        let head = heads.get(after.checked_sub(1)?)?;
        let end = heads.get(after).map_or(bytes.len(), at);
        Some(Records { code: start(head), rest: bytes.get(at(head)..end)? })
    }
}

impl Records {
    /// Those of a table without blocks.
    pub(super) fn of(bytes: &'static [u8]) -> Records {
        Records { code: 0, rest: bytes }
    }

    /// The code point where the next record begins.
    pub(super) fn start(&mut self) -> Option<u32> {
        self.code += self.number()?;
        Some(self.code)
    }

    /// Passes over so many code points, to the one that is returned.
    pub(super) fn pass(&mut self, length: u32) -> u32 {
        self.code += length;
        self.code
    }

    /// A number in one, two or three bytes.
    pub(super) fn number(&mut self) -> Option<u32> {
        let (first, rest) = self.rest.split_first()?;
        let (number, rest) = match (*first, rest) {
            (byte @ ..ONE, rest) => (u32::from(byte), rest),
            (byte @ ..TWO, [low, rest @ ..]) => (u32::from(ONE) + u32::from_be_bytes([0, 0, byte - ONE, *low]), rest),
            (byte, [high, low, rest @ ..]) => (u32::from_be_bytes([0, byte - TWO, *high, *low]), rest),
            _ => return None,
        };
        self.rest = rest;
        Some(number)
    }

    /// A code point, as how far it is from another: twice the distance, less one if it is before.
    pub(super) fn target(&mut self, from: u32) -> Option<u32> {
        let number = self.number()?;
        match number % 2 {
            0 => from.checked_add(number / 2),
            _ => from.checked_sub(number / 2 + 1),
        }
    }
}
