//! Packs and webhook policies over ordinary input: the shipped baselines, sets of documents, isolation.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used, missing_docs)]

use std::path::{Path, PathBuf};

use countersign::policy::{Pack, PolicyLimits, TestOutcome, run_tests};
use serde_json::{Value, json};

/// 2026-11-21T00:00:00Z.
pub const NOW: i64 = 1_795_219_200;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn modules(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(modules(&path));
        } else if path.extension().is_some_and(|extension| extension == "rego") {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            found.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    found
}

fn kubernetes() -> Pack {
    Pack::load(&modules(&root().join("policies/deployment/kubernetes")), &PolicyLimits::default()).unwrap()
}

pub fn one(text: &str) -> Vec<(String, String)> {
    vec![("policy.rego".to_owned(), text.to_owned())]
}

/// The report as its text on the wire.
fn check(pack: &Pack, documents: Value, data: Value, params: Value) -> Value {
    let Value::Array(documents) = documents else { panic!("documents") };
    serde_json::to_value(pack.check(documents, data, params, NOW).unwrap()).unwrap()
}

/// That encryption is checked elsewhere, so that no note says that it was not.
fn elsewhere() -> Value {
    json!({ "require": "none" })
}

fn codes(report: &Value) -> Vec<String> {
    report["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_rego_test_passes() {
    let folder = root().join("policies");
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut left = vec![folder];
    while let Some(folder) = left.pop() {
        let inner: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        if inner.iter().any(|path| path.to_str().unwrap().ends_with("_test.rego")) {
            folders.push(folder);
        }
        left.extend(inner.into_iter().filter(|path| path.is_dir()));
    }
    let mut ran = 0;
    let mut failed = Vec::new();
    for folder in folders {
        for result in run_tests(&modules(&folder), NOW, &PolicyLimits::default()).unwrap() {
            ran += 1;
            if result.outcome != TestOutcome::Pass {
                failed.push(result);
            }
        }
    }
    println!("{ran} tests of Rego");
    assert!(ran > 0, "no test of Rego ran");
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_network_policy_corpus_is_judged_as_its_index_says() {
    let Some(folder) = crate::data("k8s/seed-baseline") else { return };
    let index = std::fs::read_to_string(folder.join("index.json")).unwrap();
    let index: Value = serde_json::from_str(&index).unwrap();
    let pack = kubernetes();
    let mut judged = 0;
    for entry in index["entries"].as_array().unwrap() {
        let (Some(expected), Some(file)) = (entry["isDefaultDenyIngress"].as_bool(), entry["file"].as_str()) else {
            continue;
        };
        let document: Value = serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap();
        let report = check(&pack, json!([document]), Value::Null, Value::Null);
        let denies = !codes(&report).contains(&"policy-kubernetes-default-deny-ingress".to_owned());
        assert_eq!(denies, expected, "{file}: {report:#}");
        assert_ne!(report["verdict"], "error", "{file}: {report:#}");
        judged += 1;
    }
    println!("{judged} network policies");
    assert!(judged > 10, "only {judged} network policies were judged");
}

fn at(report: &Value) -> Vec<(String, Value, Value)> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|f| (f["code"].as_str().unwrap().to_owned(), f["document"].clone(), f["at"].clone())).collect()
}

fn namespace(name: &str, level: &str) -> Value {
    json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": { "pod-security.kubernetes.io/enforce": level } } })
}

fn deny_all(namespace: &str) -> Value {
    json!({ "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": { "name": "deny", "namespace": namespace }, "spec": { "podSelector": {} } })
}

#[test]
fn a_finding_has_all_that_a_reader_needs() {
    let report =
        check(&kubernetes(), json!([namespace("shop", "privileged"), deny_all("shop")]), Value::Null, elsewhere());
    assert_eq!(report, kubernetes_report());
}

fn kubernetes_report() -> Value {
    json!({
        "schemaVersion": 1,
        "verdict": "fail",
        "counts": { "documents": 2, "rules": 18, "errors": 1, "warnings": 0, "infos": 0 },
        "findings": [{
            "code": "policy-kubernetes-pod-security-level",
            "rule": "kubernetes-pod-security-level",
            "severity": "error",
            "message": "the namespace `shop` enforces `privileged`, which is below `baseline`",
            "at": "/metadata/labels/pod-security.kubernetes.io~1enforce",
            "document": 0,
            "resource": { "kind": "Namespace", "name": "shop" },
            "fingerprint": "b78429f22fffb197",
            "help": "set the label `pod-security.kubernetes.io/enforce` of the namespace to `baseline` or `restricted`",
            "reads": [
                { "at": "/metadata/labels/pod-security.kubernetes.io~1enforce" },
                { "at": "/metadata/name" },
                { "at": "/apiVersion" },
                { "at": "/kind" },
            ],
        }],
    })
}

#[test]
fn the_set_is_judged_as_a_whole_whatever_the_order() {
    let pack = kubernetes();
    for documents in [
        json!([namespace("shop", "baseline"), deny_all("shop")]),
        json!([deny_all("shop"), namespace("shop", "baseline")]),
    ] {
        assert_eq!(check(&pack, documents, Value::Null, Value::Null)["verdict"], "pass");
    }
    let report = check(&pack, json!([namespace("shop", "baseline")]), Value::Null, elsewhere());
    assert_eq!(at(&report), [("policy-kubernetes-default-deny-ingress".to_owned(), json!(0), json!(""))]);
}

#[test]
fn lists_are_unfolded_and_findings_point_into_them() {
    let pack = kubernetes();
    let mut untyped = namespace("till", "privileged");
    untyped.as_object_mut().unwrap().remove("kind");
    untyped.as_object_mut().unwrap().remove("apiVersion");
    let documents = json!([
        { "apiVersion": "v1", "kind": "List", "items": [deny_all("shop"), namespace("shop", "privileged")] },
        { "apiVersion": "v1", "kind": "NamespaceList", "items": [untyped] },
        { "kind": "List", "items": [{ "kind": "List", "items": [deny_all("till")] }] },
    ]);
    let report = check(&pack, documents, Value::Null, elsewhere());
    let label = "metadata/labels/pod-security.kubernetes.io~1enforce";
    let code = "policy-kubernetes-pod-security-level".to_owned();
    assert_eq!(
        at(&report),
        [
            (code.clone(), json!(0), json!(format!("/items/1/{label}"))),
            (code, json!(1), json!(format!("/items/0/{label}"))),
        ]
    );
    assert_eq!(report["counts"]["documents"], 4);
}

#[test]
fn a_required_configuration_that_is_missing_is_one_finding_about_the_set() {
    let pack = kubernetes();
    let params = json!({ "require": "encryption" });
    for documents in [json!([]), json!([deny_all("shop"), namespace("shop", "baseline")])] {
        let report = check(&pack, documents.clone(), Value::Null, params.clone());
        assert_eq!(codes(&report), ["policy-kubernetes-etcd-encryption-missing"]);
        assert!(report["findings"][0].get("document").is_none());
        assert!(report["findings"][0].get("at").is_none());
        assert_eq!(check(&pack, documents, Value::Null, Value::Null)["verdict"], "pass");
    }
}

#[test]
fn keys_come_from_data_and_never_leave_in_a_message() {
    let pack = kubernetes();
    let configuration = json!({ "apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration", "resources": [
        { "resources": ["secrets"], "providers": [{ "aescbc": { "keys": [{ "name": "key1", "secret": "aHVudGVyMg==" }] } }] }] });
    let unknown = check(&pack, json!([configuration]), Value::Null, Value::Null);
    assert_eq!(codes(&unknown), ["policy-kubernetes-encryption-key-age-unknown"]);
    assert_eq!(unknown["findings"][0]["severity"], "warning");
    let keys = |day: &str| json!({ "params": { "keys": [{ "name": "key1", "created": day }] } });
    let old = check(&pack, json!([configuration]), keys("2026-08-22"), Value::Null);
    assert_eq!(codes(&old), ["policy-kubernetes-encryption-key-age"]);
    assert_eq!(
        codes(&check(&pack, json!([configuration]), keys("2026-08-23"), json!({ "require": "encryption" }))),
        <[&str; 0]>::default()
    );
    for report in [unknown, old] {
        assert!(!report.to_string().contains("aHVudGVyMg"), "{report:#}");
    }
}

#[test]
fn data_that_stands_in_the_way_is_misuse() {
    let pack = kubernetes();
    for data in [
        json!({ "documents": [] }),
        json!({ "now": 1 }),
        json!({ "kubernetes": { "pss": { "deny": [] } } }),
        json!([]),
        json!({ "params": 1 }),
    ] {
        assert!(pack.check(Vec::new(), data, Value::Null, NOW).is_err());
    }
    assert!(pack.check(Vec::new(), Value::Null, json!(["x"]), NOW).is_err());
}

#[test]
fn a_rule_that_fails_is_reported_and_the_others_count() {
    let modules = [
        ("a.rego".to_owned(), "package a\ndeny contains \"bad\" if input.bad".to_owned()),
        ("b.rego".to_owned(), "package b\ndeny contains \"never\" if object.get(input.x, \"y\", 1) == 2\nwarn contains \"odd\" if input.bad".to_owned()),
        ("c.rego".to_owned(), "package c\nviolation contains {\"no\": \"message\"} if input.bad".to_owned()),
    ];
    let pack = Pack::load(&modules, &PolicyLimits::default()).unwrap();
    let report = check(&pack, json!([{ "x": "secret", "bad": true }, { "x": {} }]), Value::Null, Value::Null);
    assert_eq!(codes(&report), ["policy-a", "rule-error", "policy-b", "rule-error"]);
    assert_eq!(report["verdict"], "error");
    assert_eq!(
        report["findings"][1]["message"],
        "the rule `b.deny` failed at b.rego:2: object.get: operand 1 must be object but got string"
    );
    assert_eq!(report["counts"], json!({ "documents": 2, "rules": 4, "errors": 3, "warnings": 1, "infos": 0 }));
    let clean = check(&pack, json!([{ "x": {} }]), Value::Null, Value::Null);
    assert_eq!(clean["verdict"], "pass", "{clean:#}");
}

#[test]
fn a_webhook_policy_reads_request_parameters_and_time() {
    let module = one(r#"package shop.limits
deny contains {"id": "too-much", "message": "more than the limit", "at": "/amount"} if input.body.amount > data.params.limit
warn contains sprintf("late at %d", [data.now]) if data.now > 10
deny contains {"code": "policy-Odd.Name", "msg": "m", "severity": "info"} if input.request.method == "PUT"
"#);
    let policy =
        countersign::policy::Policy::compile(&module, &json!({ "limit": 5 }), &PolicyLimits::default()).unwrap();
    let input = json!({ "body": { "amount": 7 }, "event": {}, "request": { "method": "PUT", "path": "/", "headers": {} }, "now": 11 });
    let findings = policy.judge(input.clone(), 11);
    let told: Vec<String> =
        findings.iter().map(|f| format!("{} {:?} {} {:?}", f.code, f.severity, f.message, f.at)).collect();
    assert_eq!(
        told,
        [
            "policy-odd-name Info m None",
            "policy-too-much Error more than the limit Some(\"/amount\")",
            "policy-limits Warning late at 11 None",
        ]
    );
    assert_eq!(policy.judge(input, 9).len(), 2);
}

#[test]
fn a_module_that_does_not_load_says_where() {
    let error =
        Pack::load(&one("package p\n\ndeny contains x if {\n\tx := := 1\n}\n"), &PolicyLimits::default()).unwrap_err();
    assert_eq!((error.file.as_str(), error.line), ("policy.rego", Some(4)));
    assert!(!error.message.contains('\n'), "{error}");
}

#[test]
fn a_hundred_documents_take_no_time() {
    let pack = kubernetes();
    let documents: Vec<Value> =
        (0..100).flat_map(|n| [namespace(&format!("n{n}"), "baseline"), deny_all(&format!("n{n}"))]).collect();
    let begin = std::time::Instant::now();
    let report = pack.check(documents, Value::Null, elsewhere(), NOW).unwrap();
    println!("{:?} for 200 documents", begin.elapsed());
    assert_eq!(report.findings, []);
}

/// Every pointer of a value.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => (0..items.len()).for_each(|n| pointers(&items[n], &format!("{at}/{n}"), found)),
        Value::Object(members) => members
            .iter()
            .for_each(|(name, member)| pointers(member, &format!("{at}/{}", name.replace('/', "~1")), found)),
        _ => {}
    }
}

/// A wrong type anywhere must neither break a rule nor let anything pass that did not.
#[test]
fn malformed_documents_never_break_a_rule() {
    let pack = kubernetes();
    let configuration = json!({ "apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration", "resources": [
        { "resources": ["secrets"], "providers": [{ "aescbc": { "keys": [{ "name": "key1", "secret": "aHVudGVyMg==" }] } }] }] });
    let mut policy = deny_all("shop");
    policy["spec"] = json!({ "podSelector": { "matchLabels": {} }, "policyTypes": ["Ingress"], "ingress": [{ "from": [{ "ipBlock": { "cidr": "0.0.0.0/0", "except": [] } }], "ports": [] }] });
    let params = json!({ "keys": [{ "name": "key1", "created": "2026-11-01" }], "require": "encryption", "exemptNamespaces": ["a"] });
    let whole = json!([configuration, policy, namespace("shop", "privileged"), { "kind": "Pod", "metadata": { "name": "a" } }, params]);
    let mut places = Vec::new();
    pointers(&whole, "", &mut places);
    let odd = [
        json!(null),
        json!(true),
        json!(1.5),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!([null]),
        json!([[]]),
        json!({ "a": 1 }),
    ];
    for place in
        places.iter().filter(|place| place.split('/').count() > 2 || !place.is_empty() && !place.ends_with('4'))
    {
        for value in &odd {
            let mut documents = whole.clone();
            *documents.pointer_mut(place).unwrap() = value.clone();
            let params = documents.as_array_mut().unwrap().pop().unwrap();
            let report = check(&pack, documents, Value::Null, params);
            assert_eq!(report["verdict"], "fail", "{place} = {value}: {report:#}");
        }
    }
}
