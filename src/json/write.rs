//! JSON that goes out.

use serde::Serialize;

use super::plain;

/// Appends a value.
pub(crate) fn write(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    // INVARIANT: every type that is written serialises without an error of its own, and memory takes any text.
    let _written = serde_json::to_writer(out, value);
}

/// Appends a string.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    if plain::length(text.as_bytes()) == text.len() { write_plain(out, text) } else { write(out, text) }
}

/// Appends a string that needs no escapes.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn write_plain(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Appends a number.
pub(crate) fn write_integer(out: &mut Vec<u8>, number: i64) {
    let mut digits = [0; 20];
    let mut first = digits.len();
    let mut rest = number.unsigned_abs();
    for (at, digit) in digits.iter_mut().enumerate().rev() {
        (*digit, first) = (b'0' + (rest % 10) as u8, at);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(digits.get(first..).unwrap_or_default());
}

/// The name of a member as it is written, between a comma and a colon. It needs no escapes.
macro_rules! named {
    ($name:literal) => {
        concat!(",\"", $name, "\":")
    };
}
pub(crate) use named;

/// The name of a member, and its text between a comma and a colon.
#[derive(Debug)]
pub(crate) struct Label {
    name: String,
    written: Vec<u8>,
}

impl Label {
    pub fn new(name: String) -> Label {
        let mut written = vec![b','];
        write_text(&mut written, &name);
        written.push(b':');
        Label { name, written }
    }

    pub fn as_str(&self) -> &str {
        &self.name
    }
}

/// Appends the members of an object, one after the other.
pub(crate) struct Members<'o> {
    out: &'o mut Vec<u8>,
    is_first: bool,
}

impl<'o> Members<'o> {
    pub fn new(out: &'o mut Vec<u8>) -> Members<'o> {
        Members { out, is_first: true }
    }

    /// Appends a name, which is written by [`named!`]. The caller appends the value.
    #[inline]
    pub fn member(&mut self, named: &'static str) -> &mut Vec<u8> {
        self.name(named.as_bytes())
    }

    /// The same, for any name.
    #[inline]
    pub fn labelled(&mut self, label: &Label) -> &mut Vec<u8> {
        self.name(&label.written)
    }

    #[inline]
    fn name(&mut self, written: &[u8]) -> &mut Vec<u8> {
        let comma = usize::from(std::mem::take(&mut self.is_first));
        self.out.extend_from_slice(written.get(comma..).unwrap_or_default());
        self.out
    }
}
