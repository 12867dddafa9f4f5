//! Calls of builtins with constants, each with what it gives. The cases are lines in `tests/calls/*.txt`:
//! `name(arguments) == value`, also of a part of the result, `name(arguments) undefined`, or `name(arguments) error: part
//! of the message`; or `name := value`, which later lines may use.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod calls {
    pub mod reader;
}

use std::collections::BTreeMap;
use std::path::Path;

use calls::reader::Reader;
use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::{Context, Fault, Kept, Registry, standard};
use countersign_rego::value::Value;

fn call(name: &str, arguments: &[Value]) -> Result<Value, Fault> {
    let registry = standard();
    let builtin = registry.get(name).unwrap_or_else(|| panic!("no {name}"));
    let mut budget = Budget::new(Limits::default());
    // 2027-01-01T00:00:00Z
    let mut context = Context { budget: &mut budget, now: 1_798_761_600_000_000_000, kept: &mut Kept::default() };
    (builtin.call)(&mut context, arguments)
}

/// Sets as arrays, as JSON has them.
fn json(value: &Value) -> Value {
    match value {
        Value::Array(array) => Value::array(array.items().iter().map(json).collect()),
        Value::Set(set) => Value::array(set.elements().iter().map(json).collect()),
        Value::Object(object) => {
            Value::object(object.members().iter().map(|(key, value)| (json(key), json(value))).collect())
        }
        other => other.clone(),
    }
}

#[test]
fn a_call_gives_what_its_line_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calls");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let mut names = BTreeMap::new();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some((name, value)) = line.split_once(" := ") {
                names.insert(name.to_owned(), Reader::new(value).term().expect(line));
                continue;
            }
            count += 1;
            let (name, rest) = line.split_once('(').unwrap();
            let mut reader = Reader::with(rest, names.clone());
            let arguments = reader.arguments();
            let given = call(name, &arguments).map(|value| reader.part(value));
            let wanted = reader.rest().trim();
            let right = match (&given, wanted.split_once(' ').unwrap_or((wanted, ""))) {
                (Ok(value), ("==", wanted)) => *value == Some(Reader::with(wanted, names.clone()).term().expect(line)),
                (Err(Fault::Undefined), ("undefined", "")) => true,
                (Err(Fault::Error(message)), ("error:", part)) => message.contains(part),
                (Err(Fault::Limit(limit)), ("limit:", wanted)) => *limit == wanted,
                _ => false,
            };
            if !right {
                wrong.push(format!("{line}\n    gave {given:?}"));
            }
        }
    }
    assert!(count > 20, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// OPA's own cases, where the data is there: those whose module calls one function with constants.
#[test]
fn a_call_gives_what_opa_gives() {
    let Ok(data) = std::env::var("COUNTERSIGN_DATA") else { return };
    let registry = standard();
    let folder = Path::new(&data).join("rego/opa-testdata/v1");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(entry.unwrap().path()).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let file = Reader::new(&text).term().unwrap();
            let Some(Value::Array(cases)) = file.member("cases") else { panic!() };
            for case in cases.items() {
                let Some((name, arguments, mut reader)) = the_call(case, &registry) else { continue };
                let given = call(name, &arguments).map(|value| {
                    let value = reader.part(value).unwrap();
                    let compared = reader.rest().strip_prefix("== ");
                    let other = compared.map(|other| Reader::with(other, constants(case)).term().unwrap());
                    other.map_or(value.clone(), |other| Value::from(value == other))
                });
                let note = case.member("note").unwrap();
                let right = match (case.member("want_error").and_then(Value::as_str), case.member("want_result")) {
                    (Some(_), _) => matches!(given, Err(Fault::Error(_))),
                    (_, Some(wanted)) => {
                        match (wanted.get(&Value::from(0)).and_then(|binding| binding.member("x")), &given) {
                            (Some(wanted), Ok(given)) => {
                                *wanted == json(given) || *wanted == Value::array(vec![json(given)])
                            }
                            (None, Err(Fault::Undefined | Fault::Error(_))) => true,
                            _ => false,
                        }
                    }
                    _ => continue,
                };
                count += 1;
                if !right {
                    wrong.push(format!(
                        "{note:?}: {name}\n    wants {:?} {:?}\n    gave {given:?}",
                        case.member("want_result"),
                        case.member("want_error")
                    ));
                }
            }
        }
    }
    println!("{count} of OPA's cases are calls with constants; wrong: {}", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The call of a module that has one, with constants, and what follows it. What follows them is where the result goes.
fn the_call<'a>(case: &'a Value, registry: &Registry) -> Option<(&'static str, Vec<Value>, Reader<'a>)> {
    let module = module(case)?;
    let families = ["crypto.", "io.", "net.", "providers.", "semver.", "time.", "uuid."];
    let names = registry.names().filter(|name| families.iter().any(|family| name.starts_with(family)));
    let calls = names.filter_map(|name| {
        let call = format!("{name}(");
        (module.matches(&call).count() == 1).then(|| (name, module.find(&call).unwrap() + call.len()))
    });
    let [(name, start)] = calls.collect::<Vec<_>>().try_into().ok()?;
    let mut reader = Reader::with(&module[start..], constants(case));
    let arguments = reader.arguments();
    let plain = !name.ends_with("now_ns")
        && !module.contains("__local5__")
        && !name.contains("parse_and_verify")
        && !module.contains("count(");
    (plain && arguments.len() == registry.get(name)?.arguments.len()).then_some((name, arguments, reader))
}

fn module(case: &Value) -> Option<&str> {
    match case.member("modules")? {
        Value::Array(modules) if modules.items().len() == 1 => modules.items()[0].as_str(),
        _ => None,
    }
}

/// The rules of a module that are constants.
fn constants(case: &Value) -> BTreeMap<String, Value> {
    let module = module(case).unwrap_or_default();
    let mut names = BTreeMap::new();
    for (at, _) in module.match_indices(" := ") {
        let name = module[..at].rsplit('\n').next().unwrap();
        let value = Reader::with(&module[at + 4..], names.clone()).term();
        if let (true, Some(value)) = (name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), value) {
            names.insert(name.to_owned(), value);
        }
    }
    names
}
