//! The cases: a folder each, replayed here natively and by `tests/js` through the WASM, byte for byte.
//! `UPDATE_CASES=1 cargo test cases` rewrites what is expected; read the diff before you keep it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use countersign::{Check, Gate, Outcome, Pack, Registry, Request};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{files_below, root};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    #[allow(dead_code, reason = "for people")]
    why: String,
    #[serde(default)]
    call: Option<String>,
    #[serde(default)]
    inputs: Vec<Value>,
    #[serde(default)]
    contract: String,
    #[serde(default)]
    pack: Option<String>,
    #[serde(default)]
    now: i64,
    /// A list; of a registry, one for each hook.
    #[serde(default = "no_keys")]
    keys: Value,
    #[serde(default)]
    registry: Option<String>,
    #[serde(default)]
    failures: BTreeMap<String, u32>,
    /// Answers to deliveries by the registry, in place of a request: `{ hook, answer, body, options }`.
    #[serde(default)]
    settle: Vec<Value>,
    #[serde(default)]
    data: Value,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    origin: Option<String>,
    #[serde(default)]
    seen: Vec<String>,
    #[serde(default = "no_limits")]
    limits: Value,
    #[serde(default)]
    options: CheckOptions,
    /// `event.json` is a native event, and the case is of what the contract makes of it.
    #[serde(default)]
    shape: bool,
    /// Where the message made of it goes.
    #[serde(default)]
    url: String,
}

fn no_keys() -> Value {
    Value::Array(Vec::new())
}

fn no_limits() -> Value {
    Value::Object(Default::default())
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct CheckOptions {
    stop_at_first: bool,
    jkt: Option<String>,
    nonces: Vec<String>,
}

/// What a case gives: the name of a file beside it, and that file's text.
fn outcome(folder: &Path) -> (&'static str, String) {
    let text = std::fs::read_to_string(folder.join("case.json")).unwrap();
    let case: Case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    if let Some(name) = &case.call {
        return ("result.json", results(name, case.inputs));
    }
    if let Some(name) = &case.pack {
        return report(folder, name, &case);
    }
    if let Some(file) = case.registry.clone() {
        return judged_by_registry(folder, &file, case);
    }
    let contract = contract_path(folder, &case.contract);
    let beside = json!({ "files": files_beside(&contract), "keys": case.keys, "params": case.params,
        "limits": case.limits, "origin": case.origin });
    let contract = std::fs::read_to_string(contract).unwrap();
    // The contract goes in as its own text: the order of its members is part of it.
    let source = format!("{{\"contract\":{contract},{}", &beside.to_string()[1..]);
    let gate = match Gate::from_json(&source) {
        Ok(gate) => gate,
        Err(error) => return ("error.json", serde_json::to_string(&error).unwrap()),
    };
    if case.shape {
        let headers = [("content-type".to_owned(), "application/json".to_owned())];
        let event = std::fs::read(folder.join("event.json")).unwrap();
        return match gate.shape(&Request::new("POST", &case.url, &headers, &event), case.now) {
            Ok(shaped) => ("shaped.json", shaped.to_json()),
            Err(error) => ("error.json", serde_json::to_string(&error).unwrap()),
        };
    }
    let Ok(recording) = std::fs::read(folder.join("request.http")) else {
        return ("lint.json", serde_json::to_string(gate.lint()).unwrap());
    };
    let recording = Recording::parse(&recording);
    let request = recording.request();
    let check = case.check();
    let verdict = gate.check(&request, &check);
    decides_alike(&gate, &request, &check, folder);
    if let (Outcome::Accept, Some(replay)) = (verdict.verdict, &verdict.replay) {
        let again = with!(check; seen: [replay.key.clone()].into());
        let second = gate.check(&request, &again).to_json();
        assert_eq!(gate.duplicate(&verdict.to_json()), Some(second), "{}", folder.display());
    }
    ("verdict.json", verdict.to_json())
}

/// A decision is the verdict without its report, for the message as it came, for a copy, and at other times.
fn decides_alike(gate: &Gate, request: &Request<'_>, check: &Check, folder: &Path) {
    let seen = gate.check(request, check).replay.map(|replay| replay.key).into_iter().collect();
    let copy = with!(check.clone(); seen: seen);
    let later = with!(check.clone(); now: check.now + 100_000);
    let first = with!(check.clone(); stop_at_first: !check.stop_at_first);
    for check in [check, &copy, &later, &first] {
        let report: Value = serde_json::from_str(&gate.check(request, check).to_json()).unwrap();
        let decision = serde_json::to_value(gate.decide(request, check)).unwrap();
        for member in ["verdict", "status", "answer", "event", "message", "replay"] {
            assert_eq!(decision.get(member), report.get(member), "{member} of {}", folder.display());
        }
    }
}

/// The contracts that enabled hooks name, and that are there, are read as the command line reads them.
fn judged_by_registry(folder: &Path, file: &str, case: Case) -> (&'static str, String) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let beside = path.parent().unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut contracts = Vec::new();
    for hook in document["hooks"].as_array().into_iter().flatten().filter(|hook| hook["enabled"] == true) {
        let Some(name) = hook["contract"].as_str() else { continue };
        let path = contract_path(beside, name);
        let Ok(contract) = std::fs::read_to_string(&path) else { continue };
        contracts.push(format!("{}:{{\"contract\":{contract},\"files\":{}}}", json!(name), json!(files_beside(&path))));
    }
    contracts.sort();
    contracts.dedup();
    let keys = if case.keys.is_object() { case.keys.clone() } else { json!({}) };
    let limits = &case.limits;
    let source = format!(
        "{{\"registry\":{text},\"contracts\":{{{}}},\"keys\":{keys},\"limits\":{limits}}}",
        contracts.join(",")
    );
    let registry = match Registry::from_json(&source) {
        Ok(registry) => registry,
        Err(error) => return ("error.json", serde_json::to_string(&error).unwrap()),
    };
    if !case.settle.is_empty() {
        return ("result.json", settlements(&registry, case.settle));
    }
    let recording = Recording::parse(&std::fs::read(folder.join("request.http")).unwrap());
    let failures = case.failures.clone();
    ("outcome.json", registry.check(&recording.request(), &case.check(), &failures).to_json())
}

pub fn contract_path(folder: &Path, name: &str) -> PathBuf {
    match name.contains('/') {
        true => folder.join(name),
        false => root().join("policies/webhook").join(name).join("contract.json"),
    }
}

/// The contract of a case, by the path of its folder in the project.
pub fn contract_of(folder: &str) -> Value {
    let case = crate::json_file(&format!("{folder}/case.json"));
    let path = contract_path(&root().join(folder), case["contract"].as_str().unwrap());
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

impl Case {
    fn check(self) -> Check {
        with!(Check::at(self.now); stop_at_first: self.options.stop_at_first, seen: self.seen.into_iter().collect(), jkt: self.options.jkt, nonces: self.options.nonces)
    }
}

/// A function beside the gate, called with one input after the other: a list, a line each. A state that an input
/// does not give is the result before.
fn results(name: &str, inputs: Vec<Value>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for mut input in inputs {
        if let (Some(held), "breaker" | "limiter", None) = (lines.last(), name, input.get("state")) {
            input["state"] = serde_json::from_str(held).unwrap();
        }
        let result = countersign::call(name, &input.to_string());
        lines.push(result.unwrap_or_else(|misuse| serde_json::to_string(&misuse).unwrap()));
    }
    format!("[\n{}\n]", lines.join(",\n"))
}

/// A list, a line each. What the options do not give of `failures` is the result before for the same hook.
fn settlements(registry: &Registry, inputs: Vec<Value>) -> String {
    let mut failures = BTreeMap::new();
    let settled = |mut input: Value| {
        let body = input.as_object_mut().unwrap().remove("body");
        let hook = input["hook"].to_string();
        if let (Some(held), None) = (failures.get(&hook), input["options"].get("failures")) {
            input["options"]["failures"] = json!(held);
        }
        match registry.settle_json(&input.to_string(), body.as_ref().and_then(Value::as_str).unwrap_or("").as_bytes()) {
            Ok(settlement) => {
                failures.insert(hook, settlement.disable.failures);
                settlement.to_json()
            }
            Err(misuse) => serde_json::to_string(&misuse).unwrap(),
        }
    };
    format!("[\n{}\n]", inputs.into_iter().map(settled).collect::<Vec<_>>().join(",\n"))
}

fn report(folder: &Path, name: &str, case: &Case) -> (&'static str, String) {
    let at = match name.contains('/') {
        true => folder.join(name),
        false => root().join("policies/deployment").join(name).join("README.md"),
    };
    let rego: BTreeMap<_, _> = files_beside(&at).into_iter().filter(|(name, _)| name.ends_with(".rego")).collect();
    let pack = Pack::from_json(&json!({ "files": rego }).to_string()).unwrap();
    let documents: Value = serde_json::from_slice(&std::fs::read(folder.join("input.json")).unwrap()).unwrap();
    let input = json!({ "documents": documents, "data": case.data, "params": case.params, "now": case.now });
    match pack.check_json(&input.to_string()) {
        Ok(report) => ("report.json", serde_json::to_string(&report).unwrap()),
        Err(error) => ("error.json", serde_json::to_string(&error).unwrap()),
    }
}

pub fn files_beside(contract: &Path) -> BTreeMap<String, String> {
    let folder = contract.parent().unwrap();
    let text = |path: &Path| Some((path.file_name()?.to_str()?.to_owned(), std::fs::read_to_string(path).ok()?));
    files_below(folder).iter().filter(|path| !path.ends_with("request.http")).filter_map(|path| text(path)).collect()
}

/// One raw HTTP/1.1 message: start line, header lines, an empty line, the body's bytes.
pub struct Recording {
    /// Of an answer, which has no method and no target.
    pub status: Option<u16>,
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Recording {
    pub fn parse(bytes: &[u8]) -> Recording {
        let mut lines = Vec::new();
        let mut rest = bytes;
        loop {
            let end = rest.iter().position(|byte| *byte == b'\n').expect("a recording has an empty line");
            let line = &rest[..end];
            rest = &rest[end + 1..];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                break;
            }
            // As Node reads a header: every byte a character.
            lines.push(line.iter().map(|byte| char::from(*byte)).collect::<String>());
        }
        let mut start = lines[0].split(' ');
        let (method, target) = (start.next().unwrap().to_owned(), start.next().unwrap().to_owned());
        let (status, method, target) = match method.starts_with("HTTP/") {
            true => (Some(target.parse().unwrap()), String::new(), String::new()),
            false => (None, method, target),
        };
        let headers: Vec<(String, String)> = lines[1..]
            .iter()
            .map(|line| {
                let (name, value) = line.split_once(':').unwrap();
                (name.to_owned(), value.trim_matches([' ', '\t']).to_owned())
            })
            .collect();
        let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = length.map_or(rest.len(), |(_, value)| value.parse().unwrap());
        Recording { status, method, target, headers, body: rest[..length].to_vec() }
    }

    pub fn request(&self) -> Request<'_> {
        match self.status {
            Some(status) => Request::answer(status, &self.headers, &self.body),
            None => Request::new(&self.method, &self.target, &self.headers, &self.body),
        }
    }
}

#[test]
fn cases_hold() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in files_below(&root().join("tests/cases")) {
        if !path.ends_with("case.json") {
            continue;
        }
        count += 1;
        let folder = path.parent().unwrap();
        let (file, mut got) = outcome(folder);
        got.push('\n');
        if update {
            ["verdict.json", "error.json", "lint.json", "outcome.json", "report.json", "result.json", "shaped.json"]
                .iter()
                .for_each(|old| drop(std::fs::remove_file(folder.join(old))));
            std::fs::write(folder.join(file), &got).unwrap();
        } else if std::fs::read_to_string(folder.join(file)).ok().as_deref() != Some(&got) {
            wrong.push(format!("{}: {file} would be\n  {got}", folder.strip_prefix(root()).unwrap().display()));
        }
    }
    assert!(count >= 60, "only {count} cases were found");
    assert!(wrong.is_empty(), "{} of {count} cases differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Cases share a contract by its path, `../NAME/contract.json`, so that a change is made once.
#[test]
fn no_contract_is_there_twice() {
    let mut first: BTreeMap<BTreeMap<String, String>, PathBuf> = BTreeMap::new();
    for path in files_below(&root().join("tests/cases")).into_iter().filter(|path| path.ends_with("contract.json")) {
        let contract = std::fs::read_to_string(&path).unwrap();
        let mut read = files_beside(&path);
        read.retain(|name, _| name == "contract.json" || contract.contains(&format!("\"{name}\"")));
        if let Some(other) = first.insert(read, path.clone()) {
            panic!("{} is {}: let its case.json name that path", path.display(), other.display());
        }
    }
    assert!(first.len() > 250, "only {} contracts were found", first.len());
}
