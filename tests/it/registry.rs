//! What cases cannot say one by one: the order of hooks decides nothing, every address has one reading, and no secret
//! leaves.

use std::collections::BTreeMap;

use countersign::registry::{Action, Settle};
use countersign::{Check, Gate, Options, Outcome, Registry, Request};
use serde_json::{Value, json};

const HOSTS: [&str; 5] = ["example.com", "EXAMPLE.com", "example.com:80", "example.com:443", "example.com:8080"];

fn picked(hooks: &[Value], request: &Request<'_>) -> Option<Option<String>> {
    let source = json!({ "registry": { "version": 1, "hooks": hooks } }).to_string();
    let registry = Registry::from_json(&source).ok()?;
    Some(registry.check(request, &Check::default(), &BTreeMap::new()).hook)
}

/// Of two hooks that load together, no request is for both: turned round, they are picked alike.
#[test]
fn no_request_is_for_two_hooks() {
    let schemes = ["http", "https"];
    let uris: Vec<String> =
        schemes.iter().flat_map(|scheme| HOSTS.map(|host| format!("{scheme}://{host}/hook"))).collect();
    let hook = |id: &str, uri: &str| json!({ "id": id, "uri": uri, "enabled": false, "reason": "none" });
    let (mut together, mut found) = (0, 0);
    for one in &uris {
        for other in &uris {
            let hooks = [hook("a", one), hook("b", other)];
            let turned = [hook("b", other), hook("a", one)];
            let calls = HOSTS.map(|host| ("/hook".to_owned(), host));
            let calls = calls.into_iter().chain(uris.iter().map(|uri| (uri.clone(), "elsewhere.example")));
            for (url, host) in calls {
                let headers = [("Host".to_owned(), host.to_owned())];
                let request = Request::new("POST", &url, &headers, b"");
                let (first, second) = (picked(&hooks, &request), picked(&turned, &request));
                assert_eq!(first, second, "{one} and {other}, called {url} at {host}");
                together += usize::from(first.is_some());
                found += usize::from(first.flatten().is_some());
            }
        }
    }
    assert!(together > 100 && found > 100, "{together} calls, {found} picked");
}

/// Each hook is called by its own URI, whole or taken apart.
#[test]
fn a_hook_is_called_by_its_own_uri() {
    let taken_apart =
        [("http://h.example", "/", "h.example"), ("https://[2001:db8::1]:8443/a%20b", "/a%20b", "[2001:DB8::1]:8443")];
    for (uri, target, host) in taken_apart {
        let hooks = [json!({ "id": "a", "uri": uri, "enabled": false, "reason": "none" })];
        let headers = [("Host".to_owned(), host.to_owned())];
        for request in [Request::new("POST", uri, &[], b""), Request::new("POST", target, &headers, b"")] {
            assert_eq!(picked(&hooks, &request), Some(Some("a".into())), "{request:?}");
        }
    }
}

#[test]
fn no_secret_leaves() {
    let contract: Value = crate::json_file("tests/cases/registry/design/plain.json");
    let source = json!({
        "registry": { "version": 1, "hooks": [
            { "id": "a", "uri": "http://h.example/", "enabled": true, "contract": "./plain.json" } ] },
        "contracts": { "./plain.json": { "contract": contract } },
        "keys": { "a": [{ "secret": "s3cr3t-of-sixteen-bytes" }] } });
    let registry = Registry::from_json(&source.to_string()).unwrap();
    let request = Request::new("POST", "http://h.example/", &[], b"{}");
    let outcome = registry.check(&request, &Check::default(), &BTreeMap::new());
    assert!(!format!("{registry:?}{outcome:?}{}", outcome.to_json()).contains("s3cr3t"));
    for place in [
        json!("s3cr3t"),
        json!(["s3cr3t"]),
        json!({ "s3cr3t": 1 }),
        json!({ "env": "s3cr3t!" }),
        json!({ "value": "s3cr3t" }),
    ] {
        let mut source = source.clone();
        source["registry"]["hooks"][0]["key"] = place;
        let error = Registry::from_json(&source.to_string()).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_str()), ("contract-grammar", "/hooks/0/key"));
        assert!(!format!("{error:?}").contains("s3cr3t"), "{error:?}");
    }
}

/// What authorities and paths are made of, well or badly.
const PIECES: [&str; 40] = [
    "a",
    "B",
    "h.example",
    "H.example",
    "localhost",
    "xn--a",
    "-",
    "_",
    ".",
    "..",
    "/",
    "//",
    "?",
    "#",
    "@",
    "\\",
    " ",
    "é",
    "%",
    "%2e",
    "%zz",
    "127.0.0.1",
    "127.1",
    "0x7f",
    "0",
    "1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:1.2.3.4]",
    "[::ffff:102:304]",
    "[",
    "]",
    "::1",
    ":",
    ":80",
    ":443",
    ":0443",
    ":8080",
    ":65536",
    "\0",
];

fn address(next: &mut impl FnMut(usize) -> usize) -> String {
    let scheme = ["http://", "https://", "HTTPS://", "ftp://", ""][[0, 0, 0, 1, 1, 1, 1, 2, 3, 4][next(10)]];
    let pieces: String = (0..=next(3)).map(|_| PIECES[next(PIECES.len())]).collect();
    scheme.to_owned() + &pieces
}

/// Whatever is written as an address: a hook that loads is called by it, and of two hooks each is called by the
/// other's address or neither is, which is when they do not load together, in either order.
#[test]
fn every_address_has_one_reading() {
    let mut next = crate::random();
    let hook = |id: &str, uri: &str| json!({ "id": id, "uri": uri, "enabled": false, "reason": "none" });
    let called = |uri: &str, url: &str| picked(&[hook("a", uri)], &Request::new("POST", url, &[], b""));
    let (mut loaded, mut together, mut same) = (Vec::<String>::new(), 0, 0);
    for _ in 0..2_000 {
        let uri = address(&mut next);
        let headers = [("Host".to_owned(), uri.clone())];
        picked(&[hook("a", "http://h.example/")], &Request::new("POST", "/", &headers, b""));
        match called(&uri, &uri) {
            None => {}
            Some(found) => {
                assert_eq!(found.as_deref(), Some("a"), "{uri}");
                loaded.push(uri);
            }
        }
    }
    loaded.sort();
    loaded.dedup();
    for one in &loaded {
        for other in (0..12).map(|_| &loaded[next(loaded.len())]).filter(|other| *other != one) {
            let equal = called(one, other).flatten().is_some();
            assert_eq!(equal, called(other, one).flatten().is_some(), "{one} and {other}");
            let request = Request::new("POST", one, &[], b"");
            let both = picked(&[hook("a", one), hook("b", other)], &request);
            let turned = picked(&[hook("b", other), hook("a", one)], &request);
            assert_eq!(both, turned, "{one} and {other}");
            assert!(!(equal && both.is_some()), "{one} and {other} load together");
            together += usize::from(both.is_some());
            same += usize::from(equal);
        }
    }
    assert!(loaded.len() > 100 && together > 400 && same > 3, "{} loaded, {together}, {same}", loaded.len());
}

/// Whatever is written as an origin: one that loads accepts itself, is no other that loads, and stands where a hook can.
#[test]
fn every_origin_has_one_spelling() {
    let mut next = crate::random();
    let gate = |origin: &str| {
        let rules = json!({ "origins": [origin] });
        let contract = json!({ "contract": "o", "version": 1, "signature": null, "request": rules });
        Gate::compile(&contract.to_string(), Options::default()).ok()
    };
    let accepts = |gate: &Gate, name: &str, value: String| {
        let headers = [(name.to_owned(), value)];
        gate.check(&Request::new("POST", "/", &headers, b"{}"), &Check::default()).verdict == Outcome::Accept
    };
    let some = gate("https://h.example").unwrap();
    let mut loaded: BTreeMap<String, Gate> = BTreeMap::new();
    for _ in 0..4_000 {
        let origin = address(&mut next);
        accepts(&some, "origin", origin.clone());
        accepts(&some, "referer", origin.clone());
        loaded.extend(gate(&origin).map(|gate| (origin, gate)));
    }
    assert!(loaded.len() > 40, "only {} origins", loaded.len());
    for (origin, gate) in &loaded {
        let hooks = [json!({ "id": "a", "uri": origin, "enabled": false, "reason": "none" })];
        for other in loaded.keys() {
            let found = picked(&hooks, &Request::new("POST", other, &[], b"")).flatten();
            assert_eq!(found.is_some(), origin == other, "{origin} and {other}");
            assert_eq!(accepts(gate, "origin", other.clone()), origin == other, "{origin} and {other}");
            assert_eq!(accepts(gate, "referer", format!("{other}/page")), origin == other, "{origin} and {other}");
        }
    }
}

/// Whatever is answered: a wait stands beside `retry` and nowhere else, only a refused signature counts, only that and
/// 410 disable a hook, and nothing of the answer is repeated.
#[test]
fn every_answer_is_settled() {
    let hook = |id: &str, rules: Value| {
        let mut hook = json!({ "id": id, "uri": format!("https://{id}.example/"), "enabled": true,
            "contract": "./plain.json" });
        hook.as_object_mut().unwrap().extend(rules.as_object().unwrap().clone());
        hook
    };
    let hooks = [
        hook("a", json!({})),
        hook("b", json!({ "receipt": true, "disableAfter": 2 })),
        json!({ "id": "c", "uri": "https://c.example/", "enabled": false, "reason": "none" }),
    ];
    let key = json!([{ "secret": "a-secret-of-sixteen-bytes" }]);
    let source = json!({ "registry": { "version": 1, "hooks": hooks },
        "contracts": { "./plain.json": { "contract": crate::json_file("tests/cases/registry/design/plain.json") } },
        "keys": { "a": key, "b": key } });
    let registry = Registry::from_json(&source.to_string()).unwrap();
    let waits = ["", "0", "-1", "7", "soon", "Thu, 30 May 2024 00:48:40 GMT"];
    let (coded, signed, named): (&[u8], &[u8], &[u8]) =
        (b"{\"type\":\"urn:countersign:code:s3cr3t\"}", b"{\"error\":[\"bad sign\"]}", b"s3cr3t target");
    let bodies = [b"", &b"{\"received\":true}"[..], coded, signed, named, b"s3cr3t design", b"<p>target", b"\xff{"];
    let (mut done, mut again, mut lost, mut disabled) = (0, 0, 0, 0);
    for (id, status) in ["a", "b", "c"].into_iter().flat_map(|id| (0..=999).map(move |status| (id, status))) {
        for (wait, body) in waits.iter().flat_map(|wait| bodies.map(|body| (wait, body))) {
            let headers = [("retry-after".to_owned(), (*wait).to_owned())];
            let options = with!(Settle::at(1_717_030_000); failures: 1);
            let settled = registry.settle(id, &Request::answer(status, &headers, body), &options).unwrap();
            let what = settled.to_json();
            assert_eq!(settled.delay.is_some(), settled.action == Action::Retry, "{what}");
            assert!(settled.delay.is_none_or(|delay| delay.retry && id != "c"), "{what}");
            let counted = settled.disable.failures == 2;
            let refused = matches!(status, 401 | 403) && body != coded && body != named;
            assert_eq!(counted, id != "c" && (refused || matches!(status, 400 | 422) && body == signed), "{what}");
            assert_eq!(settled.disable.decision, id != "c" && (status == 410 || counted && id == "b"), "{what}");
            assert_eq!(settled.disable.failures == 0, (200..300).contains(&status), "{what}");
            assert!(!what.contains("s3cr3t"), "{what}");
            match settled.action {
                Action::Done => done += 1,
                Action::Retry => again += 1,
                Action::Drop => lost += 1,
            }
            disabled += usize::from(settled.disable.decision);
        }
    }
    assert!(done > 1_000 && again > 1_000 && lost > 1_000 && disabled > 50, "{done} {again} {lost} {disabled}");
}
