//! Inputs made to break a checker: none panics, and each gets its code.

use std::collections::BTreeSet;

use countersign::{Check, Gate, Key, Options, Outcome, Request, Verdict};

const SECRET: &str = "replace-with-real-secret";
const BODY: &[u8] = br#"{"message_id":"m","channel":"c","open_id":"o","content":"x"}"#;
const PATH: &str = "/api/v1/customer-service/webhook";

fn sub2api() -> Gate {
    let folder = crate::root().join("policies/webhook/sub2api");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let options = with!(Options::with_keys(vec![Key::secret(SECRET)]); files: [("message.schema.json".to_owned(), read("message.schema.json"))].into());
    Gate::compile(&read("contract.json"), options).unwrap()
}

fn signed(gate: &Gate, body: &[u8], now: i64) -> Vec<(String, String)> {
    let headers = [("content-type".to_owned(), "application/json".to_owned())];
    gate.sign(&Request::new("POST", PATH, &headers, body), now, None).unwrap().headers
}

fn check(gate: &Gate, headers: &[(String, String)], body: &[u8], now: i64) -> Verdict {
    gate.check(&Request::new("POST", PATH, headers, body), &Check::at(now))
}

fn codes(verdict: &Verdict) -> BTreeSet<String> {
    verdict.findings.iter().map(|finding| finding.code.to_string()).collect()
}

fn with(headers: &[(String, String)], name: &str, value: String) -> Vec<(String, String)> {
    let others = headers.iter().filter(|(existing, _)| existing != name).cloned();
    others.chain([(name.to_owned(), value)]).collect()
}

#[test]
fn what_is_signed_is_accepted() {
    let gate = sub2api();
    for now in [0, 1, 1_717_030_000, 253_402_300_799] {
        let verdict = check(&gate, &signed(&gate, BODY, now), BODY, now);
        assert_eq!(verdict.verdict, Outcome::Accept, "{now}: {}", verdict.to_json());
    }
}

#[test]
fn no_time_overflows() {
    let gate = sub2api();
    let now = 1_717_030_000;
    let headers = signed(&gate, BODY, now);
    for (far, code) in [(i64::MAX, "timestamp-too-old"), (i64::MIN, "timestamp-too-new")] {
        let verdict = check(&gate, &headers, BODY, far);
        assert_eq!(codes(&verdict), BTreeSet::from([code.to_owned()]), "{far}");
    }
    let sixty = [i64::MIN.to_string(), i64::MAX.to_string(), u64::MAX.to_string(), "9".repeat(60)];
    for text in sixty.into_iter().chain((0..60).map(|length| format!("1{}", "0".repeat(length)))) {
        let verdict = check(&gate, &with(&headers, "x-cs-timestamp", text.clone()), BODY, now);
        assert_eq!(verdict.verdict, Outcome::Reject, "{text}");
        assert!(codes(&verdict).iter().any(|code| code.starts_with("timestamp-")), "{text}: {}", verdict.to_json());
    }
}

#[test]
fn no_signature_header_is_too_strange() {
    let gate = sub2api();
    let now = 1_717_030_000;
    let headers = signed(&gate, BODY, now);
    let good = headers.iter().find(|(name, _)| name == "x-cs-signature").unwrap().1.clone();
    let strange = [
        (",".repeat(10_000), "signature-malformed"),
        ([good.as_str(); 10].join(","), "signature-malformed"),
        (format!("{good}\0"), "signature-malformed"),
        (format!(" {good}"), "signature-malformed"),
        (format!("{good}\n"), "signature-malformed"),
        (good.replace('0', "\u{ff10}"), "signature-malformed"),
        ([good.as_str(); 2_000].join(","), "limit-header-bytes"),
        ("a".repeat(1 << 20), "limit-header-bytes"),
        ("b".repeat(64), "signature-mismatch"),
    ];
    for (value, code) in strange {
        let verdict = check(&gate, &with(&headers, "x-cs-signature", value.clone()), BODY, now);
        assert!(codes(&verdict).contains(code), "{code}: {:?} {:?}", &value.get(..20), codes(&verdict));
    }
    let mut thousand: Vec<_> = (0..1_000).map(|index| (format!("x-{index}"), String::new())).collect();
    thousand.extend(headers);
    assert!(codes(&check(&gate, &thousand, BODY, now)).contains("limit-headers"));
}

/// One flipped bit anywhere, in signature, time or body, and it does not pass.
#[test]
fn no_bit_can_flip() {
    let gate = sub2api();
    let now = 1_717_030_000;
    let headers = signed(&gate, BODY, now);
    for index in 0..BODY.len() * 8 {
        let mut body = BODY.to_vec();
        body[index / 8] ^= 1 << (index % 8);
        let verdict = check(&gate, &headers, &body, now);
        assert!(codes(&verdict).contains("signature-mismatch"), "bit {index}: {}", verdict.to_json());
    }
    let good = headers.iter().find(|(name, _)| name == "x-cs-signature").unwrap().1.clone();
    for index in 0..good.len() {
        let other = if good.as_bytes()[index] == b'0' { "1" } else { "0" };
        let mut changed = good.clone();
        changed.replace_range(index..=index, other);
        let verdict = check(&gate, &with(&headers, "x-cs-signature", changed), BODY, now);
        assert_eq!(codes(&verdict), BTreeSet::from(["signature-mismatch".to_owned()]), "digit {index}");
    }
}

#[test]
fn no_body_is_too_strange() {
    let gate = sub2api();
    let now = 1_717_030_000;
    let deep = "[".repeat(1_000_000);
    let keys: String = (0..5_000).map(|index| format!("\"k{index}\":1,")).collect();
    let bodies: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "json-invalid"),
        (b"\0".to_vec(), "json-invalid"),
        (b"null".to_vec(), "schema-type"),
        (deep.into_bytes(), "json-too-deep"),
        (format!("{{{keys}\"z\":1}}").into_bytes(), "limit-findings"),
        (vec![b'1'; 1_000_000], "json-number-unsafe"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00".to_vec(), "encoding-invalid"),
        (vec![b' '; 1_048_577], "request-too-large"),
        (br#"{"message_id":"$& $1 {body} {timestamp} %s","channel":"c","open_id":"o","content":"x"}"#.to_vec(), ""),
    ];
    for (body, code) in bodies {
        let verdict = check(&gate, &signed(&gate, &body, now), &body, now);
        let found = codes(&verdict);
        assert!(found.contains(code) || (code.is_empty() && found.is_empty()), "{code}: {found:?}");
    }
}

/// Every prefix of a good body, and every byte of it replaced: a verdict each, never a panic.
#[test]
fn every_broken_body_is_judged() {
    let gate = sub2api();
    let now = 1_717_030_000;
    let body = r#"{"a":[1,-0.5e-3,true,null,"\ud83d\ude00\n",{"b/~":"我"}],"channel":""}"#.as_bytes();
    let headers = signed(&gate, body, now);
    for index in 0..body.len() {
        assert_eq!(check(&gate, &headers, &body[..index], now).verdict, Outcome::Reject);
        for byte in [0, b'"', b'{', b']', b'9', b'\\', b'u', 0x80, 0xff] {
            let mut changed = body.to_vec();
            changed[index] = byte;
            assert_eq!(check(&gate, &headers, &changed, now).verdict, Outcome::Reject);
        }
    }
}

/// Neither a secret, nor a MAC, nor a value of the body reaches a verdict or a Debug output.
#[test]
fn nothing_secret_is_said() {
    let gate = sub2api();
    let now = 1_717_030_000;
    let body = br#"{"channel":7,"open_id":"hunter2","content":"","nobody":"hunter2","timestamp":"hunter2"}"#;
    let mut headers = signed(&gate, body, now);
    let mac = headers.iter().find(|(name, _)| name == "x-cs-signature").unwrap().1.clone();
    headers = with(&headers, "x-cs-timestamp", (now + 1).to_string());
    let said = format!("{}{gate:?}", check(&gate, &headers, body, now).to_json());
    let request = Request::new("POST", PATH, &headers, &body[..body.len() - 1]);
    let explained = gate.explain_signed(&request, now, &[]);
    let said = format!("{said}{:?}{explained:?}", gate.signed_bytes(&request).unwrap());
    for secret in [SECRET, &mac, "hunter2"] {
        assert!(!said.contains(secret), "{secret}");
    }
    let key = Key::secret(SECRET);
    assert!(!format!("{key:?}").contains(SECRET));
}

/// The MAC of an answer is the one that is meant to leave: there alone, and with an accept alone.
#[test]
fn an_answers_mac_leaves_with_an_accept_alone() {
    let folder = crate::root().join("tests/cases/answer");
    let contract = std::fs::read_to_string(folder.join("zoom/contract.json")).unwrap();
    let key = Key::secret("secretValueTest");
    let gate = Gate::compile(&contract, Options::with_keys(vec![key])).unwrap();
    let recording = crate::cases::Recording::parse(&std::fs::read(folder.join("zoom/request.http")).unwrap());
    let request = Request::new(&recording.method, &recording.target, &recording.headers, &recording.body);
    let mac = "70c1f2e2e6ca2d39297490d1f9142c7d701415ea8e6151f6562a08fa657a40ff";
    let now = 1_654_503_849;
    let mut verdict = gate.check(&request, &Check::at(now));
    assert_eq!(verdict.to_json().matches(mac).count(), 1);
    let replayed = with!(Check::at(now); seen: verdict.replay.iter().map(|key| key.key.clone()).collect());
    verdict.answer = None;
    let changed = [recording.body.as_slice(), b" "].concat();
    let others = [
        gate.check(&request, &Check::at(now + 301)),
        gate.check(&request, &replayed),
        gate.check(&Request::new(&recording.method, &recording.target, &recording.headers, &changed), &Check::at(now)),
    ];
    let said = format!("{gate:?}{verdict:?}{others:?}{:?}", gate.explain(&request, now));
    assert!(!said.contains(mac), "{said}");
}

/// A document that breaks its schema in very many places costs no more than a look at the first.
#[test]
fn many_schema_errors_are_bounded() {
    let contract = r#"{"contract":"x","version":1,"signature":null,"schema":{"additionalProperties":{"items":{"type":"string"}}}}"#;
    let gate = Gate::compile(contract, Options::default()).unwrap();
    let check = |key: &str, items: usize| {
        let body = format!("{{\"{key}\":[{}0]}}", "0,".repeat(items - 1));
        let verdict = gate.check(&Request::new("POST", "/", &[], body.as_bytes()), &Check::default());
        let codes: Vec<String> = verdict.findings.iter().map(|finding| finding.code.to_string()).collect();
        (codes, verdict.to_json().len())
    };
    let few = check("k", 150);
    assert_eq!((few.0.len(), few.0[100].as_str()), (101, "limit-findings"));
    let many = check("k", 40_000);
    assert_eq!((many.0.len(), many.0[100].as_str()), (101, "limit-findings"));
    let long = check(&"k".repeat(500_000), 2_000);
    assert_eq!(long.0, ["limit-schema-steps", "schema-type", "schema-type"]);
    assert!(long.1 < 1_100_000, "{} bytes", long.1);
}

/// What was too long to be read is refused by the length that it was said to have.
#[test]
fn a_length_that_was_said_counts() {
    let gate = sub2api();
    let now = 1_717_030_000;
    let headers = signed(&gate, BODY, now);
    let ask = |body_bytes| {
        let mut request = Request::new("POST", PATH, &headers, BODY);
        request.body_bytes = body_bytes;
        gate.check(&request, &Check::at(now))
    };
    assert_eq!(ask(Some(1_048_576)).verdict, Outcome::Accept);
    let verdict = ask(Some(1_048_577));
    assert_eq!(codes(&verdict), BTreeSet::from(["request-too-large".to_owned()]));
    assert_eq!(verdict.status, Some(413));
}

/// Beside the verdict, and not in its text.
#[test]
fn the_skew_of_a_fresh_request_is_measured() {
    let gate = sub2api();
    let headers = signed(&gate, BODY, 1_717_030_000);
    for (now, skew) in [(1_717_030_012, Some(12)), (1_717_029_995, Some(-5)), (1_717_030_301, None)] {
        let verdict = check(&gate, &headers, BODY, now);
        assert_eq!(verdict.skew_seconds, skew);
        assert!(!verdict.to_json().contains("skew_seconds") && !verdict.to_json().contains("skewSeconds\":12"));
    }
}
