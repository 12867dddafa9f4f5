//! `uri.parse` and `uri.is_valid`.

use super::operands::{any, error, string};
use super::url::Url;
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

const ONE: &[Types] = &[Types::STRING];

/// The functions of this file.
pub const URI: &[Builtin] = &[
    Builtin::new("uri.is_valid", ONE, Types::BOOLEAN, is_valid),
    Builtin::new("uri.parse", ONE, Types::OBJECT, parse),
];

fn is_valid(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let Some(text) = any(operands, 1).as_str() else { return Ok(Value::from(false)) };
    context.scan(text.len() * 16)?;
    Ok(Value::from(!text.is_empty() && Url::parse(text).is_ok()))
}

/// The parts that are there.
fn parse(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    context.scan(text.len() * 16)?;
    context.budget.bytes(512 + text.len() as u64 * 3)?;
    let url = Url::parse(text).map_err(error)?;
    let (host, port) = url.host_and_port();
    let raw_path = if url.raw_path.is_empty() { &url.path } else { &url.raw_path };
    let parts = [
        ("fragment", &*url.fragment),
        ("hostname", host),
        ("path", &url.path),
        ("port", port),
        ("raw_path", if url.path.is_empty() { "" } else { raw_path }),
        ("raw_query", &url.raw_query),
        ("scheme", &url.scheme),
    ];
    let there = parts.iter().filter(|(_, part)| !part.is_empty());
    Ok(Value::object(there.map(|(name, part)| (Value::from(*name), Value::from(*part))).collect()))
}
