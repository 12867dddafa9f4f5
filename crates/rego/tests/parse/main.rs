//! The parser, over texts of our own and of others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod show;

use std::fs;
use std::path::{Path, PathBuf};

use countersign_rego::ast::{Future, Module, Version};
use countersign_rego::parse::{self, Limits};
use countersign_rego::problem::Problem;
use countersign_rego::source::Sources;

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What others wrote: `COUNTERSIGN_DATA`, or `../shared/data` beside the project. Without it, the test says so.
fn data(folder: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("COUNTERSIGN_DATA").map_or(beside, PathBuf::from).join(folder);
    if !path.exists() {
        eprintln!("*** skipped: no data ({folder}); set COUNTERSIGN_DATA to the folder that holds it ***");
        return None;
    }
    Some(path)
}

fn read(text: &str, version: Option<Version>) -> (Sources, Result<Module, Vec<Problem>>) {
    let mut sources = Sources::default();
    let file = sources.add("test.rego", text);
    let read = parse::module(&sources, file, version, &Limits::default());
    (sources, read)
}

fn lines(sources: &Sources, problems: &[Problem]) -> Vec<String> {
    let line = |problem: &Problem| {
        let place = sources.place(problem.span);
        let code = problem.code.name().trim_start_matches("rego_");
        let help = problem.help.as_ref().map_or(String::new(), |help| format!("\n    {help}"));
        let written = sources.text(problem.span).lines().next().unwrap_or_default();
        format!("{}:{} {code} [{written}] {}{help}", place.line, place.column, problem.message)
    };
    problems.iter().map(line).collect()
}

fn problems(text: &str) -> Vec<String> {
    let (sources, read) = read(text, None);
    read.err().map_or(Vec::new(), |problems| lines(&sources, &problems))
}

/// Cases are files: `=== note`, a text, `---`, what is read. A note that begins with `v0` or `v1` forces that; one that
/// begins with `query` is no module. `UPDATE=1` writes what is read: read it before it is committed.
#[test]
fn every_construct_and_every_refusal() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parse/cases");
    let mut wrong = Vec::new();
    for path in files(&folder, "txt") {
        let written = fs::read_to_string(&path).unwrap();
        let mut updated = String::new();
        for case in written.split("=== ").skip(1) {
            let (note, rest) = case.split_once('\n').unwrap();
            let (text, wanted) = rest.split_once("\n---\n").unwrap_or((rest.trim_end(), ""));
            let got = outcome(note, text);
            if got.trim() != wanted.trim() {
                wrong.push(format!("=== {note}\n{text}\n--- wanted\n{}\n--- got\n{got}", wanted.trim()));
            }
            updated += &format!("=== {note}\n{text}\n---\n{}\n\n", got.trim_end());
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, updated).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

fn outcome(note: &str, text: &str) -> String {
    let text = text.replace("\\u{feff}", "\u{feff}");
    let (sources, shown) = match note {
        _ if note.starts_with("query") => {
            let mut sources = Sources::default();
            let file = sources.add("query", &*text);
            let future = Future { not: note.contains("+not"), and: note.contains("+and"), or: note.contains("+or") };
            let read = parse::query(&sources, file, Version::V1, future, &Limits::default());
            (sources, read.map(|body| show::lines(&body)))
        }
        _ => {
            let version = if note.starts_with("v0") { Some(Version::V0) } else { None };
            let version = if note.starts_with("v1") { Some(Version::V1) } else { version };
            let (sources, read) = read(&text, version);
            (sources, read.map(|module| show::module(&module)))
        }
    };
    shown.unwrap_or_else(|problems| lines(&sources, &problems).join("\n"))
}

#[test]
fn every_module_of_opas_cases_is_read() {
    let Some(folder) = data("rego/opa-testdata/v1") else { return };
    let mut failures = Vec::new();
    let mut count = 0;
    for path in files(&folder, "yaml") {
        let cases: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            let note = case["note"].as_str().unwrap();
            for module in case["modules"].as_array().into_iter().flatten() {
                let text = module.as_str().unwrap();
                count += 1;
                match read(text, None) {
                    (_, Ok(module)) if module.version == Version::V1 => {}
                    (_, Ok(_)) => failures.push(format!("{note}: read as version 0\n{text}\n")),
                    (sources, Err(problems)) => {
                        failures.push(format!("{note}: {}\n{text}\n", lines(&sources, &problems).join("\n")));
                    }
                }
            }
            if let Some(text) = case["query"].as_str() {
                let mut sources = Sources::default();
                let file = sources.add("query", text);
                let read = parse::query(&sources, file, Version::V1, Future::default(), &Limits::default());
                if let Err(problems) = read {
                    failures.push(format!("{note}: query {text}: {problems:?}"));
                }
            }
        }
    }
    assert!(count > 1_500, "{count}");
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}
