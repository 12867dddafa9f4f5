//! Packs and webhook policies over ordinary input: the shipped baselines, sets of documents, isolation.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used, missing_docs)]

use std::path::{Path, PathBuf};

use countersign::policy::{Pack, Policy, PolicyLimits, TestOutcome, run_tests};
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
    let data = std::env::var_os("COUNTERSIGN_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let folder = data.join("k8s/seed-baseline");
    let Ok(index) = std::fs::read_to_string(folder.join("index.json")) else {
        println!("skipped: no data");
        return;
    };
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
