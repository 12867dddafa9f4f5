//! What an expression can be, as far as it is known before anything is evaluated. Where OPA keeps a list of alternatives
//! this keeps one of each kind, so it never knows more than OPA.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::builtins::Types;
use crate::value::Value;

/// The most members and items that are known by themselves.
const KNOWN: usize = 256;
/// How deep a value is looked at.
const DEPTH: u32 = 16;
/// The most parts that a type has, with those that are shared counted each time: what has more may be anything. So the
/// work on a type is bounded.
const PARTS: u32 = 1024;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Every value.
    Any,
    /// These kinds.
    Some(Rc<Kinds>),
}

/// The kinds of values that a type has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kinds {
    /// `null`, booleans, numbers, strings.
    pub scalars: Option<Scalars>,
    pub array: Option<Array>,
    pub object: Option<Object>,
    /// A set of these.
    pub set: Option<Type>,
    /// The number of parts.
    parts: u32,
}

/// Some of the scalar types.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scalars(pub Types);

/// An array: known items, then any number of others, if they are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub items: Vec<Type>,
    pub rest: Option<Type>,
}

/// An object: known members, then any others, if there may be others.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    pub members: BTreeMap<Value, Type>,
    pub rest: Option<(Type, Type)>,
}

impl Type {
    /// No value.
    pub fn none() -> Type {
        Type::Some(Rc::new(Kinds::default()))
    }

    fn some(mut kinds: Kinds) -> Type {
        let array = kinds.array.iter().flat_map(|array| array.items.iter().chain(&array.rest));
        let object = kinds.object.iter().flat_map(|object| object.members.values());
        let rest = kinds.object.iter().filter_map(|object| object.rest.as_ref()).flat_map(|(key, value)| [key, value]);
        let parts = array.chain(object).chain(rest).chain(&kinds.set);
        kinds.parts = parts.fold(1, |sum: u32, part| sum.saturating_add(part.parts()));
        if kinds.parts > PARTS { Type::Any } else { Type::Some(Rc::new(kinds)) }
    }

    fn parts(&self) -> u32 {
        match self {
            Type::Any => 1,
            Type::Some(kinds) => kinds.parts,
        }
    }

    /// Some scalars.
    pub fn scalar(types: Types) -> Type {
        Type::some(Kinds { scalars: Some(Scalars(types)), ..Kinds::default() })
    }

    pub fn array_of(item: Type) -> Type {
        Type::array(Array { items: Vec::new(), rest: Some(item) })
    }

    pub fn array(array: Array) -> Type {
        Type::some(Kinds { array: Some(array), ..Kinds::default() })
    }

    pub fn set_of(element: Type) -> Type {
        Type::some(Kinds { set: Some(element), ..Kinds::default() })
    }

    pub fn object_of(key: Type, value: Type) -> Type {
        Type::object(Object { members: BTreeMap::new(), rest: Some((key, value)) })
    }

    pub fn object(object: Object) -> Type {
        Type::some(Kinds { object: Some(object), ..Kinds::default() })
    }

    /// The type of a value.
    pub fn of(value: &Value) -> Type {
        Type::of_depth(value, DEPTH)
    }

    fn of_depth(value: &Value, depth: u32) -> Type {
        if depth == 0 {
            return Type::Any;
        }
        match value {
            Value::Null => Type::scalar(Types::NULL),
            Value::Boolean(_) => Type::scalar(Types::BOOLEAN),
            Value::Number(_) => Type::scalar(Types::NUMBER),
            Value::String(_) => Type::scalar(Types::STRING),
            Value::Array(array) if array.items().is_empty() || array.items().len() > KNOWN => Type::array_of(Type::Any),
            Value::Array(array) => {
                let items = array.items().iter().map(|item| Type::of_depth(item, depth - 1)).collect();
                Type::array(Array { items, rest: None })
            }
            Value::Object(object) if object.members().is_empty() || object.members().len() > KNOWN => {
                Type::object_of(Type::Any, Type::Any)
            }
            Value::Object(object) => {
                let member = |(key, value): &(Value, Value)| (key.clone(), Type::of_depth(value, depth - 1));
                Type::object(Object { members: object.members().iter().map(member).collect(), rest: None })
            }
            Value::Set(set) if set.elements().is_empty() || set.elements().len() > KNOWN => Type::set_of(Type::Any),
            Value::Set(set) => {
                let elements = set.elements().iter().map(|element| Type::of_depth(element, depth - 1));
                Type::set_of(elements.fold(Type::none(), |all, element| all.or(&element)))
            }
        }
    }

    /// What one or the other has.
    #[must_use]
    pub fn or(&self, other: &Type) -> Type {
        let (Type::Some(one), Type::Some(two)) = (self, other) else { return Type::Any };
        if Rc::ptr_eq(one, two) {
            return self.clone();
        }
        let types = |scalars: Option<Scalars>| scalars.map_or(Types::NONE, |scalars| scalars.0);
        let scalars = types(one.scalars).or(types(two.scalars));
        Type::some(Kinds {
            scalars: (!scalars.is_empty()).then_some(Scalars(scalars)),
            array: merged(&one.array, &two.array, Array::or),
            object: merged(&one.object, &two.object, Object::or),
            set: merged(&one.set, &two.set, Type::or),
            parts: 0,
        })
    }

    /// Whether a value can have both.
    pub fn meets(&self, other: &Type) -> bool {
        let (Type::Some(one), Type::Some(two)) = (self, other) else { return true };
        if Rc::ptr_eq(one, two) {
            return true;
        }
        let scalars = match (one.scalars, two.scalars) {
            (Some(one), Some(two)) => !one.0.and(two.0).is_empty(),
            _ => false,
        };
        scalars
            || both(&one.array, &two.array, Array::meets)
            || both(&one.object, &two.object, Object::meets)
            || both(&one.set, &two.set, Type::meets)
    }

    /// What a reference finds at a constant key; `None` if there is nothing.
    pub fn at(&self, key: &Value) -> Option<Type> {
        let Type::Some(kinds) = self else { return Some(Type::Any) };
        let mut found: Option<Type> = None;
        let mut add = |part: Type| found = Some(found.take().map_or_else(|| part.clone(), |found| found.or(&part)));
        if let (Some(array), Value::Number(number)) = (&kinds.array, key) {
            array.at(number.as_i64()).into_iter().for_each(&mut add);
        }
        if let Some(object) = &kinds.object {
            object.at(key).into_iter().for_each(&mut add);
        }
        if let Some(element) = kinds.set.as_ref().filter(|element| element.meets(&Type::of(key))) {
            add(element.clone());
        }
        found
    }

    /// The keys that a reference can be tried with; `None` if there are none, as of a scalar.
    pub fn keys(&self) -> Option<Type> {
        let Type::Some(kinds) = self else { return Some(Type::Any) };
        let array = kinds.array.as_ref().map(|_| Type::scalar(Types::NUMBER));
        let object = kinds.object.as_ref().map(Object::keys);
        [array, object, kinds.set.clone()].into_iter().flatten().reduce(|one, two| one.or(&two))
    }

    /// What all keys give; `None` as of [`Type::keys`].
    pub fn values(&self) -> Option<Type> {
        let Type::Some(kinds) = self else { return Some(Type::Any) };
        let array = kinds.array.as_ref().map(Array::values);
        let object = kinds.object.as_ref().map(Object::values);
        [array, object, kinds.set.clone()].into_iter().flatten().reduce(|one, two| one.or(&two))
    }

    /// The names of its kinds.
    pub fn written(&self) -> String {
        let Type::Some(kinds) = self else { return String::from("any") };
        let types = kinds.scalars.map_or(Types::NONE, |scalars| scalars.0);
        let scalars =
            [(Types::NULL, "null"), (Types::BOOLEAN, "boolean"), (Types::NUMBER, "number"), (Types::STRING, "string")];
        let mut names: Vec<&str> =
            scalars.into_iter().filter(|(one, _)| !types.and(*one).is_empty()).map(|(_, name)| name).collect();
        names.extend(kinds.array.as_ref().map(|_| "array"));
        names.extend(kinds.object.as_ref().map(|_| "object"));
        names.extend(kinds.set.as_ref().map(|_| "set"));
        names.join(" or ")
    }
}

fn merged<T: Clone>(one: &Option<T>, two: &Option<T>, merge: impl FnOnce(&T, &T) -> T) -> Option<T> {
    match (one, two) {
        (Some(one), Some(two)) => Some(merge(one, two)),
        _ => one.clone().or_else(|| two.clone()),
    }
}

fn both<T>(one: &Option<T>, two: &Option<T>, test: impl FnOnce(&T, &T) -> bool) -> bool {
    matches!((one, two), (Some(one), Some(two)) if test(one, two))
}

impl Array {
    fn values(&self) -> Type {
        self.items.iter().chain(&self.rest).fold(Type::none(), |all, item| all.or(item))
    }

    fn at(&self, index: Option<i64>) -> Option<Type> {
        let item = index.and_then(|index| usize::try_from(index).ok()).and_then(|index| self.items.get(index));
        item.or(self.rest.as_ref()).cloned()
    }

    fn or(&self, other: &Array) -> Array {
        if self.items.len() == other.items.len() && self.rest.is_none() && other.rest.is_none() {
            let items = self.items.iter().zip(&other.items).map(|(one, two)| one.or(two)).collect();
            return Array { items, rest: None };
        }
        Array { items: Vec::new(), rest: Some(self.values().or(&other.values())) }
    }

    fn meets(&self, other: &Array) -> bool {
        let rest = match (&self.rest, &other.rest) {
            (Some(one), Some(two)) => one.meets(two),
            _ => true,
        };
        rest && (0..self.items.len().max(other.items.len())).all(|index| {
            let one = self.items.get(index).or(self.rest.as_ref());
            let two = other.items.get(index).or(other.rest.as_ref());
            matches!((one, two), (Some(one), Some(two)) if one.meets(two))
        })
    }
}

impl Object {
    fn keys(&self) -> Type {
        let keys = self.members.keys().fold(Type::none(), |all, key| all.or(&Type::of(key)));
        self.rest.iter().fold(keys, |all, (key, _)| all.or(key))
    }

    fn values(&self) -> Type {
        let values = self.members.values().fold(Type::none(), |all, value| all.or(value));
        self.rest.iter().fold(values, |all, (_, value)| all.or(value))
    }

    fn at(&self, key: &Value) -> Option<Type> {
        if let Some(member) = self.members.get(key) {
            return Some(member.clone());
        }
        self.rest.as_ref().filter(|(keys, _)| keys.meets(&Type::of(key))).map(|(_, value)| value.clone())
    }

    fn or(&self, other: &Object) -> Object {
        let mut members = self.members.clone();
        for (key, value) in &other.members {
            let value = members.get(key).map_or_else(|| value.clone(), |before| before.or(value));
            members.insert(key.clone(), value);
        }
        let rest = merged(&self.rest, &other.rest, |one, two| (one.0.or(&two.0), one.1.or(&two.1)));
        Object { members, rest }
    }

    fn meets(&self, other: &Object) -> bool {
        if let (Some((_, one)), Some((_, two))) = (&self.rest, &other.rest)
            && !one.meets(two)
        {
            return false;
        }
        let mut keys: Vec<&Value> = self.members.keys().chain(other.members.keys()).collect();
        keys.sort();
        keys.dedup();
        keys.into_iter().all(|key| matches!((self.at(key), other.at(key)), (Some(one), Some(two)) if one.meets(&two)))
    }
}
