//! `uri` and `uri-reference` (RFC 3986), `iri` and `iri-reference` (RFC 3987).

use super::ip;

/// Whether characters beyond ASCII may stand for themselves.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Script {
    Ascii,
    Any,
}

/// What may stand in a part, as bits. A percent-encoded byte may stand in every one.
type Class = u8;
const NAME: Class = 1;
const COLON: Class = 2;
const AT: Class = 4;
const SLASH: Class = 8;
const QUESTION: Class = 16;
/// `iprivate`.
const PRIVATE: Class = 32;
const PERCENT: Class = 64;

const USER: Class = NAME | COLON;
const PATH: Class = USER | AT | SLASH;
const FRAGMENT: Class = PATH | QUESTION;
const QUERY: Class = FRAGMENT | PRIVATE;

const fn class(byte: u8) -> Class {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => NAME,
        b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' => NAME,
        b':' => COLON,
        b'@' => AT,
        b'/' => SLASH,
        b'?' => QUESTION,
        b'%' => PERCENT,
        _ => 0,
    }
}

/// The class of every byte: to look it up takes a fourth of the time.
const CLASSES: [Class; 256] = {
    let mut classes = [0; 256];
    let (mut byte, mut rest): (u8, &mut [Class]) = (0, &mut classes);
    while let Some((first, after)) = rest.split_first_mut() {
        *first = class(byte);
        (byte, rest) = (byte.wrapping_add(1), after);
    }
    classes
};

/// One with a scheme.
pub(super) fn absolute(text: &str, script: Script) -> bool {
    after_scheme(text.as_bytes()).is_some_and(|at| after_start(text, at, script))
}

pub(super) fn reference(text: &str, script: Script) -> bool {
    match after_scheme(text.as_bytes()) {
        Some(at) => after_start(text, at, script),
        // A colon in the first segment would make it a scheme.
        None => !colon_in_first_segment(text.as_bytes()) && after_start(text, 0, script),
    }
}

fn after_scheme(bytes: &[u8]) -> Option<usize> {
    let end = bytes.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte)))?;
    let letter = bytes.first().is_some_and(u8::is_ascii_alphabetic);
    (letter && bytes.get(end) == Some(&b':')).then_some(end + 1)
}

fn colon_in_first_segment(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| b":/?#".contains(byte)) == Some(&b':')
}

/// Authority, path, query and fragment.
fn after_start(text: &str, start: usize, script: Script) -> bool {
    let end = || {
        let bytes = text.as_bytes();
        let mut at = match bytes.get(start..)?.starts_with(b"//") {
            true => after_authority(text, start + 2, script)?,
            false => start,
        };
        at = after(text, at, PATH, script)?;
        if bytes.get(at) == Some(&b'?') {
            at = after(text, at + 1, QUERY, script)?;
        }
        if bytes.get(at) == Some(&b'#') {
            at = after(text, at + 1, FRAGMENT, script)?;
        }
        Some(at)
    };
    end() == Some(text.len())
}

fn after_authority(text: &str, start: usize, script: Script) -> Option<usize> {
    let bytes = text.as_bytes();
    let user = after(text, start, USER, script)?;
    let host = if bytes.get(user) == Some(&b'@') { user + 1 } else { start };
    let mut at = match bytes.get(host) {
        Some(b'[') => after_literal(bytes, host + 1)?,
        _ => after(text, host, NAME, script)?,
    };
    if bytes.get(at) == Some(&b':') {
        let port = bytes.get(at + 1..)?;
        at += 1 + port.iter().take_while(|byte| byte.is_ascii_digit()).count();
    }
    matches!(bytes.get(at), None | Some(b'/' | b'?' | b'#')).then_some(at)
}

/// An IPv6 address, or one of a later version.
fn after_literal(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let length = rest.iter().position(|byte| *byte == b']')?;
    let inner = rest.get(..length)?;
    (ip::v6(inner) || later_version(inner)).then_some(start + length + 1)
}

fn later_version(bytes: &[u8]) -> bool {
    let Some(dot) = bytes.iter().position(|byte| *byte == b'.') else { return false };
    let Some(([b'v' | b'V', version @ ..], [_, address @ ..])) = bytes.split_at_checked(dot) else { return false };
    let plain = |byte: &u8| class(*byte) & USER != 0;
    let version = !version.is_empty() && version.iter().all(u8::is_ascii_hexdigit);
    version && !address.is_empty() && address.iter().all(plain)
}

/// Where a run of characters of these classes ends; `None` at a broken percent-encoding.
fn after(text: &str, start: usize, classes: Class, script: Script) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        at += match CLASSES.get(usize::from(*byte)).copied().unwrap_or(0) {
            found if found & classes != 0 => 1,
            PERCENT if bytes.get(at + 1..at + 3)?.iter().all(u8::is_ascii_hexdigit) => 3,
            PERCENT => return None,
            _ if script == Script::Any && !byte.is_ascii() => match text.get(at..)?.chars().next()? {
                one if beyond_ascii(one, classes) => one.len_utf8(),
                _ => break,
            },
            _ => break,
        };
    }
    Some(at)
}

/// `ucschar`, and `iprivate` in a query.
fn beyond_ascii(one: char, classes: Class) -> bool {
    match u32::from(one) {
        0xa0..=0xd7ff | 0xf900..=0xfdcf | 0xfdf0..=0xffef | 0xe1000..=0xefffd => true,
        code @ 0x10000..=0xdffff => code & 0xffff <= 0xfffd,
        0xe000..=0xf8ff => classes & PRIVATE != 0,
        code @ 0xf0000.. => classes & PRIVATE != 0 && code & 0xffff <= 0xfffd,
        _ => false,
    }
}
