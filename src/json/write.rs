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

/// The name of a member, and its text with quotes and a colon.
#[derive(Debug)]
pub(crate) struct Label {
    name: String,
    written: Vec<u8>,
}

impl Label {
    pub fn new(name: String) -> Label {
        let mut written = Vec::new();
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

    /// Appends a name. The caller appends the value.
    #[cfg_attr(small, optimize(speed))]
    pub fn member(&mut self, name: &str) -> &mut Vec<u8> {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(b',');
        }
        write_text(self.out, name);
        self.out.push(b':');
        self.out
    }

    /// The same, for a name that is often written.
    #[inline]
    #[cfg_attr(small, optimize(speed))]
    pub fn labelled(&mut self, label: &Label) -> &mut Vec<u8> {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(b',');
        }
        self.out.extend_from_slice(&label.written);
        self.out
    }
}
