//! The normal form: small nodes in one arena, equal nodes once. What means the same and is written alike, after references
//! are followed and drafts levelled, is one id in both documents.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::Value;

use crate::draft::Draft;
use crate::rational::Rational;

pub(crate) type Id = u32;

/// A set of types, one bit each. A number is whole or a fraction.
pub(crate) type Types = u8;
pub(crate) const NULL: Types = 1;
pub(crate) const BOOLEAN: Types = 2;
pub(crate) const WHOLE: Types = 4;
pub(crate) const FRACTION: Types = 8;
pub(crate) const NUMBER: Types = WHOLE | FRACTION;
pub(crate) const STRING: Types = 16;
pub(crate) const ARRAY: Types = 32;
pub(crate) const OBJECT: Types = 64;
pub(crate) const EVERY: Types = 127;

pub(crate) fn type_of(value: &Value) -> Types {
    match value {
        Value::Null => NULL,
        Value::Bool(_) => BOOLEAN,
        Value::Number(number) if number.is_f64() && number.as_f64().is_some_and(|float| float.fract() != 0.0) => {
            FRACTION
        }
        Value::Number(_) => WHOLE,
        Value::String(_) => STRING,
        Value::Array(_) => ARRAY,
        Value::Object(_) => OBJECT,
    }
}

/// What governs the members of an object: by name, by pattern, and the rest.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Members {
    pub(crate) named: BTreeMap<String, Id>,
    pub(crate) patterns: Vec<(String, Id)>,
    pub(crate) rest: Id,
}

/// What governs the elements of an array: by position, and the rest.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Elements {
    pub(crate) first: Vec<Id>,
    pub(crate) rest: Id,
}

impl Elements {
    pub(crate) fn at(&self, index: usize) -> Id {
        self.first.get(index).copied().unwrap_or(self.rest)
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Node {
    True,
    False,
    Not(Id),
    All(Vec<Id>),
    Any(Vec<Id>),
    One(Vec<Id>),
    /// A recursive reference: [`Arena::slot`] has what it names.
    Reference(usize),
    Type(Types),
    Enum(Vec<Value>),
    /// Draft 4: a whole number that is written without a fraction.
    Written,
    /// A bound, and whether it is itself outside.
    Minimum(Rational, bool),
    Maximum(Rational, bool),
    Multiple(Rational),
    MinLength(u64),
    MaxLength(u64),
    Pattern(String),
    /// A keyword of strings that is only evaluated, by the caller's validator (`format`, `content*`).
    Checked(Draft, String),
    Elements(Elements),
    MinItems(u64),
    MaxItems(u64),
    Unique,
    /// The least number of elements that match.
    AtLeast(Id, u64),
    Members(Members),
    Required(String),
    MinMembers(u64),
    MaxMembers(u64),
    Names(Id),
    /// What is not modelled. It equals nothing but itself.
    Opaque(Unmodelled),
}

/// Why a part of a document is not modelled, and which part: two of one reason and mark mean the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Unmodelled {
    pub(crate) what: &'static str,
    pub(crate) mark: String,
}

impl Node {
    /// The types that a node constrains. `None`: it is no constraint of some types only.
    pub(crate) fn constrained(&self) -> Option<Types> {
        Some(match self {
            Node::Written => WHOLE,
            Node::Minimum(..) | Node::Maximum(..) | Node::Multiple(_) => NUMBER,
            Node::MinLength(_) | Node::MaxLength(_) | Node::Pattern(_) | Node::Checked(..) => STRING,
            Node::Elements(_) | Node::MinItems(_) | Node::MaxItems(_) | Node::Unique | Node::AtLeast(..) => ARRAY,
            Node::Members(_) | Node::Required(_) | Node::MinMembers(_) | Node::MaxMembers(_) | Node::Names(_) => OBJECT,
            _ => return None,
        })
    }

    /// The nodes that are about the same value.
    pub(crate) fn in_place(&self) -> &[Id] {
        match self {
            Node::Not(id) => std::slice::from_ref(id),
            Node::All(ids) | Node::Any(ids) | Node::One(ids) => ids,
            _ => &[],
        }
    }
}

/// All nodes of both documents. A node's children stand before it.
#[derive(Default)]
pub(crate) struct Arena {
    nodes: Vec<Rc<Node>>,
    index: HashMap<Rc<Node>, Id>,
    slots: Vec<Option<Id>>,
}

impl Arena {
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, id: Id) -> Rc<Node> {
        self.nodes.get(id as usize).cloned().unwrap_or_else(|| Rc::new(lost()))
    }

    pub(crate) fn put(&mut self, node: Node) -> Id {
        if let Some(id) = self.index.get(&node) {
            return *id;
        }
        let id = Id::try_from(self.nodes.len()).unwrap_or(Id::MAX);
        let node = Rc::new(node);
        self.nodes.push(Rc::clone(&node));
        self.index.insert(node, id);
        id
    }

    pub(crate) fn always(&mut self) -> Id {
        self.put(Node::True)
    }

    pub(crate) fn never(&mut self) -> Id {
        self.put(Node::False)
    }

    pub(crate) fn all(&mut self, ids: impl IntoIterator<Item = Id>) -> Id {
        let mut set = BTreeSet::new();
        for id in ids {
            match &*self.node(id) {
                Node::True => {}
                Node::False => return id,
                Node::All(inner) => set.extend(inner.iter().copied()),
                _ => _ = set.insert(id),
            }
        }
        match (set.len(), set.first()) {
            (0, _) => self.always(),
            (1, Some(only)) => *only,
            _ => self.put(Node::All(set.into_iter().collect())),
        }
    }

    pub(crate) fn any(&mut self, ids: impl IntoIterator<Item = Id>) -> Id {
        let mut set = BTreeSet::new();
        for id in ids {
            match &*self.node(id) {
                Node::False => {}
                Node::True => return id,
                Node::Any(inner) => set.extend(inner.iter().copied()),
                _ => _ = set.insert(id),
            }
        }
        match (set.len(), set.first()) {
            (0, _) => self.never(),
            (1, Some(only)) => *only,
            _ => self.put(Node::Any(set.into_iter().collect())),
        }
    }

    pub(crate) fn one(&mut self, ids: impl IntoIterator<Item = Id>) -> Id {
        let never = self.never();
        let mut ids: Vec<Id> = ids.into_iter().filter(|id| *id != never).collect();
        ids.sort_unstable();
        match ids.as_slice() {
            [] => never,
            [only] => *only,
            _ => self.put(Node::One(ids)),
        }
    }

    pub(crate) fn not(&mut self, id: Id) -> Id {
        match &*self.node(id) {
            Node::True => self.never(),
            Node::False => self.always(),
            Node::Not(inner) => *inner,
            _ => self.put(Node::Not(id)),
        }
    }

    pub(crate) fn add_slot(&mut self) -> usize {
        self.slots.push(None);
        self.slots.len() - 1
    }

    pub(crate) fn fill(&mut self, slot: usize, id: Id) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(id);
        }
    }

    /// What a recursive reference names.
    pub(crate) fn slot(&self, slot: usize) -> Option<Id> {
        self.slots.get(slot).copied().flatten()
    }

    pub(crate) fn slots(&self) -> usize {
        self.slots.len()
    }
}

fn lost() -> Node {
    Node::Opaque(Unmodelled { what: "a part that is not there", mark: String::new() })
}
