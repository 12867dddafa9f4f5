//! `ipv4` (RFC 2673, section 3.2) and `ipv6` (RFC 4291, section 2.2).

/// Four numbers up to 255, without leading zeros.
pub(super) fn v4(text: &[u8]) -> bool {
    let mut parts = 0;
    let all = text.split(|byte| *byte == b'.').all(|part| {
        parts += 1;
        match *part {
            [a] => a.is_ascii_digit(),
            [b'1'..=b'9', b] => b.is_ascii_digit(),
            [b'1', b, c] => b.is_ascii_digit() && c.is_ascii_digit(),
            [b'2', b'0'..=b'4', c] => c.is_ascii_digit(),
            [b'2', b'5', c] => matches!(c, b'0'..=b'5'),
            _ => false,
        }
    });
    all && parts == 4
}

/// Eight groups, or fewer with one `::` for at least one group. The last two may be an IPv4 address. No zone.
pub(super) fn v6(text: &[u8]) -> bool {
    match text.windows(2).position(|pair| pair == b"::") {
        None => groups(text, true) == Some(8),
        Some(at) => {
            let (head, tail) = (text.get(..at).unwrap_or_default(), text.get(at + 2..).unwrap_or_default());
            let count = |part: &[u8], last| if part.is_empty() { Some(0) } else { groups(part, last) };
            matches!((count(head, false), count(tail, true)), (Some(head), Some(tail)) if head + tail < 8)
        }
    }
}

/// How many groups of 16 bits. An IPv4 address is two, and may only be at the end.
fn groups(text: &[u8], last: bool) -> Option<usize> {
    let mut count = 0_usize;
    let mut parts = text.split(|byte| *byte == b':').peekable();
    while let Some(part) = parts.next() {
        count += match part.len() {
            1..=4 if part.iter().all(u8::is_ascii_hexdigit) => 1,
            _ if last && parts.peek().is_none() && v4(part) => 2,
            _ => return None,
        };
    }
    Some(count)
}
