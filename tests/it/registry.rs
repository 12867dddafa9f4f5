//! What cases cannot say one by one: the order of hooks decides nothing, and no secret leaves.

use std::collections::BTreeMap;

use countersign::{Check, Registry, Request};
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
        assert_eq!((error.code, error.at.as_str()), ("contract-grammar", "/hooks/0/key"));
        assert!(!format!("{error:?}").contains("s3cr3t"), "{error:?}");
    }
}
