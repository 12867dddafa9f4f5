//! The dialect of OpenAPI 3.0.

use serde_json::{Map, Value, json};

/// The keywords that a Schema Object of OpenAPI 3.0 knows, those of the dialect aside.
const KNOWN: &[&str] = &[
    "additionalProperties",
    "allOf",
    "anyOf",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minItems",
    "minLength",
    "minProperties",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "uniqueItems",
];

/// A Schema Object of OpenAPI 3.0 as a JSON Schema of draft 2020-12 that means the same: `nullable` becomes a type, the
/// boolean `exclusiveMinimum` and `exclusiveMaximum` become numbers, and what 3.0 does not know is left out, as is what
/// stands beside a `$ref`. References stay as they are: the rest of the document, such as `components`, is put beside
/// the schema by [`openapi_30_document`].
#[must_use]
pub fn openapi_30(schema: &Value) -> Value {
    let Value::Object(schema) = schema else { return schema.clone() };
    if let Some(reference) = schema.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut out = Map::new();
    for (keyword, value) in schema {
        if !KNOWN.contains(&keyword.as_str()) {
            continue;
        }
        let value = match (keyword.as_str(), value) {
            ("properties", Value::Object(map)) => {
                map.iter().map(|(name, schema)| (name.clone(), openapi_30(schema))).collect()
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(list)) => list.iter().map(openapi_30).collect(),
            ("items" | "not" | "additionalProperties", value) => openapi_30(value),
            (_, value) => value.clone(),
        };
        out.insert(keyword.clone(), value);
    }
    if let Some(kind) = schema.get("type") {
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        out.insert("type".to_owned(), if nullable { json!([kind, "null"]) } else { kind.clone() });
    }
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if let Some(value) = schema.get(bound) {
            let outside = schema.get(exclusive) == Some(&Value::Bool(true));
            out.insert((if outside { exclusive } else { bound }).to_owned(), value.clone());
        }
    }
    Value::Object(out)
}

/// One schema of an OpenAPI 3.0 document, with the document's `components.schemas` beside it for its references.
#[must_use]
pub fn openapi_30_document(document: &Value, schema: &Value) -> Value {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let schemas: Map<String, Value> = schemas
        .into_iter()
        .flat_map(|map| map.iter().map(|(name, schema)| (name.clone(), openapi_30(schema))))
        .collect();
    json!({ "allOf": [openapi_30(schema)], "components": { "schemas": schemas } })
}
