//! A document as deep as the limit allows, under schemas that follow it down: in a stack of 2 MiB, and without
//! optimisation. WebAssembly has 1 MiB, and pointers of half the size.

use countersign::{Check, Gate, Options, Outcome, Request};
use serde_json::{Value, json};

const DEPTH: usize = 512;

fn check(schema: &Value, body: &str) -> (Outcome, Vec<String>) {
    let contract = json!({ "contract": "deep", "version": 1, "signature": null, "schema": schema,
        "payload": { "maxDepth": DEPTH }, "request": { "maxBytes": 8_000_000 } });
    let gate = Gate::compile(&contract.to_string(), Options::default()).unwrap();
    let verdict = gate.check(&Request::new("POST", "/", &[], body.as_bytes()), &Check::default());
    (verdict.verdict, verdict.findings.iter().map(|finding| finding.code.to_string()).collect())
}

/// The schema holds for the innermost value `"a"`, and not for `1`, and this finding says so first.
fn judges_in_a_small_stack(schema: Value, open: &'static str, close: &'static str, finding: &'static str) {
    let body = move |inner: &str| format!("{}{inner}{}", open.repeat(DEPTH), close.repeat(DEPTH));
    let work = move || {
        assert_eq!(check(&schema, &body("\"a\"")), (Outcome::Accept, vec![]), "{schema}");
        let (verdict, codes) = check(&schema, &body("1"));
        assert_eq!((verdict, codes.first().map(String::as_str)), (Outcome::Reject, Some(finding)), "{schema}");
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn a_deep_document_needs_no_deep_stack() {
    let own = json!({ "$ref": "#" });
    let list = json!({ "items": own, "type": ["array", "string"] });
    judges_in_a_small_stack(list, "[", "]", "schema-type");
    let tree = json!({ "properties": { "a": own }, "type": ["object", "string"], "additionalProperties": false });
    judges_in_a_small_stack(tree, "{\"a\":", "}", "schema-type");
    let either = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": own }] });
    judges_in_a_small_stack(either, "[", "]", "schema-any-of");
    let one = json!({ "oneOf": [{ "type": "string" }, { "type": "object", "additionalProperties": own }] });
    judges_in_a_small_stack(one, "{\"a\":", "}", "schema-one-of");
    let left = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": own }], "unevaluatedItems": false });
    judges_in_a_small_stack(left, "[", "]", "schema-unevaluated-items");
    let dynamic = json!({ "$dynamicAnchor": "me", "type": ["array", "string"], "items": { "$dynamicRef": "#me" } });
    judges_in_a_small_stack(dynamic, "[", "]", "schema-type");
}

/// Each level of the document has a chain of schemas for one value: the limit ends it, and no stack.
#[test]
fn chains_at_every_level_end() {
    let mut chain = json!({ "type": ["array", "string"], "items": { "$ref": "#" } });
    for _ in 0..30 {
        chain = json!({ "allOf": [chain, { "not": { "const": 7 } }] });
    }
    let body = format!("{}\"a\"{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    assert_eq!(check(&chain, "[[[\"a\"]]]"), (Outcome::Accept, vec![]));
    assert_eq!(check(&chain, &body), (Outcome::Reject, vec!["limit-schema-steps".to_owned()]));
}

/// A long text and a pattern for it are no reason to stop.
#[test]
fn a_long_text_has_its_own_steps() {
    let schema = json!({ "allOf": [{ "pattern": "^[a-z ]*$" }, { "pattern": "x$" }, { "maxLength": 4_000_000 }] });
    let body = |end: &str| format!("\"{}{end}\"", "a long text ".repeat(300_000));
    assert_eq!(check(&schema, &body("x")), (Outcome::Accept, vec![]));
    assert_eq!(check(&schema, &body("y")), (Outcome::Reject, vec!["schema-pattern".to_owned()]));
}

/// Both alternatives go all the way down before the member comes that tells them apart.
#[test]
fn nested_alternatives_do_not_multiply() {
    let node = |kind: &str| {
        json!({ "type": "object", "required": ["type"], "properties": { "type": { "const": kind },
            "children": { "type": "array", "items": { "$ref": "#/$defs/node" } } } })
    };
    let schema = json!({ "$ref": "#/$defs/node", "$defs": { "node": { "oneOf": [node("list"), node("quote")] } } });
    let nested = |kind: &str| {
        let open = "{\"children\":[".repeat(100);
        format!("{open}{{\"type\":\"{kind}\"}}{}", "],\"type\":\"quote\"}".repeat(100))
    };
    assert_eq!(check(&schema, &nested("list")), (Outcome::Accept, vec![]));
    assert_eq!(check(&schema, &nested("other")), (Outcome::Reject, vec!["schema-one-of".to_owned()]));
}
