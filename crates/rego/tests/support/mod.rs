//! A registry with all functions of OPA that does nothing, and modules from texts.

use countersign_rego::builtins::{Builtin, Context, Fault, Registry, Types};
use countersign_rego::check;
use countersign_rego::parse::{self, Limits};
use countersign_rego::problem::Problem;
use countersign_rego::source::Sources;
use countersign_rego::value::Value;

fn nothing(_: &mut Context<'_>, _: &[Value]) -> Result<Value, Fault> {
    Err(Fault::Undefined)
}

/// All functions that OPA has, by the signatures that the check knows.
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    for (name, arity) in check::signatures() {
        let arguments: &'static [Types] = vec![Types::ANY; arity].leak();
        registry.add(&[Builtin { name, arguments, result: Types::ANY, call: nothing }]);
    }
    registry
}

fn told(sources: &Sources, problems: Vec<Problem>) -> Vec<String> {
    let tell = |problem: &Problem| {
        let place = sources.place(problem.span);
        format!("{} {}:{} {problem}", problem.code.name(), place.line, place.column)
    };
    problems.iter().map(tell).collect()
}

fn load(
    texts: &[&str],
    registry: &Registry,
    sources: &mut Sources,
) -> Result<countersign_rego::resolved::Resolved, Vec<Problem>> {
    let mut modules = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let file = sources.add(format!("{index}.rego"), *text);
        modules.push(parse::module(sources, file, None, &Limits::default())?);
    }
    check::modules(modules, registry)
}

/// The problems of modules.
pub fn check(texts: &[&str], registry: &Registry) -> Result<(), Vec<String>> {
    let mut sources = Sources::default();
    load(texts, registry, &mut sources).map(|_| ()).map_err(|problems| told(&sources, problems))
}

/// The problems of modules, then those of a query.
pub fn check_query(texts: &[&str], query: &str, registry: &Registry) -> Result<(), Vec<String>> {
    let mut sources = Sources::default();
    let resolved = load(texts, registry, &mut sources).map_err(|problems| told(&sources, problems))?;
    let file = sources.add("query", query);
    let place = check::Place::default();
    let body = parse::query(&sources, file, countersign_rego::ast::Version::V1, place.future, &Limits::default());
    let body = body.map_err(|problems| told(&sources, problems))?;
    check::query(&resolved, &body, &place, registry).map(|_| ()).map_err(|problems| told(&sources, problems))
}
