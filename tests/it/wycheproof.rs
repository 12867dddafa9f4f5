//! Wycheproof's cases (C2SP), through contracts: the message is the body, the signature stands in a header.

use countersign::{Check, Gate, Request, Stage, StageResult};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};

fn groups(file: &str) -> Option<Vec<Value>> {
    let folder = crate::data("webhooks/wycheproof")?;
    let text = std::fs::read_to_string(folder.join(format!("{file}_test.json"))).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    Some(document["testGroups"].as_array().unwrap().clone())
}

fn gate(algorithm: &str, format: &str, keys: Value) -> Gate {
    let mut key = json!({ "algorithm": algorithm, "format": format });
    if algorithm.starts_with("hmac") {
        key["minBytes"] = json!(1);
    }
    let contract = json!({
        "contract": "wycheproof", "version": 1,
        "signature": {
            "engine": "segments", "key": key, "from": { "header": "x-signature" }, "shape": { "kind": "plain" },
            "encoding": "hex", "signed": [{ "body": "raw" }]
        }
    });
    Gate::from_json(&json!({ "contract": contract, "keys": [keys] }).to_string()).unwrap()
}

/// Whether the signature stage passes, and every code that was found.
fn judge(gate: &Gate, message: &Value, signature: &Value) -> (bool, Vec<String>) {
    let body = HEXLOWER.decode(message.as_str().unwrap().as_bytes()).unwrap();
    let headers = [("X-Signature".to_owned(), signature.as_str().unwrap().to_owned())];
    let verdict = gate.check(&Request::new("POST", "/", &headers, &body), &Check::default());
    let passed = verdict.stages.iter().any(|s| s.stage == Stage::Signature && s.result == StageResult::Pass);
    (passed, verdict.findings.iter().map(|finding| finding.code.to_string()).collect())
}

fn macs(file: &str, algorithm: &str) {
    let Some(groups) = groups(file) else { return };
    let full = groups.iter().map(|group| group["tagSize"].as_u64().unwrap()).max();
    let (mut whole, mut cut) = (0, 0);
    for group in groups {
        for test in group["tests"].as_array().unwrap() {
            let gate = gate(algorithm, "hex", json!({ "secret": test["key"] }));
            let (passed, codes) = judge(&gate, &test["msg"], &test["tag"]);
            if group["tagSize"].as_u64() == full {
                assert_eq!(passed, test["result"] == "valid", "{file} {}: {codes:?}", test["tcId"]);
                whole += 1;
            } else {
                let refused = ["signature-malformed", "signature-unsupported"];
                assert!(!passed && codes.iter().any(|code| refused.contains(&code.as_str())), "{file}: {codes:?}");
                cut += 1;
            }
        }
    }
    assert!(whole > 80 && cut > 80, "{file}: {whole} whole, {cut} cut");
}

#[test]
fn hmac_sha1() {
    macs("hmac_sha1", "hmac-sha1");
}

#[test]
fn hmac_sha256() {
    macs("hmac_sha256", "hmac-sha256");
}

#[test]
fn hmac_sha512() {
    macs("hmac_sha512", "hmac-sha512");
}

fn signatures(file: &str, algorithm: &str, cases: usize) {
    let Some(groups) = groups(file) else { return };
    let mut count = 0;
    for group in groups {
        let der = HEXLOWER.decode(group["publicKeyDer"].as_str().unwrap().as_bytes()).unwrap();
        let keys = [
            ("spki", group["publicKeyPem"].clone()),
            ("spki", json!(BASE64.encode(&der))),
            ("jwk", group["publicKeyJwk"].clone()),
            ("jwk", json!(group["publicKeyJwk"].to_string())),
        ];
        // A few groups are published without a JWK.
        let keys = keys.into_iter().filter(|(format, _)| *format == "spki" || !group["publicKeyJwk"].is_null());
        for (format, key) in keys {
            let gate = gate(algorithm, format, json!({ "publicKey": key }));
            for test in group["tests"].as_array().unwrap() {
                let (passed, codes) = judge(&gate, &test["msg"], &test["sig"]);
                let title = format!("{file} {} by {format}: {}", test["tcId"], test["comment"]);
                assert_eq!(passed, test["result"] == "valid", "{title}: {codes:?}");
                count += 1;
            }
        }
    }
    assert_eq!(count, cases, "{file}");
}

#[test]
fn ed25519() {
    signatures("ed25519", "ed25519", 604);
}

#[test]
fn ecdsa_p256() {
    signatures("ecdsa_secp256r1_sha256_p1363", "ecdsa-p256-sha256", 1028);
}
