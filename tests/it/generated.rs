//! Schemas and documents by a seed: every keyword of every draft, now and then with a value of a wrong form.

use serde_json::{Map, Value, json};

/// A small generator of numbers (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % most
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

pub const DRAFTS: [(&str, u8); 5] = [
    ("http://json-schema.org/draft-04/schema#", 4),
    ("http://json-schema.org/draft-06/schema#", 6),
    ("http://json-schema.org/draft-07/schema#", 7),
    ("https://json-schema.org/draft/2019-09/schema", 19),
    ("https://json-schema.org/draft/2020-12/schema", 20),
];

const NAMES: [&str; 6] = ["a", "b", "c", "a/b", "ü", "data"];
const PATTERNS: [&str; 7] = ["^a", "b$", "^[a-c]+$", "\\d", "x|y", "^.$", "\\w\\s?"];
const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
const FORMATS: [&str; 4] = ["date", "email", "ipv4", "no-such-format"];
const TEXTS: [&str; 10] = ["", "a", "b", "ab", "abc", "ü😀", "2026-11-21", "127.0.0.1", "eyJhIjoxfQ==", "{\"a\":1}"];

/// A value that is not too large.
pub fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 6 } else { 10 }) {
        0 => json!(*random.pick(&TEXTS)),
        1 => json!(random.below(4)),
        2 => random.pick(&[json!(1.0), json!(-1), json!(0.3), json!(1.5), json!(1e300), json!(u64::MAX)]).clone(),
        3 => Value::Bool(random.one_in(2)),
        4 => Value::Null,
        5 => json!(*random.pick(&TEXTS)),
        6 | 7 => (0..random.below(4)).map(|_| value(random, depth - 1)).collect(),
        _ => {
            let count = random.below(4);
            let members = (0..count).map(|_| ((*random.pick(&NAMES)).to_owned(), value(random, depth - 1)));
            Value::Object(members.collect())
        }
    }
}

/// A schema with what it refers to.
pub fn schema(random: &mut Random) -> Value {
    let (address, draft) = *random.pick(&DRAFTS);
    let mut whole = inner(random, draft, 3);
    let Some(members) = whole.as_object_mut() else { return whole };
    members.insert("$schema".into(), json!(address));
    let mut named = Map::new();
    for name in ["x", "y"] {
        let mut one = inner(random, draft, 2);
        if let Some(members) = one.as_object_mut().filter(|_| random.one_in(4)) {
            match draft {
                4 => drop(members.insert("id".into(), json!(format!("#{name}")))),
                6 | 7 => drop(members.insert("$id".into(), json!(format!("#{name}")))),
                20 if random.one_in(2) => drop(members.insert("$dynamicAnchor".into(), json!(name))),
                _ => drop(members.insert("$anchor".into(), json!(name))),
            }
        }
        named.insert(name.into(), one);
    }
    if random.one_in(6)
        && let Some(members) = named["x"].as_object_mut()
    {
        members.insert(if draft == 4 { "id" } else { "$id" }.into(), json!("https://example.org/x"));
    }
    if draft == 19 && random.one_in(4) {
        members.insert("$recursiveAnchor".into(), json!(true));
    }
    members.insert("$defs".into(), Value::Object(named));
    if draft < 19 {
        let named = members.remove("$defs").unwrap();
        members.insert("definitions".into(), named);
    }
    whole
}

fn list(random: &mut Random, draft: u8, depth: usize) -> Value {
    (0..=random.below(3)).map(|_| inner(random, draft, depth)).collect()
}

fn named(random: &mut Random, names: &[&str], draft: u8, depth: usize) -> Value {
    let count = random.below(4);
    let members = (0..count).map(|_| ((*random.pick(names)).to_owned(), inner(random, draft, depth)));
    Value::Object(members.collect())
}

fn texts(random: &mut Random) -> Value {
    let mut texts: Vec<&str> = (0..=random.below(3)).map(|_| *random.pick(&NAMES)).collect();
    texts.sort_unstable();
    texts.dedup();
    json!(texts)
}

fn reference(random: &mut Random, draft: u8) -> Value {
    let folder = if draft < 19 { "definitions" } else { "$defs" };
    match random.below(6) {
        0 => json!("#"),
        1 => json!("#x"),
        2 => json!("https://example.org/x"),
        3 => json!(format!("#/{folder}/y")),
        4 => json!("#/properties/a"),
        _ => json!(format!("#/{folder}/x")),
    }
}

fn inner(random: &mut Random, draft: u8, depth: usize) -> Value {
    if draft > 4 && random.one_in(8) {
        return Value::Bool(random.one_in(3));
    }
    let mut members = Map::new();
    for _ in 0..random.below(4) + usize::from(depth > 1) {
        let (keyword, value) = keyword(random, draft, depth);
        let value = if random.one_in(200) { self::value(random, 1) } else { value };
        members.insert(keyword.to_owned(), value);
    }
    Value::Object(members)
}

fn keyword(random: &mut Random, draft: u8, depth: usize) -> (&'static str, Value) {
    let size = json!(random.below(4));
    let limit = random.pick(&[json!(1), json!(0), json!(2.5), json!(-1), json!(1e300)]).clone();
    let below = depth.saturating_sub(1);
    let simple = random.below(if depth == 0 { 23 } else { 46 });
    match simple {
        0 => ("type", json!(*random.pick(&TYPES))),
        1 => ("type", json!([*random.pick(&TYPES[..2]), *random.pick(&TYPES[4..])])),
        2 => ("enum", json!([value(random, 1), *random.pick(&TEXTS[..3]), [7]])),
        3 => ("const", value(random, 2)),
        4 => ("minimum", limit),
        5 => ("maximum", limit),
        6 if draft == 4 => ("exclusiveMinimum", Value::Bool(random.one_in(2))),
        6 => ("exclusiveMinimum", limit),
        7 if draft == 4 => ("exclusiveMaximum", Value::Bool(random.one_in(2))),
        7 => ("exclusiveMaximum", limit),
        8 => ("multipleOf", random.pick(&[json!(1), json!(2), json!(0.1), json!(0.5), json!(1.0)]).clone()),
        9 => ("minLength", size),
        10 => ("maxLength", size),
        11 => ("pattern", json!(*random.pick(&PATTERNS))),
        12 => ("format", json!(*random.pick(&FORMATS))),
        13 => ("minItems", size),
        14 => ("maxItems", size),
        15 => ("uniqueItems", json!(true)),
        16 => ("minProperties", size),
        17 => ("maxProperties", size),
        18 | 19 => ("required", texts(random)),
        20 => ("dependentRequired", json!({ *random.pick(&NAMES): texts(random) })),
        21 => ("contentEncoding", json!(*random.pick(&["base64", "base16", "none"]))),
        22 => ("contentMediaType", json!(*random.pick(&["application/json", "text/plain"]))),
        23..=26 => ("properties", named(random, &NAMES, draft, below)),
        27 => ("patternProperties", named(random, &PATTERNS, draft, below)),
        28 | 29 => (
            "additionalProperties",
            match draft {
                4 => json!(random.one_in(2)),
                _ => inner(random, draft, below),
            },
        ),
        30 => ("propertyNames", inner(random, draft, below)),
        31 if draft < 20 => ("items", list(random, draft, below)),
        31 => ("prefixItems", list(random, draft, below)),
        32 => ("items", inner(random, draft, below)),
        33 => ("additionalItems", if random.one_in(2) { json!(false) } else { inner(random, draft, below) }),
        34 => ("contains", inner(random, draft, below)),
        35 => (*random.pick(&["minContains", "maxContains"]), size),
        36 => ("dependentSchemas", named(random, &NAMES, draft, below)),
        37 => ("dependencies", json!({ "a": inner(random, draft, below), "b": texts(random) })),
        38 => ("allOf", list(random, draft, below)),
        39 => ("anyOf", list(random, draft, below)),
        40 => ("oneOf", list(random, draft, below)),
        41 => ("not", inner(random, draft, below)),
        42 => (*random.pick(&["if", "then", "else"]), inner(random, draft, below)),
        43 => ("unevaluatedProperties", inner(random, draft, below)),
        44 => ("unevaluatedItems", inner(random, draft, below)),
        _ => match draft {
            19 if random.one_in(3) => ("$recursiveRef", json!("#")),
            20 if random.one_in(3) => ("$dynamicRef", json!("#x")),
            _ => ("$ref", reference(random, draft)),
        },
    }
}
