//! JSON-Schema-Test-Suite: every schema of five drafts, in the place of a contract's, judges its instances as labelled.

use countersign::{Check, Code, Gate, Options, Outcome, Request};
use serde_json::{Value, json};

const DRAFTS: [&str; 5] = ["draft4", "draft6", "draft7", "draft2019-09", "draft2020-12"];

/// Formats are asserted here; the suite has them annotate alone.
const FORMATS_ANNOTATE: &[&str] = &["format.json", "content.json"];

/// What some of these refer to lies elsewhere, and nothing is fetched.
const REMOTE: [&str; 3] = ["/dynamicRef.json", "/refRemote.json", "/vocabulary.json"];

#[test]
fn json_schema_test_suite() {
    let Some(suite) = crate::data("schema/JSON-Schema-Test-Suite/tests") else { return };
    let (mut count, mut wrong, mut refused) = (0, Vec::new(), Vec::new());
    for draft in DRAFTS {
        for file in std::fs::read_dir(suite.join(draft)).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            if file.is_dir() || FORMATS_ANNOTATE.contains(&name.as_str()) {
                continue;
            }
            let groups: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            for group in groups {
                let label = format!("{draft}/{name}: {}", group["description"].as_str().unwrap());
                match gate(draft, &group["schema"]) {
                    Ok(gate) => {
                        for test in group["tests"].as_array().unwrap() {
                            count += 1;
                            if accepts(&gate, &test["data"]) != test["valid"] {
                                wrong.push(format!("{label}: {}", test["description"].as_str().unwrap()));
                            }
                        }
                    }
                    Err(_) => refused.push(label),
                }
            }
        }
    }
    wrong.sort();
    refused.sort();
    assert!(count > 4000, "only {count} instances; refused:\n{}", refused.join("\n"));
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    let elsewhere = |label: &String| REMOTE.iter().any(|file| label.contains(file));
    assert!(refused.iter().all(elsewhere), "{}:\n{}", refused.len(), refused.join("\n"));
}

/// A document without `$schema` is of 2020-12; the older drafts' say which they are of.
fn gate(draft: &str, schema: &Value) -> Result<Gate, countersign::ContractError> {
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
    let contract = json!({ "contract": "suite", "version": 1, "signature": null, "schema": schema,
        "payload": { "maxDepth": 512, "unsafeNumbers": "warn" } });
    Gate::compile(&contract.to_string(), Options::default())
}

fn accepts(gate: &Gate, data: &Value) -> bool {
    let body = data.to_string();
    let verdict = gate.check(&Request::new("POST", "/", &[], body.as_bytes()), &Check::default());
    assert!(
        verdict
            .findings
            .iter()
            .all(|finding| finding.stage == countersign::Stage::Schema || finding.code == Code::JsonNumberUnsafe)
    );
    verdict.verdict == Outcome::Accept
}
