//! What is made of a whole collection: counts, sums, extremes, order.

use num_bigint::BigInt;

use super::operands::{any, element, mistyped, values};
use super::{Builtin, Context, Fault, Types};
use crate::float::Float;
use crate::number::{BITS, Number, TOO_LONG};
use crate::value::Value;

const ITEMS: Types = Types::ARRAY.or(Types::SET);
const COLLECTION: Types = ITEMS.or(Types::OBJECT);
const BOOLEAN: Types = Types::BOOLEAN;

/// The functions.
pub const AGGREGATES: &[Builtin] = &[
    Builtin::new("count", &[COLLECTION.or(Types::STRING)], Types::NUMBER, count),
    Builtin::new("sum", &[ITEMS], Types::NUMBER, |context, arguments| {
        accumulate(context, arguments, 0, i64::checked_add, |sum, item| sum + item, Float::ZERO, Float::add)
    }),
    Builtin::new("product", &[ITEMS], Types::NUMBER, |context, arguments| {
        accumulate(context, arguments, 1, i64::checked_mul, |product, item| product * item, Float::ONE, Float::multiply)
    }),
    Builtin::new("max", &[ITEMS], Types::ANY, |context, arguments| {
        let values = compared(context, arguments)?;
        values.iter().max().cloned().ok_or(Fault::Undefined)
    }),
    Builtin::new("min", &[ITEMS], Types::ANY, |context, arguments| {
        let values = compared(context, arguments)?;
        // The last of equal ones, as in OPA.
        values.iter().rev().min().cloned().ok_or(Fault::Undefined)
    }),
    Builtin::new("sort", &[ITEMS], Types::ARRAY, |context, arguments| {
        let values = values(arguments, 1, &["set", "array"])?;
        context.sorting(any(arguments, 1).weight(), values.len())?;
        let mut sorted = values.to_vec();
        sorted.sort();
        Ok(Value::array(sorted))
    }),
    Builtin::new("all", &[ITEMS], BOOLEAN, |context, arguments| {
        let values = values(arguments, 1, &["array", "set"])?;
        context.work(values.len() as u64)?;
        Ok(Value::from(values.iter().all(is_true)))
    }),
    Builtin::new("any", &[ITEMS], BOOLEAN, |context, arguments| {
        let values = values(arguments, 1, &["array", "set"])?;
        context.work(values.len() as u64)?;
        Ok(Value::from(values.iter().any(is_true)))
    }),
];

fn is_true(value: &Value) -> bool {
    matches!(value, Value::Boolean(true))
}

fn count(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let count = match any(arguments, 1) {
        Value::Array(array) => array.items().len(),
        Value::Object(object) => object.members().len(),
        Value::Set(set) => set.elements().len(),
        Value::String(text) => {
            context.work(text.len() as u64 / 16)?;
            text.chars().count()
        }
        other => return Err(mistyped(1, other, &["array", "object", "set", "string"])),
    };
    Ok(Value::from(count as i64))
}

fn compared<'a>(context: &mut Context<'_>, arguments: &'a [Value]) -> Result<&'a [Value], Fault> {
    let values = values(arguments, 1, &["set", "array"])?;
    context.work(any(arguments, 1).weight())?;
    Ok(values)
}

fn accumulate(
    context: &mut Context<'_>,
    arguments: &[Value],
    start: i64,
    small: fn(i64, i64) -> Option<i64>,
    large: fn(BigInt, BigInt) -> BigInt,
    zero: Float,
    float: fn(Float, Float) -> Float,
) -> Result<Value, Fault> {
    let values = values(arguments, 1, &["set", "array"])?;
    context.work(values.len() as u64)?;
    let mut numbers = Vec::with_capacity(values.len());
    for value in values {
        match value {
            Value::Number(number) => numbers.push(number),
            other => return Err(element(1, any(arguments, 1), other, "number")),
        }
    }
    let fits = numbers.iter().try_fold(start, |result, number| small(result, number.as_i64()?));
    if let Some(result) = fits {
        return Ok(Value::from(result));
    }
    let mut result = BigInt::from(start);
    for number in &numbers {
        super::arithmetic::pay(context, number, number)?;
        context.work(result.bits() / 512)?;
        let Some(item) = number.to_big()? else {
            let floats = numbers.iter().map(|number| number.to_float());
            return Ok(Value::Number(Number::from_float(&floats.fold(zero, float))?));
        };
        result = large(result, item);
        if result.bits() > BITS {
            return Err(Fault::from(TOO_LONG));
        }
    }
    let result = Number::from_big(&result)?;
    super::arithmetic::pay(context, &result, &result)?;
    Ok(Value::Number(result))
}
