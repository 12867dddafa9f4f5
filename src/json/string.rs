//! Strings (RFC 8259, section 7). Half of a surrogate pair is not a character: it is noted, and read as U+FFFD so that
//! the rest can still be judged.

use super::escape::hex;
use super::reader::{Cursor, Reader, Stop};
use super::tape::{Kind, Node};
use crate::finding::Code;

/// Reads from the opening quote to behind the closing one.
#[inline(always)]
pub(super) fn read(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>) -> Result<(), Stop> {
    cursor.position += 1;
    let start = cursor.position;
    let mut kind = Kind::Plain;
    loop {
        cursor.skip_plain();
        match cursor.peek() {
            Some(b'"') => {
                let size = cursor.position - start;
                cursor.position += 1;
                return reader.push(cursor.position, |next| Node::new(kind, start, size, next));
            }
            Some(b'\\') => {
                kind = Kind::Escaped;
                *cursor = escape(reader, *cursor)?;
            }
            Some(_) => return Err(cursor.invalid("a control character in a string must be escaped")),
            None => return Err(cursor.invalid("the JSON ends in the middle of a string")),
        }
    }
}

/// Returns the place behind it.
fn escape<'a>(reader: &mut Reader<'_>, mut cursor: Cursor<'a>) -> Result<Cursor<'a>, Stop> {
    let start = cursor.position;
    cursor.position += 1;
    match cursor.peek() {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => cursor.position += 1,
        Some(b'u') => unicode(reader, &mut cursor, start)?,
        _ => return Err(cursor.invalid("this is not an escape that JSON knows")),
    }
    Ok(cursor)
}

/// Called at the `u` of `\uXXXX`; after a high surrogate it also consumes the next `\uXXXX`.
fn unicode(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, start: usize) -> Result<(), Stop> {
    cursor.position += 1;
    let first = hex4(reader, cursor)?;
    if (0xd800..0xdc00).contains(&first) && reader.slice(cursor.position, cursor.position + 2) == "\\u" {
        let after_first = cursor.position;
        cursor.position += 2;
        if (0xdc00..0xe000).contains(&hex4(reader, cursor)?) {
            return Ok(());
        }
        cursor.position = after_first;
    }
    if char::from_u32(first).is_none() {
        reader.note_error(Code::JsonLoneSurrogate, start, "half of a surrogate pair is no character");
    }
    Ok(())
}

fn hex4(reader: &Reader<'_>, cursor: &mut Cursor<'_>) -> Result<u32, Stop> {
    let digits = reader.slice(cursor.position, cursor.position + 4);
    let value = hex(digits).ok_or_else(|| cursor.invalid("`\\u` needs four hex digits"))?;
    cursor.position += 4;
    Ok(value)
}
