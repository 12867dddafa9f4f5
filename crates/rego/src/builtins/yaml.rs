//! `yaml.*`: YAML as Go reads and writes it.

mod emit;

use super::operands::{any, error, string};
use super::{Builtin, Context, Fault, Types};
use crate::text::Text;
use crate::value::Value;
use crate::yaml::{self, Reading};

const ONE: &[Types] = &[Types::STRING];

/// The functions of this file.
pub const YAML: &[Builtin] = &[
    Builtin::new("yaml.is_valid", ONE, Types::BOOLEAN, is_valid),
    Builtin::new("yaml.marshal", &[Types::ANY], Types::STRING, marshal),
    Builtin::new("yaml.unmarshal", ONE, Types::ANY, unmarshal),
];

fn is_valid(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let Some(text) = any(operands, 1).as_str() else { return Ok(Value::from(false)) };
    match read(context, text) {
        Ok(_) => Ok(Value::from(true)),
        Err(Fault::Limit(limit)) => Err(Fault::Limit(limit)),
        Err(_) => Ok(Value::from(false)),
    }
}

fn unmarshal(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    read(context, string(operands, 1)?)
}

fn read(context: &mut Context<'_>, text: &str) -> Result<Value, Fault> {
    context.budget.steps(1 + text.len() as u64 / 4)?;
    context.budget.bytes(text.len() as u64 * 16)?;
    let limits = context.budget.limits();
    let weight = u64::try_from(limits.builtin_items).unwrap_or(u64::MAX);
    let reading = Reading { depth: limits.depth, weight, strict: false };
    let value = yaml::parse(text, &reading).map_err(|fault| {
        // What is missing at the end is missing in the last line.
        let line = fault.line.min(text.lines().count().max(1));
        match fault.message.split_once(" expected ") {
            Some((_, missing)) => error(format!("yaml: line {line}: did not find expected {missing}")),
            None => error(format!("yaml: line {line}: {}", fault.message)),
        }
    })?;
    context.work(value.weight())?;
    Ok(value)
}

fn marshal(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let value = any(operands, 1);
    context.work(value.weight().saturating_mul(4))?;
    let mut text = Text::new(context.budget);
    emit::document(value, &mut text)?;
    Ok(Value::from(text.paid(context.budget)?))
}
