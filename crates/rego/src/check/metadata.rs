//! What `rego.metadata.rule` and `rego.metadata.chain` give: constants of the rule that calls them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::tree::{Path, Tree, package};
use crate::ast::{Module, Scope};
use crate::problem::{Problem, ProblemCode};
use crate::source::Span;
use crate::value::Value;

/// METADATA by what it is about.
#[derive(Debug, Default)]
pub struct Annotations {
    /// By the number of the rule; the nearest last.
    rules: BTreeMap<usize, Vec<Value>>,
    documents: BTreeMap<Path, Value>,
    packages: BTreeMap<Path, Value>,
    subpackages: BTreeMap<Path, Value>,
}

impl Annotations {
    /// Collects them. Two for one document or package are a problem.
    pub fn new(modules: &[Module], tree: &Tree, problems: &mut Vec<Problem>) -> Annotations {
        let mut found = Annotations::default();
        let mut first = 0;
        for module in modules {
            let package = package(module);
            for block in &module.metadata {
                let path = |rule: usize| tree.facts.get(first + rule).map(|fact| fact.path.clone()).unwrap_or_default();
                let (places, path, name) = match block.scope {
                    Scope::Rule(rule) => {
                        found.rules.entry(first + rule).or_default().push(block.value.clone());
                        continue;
                    }
                    Scope::Document(rule) => (&mut found.documents, path(rule), "document"),
                    Scope::Package => (&mut found.packages, package.clone(), "package"),
                    Scope::Subpackages => (&mut found.subpackages, package.clone(), "subpackages"),
                };
                if places.insert(path, block.value.clone()).is_some() {
                    problems.push(redeclared(name, block.span));
                }
            }
            first += module.rules.len();
        }
        found
    }

    /// What `rego.metadata.rule` gives in a rule.
    pub fn rule(&self, rule: usize) -> Value {
        self.rules.get(&rule).and_then(|blocks| blocks.last()).cloned().unwrap_or_else(|| Value::object(Vec::new()))
    }

    /// What `rego.metadata.chain` gives in a rule: from the rule outwards.
    pub fn chain(&self, rule: usize, path: &[Arc<str>], package: &[Arc<str>]) -> Value {
        let mut links: Vec<Value> =
            self.rules.get(&rule).into_iter().flatten().rev().map(|block| link(path, Some(block))).collect();
        if links.is_empty() {
            links.push(link(path, None));
        }
        links.extend(self.documents.get(path).map(|block| link(path, Some(block))));
        links.extend(self.packages.get(package).map(|block| link(package, Some(block))));
        for length in (0..=package.len()).rev() {
            let outer = package.get(..length).unwrap_or_default();
            links.extend(self.subpackages.get(outer).map(|block| link(outer, Some(block))));
        }
        Value::array(links)
    }
}

fn link(path: &[Arc<str>], block: Option<&Value>) -> Value {
    let path = Value::array(path.iter().cloned().map(Value::String).collect());
    let mut members = vec![(Value::from("path"), path)];
    members.extend(block.map(|block| (Value::from("annotations"), block.clone())));
    Value::object(members)
}

fn redeclared(name: &str, span: Span) -> Problem {
    let problem = Problem::new(ProblemCode::Type, span, format!("{name} annotation redeclared"));
    problem.help(format!("write one METADATA block with `scope: {name}`"))
}
