//! Arrays.

use super::operands::{array, integer};
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

const ARRAY: Types = Types::ARRAY;
const NUMBER: Types = Types::NUMBER;

/// The functions.
pub const ARRAYS: &[Builtin] = &[
    Builtin::new("array.concat", &[ARRAY, ARRAY], ARRAY, |context, arguments| {
        let (left, right) = (array(arguments, 1)?.items(), array(arguments, 2)?.items());
        context.items(left.len() + right.len())?;
        Ok(Value::array([left, right].concat()))
    }),
    Builtin::new("array.flatten", &[ARRAY], ARRAY, flatten),
    Builtin::new("array.reverse", &[ARRAY], ARRAY, |context, arguments| {
        let items = array(arguments, 1)?.items();
        context.items(items.len())?;
        Ok(Value::array(items.iter().rev().cloned().collect()))
    }),
    Builtin::new("array.slice", &[ARRAY, NUMBER, NUMBER], ARRAY, |context, arguments| {
        let items = array(arguments, 1)?.items();
        let within = |index: i64| usize::try_from(index.max(0)).unwrap_or(usize::MAX).min(items.len());
        let (start, stop) = (within(integer(arguments, 2)?), within(integer(arguments, 3)?));
        let slice = items.get(start..stop).unwrap_or_default();
        context.items(slice.len())?;
        Ok(Value::array(slice.to_vec()))
    }),
];

/// What is in the arrays of an array, one level.
fn flatten(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let items = array(arguments, 1)?.items();
    context.work(items.len() as u64)?;
    let parts = || {
        items.iter().map(|item| match item {
            Value::Array(inner) => inner.items(),
            other => std::slice::from_ref(other),
        })
    };
    context.items(parts().map(<[Value]>::len).sum())?;
    Ok(Value::array(parts().flatten().cloned().collect()))
}
