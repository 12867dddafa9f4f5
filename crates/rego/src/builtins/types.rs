//! The types of values, and values as another type.

use super::operands::{any, mistyped, values};
use super::{Builtin, Context, Fault, Types};
use crate::number::Number;
use crate::value::Value;

const ANY: &[Types] = &[Types::ANY];
const BOOLEAN: Types = Types::BOOLEAN;
const ITEMS: &[Types] = &[Types::ARRAY.or(Types::SET)];
const NUMERIC: &[Types] = &[Types::NULL.or(BOOLEAN).or(Types::NUMBER).or(Types::STRING)];

/// The functions. Those that begin with `cast_` are OPA's old ones.
pub const TYPES: &[Builtin] = &[
    Builtin::new("type_name", ANY, Types::STRING, |_, arguments| Ok(Value::from(any(arguments, 1).type_name()))),
    Builtin::new("is_null", ANY, BOOLEAN, |_, arguments| is(arguments, "null")),
    Builtin::new("is_boolean", ANY, BOOLEAN, |_, arguments| is(arguments, "boolean")),
    Builtin::new("is_number", ANY, BOOLEAN, |_, arguments| is(arguments, "number")),
    Builtin::new("is_string", ANY, BOOLEAN, |_, arguments| is(arguments, "string")),
    Builtin::new("is_array", ANY, BOOLEAN, |_, arguments| is(arguments, "array")),
    Builtin::new("is_object", ANY, BOOLEAN, |_, arguments| is(arguments, "object")),
    Builtin::new("is_set", ANY, BOOLEAN, |_, arguments| is(arguments, "set")),
    Builtin::new("to_number", NUMERIC, Types::NUMBER, to_number),
    // A note in a trace.
    Builtin::new("trace", &[Types::STRING], BOOLEAN, |_, _| Ok(Value::from(true))),
    Builtin::new("cast_null", ANY, Types::NULL, |_, arguments| cast(arguments, "null")),
    Builtin::new("cast_boolean", ANY, BOOLEAN, |_, arguments| cast(arguments, "boolean")),
    Builtin::new("cast_string", ANY, Types::STRING, |_, arguments| cast(arguments, "string")),
    Builtin::new("cast_object", ANY, Types::OBJECT, |_, arguments| cast(arguments, "object")),
    Builtin::new("cast_array", ITEMS, Types::ARRAY, |context, arguments| {
        let values = values(arguments, 1, &["array", "set"])?;
        context.items(values.len())?;
        Ok(Value::array(values.to_vec()))
    }),
    Builtin::new("cast_set", ITEMS, Types::SET, |context, arguments| {
        let values = values(arguments, 1, &["array", "set"])?;
        context.sorting(any(arguments, 1).weight(), values.len())?;
        Ok(Value::set(values.to_vec()))
    }),
];

fn is(arguments: &[Value], name: &str) -> Result<Value, Fault> {
    Ok(Value::from(any(arguments, 1).type_name() == name))
}

fn cast(arguments: &[Value], name: &str) -> Result<Value, Fault> {
    let value = any(arguments, 1);
    if value.type_name() == name { Ok(value.clone()) } else { Err(mistyped(1, value, &[name])) }
}

fn to_number(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    match any(arguments, 1) {
        Value::Null | Value::Boolean(false) => Ok(Value::from(0)),
        Value::Boolean(true) => Ok(Value::from(1)),
        number @ Value::Number(_) => Ok(number.clone()),
        Value::String(text) => {
            context.work(text.len() as u64 / 16)?;
            context.budget.bytes(text.len() as u64)?;
            let unsigned = text.trim_start_matches(['+', '-']);
            if ["inf", "infinity", "nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) {
                return Err(mistyped(1, any(arguments, 1), &["valid number string"]));
            }
            parse(text).map(Value::Number)
        }
        other => Err(mistyped(1, other, &["null", "boolean", "number", "string"])),
    }
}

/// A number as Go reads one that is not too large for 64 bits. What JSON would not have (`+1`, `.5`, `1.`, `007`) is
/// written as JSON would; hexadecimals are not read.
fn parse(text: &str) -> Result<Number, Fault> {
    let invalid = || Fault::from("invalid syntax");
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let number = Number::parse(text).or_else(|| {
        let point = unsigned.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(unsigned.len());
        let (before, rest) = unsigned.split_at_checked(point)?;
        let whole = before.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        // A point needs a digit on one side at least.
        let rest = match rest.strip_prefix('.') {
            Some(after) if !before.is_empty() && !after.starts_with(|letter: char| letter.is_ascii_digit()) => after,
            Some(_) => rest,
            None if before.is_empty() => return None,
            None => rest,
        };
        Number::parse(&format!("{sign}{whole}{rest}"))
    });
    let number = number.ok_or_else(invalid)?;
    if number.as_f64().is_none() {
        return Err(Fault::from("value out of range"));
    }
    Ok(number)
}
