//! Policies that try to run away: those in `COUNTERSIGN_DATA/rego/hostile`, and our own. Each ends with its answer, a
//! refusal or a limit, soon, within 256 MB, and at the same step in every run. What each comes to stands in
//! `hostile/given.txt` and `hostile/own.txt`; `UPDATE_HOSTILE=1` writes the latter.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::{Registry, standard};
use countersign_rego::machine::{Machine, Settings};
use countersign_rego::plan::Program;
use countersign_rego::source::Sources;
use countersign_rego::{check, json, parse};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The tests run one after the other: the allocator counts for all of them.
static ALONE: Mutex<()> = Mutex::new(());

/// What a policy may take at its peak, with its program.
const MEMORY: usize = 256 << 20;

/// Two seconds are wanted. Test builds on a busy machine are slow, and what is caught here took minutes or never ended.
const SOON: Duration = Duration::from_secs(20);

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

/// The same twice, with what it took.
fn tried(name: &str, policy: &str, document: &str, registry: &Registry) -> String {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let start = Instant::now();
    let (text, steps) = outcome(policy, document, registry);
    let (time, memory) = (start.elapsed(), ALLOCATOR.peak_usage().saturating_sub(before));
    println!("{name}: {text}, {steps} steps, {time:?}, {} MB", memory >> 20);
    assert!(memory < MEMORY, "{name}: {memory} bytes");
    assert!(time < SOON, "{name}: {time:?}");
    let again = outcome(policy, document, registry);
    assert_eq!((&text, steps), (&again.0, again.1), "{name}: not the same again");
    format!("{name}\t{text}\n")
}

/// In the stack that a module has in WebAssembly.
fn with_little_stack(run: impl FnOnce() + Send + 'static) {
    let alone = ALONE.lock();
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
    drop(alone);
}

#[test]
fn each_given_policy_ends() {
    with_little_stack(|| {
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
            let name = folder.file_name().unwrap().to_str().unwrap();
            found.push_str(&tried(name, &read("a.rego"), &read("doc.json"), &registry));
        }
        assert_eq!(found, include_str!("hostile/given.txt"), "\n{found}");
    });
}

/// Policies that are too long to be written down.
fn long() -> Vec<(&'static str, String)> {
    let mut literal = String::from("package t.h\n\ndeny := [0");
    for number in 1..150_000 {
        write!(literal, ",{number}").unwrap();
    }
    literal.push_str("]\n");
    let mut chain = String::from("package t.h\n\n");
    for number in 0..3_000 {
        writeln!(chain, "r{number} := [r{0}, r{0}]", number + 1).unwrap();
    }
    chain.push_str("r3000 := 1\n\ndeny := count(json.marshal(r0))\n");
    vec![("large_literal", literal), ("long_chain", chain)]
}

#[test]
fn each_of_our_own_ends() {
    with_little_stack(|| {
        let registry = standard();
        let text = include_str!("hostile/own.rego");
        let policies = text.split("=== ").skip(1).map(|policy| policy.split_once('\n').unwrap());
        let mut found: String = policies.map(|(name, policy)| tried(name, policy, "{\"n\": 1}", &registry)).collect();
        for (name, policy) in long() {
            found.push_str(&tried(name, &policy, "{}", &registry));
        }
        if std::env::var_os("UPDATE_HOSTILE").is_some() {
            std::fs::write("tests/hostile/own.txt", &found).unwrap();
        }
        assert_eq!(found, std::fs::read_to_string("tests/hostile/own.txt").unwrap_or_default(), "\n{found}");
    });
}
