//! JSON becomes values of the machine, and values become JSON again.

use std::sync::Arc;

use countersign_rego::number::Number;
use countersign_rego::value::Value;
use serde_json::Value as Tree;

use crate::json::{Json, Kind};

/// A document of the tape, if it is not nested deeper than this.
pub(super) fn of_json(json: Json<'_>, depth: usize) -> Option<Value> {
    Some(match json.kind() {
        Kind::Array => {
            let depth = depth.checked_sub(1)?;
            Value::array(json.items().map(|item| of_json(item, depth)).collect::<Option<_>>()?)
        }
        Kind::Object => {
            let depth = depth.checked_sub(1)?;
            let member = |(name, value): (Json<'_>, Json<'_>)| Some((of_json(name, depth)?, of_json(value, depth)?));
            Value::object(json.members().map(member).collect::<Option<_>>()?)
        }
        _ => scalar(json),
    })
}

fn scalar(json: Json<'_>) -> Value {
    if let Some(text) = json.as_str() {
        return Value::String(Arc::from(&*text));
    }
    if json.is_number() {
        return Number::parse(json.written()).map_or(Value::Null, Value::Number);
    }
    json.as_bool().map_or(Value::Null, Value::Boolean)
}

/// A tree, if it is not nested deeper than this.
pub(super) fn of_tree(tree: &Tree, depth: usize) -> Option<Value> {
    Some(match tree {
        Tree::Null => Value::Null,
        Tree::Bool(truth) => Value::Boolean(*truth),
        Tree::Number(number) => Number::parse(&number.to_string()).map_or(Value::Null, Value::Number),
        Tree::String(text) => Value::from(text.as_str()),
        Tree::Array(items) => {
            let depth = depth.checked_sub(1)?;
            Value::array(items.iter().map(|item| of_tree(item, depth)).collect::<Option<_>>()?)
        }
        Tree::Object(members) => {
            let depth = depth.checked_sub(1)?;
            let member = |(name, value): (&String, &Tree)| Some((Value::from(name.as_str()), of_tree(value, depth)?));
            Value::object(members.iter().map(member).collect::<Option<_>>()?)
        }
    })
}

/// A scalar as JSON; nothing else.
pub(super) fn scalar_of(value: &Value) -> Option<Tree> {
    match value {
        Value::Boolean(truth) => Some(Tree::Bool(*truth)),
        Value::String(text) => Some(Tree::from(&**text)),
        Value::Number(number) => serde_json::from_str(&number.to_string()).ok(),
        _ => None,
    }
}
