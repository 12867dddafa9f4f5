//! The invariants of the house that a test can see.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign::{Code, ContractError};

use crate::{files_below, json_file, root};

/// Files of a folder that end so, with their text.
pub fn sources(folder: &str, endings: &[&str]) -> Vec<(PathBuf, String)> {
    files_below(&root().join(folder))
        .into_iter()
        .filter(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)))
        .map(|path| (path.strip_prefix(root()).unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

/// The lines that are code: no comment, and no test at the end of a file.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| *line != "#[cfg(test)]").filter(|line| !line.trim_start().starts_with("//"))
}

fn named_only_below(word: &str, rooms: &[&str]) {
    for (path, text) in sources("src", &[".rs"]) {
        let home = rooms.iter().any(|room| path.starts_with(Path::new("src").join(room)));
        let named = code_lines(&text).any(|line| line.contains(word));
        assert!(home || !named, "{} names `{word}`, which lives in {rooms:?}", path.display());
    }
}

#[test]
fn a_dependency_is_named_in_its_one_room() {
    named_only_below("jsonschema", &["schema.rs", "schema"]);
    named_only_below("countersign_rego", &["policy"]);
    named_only_below("wasm_bindgen", &["wasm.rs", "wasm"]);
    named_only_below("js_sys", &["wasm.rs"]);
    named_only_below("hmac::", &["signature/mac.rs"]);
    named_only_below("ed25519_dalek", &["signature/public_key.rs"]);
    named_only_below("p256::", &["signature/public_key.rs"]);
    named_only_below("chrono", &["time.rs"]);
}

/// The playground: the editor's parts have a room, and what a browser has not is nowhere.
#[test]
fn the_page_keeps_its_rooms() {
    for (path, text) in sources("www/src", &[".ts"]) {
        for word in ["'@codemirror/", "'@lezer/"] {
            let home = path.starts_with("www/src/editor");
            assert!(home || !text.contains(word), "{} names {word}, which lives in editor/", path.display());
        }
        for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function(", "'node:", "Buffer.from("]
        {
            assert!(!text.contains(word), "{} holds `{word}`", path.display());
        }
    }
}

#[test]
fn the_core_reads_nothing_of_the_world() {
    for word in ["SystemTime", "Instant", "Utc::now", "std::fs", "std::env", "std::net", "std::process"] {
        named_only_below(word, &[]);
    }
    for word in ["rand::", "getrandom::", "println!", "eprintln!", "dbg!"] {
        named_only_below(word, &[]);
    }
}

#[test]
fn the_lints_that_hold_the_house_are_on() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for line in [
        "unsafe_code = \"forbid\"",
        "expect_used = \"deny\"",
        "indexing_slicing = \"deny\"",
        "panic = \"deny\"",
        "unwrap_used = \"deny\"",
    ] {
        assert!(manifest.contains(line), "{line}");
    }
    for (path, text) in sources("src", &[".rs"]) {
        let allowed = code_lines(&text).any(|line| {
            line.contains("allow(clippy::")
                && ["unwrap", "expect_used", "indexing", "panic"].iter().any(|l| line.contains(l))
        });
        assert!(!allowed, "{} switches a lint off", path.display());
    }
}

#[test]
fn files_are_small_and_nothing_is_skipped() {
    let core =
        ["src", "crates", "js", "xtask", "tests/it", "tests/js", "tests/edge", "templates", "benches", "fuzz/src"];
    for folder in core.into_iter().chain(["www/src", "www/build", "tests/www"]) {
        for (path, text) in sources(folder, &[".rs", ".js", ".ts", ".css", ".html"]) {
            assert!(text.lines().count() <= 500, "{} has {} lines", path.display(), text.lines().count());
            if path.ends_with("tidy.rs") {
                continue;
            }
            for word in ["todo!(", "unimplemented!(", "#[ignore", "test.only(", "it.only(", "test.skip(", "it.skip("] {
                assert!(!text.contains(word), "{} holds `{word}`", path.display());
            }
        }
    }
}

/// One code, one place that raises it: a file at most.
#[test]
fn a_code_is_raised_in_one_file() {
    let verdict = std::fs::read_to_string(root().join("src/finding/code.rs")).unwrap();
    let variants: Vec<&str> = verdict
        .lines()
        .filter_map(|line| line.trim().split_once(" => \"").map(|(variant, _)| variant))
        .filter(|variant| variant.chars().all(char::is_alphanumeric))
        .collect();
    assert_eq!(variants.len(), Code::TABLE.len());
    for variant in variants {
        let word = format!("Code::{variant}");
        let names = |text: &str| {
            code_lines(text).filter(|line| !line.contains("matches!")).any(|line| {
                line.match_indices(&word)
                    .any(|(at, _)| !line[at + word.len()..].starts_with(|c: char| c.is_alphanumeric()))
            })
        };
        let raised: Vec<_> = sources("src", &[".rs"])
            .into_iter()
            .filter(|(path, text)| !path.starts_with("src/finding") && !path.starts_with("src/verdict") && names(text))
            .map(|(path, _)| path)
            .collect();
        assert_eq!(raised.len(), 1, "{word} is raised in {raised:?}");
    }
}

/// The codes of the TypeScript union and those that a contract error may carry, each with a case.
#[test]
fn every_code_has_a_case() {
    let types = std::fs::read_to_string(root().join("js/codes.d.ts")).unwrap();
    // The doctor's causes are no codes.
    let (types, rest) = types.split_once("export type CauseId").unwrap();
    let types = [types, rest.split_once(';').unwrap().1].concat();
    let union: BTreeSet<String> = quoted_kebab(&types);
    for (code, _) in Code::TABLE.iter().chain(ContractError::CODES) {
        assert!(union.contains(*code), "`{code}` is not in js/codes.d.ts");
    }
    let mut seen = String::new();
    for (_, text) in sources("tests/cases", &["verdict.json", "error.json", "lint.json", "outcome.json", "report.json"])
    {
        seen.push_str(&text);
    }
    let prefixes = ["contract-", "key-", "lint-", "schema-", "limit-"];
    // No shipped contract of that name: the JavaScript layer's own, tested where it is raised.
    let elsewhere = ["contract-unknown"];
    let codes = union.iter().filter(|word| !elsewhere.contains(&word.as_str())).filter(|word| {
        prefixes.iter().any(|prefix| word.starts_with(prefix)) || Code::TABLE.iter().any(|(code, _)| code == word)
    });
    let without: Vec<_> = codes.filter(|code| !seen.contains(&format!("\"code\":\"{code}\""))).collect();
    assert!(without.is_empty(), "codes without a case: {without:?}");
}

/// The words in single quotes that look like a code.
fn quoted_kebab(text: &str) -> BTreeSet<String> {
    let kebab = |word: &&str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    text.split('\'').filter(kebab).map(str::to_owned).collect()
}

/// `Code::Limit("policy-steps")` is reached by a limit that has a name and a default.
#[test]
fn every_limit_is_named() {
    let limits = std::fs::read_to_string(root().join("src/limits.rs")).unwrap();
    for (path, text) in sources("src", &[".rs"]) {
        for (_, rest) in text.match_indices("::Limit(\"").map(|(at, found)| text.split_at(at + found.len())) {
            let name = rest.split('"').next().unwrap();
            let (field, constant) = (name.replace('-', "_"), name.replace('-', "_").to_uppercase());
            let named = limits.contains(&format!("pub {field}: ")) || limits.contains(&format!("const {constant}"));
            assert!(named, "{} reaches `limit-{name}`, which has no name", path.display());
        }
    }
}

#[test]
fn the_documents_are_true() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).unwrap();
    let architecture = read("ARCHITECTURE.md");
    assert!(architecture.lines().count() < 120, "ARCHITECTURE.md is too long");
    for path in std::fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(path.is_dir() || architecture.contains(&name), "ARCHITECTURE.md does not name src/{name}");
    }
    for path in std::fs::read_dir(root().join("www/src")).unwrap().map(|entry| entry.unwrap().path()) {
        let room = format!("{}/", path.file_name().unwrap().to_string_lossy());
        assert!(!path.is_dir() || architecture.contains(&room), "ARCHITECTURE.md does not name www/src/{room}");
    }
    assert!(read("README.md").lines().count() <= 150, "README.md is too long");
    let reasons = read("docs/dependencies.md");
    let manifest = read("Cargo.toml");
    let dependencies = manifest.split("[dependencies]\n").nth(1).unwrap().split("\n\n").next().unwrap();
    for line in dependencies.lines() {
        let name = line.split([' ', '=', '.']).next().unwrap();
        assert!(reasons.contains(&format!("| `{name}` |")), "docs/dependencies.md: no reason for `{name}` is given");
    }
    for (file, member) in [("package.json", "devDependencies"), ("pkg.json", "dependencies")] {
        for name in json_file(file)[member].as_object().unwrap().keys() {
            assert!(
                reasons.contains(&format!("`{name}`")),
                "docs/dependencies.md: no reason for `{name}` of {file} is given"
            );
        }
    }
    for folder in ["policies/webhook", "policies/deployment"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            assert!(path.join("README.md").is_file(), "{} has no README.md", path.display());
        }
    }
}

/// Nobody's machine and nobody's registry is in the tree.
#[test]
fn the_tree_names_no_machine() {
    let lock = std::fs::read_to_string(root().join("package-lock.json")).unwrap();
    assert!(!lock.contains("\"resolved\""), "package-lock.json names a registry");
    let core = ["src", "js", "tests", "policies", "xtask", "templates", "benches", "docs", "fuzz/src"];
    for folder in core.into_iter().chain(["www/src", "www/build"]) {
        for (path, text) in sources(folder, &[".rs", ".js", ".ts", ".css", ".html", ".json", ".md", ".rego", ".toml"]) {
            for word in [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("npmjs", ".org")] {
                assert!(!text.contains(word), "{} holds `{word}`", path.display());
            }
        }
    }
}
