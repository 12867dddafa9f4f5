//! Base64 as Go reads it: line ends do not matter, nor do the bits that are left over at the end.

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD, Encoding};

/// With padding. Otherwise, where it is wrong.
pub(super) fn standard(text: &str) -> Result<Vec<u8>, usize> {
    decode(&BASE64, text)
}

/// For URLs, with padding or without.
pub(super) fn url(text: &str) -> Result<Vec<u8>, usize> {
    decode(&if text.ends_with('=') { BASE64URL } else { BASE64URL_NOPAD }, text)
}

fn decode(encoding: &Encoding, text: &str) -> Result<Vec<u8>, usize> {
    // Padding ends it: nothing may follow.
    if let Some(place) = text.trim_end_matches(['=', '\r', '\n']).find('=') {
        return Err(place);
    }
    let mut specification = encoding.specification();
    specification.check_trailing_bits = false;
    "\r\n".clone_into(&mut specification.ignore);
    // What is changed of a valid specification leaves it valid.
    let encoding = specification.encoding().map_err(|_| 0usize)?;
    encoding.decode(text.as_bytes()).map_err(|wrong| wrong.position)
}
