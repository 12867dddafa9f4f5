//! Strings (RFC 8259, section 7). Half of a surrogate pair is not a character: it is noted, and read as U+FFFD so that
//! the rest can still be judged.

use super::cursor::Cursor;
use crate::finding::{Code, Finding};

type Stop = Box<Finding>;

pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<String, Stop> {
    cursor.position += 1;
    let mut text = String::new();
    loop {
        let start = cursor.position;
        cursor.skip_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f));
        text.push_str(cursor.slice(start, cursor.position));
        match cursor.peek() {
            Some(b'"') => {
                cursor.position += 1;
                return Ok(text);
            }
            Some(b'\\') => text.push(escape(cursor)?),
            Some(_) => return Err(cursor.invalid("a control character in a string must be escaped")),
            None => return Err(cursor.invalid("the JSON ends in the middle of a string")),
        }
    }
}

fn escape(cursor: &mut Cursor<'_>) -> Result<char, Stop> {
    let start = cursor.position;
    cursor.position += 1;
    let plain = match cursor.peek() {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(cursor, start),
        _ => return Err(cursor.invalid("this is not an escape that JSON knows")),
    };
    cursor.position += 1;
    Ok(plain)
}

/// Called at the `u` of `\uXXXX`; after a high surrogate it also consumes the next `\uXXXX`.
fn unicode(cursor: &mut Cursor<'_>, start: usize) -> Result<char, Stop> {
    cursor.position += 1;
    let first = hex4(cursor)?;
    if (0xd800..0xdc00).contains(&first) && cursor.slice(cursor.position, cursor.position + 2) == "\\u" {
        let after_first = cursor.position;
        cursor.position += 2;
        let second = hex4(cursor)?;
        if (0xdc00..0xe000).contains(&second) {
            let scalar = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return Ok(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        cursor.position = after_first;
    }
    if char::from_u32(first).is_none() {
        cursor.note_here(Code::JsonLoneSurrogate, start, "half of a surrogate pair is no character");
    }
    Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn hex4(cursor: &mut Cursor<'_>) -> Result<u32, Stop> {
    let digits = cursor.slice(cursor.position, cursor.position + 4);
    let four = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let value = four.then(|| u32::from_str_radix(digits, 16).ok()).flatten();
    let value = value.ok_or_else(|| cursor.invalid("`\\u` needs four hex digits"))?;
    cursor.position += 4;
    Ok(value)
}
