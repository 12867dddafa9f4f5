//! Which members of a schema hold schemas, in any draft, and the translation of every pattern in them for the engine.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::pattern::{Unfit, translated};

/// What a keyword holds.
enum Holds {
    /// A schema, or a list of them.
    Schemas,
    /// Schemas by name.
    Named,
    Nothing,
}

/// What a keyword holds, and whether that judges the same value as the schema it is in.
fn holds(keyword: &str) -> (Holds, bool) {
    match keyword {
        "allOf" | "anyOf" | "else" | "if" | "not" | "oneOf" | "then" => (Holds::Schemas, true),
        "dependencies" | "dependentSchemas" => (Holds::Named, true),
        "additionalItems"
        | "additionalProperties"
        | "contains"
        | "contentSchema"
        | "items"
        | "prefixItems"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties" => (Holds::Schemas, false),
        "$defs" | "definitions" | "patternProperties" | "properties" => (Holds::Named, false),
        _ => (Holds::Nothing, false),
    }
}

/// The schemas inside a schema, and whether each judges the same value.
pub(super) fn parts(schema: &Value) -> impl Iterator<Item = (&Value, bool)> {
    linked_parts(schema).map(|(part, link)| (part, link == Link::SameValue))
}

/// What a schema inside another judges.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Link {
    /// Values inside, perhaps those that its siblings judge too.
    Inside,
    /// One member or item by its name or index, which no sibling of its keyword judges.
    InsideAlone,
    /// The same value.
    SameValue,
}

/// The schemas inside a schema, and what each judges.
pub(super) fn linked_parts(schema: &Value) -> impl Iterator<Item = (&Value, Link)> {
    schema.as_object().into_iter().flatten().flat_map(|(keyword, value)| {
        let (holds, in_place) = holds(keyword);
        let link = match keyword.as_str() {
            _ if in_place => Link::SameValue,
            "$defs" | "definitions" | "prefixItems" | "properties" => Link::InsideAlone,
            _ => Link::Inside,
        };
        let parts: Vec<&Value> = match (holds, value) {
            (Holds::Nothing, _) => Vec::new(),
            (Holds::Schemas, Value::Array(schemas)) => schemas.iter().collect(),
            (Holds::Schemas, schema) => vec![schema],
            (Holds::Named, named) => named.as_object().into_iter().flat_map(Map::values).collect(),
        };
        parts.into_iter().map(move |part| (part, link))
    })
}

/// Translates every pattern of a schema for the engine; `originals` records what it was.
pub(super) fn translate_patterns(schema: &mut Value, originals: &mut BTreeMap<String, String>) -> Result<(), String> {
    let Value::Object(members) = schema else { return Ok(()) };
    if let Some(Value::String(pattern)) = members.get_mut("pattern") {
        *pattern = translate(pattern, originals)?;
    }
    if let Some(Value::Object(named)) = members.get_mut("patternProperties") {
        for (pattern, schema) in std::mem::take(named) {
            let mut key = translate(&pattern, originals)?;
            while named.contains_key(&key) {
                key.push_str("(?:)");
            }
            named.insert(key, schema);
        }
    }
    for (keyword, value) in members {
        match (holds(keyword).0, value) {
            (Holds::Nothing, _) => {}
            (Holds::Schemas, Value::Array(schemas)) => {
                schemas.iter_mut().try_for_each(|schema| translate_patterns(schema, originals))?;
            }
            (Holds::Schemas, schema) => translate_patterns(schema, originals)?,
            (Holds::Named, Value::Object(named)) => {
                named.values_mut().try_for_each(|schema| translate_patterns(schema, originals))?;
            }
            (Holds::Named, _) => {}
        }
    }
    Ok(())
}

fn translate(pattern: &str, originals: &mut BTreeMap<String, String>) -> Result<String, String> {
    match translated(pattern) {
        Ok(text) => {
            if text != pattern {
                originals.insert(text.clone(), pattern.to_owned());
            }
            Ok(text)
        }
        Err(Unfit::Engine) => Ok(pattern.to_owned()),
        Err(Unfit::Wrong(why)) => Err(format!("the pattern `{pattern}` is not one of ECMA-262 that runs here: {why}")),
    }
}
