//! Arithmetic, bits and ranges. Integers are exact; what has a fraction is a float of 64 bits of mantissa, as in OPA.

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::operands::{any, big, mistyped, number};
use super::{Builtin, Context, Fault, Types, sets};
use crate::budget::Reached;
use crate::float::Float;
use crate::number::{BITS, Number, TOO_LONG, signed};
use crate::value::Value;

const NUMBER: Types = Types::NUMBER;
const ONE: &[Types] = &[NUMBER];
const TWO: &[Types] = &[NUMBER, NUMBER];
const NUMBER_OR_SET: Types = NUMBER.or(Types::SET);

/// The functions.
pub const ARITHMETIC: &[Builtin] = &[
    Builtin::new("plus", TWO, NUMBER, |context, arguments| {
        exact(context, arguments, i64::checked_add, |left, right| left + right, Float::add)
    }),
    Builtin::new("minus", &[NUMBER_OR_SET, NUMBER_OR_SET], NUMBER_OR_SET, minus),
    Builtin::new("mul", TWO, NUMBER, |context, arguments| {
        exact(context, arguments, i64::checked_mul, |left, right| left * right, Float::multiply)
    }),
    Builtin::new("div", TWO, NUMBER, divide),
    Builtin::new("rem", TWO, NUMBER, remainder),
    Builtin::new("abs", ONE, NUMBER, absolute),
    Builtin::new("round", ONE, NUMBER, |context, arguments| {
        whole(context, arguments, |float| float.half_more().truncate().map(signed))
    }),
    // As in OPA these two go by the sign of the integer part: between -1 and 0, `ceil` is 1 and `floor` is 0.
    Builtin::new("ceil", ONE, NUMBER, |context, arguments| {
        whole(context, arguments, |float| {
            let integer = signed(float.truncate()?);
            Ok(if integer.is_negative() || float.is_integer() { integer } else { integer + 1 })
        })
    }),
    Builtin::new("floor", ONE, NUMBER, |context, arguments| {
        whole(context, arguments, |float| {
            let integer = signed(float.truncate()?);
            Ok(if integer.is_negative() && !float.is_integer() { integer - 1 } else { integer })
        })
    }),
    Builtin::new("bits.and", TWO, NUMBER, |context, arguments| {
        bits(context, arguments, |left, right| Ok(left & right))
    }),
    Builtin::new("bits.or", TWO, NUMBER, |context, arguments| bits(context, arguments, |left, right| Ok(left | right))),
    Builtin::new("bits.xor", TWO, NUMBER, |context, arguments| {
        bits(context, arguments, |left, right| Ok(left ^ right))
    }),
    Builtin::new("bits.negate", ONE, NUMBER, |context, arguments| {
        let integer = big(arguments, 1)?;
        pay(context, number(arguments, 1)?, number(arguments, 1)?)?;
        Ok(Value::Number(Number::from_big(&!integer)?))
    }),
    Builtin::new("bits.lsh", TWO, NUMBER, |context, arguments| {
        bits(context, arguments, |left, right| match shift(&right)? {
            _ if left.is_zero() => Ok(left),
            distance if distance > BITS => Err(Fault::from(TOO_LONG)),
            distance => Ok(left << distance),
        })
    }),
    Builtin::new("bits.rsh", TWO, NUMBER, |context, arguments| {
        // Past the last bit nothing changes any more.
        bits(context, arguments, |left, right| Ok(left >> shift(&right)?.min(BITS + 1)))
    }),
    Builtin::new("numbers.range", TWO, Types::ARRAY, |context, arguments| {
        range(context, big(arguments, 1)?, &big(arguments, 2)?, BigInt::one())
    }),
    Builtin::new("numbers.range_step", &[NUMBER, NUMBER, NUMBER], Types::ARRAY, |context, arguments| {
        let (first, last, step) = (big(arguments, 1)?, big(arguments, 2)?, big(arguments, 3)?);
        if !step.is_positive() {
            return Err(Fault::from("step must be a positive integer"));
        }
        range(context, first, &last, step)
    }),
];

/// Pays for reading, computing and writing integers of more than 64 bits: as much as their digits squared.
pub(super) fn pay(context: &mut Context<'_>, left: &Number, right: &Number) -> Result<(), Reached> {
    let size = (left.extra() + right.extra()) as u64 / 16;
    context.work(size.saturating_mul(1 + size / 32))
}

fn exact(
    context: &mut Context<'_>,
    arguments: &[Value],
    small: fn(i64, i64) -> Option<i64>,
    large: fn(BigInt, BigInt) -> BigInt,
    float: fn(Float, Float) -> Float,
) -> Result<Value, Fault> {
    let (left, right) = (number(arguments, 1)?, number(arguments, 2)?);
    if let (Some(left), Some(right)) = (left.as_i64(), right.as_i64())
        && let Some(integer) = small(left, right)
    {
        return Ok(Value::from(integer));
    }
    pay(context, left, right)?;
    let result = match (left.to_big()?, right.to_big()?) {
        (Some(left), Some(right)) => Number::from_big(&large(left, right))?,
        _ => Number::from_float(&float(left.to_float(), right.to_float()))?,
    };
    Ok(Value::Number(result))
}

fn minus(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    match (any(arguments, 1), any(arguments, 2)) {
        (Value::Number(_), Value::Number(_)) => {
            let subtract = |left: Float, right: Float| left.add(right.negate());
            exact(context, arguments, i64::checked_sub, |left, right| left - right, subtract)
        }
        (Value::Set(_), Value::Set(_)) => sets::difference(context, arguments),
        (left, _) if !matches!(left, Value::Number(_) | Value::Set(_)) => Err(mistyped(1, left, &["number", "set"])),
        (_, right @ Value::Number(_)) => Err(mistyped(2, right, &["set"])),
        (_, right) => Err(mistyped(2, right, &["number"])),
    }
}

fn divide(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (left, right) = (number(arguments, 1)?, number(arguments, 2)?);
    if let (Some(left), Some(right)) = (left.as_i64(), right.as_i64())
        && left != 0
        && left.checked_rem(right) == Some(0)
        && let Some(quotient) = left.checked_div(right)
    {
        return Ok(Value::from(quotient));
    }
    pay(context, left, right)?;
    let quotient = left.to_float().divide(right.to_float()).ok_or("divide by zero")?;
    Ok(Value::Number(Number::from_float(&quotient)?))
}

fn remainder(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (left, right) = (number(arguments, 1)?, number(arguments, 2)?);
    if let (Some(left), Some(right)) = (left.as_i64(), right.as_i64())
        && let Some(rest) = left.checked_rem(right)
    {
        return Ok(Value::from(rest));
    }
    pay(context, left, right)?;
    let (Some(left), Some(right)) = (left.to_big()?, right.to_big()?) else {
        return Err(Fault::from("modulo on floating-point number"));
    };
    if right.is_zero() {
        return Err(Fault::from("modulo by zero"));
    }
    Ok(Value::Number(Number::from_big(&(left % right))?))
}

fn absolute(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let number = number(arguments, 1)?;
    if let Some(magnitude) = number.as_i64().and_then(i64::checked_abs) {
        return Ok(Value::from(magnitude));
    }
    pay(context, number, number)?;
    Ok(Value::Number(Number::from_float(&number.to_float().abs())?))
}

/// An integer from a number.
fn whole(
    context: &mut Context<'_>,
    arguments: &[Value],
    integer: fn(Float) -> Result<BigInt, Reached>,
) -> Result<Value, Fault> {
    let number = number(arguments, 1)?;
    if let Some(integer) = number.as_i64() {
        return Ok(Value::from(integer));
    }
    pay(context, number, number)?;
    Ok(Value::Number(Number::from_big(&integer(number.to_float())?)?))
}

fn bits(
    context: &mut Context<'_>,
    arguments: &[Value],
    operation: fn(BigInt, BigInt) -> Result<BigInt, Fault>,
) -> Result<Value, Fault> {
    let (left, right) = (big(arguments, 1)?, big(arguments, 2)?);
    pay(context, number(arguments, 1)?, number(arguments, 2)?)?;
    let result = Number::from_big(&operation(left, right)?)?;
    pay(context, &result, &result)?;
    Ok(Value::Number(result))
}

/// How far to shift; very far is as far as can be said.
fn shift(distance: &BigInt) -> Result<u64, Fault> {
    if distance.is_negative() {
        return Err(Fault::from("operand 2 must be an unsigned integer number but got a negative integer"));
    }
    Ok(distance.to_u64().unwrap_or(u64::MAX))
}

/// The integers from the first to the last, up or down.
fn range(context: &mut Context<'_>, first: BigInt, last: &BigInt, step: BigInt) -> Result<Value, Fault> {
    let count: BigInt = (&first - last).abs() / &step + 1;
    let step = if first > *last { -step } else { step };
    context.items(count.to_usize().unwrap_or(usize::MAX))?;
    let mut items = Vec::new();
    let mut next = first;
    for _ in 0..count.to_usize().unwrap_or_default() {
        let item = Number::from_big(&next)?;
        pay(context, &item, &item)?;
        items.push(Value::Number(item));
        next += &step;
    }
    Ok(Value::array(items))
}
