//! Objects.

use super::operands::{any, array, element, mistyped, object};
use super::{Builtin, Context, Fault, Types};
use crate::budget::Reached;
use crate::value::{Object, Value};

const OBJECT: Types = Types::OBJECT;
const COLLECTION: Types = OBJECT.or(Types::SET).or(Types::ARRAY);

/// The functions.
pub const OBJECTS: &[Builtin] = &[
    Builtin::new("object.get", &[OBJECT, Types::ANY, Types::ANY], Types::ANY, get),
    Builtin::new("object.keys", &[OBJECT], Types::SET, |context, arguments| {
        let members = object(arguments, 1)?.members();
        context.items(members.len())?;
        Ok(Value::set(members.iter().map(|(key, _)| key.clone()).collect()))
    }),
    Builtin::new("object.filter", &[OBJECT, COLLECTION], OBJECT, |context, arguments| select(context, arguments, true)),
    Builtin::new("object.remove", &[OBJECT, COLLECTION], OBJECT, |context, arguments| {
        select(context, arguments, false)
    }),
    Builtin::new("object.union", &[OBJECT, OBJECT], OBJECT, |context, arguments| {
        let (left, right) = (object(arguments, 1)?, object(arguments, 2)?);
        Ok(union(context, &[left, right])?)
    }),
    Builtin::new("object.union_n", &[Types::ARRAY], OBJECT, union_all),
    Builtin::new("object.subset", &[COLLECTION, COLLECTION], Types::BOOLEAN, |context, arguments| {
        match subset(context, any(arguments, 1), any(arguments, 2))? {
            Some(truth) => Ok(Value::from(truth)),
            None => Err(Fault::from("both arguments object.subset must be of the same type or array and set")),
        }
    }),
];

/// A member, or what a path leads to, or the default.
fn get(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    object(arguments, 1)?;
    let (start, key, default) = (any(arguments, 1), any(arguments, 2), any(arguments, 3));
    let path = match key {
        Value::Array(path) => path.items(),
        key => std::slice::from_ref(key),
    };
    let mut found = Some(start);
    for key in path {
        let Some(container) = found else { break };
        context.lookup(key, container)?;
        found = container.get(key);
    }
    Ok(found.unwrap_or(default).clone())
}

/// The members whose keys are given, or the others.
fn select(context: &mut Context<'_>, arguments: &[Value], given: bool) -> Result<Value, Fault> {
    let object = object(arguments, 1)?;
    let keys = any(arguments, 2);
    let mut sorted: Vec<&Value> = match keys {
        Value::Array(array) => array.items().iter().collect(),
        Value::Set(set) => set.elements().iter().collect(),
        Value::Object(object) => object.members().iter().map(|(key, _)| key).collect(),
        other => return Err(mistyped(2, other, &["object", "set", "array"])),
    };
    let weight = sorted.iter().fold(0_u64, |sum, key| sum.saturating_add(key.weight()));
    context.sorting(weight, sorted.len())?;
    sorted.sort();
    for (key, _) in object.members() {
        context.work(key.weight().min(weight).saturating_mul(1 + u64::from(sorted.len().max(1).ilog2())))?;
    }
    let kept = object.members().iter().filter(|(key, _)| sorted.binary_search(&key).is_ok() == given);
    let members: Vec<(Value, Value)> = kept.cloned().collect();
    context.items(2 * members.len())?;
    Ok(Value::object(members))
}

/// All together. Of the values of a key the last counts, joined likewise with the objects right before it, if it is an
/// object. It recurses as deep as they are nested: `Limits::depth`.
fn union(context: &mut Context<'_>, objects: &[&Object]) -> Result<Value, Reached> {
    let mut entries: Vec<&(Value, Value)> = objects.iter().flat_map(|object| object.members()).collect();
    let weight = entries.iter().fold(0_u64, |sum, (key, _)| sum.saturating_add(key.weight()));
    context.sorting(weight, 2 * entries.len())?;
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    let mut members = Vec::new();
    for group in entries.chunk_by(|left, right| left.0 == right.0) {
        let Some((key, last)) = group.last() else { continue };
        let objects = group.iter().rev().map_while(|(_, value)| match value {
            Value::Object(object) => Some(&**object),
            _ => None,
        });
        let mut objects: Vec<&Object> = objects.collect();
        objects.reverse();
        // Shared parts stay shared.
        objects.dedup_by(|left, right| std::ptr::eq(*left, *right));
        let value = if objects.len() > 1 { union(context, &objects)? } else { last.clone() };
        members.push((key.clone(), value));
    }
    Ok(Value::object(members))
}

fn union_all(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let items = array(arguments, 1)?.items();
    let mut objects = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Value::Object(object) => objects.push(&**object),
            other => return Err(element(1, any(arguments, 1), other, "object")),
        }
    }
    Ok(union(context, &objects)?)
}

/// Whether the second is in the first; nothing if they cannot be compared so. It recurses as deep as objects are
/// nested: `Limits::depth`.
fn subset(context: &mut Context<'_>, large: &Value, small: &Value) -> Result<Option<bool>, Reached> {
    Ok(Some(match (large, small) {
        (Value::Object(large_object), Value::Object(object)) => {
            for (key, value) in object.members() {
                context.lookup(key, large)?;
                let Some(other) = large_object.get(key) else { return Ok(Some(false)) };
                let holds = match (other, value) {
                    // An array in an object has no set in it.
                    (Value::Array(_), Value::Set(_)) => false,
                    _ => match subset(context, other, value)? {
                        Some(holds) => holds,
                        None => equal(context, other, value)?,
                    },
                };
                if !holds {
                    return Ok(Some(false));
                }
            }
            true
        }
        (Value::Set(set), Value::Set(elements)) => {
            for element in elements.elements() {
                context.lookup(element, large)?;
                if set.get(element).is_none() {
                    return Ok(Some(false));
                }
            }
            true
        }
        (Value::Array(array), Value::Array(items)) => run(context, array.items(), items.items())?,
        (Value::Array(array), Value::Set(set)) => {
            // As in OPA: as many items of the array as the set has elements must be in it.
            let mut wanted = set.elements().len();
            for item in array.items() {
                context.lookup(item, small)?;
                if set.get(item).is_some() {
                    wanted = wanted.saturating_sub(1);
                }
                if wanted == 0 {
                    return Ok(Some(true));
                }
            }
            false
        }
        _ => return Ok(None),
    }))
}

fn equal(context: &mut Context<'_>, left: &Value, right: &Value) -> Result<bool, Reached> {
    context.work(left.weight().min(right.weight()))?;
    Ok(left == right)
}

/// Whether the items stand in the array, next to each other.
fn run(context: &mut Context<'_>, array: &[Value], items: &[Value]) -> Result<bool, Reached> {
    if items.is_empty() {
        return Ok(true);
    }
    'places: for window in array.windows(items.len()) {
        for (left, right) in window.iter().zip(items) {
            if !equal(context, left, right)? {
                continue 'places;
            }
        }
        return Ok(true);
    }
    Ok(false)
}
