//! Punycode: RFC 3492, with the parameters of IDNA.

const BASE: u32 = 36;
const LEAST: u32 = 1;
const MOST: u32 = 26;
const FIRST_BIAS: u32 = 72;
const FIRST: u32 = 128;

/// What follows `xn--`, decoded. Its time is the square of its length: a label has at most 63 bytes.
pub(super) fn decoded(text: &[u8]) -> Option<Vec<char>> {
    let (plain, mut rest) = match text.iter().rposition(|byte| *byte == b'-') {
        Some(at @ 1..) => (text.get(..at)?, text.get(at + 1..)?),
        _ => (Default::default(), text),
    };
    let mut found: Vec<char> = plain.iter().map(|byte| char::from(*byte)).collect();
    let (mut code, mut at, mut bias) = (FIRST, 0_u32, FIRST_BIAS);
    while !rest.is_empty() {
        let before = at;
        let (mut weight, mut position) = (1_u32, BASE);
        loop {
            let (byte, after) = rest.split_first()?;
            rest = after;
            let digit = digit(*byte)?;
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = threshold(position, bias);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            position += BASE;
        }
        let count = u32::try_from(found.len()).ok()? + 1;
        bias = adapted(at - before, count, before == 0);
        code = code.checked_add(at / count)?;
        at %= count;
        found.insert(usize::try_from(at).ok()?, char::from_u32(code)?);
        at += 1;
    }
    Some(found)
}

fn digit(byte: u8) -> Option<u32> {
    match byte {
        b'a'..=b'z' => Some(u32::from(byte - b'a')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 26),
        _ => None,
    }
}

fn threshold(position: u32, bias: u32) -> u32 {
    position.saturating_sub(bias).clamp(LEAST, MOST)
}

fn adapted(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = delta / if first { 700 } else { 2 };
    delta += delta / count;
    let mut position = 0;
    while delta > (BASE - LEAST) * MOST / 2 {
        delta /= BASE - LEAST;
        position += BASE;
    }
    position + (BASE - LEAST + 1) * delta / (delta + 38)
}

/// How many bytes a label takes after `xn--`. At most 59 characters fit: the length of more is that of too many.
pub(super) fn encoded_length(label: &[char]) -> usize {
    let plain = label.iter().filter(|one| one.is_ascii()).count();
    let mut length = plain + usize::from(plain > 0);
    if label.len() > 59 {
        return label.len();
    }
    let (mut count, mut code, mut delta, mut bias) = (plain as u32, FIRST, 0, FIRST_BIAS);
    while let Some(next) = label.iter().map(|one| u32::from(*one)).filter(|one| *one >= code).min() {
        delta += (next - code) * (count + 1);
        code = next;
        for one in label.iter().map(|one| u32::from(*one)) {
            delta += u32::from(one < code);
            if one == code {
                length += digits(delta, bias);
                bias = adapted(delta, count + 1, count == plain as u32);
                delta = 0;
                count += 1;
            }
        }
        delta += 1;
        code += 1;
    }
    length
}

fn digits(delta: u32, bias: u32) -> usize {
    let (mut rest, mut position, mut count) = (delta, BASE, 1);
    while rest >= threshold(position, bias) {
        let threshold = threshold(position, bias);
        rest = (rest - threshold) / (BASE - threshold);
        position += BASE;
        count += 1;
    }
    count
}
