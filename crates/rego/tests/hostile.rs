//! Policies that try to run away: `COUNTERSIGN_DATA/rego/hostile`. Each ends with its answer, a refusal or a limit, and
//! at the same step in every run. What each comes to stands in `hostile.txt`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::{Registry, standard};
use countersign_rego::machine::{Machine, Settings};
use countersign_rego::plan::Program;
use countersign_rego::source::Sources;
use countersign_rego::{check, json, parse};

/// What a policy comes to, and the steps to it.
fn outcome(policy: &str, document: &str, registry: &Registry) -> (String, u64) {
    let refused = |code: &str| (code.to_owned(), 0);
    let mut sources = Sources::default();
    let file = sources.add("a.rego", policy);
    let module = match parse::module(&sources, file, None, &parse::Limits::default()) {
        Ok(module) => module,
        Err(problems) => return refused(problems[0].code.name()),
    };
    let resolved = match check::modules(vec![module], registry) {
        Ok(resolved) => resolved,
        Err(problems) => return refused(problems[0].code.name()),
    };
    let program = Program::new(&resolved, registry);
    let mut budget = Budget::new(Limits::default());
    let Ok(document) = json::read(document, &mut budget) else { return refused("unreadable input") };
    let mut machine = Machine::new(Arc::new(program), Settings::default());
    if let Err(failure) = machine.set_input(Some(document)) {
        return refused(failure.code.name());
    }
    let text = match machine.rule(&["t", "h", "deny"]) {
        Ok(Some(value)) => json::write(&value).chars().take(40).collect(),
        Ok(None) => "undefined".to_owned(),
        Err(failure) => failure.code.name().to_owned(),
    };
    (text, machine.steps())
}

/// In the stack that a module has in WebAssembly.
#[test]
fn each_ends() {
    std::thread::Builder::new().stack_size(1 << 20).spawn(all).unwrap().join().unwrap();
}

fn all() {
    let folder = std::env::var_os("COUNTERSIGN_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from)
        .join("rego/hostile");
    if !folder.is_dir() {
        println!("SKIPPED: there are no hostile policies; COUNTERSIGN_DATA names their folder");
        return;
    }
    let registry = standard();
    let mut found = String::new();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let read = |name: &str| String::from_utf8_lossy(&std::fs::read(folder.join(name)).unwrap()).into_owned();
        let (policy, document) = (read("a.rego"), read("doc.json"));
        let name = folder.file_name().unwrap().to_str().unwrap();
        let start = Instant::now();
        let (text, steps) = outcome(&policy, &document, &registry);
        println!("{name}: {text}, {steps} steps, {:?}", start.elapsed());
        let again = outcome(&policy, &document, &registry);
        assert_eq!((&text, steps), (&again.0, again.1), "{name}: not the same again");
        found.push_str(&format!("{name}\t{text}\n"));
    }
    assert_eq!(found, include_str!("hostile.txt"), "\n{found}");
}
