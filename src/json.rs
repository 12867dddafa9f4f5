//! JSON that means the same to every parser (RFC 8259, restricted to I-JSON, RFC 7493), read once onto a flat tape.

use std::borrow::Cow;

use serde_json::Value;

use crate::finding::{Code, Finding, Severity};

mod escape;
mod number;
mod plain;
mod reader;
mod string;
mod tape;
mod twice;
mod write;

use reader::{Reader, problem};
pub(crate) use reader::{Rules, invalid};
use tape::Node;
pub(crate) use tape::{Json, Kind};
pub(crate) use write::{Label, Members, named, write, write_integer, write_plain, write_text};

/// In texts up to here, memory for all nodes is taken before there is one.
const SHORT: usize = 1 << 16;

/// The nodes of a longer text that memory is taken for at first. They show how many there will be.
const SAMPLE: usize = 1 << 12;

/// A document with one meaning.
pub(crate) struct Document<'a> {
    text: Cow<'a, str>,
    nodes: Vec<Node>,
}

impl<'a> Document<'a> {
    /// The document, and what was found. `None` if the text is not JSON.
    pub fn read(text: impl Into<Cow<'a, str>>, rules: Rules) -> (Option<Document<'a>>, Vec<Finding>) {
        let text = text.into();
        // Usual events have a value or name in eight bytes; a text has few of them.
        let nodes = Vec::with_capacity(if text.len() > SHORT { SAMPLE } else { text.len() / 8 + 8 });
        let (nodes, is_whole, findings) = Reader::new(&text, rules, nodes).run();
        (is_whole.then_some(Document { text, nodes }), findings)
    }

    /// A tree as a document.
    pub fn of(value: &Value) -> Document<'static> {
        let rules = Rules { max_depth: usize::MAX, max_values: usize::MAX, unsafe_numbers: Severity::Info };
        // INVARIANT: what the serialiser writes is JSON.
        Document::read(value.to_string(), rules).0.unwrap_or(Document { text: Cow::Borrowed(""), nodes: Vec::new() })
    }

    pub fn root(&self) -> Json<'_> {
        Json::new(&self.text, &self.nodes)
    }
}

impl std::fmt::Debug for Document<'_> {
    /// The text belongs to the sender.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Document({} nodes)", self.nodes.len())
    }
}

/// A small JSON document that is not a payload, such as a part of a token: its value, if it means the same to every
/// parser.
pub(crate) fn strict(bytes: &[u8]) -> Option<Value> {
    let rules = Rules { max_depth: 16, max_values: usize::MAX, unsafe_numbers: Severity::Error };
    let (document, findings) = Document::read(decode(bytes).ok()?, rules);
    document.filter(|_| findings.is_empty()).map(|document| document.root().to_value())
}

/// RFC 8259, section 8.1: UTF-8, without a byte order mark.
pub(crate) fn decode(body: &[u8]) -> Result<&str, Finding> {
    if body.starts_with(b"\xef\xbb\xbf") {
        return Err(problem(Code::EncodingBom, 0, "the body begins with a byte order mark; RFC 8259 forbids it"));
    }
    std::str::from_utf8(body).map_err(|error| {
        let message = match body {
            [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => "the body is UTF-16, not UTF-8",
            _ => "the body is not UTF-8",
        };
        invalid_encoding(error.valid_up_to(), message)
    })
}

/// The only place that raises `encoding-invalid`.
pub(crate) fn invalid_encoding(offset: usize, message: &str) -> Finding {
    problem(Code::EncodingInvalid, offset, message)
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
mod tests;
