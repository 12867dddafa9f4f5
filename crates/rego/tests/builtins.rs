//! The functions of OPA beside ours: `docs/rego-builtins.md` is made of both.
//! `UPDATE_DOCS=1 cargo test -p countersign-rego --test builtins` writes it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use countersign_rego::builtins::{Registry, Types, standard};

/// What is neither in the registry nor refused: parts of the language, and what is added outside of this crate.
const ELSEWHERE: &[(&str, &str)] = &[
    ("assign", "the operator `:=`"),
    ("eq", "the operator `=`"),
    ("internal.print", "what OPA's compiler makes of `print`"),
    ("internal.template_string", "what OPA's compiler makes of a template string"),
    ("internal.test_case", "what OPA's compiler makes of a table test"),
    ("json.match_schema", "yes"),
    ("json.verify_schema", "yes"),
    ("print", "yes: the text goes to the trace"),
    ("rego.metadata.chain", "yes: a constant of the rule it stands in"),
    ("rego.metadata.rule", "yes: a constant of the rule it stands in"),
    ("trace", "yes: the text goes to the trace"),
];

const INTRODUCTION: &str = "# The functions of Rego

Every function of OPA 1.20.2, and whether policies may call it here. What is refused is refused when a policy is loaded,
with the reason: a policy must give the same verdict every time, and asks nobody for anything.

Differences that a policy can see:

- `time.*` knows the time of the run, which the caller gives. A time zone that is not built in is an error that says so.
- `io.jwt.encode_sign` and `io.jwt.encode_sign_raw` sign ECDSA without randomness (RFC 6979), and refuse PS256, PS384 and
  PS512, whose salt is random.
- `crypto.x509.parse_and_verify_certificates` looks at the DNS names that an authority is limited to. Where it is limited
  in other names, a certificate that has such names is not valid.
- RSA keys have 1,024 to 8,192 bits.
- Every function is paid for by the size of its arguments and of what it makes. Past a limit the evaluation ends, with
  the limit's name.
- The text of an error has no value of the input in it.

";

struct Function<'a> {
    name: &'a str,
    arguments: Vec<Types>,
    signature: String,
    deprecated: bool,
}

fn types(text: &str) -> Types {
    text.split('|').map(one_type).fold(Types::NONE, Types::or)
}

fn one_type(name: &str) -> Types {
    match name {
        "any" => Types::ANY,
        "array" => Types::ARRAY,
        "boolean" => Types::BOOLEAN,
        "null" => Types::NULL,
        "number" => Types::NUMBER,
        "object" => Types::OBJECT,
        "set" => Types::SET,
        "string" => Types::STRING,
        other => panic!("no type: {other}"),
    }
}

fn functions() -> Vec<Function<'static>> {
    let lines = include_str!("data/opa-builtins.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, rest) = line.split_once('(').unwrap();
            let (arguments, rest) = rest.split_once(')').unwrap();
            let (result, deprecated) = match rest.trim().split_once(' ') {
                Some((result, mark)) => (result, mark == "deprecated"),
                None => (rest.trim(), false),
            };
            Function {
                name,
                arguments: arguments.split(", ").filter(|argument| !argument.is_empty()).map(types).collect(),
                signature: format!("({arguments}) → {result}").replace('|', " or "),
                deprecated,
            }
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
    assert!(functions.is_sorted_by_key(|function| function.name));
    let nowhere: Vec<&str> =
        functions.iter().map(|function| function.name).filter(|name| state(name, &registry).is_empty()).collect();
    assert!(nowhere.is_empty(), "neither supported nor refused: {nowhere:?}");
    let known: BTreeSet<&str> = functions.iter().map(|function| function.name).collect();
    let ours: Vec<&str> = registry.names().filter(|name| !known.contains(name)).collect();
    assert!(ours.is_empty(), "OPA has no such functions: {ours:?}");
}

/// What is refused for a constant argument at load is refused alike.
#[test]
fn our_functions_take_what_those_of_opa_take() {
    let registry = standard();
    let mut different = Vec::new();
    for function in functions() {
        let Some(ours) = registry.get(function.name) else { continue };
        if ours.arguments != function.arguments {
            different.push(format!("{}: ours {:?}, OPA's {:?}", function.name, ours.arguments, function.arguments));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn the_table_is_what_the_registry_says() {
    let registry = standard();
    let mut page = format!("{INTRODUCTION}| function | takes and gives | here |\n|---|---|---|\n");
    for Function { name, signature, deprecated, .. } in functions() {
        let note = if deprecated { " (deprecated)" } else { "" };
        writeln!(page, "| `{name}`{note} | {signature} | {} |", state(name, &registry)).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rego-builtins.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/rego-builtins.md is out of date: UPDATE_DOCS=1 writes it");
}
