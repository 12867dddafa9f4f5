//! Keywords about a value itself: types, listed values, numbers and strings.

use serde_json::{Map, Value, json};

use super::{Parser, Schema};
use crate::draft::Draft;
use crate::node::{ARRAY, BOOLEAN, EVERY, FRACTION, NULL, NUMBER, Node, OBJECT, STRING, Types, WHOLE};
use crate::rational::Rational;

/// Texts of which a format that forbids anything forbids one.
const ODD: &[&str] = &["\u{1}", "[", "a b{", "0", "", "{:}", "="];

impl Parser<'_> {
    pub(super) fn values(&mut self, schema: &mut Schema) {
        self.types(schema);
        self.listed(schema);
        self.bounds(schema);
        self.lengths(schema);
        self.checked(schema);
    }

    fn types(&mut self, schema: &mut Schema) {
        let Some(value) = schema.keywords.get("type") else { return };
        let types = match value {
            Value::String(name) => named(name),
            Value::Array(names) => names.iter().try_fold(0, |types, name| Some(types | named(name.as_str()?)?)),
            _ => None,
        };
        let Some(types) = types else { return self.malformed(schema, "type") };
        if types != EVERY {
            schema.found.push(self.arena.put(Node::Type(types)));
        }
        if self.document.draft == Draft::Draft4 && types & NUMBER == WHOLE {
            schema.found.push(self.arena.put(Node::Written));
        }
    }

    fn listed(&mut self, schema: &mut Schema) {
        match schema.keywords.get("enum") {
            Some(Value::Array(values)) => self.one_of_values(schema, values),
            Some(_) => self.malformed(schema, "enum"),
            None => {}
        }
        if let (Some(value), true) = (schema.keywords.get("const"), self.document.draft >= Draft::Draft6) {
            self.one_of_values(schema, std::slice::from_ref(value));
        }
    }

    fn one_of_values(&mut self, schema: &mut Schema, values: &[Value]) {
        let mut levelled: Vec<(String, Value)> =
            values.iter().map(levelled).map(|value| (value.to_string(), value)).collect();
        levelled.sort_by(|left, right| left.0.cmp(&right.0));
        levelled.dedup();
        let values: Vec<Value> = levelled.into_iter().map(|(_, value)| value).collect();
        schema.found.push(self.arena.put(Node::Enum(values)));
    }

    fn bounds(&mut self, schema: &mut Schema) {
        let early = self.document.draft == Draft::Draft4;
        for (keyword, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
            let outside = early && schema.keywords.get(exclusive) == Some(&Value::Bool(true));
            self.bound(schema, keyword, keyword == "minimum", outside);
            if !early {
                self.bound(schema, exclusive, keyword == "minimum", true);
            }
        }
        if let Some(value) = schema.keywords.get("multipleOf") {
            match Rational::of(value) {
                Some(number) if number.numerator > 0 => {
                    schema.found.push(self.arena.put(Node::Multiple(number)));
                }
                _ => self.malformed(schema, "multipleOf"),
            }
        }
    }

    fn bound(&mut self, schema: &mut Schema, keyword: &str, low: bool, outside: bool) {
        let Some(value) = schema.keywords.get(keyword) else { return };
        match Rational::of(value) {
            Some(number) if low => schema.found.push(self.arena.put(Node::Minimum(number, outside))),
            Some(number) => schema.found.push(self.arena.put(Node::Maximum(number, outside))),
            None => self.malformed(schema, keyword),
        }
    }

    fn lengths(&mut self, schema: &mut Schema) {
        if let Some(count @ 1..) = self.count(schema, "minLength") {
            schema.found.push(self.arena.put(Node::MinLength(count)));
        }
        if let Some(count) = self.count(schema, "maxLength") {
            schema.found.push(self.arena.put(Node::MaxLength(count)));
        }
        match schema.keywords.get("pattern") {
            Some(Value::String(pattern)) => schema.found.push(self.arena.put(Node::Pattern(pattern.clone()))),
            Some(_) => self.malformed(schema, "pattern"),
            None => {}
        }
    }

    /// Keywords that only the validator knows. One that it never refuses anything by is no constraint.
    fn checked(&mut self, schema: &mut Schema) {
        if !self.formats {
            return;
        }
        let draft = self.document.draft;
        let mut keywords = Vec::new();
        if let Some(format @ Value::String(_)) = schema.keywords.get("format") {
            keywords.push(json!({ "format": format }));
        }
        // Together: what is looked at is the decoded text.
        let content: Map<String, Value> = ["contentMediaType", "contentEncoding"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), schema.keywords.get(*name)?.clone())))
            .collect();
        if !content.is_empty() && draft == Draft::Draft7 {
            keywords.push(Value::Object(content));
        }
        for keyword in keywords {
            let keyword = keyword.to_string();
            if ODD.iter().any(|text| self.checks.keyword(draft, &keyword, &Value::from(*text)) != Some(true)) {
                schema.found.push(self.arena.put(Node::Checked(draft, keyword)));
            }
        }
    }
}

fn named(name: &str) -> Option<Types> {
    Some(match name {
        "null" => NULL,
        "boolean" => BOOLEAN,
        "integer" => WHOLE,
        "number" => WHOLE | FRACTION,
        "string" => STRING,
        "array" => ARRAY,
        "object" => OBJECT,
        _ => return None,
    })
}

/// A value in which equal numbers are written alike.
pub(crate) fn levelled(value: &Value) -> Value {
    match value {
        Value::Number(_) => Rational::of(value).and_then(Rational::to_value).unwrap_or_else(|| value.clone()),
        Value::Array(list) => list.iter().map(levelled).collect(),
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), levelled(value))).collect(),
        _ => value.clone(),
    }
}
