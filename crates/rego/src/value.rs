//! Values: JSON and sets. A value never changes once it is made, and its parts are shared, not copied. What it would
//! weigh if nothing were shared, and how deep it is nested, are kept with it, so that work on it can be paid for before
//! it is done.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::number::Number;

/// A value. Undefined is no value: it is `None` of an `Option<Value>`.
///
/// The order is OPA's: null, booleans, numbers, strings, arrays, objects, sets.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Value {
    Null,
    Boolean(bool),
    Number(Number),
    String(Arc<str>),
    Array(Arc<Array>),
    Object(Arc<Object>),
    Set(Arc<Set>),
}

/// What all containers know of themselves.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Size {
    /// How many values it would be if nothing were shared, with one more for every 16 bytes of text.
    weight: u64,
    /// The levels of containers: 1 for one of scalars.
    depth: u32,
}

/// The items of an array, in order.
#[derive(Debug, Default)]
pub struct Array {
    items: Vec<Value>,
    size: Size,
}

/// The members of an object, in the order of their keys.
#[derive(Debug, Default)]
pub struct Object {
    members: Vec<(Value, Value)>,
    size: Size,
}

/// The elements of a set, in order.
#[derive(Debug, Default)]
pub struct Set {
    elements: Vec<Value>,
    size: Size,
}

impl Value {
    /// An array.
    #[cfg_attr(small, optimize(speed))]
    pub fn array(items: Vec<Value>) -> Value {
        let size = Size::of(items.iter());
        Value::Array(Arc::new(Array { items, size }))
    }

    /// An object. Of members with the same key the last counts.
    #[cfg_attr(small, optimize(speed))]
    pub fn object(mut members: Vec<(Value, Value)>) -> Value {
        if !members.is_sorted_by(|left, right| left.0 < right.0) {
            members.sort_by(|left, right| left.0.cmp(&right.0));
            // The last of equal keys stays: dedup keeps the first, so they change places before it goes on.
            members.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(later, earlier);
                }
                same
            });
        }
        let size = Size::of(members.iter().flat_map(|(key, value)| [key, value]));
        Value::Object(Arc::new(Object { members, size }))
    }

    /// A set.
    #[cfg_attr(small, optimize(speed))]
    pub fn set(mut elements: Vec<Value>) -> Value {
        if !elements.is_sorted_by(|left, right| left < right) {
            elements.sort();
            elements.dedup();
        }
        let size = Size::of(elements.iter());
        Value::Set(Arc::new(Set { elements, size }))
    }

    /// What it would weigh if nothing were shared: see [`Size`].
    #[cfg_attr(small, optimize(speed))]
    pub fn weight(&self) -> u64 {
        match self {
            Value::Null | Value::Boolean(_) => 1,
            Value::Number(number) => 1 + number.extra() as u64 / 16,
            Value::String(text) => 1 + text.len() as u64 / 16,
            Value::Array(array) => array.size.weight,
            Value::Object(object) => object.size.weight,
            Value::Set(set) => set.size.weight,
        }
    }

    /// The levels of containers; 0 for a scalar.
    #[cfg_attr(small, optimize(speed))]
    pub fn depth(&self) -> u32 {
        match self {
            Value::Array(array) => array.size.depth,
            Value::Object(object) => object.size.depth,
            Value::Set(set) => set.size.depth,
            _ => 0,
        }
    }

    /// What a reference finds at a key: an item by its number, a member by its key, an element of a set by itself.
    #[cfg_attr(small, optimize(speed))]
    pub fn get(&self, key: &Value) -> Option<&Value> {
        match self {
            Value::Array(array) => match key {
                Value::Number(number) => array.items.get(usize::try_from(number.as_i64()?).ok()?),
                _ => None,
            },
            Value::Object(object) => object.get(key),
            Value::Set(set) => set.get(key),
            _ => None,
        }
    }

    /// A member of an object by its name.
    #[cfg_attr(small, optimize(speed))]
    pub fn member(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(object) => object.member(name),
            _ => None,
        }
    }

    /// The text, if it is a string.
    #[cfg_attr(small, optimize(speed))]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The name of its type, as `type_name` gives it.
    #[cfg_attr(small, optimize(speed))]
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Boolean(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
            Value::Set(_) => "set",
        }
    }

    #[cfg_attr(small, optimize(speed))]
    fn rank(&self) -> u8 {
        match self {
            Value::Null => 0,
            Value::Boolean(_) => 1,
            Value::Number(_) => 2,
            Value::String(_) => 3,
            Value::Array(_) => 4,
            Value::Object(_) => 5,
            Value::Set(_) => 6,
        }
    }
}

impl Array {
    /// The items, in order.
    #[cfg_attr(small, optimize(speed))]
    pub fn items(&self) -> &[Value] {
        &self.items
    }
}

impl Object {
    /// The members, in the order of their keys.
    #[cfg_attr(small, optimize(speed))]
    pub fn members(&self) -> &[(Value, Value)] {
        &self.members
    }

    /// The member with this key.
    #[cfg_attr(small, optimize(speed))]
    pub fn get(&self, key: &Value) -> Option<&Value> {
        let index = self.members.binary_search_by(|(name, _)| name.cmp(key)).ok()?;
        self.members.get(index).map(|(_, value)| value)
    }

    /// The member with this name.
    #[cfg_attr(small, optimize(speed))]
    pub fn member(&self, name: &str) -> Option<&Value> {
        let order = |key: &Value| match key {
            Value::String(text) => (**text).cmp(name),
            other => other.rank().cmp(&3),
        };
        let index = self.members.binary_search_by(|(key, _)| order(key)).ok()?;
        self.members.get(index).map(|(_, value)| value)
    }
}

impl Set {
    /// The elements, in order.
    #[cfg_attr(small, optimize(speed))]
    pub fn elements(&self) -> &[Value] {
        &self.elements
    }

    /// The element that equals this one.
    #[cfg_attr(small, optimize(speed))]
    pub fn get(&self, element: &Value) -> Option<&Value> {
        self.elements.binary_search(element).ok().and_then(|index| self.elements.get(index))
    }
}

impl Size {
    #[cfg_attr(small, optimize(speed))]
    fn of<'a>(parts: impl Iterator<Item = &'a Value>) -> Size {
        let add = |size: Size, part: &Value| Size {
            weight: size.weight.saturating_add(part.weight()),
            depth: size.depth.max(part.depth().saturating_add(1)),
        };
        parts.fold(Size { weight: 1, depth: 1 }, add)
    }
}

impl From<bool> for Value {
    #[cfg_attr(small, optimize(speed))]
    fn from(truth: bool) -> Value {
        Value::Boolean(truth)
    }
}

impl From<i64> for Value {
    #[cfg_attr(small, optimize(speed))]
    fn from(number: i64) -> Value {
        Value::Number(Number::from(number))
    }
}

impl From<&str> for Value {
    #[cfg_attr(small, optimize(speed))]
    fn from(text: &str) -> Value {
        Value::String(Arc::from(text))
    }
}

impl From<String> for Value {
    #[cfg_attr(small, optimize(speed))]
    fn from(text: String) -> Value {
        Value::String(Arc::from(text))
    }
}

impl Ord for Value {
    // Shared parts are equal without a look. Recursion goes as deep as values may be nested: `Limits::depth`.
    #[cfg_attr(small, optimize(speed))]
    fn cmp(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Boolean(left), Value::Boolean(right)) => left.cmp(right),
            (Value::Number(left), Value::Number(right)) => left.cmp(right),
            (Value::String(left), Value::String(right)) => left.cmp(right),
            (Value::Array(left), Value::Array(right)) if Arc::ptr_eq(left, right) => Ordering::Equal,
            (Value::Array(left), Value::Array(right)) => left.items.cmp(&right.items),
            (Value::Object(left), Value::Object(right)) if Arc::ptr_eq(left, right) => Ordering::Equal,
            (Value::Object(left), Value::Object(right)) => left.members.cmp(&right.members),
            (Value::Set(left), Value::Set(right)) if Arc::ptr_eq(left, right) => Ordering::Equal,
            (Value::Set(left), Value::Set(right)) => left.elements.cmp(&right.elements),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Value {
    #[cfg_attr(small, optimize(speed))]
    fn partial_cmp(&self, other: &Value) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    #[cfg_attr(small, optimize(speed))]
    fn eq(&self, other: &Value) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Value {}
