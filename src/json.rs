//! The strict reader. If the bytes are not JSON, it stops. If they are JSON with two meanings (a repeated key, a
//! number that changes, half a surrogate pair), it notes the place and reads on.

use serde_json::{Map, Value};

use crate::finding::{Code, Finding, Severity};

mod cursor;
mod number;
mod string;

pub(crate) use cursor::invalid;
use cursor::{Cursor, Stop, problem};

pub(crate) fn read(text: &str, max_depth: usize, unsafe_numbers: Severity) -> (Option<Value>, Vec<Finding>) {
    let mut cursor = Cursor::new(text, max_depth, unsafe_numbers);
    let value = cursor.document();
    let mut findings = cursor.findings();
    match value {
        Ok(value) => (Some(value), findings),
        Err(stop) => {
            findings.push(*stop);
            (None, findings)
        }
    }
}

/// A small JSON document that is not a payload, such as a part of a token: its value, if it means the same to every
/// parser.
pub(crate) fn strict(bytes: &[u8]) -> Option<Value> {
    let (value, findings) = read(decode(bytes).ok()?, 16, Severity::Error);
    value.filter(|_| findings.is_empty())
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

impl Cursor<'_> {
    fn document(&mut self) -> Result<Value, Stop> {
        self.skip_space();
        if self.peek().is_none() {
            return Err(self.invalid("the body is empty, and a JSON document was expected"));
        }
        let value = self.value(0)?;
        self.skip_space();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(self.invalid("the JSON document ends here, and more follows")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Stop> {
        match self.peek() {
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => string::read(self).map(Value::String),
            Some(b'-' | b'0'..=b'9') => number::read(self),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => Err(self.invalid("a JSON value was expected here")),
            None => Err(self.invalid("the JSON ends in the middle of a value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Stop> {
        self.enter(depth)?;
        let mut members = Map::new();
        self.skip_space();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_space();
            let start = self.position;
            if self.peek() != Some(b'"') {
                return Err(self.invalid("a key in double quotes was expected here"));
            }
            let key = string::read(self)?;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.invalid("a colon was expected here"));
            }
            self.skip_space();
            let before = self.noted();
            let value = self.value(depth)?;
            self.lift(before, || key.clone());
            if members.contains_key(&key) {
                let message = "this key stands twice in its object; one reader takes the first, another the last";
                self.note(start, problem(Code::JsonDuplicateKey, start, message), Some(key.clone()));
            }
            members.insert(key, value);
            self.skip_space();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.take(b',') {
                return Err(self.invalid("a comma or a closing brace was expected here"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Stop> {
        self.enter(depth)?;
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.skip_space();
            let before = self.noted();
            let value = self.value(depth)?;
            self.lift(before, || items.len().to_string());
            items.push(value);
            self.skip_space();
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            if !self.take(b',') {
                return Err(self.invalid("a comma or a closing bracket was expected here"));
            }
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Stop> {
        if self.takes(word) { Ok(value) } else { Err(self.invalid("a JSON value was expected here")) }
    }
}
