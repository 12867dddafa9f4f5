//! `name=value&…` as in queries and forms, and percent-decoding (RFC 3986, section 2.1; WHATWG URL).

use std::borrow::Cow;

/// Splits `name=value` pairs at `&`. A name alone has an empty value. Empty pairs are skipped.
pub(crate) fn split(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=');
        let name = at.and_then(|at| pair.get(..at)).unwrap_or(pair);
        (name, at.and_then(|at| pair.get(at + 1..)).unwrap_or_default())
    })
}

/// application/x-www-form-urlencoded: `+` is a space.
pub(crate) fn decode_form(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    decode(&spaced)
}

/// Percent-decoding; a `%` without two hex digits stays as it is.
pub(crate) fn decode(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let digit = |index: usize| after.get(index).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

/// Decoded as in a form. `None` for a `%` without two hex digits, and for bytes that are not UTF-8.
pub(crate) fn text(text: &[u8]) -> Option<Cow<'_, str>> {
    if !text.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return std::str::from_utf8(text).ok().map(Cow::Borrowed);
    }
    let decoded = has_whole_escapes(text).then(|| String::from_utf8(decode_form(text)).ok())?;
    decoded.map(Cow::Owned)
}

/// Percent-decoded. `None` as in [`text`]. A `+` stays a `+`, because this is for paths.
pub(crate) fn path_text(text: &str) -> Option<String> {
    has_whole_escapes(text.as_bytes()).then(|| String::from_utf8(decode(text.as_bytes())).ok())?
}

/// Whether two hex digits follow every `%`.
pub(crate) fn has_whole_escapes(text: &[u8]) -> bool {
    let hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    text.split(|byte| *byte == b'%').skip(1).all(|after| hex(after.first()) && hex(after.get(1)))
}
