//! The part of a string that needs no escape, found eight bytes at a time.

const ONES: u64 = 0x0101_0101_0101_0101;

/// How many bytes come before the first quote, backslash or control character.
#[inline(always)]
pub(super) fn length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (count, word) in words.iter().enumerate() {
        let ends = ends_in(u64::from_le_bytes(*word));
        if ends != 0 {
            return count * 8 + ends.trailing_zeros() as usize / 8;
        }
    }
    let plain = rest.iter().take_while(|byte| **byte >= b' ' && **byte != b'"' && **byte != b'\\').count();
    words.len() * 8 + plain
}

/// The highest bit of each byte that ends a plain run. Only the lowest of them is sure.
#[inline(always)]
fn ends_in(word: u64) -> u64 {
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    let quote = below(word ^ (ONES * 0x22), 1);
    let backslash = below(word ^ (ONES * 0x5c), 1);
    (quote | backslash | below(word, 0x20)) & (ONES << 7)
}
