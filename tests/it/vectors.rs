//! Every published signature that was collected, through the shipped contracts, and through contracts
//! written here where a provider has more schemes than are shipped: that is the point of the language.
//! Only the stages that a vector speaks of are judged: signature and freshness.

use countersign::{Check, Gate, Request, Severity, Stage, StageResult, Verdict};
use serde_json::{Value, json};

/// Schemes that no shipped contract has.
fn written_here(scheme: &str) -> Option<Value> {
    let hmac = |algorithm: &str, from: Value, shape: Value, signed: Value| {
        json!({
            "contract": scheme, "version": 1,
            "signature": {
                "engine": "segments", "key": { "algorithm": algorithm }, "encoding": "hex",
                "from": from, "shape": shape, "signed": [signed]
            }
        })
    };
    let body = json!({ "body": "raw" });
    let hub = json!({ "header": "x-hub-signature" });
    let prefixed = |prefix: &str| json!({ "kind": "prefixed", "prefix": prefix });
    let plain = json!({ "kind": "plain" });
    match scheme {
        "github-sha1" => Some(hmac("hmac-sha1", hub, prefixed("sha1="), body)),
        "github-sha512" => Some(hmac("hmac-sha512", hub, prefixed("sha512="), body)),
        "raw-hmac-sha256-hex" => Some(hmac("hmac-sha256", json!({ "header": "x-mac" }), plain, body)),
        "shopify-query-admin" => {
            let query = json!({ "query": {
                "values": "raw", "sort": "name", "exclude": ["hmac"], "pair": "=", "join": "&", "repeats": "refuse"
            } });
            Some(hmac("hmac-sha256", json!({ "query": "hmac" }), plain, query))
        }
        _ => None,
    }
}

fn shipped(scheme: &str) -> Value {
    let name = match scheme {
        "github-sha256" => "github",
        "shopify-webhook" => "shopify",
        "slack-v0" => "slack",
        "standard-webhooks-v1" => "standard-webhooks",
        "stripe-v1" => "stripe",
        name => name,
    };
    crate::json_file(&format!("policies/webhook/{name}/contract.json"))
}

/// The contract without what a vector says nothing of. Published secrets are short.
fn variant(scheme: &str, method: &str) -> Value {
    let mut contract = written_here(scheme).unwrap_or_else(|| shipped(scheme));
    let members = contract.as_object_mut().unwrap();
    for stage in ["schema", "route", "replay", "shape", "policy"] {
        members.remove(stage);
    }
    members.insert("request".into(), json!({ "methods": [method] }));
    let key = &mut contract["signature"]["key"];
    if ["hmac", "digest"].iter().any(|kind| key["algorithm"].as_str().unwrap().starts_with(kind)) {
        key["minBytes"] = json!(1);
    }
    contract
}

/// Our codes for the words of the sources.
fn codes(word: &str) -> &'static [&'static str] {
    match word {
        "bad_encoding" | "malformed_header" => &["signature-malformed"],
        "malformed_timestamp" => &["timestamp-malformed"],
        "missing_header" => &["signature-missing", "header-missing", "timestamp-missing"],
        "no_supported_signature" => &["signature-unsupported"],
        "signature_mismatch" => &["signature-mismatch"],
        "digest_mismatch" => &["digest-mismatch"],
        "timestamp_too_new" => &["timestamp-too-new"],
        "timestamp_too_old" => &["timestamp-too-old"],
        _ => panic!("what is `{word}` here?"),
    }
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_default()
}

fn stage(verdict: &Verdict, stage: Stage) -> StageResult {
    verdict.stages.iter().find(|report| report.stage == stage).unwrap().result
}

fn judge(vector: &Value) {
    let title = format!("{} ({})", text(vector, "name"), text(vector, "source"));
    let method = vector["method"].as_str().unwrap_or("POST");
    let contract = variant(text(vector, "scheme"), method);
    let keys: Vec<Value> = match (&vector["secret"], &vector["publicKey"]) {
        (Value::Array(secrets), _) => secrets.iter().map(|secret| json!({ "secret": secret })).collect(),
        (Value::String(secret), _) => vec![json!({ "secret": secret })],
        (_, Value::String(key)) => vec![json!({ "publicKey": key })],
        _ => vec![json!({ "secret": "nobody published it" })],
    };
    let gate = Gate::from_json(&json!({ "contract": contract, "keys": keys }).to_string());
    let gate = match (gate, vector["expected"]["error"].as_str()) {
        (Err(error), Some("invalid_secret")) => {
            return assert!(error.code.as_str().starts_with("key-"), "{title}: {error}");
        }
        (gate, _) => gate.unwrap_or_else(|error| panic!("{title}: {error}")),
    };
    let mut headers: Vec<(String, String)> = vector["headers"]
        .as_object()
        .map(|headers| headers.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect())
        .unwrap_or_default();
    let mut body = text(vector, "body");
    if let Some(mac) = vector["mac"].as_str() {
        headers.push(("X-Mac".into(), mac.into()));
        body = text(vector, "message");
    }
    let url = vector["url"].as_str().unwrap_or("/hook");
    // What is published to be parsed alone has a time of its own.
    let now = vector["now"].as_i64().or(vector["parsed"]["t"].as_i64()).unwrap_or_default();
    let request = Request::new(method, url, &headers, body.as_bytes());
    let verdict = gate.check(&request, &Check::at(now));
    let (signature, freshness) = (stage(&verdict, Stage::Signature), stage(&verdict, Stage::Freshness));
    let found = |codes: &[&str]| {
        let errors = verdict.findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.into_iter().any(|finding| codes.contains(&finding.code.to_string().as_str()))
    };
    let fine = [StageResult::Pass, StageResult::Skipped].contains(&freshness);
    let right = match vector["expected"]["error"].as_str() {
        None if vector["secret"].is_null() && vector["publicKey"].is_null() => found(&["signature-mismatch"]),
        None => signature == StageResult::Pass && fine,
        Some(word @ ("timestamp_too_new" | "timestamp_too_old")) => {
            signature == StageResult::Pass && freshness == StageResult::Fail && found(codes(word))
        }
        Some(word) => signature == StageResult::Fail && found(codes(word)),
    };
    assert!(right, "{title}: {}", verdict.to_json());
}

#[test]
fn collected_vectors_hold() {
    let Some(folder) = crate::data("webhooks") else { return };
    for (file, count) in [("standard-webhooks", 22), ("stripe", 9), ("github", 18), ("slack", 10), ("shopify", 8)] {
        let text = std::fs::read_to_string(folder.join(format!("{file}.json"))).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        let vectors = document["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), count, "{file}");
        vectors.iter().for_each(judge);
    }
}

/// Those of providers' own libraries and documents, kept here: `published.json` names each source.
#[test]
fn published_vectors_hold() {
    let document: Value = serde_json::from_str(include_str!("published.json")).unwrap();
    let vectors = document["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 20, "{}", vectors.len());
    vectors.iter().for_each(judge);
}
