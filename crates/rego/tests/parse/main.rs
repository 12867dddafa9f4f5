//! The parser, over texts of our own and of others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod parts;
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
            if let (Ok(module), false) = (&read, note.starts_with("v0")) {
                assert_eq!(misplaced(&sources, module), Vec::<String>::new(), "{note}");
            }
            (sources, read.map(|module| show::module(&module)))
        }
    };
    shown.unwrap_or_else(|problems| lines(&sources, &problems).join("\n"))
}

/// What reads otherwise than in its module if it is read by its span alone.
fn misplaced(sources: &Sources, module: &Module) -> Vec<String> {
    let mut found = Vec::new();
    for (span, shown) in parts::of(module) {
        let text = sources.text(span);
        let mut alone = Sources::default();
        let file = alone.add("part", text);
        let read = parse::query(&alone, file, Version::V1, module.future, &Limits::default());
        let got = match read {
            Ok(body) => show::lines(&body),
            Err(problems) => lines(&alone, &problems).join("\n"),
        };
        if got != shown {
            found.push(format!("a span of `{text}`: read as {got}, not {shown}"));
        }
    }
    found
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
                    (sources, Ok(module)) if module.version == Version::V1 => {
                        failures.extend(misplaced(&sources, &module));
                    }
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

/// A module of statements, or of rules, on every side of a limit.
fn code(text: &str) -> Option<&'static str> {
    read(text, None).1.err().map(|problems| problems[0].code.name())
}

#[test]
fn hostile_and_refused_packs_and_our_policies_are_read() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut paths = files(&policies, "rego");
    assert!(paths.len() > 30);
    if let Some(folder) = data("rego") {
        paths.append(&mut files(&folder, "rego"));
        assert!(paths.len() > 80, "{}", paths.len());
    }
    let mut failures = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let (sources, read) = read(&text, None);
        let got = match read {
            Ok(module) if module.version == Version::V0 => "v0",
            Ok(_) => "v1",
            Err(problems) => {
                failures.push(format!("{}: {}", path.display(), lines(&sources, &problems).join("\n")));
                problems[0].code.name()
            }
        };
        let wanted = match name.as_str() {
            "chain_ops" => "policy-depth",
            "nest_not" => "rego_parse_error",
            "v0_style" => "v0",
            _ => "v1",
        };
        if got == wanted {
            failures.retain(|failure| !failure.starts_with(path.to_str().unwrap()));
        } else {
            failures.push(format!("{}: {got}, not {wanted}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_nested_too_deep_is_refused_by_name() {
    // What stands before and after the middle, once for each level.
    for (before, middle, after) in [
        ("[", "1", "]"),
        ("{", "1", "}"),
        ("{\"a\": ", "1", "}"),
        ("(", "1", ")"),
        ("f(", "1", ")"),
        ("a[", "1", "]"),
        ("1 + (", "1", ")"),
        ("[x | x := ", "1", "]"),
        ("{x | x := ", "1", "}"),
        ("[a | ", "1", ", b]"),
        ("{a | ", "1", ", b}"),
        ("{\"k\": a | ", "1", ", \"l\": b}"),
        ("$\"{", "1", "}\""),
        ("[x | every x in xs { y := ", "1", " }]"),
        ("", "f(1)", " | f(2).a[0]"),
        ("[x | not (y or {", "z", "})]"),
        ("[x | {", "z", "} and y]"),
        ("[x | (((not (", "z", ") or y)))]"),
        ("1 + ", "1", ""),
        ("", "1", " + 1"),
        ("", "1", " * 2 + 1 == 1"),
        ("[a in b == c | d & e + f * ", "1", "]"),
    ] {
        let text = |levels: usize| {
            let value = format!("{}{middle}{}", before.repeat(levels), after.repeat(levels));
            format!("package a\nimport future.keywords\np := {value}\n")
        };
        // The smaller stack has to do: WebAssembly has 1 MiB, in frames that are smaller than these.
        let run = move |text: String| {
            let thread = std::thread::Builder::new().stack_size(1 << 20);
            thread.spawn(move || code(&text)).unwrap().join().unwrap()
        };
        assert_eq!(run(text(15)), None, "{before}");
        let start = std::time::Instant::now();
        assert_eq!(run(text(129)), Some("policy-depth"), "{before}");
        assert_eq!(run(text(20_000)), Some("policy-depth"), "{before}");
        assert!(start.elapsed().as_secs() < 5, "{before}: {:?}", start.elapsed());
    }
    let nested = |levels: usize| format!("package a\np := {}1{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(code(&nested(128)), None);
    assert_eq!(code(&nested(129)), Some("policy-depth"));
}

#[test]
fn work_is_linear_in_the_text() {
    // As many levels as may be, of what could be read twice at each.
    for (before, after, levels) in [
        ("[", "]", 128),
        ("{", ": 1}", 128),
        ("[a | ", ", b]", 60),
        ("{a | ", ", b}", 60),
        ("{\"k\": a | ", ", \"l\": b}", 60),
    ] {
        let text = format!("package a\np := {}1{}\n", before.repeat(levels), after.repeat(levels));
        let start = std::time::Instant::now();
        assert_eq!(code(&text), None, "{before}");
        assert!(start.elapsed().as_secs() < 2, "{before}: {:?}", start.elapsed());
    }
    // Many of what is looked up or copied, all at once.
    let parameters: Vec<String> = (0..100_000).map(|number| format!("x{number}")).collect();
    let chained = format!("package a\np := [{}]{}", "1, ".repeat(100_000), "{1}".repeat(100_000));
    for (text, wanted) in [
        (format!("package a\ndefault f({}) := 1", parameters.join(", ")), None),
        (format!("package a\n{}", "# METADATA\n# title: x\np := 1\n".repeat(30_000)), None),
        (chained, Some("policy-bytes")),
    ] {
        let start = std::time::Instant::now();
        let (_, read) = read(&text, None);
        let last = read.err().and_then(|problems| problems.last().map(|problem| problem.code.name()));
        assert_eq!(last, wanted);
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
    // A line of any length.
    let text = format!("package a\np := [{}]\nq := \"{}\"", "1, ".repeat(100_000), "x".repeat(500_000));
    let start = std::time::Instant::now();
    assert_eq!(code(&text), None);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

#[test]
fn a_text_that_is_too_long_is_refused_by_name() {
    let text = |bytes: usize| format!("package a\n{}", " ".repeat(bytes - 10));
    assert_eq!(code(&text(1 << 20)), None);
    assert_eq!(code(&text((1 << 20) + 1)), Some("policy-bytes"));
}

/// Random numbers, always the same: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

#[test]
fn no_text_makes_the_parser_panic() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parse/cases");
    let mut seeds: Vec<String> = Vec::new();
    for path in files(&cases, "txt") {
        let written = fs::read_to_string(path).unwrap();
        let texts = written.split("=== ").filter_map(|case| case.split_once("\n---\n")?.0.split_once('\n'));
        seeds.extend(texts.map(|(_, text)| text.to_owned()));
    }
    let mut pieces: Vec<String> = seeds.iter().flat_map(|seed| seed.split_inclusive(' ')).map(str::to_owned).collect();
    for piece in [
        "{", "}", "[", "]", "(", ")", "|", ",", ":", "$\"", "\"", "`", "#", "\n", ".", "-", "\u{feff}", "é", "\0", "\\",
    ] {
        pieces.extend(std::iter::repeat_n(piece.to_owned(), 20));
    }
    let mut random = Random(7);
    for round in 0..20_000 {
        let mut text: Vec<char> = seeds[random.below(seeds.len())].chars().collect();
        for _ in 0..=random.below(4) {
            let at = random.below(text.len() + 1);
            let end = (at + random.below(6)).min(text.len());
            let piece = pieces[random.below(pieces.len())].chars();
            match random.below(3) {
                0 => drop(text.splice(at..at, piece)),
                1 => drop(text.splice(at..end, piece)),
                _ => drop(text.drain(at..end)),
            }
        }
        let text: String = text.into_iter().collect();
        let outcome = std::panic::catch_unwind(|| {
            let (sources, read) = read(&text, None);
            if let Err(problems) = read {
                assert!(!problems.is_empty() && problems.len() <= 21);
                for problem in &problems {
                    let (start, end) = (problem.span.start as usize, problem.span.end as usize);
                    assert!(start <= end && text.get(start..end).is_some(), "{problem:?}");
                }
                lines(&sources, &problems);
            }
            let future = Future { not: true, and: true, or: true };
            let _ = parse::query(&sources, 0, Version::V1, future, &Limits::default());
        });
        assert!(outcome.is_ok(), "round {round}:\n{text}");
    }
}
