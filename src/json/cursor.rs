//! The reader's position in a text, and what it noted on the way.

use crate::finding::{Code, Finding, Severity, Stage};
use crate::place::pointer_token;

/// More findings than this with the same code and severity say nothing new about a body. They are counted by both, so
/// that none hides another: a warning must not hide an error.
const MAX_NOTES: usize = 32;

/// What stops the reader: not JSON, or too deep.
pub(super) type Stop = Box<Finding>;

pub(super) struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pub position: usize,
    max_depth: usize,
    unsafe_numbers: Severity,
    notes: Vec<Note>,
}

/// A finding whose pointer is built from its end while the reader returns from nested values.
struct Note {
    offset: usize,
    finding: Finding,
    path: Vec<String>,
}

impl Note {
    fn finish(self) -> Finding {
        let pointer: String = self.path.iter().rev().map(|token| format!("/{}", pointer_token(token))).collect();
        self.finding.at(pointer)
    }
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str, max_depth: usize, unsafe_numbers: Severity) -> Cursor<'a> {
        Cursor { text, bytes: text.as_bytes(), position: 0, max_depth, unsafe_numbers, notes: Vec::new() }
    }

    /// What was noted, in the order of the text.
    pub fn findings(mut self) -> Vec<Finding> {
        self.notes.sort_by_key(|note| note.offset);
        self.notes.into_iter().map(Note::finish).collect()
    }

    /// How many notes there are.
    pub fn noted(&self) -> usize {
        self.notes.len()
    }

    pub fn enter(&mut self, depth: usize) -> Result<(), Stop> {
        if depth > self.max_depth {
            let message = format!("the JSON is nested deeper than {}", self.max_depth);
            let finding = problem(Code::JsonTooDeep, self.position, message).with("allowed", self.max_depth);
            return Err(Box::new(finding));
        }
        self.position += 1;
        Ok(())
    }

    /// Whether the text continues with this word. If so, the word is consumed.
    pub fn takes(&mut self, word: &str) -> bool {
        let found = self.text.get(self.position..).is_some_and(|rest| rest.starts_with(word));
        self.position += if found { word.len() } else { 0 };
        found
    }

    /// Puts `token` in front of the path of every note made since `before`.
    pub fn lift(&mut self, before: usize, token: impl Fn() -> String) {
        self.notes.iter_mut().skip(before).for_each(|note| note.path.push(token()));
    }

    pub fn note(&mut self, offset: usize, finding: Finding, token: Option<String>) {
        let alike = |note: &&Note| (&note.finding.code, note.finding.severity) == (&finding.code, finding.severity);
        if self.notes.iter().filter(alike).count() < MAX_NOTES {
            self.notes.push(Note { offset, finding, path: token.into_iter().collect() });
        }
    }

    pub fn note_here(&mut self, code: Code, offset: usize, message: &str) {
        self.note(offset, problem(code, offset, message), None);
    }

    /// An error whatever the contract says: one reader turns it into infinity, another into null.
    pub fn note_no_number(&mut self, offset: usize, message: &str) {
        self.note(offset, unsafe_number(offset, message), None);
    }

    pub fn note_number(&mut self, offset: usize, message: &str) {
        self.note(offset, Finding { severity: self.unsafe_numbers, ..unsafe_number(offset, message) }, None);
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

    pub fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    pub fn invalid(&self, message: &str) -> Stop {
        Box::new(invalid(self.position, message))
    }
}

/// The only place that raises `json-invalid`.
pub(crate) fn invalid(offset: usize, message: &str) -> Finding {
    problem(Code::JsonInvalid, offset, message)
}

fn unsafe_number(offset: usize, message: &str) -> Finding {
    problem(Code::JsonNumberUnsafe, offset, message)
}

pub(super) fn problem(code: Code, offset: usize, message: impl Into<String>) -> Finding {
    Finding::error(code, Stage::Payload, message).with("offset", offset)
}
