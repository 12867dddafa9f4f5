//! What lint shows of ambiguous signatures is true: the two requests have one signature.

use countersign::{Check, Gate, Key, Options, Outcome, Request, Severity, Stage, StageResult};
use serde_json::{Value, json};

const SECRET: &str = "replace-with-real-secret";

/// Each provider whose parts are signed with nothing between them, and what stands at its first seam.
const SEAMS: &[(&str, &str)] = &[
    ("discord", "the field `ts` and the body"),
    ("feishu", "the field `ts` and the field `nonce`"),
    ("hubspot-v2", "the URL and the body"),
    ("hubspot-v3", "the URL and the body"),
    ("sendgrid", "the field `ts` and the body"),
    ("shopify-app-proxy", "one parameter of the query"),
    ("square", "the URL and the body"),
    ("twilio", "the URL and the form"),
];

/// The other shapes that a seam may have; `field`s are headers of their name and format.
fn others() -> Vec<(Value, &'static str)> {
    let parameters = |values: &str, pair: &str, join: &str| json!({ "values": values, "sort": "name", "pair": pair, "join": join, "repeats": "refuse" });
    let (loose, strict) = (parameters("raw", "", ""), parameters("raw", "=", "&"));
    vec![
        (json!([{ "body": "raw" }, { "field": "seconds" }]), "the body and the field `seconds`"),
        (json!([{ "body": "raw" }, { "field": "millis" }]), "the body and the field `millis`"),
        (json!([{ "field": "millis" }, { "body": "raw" }]), "the field `millis` and the body"),
        (json!([{ "field": "text" }, { "field": "seconds" }]), "the field `text` and the field `seconds`"),
        (json!([{ "field": "text" }, { "url": ["received"] }]), "the field `text` and the URL"),
        (json!([{ "body": "raw" }, { "path": "raw" }]), "the body and the path"),
        (json!([{ "path": "raw" }, { "body": "raw" }]), "the path and the body"),
        (json!([{ "path": "raw" }, { "query": strict }, { "body": "raw" }]), "the path and the query"),
        (json!([{ "query": strict }, { "body": "raw" }]), "the query and the body"),
        (json!([{ "form": strict }, { "field": "seconds" }]), "the form and the field `seconds`"),
        (json!([{ "field": "of_pairs" }, { "body": "raw" }]), "the field `of_pairs` and the body"),
        (
            json!([{ "field": "text" }, { "optional": [{ "literal": "." }, { "field": "left_out" }, { "literal": "." }] }, { "body": "raw" }]),
            "the field `text` and the body",
        ),
        (json!([{ "form": loose }]), "one parameter of the form"),
        (json!([{ "form": parameters("decoded", "=", "&") }]), "one parameter of the form"),
        (json!([{ "query": parameters("raw", ":", "!") }]), "one parameter of the query"),
    ]
}

/// The seams over something that both sides can hold, in contracts whose body is a form where `body` is signed.
fn apart() -> Vec<(Value, &'static str)> {
    let strict = json!({ "values": "raw", "sort": "name", "pair": "=", "join": "&", "repeats": "refuse" });
    vec![
        (
            json!([{ "field": "text" }, { "literal": "." }, { "field": "word" }]),
            "the field `text` and the field `word`",
        ),
        (
            json!([{ "field": "text" }, { "literal": ":" }, { "field": "asked" }]),
            "the field `text` and the field `asked`",
        ),
        (
            json!([{ "field": "text" }, { "literal": "." }, { "field": "seconds" }, { "literal": "." }, { "body": "raw" }]),
            "the field `text` and the body",
        ),
        (
            json!([{ "body": "raw" }, { "literal": "\n" }, { "path": "raw" }, { "literal": "--" }, { "field": "text" }]),
            "the path and the field `text`",
        ),
        (json!([{ "path": "raw" }, { "literal": "|" }, { "query": strict }]), "the path and the query"),
        (json!([{ "url": ["received"] }, { "literal": "." }, { "field": "text" }]), "the URL and the field `text`"),
        (json!([{ "field": "text" }, { "literal": "." }, { "url": ["received"] }]), "the field `text` and the URL"),
        (json!([{ "form": strict }, { "literal": "." }, { "field": "text" }]), "the form and the field `text`"),
        (
            json!([{ "field": "member" }, { "literal": "\n" }, { "field": "item" }]),
            "the field `member` and the field `item`",
        ),
        (
            json!([{ "field": "text" }, { "literal": "." }, { "optional": [{ "field": "left_out" }] }, { "literal": "." }, { "field": "seconds" }]),
            "the field `text` and the field `left_out`",
        ),
        (
            json!([{ "field": "text" }, { "literal": "." }, { "optional": [{ "literal": "T" }, { "field": "at" }, { "literal": "." }] }, { "field": "seconds" }]),
            "the field `text` can hold the optional group of the field `at`",
        ),
    ]
}

fn contract(signed: &Value) -> Value {
    let header = |name: &str, format: &str| json!({ "from": { "header": name }, "format": format });
    let mut fields = json!({ "seconds": header("x-seconds", "unix-seconds"), "millis": header("x-millis", "unix-millis"),
        "text": header("x-text", "text"), "nonce": header("x-nonce", "hex16"), "zone": header("x-zone", "rfc3339"),
        "of_pairs": { "from": { "pair": "t" }, "format": "unix-seconds" },
        "left_out": { "from": { "header": "x-left-out" }, "optional": true },
        "at": { "from": { "header": "x-at" }, "format": "uuid-v7", "optional": true },
        "word": header("x-word", "text"), "dotless": { "from": { "header": "x-dotless" }, "without": " ." },
        "asked": { "from": { "query": "asked" } }, "member": { "from": { "body": "/member" } },
        "item": { "from": { "body": "/items/0/text" } } });
    let named = signed.to_string();
    fields.as_object_mut().unwrap().retain(|name, _| named.contains(&format!("\"{name}\"")));
    let shape = match named.contains("of_pairs") {
        true => json!({ "kind": "pairs", "separator": ",", "take": ["v1"] }),
        false => json!({ "kind": "plain" }),
    };
    json!({ "contract": "seam", "version": 1, "signature": { "engine": "segments", "key": { "algorithm": "hmac-sha256" },
        "from": { "header": "x-signature" }, "shape": shape, "encoding": "hex",
        "fields": fields, "signed": signed } })
}

/// Under an HMAC, where the provider signs with a private key: the signed bytes are the same.
fn gate(mut contract: Value, as_sent: bool) -> Gate {
    let algorithm = contract["signature"]["key"]["algorithm"].as_str().unwrap();
    if algorithm.starts_with("ed25519") || algorithm.starts_with("ecdsa") {
        contract["signature"]["key"] = json!({ "algorithm": "hmac-sha256" });
    }
    if as_sent {
        // A text is signed as it stands, where a time would be set to now.
        for (_, field) in contract["signature"].get_mut("fields").and_then(Value::as_object_mut).into_iter().flatten() {
            field.as_object_mut().unwrap().remove("format");
        }
        contract["freshness"] = Value::Null;
        contract["replay"] = Value::Null;
    }
    let keys = vec![Key::secret(SECRET)];
    Gate::compile(&contract.to_string(), Options::with_keys(keys)).unwrap()
}

/// The signature of one request at the other: whether the signature stage lets it pass.
fn passes(contract: &Value, signed: &Value, sent: &Value) -> bool {
    let text = |request: &Value, name: &str| request[name].as_str().unwrap().to_owned();
    let headers =
        |request: &Value| -> Vec<(String, String)> { serde_json::from_value(request["headers"].clone()).unwrap() };
    let (signer, verifier) = (gate(contract.clone(), true), gate(contract.clone(), false));
    let (method, url, body) = (text(signed, "method"), text(signed, "url"), text(signed, "body"));
    let made = signer.sign(&Request::new(&method, &url, &headers(signed), body.as_bytes()), 0, None).unwrap();
    let from = &contract["signature"]["from"];
    let (method, mut url, body, mut headers) =
        (text(sent, "method"), text(sent, "url"), text(sent, "body"), headers(sent));
    match from["header"].as_str() {
        Some(name) => {
            let (_, value) = made.headers.iter().find(|(header, _)| header == name).unwrap();
            // The field that is a pair of this header is the sent request's own.
            let pairs = headers.iter().position(|(header, _)| header == name).map(|at| headers.remove(at).1);
            let own = value.rsplit(',').next().unwrap();
            headers.push((name.to_owned(), pairs.map_or(value.clone(), |pairs| format!("{pairs},{own}"))));
        }
        None => url = format!("{url}&{}", made.url.rsplit('&').next().unwrap()),
    }
    let verdict = verifier.check(&Request::new(&method, &url, &headers, body.as_bytes()), &Check::default());
    verdict.stages.iter().any(|report| report.stage == Stage::Signature && report.result == StageResult::Pass)
}

fn collide(contract: &Value, seam: &str) {
    let linted = gate(contract.clone(), false);
    let finding = linted.lint().iter().find(|finding| finding.code.to_string() == "lint-ambiguous");
    let finding = finding.unwrap_or_else(|| panic!("{seam}: no finding"));
    assert_eq!(finding.severity, Severity::Warning);
    assert!(finding.message.starts_with(seam), "{seam}: {}", finding.message);
    let (_, requests) =
        finding.facts.iter().find(|(name, _)| *name == "requests").unwrap_or_else(|| panic!("{seam}: none are shown"));
    let [a, b] = [&requests[0], &requests[1]];
    assert_ne!(a, b, "{seam}");
    assert!(passes(contract, a, b) && passes(contract, b, a), "{seam}: {requests}");
    let mut other = b.clone();
    other["body"] = json!(format!("{}x", b["body"].as_str().unwrap()));
    other["url"] = json!(format!("{}0", b["url"].as_str().unwrap()));
    other["headers"] = json!(
        b["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| json!([pair[0], format!("{}0", pair[1].as_str().unwrap())]))
            .collect::<Vec<_>>()
    );
    assert!(!passes(contract, a, &other), "{seam}: every request passes");
}

#[test]
fn every_ambiguous_provider_shows_two_requests_with_one_signature() {
    for (name, seam) in SEAMS {
        collide(&crate::json_file(&format!("policies/webhook/{name}/contract.json")), seam);
    }
}

#[test]
fn so_does_every_seam_over_what_both_sides_can_hold() {
    for (signed, seam) in apart() {
        let mut contract = contract(&signed);
        if signed.to_string().contains("{\"body\"") {
            contract["payload"] = json!({ "format": "form" });
        }
        collide(&contract, seam);
    }
}

#[test]
fn so_does_every_other_shape_of_a_seam() {
    for (signed, seam) in others() {
        collide(&contract(&signed), seam);
    }
}

/// What has one length, or ends in a place of its own, gives no byte away. HubSpot v1 signs the secret, which has
/// one length, and the body.
#[test]
fn what_cannot_move_is_not_said_to() {
    let shipped = std::fs::read_dir(crate::root().join("policies/webhook")).unwrap();
    for name in shipped.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        let folder = if name.starts_with("sub2api") && !name.ends_with("answer") {
            format!("lint/{name}")
        } else {
            format!("schemes/{name}/lint")
        };
        let lint = std::fs::read_to_string(crate::root().join(format!("tests/cases/{folder}/lint.json"))).unwrap();
        let known = SEAMS.iter().any(|(seam, _)| *seam == name);
        assert_eq!(lint.contains("lint-ambiguous"), known, "{name}");
    }
    let strict = json!({ "values": "raw", "sort": "name", "pair": "=", "join": "&", "repeats": "refuse" });
    for signed in [
        json!([{ "field": "nonce" }, { "body": "raw" }]),
        json!([{ "field": "zone" }, { "body": "raw" }]),
        json!([{ "body": "raw" }, { "field": "zone" }]),
        json!([{ "method": "raw" }, { "path": "raw" }, { "field": "nonce" }]),
        json!([{ "field": "text" }, { "body": { "digest": "sha256", "encoding": "hex" } }]),
        json!([{ "query": strict }]),
        // A literal that one side cannot hold parts them, and a JSON body holds none.
        json!([{ "field": "seconds" }, { "literal": "." }, { "field": "text" }]),
        json!([{ "field": "text" }, { "literal": "\n" }, { "field": "asked" }]),
        json!([{ "field": "text" }, { "literal": " " }, { "path": "raw" }, { "literal": "?" }, { "query": strict }]),
        json!([{ "field": "text" }, { "literal": "." }, { "field": "dotless" }]),
        json!([{ "field": "dotless" }, { "literal": "." }, { "url": ["received"] }]),
        json!([{ "field": "text" }, { "literal": "." }, { "field": "seconds" }, { "literal": "." }, { "body": "raw" }]),
        json!([{ "field": "dotless" }, { "optional": [{ "literal": "." }, { "field": "at" }] }, { "literal": "|" }, { "field": "seconds" }]),
    ] {
        let codes: Vec<_> =
            gate(contract(&signed), false).lint().iter().map(|finding| finding.code.to_string()).collect();
        assert!(!codes.contains(&"lint-ambiguous".to_owned()), "{signed}: {codes:?}");
    }
}

/// A path whose end the contract fixes holds nothing more.
#[test]
fn a_path_with_a_fixed_end_holds_no_literal() {
    let strict = json!({ "values": "raw", "sort": "name", "pair": "=", "join": "&", "repeats": "refuse" });
    for (path, ambiguous) in [("/kb/{id}/documents", false), ("/kb/{id}", true)] {
        let mut contract = contract(&json!([{ "path": "raw" }, { "literal": "|" }, { "query": strict }]));
        contract["request"] = json!({ "path": path });
        let found = gate(contract, false).lint().iter().any(|finding| finding.code.to_string() == "lint-ambiguous");
        assert_eq!(found, ambiguous, "{path}");
    }
}

/// Amazon SNS parts members of the body by line breaks: a message may hold one, and nothing beside it.
#[test]
fn what_a_text_never_holds_closes_its_seam() {
    let folder = "tests/cases/lint/lint-ambiguous--optional-group";
    let mut contract = crate::cases::contract_of(folder);
    collide(&contract, "the field `message` and the field `id`");
    for name in ["id", "subject", "topic", "type"] {
        contract["signature"]["fields"][name]["without"] = json!("\n");
        let open = gate(contract.clone(), false).lint().iter().any(|found| found.code.to_string() == "lint-ambiguous");
        assert_eq!(open, name != "type", "{name}");
    }
}

/// Why `lint-mac-oracle` warns: the answer to one handshake is the signature of another request, unless a schema
/// keeps that request's signed bytes out of the token.
#[test]
fn an_open_answer_signs_any_request() {
    let now = 1_717_030_000;
    let check = Check::at(now);
    let wanted = r#"{"event":"user.deleted","payload":{}}"#;
    let token = format!("v0:{now}:{wanted}");
    let handshake = json!({ "event": "endpoint.url_validation", "payload": { "plainToken": token } }).to_string();
    let json_type = ("content-type".to_owned(), "application/json".to_owned());
    for (name, open) in [("lint-mac-oracle", true), ("lint-mac-oracle--barred", false)] {
        let gate = gate(crate::cases::contract_of(&format!("tests/cases/lint/{name}")), false);
        assert_eq!(!gate.lint().is_empty(), open, "{name}");
        let request = Request::new("POST", "/", std::slice::from_ref(&json_type), handshake.as_bytes());
        let signed = gate.sign(&request, now, None).unwrap();
        let verdict = gate.check(&Request::new("POST", "/", &signed.headers, handshake.as_bytes()), &check);
        let Some(answer) = verdict.answer.filter(|_| open) else {
            assert!(!open && verdict.verdict == Outcome::Reject, "{name}");
            continue;
        };
        let (_, mac) = answer.0.iter().find(|(member, _)| member == "encryptedToken").unwrap();
        let headers = [
            json_type.clone(),
            ("x-zm-request-timestamp".to_owned(), now.to_string()),
            ("x-zm-signature".to_owned(), format!("v0={}", mac.as_str().unwrap())),
        ];
        let forged = gate.check(&Request::new("POST", "/", &headers, wanted.as_bytes()), &check);
        assert_eq!(forged.verdict, Outcome::Accept, "{}", forged.to_json());
    }
}
