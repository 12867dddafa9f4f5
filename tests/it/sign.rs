//! What we sign passes, or signing says why not.

use countersign::{Check, Gate, Key, Options, Outcome, Request};

fn gate(contract: &str) -> Gate {
    let keys = vec![Key { secret: Some("replace-with-real-secret".into()), ..Key::default() }];
    Gate::compile(contract, Options { keys, ..Options::default() }).unwrap()
}

const QUERY: &str = r#"{ "contract": "query", "version": 1, "request": { "methods": ["GET"] },
    "signature": { "engine": "segments", "key": { "algorithm": "hmac-sha256" }, "from": { "query": "sig" },
        "shape": { "kind": "plain" }, "encoding": "hex", "signed": [ { "path": "raw" }, { "literal": "?" }, { "query":
        { "values": "raw", "sort": "name", "exclude": ["sig"], "pair": "=", "join": "&", "repeats": "refuse" } } ] },
    "payload": { "format": "query" } }"#;

#[test]
fn a_signature_in_the_query_replaces_the_one_there() {
    let gate = gate(QUERY);
    for url in ["/a", "/a?b=1", "/a?sig=old&b=1", "/a?%73ig=old", "/a?b=1#fragment", "https://example.org/a?b=1&c"] {
        let signed = gate.sign(&Request::new("GET", url, &[], b""), 0, None).unwrap();
        let verdict = gate.check(&Request::new("GET", &signed.url, &signed.headers, b""), &Check::default());
        assert_eq!(verdict.verdict, Outcome::Accept, "{url} -> {}: {}", signed.url, verdict.to_json());
    }
}

#[test]
fn what_cannot_be_signed_is_an_error() {
    let error = gate(QUERY).sign(&Request::new("GET", "/a?b=1&b=2", &[], b""), 0, None).unwrap_err();
    assert!(error.message.contains("`b` stands twice"), "{error}");
}

#[test]
fn user_information_is_no_port() {
    let contract = r#"{ "contract": "url", "version": 1, "signature": { "engine": "segments", "key": { "algorithm": "hmac-sha1" },
        "from": { "header": "x-signature" }, "shape": { "kind": "plain" }, "encoding": "base64",
        "signed": [ { "url": ["received", "without-port", "with-port"] } ] } }"#;
    let gate = gate(contract);
    for (sent, received) in [
        ("https://u:p@h.example:443/a", "https://u:p@h.example/a"),
        ("https://h.example/a", "https://h.example:443/a"),
        ("http://[::1]/a", "http://[::1]:80/a"),
    ] {
        let signed = gate.sign(&Request::new("POST", sent, &[], b"{}"), 0, None).unwrap();
        let verdict = gate.check(&Request::new("POST", received, &signed.headers, b"{}"), &Check::default());
        assert_eq!(verdict.verdict, Outcome::Accept, "{sent} and {received}: {}", verdict.to_json());
    }
}
