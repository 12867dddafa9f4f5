//! What a schema excludes from a string, for a lint. It says yes only if that is proved, by `pattern`, `enum` or
//! `const`, below `properties` and `allOf`. References are not followed.

use serde_json::Value;

/// Whether no string that the schema allows at the pointer contains `text`.
pub(super) fn bars(schema: &Value, tokens: &[String], text: &str) -> bool {
    // Next to a reference, older drafts ignore every other keyword; an unknown draft may ignore any.
    if schema.get("$ref").is_some() || !schema.get("$schema").is_none_or(is_known) {
        return false;
    }
    let all = schema.get("allOf").and_then(Value::as_array);
    if all.into_iter().flatten().any(|inner| bars(inner, tokens, text)) {
        return true;
    }
    let lacks = |value: &Value| value.as_str().is_none_or(|value| !value.contains(text));
    match tokens.split_first() {
        None => {
            schema.get("const").is_some_and(lacks)
                || schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.iter().all(lacks))
                || schema.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern_bars(pattern, text))
        }
        // A number may be the index of a list, about which `properties` says nothing.
        Some((token, _)) if token.bytes().all(|byte| byte.is_ascii_digit()) => false,
        Some((token, rest)) => {
            schema.get("properties").and_then(|members| members.get(token)).is_some_and(|inner| bars(inner, rest, text))
        }
    }
}

/// The drafts that have `const`.
fn is_known(address: &Value) -> bool {
    let address = address.as_str().unwrap_or_default();
    ["://json-schema.org/draft-06/", "://json-schema.org/draft-07/", "://json-schema.org/draft/20"]
        .iter()
        .any(|draft| address.contains(draft))
}

/// True for `^[a-z0-9_-]+$` and the like: one class of plain characters and ranges, repeated, if a character of the
/// text is not in it.
fn pattern_bars(pattern: &str, text: &str) -> bool {
    let Some((class, count)) = pattern.strip_prefix("^[").and_then(|rest| rest.split_once(']')) else {
        return false;
    };
    let counted = |count: &str| {
        let range = count.strip_prefix('{').and_then(|count| count.strip_suffix('}'));
        range.is_some_and(|range| {
            !range.starts_with(',') && range.bytes().all(|byte| byte.is_ascii_digit() || byte == b',')
        })
    };
    let Some(count) = count.strip_suffix('$') else { return false };
    (matches!(count, "" | "+" | "*") || counted(count))
        && ranges(class).is_some_and(|ranges| {
            text.chars().any(|character| !ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)))
        })
}

/// The ranges of a class of ASCII letters, digits and plain signs. `None` for anything with a special meaning.
fn ranges(class: &str) -> Option<Vec<(char, char)>> {
    let characters: Vec<char> = class.chars().collect();
    let mut rest = characters.as_slice();
    let mut ranges = Vec::new();
    while let Some((from, after)) = rest.split_first() {
        if !(from.is_ascii_alphanumeric() || "_-.:=+/,;".contains(*from)) {
            return None;
        }
        rest = after;
        match after {
            ['-', to, after @ ..] if from.is_ascii_alphanumeric() && to.is_ascii_alphanumeric() => {
                ranges.push((*from, *to));
                rest = after;
            }
            // A hyphen that is not first or last may mean a range.
            ['-', _, ..] => return None,
            _ if *from == '-' && !ranges.is_empty() && !after.is_empty() => return None,
            _ => ranges.push((*from, *from)),
        }
    }
    Some(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(schema: &Value, pointer: &[&str], text: &str) -> bool {
        bars(schema, &pointer.iter().map(|token| (*token).to_owned()).collect::<Vec<_>>(), text)
    }

    #[test]
    fn a_plain_class_bars_what_it_lacks() {
        for pattern in ["^[a-z]+$", "^[A-Za-z0-9_-]{1,64}$", "^[-a-f0-9]*$", "^[x]$", "^[a-zA-Z0-9+/=]{22,}$"] {
            assert!(holds(&json!({ "pattern": pattern }), &[], ":"), "{pattern}");
        }
        assert!(holds(&json!({ "pattern": "^[a-z]+$" }), &[], "v0:"));
        assert!(!holds(&json!({ "pattern": "^[a-z0-9]+$" }), &[], "v0"));
        assert!(!holds(&json!({ "pattern": "^[.-z]+$" }), &[], ":"));
    }

    #[test]
    fn what_is_not_proved_is_not_claimed() {
        for pattern in [
            "[a-z]+",
            "^[a-z]+",
            "[a-z]+$",
            "^[^a]+$",
            "^[a-z:]+$",
            "^[\\w]+$",
            "^[a-z&&b]+$",
            "^[a-z]+|.*$",
            "^[a-z]+$|x",
            "^[a-z]+.*$",
            "^[[:graph:]]+$",
            "^[0-z]+$",
            "^[ -~]+$",
            "^[+--z]+$",
            "^[]a]+$",
            "^a$",
            "^[a-z]{1,}.$",
            "(?i)^[a-z]+$",
            "^[0-9-~]$",
            "^[a-z]{,5}$",
            "",
        ] {
            assert!(!holds(&json!({ "pattern": pattern }), &[], ":"), "{pattern}");
        }
    }

    #[test]
    fn values_are_what_is_listed() {
        assert!(holds(&json!({ "enum": ["a", 7, null] }), &[], ":"));
        assert!(!holds(&json!({ "enum": ["a", "b:"] }), &[], ":"));
        assert!(holds(&json!({ "const": "a" }), &[], ":"));
        assert!(!holds(&json!({ "const": "a:" }), &[], ":"));
        let old = json!({ "$schema": "http://json-schema.org/draft-04/schema#", "const": "a" });
        assert!(!holds(&old, &[], ":"), "draft 4 has no const");
    }

    #[test]
    fn the_pointer_is_followed_where_it_is_sure() {
        let token = json!({ "properties": { "token": { "pattern": "^[a-z]+$" } } });
        let payload =
            json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "properties": { "payload": token } });
        assert!(holds(&payload, &["payload", "token"], ":"));
        assert!(!holds(&payload, &["payload"], ":"));
        assert!(!holds(&payload, &["payload", "other"], ":"));
        assert!(holds(&json!({ "allOf": [true, payload] }), &["payload", "token"], ":"));
        assert!(!holds(&json!({ "anyOf": [payload] }), &["payload", "token"], ":"));
        let beside = json!({ "$ref": "#/definitions/x", "properties": { "token": { "pattern": "^[a-z]+$" } } });
        assert!(!holds(&beside, &["token"], ":"));
        let listed = json!({ "properties": { "0": { "pattern": "^[a-z]+$" } } });
        assert!(!holds(&listed, &["0"], ":"), "an index of a list");
    }
}
