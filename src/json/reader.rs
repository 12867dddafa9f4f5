//! The strict reader: from a text to nodes, without recursion. If the text is not JSON, it stops. If it is JSON with two
//! meanings (a repeated key, a number that changes, half a surrogate pair), it notes the place and reads on.

use super::tape::{Kind, MAX_NODES, Node};
use super::{escape, number, plain, string, twice};
use crate::finding::{Code, Finding, Severity, Stage};
use crate::place::pointer_token;

/// More findings than this with the same code and severity say nothing new about a body. They are counted by both, so
/// that none hides another: a warning must not hide an error.
const MAX_NOTES: usize = 32;

/// What stops the reader: not JSON, too deep, or too many values.
pub(super) type Stop = Box<Finding>;

/// How a document is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub max_depth: usize,
    /// The most values, the names of members among them.
    pub max_values: usize,
    /// What a number is that some readers would change.
    pub unsafe_numbers: Severity,
}

pub(super) struct Reader<'a> {
    text: &'a str,
    rules: Rules,
    most_nodes: usize,
    nodes: Vec<Node>,
    notes: Vec<Note>,
}

/// Where the reader is. It belongs to none of what is written, so that it stays where it is quick.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub bytes: &'a [u8],
    pub position: usize,
}

/// A finding that is no reason to stop.
struct Note {
    offset: usize,
    finding: Finding,
    /// Whether it is about the member whose name is there, not about the object that holds the member.
    of_member: bool,
}

/// The array or object that is being read. Until it ends, its node holds the index of the one that it is in.
#[derive(Clone, Copy)]
struct Open {
    at: usize,
    kind: Kind,
}

impl<'a> Reader<'a> {
    /// `nodes` is where they are written: what it held is thrown away.
    pub fn new(text: &'a str, rules: Rules, mut nodes: Vec<Node>) -> Reader<'a> {
        nodes.clear();
        Reader { text, rules, most_nodes: rules.max_values.min(MAX_NODES), nodes, notes: Vec::new() }
    }

    /// The nodes, whether they are a whole document, and what was found, in the order of the text.
    #[cfg_attr(small, optimize(speed))]
    pub fn run(mut self) -> (Vec<Node>, bool, Vec<Finding>) {
        let stop = self.document().err();
        if self.notes.is_empty() && stop.is_none() {
            return (self.nodes, true, Vec::new());
        }
        let mut notes = std::mem::take(&mut self.notes);
        notes.sort_by_key(|note| note.offset);
        let placed = |note: Note| note.finding.at(self.pointer(note.offset, note.of_member));
        let mut findings: Vec<Finding> = notes.into_iter().map(placed).collect();
        let is_whole = stop.is_none();
        findings.extend(stop.map(|finding| *finding));
        (self.nodes, is_whole, findings)
    }

    #[cfg_attr(small, optimize(speed))]
    fn document(&mut self) -> Result<(), Stop> {
        let mut cursor = Cursor { bytes: self.text.as_bytes(), position: 0 };
        cursor.skip_space();
        if cursor.peek().is_none() {
            return Err(cursor.invalid("the body is empty, and a JSON document was expected"));
        }
        let mut open: Option<Open> = None;
        let mut depth = 0;
        loop {
            let entered = match self.value(&mut cursor, open, depth) {
                Ok(entered) => entered,
                Err(stop) => return Err(self.give_up(open, stop)),
            };
            if entered.is_some() {
                open = entered;
                depth += 1;
                continue;
            }
            match self.after_value(&mut cursor, &mut open, &mut depth) {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(stop) => return Err(self.give_up(open, stop)),
            }
        }
    }

    /// Reads a value, or enters an array or object that is not empty.
    #[inline(always)]
    fn value(&mut self, cursor: &mut Cursor<'_>, open: Option<Open>, depth: usize) -> Result<Option<Open>, Stop> {
        match cursor.peek() {
            Some(b'"') => string::read(self, cursor)?,
            Some(b'{') => return self.enter(cursor, open, depth, Kind::Object, b'}'),
            Some(b'[') => return self.enter(cursor, open, depth, Kind::Array, b']'),
            Some(b'-' | b'0'..=b'9') => number::read(self, cursor)?,
            Some(b't') => self.word(cursor, b"true", Kind::True)?,
            Some(b'f') => self.word(cursor, b"false", Kind::False)?,
            Some(b'n') => self.word(cursor, b"null", Kind::Null)?,
            Some(_) => return Err(cursor.invalid("a JSON value was expected here")),
            None => return Err(cursor.invalid("the JSON ends in the middle of a value")),
        }
        Ok(None)
    }

    #[inline(always)]
    fn enter(
        &mut self,
        cursor: &mut Cursor<'_>,
        open: Option<Open>,
        depth: usize,
        kind: Kind,
        end: u8,
    ) -> Result<Option<Open>, Stop> {
        if depth >= self.rules.max_depth {
            return Err(self.too_deep(cursor.position));
        }
        let (at, start) = (self.nodes.len(), cursor.position);
        let outer = open.map_or(0, |open| open.at);
        self.push(start, |_| Node::new(kind, start, 0, outer))?;
        cursor.position += 1;
        cursor.skip_space();
        if cursor.take(end) {
            self.close(at);
            return Ok(None);
        }
        if kind == Kind::Object
            && let Err(stop) = self.name(cursor)
        {
            // Nothing else ends it: it is not open yet.
            self.close(at);
            return Err(stop);
        }
        Ok(Some(Open { at, kind }))
    }

    /// Behind a value: ends what ends here. True if that is the document.
    #[inline(always)]
    fn after_value(
        &mut self,
        cursor: &mut Cursor<'_>,
        open: &mut Option<Open>,
        depth: &mut usize,
    ) -> Result<bool, Stop> {
        loop {
            cursor.skip_space();
            let Some(Open { at, kind }) = *open else {
                return match cursor.peek() {
                    None => Ok(true),
                    Some(_) => Err(cursor.invalid("the JSON document ends here, and more follows")),
                };
            };
            let mut outer = 0;
            if let Some(node) = self.nodes.get_mut(at) {
                node.put_size(node.size() + 1);
                outer = node.next();
            }
            let is_object = kind == Kind::Object;
            if cursor.take(b',') {
                cursor.skip_space();
                if is_object {
                    self.name(cursor)?;
                }
                return Ok(false);
            }
            if !cursor.take(if is_object { b'}' } else { b']' }) {
                return Err(cursor.invalid(match is_object {
                    true => "a comma or a closing brace was expected here",
                    false => "a comma or a closing bracket was expected here",
                }));
            }
            self.close(at);
            if is_object {
                self.note_twice(at);
            }
            *depth -= 1;
            *open = self.outer(at, outer);
        }
    }

    /// The name of a member, and its colon.
    #[inline(always)]
    fn name(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Stop> {
        if cursor.peek() != Some(b'"') {
            return Err(cursor.invalid("a key in double quotes was expected here"));
        }
        string::read(self, cursor)?;
        cursor.skip_space();
        if !cursor.take(b':') {
            return Err(cursor.invalid("a colon was expected here"));
        }
        cursor.skip_space();
        Ok(())
    }

    #[inline(always)]
    fn word(&mut self, cursor: &mut Cursor<'_>, word: &[u8], kind: Kind) -> Result<(), Stop> {
        let start = cursor.position;
        if !cursor.rest().starts_with(word) {
            return Err(cursor.invalid("a JSON value was expected here"));
        }
        cursor.position += word.len();
        self.push(cursor.position, |next| Node::new(kind, start, word.len(), next))
    }

    #[inline(always)]
    fn close(&mut self, at: usize) {
        let next = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(at) {
            node.put_next(next);
        }
    }

    /// Ends everything that is still open, so that the nodes can be walked.
    fn give_up(&mut self, open: Option<Open>, stop: Stop) -> Stop {
        let mut open = open;
        while let Some(Open { at, kind }) = open {
            let outer = self.nodes.get(at).map_or(0, |node| node.next());
            self.close(at);
            if kind == Kind::Object {
                self.note_twice(at);
            }
            open = self.outer(at, outer);
        }
        stop
    }

    /// The array or object that holds the one at `at`. The first node is the outermost.
    #[inline(always)]
    fn outer(&self, at: usize, outer: usize) -> Option<Open> {
        let kind = self.nodes.get(outer)?.kind();
        (at > 0).then_some(Open { at: outer, kind })
    }

    #[cfg_attr(small, optimize(speed))]
    fn note_twice(&mut self, object: usize) {
        for name in twice::names(self.text, &self.nodes, object) {
            let start = self.nodes.get(name).map_or(0, |node| node.start().saturating_sub(1));
            let message = "this key stands twice in its object; one reader takes the first, another the last";
            self.note(start, problem(Code::JsonDuplicateKey, start, message), true);
        }
    }

    /// Appends the node that is made with the index after it. `position` is where the reader is.
    #[inline(always)]
    pub fn push(&mut self, position: usize, node: impl FnOnce(usize) -> Node) -> Result<(), Stop> {
        let count = self.nodes.len();
        if count >= self.most_nodes || position > u32::MAX as usize {
            return Err(self.too_many(position));
        }
        if count == self.nodes.capacity() {
            self.grow(position);
        }
        self.nodes.push(node(count + 1));
        Ok(())
    }

    /// Takes memory for as many nodes as there will be if the rest of the text is as dense as what was read, and for a
    /// few more. Doubling would take up to three times as much while the nodes are copied.
    #[cold]
    fn grow(&mut self, position: usize) {
        let (count, read) = (self.nodes.len() as u64, position.max(1) as u64);
        let left = self.text.len().saturating_sub(position) as u64;
        let expected = count * left / read;
        let more = (expected + expected / 32).max(count / 4) + 16;
        let allowed = self.most_nodes.saturating_sub(self.nodes.len());
        self.nodes.reserve_exact(usize::try_from(more).unwrap_or(allowed).min(allowed));
    }

    #[cold]
    fn too_many(&self, position: usize) -> Stop {
        let message = "the JSON holds more values and names than the limit allows";
        Box::new(problem(Code::Limit("values"), position, message).with("allowed", self.most_nodes))
    }

    #[cold]
    fn too_deep(&self, position: usize) -> Stop {
        let message = format!("the JSON is nested deeper than {}", self.rules.max_depth);
        Box::new(problem(Code::JsonTooDeep, position, message).with("allowed", self.rules.max_depth))
    }

    fn note(&mut self, offset: usize, finding: Finding, of_member: bool) {
        let alike = |note: &&Note| (&note.finding.code, note.finding.severity) == (&finding.code, finding.severity);
        if self.notes.iter().filter(alike).count() < MAX_NOTES {
            self.notes.push(Note { offset, finding, of_member });
        }
    }

    pub fn note_error(&mut self, code: Code, offset: usize, message: &str) {
        self.note(offset, problem(code, offset, message), false);
    }

    /// An error whatever the contract says: one reader turns it into infinity, another into null.
    pub fn note_no_number(&mut self, offset: usize, message: &str) {
        self.note(offset, unsafe_number(offset, message), false);
    }

    pub fn note_number(&mut self, offset: usize, message: &str) {
        self.note(offset, Finding { severity: self.rules.unsafe_numbers, ..unsafe_number(offset, message) }, false);
    }

    /// The JSON Pointer of the value at an offset of the text.
    fn pointer(&self, offset: usize, of_member: bool) -> String {
        let begin = |node: Node| node.start() - usize::from(matches!(node.kind(), Kind::Plain | Kind::Escaped));
        let mut pointer = String::new();
        let mut at = 0;
        while let Some(node) = self.nodes.get(at).filter(|node| matches!(node.kind(), Kind::Array | Kind::Object)) {
            let children = std::iter::successors(Some(at + 1), |child| self.nodes.get(*child).map(|node| node.next()));
            let before = |child: &usize| {
                *child < node.next() && self.nodes.get(*child).is_some_and(|node| begin(*node) <= offset)
            };
            let children: Vec<usize> = children.take_while(before).collect();
            let Some((last, earlier)) = children.split_last() else { break };
            let is_value = earlier.len() % 2 == 1;
            let name = match node.kind() {
                Kind::Array => earlier.len().to_string(),
                _ if is_value => self.name_at(*earlier.last().unwrap_or(last)),
                _ if of_member => self.name_at(*last),
                _ => break,
            };
            pointer = format!("{pointer}/{}", pointer_token(&name));
            at = *last;
        }
        pointer
    }

    fn name_at(&self, at: usize) -> String {
        let written = self.nodes.get(at).map_or("", |node| self.slice(node.start(), node.start() + node.size()));
        escape::decoded(written)
    }

    #[inline(always)]
    pub fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }
}

impl<'a> Cursor<'a> {
    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    #[inline(always)]
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    #[inline(always)]
    pub fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    #[inline(always)]
    pub fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&keep) {
            self.position += 1;
        }
    }

    #[inline(always)]
    fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Skips what a string holds without escapes.
    #[inline(always)]
    pub fn skip_plain(&mut self) {
        self.position += plain::length(self.rest());
    }

    #[inline(always)]
    pub fn invalid(&self, message: &str) -> Stop {
        stop(self.position, message)
    }
}

#[cold]
fn stop(offset: usize, message: &str) -> Stop {
    Box::new(invalid(offset, message))
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
