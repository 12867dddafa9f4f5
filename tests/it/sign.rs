//! What we sign passes, or signing says why not.

use countersign::{Check, Gate, Key, Options, Outcome, Request};

fn gate(contract: &str) -> Gate {
    let keys = vec![Key::secret("replace-with-real-secret")];
    Gate::compile(contract, Options::with_keys(keys)).unwrap()
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
fn a_time_that_no_format_holds_is_an_error() {
    let contract = r#"{ "contract": "time", "version": 1, "signature": { "engine": "segments",
        "key": { "algorithm": "hmac-sha256" }, "from": { "header": "x-signature" }, "shape": { "kind": "plain" },
        "encoding": "hex", "fields": { "ts": { "from": { "header": "x-time" }, "format": "rfc3339" } },
        "signed": [ { "field": "ts" }, { "body": "raw" } ] },
        "freshness": { "field": "ts", "pastSeconds": 0, "futureSeconds": 0 } }"#;
    let gate = gate(contract);
    for (now, fits) in [
        (-62_167_219_201, false),
        (-62_167_219_200, true),
        (253_402_300_799, true),
        (253_402_300_800, false),
        (i64::MAX, false),
    ] {
        match gate.sign(&Request::new("POST", "/", &[], b"{}"), now, None) {
            Ok(signed) => {
                let request = Request::new("POST", "/", &signed.headers, b"{}");
                let verdict = gate.check(&request, &Check::at(now));
                assert!(fits && verdict.verdict == Outcome::Accept, "{now}: {}", verdict.to_json());
            }
            Err(error) => assert!(!fits && error.message.contains("outside the years 0 to 9999"), "{now}: {error}"),
        }
    }
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

fn message_gate(engine: &str, id: Option<&str>) -> Gate {
    let contract = format!(
        r#"{{ "contract": "messages", "version": 1, "signature": {{ "engine": "rfc9421", "key": {{ "algorithm": "hmac-sha256" }}, {engine} }} }}"#
    );
    let secret = Some("replace-with-real-secret".into());
    let keys = vec![with!(Key::default(); id: id.map(str::to_owned), secret: secret)];
    Gate::compile(&contract, Options::with_keys(keys)).unwrap()
}

#[test]
fn a_message_signature_passes_for_every_component() {
    let engines = [
        r#""components": []"#,
        r#""components": ["@method", "@authority", "@path", "content-digest"], "parameters": ["created", "keyid"]"#,
        r#""components": ["@target-uri", "@scheme", "@query", "@request-target", "@query-param;name=\"a\""], "tag": "t""#,
        r#""components": ["content-digest;key=\"sha-512\"", "content-digest", "content-digest;bs", "x-own;bs"]"#,
        r#""components": ["content-digest;sf"], "parameters": ["alg", "created", "expires", "keyid", "nonce", "tag"], "tag": "a \"b\"""#,
    ];
    let old =
        [("Signature-Input", "a=()"), ("signature", "a=:AAAA:"), ("Content-Digest", "sha-256=:AAAA:"), ("X-Own", "1")];
    let headers: Vec<_> = old.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    for (engine, body) in engines.iter().zip([&b"{}"[..], b"{}", b"[1]", b"\"\xc3\xa9\"", b"0"]) {
        let gate = message_gate(engine, Some("k1"));
        let url = "https://hooks.example.org/in?a=1";
        let signed = gate.sign(&Request::new("POST", url, &headers, body), 7, Some("n1")).unwrap();
        let at = |now| gate.check(&Request::new("POST", &signed.url, &signed.headers, body), &Check::at(now));
        assert_eq!(at(306).verdict, Outcome::Accept, "{signed:?}: {}", at(306).to_json());
        let expires = engine.contains("expires");
        assert_eq!(at(307).verdict == Outcome::Reject, expires, "{}", at(307).to_json());
        let other = gate.check(&Request::new("POST", &signed.url, &signed.headers, b"{} "), &Check::default());
        assert_eq!(other.verdict == Outcome::Reject, engine.contains("digest"), "{}", other.to_json());
        let count = |wanted: &str| signed.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).count();
        assert_eq!((count("signature"), count("signature-input"), count("content-digest")), (1, 1, 1));
    }
    let unnamed = message_gate(r#""components": ["@method"]"#, None);
    let signed = unnamed.sign(&Request::new("POST", "/", &[], b""), 1, None).unwrap();
    assert_eq!(signed.headers[0].1, "sig1=(\"@method\");created=1");
}

#[test]
fn what_no_message_signature_can_say_is_an_error() {
    let cases = [
        (r#""components": ["date"]"#, None, "no such header"),
        (r#""components": ["@authority"]"#, None, "no origin and no one Host"),
        (r#""components": [], "parameters": ["keyid"]"#, None, "the key has no id"),
        (r#""components": []"#, Some("k\u{e9}"), "`keyid` is empty, or not of visible ASCII"),
        (r#""components": [], "parameters": ["nonce"]"#, None, "none is given"),
        (r#""components": [], "parameters": ["tag"]"#, None, "does not say which"),
        (r#""components": ["content-digest;key=\"md5\""]"#, None, "sha-256 or sha-512"),
    ];
    for (engine, id, message) in cases {
        let error = message_gate(engine, id).sign(&Request::new("POST", "/", &[], b""), 0, None).unwrap_err();
        assert!(error.code == "contract-signature" && error.message.contains(message), "{engine}: {error}");
    }
    let gate = message_gate(r#""components": []"#, None);
    for now in [-1, i64::MIN, i64::MAX, 253_402_300_799] {
        assert!(gate.sign(&Request::new("POST", "/", &[], b""), now, None).is_err(), "{now}");
    }
}

#[test]
fn a_public_key_signs_nothing() {
    let dpop = r#"{ "contract": "proofs", "version": 1, "freshness": { "field": "iat", "pastSeconds": 60, "futureSeconds": 5 },
        "signature": { "engine": "dpop", "algorithms": ["ES256"], "accessToken": "none" } }"#;
    let gate = Gate::compile(dpop, Options::default()).unwrap();
    let error = gate.sign(&Request::new("POST", "/", &[], b""), 0, None).unwrap_err();
    assert!(error.message.contains("the client's own private key"), "{error}");
    let contract = r#"{ "contract": "messages", "version": 1, "signature": { "engine": "rfc9421",
        "key": { "algorithm": "ed25519", "format": "hex" }, "components": ["@method"] } }"#;
    // RFC 8032, section 7.1, test 1.
    let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let keys = vec![Key::public(key)];
    let gate = Gate::compile(contract, Options::with_keys(keys)).unwrap();
    let error = gate.sign(&Request::new("POST", "/", &[], b""), 0, None).unwrap_err();
    assert!(error.message.contains("public key alone"), "{error}");
}
