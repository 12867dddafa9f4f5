//! One way down: a room of `src` imports only from rooms on floors below its own, and files that import each other
//! in a circle share a folder and are three at most.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::sources;

/// The rooms of `src` from the ground up: `NAME.rs` with its folder `NAME/`. Rooms on one floor do not know each other.
const FLOORS: [&[&str]; 15] = [
    &["codes"],
    &[
        "about",
        "characters",
        "check",
        "error",
        "finding",
        "names",
        "nearest",
        "negotiation",
        "pattern",
        "pkce",
        "place",
        "time",
        "urlencoded",
        "whole",
    ],
    &["covered", "grammar", "hook_rules", "json", "judged", "limits", "retry", "target"],
    &["call", "dead_letter", "request", "schema"],
    &["payload", "policy", "signature"],
    &["case"],
    &["freshness", "shape"],
    &["doctor", "replay", "route"],
    &["lint", "verdict"],
    &["log"],
    &["gate"],
    &["compile", "duplicate"],
    &["registry"],
    &["door"],
    &["lib", "wasm"],
];

/// The most files that may import each other in a circle.
const MOST_IN_A_CIRCLE: usize = 3;

/// Nothing below the roof imports what `lib.rs` hands on: the room that defines it says where it is.
fn floor(room: &str) -> usize {
    let floor = FLOORS.iter().position(|rooms| rooms.contains(&room));
    floor.unwrap_or_else(|| panic!("src/{room} has no floor: give it one in tests/it/floors.rs"))
}

/// `signature/dpop/claims`, of `src/signature/dpop/claims.rs`.
type Module = String;

/// Every import, with the path as it is written.
fn imports() -> BTreeMap<Module, BTreeMap<Module, String>> {
    let files = sources("src", &[".rs"]);
    let name = |path: &std::path::Path| {
        path.strip_prefix("src").unwrap().with_extension("").to_string_lossy().replace('\\', "/")
    };
    let modules: BTreeSet<Module> = files.iter().map(|(path, _)| name(path)).collect();
    let found = files.iter().map(|(path, text)| {
        let module = name(path);
        let imports = paths(&code(text)).into_iter().filter_map(|path| {
            let target = resolve(&module, &path, &modules)?;
            (target != module).then_some((target, path))
        });
        let imports = imports.collect();
        (module, imports)
    });
    found.collect()
}

/// Without comments, strings and the unit tests at the end.
fn code(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines().take_while(|line| *line != "#[cfg(test)]") {
        let line = line.split("//").next().unwrap_or_default();
        code.extend(line.split('"').step_by(2));
        code.push('\n');
    }
    code
}

/// Every path in the code that begins with `crate`, `super` or `self`, or that a `use` begins with, one for each name
/// of a `use` with braces.
fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = String::new();
    for statement in code.split_inclusive(';') {
        match statement
            .rfind("use ")
            .filter(|at| !statement[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        {
            Some(at) if statement.ends_with(';') => {
                expand("", statement[at + 4..].trim_end_matches(';').trim(), &mut found);
                rest.push_str(&statement[..at]);
            }
            _ => rest.push_str(statement),
        }
    }
    let path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = rest.split(|c: char| !path(c)).map(|word| word.trim_matches(':'));
    found.extend(words.filter(|word| word.contains("::")).map(str::to_owned));
    found
}

/// `a::{b, c::{d, e}}` is `a::b`, `a::c::d` and `a::c::e`.
fn expand(before: &str, tree: &str, found: &mut Vec<String>) {
    let Some((head, inner)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or_default().trim();
        found.push(format!("{before}{name}"));
        return;
    };
    let before = format!("{before}{}", head.trim());
    let inner = &inner[..inner.rfind('}').unwrap_or(inner.len())];
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let item = inner[start..at].trim();
                if !item.is_empty() {
                    expand(&before, item, found);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// The module that a path of this module leads into: the longest part of the path that is one.
fn resolve(module: &str, path: &str, modules: &BTreeSet<Module>) -> Option<Module> {
    let mut segments: Vec<&str> = path.split("::").collect();
    let mut base: Vec<&str> = module.split('/').filter(|room| *room != "lib").collect();
    match *segments.first()? {
        "crate" => {
            base.clear();
            segments.remove(0);
        }
        "super" => {
            while segments.first() == Some(&"super") {
                base.pop();
                segments.remove(0);
            }
        }
        "self" => drop(segments.remove(0)),
        // A child module, or another crate.
        _ => {}
    }
    let whole: Vec<&str> = base.iter().chain(&segments).copied().collect();
    let known = (1..=whole.len()).rev().map(|length| whole[..length].join("/")).find(|name| modules.contains(name));
    match known {
        // A path that begins with the name of another crate, or of an item in this file.
        Some(known) if known == module => None,
        Some(known) => Some(known),
        None if path.starts_with("crate::") || path.starts_with("super::") => Some("lib".into()),
        None => None,
    }
}

fn room(module: &str) -> &str {
    module.split('/').next().unwrap_or_default()
}

#[test]
fn no_import_climbs() {
    for (module, imports) in imports() {
        for (target, path) in imports {
            let (from, to) = (room(&module), room(&target));
            if from == to {
                continue;
            }
            let (own, other) = (floor(from), floor(to));
            let what = if own == other { "on the same floor" } else { "on a floor above" };
            assert!(
                other < own || (from, to) == ("wasm", "lib") || (from, to) == ("lib", "wasm"),
                "src/{module}.rs imports `{path}`, and `{to}` is {what} ({other}; `{from}` is on {own}). \
                 Move what both need to a room below `{from}`, or hand the value down from the room that knows both. \
                 The floors are in tests/it/floors.rs"
            );
        }
    }
}

#[test]
fn circles_are_small_and_stay_in_a_folder() {
    let imports = imports();
    let reached = |from: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(module) = open.pop() {
            for target in imports[&module].keys().filter(|target| *target != "lib") {
                if seen.insert(target.clone()) {
                    open.push(target.clone());
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&str, BTreeSet<Module>> =
        imports.keys().map(|module| (module.as_str(), reached(module))).collect();
    for (module, seen) in reach.iter().filter(|(module, _)| **module != "lib") {
        let circle: Vec<&Module> = seen.iter().filter(|other| reach[other.as_str()].contains(*module)).collect();
        let rooms: BTreeSet<&str> = circle.iter().map(|module| room(module)).collect();
        assert!(
            circle.len() <= MOST_IN_A_CIRCLE && rooms.len() <= 1,
            "these files import each other in a circle: {circle:?}. Give what they share a file of its own below them"
        );
    }
}
