//! Documents and data before the evaluator sees them.

use std::collections::BTreeMap;

use regorus::Value;
use serde_json::{Map, Value as Json};

use super::report::Resource;
use super::rules::Rules;
use crate::error::PolicyError;
use crate::limits::PolicyLimits;

/// Everything below `data` except the documents and the time.
pub(super) fn merged(
    data: Json,
    params: Json,
    rules: &Rules,
    limits: &PolicyLimits,
) -> Result<Map<String, Json>, PolicyError> {
    let misuse = |message: String| PolicyError::new("", message);
    if nested_deeper(&data, limits.document_depth) || nested_deeper(&params, limits.document_depth) {
        return Err(misuse("the data is nested too deep (limit `documentDepth`)".to_owned()));
    }
    let mut members = match data {
        Json::Object(members) => members,
        Json::Null => Map::new(),
        _ => return Err(misuse("the data must be an object".to_owned())),
    };
    let taken = |name: &&String| matches!(name.as_str(), "documents" | "now") || rules.roots.contains(*name);
    if let Some(name) = members.keys().find(taken) {
        return Err(misuse(format!(
            "the data may not have a member `{name}`: the check or the pack has its own there"
        )));
    }
    let mut all = match members.remove("params") {
        Some(Json::Object(params)) => params,
        None | Some(Json::Null) => Map::new(),
        Some(_) => return Err(misuse("`params` in the data must be an object".to_owned())),
    };
    match params {
        Json::Object(params) => all.extend(params),
        Json::Null => {}
        _ => return Err(misuse("the parameters must be an object".to_owned())),
    }
    members.insert("params".to_owned(), Json::Object(all));
    Ok(members)
}

/// The resource that a document describes.
pub(super) fn resource(document: &Json) -> Option<Resource> {
    let text = |value: Option<&Json>| value.and_then(Json::as_str).map(str::to_owned);
    let metadata = document.get("metadata");
    let part = |name: &str| text(metadata.and_then(|metadata| metadata.get(name)));
    let kind = text(document.get("kind"))?;
    let name = part("name").or_else(|| part("generateName"));
    Some(Resource { kind: Some(kind), namespace: part("namespace"), name })
}

/// Converts a value for the evaluator, if it is not nested too deep. This is done by hand, because the evaluator's own
/// conversion returns "undefined" for what it cannot read, and that would pass.
pub(super) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Value::from(number),
            (None, Some(number)) => Value::from(number),
            (None, None) => Value::from(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::from(items.iter().map(value).collect::<Vec<Value>>()),
        Json::Object(members) => {
            let members = members.iter().map(|(name, member)| (Value::from(name.as_str()), value(member)));
            Value::from(members.collect::<BTreeMap<Value, Value>>())
        }
    }
}

/// Whether a value has more levels than that, found without recursion.
pub(super) fn nested_deeper(value: &Json, limit: usize) -> bool {
    let mut left = vec![(value, 0_usize)];
    while let Some((value, depth)) = left.pop() {
        if depth > limit {
            return true;
        }
        match value {
            Json::Array(items) => left.extend(items.iter().map(|item| (item, depth + 1))),
            Json::Object(members) => left.extend(members.values().map(|member| (member, depth + 1))),
            _ => {}
        }
    }
    false
}

/// Drops a document level by level: dropping it whole would recurse as deep as it is nested.
pub(super) fn dismantle(document: Json) {
    let mut left = vec![document];
    while let Some(value) = left.pop() {
        match value {
            Json::Array(items) => left.extend(items),
            Json::Object(members) => left.extend(members.into_iter().map(|(_, member)| member)),
            _ => {}
        }
    }
}
