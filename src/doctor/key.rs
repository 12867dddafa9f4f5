//! Repairs of the key: what the other side may have used as the key. A report says only which kind of repair made
//! the MAC match, never a byte of the key or its length.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE, HEXUPPER};

use super::fault::{CauseId, Fault};
use crate::grammar::KeyFormat;
use crate::signature::keys::{Given, Keys, Ready};

/// Prefixes of keys that providers issue.
const PREFIXES: [&str; 5] = ["whsec_", "v1,whsec_", "base64:", "hex:", "Bearer "];

/// The keys that the gate does not accept.
pub(super) fn others(keys: &Keys, others: &[Ready]) -> impl Iterator<Item = (Vec<u8>, Fault)> {
    let new = |other: &Ready| !keys.iter().any(|key| key.given.bytes == other.given.bytes);
    others.iter().enumerate().filter(move |(_, other)| new(other)).map(|(index, other)| {
        let message = format!("the request is signed with the other key `{}`, which the gate does not take", other.id);
        (other.given.bytes.clone(), Fault::new(CauseId::KeyOther, 8, format!("otherKeys/{index}"), message))
    })
}

/// Every other reading of every key, each with the fault that it would prove.
pub(super) fn repairs(keys: &Keys) -> Vec<(Vec<u8>, Fault)> {
    let format = keys.rules.format.unwrap_or(KeyFormat::Utf8);
    let strip = keys.rules.prefix.strip.as_deref();
    let mut found: Vec<(Vec<u8>, Fault)> = Vec::new();
    for (index, key) in keys.iter().enumerate().filter(|(_, key)| !key.given.bytes.is_empty()) {
        for (id, edits, message, bytes) in readings(&key.given, format, strip) {
            let known =
                keys.iter().any(|key| key.given.bytes == bytes) || found.iter().any(|(known, _)| *known == bytes);
            if !known && !bytes.is_empty() {
                found.push((bytes, Fault::new(id, edits, format!("keys/{index}"), message)));
            }
        }
    }
    if !found.is_empty() {
        for unset in ["", "undefined", "null", "None", "nil"] {
            let message = "the sender's key is not set: it signs with an empty key, or with the word for nothing";
            found.push((unset.into(), Fault::new(CauseId::KeyOther, 20, "keys", message)));
        }
    }
    found
}

type Reading = (CauseId, usize, &'static str, Vec<u8>);

fn readings(given: &Given, format: KeyFormat, strip: Option<&str>) -> Vec<Reading> {
    let mut found = Vec::new();
    around(&given.bytes, &mut found);
    prefixes(given, format, strip, &mut found);
    encodings(given, &mut found);
    if given.text != given.bytes {
        let mut text = Vec::new();
        around(&given.text, &mut text);
        found.extend(text);
    }
    parts(&given.text, &mut found);
    found
}

/// White space and quotes.
fn around(key: &[u8], found: &mut Vec<Reading>) {
    let other = "the other side's key has white space at an end, such as the newline of a file";
    for end in ["\n", "\r\n", " ", "\t"] {
        found.push((CauseId::KeyWhitespace, end.len(), other, [key, end.as_bytes()].concat()));
    }
    found.push((CauseId::KeyWhitespace, 1, other, [b" ", key].concat()));
    found.push((CauseId::KeyWhitespace, 2, other, [b" ", key, b" "].concat()));
    found.push((CauseId::KeyWhitespace, 3, other, [b"\xef\xbb\xbf", key].concat()));
    let own = "the key has white space at an end that the other side's has not";
    found.push((CauseId::KeyWhitespace, 1, own, key.trim_ascii().to_vec()));
    for quote in [b"\"", b"'", b"`"] {
        let quoted = [quote.as_slice(), key, quote].concat();
        found.push((CauseId::KeyQuotes, 2, "the other side's key stands in quotes", quoted.clone()));
        let line = [quoted.as_slice(), b"\n"].concat();
        found.push((CauseId::KeyQuotes, 3, "the other side's key stands in quotes, and ends in a line feed", line));
        if let Some(inner) = key.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            found.push((
                CauseId::KeyQuotes,
                2,
                "the key stands in quotes, and the other side's does not",
                inner.to_vec(),
            ));
        }
    }
}

fn prefixes(given: &Given, format: KeyFormat, strip: Option<&str>, found: &mut Vec<Reading>) {
    let stripped = "the other side takes the key without its prefix";
    let kept = "the other side takes the key together with a prefix";
    let text = given.text.as_slice();
    let named = text.iter().position(|byte| *byte == b'=').and_then(|at| text.split_at_checked(at + 1));
    let name = named.filter(|(name, rest)| name.len() <= 64 && !rest.is_empty() && *rest != b"=").map(|(name, _)| name);
    let known: Vec<&[u8]> = PREFIXES.iter().copied().chain(strip).map(str::as_bytes).chain(name).collect();
    if strip.is_some_and(|strip| !strip.is_empty() && text.starts_with(strip.as_bytes())) {
        found.push((CauseId::KeyPrefix, 6, kept, text.to_vec()));
        found.push((CauseId::KeyPrefix, 6, kept, loose_base64(text)));
    }
    for prefix in &known {
        if let Some(rest) = text.strip_prefix(*prefix) {
            found.push((CauseId::KeyPrefix, 6, stripped, decoded(format, rest).unwrap_or_default()));
        }
    }
    for prefix in known {
        let whole = [prefix, text].concat();
        let loose = loose_base64(&whole);
        found.push((CauseId::KeyPrefix, 6, kept, whole));
        if format == KeyFormat::Base64 {
            found.push((CauseId::KeyPrefix, 6, kept, loose));
        }
    }
}

fn encodings(given: &Given, found: &mut Vec<Reading>) {
    let text = "the other side takes the key's text as it stands, and does not decode it";
    let decodes = "the other side decodes the key from hex or base64 before it signs";
    let encodes = "the other side encodes the key as hex or base64 before it signs";
    let mut push = |message, bytes| found.push((CauseId::KeyEncoding, 10, message, bytes));
    let plain = PREFIXES.iter().find_map(|prefix| given.text.strip_prefix(prefix.as_bytes())).unwrap_or(&given.text);
    push(text, given.text.clone());
    push(text, plain.to_vec());
    for source in [&given.text, plain, &given.bytes] {
        push(decodes, decoded(KeyFormat::Hex, source).unwrap_or_default());
        push(decodes, decoded(KeyFormat::Base64, source).unwrap_or_default());
        push(decodes, loose_base64(source));
    }
    for base in [&HEXLOWER, &HEXUPPER, &BASE64, &BASE64URL_NOPAD] {
        push(encodes, base.encode(&given.bytes).into_bytes());
        push(encodes, base.encode(plain).into_bytes());
    }
    if plain.iter().all(u8::is_ascii_hexdigit) {
        push(encodes, given.text.to_ascii_lowercase());
        push(encodes, given.text.to_ascii_uppercase());
    }
}

/// Parts of a text that contains several keys.
fn parts(text: &[u8], found: &mut Vec<Reading>) {
    let message = "the key is a list: the other side signs with one key of it";
    let pieces: Vec<&[u8]> = text.split(|byte| b", ;|\n".contains(byte)).filter(|piece| piece.len() >= 8).collect();
    if pieces.len() > 1 {
        found.extend(pieces.into_iter().take(8).map(|piece| (CauseId::KeyOther, 12, message, piece.to_vec())));
    }
}

fn decoded(format: KeyFormat, text: &[u8]) -> Option<Vec<u8>> {
    match format {
        KeyFormat::Base64 => BASE64.decode(text).ok(),
        KeyFormat::Hex => HEXLOWER_PERMISSIVE.decode(text).ok(),
        KeyFormat::Jwk | KeyFormat::Spki | KeyFormat::Utf8 => Some(text.to_vec()),
    }
}

/// Like Node's `Buffer.from(text, 'base64')`: both alphabets, no padding needed, anything else ignored.
fn loose_base64(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in text.iter().take_while(|byte| **byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        buffer = (buffer << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.extend(u8::try_from((buffer >> bits) & 0xff));
        }
    }
    bytes
}
