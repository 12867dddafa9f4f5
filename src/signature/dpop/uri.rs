//! Normalises URLs so that they can be compared: RFC 3986, sections 6.2.2 (case, percent-encoding, dot segments) and
//! 6.2.3 (the default port, the empty path). RFC 9449 compares without query and fragment, so they are left out.

use std::fmt::Write;

use crate::target::Parts;

/// `None` if it is not an absolute http or https URL.
pub(super) fn normal(url: &str) -> Option<String> {
    let Parts { scheme, authority, path, .. } = Parts::of(url);
    let (scheme, port) = match scheme? {
        scheme if scheme.eq_ignore_ascii_case("https") => ("https", ":443"),
        scheme if scheme.eq_ignore_ascii_case("http") => ("http", ":80"),
        _ => return None,
    };
    let visible = |text: &str| text.bytes().all(|byte| matches!(byte, b'!'..=b'~'));
    if !visible(authority) || !visible(path) {
        return None;
    }
    let authority = escapes(authority).to_ascii_lowercase();
    let host = authority.strip_suffix(port).or_else(|| authority.strip_suffix(':')).unwrap_or(&authority);
    if host.is_empty() {
        return None;
    }
    Some(format!("{scheme}://{host}{}", without_dots(&escapes(path))))
}

/// Writes escapes in upper case, and decodes those of unreserved characters. A broken one stays.
fn escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let digits = after.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        rest = match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
                after.get(2..).unwrap_or_default()
            }
            Some(byte) => {
                let _ = write!(out, "%{byte:02X}");
                after.get(2..).unwrap_or_default()
            }
            None => {
                out.push('%');
                after
            }
        };
    }
    out + rest
}

/// Removes dot segments (RFC 3986, section 5.2.4) from a path that begins with a slash or is empty.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
        if last && matches!(segment, "." | "..") {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}
