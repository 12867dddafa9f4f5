//! JSON: text to values and back, and parts of values by their paths.

mod patch;

use super::operands::{any, boolean, object, string, values};
use super::{Builtin, Context, Fault, Types};
use crate::json::{self, Writer};
use crate::text::Text;
use crate::value::Value;

const ANY: &[Types] = &[Types::ANY];
const STRING: Types = Types::STRING;
const OBJECT: Types = Types::OBJECT;
const PATHS: &[Types] = &[OBJECT, Types::ARRAY.or(Types::SET)];

/// The functions.
pub const JSON: &[Builtin] = &[
    Builtin::new("json.marshal", ANY, STRING, |context, arguments| write(context, any(arguments, 1), None)),
    Builtin::new("json.marshal_with_options", &[Types::ANY, OBJECT], STRING, write_with),
    Builtin::new("json.unmarshal", &[STRING], Types::ANY, |context, arguments| {
        json::read(string(arguments, 1)?, context.budget)
    }),
    Builtin::new("json.is_valid", ANY, Types::BOOLEAN, |context, arguments| {
        Ok(Value::from(match any(arguments, 1).as_str() {
            Some(text) => json::is_valid(text, context.budget)?,
            None => false,
        }))
    }),
    Builtin::new("json.filter", PATHS, OBJECT, |context, arguments| {
        object(arguments, 1)?;
        let paths = paths(context, arguments)?;
        let paths: Vec<&[Value]> = paths.iter().map(Vec::as_slice).collect();
        Ok(select(context, any(arguments, 1), &paths, 0, true)?.unwrap_or(Value::Null))
    }),
    Builtin::new("json.remove", PATHS, OBJECT, |context, arguments| {
        object(arguments, 1)?;
        let paths = paths(context, arguments)?;
        let paths: Vec<&[Value]> = paths.iter().map(Vec::as_slice).collect();
        Ok(select(context, any(arguments, 1), &paths, 0, false)?.unwrap_or(Value::Null))
    }),
    Builtin::new("json.patch", &[Types::ANY, Types::ARRAY], Types::ANY, patch::patch),
];

fn write(context: &mut Context<'_>, value: &Value, pretty: Option<(&str, &str)>) -> Result<Value, Fault> {
    context.work(value.weight())?;
    let mut text = Text::new(context.budget);
    if let Some((prefix, _)) = pretty {
        text.push_str(prefix)?;
    }
    Writer { text: &mut text, html: true, pretty }.value(value, 0)?;
    Ok(Value::from(text.paid(context.budget)?))
}

fn write_with(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (mut prefix, mut indent, mut pretty) = ("", "\t", None);
    let mut wanted = false;
    for (key, value) in object(arguments, 2)?.members() {
        let name = key.as_str().ok_or("operand 2 failed to stringify a key")?;
        let text = || value.as_str().ok_or_else(|| Fault::Error(format!("operand 2 key {name} failed cast to string")));
        match name {
            "prefix" => prefix = text()?,
            "indent" => indent = text()?,
            "pretty" => {
                let truth = boolean(std::slice::from_ref(value), 1);
                pretty = Some(truth.map_err(|_| "operand 2 key pretty failed cast to bool")?);
                continue;
            }
            _ => {
                return Err(Fault::Error(format!(
                    "operand 2 object contained unknown key {key_text}",
                    key_text = quoted(name)
                )));
            }
        }
        wanted = true;
    }
    write(context, any(arguments, 1), pretty.unwrap_or(wanted).then_some((prefix, indent)))
}

fn quoted(name: &str) -> String {
    let mut text = Text::unlimited();
    let _ = crate::term::quote(name, &mut text);
    text.into_string()
}

/// A path: `a/b/0`, or its segments in an array.
fn path(context: &mut Context<'_>, value: &Value) -> Result<Vec<Value>, Fault> {
    context.work(value.weight())?;
    let segments = match value {
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => {
            let segments = text.trim_start_matches('/').split('/');
            segments.map(|segment| Value::from(segment.replace("~1", "/").replace("~0", "~"))).collect()
        }
        Value::Array(array) => array.items().to_vec(),
        other => {
            let got = other.type_name();
            return Err(Fault::Error(format!(
                "operand 2 must be one of {{set, array}} containing string paths or array of path segments but got {got}"
            )));
        }
    };
    context.items(segments.len())?;
    Ok(segments)
}

/// The paths of the second argument, in order. One without a segment is none.
fn paths(context: &mut Context<'_>, arguments: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
    let mut paths = Vec::new();
    for value in values(arguments, 2, &["set", "array"])? {
        let path = path(context, value)?;
        if !path.is_empty() {
            paths.push(path);
        }
    }
    context.sorting(any(arguments, 2).weight(), paths.len())?;
    paths.sort();
    Ok(paths)
}

/// What is left of a value if the places of the paths are kept, or if they are removed. The paths are sorted, and alike
/// up to a depth. It recurses as deep as the value is nested: `Limits::depth`.
fn select(
    context: &mut Context<'_>,
    value: &Value,
    paths: &[&[Value]],
    depth: usize,
    keep: bool,
) -> Result<Option<Value>, Fault> {
    // What is to be done with the part of a value under a key.
    let part = |context: &mut Context<'_>, key: &Value, value: &Value| -> Result<Option<Value>, Fault> {
        context.work(key.weight().saturating_mul(2 + 2 * u64::from(paths.len().max(1).ilog2())))?;
        let before = |path: &&[Value]| path.get(depth).is_some_and(|segment| segment < key);
        let rest = paths.get(paths.partition_point(before)..).unwrap_or_default();
        let end = rest.partition_point(|path| path.get(depth) == Some(key));
        let under = rest.get(..end).unwrap_or_default();
        if under.is_empty() {
            return Ok((!keep).then(|| value.clone()));
        }
        if under.iter().any(|path| path.len() == depth + 1) {
            return Ok(keep.then(|| value.clone()));
        }
        select(context, value, under, depth + 1, keep)
    };
    Ok(Some(match value {
        Value::Array(array) => {
            let mut items = Vec::new();
            for (index, item) in array.items().iter().enumerate() {
                items.extend(part(context, &Value::from(index.to_string()), item)?);
            }
            context.items(items.len())?;
            Value::array(items)
        }
        Value::Set(set) => {
            let mut elements = Vec::new();
            for element in set.elements() {
                elements.extend(part(context, element, element)?);
            }
            context.sorting(value.weight(), elements.len())?;
            Value::set(elements)
        }
        Value::Object(object) => {
            let mut members = Vec::new();
            for (key, member) in object.members() {
                members.extend(part(context, key, member)?.map(|member| (key.clone(), member)));
            }
            context.items(2 * members.len())?;
            Value::object(members)
        }
        scalar => scalar.clone(),
    }))
}
