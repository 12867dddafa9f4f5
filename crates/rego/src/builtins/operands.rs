//! What a builtin takes out of its arguments, with OPA's errors where it is something else. Positions begin at 1.

use std::sync::Arc;

use num_bigint::BigInt;

use crate::budget::Fault;
use crate::number::Number;
use crate::value::{Array, Object, Set, Value};

/// The argument at a position. The checker has seen that it is there.
pub(crate) fn any(arguments: &[Value], position: usize) -> &Value {
    arguments.get(position - 1).unwrap_or(&Value::Null)
}

pub(crate) fn string(arguments: &[Value], position: usize) -> Result<&Arc<str>, Fault> {
    match any(arguments, position) {
        Value::String(text) => Ok(text),
        other => Err(mistyped(position, other, &["string"])),
    }
}

pub(crate) fn boolean(arguments: &[Value], position: usize) -> Result<bool, Fault> {
    match any(arguments, position) {
        Value::Boolean(truth) => Ok(*truth),
        other => Err(mistyped(position, other, &["boolean"])),
    }
}

pub(crate) fn number(arguments: &[Value], position: usize) -> Result<&Number, Fault> {
    match any(arguments, position) {
        Value::Number(number) => Ok(number),
        other => Err(mistyped(position, other, &["number"])),
    }
}

/// An integer of 64 bits.
pub(crate) fn integer(arguments: &[Value], position: usize) -> Result<i64, Fault> {
    number(arguments, position)?.as_i64().ok_or_else(|| fraction(position))
}

/// An integer of any size.
pub(crate) fn big(arguments: &[Value], position: usize) -> Result<BigInt, Fault> {
    match any(arguments, position) {
        Value::Number(number) => number.to_big()?.ok_or_else(|| fraction(position)),
        other => Err(mistyped(position, other, &["integer"])),
    }
}

pub(crate) fn array(arguments: &[Value], position: usize) -> Result<&Arc<Array>, Fault> {
    match any(arguments, position) {
        Value::Array(array) => Ok(array),
        other => Err(mistyped(position, other, &["array"])),
    }
}

pub(crate) fn object(arguments: &[Value], position: usize) -> Result<&Arc<Object>, Fault> {
    match any(arguments, position) {
        Value::Object(object) => Ok(object),
        other => Err(mistyped(position, other, &["object"])),
    }
}

pub(crate) fn set(arguments: &[Value], position: usize) -> Result<&Arc<Set>, Fault> {
    match any(arguments, position) {
        Value::Set(set) => Ok(set),
        other => Err(mistyped(position, other, &["set"])),
    }
}

/// The values of an array or a set. The names are those of OPA's error, in its order.
pub(crate) fn values<'a>(arguments: &'a [Value], position: usize, names: &[&str]) -> Result<&'a [Value], Fault> {
    let value = any(arguments, position);
    items(value).ok_or_else(|| mistyped(position, value, names))
}

/// The strings of an array or a set.
pub(crate) fn strings<'a>(
    arguments: &'a [Value],
    position: usize,
    names: &[&str],
) -> Result<impl Iterator<Item = &'a str> + Clone, Fault> {
    let strings = values(arguments, position, names)?;
    if let Some(other) = strings.iter().find(|value| value.as_str().is_none()) {
        return Err(element(position, any(arguments, position), other, "string"));
    }
    Ok(strings.iter().filter_map(Value::as_str))
}

/// The values of an array or a set.
pub(crate) fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(array) => Some(array.items()),
        Value::Set(set) => Some(set.elements()),
        _ => None,
    }
}

fn fraction(position: usize) -> Fault {
    Fault::Error(format!("operand {position} must be integer number but got floating-point number"))
}

/// An argument of another type.
pub(crate) fn mistyped(position: usize, got: &Value, wanted: &[&str]) -> Fault {
    let got = got.type_name();
    Fault::Error(match wanted {
        [one] => format!("operand {position} must be {one} but got {got}"),
        many => format!("operand {position} must be one of {{{}}} but got {got}", many.join(", ")),
    })
}

/// A value in an argument of another type.
pub(crate) fn element(position: usize, container: &Value, got: &Value, wanted: &str) -> Fault {
    let (container, got) = (container.type_name(), got.type_name());
    Fault::Error(format!("operand {position} must be {container} of {wanted}s but got {container} containing {got}"))
}

pub(crate) fn error(message: impl Into<String>) -> Fault {
    Fault::Error(message.into())
}
