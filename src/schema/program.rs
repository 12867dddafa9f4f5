//! A schema as instructions: one node for each schema object, by number, with its keywords in an order that tries the
//! cheap ones first. Both runs read it: the one that answers yes or no, and the one that finds what is wrong.

use serde_json::Value;

use super::number::Number;
use crate::characters;
use crate::json::{Document, Json, Kind};
use crate::names::Names;
use crate::pattern::Pattern;

/// A node's number.
pub(super) type Id = u32;

/// The schema `true`, and `false` of no place.
pub(super) const TRUE: Id = 0;

/// A part of one of the lists.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    pub fn of<T>(self, list: &[T]) -> &[T] {
        list.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// The types that a node takes, one bit each.
pub(super) mod types {
    pub const NULL: u8 = 1;
    pub const BOOLEAN: u8 = 2;
    /// Written without fraction and exponent, however large.
    pub const INTEGER: u8 = 4;
    /// A double without a fraction, such as `1.0`.
    pub const WHOLE: u8 = 8;
    pub const FRACTION: u8 = 16;
    pub const STRING: u8 = 32;
    pub const ARRAY: u8 = 64;
    pub const OBJECT: u8 = 128;
    pub const ALL: u8 = 255;
}

pub(super) struct Node {
    pub types: u8,
    pub is_false: bool,
    /// Whether a reference leads here, so that it may judge one value many times.
    pub is_shared: bool,
    pub ops: Span,
    pub resource: u32,
}

/// Where a schema stands in its document.
pub(super) enum Location {
    /// The pointer as it is.
    Pointer(Box<str>),
    /// A member of another node's schema.
    Keyword(Id, &'static str),
    Index(Id, &'static str, u32),
    Name(Id, &'static str, Box<str>),
}

/// One instruction. They stand in this order, except that what judges a type stands with its type.
pub(super) enum Op {
    /// `const` and `enum`.
    Choice(Box<Choice>),
    Number(Box<NumberRule>),
    Text(Box<TextRule>),
    Array(Box<ArrayRule>),
    Object(Box<ObjectRule>),
    All(Span),
    Any(Span),
    One(Span),
    Not(Id),
    If {
        condition: Id,
        then: Id,
        other: Id,
    },
    UnevaluatedProperties(Id),
    UnevaluatedItems(Id),
    Ref(Id),
    /// To the outermost resource of the dynamic scope that has the anchor, or else to the node.
    Dynamic(u32, Id),
    /// To the outermost resource of the scope that, like all further in, has the anchor.
    Recursive(Id),
}

pub(super) struct Choice {
    pub keyword: &'static str,
    /// Texts, sorted by length and then by their bytes.
    pub texts: Box<[Box<str>]>,
    pub others: Box<[Document<'static>]>,
    pub shown: Value,
    /// The length of its text.
    pub size: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Bound {
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
    MultipleOf,
}

pub(super) struct NumberRule {
    pub bounds: Vec<(Bound, Number, Value)>,
}

#[derive(Default)]
pub(super) struct TextRule {
    pub min: u64,
    pub max: Option<u64>,
    pub pattern: Option<(Pattern, Box<str>)>,
    pub format: Option<(super::format::Format, Box<str>)>,
    pub encoding: Option<(super::content::Encoding, Box<str>)>,
    /// That the decoded text is JSON.
    pub media_type: Option<Box<str>>,
    /// Whether it asks for more than a length.
    pub looks_inside: bool,
}

impl TextRule {
    /// Whether a text is as long as it may be. Characters are only counted where the bytes leave it open.
    #[cfg_attr(small, optimize(speed))]
    pub fn takes_length(&self, text: &str) -> bool {
        let bytes = text.len() as u64;
        let max = self.max.unwrap_or(u64::MAX);
        if bytes < self.min {
            return false;
        }
        if bytes.div_ceil(4) >= self.min && bytes <= max {
            return true;
        }
        let count = characters::count(text) as u64;
        count >= self.min && count <= max
    }
}

#[derive(Default)]
pub(super) struct ArrayRule {
    pub min: u64,
    pub max: Option<u64>,
    pub unique: bool,
    pub prefix: Span,
    /// What judges the items after the prefix.
    pub rest: Option<Id>,
    /// `additionalItems: false`.
    pub is_closed: bool,
    /// Whether all items count as evaluated.
    pub covers_all: bool,
    pub contains: Option<Contains>,
}

pub(super) struct Contains {
    pub node: Id,
    pub min: Option<u64>,
    pub max: Option<u64>,
}

#[derive(Default)]
pub(super) struct ObjectRule {
    pub min: u64,
    pub max: Option<u64>,
    /// The names that the schema has something to say about: declared ones and required ones.
    pub known: Names,
    /// What it says of each.
    pub entries: Vec<Entry>,
    /// Bits of the required entries, by their number among the required ones.
    pub required: Vec<u32>,
    pub patterns: Vec<(Pattern, Id)>,
    pub additional: Option<Additional>,
    pub names: Option<Id>,
    pub dependents: Vec<Dependent>,
    /// Whether anything is said of single members, and whether anything beside what is said by their names.
    pub looks_at_members: bool,
    pub looks_further: bool,
}

#[derive(Default)]
pub(super) struct Entry {
    /// `None` for a name that is only required.
    pub node: Option<Id>,
    /// Its number among the required names.
    pub required: Option<u32>,
}

#[derive(Clone, Copy)]
pub(super) enum Additional {
    /// Any other member may not stand there. Whether the schema says nothing of members at all.
    Closed {
        alone: bool,
    },
    Judged(Id),
}

pub(super) struct Dependent {
    pub keyword: &'static str,
    pub name: Box<str>,
    pub required: Box<[Box<str>]>,
    pub node: Option<Id>,
}

/// Anchors that a dynamic reference may find.
pub(super) struct Anchor {
    /// The number of its name. 0 is `$recursiveAnchor`.
    pub name: u32,
    pub resource: u32,
    pub node: Id,
}

#[derive(Default)]
pub(super) struct Program {
    pub nodes: Vec<Node>,
    /// Where the schema of each node stands.
    pub places: Vec<Location>,
    pub ops: Vec<Op>,
    pub lists: Vec<Id>,
    pub anchors: Vec<Anchor>,
    pub root: Id,
}

static NOTHING: Node =
    Node { types: types::ALL, is_false: false, is_shared: false, ops: Span { start: 0, end: 0 }, resource: 0 };

impl Program {
    /// INVARIANT: every number in a program is a node's.
    pub fn node(&self, id: Id) -> &Node {
        self.nodes.get(id as usize).unwrap_or(&NOTHING)
    }

    pub fn ops(&self, node: &Node) -> &[Op] {
        node.ops.of(&self.ops)
    }

    pub fn list(&self, span: Span) -> &[Id] {
        span.of(&self.lists)
    }

    /// Where a node's schema stands in its document.
    pub fn pointer(&self, id: Id) -> String {
        let token = crate::place::pointer_token;
        match self.places.get(id as usize) {
            None => String::new(),
            Some(Location::Pointer(pointer)) => pointer.to_string(),
            Some(Location::Keyword(outer, keyword)) => format!("{}/{keyword}", self.pointer(*outer)),
            Some(Location::Index(outer, keyword, index)) => format!("{}/{keyword}/{index}", self.pointer(*outer)),
            Some(Location::Name(outer, keyword, name)) => format!("{}/{keyword}/{}", self.pointer(*outer), token(name)),
        }
    }

    /// Whether what a node says of a value depends on how it was reached.
    pub fn is_dynamic(&self) -> bool {
        !self.anchors.is_empty()
    }
}

impl Node {
    /// Whether a value is of a type that the node takes.
    #[inline(always)]
    pub fn takes(&self, value: Json<'_>) -> bool {
        let bit = match value.kind() {
            Kind::Null => types::NULL,
            Kind::False | Kind::True => types::BOOLEAN,
            Kind::Integer => types::INTEGER,
            Kind::Double if self.types & types::FRACTION == 0 => super::number::double_type(value),
            Kind::Double => types::FRACTION,
            Kind::Plain | Kind::Escaped => types::STRING,
            Kind::Array => types::ARRAY,
            Kind::Object => types::OBJECT,
        };
        self.types & bit != 0
    }
}

impl ObjectRule {
    /// Says something of a name. Returns its number.
    pub fn say(&mut self, name: &str, say: impl FnOnce(&mut Entry)) -> usize {
        let number = self.known.add(name);
        self.entries.resize_with(self.known.len(), Entry::default);
        self.entries.get_mut(number).map(say);
        number
    }

    /// Once all is there: what is true of every member is not looked at.
    pub fn finish(&mut self) {
        let judges = matches!(self.additional, Some(Additional::Closed { .. }))
            || matches!(self.additional, Some(Additional::Judged(node)) if node != TRUE);
        self.looks_further = !self.patterns.is_empty() || judges || self.names.is_some();
        self.looks_at_members = !self.entries.is_empty() || self.looks_further;
    }
}

/// Eight bytes at a time.
pub(super) fn hash(text: &str) -> u32 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let mut hash = words.iter().fold(text.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let tail = rest.iter().fold(0, |tail, byte| (tail << 8) | u64::from(*byte));
    hash = mix(hash, tail);
    (hash ^ (hash >> 32)) as u32
}
