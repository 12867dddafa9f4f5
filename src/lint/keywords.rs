//! Keywords of a schema that are probably misspelled. A schema may have keywords that nobody knows, so they compile, and
//! what they were to demand is not demanded.

use serde_json::{Map, Value};

use super::reads::warn;
use crate::finding::{Code, Finding};
use crate::nearest::nearest;
use crate::place::pointer_token;
use crate::schema::Schema;

/// Every keyword from draft 4 to 2020-12, by what its value is: no schema, a schema or a list of them, schemas by name.
const PLAIN: [&str; 42] = [
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$recursiveAnchor",
    "$recursiveRef",
    "$ref",
    "$schema",
    "$vocabulary",
    "const",
    "contentEncoding",
    "contentMediaType",
    "default",
    "dependentRequired",
    "deprecated",
    "description",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "id",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];
const SCHEMAS: [&str; 18] = [
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "contentSchema",
    "else",
    "extends",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "disallow",
];
const NAMED: [&str; 6] =
    ["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"];

/// A warning for each keyword of the contract's schema that is none, and that looks like one.
pub(super) fn lint(schema: &Schema) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut open = vec![("/schema".to_owned(), schema.document())];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(index, item)| (format!("{at}/{index}"), item)));
            }
            Value::Object(members) => look(&at, members, &mut open, &mut findings),
            _ => {}
        }
    }
    findings.sort_by(|a, b| a.at.cmp(&b.at));
    findings
}

fn look<'a>(
    at: &str,
    members: &'a Map<String, Value>,
    open: &mut Vec<(String, &'a Value)>,
    findings: &mut Vec<Finding>,
) {
    for (name, value) in members {
        let below = format!("{at}/{}", pointer_token(name));
        match (name.as_str(), value) {
            (name, _) if PLAIN.contains(&name) => {}
            (name, _) if SCHEMAS.contains(&name) => open.push((below, value)),
            (name, Value::Object(named)) if NAMED.contains(&name) => {
                open.extend(named.iter().map(|(name, schema)| (format!("{below}/{}", pointer_token(name)), schema)));
            }
            (name, _) if NAMED.contains(&name) => {}
            (name, _) => findings.extend(misspelled(name, &below)),
        }
    }
}

fn misspelled(name: &str, at: &str) -> Option<Finding> {
    let known = PLAIN.iter().chain(&SCHEMAS).chain(&NAMED).copied();
    let meant = nearest(name, known)?;
    let message = format!("`{name}` is no keyword of a schema, so it demands nothing");
    Some(warn(Code::LintSchemaKeyword, at, &message, &format!("did you mean `{meant}`?")))
}
