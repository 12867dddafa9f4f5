//! What the escapes of a string mean (RFC 8259, section 7).

/// What a string means whose text between the quotes this is. The reader has taken it.
pub(super) fn decoded(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (character, after) = escaped(after);
        text.push(character);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The character of the escape that begins behind its backslash, and what follows it.
fn escaped(text: &str) -> (char, &str) {
    let mut characters = text.chars();
    let character = match characters.next() {
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => return surrogates(characters.as_str()),
        other => other.unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    (character, characters.as_str())
}

fn surrogates(text: &str) -> (char, &str) {
    let (digits, after) = text.split_at_checked(4).unwrap_or((text, ""));
    let first = hex(digits).unwrap_or_default();
    let second = after.strip_prefix("\\u").and_then(|rest| Some((hex(rest.get(..4)?)?, rest.get(4..)?)));
    match second {
        Some((second @ 0xdc00..0xe000, after)) if (0xd800..0xdc00).contains(&first) => {
            let scalar = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            (char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER), after)
        }
        _ => (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), after),
    }
}

/// The number that four hex digits are.
pub(super) fn hex(digits: &str) -> Option<u32> {
    let four = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    four.then(|| u32::from_str_radix(digits, 16).ok())?
}
