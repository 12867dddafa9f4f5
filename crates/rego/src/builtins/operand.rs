//! The arguments of a call, as the types that a function wants. What has another type is an error, as OPA words it.

use super::{Builtin, Context, Fault, Types};
use crate::value::{Object, Value};

/// A function of the table, without the names of its fields.
pub(super) const fn builtin(
    name: &'static str,
    arguments: &'static [Types],
    result: Types,
    call: fn(&mut Context<'_>, &[Value]) -> Result<Value, Fault>,
) -> Builtin {
    Builtin { name, arguments, result, call }
}

/// The argument with this number, counted from 0.
pub(super) fn any(operands: &[Value], index: usize) -> Result<&Value, Fault> {
    operands.get(index).ok_or_else(|| error(format!("operand {} is missing", index + 1)))
}

pub(super) fn string(operands: &[Value], index: usize) -> Result<&str, Fault> {
    let value = any(operands, index)?;
    value.as_str().ok_or_else(|| wrong(index, "string", value))
}

pub(super) fn object(operands: &[Value], index: usize) -> Result<&Object, Fault> {
    match any(operands, index)? {
        Value::Object(object) => Ok(object),
        value => Err(wrong(index, "object", value)),
    }
}

/// An integer of 64 bits.
pub(super) fn integer(operands: &[Value], index: usize) -> Result<i64, Fault> {
    match any(operands, index)? {
        Value::Number(number) => number.as_i64().ok_or_else(|| {
            error(format!("operand {} must be integer number but got floating-point number", index + 1))
        }),
        value => Err(wrong(index, "number", value)),
    }
}

/// The items of an array or the elements of a set.
pub(super) fn collection(operands: &[Value], index: usize) -> Result<&[Value], Fault> {
    match any(operands, index)? {
        Value::Array(array) => Ok(array.items()),
        Value::Set(set) => Ok(set.elements()),
        value => Err(wrong(index, "one of {array, set}", value)),
    }
}

pub(super) fn wrong(index: usize, wanted: &str, value: &Value) -> Fault {
    error(format!("operand {} must be {wanted} but got {}", index + 1, value.type_name()))
}

pub(super) fn error(message: impl Into<String>) -> Fault {
    Fault::Error(message.into())
}

/// Takes a step for every 64 bytes that a function looks at.
pub(super) fn pay(context: &mut Context<'_>, bytes: usize) -> Result<(), Fault> {
    Ok(context.budget.steps(1 + bytes as u64 / 64)?)
}
