//! OPA's own cases: `COUNTERSIGN_DATA/rego/opa-testdata/v1`. Which fail, and why, stands in `opa-failing.txt`; a case
//! that wants an error passes with that error alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use countersign_rego::budget::{Budget, Limits};

use countersign_rego::machine::{Machine, Settings};
use countersign_rego::plan::Program;
use countersign_rego::problem::Problem;
use countersign_rego::source::Sources;
use countersign_rego::value::Value;
use countersign_rego::{ast, builtins, check, json, parse};

/// `None`, said loudly, where the data is not there.
fn data(folder: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("COUNTERSIGN_DATA").map_or(beside, PathBuf::from).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("\n*** skipped: no data ({folder}); set COUNTERSIGN_DATA to the folder that holds it ***\n");
    None
}

fn read(text: &str) -> Value {
    json::read(text, &mut Budget::new(Limits { steps: u64::MAX, bytes: u64::MAX, ..Limits::default() })).unwrap()
}

fn items(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(array)) => array.items(),
        _ => &[],
    }
}

fn flag(case: &Value, name: &str) -> bool {
    matches!(case.member(name), Some(Value::Boolean(true)))
}

fn first(problems: Vec<Problem>) -> String {
    let problem = problems.first().unwrap();
    format!("{}: {problem}", problem.code.name())
}

/// The solutions of a query, each as an object.
fn solutions(modules: &[&str], query: &str, case: &Value) -> Result<(Vec<Value>, u64), String> {
    let registry = builtins::standard();
    let mut sources = Sources::default();
    let limits = parse::Limits::default();
    let mut parsed = Vec::new();
    for (number, text) in modules.iter().enumerate() {
        let file = sources.add(format!("{number}.rego"), *text);
        parsed.push(parse::module(&sources, file, None, &limits).map_err(first)?);
    }
    let resolved = check::modules(parsed, &registry).map_err(first)?;
    let ask = |query: &str, sources: &mut Sources| {
        let file = sources.add("query", query);
        let future = ast::Future::default();
        let body = parse::query(sources, file, ast::Version::V1, future, &limits).map_err(first)?;
        check::query(&resolved, &body, &check::Place::default(), &registry).map_err(first)
    };
    let (block, locals) = ask(query, &mut sources)?;
    let mut program = Program::new(&resolved, &registry);
    let query = program.query(&registry, &block, &locals);
    let settings =
        Settings { strict: flag(case, "strict_error"), now: 1_700_000_000_000_000_000, ..Settings::default() };
    let input = match case.member("input_term").and_then(Value::as_str) {
        Some(term) => {
            let (block, locals) = ask(&format!("input_term = {term}"), &mut sources)?;
            let term = program.query(&registry, &block, &locals);
            let mut machine = Machine::new(Arc::new(program.clone()), settings.clone());
            let rows = machine.query(&term).map_err(|failure| failure.message)?;
            rows.first().and_then(|row| row.first()).cloned()
        }
        None => case.member("input").cloned(),
    };
    let mut machine = Machine::new(Arc::new(program), settings);
    let failed = |failure: countersign_rego::machine::Failure| format!("{}: {}", failure.code.name(), failure.message);
    if let Some(data) = case.member("data") {
        machine.set_data(data.clone()).map_err(failed)?;
    }
    machine.set_input(input).map_err(failed)?;
    let rows = machine.query(&query).map_err(failed)?;
    let steps = machine.steps();
    // Once more from the start: the machine is deterministic.
    machine.set_input(None).unwrap();
    let object = |row: Vec<Value>| {
        let names = query.names.iter().map(|name| Value::String(Arc::clone(name)));
        Value::object(names.zip(row).collect())
    };
    Ok((rows.into_iter().map(object).collect(), steps))
}

/// Why a case fails.
fn run(case: &Value) -> Result<(), String> {
    let modules: Vec<&str> = items(case.member("modules")).iter().filter_map(Value::as_str).collect();
    let query = case.member("query").and_then(Value::as_str).unwrap();
    let result = solutions(&modules, query, case).map(|(rows, _)| rows);
    let wanted_code = case.member("want_error_code").and_then(Value::as_str);
    if wanted_code.is_some() || case.member("want_error").is_some() {
        return match (result, wanted_code) {
            (Ok(rows), _) => Err(format!("no error, but {} solutions", rows.len())),
            (Err(error), Some(code)) if !error.starts_with(code) => Err(error),
            (Err(error), None) if !error.starts_with("eval_") => Err(error),
            _ => Ok(()),
        };
    }
    // As JSON: sets are arrays there.
    let mut rows: Vec<Value> = result?.iter().map(|row| read(&json::write(row))).collect();
    let mut wanted = items(case.member("want_result")).to_vec();
    if flag(case, "sort_bindings") {
        rows.sort();
        wanted.sort();
    }
    if case.member("want_result").is_some() && rows != wanted {
        let text = |rows: &[Value]| rows.iter().map(json::write).collect::<Vec<_>>().join(" ");
        return Err(format!("{} instead of {}", text(&rows), text(&wanted)));
    }
    Ok(())
}

#[test]
fn cases() {
    let Some(folder) = data("rego/opa-testdata/v1") else { return };
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failing = BTreeMap::new();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let only = std::env::var("OPA_ONLY").ok();
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| !only.split(',').any(|only| only == name)) {
            continue;
        }
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let cases = read(&std::fs::read_to_string(&file).unwrap());
            for case in items(cases.member("cases")) {
                let count = counts.entry(name.clone()).or_default();
                count.1 += 1;
                let note = case.member("note").and_then(Value::as_str).unwrap();
                match run(case) {
                    Ok(()) => count.0 += 1,
                    Err(reason) => _ = failing.insert(format!("{name}: {note}"), reason),
                }
            }
        }
    }
    let passed: usize = counts.values().map(|(passed, _)| passed).sum();
    let all: usize = counts.values().map(|(_, all)| all).sum();
    for (name, (passed, all)) in counts.iter().filter(|(_, (passed, all))| passed < all) {
        println!("{name}: {passed} of {all}");
    }
    for (name, reason) in &failing {
        println!("- {name}: {}", reason.chars().take(300).collect::<String>());
    }
    println!("{passed} of {all}");
}
