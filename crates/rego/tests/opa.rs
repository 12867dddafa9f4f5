//! OPA's own cases: `COUNTERSIGN_DATA/rego/opa-testdata/v1`. A case that wants an error passes with the right one alone.
//! What does not pass is listed with its reason in `tests/opa/differences.txt`, and where regorus, the second opinion,
//! gives something else in `tests/opa/regorus.txt`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
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

#[path = "support/regopy.rs"]
mod regopy;
#[path = "support/regorus.rs"]
mod values;
use values::{from_regorus, to_regorus, without_import};

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

/// All cases: their folder, their name with it, and what they say.
fn cases(folder: &Path) -> Vec<(String, String, Value)> {
    let sorted = |folder: &Path| {
        let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    };
    let mut all = Vec::new();
    for folder in sorted(folder) {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        for file in sorted(&folder) {
            let text = read(&std::fs::read_to_string(&file).unwrap());
            for case in items(text.member("cases")) {
                let note = format!("{name}/{}", case.member("note").and_then(Value::as_str).unwrap());
                all.push((name.clone(), note, case));
            }
        }
    }
    all
}

/// The lines of a list, split at the last tab.
fn listed(text: &str) -> BTreeMap<&str, &str> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once('\t')).collect()
}

/// `OPA_CASES=walk` tries those with this in their names alone.
#[test]
fn the_cases_of_opa_pass_or_the_reason_is_listed() {
    let Some(folder) = data() else { return };
    let registry = standard();
    let listed = listed(include_str!("opa/differences.txt"));
    let only = std::env::var("OPA_CASES").unwrap_or_default();
    let cases: Vec<_> = cases(&folder).into_iter().filter(|(_, note, _)| note.contains(&only)).collect();
    let mut failed = BTreeMap::new();
    let mut passed = 0;
    for (_, note, case) in &cases {
        match judge(case, &registry) {
            Ok(()) => passed += 1,
            Err(reason) => _ = failed.insert(note.as_str(), reason),
        }
    }
    println!("{passed} of {} cases of OPA pass", cases.len());
    let unlisted = failed.iter().filter(|(note, _)| !listed.contains_key(*note));
    let mut wrong: Vec<String> = unlisted.map(|(note, reason)| format!("{note}\n    {reason}")).collect();
    if only.is_empty() {
        let passing = listed.keys().filter(|note| !failed.contains_key(*note));
        wrong.extend(passing.map(|note| format!("{note}\n    is listed, and passes")));
    }
    assert!(wrong.is_empty(), "{} differences that nobody explained:\n{}", wrong.len(), wrong.join("\n"));
}

/// The solutions, each as JSON, in order.
fn solutions(rows: &[Value]) -> Vec<Value> {
    let mut rows: Vec<Value> = rows.iter().map(plain).collect();
    rows.sort();
    rows
}

fn by_regorus(case: &Value) -> Result<Vec<Value>, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string().lines().last().unwrap_or_default().trim().to_owned();
    let mut engine = regorus::Engine::new();
    engine.set_strict_builtin_errors(case.member("strict_error") == Some(&Value::Boolean(true)));
    for (number, module) in items(case.member("modules")).iter().enumerate() {
        let text = without_import(module.as_str().unwrap());
        engine.add_policy(format!("{number}.rego"), text).map_err(|error| told(&error))?;
    }
    if let Some(data) = case.member("data") {
        engine.add_data_json(&json::write(data)).map_err(|error| told(&error))?;
    }
    if let Some(term) = case.member("input_term").and_then(Value::as_str) {
        let asked = engine.eval_query(format!("countersign_term = {term}"), false).map_err(|error| told(&error))?;
        let row = from_regorus(&asked.result[0].bindings).unwrap();
        engine.set_input(to_regorus(row.member("countersign_term").unwrap()));
    } else if let Some(input) = case.member("input") {
        engine.set_input_json(&json::write(input)).map_err(|error| told(&error))?;
    }
    let query = case.member("query").and_then(Value::as_str).unwrap();
    let results = engine.eval_query(query.to_owned(), false).map_err(|error| told(&error))?;
    Ok(results.result.iter().filter_map(|row| from_regorus(&row.bindings)).collect())
}

/// Where regorus gives other solutions than we do for a case of OPA. Each folder has one line: how many differ, and why.
#[test]
fn regorus_agrees_on_the_cases_of_opa_or_the_reason_is_listed() {
    let Some(folder) = data() else { return };
    let registry = standard();
    let listed = listed(include_str!("opa/regorus.txt"));
    let cases = cases(&folder);
    let mut differ: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    std::panic::set_hook(Box::new(|_| {}));
    for (folder, note, case) in &cases {
        let ours = run(case, &registry).map(|rows| solutions(&rows)).map_err(|error| error.message);
        let theirs = catch_unwind(AssertUnwindSafe(|| by_regorus(case))).unwrap_or(Err("a panic".to_owned()));
        let theirs = theirs.map(|rows| solutions(&rows));
        if ours != theirs && (ours.is_ok() || theirs.is_ok()) {
            let show = |given: &Result<Vec<Value>, String>| {
                let text = match given {
                    Ok(rows) => rows.iter().map(json::write).collect::<String>(),
                    Err(message) => format!("the error {message}"),
                };
                text.chars().take(200).collect::<String>()
            };
            differ.entry(folder).or_default().push(format!("    {note}: {} but {}", show(&ours), show(&theirs)));
        }
    }
    let _ = std::panic::take_hook();
    let count: usize = differ.values().map(Vec::len).sum();
    println!("regorus differs in {count} of {} cases of OPA", cases.len());
    let keys: BTreeSet<String> = differ.iter().map(|(folder, notes)| format!("{folder}\t{}", notes.len())).collect();
    let unlisted = keys.iter().filter(|key| !listed.contains_key(key.as_str()));
    let mut wrong: Vec<String> =
        unlisted.map(|key| format!("{key}\n{}", differ[key.split('\t').next().unwrap()].join("\n"))).collect();
    wrong
        .extend(listed.keys().filter(|key| !keys.contains(**key)).map(|key| format!("{key} is listed, and is not so")));
    assert!(wrong.is_empty(), "{} folders that nobody explained:\n{}", wrong.len(), wrong.join("\n"));
}

/// The case as a question to regopy, and our answer.
fn question(folder: &str, note: &str, case: &Value, registry: &Registry) -> regopy::Question {
    let modules = items(case.member("modules"));
    let member = |name| case.member(name).cloned();
    let mut members = vec![
        ("modules", Value::array(modules)),
        ("data", member("data").unwrap_or_else(|| Value::object(Vec::new()))),
        ("query", member("query").unwrap()),
        ("strict", Value::from(case.member("strict_error") == Some(&Value::Boolean(true)))),
        ("inputs", Value::array(member("input").into_iter().collect())),
    ];
    members.extend(member("input_term").map(|term| ("term", term)));
    let members = members.into_iter().map(|(name, value)| (Value::from(name), value));
    let ours = run(case, registry).map(|rows| Some(Value::array(rows))).map_err(|_| ());
    let text = json::write(&Value::object(members.collect()));
    regopy::Question { group: folder.to_owned(), names: vec![note.to_owned()], text, ours: vec![ours] }
}

/// Where regopy gives other solutions than we do for a case of OPA. Each folder has one line: how many differ, and why.
#[test]
fn regopy_agrees_on_the_cases_of_opa_or_the_reason_is_listed() {
    let Some(folder) = data() else { return };
    let registry = standard();
    let listed = listed(include_str!("opa/regopy.txt"));
    let cases = cases(&folder);
    let questions: Vec<_> = cases.iter().map(|(folder, note, case)| question(folder, note, case, &registry)).collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/opa/regopy-answers.txt");
    let compared = regopy::compare(&file, &questions);
    let mut differ: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (note, texts) in &compared.differ {
        differ.entry(note.split('/').next().unwrap()).or_default().push(format!("    {note}: {texts}"));
    }
    println!("regopy {} differs in {} of {}", compared.version, compared.differ.len(), compared.answers);
    assert!(compared.unasked.is_empty(), "`make second-opinion` asks regopy about new cases");
    let keys: BTreeSet<String> = differ.iter().map(|(folder, notes)| format!("{folder}\t{}", notes.len())).collect();
    let unlisted = keys.iter().filter(|key| !listed.contains_key(key.as_str()));
    let mut wrong: Vec<String> =
        unlisted.map(|key| format!("{key}\n{}", differ[key.split('\t').next().unwrap()].join("\n"))).collect();
    wrong
        .extend(listed.keys().filter(|key| !keys.contains(**key)).map(|key| format!("{key} is listed, and is not so")));
    assert!(wrong.is_empty(), "{} folders that nobody explained:\n{}", wrong.len(), wrong.join("\n"));
}
