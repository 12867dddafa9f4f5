//! The crate `jsonschema` as a second opinion: what it takes, our validator takes, and what it refuses, ours refuses.

use std::collections::BTreeSet;

use countersign::{Check, Gate, Options, Outcome, Request};
use serde_json::{Value, json};

use self::second::SecondOpinion;
use crate::schema_suite::{DRAFTS, Group, declared};
use crate::{files_below, generated, root};

/// The same file as behind the feature.
#[path = "../../src/schema/second.rs"]
mod second;

/// What it says of a schema.
fn theirs(schema: &Value) -> Result<SecondOpinion, String> {
    SecondOpinion::of(schema, &[])
}

fn ours(schema: &Value) -> Result<Gate, String> {
    let contract = json!({ "contract": "opinion", "version": 1, "signature": null, "schema": schema,
        "payload": { "maxDepth": 512, "unsafeNumbers": "warn" } });
    Gate::compile(&contract.to_string(), Options::default()).map_err(|error| error.message)
}

fn accepts(gate: &Gate, body: &str) -> bool {
    gate.check(&Request::new("POST", "/", &[], body.as_bytes()), &Check::default()).verdict == Outcome::Accept
}

/// What the two see differently when a schema loads. Ours refuses a schema that says nothing and a pattern that ECMA-262
/// refuses, reads `$ref` in draft 4 and `content…` in draft 6 even where nothing leads, and resolves a reference in every `if`, but not where
/// nothing leads.
fn is_seen_differently(message: &str) -> bool {
    let parts = [
        "refers to itself",
        "more than",
        "is not one of ECMA-262",
        "$ref`: value is not of type",
        "contentEncoding`: value is not of type",
        "contentMediaType`: value is not of type",
        "does not exist",
        "not present in a registry",
    ];
    parts.iter().any(|part| message.contains(part))
}

/// In draft 4 an integer is one that is written as one. For the crate this double is, too.
fn is_read_differently(schema: &Value, document: &Value) -> bool {
    schema.to_string().contains("draft-04") && document.to_string().contains("e+300")
}

/// `SCHEMA_PAIRS=100000 cargo test --test it generated_schemas` tries more, and `SCHEMA_FIRST` others.
#[test]
fn generated_schemas_have_two_readers_of_one_opinion() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let (pairs, first) = (number("SCHEMA_PAIRS").unwrap_or(2_000), number("SCHEMA_FIRST").unwrap_or(1));
    let (mut judged, mut valid, mut refused, mut differ) = (0, 0, 0, Vec::new());
    for seed in first.. {
        if judged >= pairs {
            break;
        }
        let mut random = generated::Random::new(seed);
        let schema = generated::schema(&mut random);
        match (ours(&schema), theirs(&schema)) {
            (Ok(ours), Ok(theirs)) => {
                for document in (0..8).map(|_| generated::value(&mut random, 3)).collect::<Vec<_>>() {
                    judged += 1;
                    let holds = accepts(&ours, &document.to_string());
                    valid += u64::from(holds);
                    if holds != theirs.takes(&document) && !is_read_differently(&schema, &document) {
                        differ.push(format!("seed {seed}: {schema} takes {document}: {holds}"));
                    }
                }
            }
            (Err(_), Err(_)) => refused += 1,
            (Err(message), _) | (_, Err(message)) if is_seen_differently(&message) => {}
            (ours, theirs) => differ.push(format!("seed {seed}: {schema}: {:?}, {:?}", ours.err(), theirs.err())),
        }
    }
    println!("{judged} pairs, {valid} valid, {refused} schemas refused by both");
    assert!(differ.is_empty(), "{} of {judged} pairs:\n{}", differ.len(), differ.join("\n"));
    assert!(valid * 10 > judged && valid * 10 < judged * 9 && refused * 50 > pairs / 8, "{judged} {valid} {refused}");
}

/// Every schema that ships or is in a case, with the bodies of the cases.
#[test]
fn schemas_of_contracts_have_two_readers_of_one_opinion() {
    let mut bodies = BTreeSet::new();
    let mut schemas = BTreeSet::new();
    for file in
        files_below(&root().join("tests/cases")).into_iter().chain(files_below(&root().join("policies/webhook")))
    {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let read = || std::fs::read_to_string(&file).unwrap_or_default();
        if name == "request.http" {
            let text = read();
            let body = text.split_once("\n\n").or_else(|| text.split_once("\r\n\r\n")).map_or("", |(_, body)| body);
            bodies.extend(serde_json::from_str::<Value>(body.trim_end()).map(|body| body.to_string()));
        } else if name.ends_with(".schema.json") {
            schemas.insert(read());
        } else if name == "contract.json"
            && let Ok(contract) = serde_json::from_str::<Value>(&read())
        {
            collect(&contract, &mut schemas);
        }
    }
    let bodies: Vec<Value> = bodies.iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let (mut both, mut valid) = (0, 0);
    for (offset, text) in schemas.iter().enumerate() {
        let schema: Value = serde_json::from_str(text).unwrap();
        let (Ok(ours), Ok(theirs)) = (ours(&schema), theirs(&schema)) else { continue };
        both += 1;
        // Each schema with some of the bodies, the next one with the next.
        for body in bodies.iter().skip(offset % 10).step_by(10) {
            let holds = accepts(&ours, &body.to_string());
            valid += usize::from(holds);
            assert_eq!(holds, theirs.takes(body), "{text}\n{body}");
        }
    }
    assert!(both > 50 && valid > 500 && bodies.len() > 400, "{both} {valid} {}", bodies.len());
}

/// The official suite, except where a schema refers to one that lies elsewhere.
#[test]
fn the_suite_has_two_readers_of_one_opinion() {
    let Some(suite) = crate::data("schema/JSON-Schema-Test-Suite/tests") else { return };
    let (mut count, mut differ) = (0, Vec::new());
    for draft in DRAFTS {
        for file in files_below(&suite.join(draft)) {
            let groups: Vec<Group> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            for group in groups {
                let schema = declared(draft, &group.schema);
                let (Ok(ours), Ok(theirs)) = (ours(&schema), theirs(&schema)) else { continue };
                for test in group.tests {
                    let document: Value = serde_json::from_str(test.data.get()).unwrap();
                    count += 1;
                    if accepts(&ours, test.data.get()) != theirs.takes(&document) {
                        differ.push(format!("{draft}: {}: {}", group.description, test.description));
                    }
                }
            }
        }
    }
    assert!(differ.is_empty() && count > 7_500, "{count}\n{}", differ.join("\n"));
}

/// The schemas of a contract, wherever it has them.
fn collect(value: &Value, schemas: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "schema" && member.is_object() {
                    schemas.insert(member.to_string());
                }
                collect(member, schemas);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, schemas)),
        _ => {}
    }
}
