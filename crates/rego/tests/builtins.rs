//! The functions of OPA beside ours: `docs/rego-builtins.md` is made of both.
//! `UPDATE_DOCS=1 cargo test -p countersign-rego --test builtins` writes it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use countersign_rego::builtins::{Registry, standard};

/// What is neither in the registry nor refused: parts of the language, and what is added outside of this crate.
const ELSEWHERE: &[(&str, &str)] = &[
    ("eq", "the operator `=`"),
    ("internal.print", "what OPA's compiler makes of `print`"),
    ("internal.test_case", "what OPA's compiler makes of a table test"),
    ("json.match_schema", "yes"),
    ("json.verify_schema", "yes"),
    ("rego.metadata.chain", "yes: a constant of the rule it stands in"),
    ("rego.metadata.rule", "yes: a constant of the rule it stands in"),
    ("trace", "yes: the text goes to the trace"),
];

const INTRODUCTION: &str = "# The functions of Rego

Every function of OPA, and whether policies may call it here. What is refused is refused when a policy is loaded,
with the reason: a policy must give the same verdict every time, and asks nobody for anything.

Differences that a policy can see:

- `time.now_ns` is the time that the caller gives. Time zones other than UTC are known from 1970 on, and `Local` is none.
- `io.jwt.encode_sign` and `io.jwt.encode_sign_raw` sign ECDSA without randomness (RFC 6979), and refuse PS256, PS384 and
  PS512, whose salt is random.
- `crypto.x509.parse_and_verify_certificates` looks at the DNS names that an authority is limited to. Where it is limited
  in other names, a certificate that has such names is not valid.
- `uuid.rfc4122` is made of the time of the run and its argument: it is the same in every runtime, and no secret.
- RSA keys have 1,024 to 8,192 bits.
- Every function is paid for by the size of its arguments and of what it makes. Past a limit the evaluation ends, with
  the limit's name.
- The text of an error has no value of the input in it.

";

/// Those that OPA itself advises against.
const DEPRECATED: &[&str] = &[
    "all",
    "any",
    "cast_array",
    "cast_boolean",
    "cast_null",
    "cast_object",
    "cast_set",
    "cast_string",
    "net.cidr_overlap",
    "re_match",
    "set_diff",
];

struct Function {
    name: &'static str,
    arguments: Vec<&'static str>,
    result: &'static str,
}

/// The functions of OPA, as the checker knows them.
fn functions() -> Vec<Function> {
    let lines = include_str!("../src/check/signatures.txt").lines().filter_map(|line| line.split_once('>'));
    lines
        .map(|(left, result)| {
            let (name, arguments) = left.split_once(' ').unwrap();
            let arguments = arguments.trim().split(", ").filter(|argument| !argument.is_empty()).collect();
            Function { name, arguments, result: result.trim() }
        })
        .collect()
}

/// What stands in the table. Empty if nobody has the function.
fn state(name: &str, registry: &Registry) -> String {
    let elsewhere: BTreeMap<&str, &str> = ELSEWHERE.iter().copied().collect();
    match (registry.refused(name), elsewhere.get(name)) {
        (Some(why), _) => format!("no: {why}"),
        (None, Some(what)) => (*what).to_owned(),
        (None, None) if registry.get(name).is_some() => "yes".to_owned(),
        (None, None) => String::new(),
    }
}

#[test]
fn every_function_of_opa_is_here_or_refused() {
    let registry = standard();
    let functions = functions();
    let named: BTreeMap<&str, &Function> = functions.iter().map(|function| (function.name, function)).collect();
    assert_eq!(named.len(), functions.len());
    let nowhere: Vec<&&str> = named.keys().filter(|name| state(name, &registry).is_empty()).collect();
    assert!(nowhere.is_empty(), "neither supported nor refused: {nowhere:?}");
    // What only a compiler may call is in no table of the checker.
    let callable = registry.names().filter(|name| !name.starts_with("internal."));
    let ours: Vec<&str> = callable.filter(|name| !named.contains_key(name)).collect();
    assert!(ours.is_empty(), "OPA has no such functions: {ours:?}");
    for (name, function) in named {
        if let Some(ours) = registry.get(name) {
            assert_eq!(ours.arguments.len(), function.arguments.len(), "{name}");
        }
    }
}

#[test]
fn the_table_is_what_the_registry_says() {
    let registry = standard();
    let mut page = format!("{INTRODUCTION}| function | takes | gives | here |\n|---|---|---|---|\n");
    for Function { name, arguments, result } in functions() {
        let note = if DEPRECATED.contains(&name) { " (deprecated)" } else { "" };
        let arguments = arguments.join(", ").replace('|', " or ");
        let (result, state) = (result.replace('|', " or "), state(name, &registry));
        writeln!(page, "| `{name}`{note} | {arguments} | {result} | {state} |").unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rego-builtins.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/rego-builtins.md is out of date: UPDATE_DOCS=1 writes it");
}
