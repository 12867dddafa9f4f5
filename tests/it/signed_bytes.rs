//! What a gate takes for signed, against the signatures that it accepts: the parts, joined and MACed here, give them.

use std::path::Path;

use countersign::{Check, Gate, Key, Options, Outcome, Request, SignedBytes};
use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cases::{Recording, contract_path, files_beside};
use crate::doctor::{joined, sender};
use crate::{files_below, httpsig, root};

/// Of a contract as JSON text, with what a case gives beside it.
fn compiled(folder: &Path, case: &Value) -> (Value, Gate) {
    let path = contract_path(folder, case["contract"].as_str().unwrap());
    let contract: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let or = |name: &str, other: Value| case.get(name).cloned().unwrap_or(other);
    let source = json!({ "contract": contract, "files": files_beside(&path), "keys": or("keys", json!([])),
        "limits": or("limits", json!({})), "origin": or("origin", Value::Null), "params": or("params", Value::Null) });
    let gate = Gate::from_json(&source.to_string()).unwrap();
    (contract, gate)
}

/// The bytes of a shared secret, as the contract's key format says.
fn secret(rules: &Value, key: &Value) -> Vec<u8> {
    if let Some(bytes) = key["secretBytes"].as_array() {
        return bytes.iter().map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap()).collect();
    }
    let text = key["secret"].as_str().unwrap();
    let bare = rules["prefix"]["strip"].as_str().and_then(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    match rules["format"].as_str() {
        Some("base64") => BASE64.decode(bare.as_bytes()).unwrap(),
        Some("hex") => HEXLOWER_PERMISSIVE.decode(bare.as_bytes()).unwrap(),
        _ => bare.as_bytes().to_vec(),
    }
}

/// Everything that may hold a signature, as text.
fn said(recording: &Recording) -> String {
    let headers = recording.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>();
    let target = recording.target.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    format!("{target}\n{headers}{}", String::from_utf8_lossy(&recording.body).replace("\\/", "/"))
}

fn is_mac(signed: &SignedBytes, algorithm: &str, key: &[u8], said: &str) -> bool {
    signed.forms.iter().any(|form| {
        let mac = sender::mac(algorithm.trim_start_matches("hmac-"), key, &joined(form, key));
        said.to_ascii_lowercase().contains(&HEXLOWER.encode(&mac)) || said.contains(&BASE64.encode(&mac))
    })
}

#[test]
fn every_accepted_case_is_signed_over_its_parts() {
    let (mut macs, mut others) = (0, 0);
    for path in files_below(&root().join("tests/cases")).into_iter().filter(|path| path.ends_with("verdict.json")) {
        let folder = path.parent().unwrap();
        let verdict: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        if verdict["verdict"] != "accept" {
            continue;
        }
        let case: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("case.json")).unwrap()).unwrap();
        let (contract, gate) = compiled(folder, &case);
        let recording = Recording::parse(&std::fs::read(folder.join("request.http")).unwrap());
        let signed = gate.signed_bytes(&recording.request());
        let rules = &contract["signature"]["key"];
        let algorithm = rules["algorithm"].as_str().unwrap_or_default();
        let title = folder.display();
        let Some(signed) = signed else {
            assert!(contract["signature"].is_null() || algorithm == "token", "{title} has no signed bytes");
            continue;
        };
        let told = serde_json::to_string(&signed).unwrap() + &format!("{signed:?}");
        let keys: Vec<Vec<u8>> = match algorithm.starts_with("hmac-") || algorithm.starts_with("digest-") {
            true => case["keys"].as_array().into_iter().flatten().map(|key| secret(rules, key)).collect(),
            false => {
                others += 1;
                continue;
            }
        };
        // The vector of one provider has a key that stands in its body.
        for key in keys.iter().filter(|key| !holds(&recording.body, key)) {
            for hidden in [String::from_utf8_lossy(key).into_owned(), BASE64.encode(key), HEXLOWER.encode(key)] {
                assert!(!told.contains(&hidden), "{title} tells its key");
            }
            assert!(!signed.forms.iter().any(|form| holds(&joined(form, b""), key)), "{title} tells its key");
        }
        let keyless = [Vec::new()];
        let keys = if keys.is_empty() { keyless.as_slice() } else { &keys };
        assert!(keys.iter().any(|key| is_mac(&signed, algorithm, key, &said(&recording))), "{title}: {signed:?}");
        macs += 1;
    }
    assert!(macs >= 80 && others >= 20, "{macs} MACs, {others} others");
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Every shipped scheme with a secret, as its sender is written from the provider's document.
#[test]
fn the_parts_are_named_by_their_places() {
    let places = [
        ("sub2api", "header:x-cs-timestamp literal body"),
        ("stripe", "field:t literal body"),
        ("github", "body"),
        ("twilio", "url body"),
        ("coze-kb", "method literal path literal query"),
        ("hubspot-v2", "secret method url body"),
        ("hubspot-v3", "method url body header:x-hubspot-request-timestamp"),
        ("feishu", "header:x-lark-request-timestamp header:x-lark-request-nonce secret body"),
    ];
    for scheme in sender::SCHEMES {
        let sender = sender::Sender::new(scheme, b"0123456789abcdef0123456789abcdef", "{\"a\":1}");
        let contract = crate::json_file(&format!("policies/webhook/{scheme}/contract.json"));
        let parts =
            ["contract", "version", "signature", "freshness"].map(|name| (name.to_owned(), contract[name].clone()));
        let contract = Value::Object(parts.into_iter().filter(|(_, value)| !value.is_null()).collect());
        let keys = vec![Key::secret(sender.key.clone())];
        let gate = Gate::compile(&contract.to_string(), Options::with_keys(keys)).unwrap();
        let signed = gate.signed_bytes(&sender.send().request()).unwrap();
        let form = &signed.forms[0];
        assert_eq!(joined(form, &sender.used), sender.signed(), "{scheme}");
        let ats = form.iter().map(|part| part.at.as_str()).collect::<Vec<_>>().join(" ");
        let expected = places.iter().find(|(name, _)| *name == scheme).map_or(ats.as_str(), |(_, places)| places);
        assert_eq!(ats, expected, "{scheme}");
    }
}

fn plain(signature: Value) -> Gate {
    let mut whole = json!({ "engine": "segments", "key": { "algorithm": "hmac-sha256" }, "from": { "header": "x-signature" },
        "shape": { "kind": "plain" }, "encoding": "hex" });
    whole.as_object_mut().unwrap().extend(signature.as_object().unwrap().clone());
    let contract = json!({ "contract": "parts", "version": 1, "signature": whole });
    Gate::compile(&contract.to_string(), httpsig::options("k1")).unwrap()
}

fn ask(gate: &Gate, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Vec<String>> {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let signed = gate.signed_bytes(&Request::new("POST", url, &headers, body))?;
    let part = |at: &str, bytes: &[u8]| format!("{at}={}", String::from_utf8_lossy(bytes));
    let form = |form: &Vec<countersign::SignedPart>| {
        form.iter().map(|one| part(&one.at, one.bytes.as_deref().unwrap_or_default())).collect::<Vec<_>>().join(" ")
    };
    Some(signed.forms.iter().map(form).collect())
}

#[test]
fn groups_forms_and_fields_are_as_a_check_takes_them() {
    let gate = plain(json!({
        "fields": { "id": { "from": { "header": ["x-id", "x-other-id"] } }, "at": { "from": { "query": "at" }, "format": "unix-seconds", "optional": true },
            "who": { "from": { "body": "/who" } } },
        "signed": [{ "field": "id" }, { "optional": [{ "literal": ":" }, { "field": "at" }] }, { "field": "who" },
            { "url": ["received", "with-port"] }, { "body": { "digest": "sha256", "encoding": "hex" } }] }));
    let url = "https://h.example/a";
    let who = br#"{"who":"me"}"#;
    let digest = HEXLOWER.encode(&Sha256::digest(who));
    let found = ask(&gate, url, &[("X-Other-Id", "7")], who).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], format!("header:x-id=7 /who=me url=https://h.example/a body={digest}"));
    assert!(found[1].contains(" url=https://h.example:443/a body="), "{found:?}");
    let timed = ask(&gate, "https://h.example/a?at=12", &[("x-id", "7")], who).unwrap();
    assert!(timed[0].starts_with("header:x-id=7 literal=: query:at=12 /who=me "), "{timed:?}");
    // Whatever its form: a time of the wrong unit is signed as it is sent.
    let odd = ask(&gate, "https://h.example/a?at=soon", &[("x-id", "7")], who).unwrap();
    assert!(odd[0].contains("query:at=soon"), "{odd:?}");
    let empty = ask(&gate, "https://h.example/a?at=", &[("x-id", "7")], who).unwrap();
    assert!(empty[0].starts_with("header:x-id=7 /who=me "), "{empty:?}");
    for (url, headers, body) in [
        (url, vec![], &who[..]),
        (url, vec![("x-id", "")], who),
        (url, vec![("x-id", "7"), ("x-id", "8")], who),
        ("https://h.example/a?at=1&at=2", vec![("x-id", "7")], who),
        (url, vec![("x-id", "7")], b"{}"),
        (url, vec![("x-id", "7")], b"no JSON"),
    ] {
        assert_eq!(ask(&gate, url, &headers, body), None, "{url} {headers:?}");
    }
    let sorted = json!({ "values": "raw", "sort": "name", "pair": "=", "join": "&", "repeats": "refuse" });
    let gate = plain(json!({ "signed": [{ "target": "raw" }, { "query": sorted }] }));
    assert_eq!(ask(&gate, "/a?b=2&a=1", &[], b"").unwrap(), ["url=/a?b=2&a=1 query=a=1&b=2"]);
    assert_eq!(ask(&gate, "/a?a=2&a=1", &[], b""), None);
    let many: Vec<_> = (0..257).map(|_| ("x-many", "1")).collect();
    assert_eq!(ask(&gate, "/a", &many, b""), None);
    assert!(gate.signed_bytes(&Request::answer(200, &[], b"")).is_none());
}

#[test]
fn nothing_is_signed_where_nothing_can_be() {
    let unsigned = Gate::compile(r#"{"contract":"x","version":1,"signature":null}"#, Options::default()).unwrap();
    assert_eq!(ask(&unsigned, "/", &[], b"{}"), None);
    let token = json!({ "contract": "t", "version": 1, "signature": { "engine": "segments", "key": { "algorithm": "token" },
        "from": { "header": "x-token" }, "shape": { "kind": "plain" } } });
    let gate = Gate::compile(&token.to_string(), httpsig::options("k1")).unwrap();
    assert_eq!(ask(&gate, "/", &[("x-token", "a secret of some length")], b"{}"), None);
}

#[test]
fn a_message_signature_has_a_part_for_each_line() {
    let engine = json!({ "components": ["@method", "@authority", "@path"] });
    let gate = httpsig::gate(engine);
    let ask = |headers: &[(String, String)]| {
        gate.signed_bytes(&Request::new("POST", "https://hooks.example.org/in?id=7", headers, httpsig::BODY))
    };
    let lines =
        [httpsig::LINES.as_slice(), &[("\"@query-param\";name=\"id\"", "7"), ("\"@request-target\"", "/in?id=7")]]
            .concat();
    let signed = ask(&httpsig::signed("a", &lines, ";created=1717030000")).unwrap();
    let parts = &signed.forms[0];
    let ats: Vec<&str> = parts.iter().map(|part| part.at.as_str()).collect();
    assert_eq!(ats, ["method", "authority", "path", "query:id", "url", "header:signature-input"]);
    assert_eq!(parts[0].bytes.as_deref(), Some(&b"\"@method\": POST\n"[..]));
    let last = parts[5].bytes.clone().unwrap();
    assert!(last.starts_with(b"\"@signature-params\": (\"@method\"") && last.ends_with(b";created=1717030000"));
    assert!(ask(&[]).is_none());
    // Less is covered than the contract asks for.
    assert!(ask(&httpsig::signed("a", &httpsig::LINES[..2], "")).is_none());
}

#[test]
fn a_proof_is_its_first_two_parts() {
    let folder = root().join("tests/cases/dpop/accept");
    let case = crate::json_file("tests/cases/dpop/accept/case.json");
    let (_, gate) = compiled(&folder, &case);
    let recording = Recording::parse(&std::fs::read(folder.join("request.http")).unwrap());
    let now = case["now"].as_i64().unwrap();
    assert_eq!(gate.check(&recording.request(), &Check::at(now)).verdict, Outcome::Accept);
    let signed = gate.signed_bytes(&recording.request()).unwrap();
    let (_, proof) = recording.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("dpop")).unwrap();
    let (input, _) = proof.rsplit_once('.').unwrap();
    assert_eq!(signed.forms.len(), 1);
    assert_eq!((signed.forms[0][0].at.as_str(), joined(&signed.forms[0], b"")), ("header:dpop", input.into()));
    assert_eq!(ask(&gate, "/", &[("dpop", "a.b.c")], b""), None);
}
