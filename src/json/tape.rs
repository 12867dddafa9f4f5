//! A document as a flat list of nodes that point into its text. Nothing is copied: a string is where it stands, and is
//! decoded only when someone reads it.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::escape::decoded;
use super::write::write;
use crate::names::Names;
use crate::place::Pointer;

/// One value of a document, or the name of a member: three words, cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Json<'a> {
    text: &'a str,
    nodes: &'a [Node],
    at: usize,
}

/// What a value is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Null,
    False,
    True,
    /// A whole number that fits 64 bits, written without fraction or exponent.
    Integer,
    /// Any other number, read as a double.
    Double,
    /// A string without escapes.
    Plain,
    /// A string with escapes.
    Escaped,
    Array,
    Object,
}

/// Where a value stands: 12 bytes. A member is two values, its name and what it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// The offset of its text: of a string, after the quote.
    start: u32,
    /// The length of its text; of an array or object, how many items or members it has.
    size: u32,
    /// The kind in the highest 4 bits, and below them the index of the node after it and all that is inside it.
    rest: u32,
}

/// The most nodes of one document.
pub(crate) const MAX_NODES: usize = 1 << 28;

const KIND_SHIFT: u32 = 28;
const NEXT: u32 = (1 << KIND_SHIFT) - 1;

impl Node {
    #[inline(always)]
    pub fn new(kind: Kind, start: usize, size: usize, next: usize) -> Node {
        Node { start: narrow(start), size: narrow(size), rest: ((kind as u32) << KIND_SHIFT) | (narrow(next) & NEXT) }
    }

    #[inline(always)]
    pub fn kind(self) -> Kind {
        match self.rest >> KIND_SHIFT {
            0 => Kind::Null,
            1 => Kind::False,
            2 => Kind::True,
            3 => Kind::Integer,
            4 => Kind::Double,
            5 => Kind::Plain,
            6 => Kind::Escaped,
            7 => Kind::Array,
            _ => Kind::Object,
        }
    }

    #[inline(always)]
    pub fn next(self) -> usize {
        (self.rest & NEXT) as usize
    }

    #[inline(always)]
    pub fn start(self) -> usize {
        self.start as usize
    }

    #[inline(always)]
    pub fn size(self) -> usize {
        self.size as usize
    }

    #[inline(always)]
    pub fn put_next(&mut self, next: usize) {
        self.rest = (self.rest & !NEXT) | (narrow(next) & NEXT);
    }

    #[inline(always)]
    pub fn put_size(&mut self, size: usize) {
        self.size = narrow(size);
    }
}

/// INVARIANT: the reader takes no text of 4 GiB, and no more than [`MAX_NODES`].
#[inline(always)]
fn narrow(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

const NOTHING: Node = Node { start: 0, size: 0, rest: 0 };

impl<'a> Json<'a> {
    /// The first value. `text` is what the nodes were read from.
    #[inline(always)]
    pub fn new(text: &'a str, nodes: &'a [Node]) -> Json<'a> {
        Json { text, nodes, at: 0 }
    }

    /// The length of the whole text that it was read from.
    #[inline(always)]
    pub fn source_length(self) -> usize {
        self.text.len()
    }

    #[inline(always)]
    fn node(self) -> Node {
        self.nodes.get(self.at).copied().unwrap_or(NOTHING)
    }

    /// The value with that number.
    #[inline(always)]
    pub fn at_index(self, at: usize) -> Json<'a> {
        Json { at, ..self }
    }

    /// Its number in the document: every value and name has its own, in the order of the text.
    #[inline(always)]
    pub fn index(self) -> usize {
        self.at
    }

    /// The number of the value after it and all that is inside it.
    #[inline(always)]
    pub fn end(self) -> usize {
        self.node().next()
    }

    #[inline(always)]
    pub fn kind(self) -> Kind {
        self.node().kind()
    }

    #[inline(always)]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    #[inline(always)]
    pub fn is_string(self) -> bool {
        matches!(self.kind(), Kind::Plain | Kind::Escaped)
    }

    #[inline(always)]
    pub fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    #[inline(always)]
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    #[inline(always)]
    pub fn is_number(self) -> bool {
        matches!(self.kind(), Kind::Integer | Kind::Double)
    }

    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::False => Some(false),
            Kind::True => Some(true),
            _ => None,
        }
    }

    /// The number of items or members. Otherwise 0.
    #[inline(always)]
    pub fn len(self) -> usize {
        if matches!(self.kind(), Kind::Array | Kind::Object) { self.node().size() } else { 0 }
    }

    /// The text of a string, number or word as it is written, without quotes. Otherwise empty.
    #[inline(always)]
    pub fn written(self) -> &'a str {
        let node = self.node();
        match node.kind() {
            Kind::Array | Kind::Object => "",
            _ => self.text.get(node.start()..node.start().saturating_add(node.size())).unwrap_or_default(),
        }
    }

    /// The same text as bytes, to compare with: cheaper, since no one looks at its ends.
    #[inline(always)]
    pub fn bytes(self) -> &'a [u8] {
        let node = self.node();
        match node.kind() {
            Kind::Array | Kind::Object => &[],
            _ => self.text.as_bytes().get(node.start()..node.start().saturating_add(node.size())).unwrap_or_default(),
        }
    }

    /// A string as it is written, with its quotes.
    #[inline(always)]
    fn with_quotes(self) -> &'a [u8] {
        let node = self.node();
        let start = node.start().wrapping_sub(1);
        self.text.as_bytes().get(start..node.start().saturating_add(node.size() + 1)).unwrap_or_default()
    }

    /// The string, decoded if it has escapes.
    #[inline(always)]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        match self.kind() {
            Kind::Plain => Some(Cow::Borrowed(self.written())),
            Kind::Escaped => Some(Cow::Owned(decoded(self.written()))),
            _ => None,
        }
    }

    /// Whether it is this string.
    #[inline(always)]
    pub fn is(self, text: &str) -> bool {
        match self.kind() {
            Kind::Plain => self.written() == text,
            Kind::Escaped => decoded(self.written()) == text,
            _ => false,
        }
    }

    /// Which of these names it is.
    #[inline]
    #[cfg_attr(small, optimize(speed))]
    pub fn number_in(self, names: &Names) -> Option<usize> {
        match self.kind() {
            Kind::Plain => names.find(self.bytes()),
            _ => self.decoded_in(names),
        }
    }

    #[cold]
    fn decoded_in(self, names: &Names) -> Option<usize> {
        names.find(self.as_str()?.as_bytes())
    }

    /// The number, as every reader that knows 64-bit integers and doubles has it.
    pub fn as_number(self) -> Option<Number> {
        let written = self.written();
        match self.kind() {
            Kind::Integer if written.starts_with('-') => written.parse::<i64>().ok().map(Number::from),
            Kind::Integer => written.parse::<u64>().ok().map(Number::from),
            Kind::Double => written.parse::<f64>().ok().and_then(Number::from_f64),
            _ => None,
        }
    }

    #[inline(always)]
    pub fn items(self) -> Items<'a> {
        let at = if self.is_array() { self.at + 1 } else { self.end() };
        Items { json: self, at, end: self.end() }
    }

    /// Names and values, in the order of the text. No name is there twice in a document that has one meaning.
    #[inline(always)]
    pub fn members(self) -> Members<'a> {
        let at = if self.is_object() { self.at + 1 } else { self.end() };
        Members(Items { json: self, at, end: self.end() })
    }

    /// The string, or the digits of an integer.
    pub fn as_text(self) -> Option<Cow<'a, str>> {
        match self.kind() {
            Kind::Integer | Kind::Plain => Some(Cow::Borrowed(self.written())),
            _ => self.as_str(),
        }
    }

    /// Whether it is neither null nor an empty string.
    pub fn holds(self) -> bool {
        !(self.is_null() || self.is_string() && self.node().size() == 0)
    }

    /// What the pointer leads to.
    pub fn follow(self, pointer: &Pointer) -> Option<Json<'a>> {
        self.follow_tokens(pointer.tokens())
    }

    /// What the tokens of a pointer lead to.
    #[cfg_attr(small, optimize(speed))]
    pub fn follow_tokens(self, tokens: &[String]) -> Option<Json<'a>> {
        let mut value = self;
        for token in tokens {
            value = match value.kind() {
                Kind::Array => value.item(Pointer::index(token)?)?,
                Kind::Object => value.member(token)?,
                _ => return None,
            };
        }
        Some(value)
    }

    pub fn item(self, index: usize) -> Option<Json<'a>> {
        self.items().nth(index)
    }

    #[cfg_attr(small, optimize(speed))]
    pub fn member(self, name: &str) -> Option<Json<'a>> {
        if !self.is_object() {
            return None;
        }
        let end = self.end();
        let mut at = self.at + 1;
        while at < end {
            let key = self.nodes.get(at)?;
            let here = match key.kind() {
                Kind::Plain => key.size() == name.len() && self.at_index(at).written() == name,
                _ => self.at_index(at).is(name),
            };
            if here {
                return Some(self.at_index(at + 1));
            }
            at = self.nodes.get(at + 1)?.next().max(at + 2);
        }
        None
    }

    /// Appends it as the canonical text has it: objects sorted by name, strings and numbers in one form.
    #[cfg_attr(small, optimize(speed))]
    pub fn write(self, out: &mut Vec<u8>) {
        match self.kind() {
            Kind::Plain => out.extend_from_slice(self.with_quotes()),
            Kind::Null | Kind::False | Kind::True | Kind::Integer => out.extend_from_slice(self.written().as_bytes()),
            _ => write(out, &self.to_value()),
        }
    }

    /// The tree of this value. Its objects are sorted by name.
    pub fn to_value(self) -> Value {
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::False => Value::Bool(false),
            Kind::True => Value::Bool(true),
            Kind::Integer | Kind::Double => self.as_number().map_or(Value::Null, Value::Number),
            Kind::Plain | Kind::Escaped => Value::String(self.as_str().unwrap_or_default().into_owned()),
            Kind::Array => Value::Array(self.items().map(Json::to_value).collect()),
            Kind::Object => {
                let named = |(name, value): (Json<'_>, Json<'_>)| {
                    (name.as_str().unwrap_or_default().into_owned(), value.to_value())
                };
                Value::Object(self.members().map(named).collect::<Map<_, _>>())
            }
        }
    }
}

impl std::fmt::Debug for Json<'_> {
    /// The values belong to the sender.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Json({:?}, node {})", self.kind(), self.at)
    }
}

/// The values inside an array, one after the other.
#[derive(Clone)]
pub(crate) struct Items<'a> {
    json: Json<'a>,
    at: usize,
    end: usize,
}

impl<'a> Iterator for Items<'a> {
    type Item = Json<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Json<'a>> {
        if self.at >= self.end {
            return None;
        }
        let item = self.json.at_index(self.at);
        // INVARIANT: every node ends after itself, so that no walk stands still.
        self.at = item.end().max(self.at + 1);
        Some(item)
    }
}

/// The members of an object, one after the other.
#[derive(Clone)]
pub(crate) struct Members<'a>(Items<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (Json<'a>, Json<'a>);

    #[inline(always)]
    fn next(&mut self) -> Option<(Json<'a>, Json<'a>)> {
        Some((self.0.next()?, self.0.next()?))
    }
}
