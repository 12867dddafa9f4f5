//! Random schemas, small changes of them, and documents that could tell two schemas apart.

use serde_json::{Map, Value, json};

/// SplitMix64: the same numbers everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((bits ^ (bits >> 31)) % below.max(1) as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.next(100) < percent
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.next(of.len())]
    }
}

const NAMES: &[&str] = &["a", "b", "ab", "x1"];
const PATTERNS: &[&str] = &["^a", "b$", "^x[0-9]+$", "[0-9]", "^(a|b)+$", "a.c"];
const TYPES: &[&str] = &["null", "boolean", "integer", "number", "string", "array", "object"];
const KEYWORDS: &[&str] = &[
    "type",
    "type",
    "types",
    "enum",
    "const",
    "bound",
    "bound",
    "length",
    "multipleOf",
    "pattern",
    "properties",
    "properties",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "size",
    "items",
    "items",
    "prefixItems",
    "contains",
    "uniqueItems",
    "count",
    "anyOf",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "if",
    "dependentRequired",
    "dependentSchemas",
    "unevaluated",
    "unevaluated",
    "$ref",
];

fn value(random: &mut Random, depth: usize) -> Value {
    match random.next(if depth == 0 { 20 } else { 16 }) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(false),
        3..8 => json!(random.next(5) as i64 - 1),
        8 => json!(1.5),
        9 => json!(""),
        10..14 => json!(random.one(NAMES)),
        14 => json!([]),
        15 => json!({}),
        16 => json!([value(random, 1)]),
        17 => json!([value(random, 1), value(random, 1)]),
        _ => json!({ random.one(NAMES): value(random, 1) }),
    }
}

/// `refers`: whether a reference may stand here. In a definition it may only after a step into the value.
fn schema(random: &mut Random, depth: usize, refers: bool) -> Value {
    if depth > 3 || random.chance(6) {
        return match random.next(if refers { 7 } else { 5 }) {
            0 | 1 => json!(true),
            2 => json!(false),
            3 => json!({ "type": "string" }),
            4 => json!({ "type": "integer" }),
            5 => json!({ "$ref": "#/$defs/D" }),
            _ => json!({ "$ref": "#/$defs/E" }),
        };
    }
    let mut out = Map::new();
    for _ in 0..=random.next(3) {
        keyword(random, depth, refers, &mut out);
    }
    Value::Object(out)
}

fn keyword(random: &mut Random, depth: usize, refers: bool, out: &mut Map<String, Value>) {
    let below = |random: &mut Random| schema(random, depth + 1, true);
    let beside = |random: &mut Random| schema(random, depth + 1, refers);
    let keyword = random.one(KEYWORDS);
    let (name, value) = match keyword {
        "type" => ("type", json!(random.one(TYPES))),
        "types" => ("type", json!(["null", TYPES[1 + random.next(6)]])),
        "enum" => ("enum", (0..=random.next(4)).map(|_| value(random, 0)).collect()),
        "const" => ("const", value(random, 0)),
        "bound" => {
            let names = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
            (names[random.next(4)], [json!(-1), json!(0), json!(1), json!(2), json!(1.5)][random.next(5)].clone())
        }
        "length" => (["minLength", "maxLength"][random.next(2)], json!(random.next(4))),
        "multipleOf" => (keyword, [json!(1), json!(2), json!(3), json!(0.5)][random.next(4)].clone()),
        "pattern" => (keyword, json!(random.one(PATTERNS))),
        "properties" => {
            let map: Map<String, Value> =
                (0..=random.next(3)).map(|_| (random.one(NAMES).to_owned(), below(random))).collect();
            (keyword, map.into())
        }
        "required" => (keyword, json!([random.one(NAMES)])),
        "additionalProperties" => (keyword, if random.chance(40) { json!(false) } else { below(random) }),
        "patternProperties" => (keyword, json!({ random.one(PATTERNS): below(random) })),
        "propertyNames" => {
            let rules =
                [json!({ "pattern": random.one(PATTERNS) }), json!({ "enum": ["a", "b"] }), json!({ "maxLength": 1 })];
            (keyword, rules[random.next(3)].clone())
        }
        "size" => (["minProperties", "maxProperties"][random.next(2)], json!(random.next(4))),
        "items" => (keyword, below(random)),
        "prefixItems" => (keyword, (0..=random.next(2)).map(|_| below(random)).collect()),
        "contains" => {
            if random.chance(30) {
                let name = ["minContains", "maxContains"][random.next(2)];
                out.insert(name.to_owned(), json!(random.next(3)));
            }
            (keyword, below(random))
        }
        "uniqueItems" => (keyword, json!(true)),
        "count" => (["minItems", "maxItems"][random.next(2)], json!(random.next(4))),
        "anyOf" | "oneOf" | "allOf" => (keyword, (0..=random.next(3)).map(|_| beside(random)).collect()),
        "not" => (keyword, beside(random)),
        "if" => {
            let branch = ["then", "else"][random.next(2)];
            out.insert(branch.to_owned(), beside(random));
            (keyword, beside(random))
        }
        "dependentRequired" => (keyword, json!({ random.one(NAMES): [random.one(NAMES)] })),
        "dependentSchemas" => (keyword, json!({ random.one(NAMES): beside(random) })),
        "unevaluated" => {
            let name = ["unevaluatedProperties", "unevaluatedItems"][random.next(2)];
            (name, if random.chance(65) { json!(false) } else { below(random) })
        }
        _ if refers => ("$ref", json!(["#/$defs/D", "#/$defs/E"][random.next(2)])),
        _ => return,
    };
    out.insert(name.to_owned(), value);
}

/// Where the objects of a schema are, but for those that are values or maps of schemas.
fn places(schema: &Value, pointer: &str, found: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            let is_map = ["properties", "patternProperties", "dependentSchemas", "dependentRequired", "$defs"]
                .iter()
                .any(|keyword| pointer.ends_with(keyword));
            if !is_map {
                found.push(pointer.to_owned());
            }
            for (name, inner) in map {
                if is_map || !matches!(name.as_str(), "enum" | "const") {
                    places(inner, &format!("{pointer}/{name}"), found);
                }
            }
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, inner)| places(inner, &format!("{pointer}/{index}"), found));
        }
        _ => {}
    }
}

fn change(random: &mut Random, schema: &mut Value) {
    let mut found = Vec::new();
    places(schema, "", &mut found);
    let place = found[random.next(found.len())].clone();
    let in_definition = place.starts_with("/$defs");
    let Some(Value::Object(map)) = schema.pointer_mut(&place) else { return };
    let names: Vec<String> = map.keys().filter(|name| *name != "$defs").cloned().collect();
    if !names.is_empty() && random.chance(70) {
        let name = &names[random.next(names.len())];
        match map.get_mut(name) {
            Some(Value::Number(number)) if number.is_u64() => {
                let count = number.as_u64().unwrap_or_default();
                let next = if random.chance(50) { count + 1 } else { count.saturating_sub(1) };
                map.insert(name.clone(), json!(if name == "multipleOf" { next.max(1) } else { next }));
            }
            Some(Value::Array(list)) if list.len() > 1 => {
                let index = random.next(list.len());
                list.remove(index);
            }
            _ => _ = map.remove(name),
        }
    } else {
        keyword(random, 2, !in_definition, map);
    }
}

pub fn pair(random: &mut Random) -> (Value, Value) {
    let definitions = json!({
        "D": { "type": "object", "properties": { "a": { "$ref": "#/$defs/D" }, "b": schema(random, 2, true) } },
        "E": schema(random, 2, false),
    });
    let mut old = match schema(random, 0, true) {
        Value::Object(map) => Value::Object(map),
        other => json!({ "allOf": [other] }),
    };
    old["$defs"] = definitions;
    let mut new = old.clone();
    if random.chance(20) {
        if let Value::Object(map) = schema(random, 0, true) {
            let definitions = new["$defs"].take();
            new = Value::Object(map);
            new["$defs"] = definitions;
        }
    } else {
        (0..=random.next(2)).for_each(|_| change(random, &mut new));
    }
    if random.chance(50) { (new, old) } else { (old, new) }
}

/// Literals of a schema and what lies beside them.
fn literals(schema: &Value, found: &mut Vec<Value>) {
    match schema {
        Value::Object(map) => {
            for (name, inner) in map {
                match (name.as_str(), inner) {
                    ("enum", Value::Array(list)) => found.extend(list.iter().cloned()),
                    ("const", inner) => found.push(inner.clone()),
                    (_, Value::Number(number)) => {
                        let number = number.as_f64().unwrap_or_default();
                        found.extend([number, number - 1.0, number + 1.0, number + 0.5].map(|number| json!(number)));
                    }
                    (_, inner) => literals(inner, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| literals(inner, found)),
        _ => {}
    }
}

/// A document that could tell the two apart: shaped by one of them, with changes.
pub fn document(random: &mut Random, old: &Value, new: &Value) -> Value {
    let mut values = vec![json!(null), json!(true), json!(0), json!(1.5), json!(""), json!("ab"), json!("x1")];
    literals(old, &mut values);
    literals(new, &mut values);
    let root = if random.chance(70) { old } else { new };
    let mut document = shaped(random, root, root, &values, 0);
    if random.chance(50) {
        let other = if random.chance(50) { old } else { new };
        if let Value::Object(map) = &mut document {
            let name = random.one(&["a", "b", "ab", "x1", "ac", "7", "zz"]).to_owned();
            map.insert(name, shaped(random, other, other, &values, 2));
        } else if let Value::Array(list) = &mut document {
            list.push(shaped(random, other, other, &values, 2));
        }
    }
    document
}

/// A value that goes some way with a schema.
fn shaped(random: &mut Random, schema: &Value, root: &Value, values: &[Value], depth: usize) -> Value {
    let any = |random: &mut Random| match random.next(4) {
        0 => value(random, 0),
        _ => values[random.next(values.len())].clone(),
    };
    let Value::Object(map) = schema else { return any(random) };
    if depth > 4 || random.chance(10) {
        return any(random);
    }
    if let Some(Value::Array(list)) = map.get("enum")
        && !list.is_empty()
    {
        return list[random.next(list.len())].clone();
    }
    let inner = ["anyOf", "oneOf", "allOf"].iter().filter_map(|name| map.get(*name)?.as_array()).flatten();
    let inner = inner.chain(["if", "then", "else", "not"].iter().filter_map(|name| map.get(*name)));
    let referred = map.get("$ref").and_then(|name| root.pointer(name.as_str()?.trim_start_matches('#')));
    let beside: Vec<&Value> = inner.chain(referred).collect();
    let start = if !beside.is_empty() && random.chance(60) {
        let chosen = beside[random.next(beside.len())];
        shaped(random, chosen, root, values, depth + 1)
    } else {
        match random.next(4) {
            0 => any(random),
            1 => json!([]),
            _ => json!({}),
        }
    };
    let wants = |names: &[&str]| names.iter().any(|name| map.contains_key(*name));
    let start = match (&start, map.get("type").and_then(Value::as_str)) {
        (Value::Object(_) | Value::Array(_), None) => start,
        (_, Some("object")) if !start.is_object() => json!({}),
        (_, Some("array")) if !start.is_array() => json!([]),
        (_, None) if wants(&["properties", "required"]) && random.chance(70) => json!({}),
        (_, None) if wants(&["items", "prefixItems", "contains"]) && random.chance(70) => json!([]),
        _ => start,
    };
    match start {
        Value::Object(mut object) => {
            for (name, inner) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if random.chance(60) {
                    object.insert(name.clone(), shaped(random, inner, root, values, depth + 1));
                }
            }
            for name in map.get("required").and_then(Value::as_array).into_iter().flatten() {
                let name = name.as_str().unwrap_or_default();
                if !object.contains_key(name) {
                    object.insert(name.to_owned(), any(random));
                }
            }
            Value::Object(object)
        }
        Value::Array(mut list) => {
            let first = map.get("prefixItems").and_then(Value::as_array).into_iter().flatten();
            let rest = ["items", "contains"].iter().filter_map(|name| map.get(*name));
            for inner in first.chain(rest) {
                for _ in 0..random.next(3) {
                    list.push(shaped(random, inner, root, values, depth + 1));
                }
            }
            Value::Array(list)
        }
        other => other,
    }
}

/// Both schemas with one part left out of one or of both.
pub fn smaller(old: &Value, new: &Value) -> Vec<(Value, Value)> {
    let mut found = Vec::new();
    for pointer in parts(old, "") {
        let less = without(old, &pointer);
        found.push((less.clone(), without(new, &pointer)));
        found.push((less, new.clone()));
    }
    found.extend(parts(new, "").into_iter().map(|pointer| (old.clone(), without(new, &pointer))));
    found.retain(|pair| pair.0 != *old || pair.1 != *new);
    found
}

fn parts(value: &Value, pointer: &str) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(name, inner)| (name.clone(), inner)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(index, inner)| (index.to_string(), inner)).collect(),
        _ => Vec::new(),
    };
    let own: Vec<String> = inner.iter().map(|(name, _)| format!("{pointer}/{name}")).collect();
    let deeper = inner.iter().flat_map(|(name, inner)| parts(inner, &format!("{pointer}/{name}")));
    own.into_iter().chain(deeper).collect()
}

fn without(value: &Value, pointer: &str) -> Value {
    let mut value = value.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => _ = map.remove(name),
        Some(Value::Array(list)) => {
            let index = name.parse().unwrap_or(usize::MAX);
            if index < list.len() {
                list.remove(index);
            }
        }
        _ => {}
    }
    value
}
