//! The strict reader. Where the bytes are not JSON it stops; where they are JSON with two meanings (a
//! key twice, a number that changes, half a surrogate pair) it notes the place and reads on.

use serde_json::{Map, Value};

use super::{number, problem, string};
use crate::place::pointer_token;
use crate::verdict::{Code, Finding, Severity};

/// More findings of one code than this say nothing new about one body. Counted by code, so that none hides another.
const MAX_NOTES: usize = 32;

/// What stops the reader: not JSON, or too deep.
type Stop = Box<Finding>;

pub(super) struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pub position: usize,
    max_depth: usize,
    unsafe_numbers: Severity,
    notes: Vec<Note>,
}

/// A finding whose pointer grows from its end while the reader comes up again.
struct Note {
    offset: usize,
    finding: Finding,
    path: Vec<String>,
}

pub(super) fn read(text: &str, max_depth: usize, unsafe_numbers: Severity) -> (Option<Value>, Vec<Finding>) {
    let mut cursor = Cursor { text, bytes: text.as_bytes(), position: 0, max_depth, unsafe_numbers, notes: Vec::new() };
    let value = cursor.document();
    let mut notes = cursor.notes;
    notes.sort_by_key(|note| note.offset);
    let mut findings: Vec<Finding> = notes.into_iter().map(Note::finish).collect();
    match value {
        Ok(value) => (Some(value), findings),
        Err(stop) => {
            findings.push(*stop);
            (None, findings)
        }
    }
}

impl Note {
    fn finish(self) -> Finding {
        let pointer: String = self.path.iter().rev().map(|token| format!("/{}", pointer_token(token))).collect();
        self.finding.at(pointer)
    }
}

impl<'a> Cursor<'a> {
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
            let before = self.notes.len();
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
            let before = self.notes.len();
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

    fn enter(&mut self, depth: usize) -> Result<(), Stop> {
        if depth > self.max_depth {
            let message = format!("the JSON is nested deeper than {}", self.max_depth);
            let finding = problem(Code::JsonTooDeep, self.position, message).with("allowed", self.max_depth);
            return Err(Box::new(finding));
        }
        self.position += 1;
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Stop> {
        if !self.text.get(self.position..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.invalid("a JSON value was expected here"));
        }
        self.position += word.len();
        Ok(value)
    }

    /// Puts `token` before the path of every note made since `before`.
    fn lift(&mut self, before: usize, token: impl Fn() -> String) {
        self.notes.iter_mut().skip(before).for_each(|note| note.path.push(token()));
    }

    fn note(&mut self, offset: usize, finding: Finding, token: Option<String>) {
        if self.notes.iter().filter(|note| note.finding.code == finding.code).count() < MAX_NOTES {
            self.notes.push(Note { offset, finding, path: token.into_iter().collect() });
        }
    }

    pub fn note_here(&mut self, code: Code, offset: usize, message: &str) {
        self.note(offset, problem(code, offset, message), None);
    }

    pub fn note_number(&mut self, offset: usize, message: &str) {
        let finding = problem(Code::JsonNumberUnsafe, offset, message);
        self.note(offset, Finding { severity: self.unsafe_numbers, ..finding }, None);
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    pub fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    pub fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    pub fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        self.position += rest.iter().position(|byte| !keep(*byte)).unwrap_or(rest.len());
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    pub fn invalid(&self, message: &str) -> Stop {
        Box::new(invalid(self.position, message))
    }
}

/// The only place that raises `json-invalid`.
pub(super) fn invalid(offset: usize, message: &str) -> Finding {
    problem(Code::JsonInvalid, offset, message)
}
