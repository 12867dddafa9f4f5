//! JSON-Schema-Test-Suite: every schema of five drafts, in the place of a contract's, judges its instances as labelled.

use std::path::Path;

use countersign::{Check, Code, Gate, Options, Outcome, Request};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::files_below;

pub const DRAFTS: [&str; 5] = ["draft4", "draft6", "draft7", "draft2019-09", "draft2020-12"];

/// Formats are asserted here. So these are the instances that are not judged as labelled.
const ANNOTATES: &str = "string is only an annotation by default";

#[derive(serde::Deserialize)]
pub struct Group {
    pub description: String,
    pub schema: Value,
    pub tests: Vec<Test>,
}

#[derive(serde::Deserialize)]
pub struct Test {
    pub description: String,
    /// As it is written: a number may have more digits than a double.
    pub data: Box<RawValue>,
    pub valid: bool,
}

#[test]
fn json_schema_test_suite() {
    let Some(suite) = crate::data("schema/JSON-Schema-Test-Suite") else { return };
    let (mut count, mut annotated, mut wrong) = (0, 0, Vec::new());
    let elsewhere = remotes(&suite.join("remotes"));
    for draft in DRAFTS {
        let folder = suite.join("tests").join(draft);
        for file in files_below(&folder) {
            let name = file.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            let groups: Vec<Group> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            for group in groups {
                let label = format!("{draft}/{name}: {}", group.description);
                let gate = gate(draft, &group.schema, &elsewhere).unwrap_or_else(|error| panic!("{label}: {error}"));
                for test in group.tests {
                    count += 1;
                    if test.description.ends_with(ANNOTATES) {
                        annotated += 1;
                    } else if accepts(&gate, test.data.get()) != test.valid {
                        wrong.push(format!("{label}: {}", test.description));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((count, annotated), (8327, 19));
}

/// What the suite's schemas refer to, by address.
fn remotes(folder: &Path) -> Value {
    let files = files_below(folder).into_iter().filter_map(|file| {
        let name = file.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
        let draft = DRAFTS.iter().find(|draft| name.starts_with(&format!("{draft}/")));
        if draft.is_none() && ["draft3/", "v1/"].iter().any(|folder| name.starts_with(folder)) {
            return None;
        }
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let declared = draft.map(|draft| declared(draft, &schema));
        Some((format!("http://localhost:1234/{name}"), declared.unwrap_or(schema)))
    });
    Value::Object(files.collect())
}

/// A document without `$schema` is of 2020-12; the older drafts' say which they are of.
pub fn declared(draft: &str, schema: &Value) -> Value {
    let mut schema = schema.clone();
    let address = match draft {
        "draft2019-09" | "draft2020-12" => {
            format!("https://json-schema.org/{}/schema", draft.replacen("draft", "draft/", 1))
        }
        _ => format!("http://json-schema.org/{}/schema#", draft.replacen("draft", "draft-0", 1)),
    };
    if let Some(members) = schema.as_object_mut().filter(|_| draft != "draft2020-12") {
        members.entry("$schema").or_insert(json!(address));
    } else if draft != "draft2020-12" && schema.is_boolean() {
        schema = json!({ "$schema": address, "allOf": [schema] });
    }
    schema
}

fn gate(draft: &str, schema: &Value, elsewhere: &Value) -> Result<Gate, countersign::ContractError> {
    let mut contract = json!({ "contract": "suite", "version": 1, "signature": null,
        "schema": declared(draft, schema), "payload": { "maxDepth": 512, "unsafeNumbers": "warn" } });
    if schema.to_string().contains("//localhost:1234/") {
        contract["schemas"] = elsewhere.clone();
    }
    Gate::compile(&contract.to_string(), Options::default())
}

fn accepts(gate: &Gate, body: &str) -> bool {
    let verdict = gate.check(&Request::new("POST", "/", &[], body.as_bytes()), &Check::default());
    assert!(
        verdict
            .findings
            .iter()
            .all(|finding| finding.stage == countersign::Stage::Schema || finding.code == Code::JsonNumberUnsafe)
    );
    verdict.verdict == Outcome::Accept
}
