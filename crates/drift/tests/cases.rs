//! Small pairs with their verdict, one of each kind, without a second validator: `old`, `new`, and what has to come out.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use countersign_drift::{Answer, Draft, Options, Schema, Verdict, contains, openapi_30, openapi_30_document};
use serde_json::{Value, json};

fn asked(old: &Value, new: &Value, draft: Draft) -> Answer {
    let schema = |document| Schema { document, draft };
    contains(schema(old), schema(new), &Options::default(), None)
}

fn told(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Compatible => "compatible",
        Verdict::Breaking { .. } => "breaking",
        Verdict::Undecided { .. } => "undecided",
    }
}

fn named(name: &str) -> Draft {
    match name {
        "4" => Draft::Draft4,
        "6" => Draft::Draft6,
        "7" => Draft::Draft7,
        "2019-09" => Draft::Draft201909,
        _ => Draft::Draft202012,
    }
}

#[test]
fn every_case_gets_its_verdict() {
    let cases: Value = serde_json::from_str(include_str!("cases.json")).unwrap();
    let mut wrong = Vec::new();
    for case in cases.as_array().unwrap() {
        let draft = named(case["draft"].as_str().unwrap_or("2020-12"));
        let answer = asked(&case["old"], &case["new"], draft);
        if told(&answer.verdict) != case["verdict"] {
            wrong.push(format!("{}: {:?}", case["name"], answer.verdict));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_question_touches_the_same_nodes() {
    let cases: Value = serde_json::from_str(include_str!("cases.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let [first, second] = [0, 1].map(|_| asked(&case["old"], &case["new"], Draft::Draft202012));
        assert_eq!(first, second, "{}", case["name"]);
    }
}

#[test]
fn without_fuel_nothing_is_decided() {
    let (old, new) = (json!({ "type": "object", "required": ["a"] }), json!({ "minProperties": 1 }));
    let schema = |document| Schema { document, draft: Draft::Draft202012 };
    let options = Options { fuel: 3, ..Options::default() };
    let answer = contains(schema(&old), schema(&new), &options, None);
    assert_eq!(told(&answer.verdict), "undecided");
    assert_eq!(asked(&old, &new, Draft::Draft202012).verdict, Verdict::Compatible);
}

#[test]
fn an_open_question_says_where() {
    let old = json!({ "properties": { "a": { "type": "string" } } });
    let new = json!({ "properties": { "a": { "$ref": "#/nowhere" } } });
    let Verdict::Undecided { reason, pointer } = asked(&old, &new, Draft::Draft202012).verdict else {
        panic!("what is not there cannot be decided");
    };
    assert_eq!(reason.to_string(), "a reference that leads nowhere is not modelled");
    assert_eq!(pointer, "/properties/a");
}

#[test]
fn a_small_stack_is_enough() {
    let run = || {
        let mut deep = json!({ "type": "string" });
        for _ in 0..60 {
            deep = json!({ "properties": { "a": { "anyOf": [deep, { "type": "integer" }] } }, "minProperties": 1 });
        }
        let mut chain = json!({ "$defs": {}, "$ref": "#/$defs/d0" });
        for index in 0..500 {
            chain["$defs"][format!("d{index}")] = json!({ "items": { "$ref": format!("#/$defs/d{}", index + 1) } });
        }
        chain["$defs"]["d500"] = json!(false);
        let other = json!({ "type": "array", "items": { "$ref": "#" }, "maxItems": 3 });
        [&deep, &chain]
            .map(|schema| [asked(schema, &other, Draft::Draft202012), asked(&other, schema, Draft::Draft202012)])
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap();
}

#[test]
fn open_api_3_0_is_levelled() {
    let schema = json!({
        "type": "integer", "nullable": true, "minimum": 1, "exclusiveMinimum": true, "example": 2,
        "properties": { "a": { "$ref": "#/components/schemas/A", "description": "left out", "nullable": true } },
    });
    let levelled = json!({
        "type": ["integer", "null"], "exclusiveMinimum": 1,
        "properties": { "a": { "$ref": "#/components/schemas/A" } },
    });
    assert_eq!(openapi_30(&schema), levelled);
    let document = |kind: &str| json!({ "components": { "schemas": { "A": { "type": kind, "nullable": true } } } });
    let reference = json!({ "$ref": "#/components/schemas/A" });
    let [old, new] = ["integer", "number"].map(|kind| openapi_30_document(&document(kind), &reference));
    assert_eq!(asked(&old, &new, Draft::Draft202012).verdict, Verdict::Compatible);
    assert_eq!(asked(&new, &old, Draft::Draft202012).verdict, Verdict::Breaking { witness: json!(0.5) });
}
