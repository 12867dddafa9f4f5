//! Comparison, and membership.

use super::operands::{any, items};
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

const ANY: Types = Types::ANY;
const BOOLEAN: Types = Types::BOOLEAN;
const TWO: &[Types] = &[ANY, ANY];

/// The functions.
pub const COMPARISON: &[Builtin] = &[
    Builtin::new("equal", TWO, BOOLEAN, |context, arguments| compare(context, arguments, |left, right| left == right)),
    Builtin::new("neq", TWO, BOOLEAN, |context, arguments| compare(context, arguments, |left, right| left != right)),
    Builtin::new("lt", TWO, BOOLEAN, |context, arguments| compare(context, arguments, |left, right| left < right)),
    Builtin::new("lte", TWO, BOOLEAN, |context, arguments| compare(context, arguments, |left, right| left <= right)),
    Builtin::new("gt", TWO, BOOLEAN, |context, arguments| compare(context, arguments, |left, right| left > right)),
    Builtin::new("gte", TWO, BOOLEAN, |context, arguments| compare(context, arguments, |left, right| left >= right)),
    Builtin::new("internal.member_2", TWO, BOOLEAN, member),
    Builtin::new("internal.member_3", &[ANY, ANY, ANY], BOOLEAN, keyed_member),
];

/// What it costs at most to compare two values, shared parts and all.
fn cost(left: &Value, right: &Value) -> u64 {
    left.weight().min(right.weight())
}

fn compare(context: &mut Context<'_>, arguments: &[Value], holds: fn(&Value, &Value) -> bool) -> Result<Value, Fault> {
    let (left, right) = (any(arguments, 1), any(arguments, 2));
    context.work(cost(left, right))?;
    Ok(Value::from(holds(left, right)))
}

fn member(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (value, container) = (any(arguments, 1), any(arguments, 2));
    let found = match container {
        Value::Set(set) => {
            // As many comparisons as the number of elements has bits.
            context.work(cost(value, container).saturating_mul(u64::from(1 + set.elements().len().max(1).ilog2())))?;
            set.get(value).is_some()
        }
        Value::Object(object) => {
            context.work(container.weight())?;
            object.members().iter().any(|(_, member)| member == value)
        }
        _ => {
            context.work(container.weight())?;
            items(container).is_some_and(|items| items.contains(value))
        }
    };
    Ok(Value::from(found))
}

fn keyed_member(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (key, value, container) = (any(arguments, 1), any(arguments, 2), any(arguments, 3));
    context.lookup(key, container)?;
    let found = container.get(key);
    if let Some(found) = found {
        context.work(cost(found, value))?;
    }
    Ok(Value::from(found == Some(value)))
}
