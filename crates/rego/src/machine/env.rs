//! Environments: what rules see, and what they gave there. `with` makes a new one.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::reads::Origin;
use crate::plan::Callee;
use crate::value::Value;

/// What rules see. A result is kept for the environment that it was made in.
#[derive(Clone, Debug)]
pub(super) struct Env {
    pub input: Option<Value>,
    /// Where it came from, if a `with` changed it.
    pub input_from: Option<Origin>,
    pub data: Value,
    pub data_from: Option<Origin>,
    /// Paths below `data` where a value stands in: no rule counts there.
    pub masks: Vec<Box<[Value]>>,
    /// Functions and what stands in for them; the last that fits counts.
    pub stand_ins: Vec<(Callee, StandIn)>,
    pub documents: BTreeMap<u32, Kept>,
    pub calls: BTreeMap<CallKey, Kept>,
}

/// The result of a document or a call: `None` if it is undefined.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub value: Option<Value>,
    /// What it rests on, by its number there.
    pub reads: u32,
}

/// What stands in for a function.
#[derive(Clone, Debug)]
pub(super) enum StandIn {
    Value(Value),
    Function(Callee),
}

/// A call: the function, its arguments, and where they came from if someone asks what results rest on.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct CallKey {
    /// Compared first, so that few calls are compared by what is in them. Calls that are the same have the same.
    digest: u64,
    pub document: u32,
    pub arguments: Vec<Argument>,
    pub origins: Vec<Origin>,
}

/// An argument, as a key. Large ones are the same only if they are one: to compare them would take too long.
#[derive(Clone, Debug)]
pub(super) struct Argument(pub Value);

impl Default for Env {
    #[cfg_attr(small, optimize(speed))]
    fn default() -> Env {
        Env {
            input: None,
            input_from: None,
            data: Value::object(Vec::new()),
            data_from: None,
            masks: Vec::new(),
            stand_ins: Vec::new(),
            documents: BTreeMap::new(),
            calls: BTreeMap::new(),
        }
    }
}

impl Env {
    /// The same environment before anything was asked in it.
    #[cfg_attr(small, optimize(speed))]
    pub fn fresh(&self) -> Env {
        Env {
            input: self.input.clone(),
            input_from: self.input_from,
            data: self.data.clone(),
            data_from: self.data_from,
            masks: self.masks.clone(),
            stand_ins: self.stand_ins.clone(),
            documents: BTreeMap::new(),
            calls: BTreeMap::new(),
        }
    }

    /// Forgets all results.
    #[cfg_attr(small, optimize(speed))]
    pub fn forget(&mut self) {
        self.documents.clear();
        self.calls.clear();
    }

    /// Whether nothing stands in for data or functions.
    #[cfg_attr(small, optimize(speed))]
    pub fn is_plain(&self) -> bool {
        self.masks.is_empty() && self.stand_ins.is_empty()
    }

    /// Whether a value stands in for the document at this path, or for one above it.
    #[cfg_attr(small, optimize(speed))]
    pub fn is_masked(&self, path: &[Arc<str>]) -> bool {
        let covers = |mask: &[Value]| {
            mask.len() <= path.len() && mask.iter().zip(path).all(|(key, name)| key.as_str() == Some(name))
        };
        self.masks.iter().any(|mask| covers(mask))
    }

    /// What stands in for the function.
    #[cfg_attr(small, optimize(speed))]
    pub fn stand_in(&self, callee: Callee) -> Option<&StandIn> {
        self.stand_ins.iter().rev().find(|(of, _)| *of == callee).map(|(_, stand_in)| stand_in)
    }
}

impl CallKey {
    #[cfg_attr(small, optimize(speed))]
    pub fn new(document: u32, arguments: Vec<Argument>, origins: Vec<Origin>) -> CallKey {
        let mut digest = Digest(document.into());
        arguments.iter().for_each(|argument| digest.argument(&argument.0));
        for origin in &origins {
            digest.add(match origin {
                Origin::None => 0,
                Origin::Pointer(pointer) => 1 << 32 | u64::from(*pointer),
                Origin::Document(kept) => 2 << 32 | u64::from(*kept),
            });
        }
        CallKey { digest: digest.0, document, arguments, origins }
    }
}

struct Digest(u64);

impl Digest {
    #[cfg_attr(small, optimize(speed))]
    fn add(&mut self, part: u64) {
        self.0 = (self.0.rotate_left(5) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    #[cfg_attr(small, optimize(speed))]
    fn argument(&mut self, value: &Value) {
        match value.weight() {
            ..=SMALL => self.value(value),
            weight => {
                self.add(weight);
                self.add(address(value).unwrap_or_default() as u64);
            }
        }
    }

    /// It recurses as deep as a small value can be. Numbers are all the same to it: `1` is `1.0`.
    #[cfg_attr(small, optimize(speed))]
    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.add(1),
            Value::Boolean(truth) => self.add(2 + u64::from(*truth)),
            Value::Number(_) => self.add(4),
            Value::String(text) => {
                self.add(text.len() as u64);
                let (words, rest) = text.as_bytes().as_chunks();
                words.iter().for_each(|word| self.add(u64::from_le_bytes(*word)));
                self.add(rest.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)));
            }
            Value::Array(array) => {
                self.add(5);
                array.items().iter().for_each(|item| self.value(item));
            }
            Value::Object(object) => {
                self.add(6);
                for (key, value) in object.members() {
                    self.value(key);
                    self.value(value);
                }
            }
            Value::Set(set) => {
                self.add(7);
                set.elements().iter().for_each(|element| self.value(element));
            }
        }
    }
}

/// The heaviest argument that is compared by what is in it.
const SMALL: u64 = 32;

impl Ord for Argument {
    #[cfg_attr(small, optimize(speed))]
    fn cmp(&self, other: &Argument) -> Ordering {
        let (left, right) = (&self.0, &other.0);
        if left.weight() <= SMALL && right.weight() <= SMALL {
            return left.cmp(right);
        }
        left.weight().cmp(&right.weight()).then_with(|| address(left).cmp(&address(right)))
    }
}

/// Where a value lies, but for numbers, booleans and null. It is looked for by that only while it is kept, so no other
/// value lies there.
#[cfg_attr(small, optimize(speed))]
pub(super) fn address(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(text.as_ptr().addr()),
        Value::Array(array) => Some(Arc::as_ptr(array).addr()),
        Value::Object(object) => Some(Arc::as_ptr(object).addr()),
        Value::Set(set) => Some(Arc::as_ptr(set).addr()),
        _ => None,
    }
}

impl PartialOrd for Argument {
    #[cfg_attr(small, optimize(speed))]
    fn partial_cmp(&self, other: &Argument) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Argument {
    #[cfg_attr(small, optimize(speed))]
    fn eq(&self, other: &Argument) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Argument {}

/// A value with another at a path in it. What is no object on the way becomes one.
#[cfg_attr(small, optimize(speed))]
pub(super) fn put(value: Option<&Value>, path: &[Value], new: Value) -> Value {
    // Down, then up again with what each level becomes.
    let mut levels = Vec::new();
    let mut at = value;
    for key in path {
        levels.push((at, key));
        at = at.and_then(|value| match value {
            Value::Object(object) => object.get(key),
            _ => None,
        });
    }
    levels.into_iter().rev().fold(new, |new, (level, key)| {
        let mut members = match level {
            Some(Value::Object(object)) => object.members().to_vec(),
            _ => Vec::new(),
        };
        match members.binary_search_by(|(name, _)| name.cmp(key)) {
            Ok(index) => {
                if let Some(member) = members.get_mut(index) {
                    member.1 = new;
                }
            }
            Err(index) => members.insert(index, (key.clone(), new)),
        }
        Value::object(members)
    })
}
