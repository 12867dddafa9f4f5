//! Characters of a text, which are Unicode code points, counted eight bytes at a time.

const ONES: u64 = 0x0101_0101_0101_0101;

/// How many characters a text has.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn count(text: &str) -> usize {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut count = 0;
    for word in words {
        count += beginnings(*word);
    }
    count + rest.iter().filter(|byte| begins(**byte)).count()
}

/// The beginning of a text, with so many characters. `None` if the whole text has no more.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn cut(text: &str, characters: usize) -> Option<&str> {
    let (mut left, mut at) = (characters, 0);
    for word in text.as_bytes().as_chunks::<8>().0 {
        let here = beginnings(*word);
        if here > left {
            break;
        }
        left -= here;
        at += 8;
    }
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let (end, _) = rest.iter().enumerate().filter(|(_, byte)| begins(**byte)).nth(left)?;
    text.get(..at + end)
}

/// How many of the bytes begin a character: all but those of the form `10xxxxxx`.
#[inline]
fn beginnings(bytes: [u8; 8]) -> usize {
    let word = u64::from_le_bytes(bytes);
    8 - ((word >> 7) & !(word >> 6) & ONES).count_ones() as usize
}

/// Where the first byte below a limit is, of at most 128.
#[inline]
pub(crate) fn first_below(bytes: &[u8], limit: u8) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (count, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The highest bit of each byte that is below. Only the lowest of them is sure.
        let below = word.wrapping_sub(ONES * u64::from(limit)) & !word & (ONES << 7);
        if below != 0 {
            return Some(count * 8 + below.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| *byte < limit).map(|at| words.len() * 8 + at)
}

#[inline]
fn begins(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        for unit in ["a", "é", "我", "🎉", "a我", "éa🎉", "我要退款 please "] {
            for times in 0..20 {
                let text = unit.repeat(times);
                let length = text.chars().count();
                assert_eq!(count(&text), length, "{text}");
                for characters in 0..length + 2 {
                    let end = text.char_indices().nth(characters).map(|(at, _)| at);
                    assert_eq!(cut(&text, characters), end.map(|end| &text[..end]), "{text}, {characters}");
                }
            }
        }
    }
}
