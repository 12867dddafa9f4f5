//! Strings (RFC 8259, section 7). Half of a surrogate pair is not a character: it is noted, and read as U+FFFD so that
//! the rest can still be judged.

use super::escape::hex;
use super::reader::{Reader, Stop};
use super::tape::{Kind, Node};
use crate::finding::Code;

/// Reads from the opening quote to behind the closing one.
#[inline(always)]
pub(super) fn read(reader: &mut Reader<'_>) -> Result<(), Stop> {
    reader.position += 1;
    let start = reader.position;
    let mut kind = Kind::Plain;
    loop {
        reader.skip_plain();
        match reader.peek() {
            Some(b'"') => {
                let size = reader.position - start;
                reader.position += 1;
                return reader.push(|next| Node::new(kind, start, size, next));
            }
            Some(b'\\') => {
                kind = Kind::Escaped;
                escape(reader)?;
            }
            Some(_) => return Err(reader.invalid("a control character in a string must be escaped")),
            None => return Err(reader.invalid("the JSON ends in the middle of a string")),
        }
    }
}

fn escape(reader: &mut Reader<'_>) -> Result<(), Stop> {
    let start = reader.position;
    reader.position += 1;
    match reader.peek() {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
            reader.position += 1;
            Ok(())
        }
        Some(b'u') => unicode(reader, start),
        _ => Err(reader.invalid("this is not an escape that JSON knows")),
    }
}

/// Called at the `u` of `\uXXXX`; after a high surrogate it also consumes the next `\uXXXX`.
fn unicode(reader: &mut Reader<'_>, start: usize) -> Result<(), Stop> {
    reader.position += 1;
    let first = hex4(reader)?;
    if (0xd800..0xdc00).contains(&first) && reader.slice(reader.position, reader.position + 2) == "\\u" {
        let after_first = reader.position;
        reader.position += 2;
        if (0xdc00..0xe000).contains(&hex4(reader)?) {
            return Ok(());
        }
        reader.position = after_first;
    }
    if char::from_u32(first).is_none() {
        reader.note_error(Code::JsonLoneSurrogate, start, "half of a surrogate pair is no character");
    }
    Ok(())
}

fn hex4(reader: &mut Reader<'_>) -> Result<u32, Stop> {
    let digits = reader.slice(reader.position, reader.position + 4);
    let value = hex(digits).ok_or_else(|| reader.invalid("`\\u` needs four hex digits"))?;
    reader.position += 4;
    Ok(value)
}
