//! The parser, over texts of our own and of others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use countersign_rego::ast::{Future, Version};
use countersign_rego::parse::{self, Limits};
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

fn problems(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("test.rego", text);
    match parse::module(&sources, file, None, &Limits::default()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|problem| {
                let place = sources.place(problem.span);
                format!("{}:{}: {}: {problem}", place.line, place.column, problem.code.name())
            })
            .collect(),
    }
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
                for problem in problems(text) {
                    failures.push(format!("{note}: {problem}\n{text}\n"));
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

#[test]
fn zz_probe() {
    let base = data("").unwrap();
    let mut all = Vec::new();
    for folder in ["rego/hostile", "rego/load-checks", "k8s"] {
        all.extend(files(&base.join(folder), "rego"));
    }
    all.extend(files(Path::new("/tmp/parse-gk"), "rego"));
    let mut v0 = 0;
    for path in &all {
        let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        let start = std::time::Instant::now();
        let mut sources = Sources::default();
        let file = sources.add("test.rego", &*text);
        let read = parse::module(&sources, file, None, &Limits::default());
        let took = start.elapsed();
        if let Ok(m) = &read {
            if m.version == Version::V0 {
                v0 += 1;
            }
        }
        if took.as_millis() > 20 || read.is_err() {
            println!("{} {took:?} {:?}", path.display(), problems(&text).iter().take(3).collect::<Vec<_>>());
        }
    }
    println!("{} files, {v0} v0", all.len());
}
