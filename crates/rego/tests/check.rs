//! Modules are refused or taken as OPA 1.21 does it. `tests/check/NAME.rego` is a pack: modules, divided by lines of
//! `----`, the problems that are wanted in the first lines: `# refused CODE LINE:COLUMN words of the message`, or `# taken`.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use support::{check, registry};

#[test]
fn packs() {
    let registry = registry();
    let mut failed = String::new();
    let mut count = 0;
    let mut files: Vec<_> = fs::read_dir("tests/check").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rego")) {
        let text = fs::read_to_string(file).unwrap();
        for pack in text.split("\n====\n") {
            count += 1;
            if let Err(message) = decided(pack, &registry) {
                writeln!(failed, "{}: {message}\n{pack}\n", file.display()).unwrap();
            }
        }
    }
    println!("{count} packs");
    assert!(failed.is_empty(), "{failed}");
}

fn decided(pack: &str, registry: &countersign_rego::builtins::Registry) -> Result<(), String> {
    let wanted: Vec<&str> = pack.lines().map_while(|line| line.strip_prefix("# refused ")).collect();
    let taken = pack.starts_with("# taken");
    if wanted.is_empty() && !taken {
        return Err(String::from("the first line says neither `# refused` nor `# taken`"));
    }
    let modules: Vec<&str> = pack.split("\n----\n").collect();
    let found: Vec<String> = check(&modules, registry).err().unwrap_or_default();
    let mut left = found.clone();
    for line in &wanted {
        let mut parts = line.splitn(3, ' ');
        let (code, place, words) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap_or(""));
        let Some(index) =
            left.iter().position(|one| one.starts_with(&format!("{code} {place} ")) && one.contains(words))
        else {
            return Err(format!("wanted {line}, got {found:#?}"));
        };
        left.remove(index);
    }
    if left.is_empty() { Ok(()) } else { Err(format!("not wanted: {left:#?}")) }
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

/// OPA's own cases: every module and every query of them is taken.
#[test]
fn opa_cases() {
    let Some(folder) = data("rego/opa-testdata/v1") else { return };
    let registry = registry();
    let (mut files, mut failed, mut count, mut wrong) = (vec![folder], String::new(), 0, 0);
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let cases: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            count += 1;
            let modules: Vec<&str> =
                case["modules"].as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect();
            let found = support::check_query(&modules, case["query"].as_str().unwrap(), &registry);
            let mut found = found.err().unwrap_or_default();
            // What is refused by design, and a function that OPA's own tests alone have.
            found.retain(|one| !one.contains("unsafe built-in function calls") && !one.contains("test.sleep"));
            if !found.is_empty() {
                wrong += 1;
                writeln!(failed, "{}: {}", case["note"], found.join("\n    ")).unwrap();
            }
        }
    }
    println!("{count} cases");
    assert!(failed.is_empty(), "{wrong} of {count}\n{failed}");
}

/// Packs that were tried with other engines: each is decided as OPA decides it.
#[test]
fn load_checks() {
    let Some(folder) = data("rego/load-checks") else { return };
    let registry = registry();
    let wanted = [
        ("arity", "rego_type_error"),
        ("arity_builtin", "rego_type_error"),
        ("assign_input", "rego_compile_error"),
        ("conflict_kind", "rego_type_error"),
        ("dup_default", "rego_type_error"),
        // OPA takes it: what is no collection is undefined when it is evaluated.
        ("every_type", ""),
        ("recursion", "rego_recursion_error"),
        ("redeclare", "rego_compile_error"),
        // OPA takes it: a pattern is looked at when it is used.
        ("regex_bad", ""),
        ("some_unused", "rego_compile_error"),
        ("type_cmp", "rego_type_error"),
        ("type_err", "rego_type_error"),
        ("undefined_ref", "rego_type_error"),
        // OPA takes it: there may be a document at that place.
        ("undefined_rule", ""),
        ("unknown_fn", "rego_type_error"),
        ("unknown_fn_name", "rego_type_error"),
        ("unsafe", "rego_unsafe_var_error"),
        ("unsafe_not", "rego_unsafe_var_error"),
        // OPA takes it: an import of nothing may be a document, too.
        ("unused_import", ""),
        // It is read as version 0.
        ("v0_style", ""),
    ];
    for (name, code) in wanted {
        let text = fs::read_to_string(folder.join(name).join("a.rego")).unwrap();
        let found = check(&[&text], &registry).err().unwrap_or_default();
        match code {
            "" => assert!(found.is_empty(), "{name}: {found:?}"),
            code => assert!(!found.is_empty() && found.iter().all(|one| one.starts_with(code)), "{name}: {found:?}"),
        }
    }
}

/// Many rules, and bodies whose statements stand in the wrong order, take time as they are long.
#[test]
fn large_modules_are_checked_in_time() {
    let registry = registry();
    let mut rules = String::from("package t\n\n");
    for number in 0..2_000 {
        writeln!(
            rules,
            "deny contains msg if {{\n\tx := input.containers[_]\n\tnot x.limits.l{number}\n\tr{number}(x)\n\tmsg := sprintf(\"%v %d\", [x.name, {number}])\n}}\n\nr{number}(x) if x.y == data.t.other[x.z].w"
        )
        .unwrap();
    }
    let mut body = String::from("package t\n\np if {\n");
    for number in (0..2_000).rev() {
        writeln!(body, "\tx{} = x{number} + 1", number + 1).unwrap();
    }
    body.push_str("\tx0 = 1\n}\n");
    let mut nested = String::from("1");
    for _ in 0..40 {
        nested = format!("[x | x := [y, {nested}]; [y, _] = [1, x]]");
    }
    let nested = format!("package t\n\np := {nested}\n");
    let mut shared = String::from("package t\n\na0 := [1, {\"x\": 1}]\n\nb0 := [1, {\"x\": 1}]\n\n");
    for number in 1..200 {
        let before = number - 1;
        writeln!(shared, "a{number} := [a{before}, a{before}]\n\nb{number} := [b{before}, b{before}]\n").unwrap();
    }
    shared.push_str("p if a199 == b199\n");
    for (name, text) in [("rules", rules), ("body", body), ("nested", nested), ("shared", shared)] {
        let start = std::time::Instant::now();
        let found = check(&[&text], &registry);
        println!("{name}: {:?}", start.elapsed());
        assert!(name == "nested" || found.is_ok(), "{name}: {found:?}");
        assert!(start.elapsed().as_secs() < 5, "{name}: {:?}", start.elapsed());
    }
}

/// The stack of a module in WebAssembly is enough for what the parser lets through.
#[test]
fn deep_modules_need_little_stack() {
    let rule = |open: &str, inner: &str, close: &str| {
        format!(
            "package t\n\nimport future.keywords.not\n\np if {{ {}{inner}{} }}\n",
            open.repeat(50),
            close.repeat(50)
        )
    };
    let texts = [
        rule("count([", "1", "])"),
        rule("[x | x := ", "1", "]"),
        rule("every _ in input.xs { ", "input.x", " }"),
        rule("$\"{", "1", "}\""),
        rule("not { ", "input.x", " }"),
        rule("input[", "0", "]"),
        rule("[[", "input.x", "]]"),
        rule("{\"a\": ", "input.x", "}"),
    ];
    let run = move || {
        let registry = registry();
        for text in &texts {
            assert_eq!(check(&[text], &registry), Ok(()), "{text}");
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}
