//! Schemas that refer to themselves: refused where they say nothing or multiply without measure, and not where a value
//! lies between.

use countersign::{Gate, Options};
use serde_json::{Value, json};

fn load(schema: &Value, schemas: &Value) -> Result<Gate, countersign::ContractError> {
    let mut contract = json!({ "contract": "references", "version": 1, "signature": null, "schema": schema });
    if !schemas.is_null() {
        contract["schemas"] = schemas.clone();
    }
    Gate::compile(&contract.to_string(), Options::default())
}

#[test]
fn a_schema_that_only_refers_to_itself_is_refused() {
    let own = json!({ "$ref": "#" });
    let circles = [
        own.clone(),
        json!({ "allOf": [own] }),
        json!({ "anyOf": [{ "type": "string" }, own] }),
        json!({ "oneOf": [own] }),
        json!({ "not": own }),
        json!({ "if": own, "then": true }),
        json!({ "if": true, "then": own }),
        json!({ "dependentSchemas": { "a": own } }),
        json!({ "$id": "https://circle.example/a", "$ref": "https://circle.example/a" }),
        json!({ "$id": "https://circle.example/a", "$ref": "a#" }),
        json!({ "$anchor": "me", "$ref": "#me" }),
        json!({ "$dynamicAnchor": "me", "$dynamicRef": "#me" }),
        json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/a" } } }),
        json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } } }),
        json!({ "$ref": "#/$defs/a%20b", "$defs": { "a b": { "allOf": [{ "$ref": "#/$defs/a%20b" }] } } }),
        json!({ "type": "object", "properties": { "deep": { "$ref": "#/properties/deep" } } }),
        json!({ "items": { "allOf": [{ "$ref": "#/items" }] } }),
        json!({ "$defs": { "a": { "$id": "inner", "allOf": [{ "$ref": "#" }] } }, "$ref": "#/$defs/a" }),
        json!({ "$schema": "http://json-schema.org/draft-07/schema#", "definitions": { "a": { "$ref": "#/definitions/a" } },
            "$ref": "#/definitions/a" }),
        json!({ "$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveRef": "#" }),
    ];
    for schema in circles {
        let error = load(&schema, &Value::Null).map(|_| ()).expect_err(&schema.to_string());
        assert_eq!(error.code, "contract-schema", "{schema}");
        assert!(error.message.contains("refers to itself"), "{schema}: {}", error.message);
    }
    let one = json!({ "https://circle.example/a": { "$ref": "b" }, "https://circle.example/b": { "$ref": "a" } });
    assert!(load(&json!(true), &one).is_err());
    let through = json!({ "https://circle.example/a": { "allOf": [{ "$ref": "https://circle.example/root" }] } });
    let root = json!({ "$id": "https://circle.example/root", "$ref": "https://circle.example/a" });
    assert!(load(&root, &through).is_err());
}

#[test]
fn a_schema_that_refers_to_itself_for_another_value_loads() {
    let own = json!({ "$ref": "#" });
    let schemas = [
        json!({ "properties": { "next": own } }),
        json!({ "items": own, "anyOf": [{ "type": "array" }, { "type": "string" }] }),
        json!({ "additionalProperties": own }),
        json!({ "contains": own }),
        json!({ "propertyNames": own }),
        json!({ "unevaluatedProperties": own }),
        json!({ "allOf": [{ "$ref": "#/$defs/a" }, { "$ref": "#/$defs/a" }], "$defs": { "a": { "items": own } } }),
        json!({ "properties": { "$ref": { "const": "#" } }, "const": own, "enum": [own], "default": own }),
    ];
    for schema in schemas {
        assert!(load(&schema, &Value::Null).is_ok(), "{schema}");
    }
}

/// Each of its schemas refers to the next twice: a few lines that stand for 2^n schemas.
#[test]
fn references_that_multiply_are_refused() {
    let doubling = |count: usize| {
        let mut defs = json!({});
        for index in 0..count {
            let next = json!({ "$ref": format!("#/$defs/s{}", index + 1) });
            defs[format!("s{index}")] = json!({ "allOf": [next, next] });
        }
        defs[format!("s{count}")] = json!({ "type": "string" });
        json!({ "$ref": "#/$defs/s0", "$defs": defs })
    };
    assert!(load(&doubling(8), &Value::Null).is_ok());
    for count in [16, 40, 200, 5_000] {
        let error = load(&doubling(count), &Value::Null).map(|_| ()).unwrap_err();
        assert_eq!(error.code, "contract-schema");
        assert!(error.message.contains("more than"), "{}", error.message);
    }
}
