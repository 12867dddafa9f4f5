//! Schemas that are clearly well formed: every keyword has its type (JSON Schema 2020-12, Validation and Applicator),
//! and the schema is self-contained: it has no address and refers only to its own parts. A schema with anything
//! unusual is not plain and is validated against its meta-schema, which costs many times more.

use std::collections::BTreeSet;

use serde_json::Value;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/// Whether the meta-schema of 2020-12 certainly holds, without running it. False means nothing.
pub(super) fn holds(schema: &Value) -> bool {
    match schema {
        Value::Bool(_) => true,
        Value::Object(members) => members.iter().all(|(keyword, value)| keyword_holds(keyword, value)),
        _ => false,
    }
}

fn keyword_holds(keyword: &str, value: &Value) -> bool {
    match keyword {
        "$schema" => value == DRAFT,
        "$ref" => value.as_str().is_some_and(is_own_part),
        "$comment" | "contentEncoding" | "contentMediaType" | "description" | "format" | "pattern" | "title" => {
            value.is_string()
        }
        "const" | "default" => true,
        "enum" | "examples" => value.is_array(),
        "deprecated" | "readOnly" | "uniqueItems" | "writeOnly" => value.is_boolean(),
        "exclusiveMaximum" | "exclusiveMinimum" | "maximum" | "minimum" => value.is_number(),
        "multipleOf" => value.as_f64().is_some_and(|number| number > 0.0),
        "maxContains" | "maxItems" | "maxLength" | "maxProperties" | "minContains" | "minItems" | "minLength"
        | "minProperties" => value.is_u64(),
        "required" => value.as_array().is_some_and(|names| are_different_texts(names)),
        "type" => match value {
            Value::Array(types) => !types.is_empty() && types.iter().all(is_type) && are_different_texts(types),
            one => is_type(one),
        },
        "additionalProperties"
        | "contains"
        | "contentSchema"
        | "else"
        | "if"
        | "items"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => holds(value),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
            value.as_array().is_some_and(|schemas| !schemas.is_empty() && schemas.iter().all(holds))
        }
        "$defs" | "dependentSchemas" | "properties" => {
            value.as_object().is_some_and(|schemas| schemas.values().all(holds))
        }
        // `patternProperties`, addresses, anchors, vocabularies, keywords of older drafts, and unknown ones.
        _ => false,
    }
}

fn is_type(value: &Value) -> bool {
    value.as_str().is_some_and(|name| TYPES.contains(&name))
}

/// A fragment without anything that could confuse a parser of URI references.
fn is_own_part(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-$".contains(&byte);
    text.strip_prefix('#').is_some_and(|pointer| pointer.bytes().all(plain))
}

fn are_different_texts(values: &[Value]) -> bool {
    let texts: Option<BTreeSet<&str>> = values.iter().map(Value::as_str).collect();
    texts.is_some_and(|texts| texts.len() == values.len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Every schema that ships, with each of its members in turn replaced by something else: what counts as plain
    /// conforms to the meta-schema.
    #[test]
    fn what_is_plain_holds_to_the_meta_schema() {
        let wrong = ["null", "true", "-1", "1.5", "0", "\"x\"", "[]", "{}", "[1,1]", "[\"a\",\"a\"]", "{\"a\":1}"];
        let wrong = wrong.map(|text| serde_json::from_str::<Value>(text).unwrap());
        let (mut plain, mut others) = (0, 0);
        for schema in shipped() {
            for pointer in pointers(&schema, String::new()) {
                for value in &wrong {
                    let mut mutant = schema.clone();
                    *mutant.pointer_mut(&pointer).unwrap() = value.clone();
                    if holds(&mutant) {
                        plain += 1;
                        assert!(jsonschema::meta::is_valid(&mutant), "{pointer} of {mutant}");
                    } else {
                        others += 1;
                    }
                }
            }
            assert!(jsonschema::meta::is_valid(&schema));
        }
        assert!(plain > 100 && others > 1000, "{plain} {others}");
    }

    #[test]
    fn most_that_ship_are_plain() {
        let all = shipped();
        let plain = all.iter().filter(|schema| holds(schema)).count();
        assert!(plain * 4 >= all.len() * 3, "{plain} of {}", all.len());
    }

    fn shipped() -> Vec<Value> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/webhook");
        let contracts = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files =
            contracts.flat_map(|contract| std::fs::read_dir(contract).unwrap().map(|entry| entry.unwrap().path()));
        let schemas = files.filter(|path| path.to_string_lossy().ends_with(".schema.json"));
        schemas.map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
    }

    fn pointers(value: &Value, at: String) -> Vec<String> {
        let below: Vec<(String, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
            _ => Vec::new(),
        };
        let deeper = below.into_iter().flat_map(|(name, member)| {
            pointers(member, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")))
        });
        let deeper: Vec<String> = deeper.collect();
        std::iter::once(at).chain(deeper).collect()
    }
}
