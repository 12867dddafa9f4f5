//! The crate as wasm-pack builds and tests it: `make wasm-pack`. A few cases, as their bytes are here.

use countersign::{Check, Gate, Pack, Request};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

const CONTRACT: &str = include_str!("../../policies/webhook/sub2api/contract.json");
const SCHEMA: &str = include_str!("../../policies/webhook/sub2api/message.schema.json");
const BODY: &[u8] = br#"{"message_id":"m","channel":"c","open_id":"o","content":"x"}"#;
const PATH: &str = "/api/v1/customer-service/webhook/web";

fn gate() -> Gate {
    let beside = json!({
        "files": { "message.schema.json": SCHEMA },
        "keys": [{ "secret": "replace-with-real-secret" }],
    });
    Gate::from_json(&format!("{{\"contract\":{CONTRACT},{}", &beside.to_string()[1..])).unwrap()
}

#[wasm_bindgen_test]
fn what_is_signed_is_accepted_and_what_is_tampered_is_not() {
    let gate = gate();
    let check = Check::at(1_717_030_000);
    let headers = [("content-type".to_owned(), "application/json".to_owned())];
    let headers = gate.sign(&Request::new("POST", PATH, &headers, BODY), check.now, None).unwrap().headers;
    let verdict = gate.check(&Request::new("POST", PATH, &headers, BODY), &check).to_json();
    assert!(verdict.contains("\"verdict\":\"accept\"") && verdict.contains("\"channel\":\"web\""), "{verdict}");
    let tampered = gate.check(&Request::new("POST", PATH, &headers, b"{}"), &check).to_json();
    assert!(tampered.contains("\"signature-mismatch\""), "{tampered}");
}

/// The evaluator's own clock would panic on this target, and so would a rule that recurses to the stack's end.
#[wasm_bindgen_test]
fn a_runaway_rule_ends() {
    let text = "package p\n\nimport rego.v1\n\ndeny contains \"x\" if {\n\tsome i in numbers.range(1, 10000)\n\tsome j in numbers.range(1, 10000)\n\ti * j == 0\n}\n";
    let pack = Pack::from_json(&json!({ "files": { "p.rego": text } }).to_string()).unwrap();
    let report = pack.check_json(r#"{"documents":[{}],"now":0}"#).unwrap();
    assert_eq!(report.findings[0].code.to_string(), "limit-policy-steps");
}
