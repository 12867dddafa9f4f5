//! Stage 5: bytes to JSON with one meaning for every parser (RFC 8259, held to I-JSON, RFC 7493), or
//! findings with the byte they stand at.

use serde_json::Value;

use crate::contract::document::{self, UnsafeNumbers};
use crate::contract::error::ContractError;
use crate::verdict::{Code, Finding, Severity, Stage};

mod json;
mod number;
mod string;

/// The compiled `payload` section of a contract.
#[derive(Debug)]
pub(crate) struct Reader {
    max_depth: usize,
    unsafe_numbers: Severity,
}

/// Proof that the body has one meaning. Made by [`Reader::read`] alone.
#[derive(Debug)]
pub(crate) struct Payload {
    pub value: Value,
    _made_here: (),
}

impl Reader {
    pub fn compile(document: document::Payload) -> Result<Reader, ContractError> {
        let document::PayloadFormat::Json = document.format;
        if !(1..=512).contains(&document.max_depth) {
            return Err(ContractError::new("contract-grammar", "/payload/maxDepth", "the depth is between 1 and 512"));
        }
        let unsafe_numbers = match document.unsafe_numbers {
            UnsafeNumbers::Reject => Severity::Error,
            UnsafeNumbers::Warn => Severity::Warning,
        };
        Ok(Reader { max_depth: document.max_depth, unsafe_numbers })
    }

    /// For documents that no contract describes.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "the outer layer's door"))]
    pub fn lenient_on_numbers() -> Reader {
        Reader { max_depth: 512, unsafe_numbers: Severity::Warning }
    }

    /// The payload, unless a finding is an error.
    pub fn read(&self, body: &[u8]) -> (Option<Payload>, Vec<Finding>) {
        let text = match decode(body) {
            Ok(text) => text,
            Err(finding) => return (None, vec![finding]),
        };
        let (value, findings) = json::read(text, self.max_depth, self.unsafe_numbers);
        let whole = findings.iter().all(|finding| finding.severity < Severity::Error);
        (value.filter(|_| whole).map(|value| Payload { value, _made_here: () }), findings)
    }
}

/// RFC 8259, section 8.1: UTF-8, without a byte order mark.
fn decode(body: &[u8]) -> Result<&str, Finding> {
    if body.starts_with(b"\xef\xbb\xbf") {
        return Err(problem(Code::EncodingBom, 0, "the body begins with a byte order mark; RFC 8259 forbids it"));
    }
    std::str::from_utf8(body).map_err(|error| {
        let message = match body {
            [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => "the body is UTF-16, not UTF-8",
            _ => "the body is not UTF-8",
        };
        problem(Code::EncodingInvalid, error.valid_up_to(), message)
    })
}

fn problem(code: Code, offset: usize, message: impl Into<String>) -> Finding {
    Finding::error(code, Stage::Payload, message).with("offset", offset)
}
