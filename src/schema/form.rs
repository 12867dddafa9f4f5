//! Whether a keyword's value is of the form that its draft's meta-schema asks for. What a schema holds in the place of
//! schemas is judged where it is compiled.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::draft::{Draft, Holds};

/// What is wrong with a keyword, and where below it.
pub(super) type Fault = (String, String);

const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

fn here(message: &str) -> Option<Fault> {
    Some((String::new(), message.to_owned()))
}

fn not(kind: &str) -> Option<Fault> {
    Some((String::new(), format!("value is not of type \"{kind}\"")))
}

fn none_of() -> Option<Fault> {
    here("value is not valid under any of the schemas listed in the 'anyOf' keyword")
}

/// What the meta-schema of a draft has against a member of a schema.
pub(super) fn fault(draft: Draft, schema: &Map<String, Value>, keyword: &str, value: &Value) -> Option<Fault> {
    let holds = draft.holds(keyword);
    if holds != Holds::Nothing {
        return fault_of_schemas(draft, keyword, holds, value);
    }
    match keyword {
        "$schema" | "description" | "format" | "pattern" | "title" => text(value),
        "id" if draft == Draft::Four => text(value),
        "$id" | "$ref" if draft >= Draft::Nineteen => address(keyword, value),
        "$ref" => text(value),
        "$id" if draft >= Draft::Six => text(value),
        "contentEncoding" | "contentMediaType" if draft >= Draft::Six => text(value),
        "$comment" if draft >= Draft::Seven => text(value),
        "$anchor" if draft >= Draft::Nineteen => anchor(value),
        "$dynamicAnchor" if draft == Draft::Twenty => anchor(value),
        "$dynamicRef" if draft == Draft::Twenty => text(value),
        "$recursiveRef" if draft >= Draft::Nineteen => text(value),
        "$recursiveAnchor" if draft == Draft::Nineteen => boolean(value),
        "$vocabulary" if draft >= Draft::Nineteen => match value.as_object() {
            Some(list) => list.values().find_map(boolean),
            None => not("object"),
        },
        "uniqueItems" => boolean(value),
        "readOnly" | "writeOnly" if draft >= Draft::Seven => boolean(value),
        "deprecated" if draft >= Draft::Nineteen => boolean(value),
        "exclusiveMaximum" if draft == Draft::Four => boolean(value).or_else(|| needs(schema, "maximum")),
        "exclusiveMinimum" if draft == Draft::Four => boolean(value).or_else(|| needs(schema, "minimum")),
        "exclusiveMaximum" | "exclusiveMinimum" | "maximum" | "minimum" => number(value),
        "multipleOf" => number(value).or_else(|| match value.as_f64() {
            Some(number) if number > 0.0 => None,
            _ => here("value is less than or equal to the minimum of 0"),
        }),
        "maxItems" | "maxLength" | "maxProperties" | "minItems" | "minLength" | "minProperties" => size(draft, value),
        "maxContains" | "minContains" if draft >= Draft::Nineteen => size(draft, value),
        "required" => texts(value, draft == Draft::Four),
        "enum" => list(value, false),
        "examples" if draft >= Draft::Six => list(value, false),
        "type" => kinds(value),
        "dependentRequired" if draft >= Draft::Nineteen => match value.as_object() {
            Some(named) => named.iter().find_map(|(name, value)| {
                texts(value, false).map(|(_, message)| (format!("/{}", crate::place::pointer_token(name)), message))
            }),
            None => not("object"),
        },
        _ => None,
    }
}

fn fault_of_schemas(draft: Draft, keyword: &str, holds: Holds, value: &Value) -> Option<Fault> {
    match holds {
        Holds::Named | Holds::NamedOrTexts if !value.is_object() => not("object"),
        Holds::NamedOrTexts => {
            let lists = value.as_object().into_iter().flatten().filter(|(_, inner)| inner.is_array());
            let wrong = lists.filter_map(|(name, inner)| texts(inner, draft == Draft::Four).map(|_| name)).next();
            wrong.and_then(|name| Some((format!("/{}", crate::place::pointer_token(name)), none_of()?.1)))
        }
        Holds::List => list(value, true),
        Holds::OneOrList if value.as_array().is_some_and(Vec::is_empty) && draft <= Draft::Nineteen => none_of(),
        Holds::OneOrList | Holds::One => {
            let either = match keyword {
                "additionalItems" | "additionalProperties" if draft == Draft::Four => value.is_boolean(),
                _ => false,
            };
            let is_schema = value.is_object() || (draft >= Draft::Six && value.is_boolean());
            let is_list = holds == Holds::OneOrList && value.is_array();
            match (is_schema || is_list || either, holds) {
                (true, _) => None,
                (false, Holds::OneOrList) => none_of(),
                (false, _) => not_a_schema(draft),
            }
        }
        _ => None,
    }
}

/// What is wrong with a value in the place of a schema.
pub(super) fn not_a_schema(draft: Draft) -> Option<Fault> {
    match draft {
        Draft::Four => not("object"),
        _ => here("value is not of types \"boolean\", \"object\""),
    }
}

fn text(value: &Value) -> Option<Fault> {
    if value.is_string() { None } else { not("string") }
}

fn boolean(value: &Value) -> Option<Fault> {
    if value.is_boolean() { None } else { not("boolean") }
}

fn number(value: &Value) -> Option<Fault> {
    if value.is_number() { None } else { not("number") }
}

fn needs(schema: &Map<String, Value>, other: &str) -> Option<Fault> {
    if schema.contains_key(other) { None } else { here(&format!("\"{other}\" is a required property")) }
}

/// An address has no name behind its `#`, and a reference may.
fn address(keyword: &str, value: &Value) -> Option<Fault> {
    let Some(address) = value.as_str() else { return not("string") };
    let bare = address.split_once('#').is_none_or(|(_, fragment)| fragment.is_empty());
    if bare || keyword == "$ref" { None } else { here("value does not match \"^[^#]*#?$\"") }
}

fn anchor(value: &Value) -> Option<Fault> {
    let Some(name) = value.as_str() else { return not("string") };
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let goes_on = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    if begins && goes_on { None } else { here("value does not match \"^[A-Za-z_][-A-Za-z0-9._]*$\"") }
}

/// A whole number that is not negative. In draft 4, `1.0` is none; what is beyond 64 bits is not known to be written so.
fn size(draft: Draft, value: &Value) -> Option<Fault> {
    let is_written_whole = |number: f64| !value.is_f64() || draft >= Draft::Six || number.abs() >= 2_f64.powi(63);
    match value.as_f64().filter(|number| number.fract() == 0.0 && is_written_whole(*number)) {
        None => not("integer"),
        Some(number) if number < 0.0 => here("value is less than the minimum of 0"),
        Some(_) => None,
    }
}

fn list(value: &Value, filled: bool) -> Option<Fault> {
    match value.as_array() {
        None => not("array"),
        Some(items) if filled && items.is_empty() => here("value has less than 1 item"),
        Some(_) => None,
    }
}

fn texts(value: &Value, filled: bool) -> Option<Fault> {
    let Some(items) = value.as_array() else { return not("array") };
    if filled && items.is_empty() {
        return here("value has less than 1 item");
    }
    let texts: BTreeSet<&str> = items.iter().filter_map(Value::as_str).collect();
    match items.iter().position(|item| !item.is_string()) {
        Some(index) => Some((format!("/{index}"), not("string")?.1)),
        None if texts.len() < items.len() => here("value has non-unique elements"),
        None => None,
    }
}

fn kinds(value: &Value) -> Option<Fault> {
    let known = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
    let fine = match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(known) && texts(value, true).is_none(),
        one => known(one),
    };
    if fine { None } else { none_of() }
}
