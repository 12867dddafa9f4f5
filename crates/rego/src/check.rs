//! From modules to [`Resolved`]: names, kinds, order, types; and all that OPA refuses when it compiles.
//!
//! | part | what it does |
//! |---|---|
//! | `tree` | which rules stand where, before any body is looked at |
//! | `imports`, `kinds` | imports; rules that contradict each other |
//! | `scope`, `terms`, `calls`, `statements`, `withs`, `rules` | from the tree of the text to expressions with locals by number, statements taken apart |
//! | `vars`, `order`, `gives`, `settle` | an order in which a body can be evaluated, and what must be bound before a statement |
//! | `graph` | which rules need which; recursion |
//! | `types`, `signatures`, `infer`, `give` | what an expression can be |
//! | `metadata` | what `rego.metadata` gives |

mod calls;
mod give;
mod gives;
mod graph;
mod imports;
mod infer;
mod kinds;
mod metadata;
mod order;
mod rules;
mod scope;
mod settle;
mod signatures;
mod statements;
mod terms;
mod tree;
mod types;
mod vars;
mod withs;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ast::{Body, Future, Import, Module};
use crate::builtins::Registry;
use crate::problem::Problem;
use crate::resolved::{Block, ModuleFacts, Resolved};
use crate::source::Span;
use metadata::Annotations;
use scope::Lower;
use tree::{Path, Tree};

/// The names of all functions that OPA has, and the number of their arguments.
pub fn signatures() -> impl Iterator<Item = (&'static str, usize)> {
    signatures::names()
}

/// The most problems that are reported.
const PROBLEMS: usize = 100;

/// What all rules have around them.
struct World<'a> {
    registry: &'a Registry,
    tree: &'a Tree,
    annotations: &'a Annotations,
}

/// What the names of a module mean.
struct Names {
    package: Path,
    globals: BTreeMap<Arc<str>, Global>,
    /// Whether the module is of version 1, or asks for its meaning.
    v1: bool,
    future: Future,
    /// Whether `==` as a statement is `=`, as in rules; a query has it as a function.
    query: bool,
}

/// What a name means that is no local.
struct Global {
    /// Below `input`, not `data`.
    input: bool,
    path: Path,
}

/// Where a query stands.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its package: the names of its rules are known.
    pub package: Option<Vec<Arc<str>>>,
    /// Its imports.
    pub imports: Vec<Import>,
    /// Meanings that it asks for.
    pub future: Future,
}

/// Resolves and checks modules together.
///
/// # Errors
///
/// Everything that OPA refuses, in the order of the text, and at most 100 problems.
pub fn modules(modules: Vec<Module>, registry: &Registry) -> Result<Resolved, Vec<Problem>> {
    let tree = Tree::new(&modules);
    let mut problems = Vec::new();
    let mut redeclared = Vec::new();
    let annotations = Annotations::new(&modules, &tree, &mut redeclared);
    let world = World { registry, tree: &tree, annotations: &annotations };
    let mut resolved = Resolved::default();
    kinds::check(&modules, &tree, &mut problems);
    let mut refused = Vec::new();
    let mut replaced = BTreeSet::new();
    for module in modules {
        let names = imports::names(&module, &tree, &mut problems);
        let first = resolved.rules.len();
        for rule in &module.rules {
            let mut lower = Lower::new(&world, &names);
            let rule = lower.rule(resolved.rules.len(), rule);
            problems.append(&mut lower.problems);
            // As OPA, which reads METADATA only where it is asked for.
            if lower.asks_metadata {
                problems.append(&mut redeclared);
            }
            refused.append(&mut lower.refused);
            replaced.append(&mut lower.replaced);
            resolved.not_hoisted.append(&mut lower.not_hoisted);
            resolved.rules.push(rule);
        }
        resolved.modules.push(facts(module, names.package, first));
    }
    problems.extend(refused.into_iter().filter(|(name, _)| !replaced.contains(name)).map(|(_, problem)| problem));
    let order = graph::order(&mut resolved, &tree, &mut problems);
    if problems.is_empty() {
        let mut infer = infer::Infer::new(registry);
        for rule in order.into_iter().filter_map(|rule| resolved.rules.get(rule)) {
            infer.rule(rule, &mut problems);
        }
    }
    resolved.root = tree.root;
    finish(problems, resolved)
}

/// Resolves and checks a query: its statements in order, and the names of its locals by number.
///
/// # Errors
///
/// As [`modules`].
pub fn query(
    resolved: &Resolved,
    body: &Body,
    place: &Place,
    registry: &Registry,
) -> Result<(Block, Vec<Arc<str>>), Vec<Problem>> {
    let tree = Tree::of(resolved);
    let mut problems = Vec::new();
    let names = imports::query(place, &tree, &mut problems);
    let annotations = Annotations::default();
    let world = World { registry, tree: &tree, annotations: &annotations };
    let mut lower = Lower::new(&world, &names);
    let block = lower.query(body);
    problems.append(&mut lower.problems);
    let replaced = lower.replaced;
    problems.extend(lower.refused.into_iter().filter(|(name, _)| !replaced.contains(name)).map(|(_, problem)| problem));
    if problems.is_empty() {
        let mut infer = infer::Infer::new(registry);
        infer.known(resolved);
        infer.query(&block, &lower.locals, &mut problems);
    }
    finish(problems, (block, lower.locals))
}

fn finish<T>(mut problems: Vec<Problem>, result: T) -> Result<T, Vec<Problem>> {
    if problems.is_empty() {
        return Ok(result);
    }
    problems
        .sort_by(|left, right| (left.span, left.code, &left.message).cmp(&(right.span, right.code, &right.message)));
    problems.dedup();
    problems.truncate(PROBLEMS);
    Err(problems)
}

fn facts(module: Module, package: Path, first: usize) -> ModuleFacts {
    let mut metadata = module.metadata;
    for block in &mut metadata {
        block.scope = match block.scope {
            crate::ast::Scope::Rule(rule) => crate::ast::Scope::Rule(rule + first),
            crate::ast::Scope::Document(rule) => crate::ast::Scope::Document(rule + first),
            other => other,
        };
    }
    ModuleFacts { file: module.file, version: module.version, package, metadata }
}

/// The span of all statements of a body.
fn span_of(body: &Body, otherwise: Span) -> Span {
    match (body.first(), body.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => otherwise,
    }
}
