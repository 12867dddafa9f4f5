//! Rules that contradict each other: two kinds at one place, a value where a package or another rule is, two defaults.

use std::sync::Arc;

use super::tree::{Fact, Tree, written};
use crate::ast::Module;
use crate::problem::{Problem, ProblemCode};
use crate::resolved::Node;

/// Looks at every place.
pub fn check(modules: &[Module], tree: &Tree, problems: &mut Vec<Problem>) {
    let mut places = vec![(Vec::new(), &tree.root)];
    while let Some((path, node)) = places.pop() {
        let facts: Vec<&Fact> = node.rules.iter().filter_map(|rule| tree.facts.get(*rule)).collect();
        if let Some(problem) = at(&path, node, &facts, tree) {
            problems.push(problem);
            continue;
        }
        for (name, below) in &node.below {
            let mut path = path.clone();
            path.push(name.clone());
            places.push((path, below));
        }
    }
    for fact in &tree.facts {
        let Some(module) = modules.get(fact.module).filter(|module| super::imports::is_v1(module)) else { continue };
        let name = fact.path.get(module.package.len());
        if let Some(name) = name.filter(|name| matches!(&***name, "input" | "data")) {
            let message = format!("rules must not shadow {name} (use a different rule name)");
            problems.push(Problem::new(ProblemCode::Compile, fact.span, message));
        }
    }
}

fn at(path: &[Arc<str>], node: &Node, facts: &[&Fact], tree: &Tree) -> Option<Problem> {
    let first = facts.first()?;
    let problem = |fact: &Fact, message: String, help: String| {
        Some(Problem::new(ProblemCode::Type, fact.span, message).help(help))
    };
    let name = written(path);
    if facts.iter().all(|fact| fact.keys > 0) {
        if let Some(below) = below(path, node, &|rule| tree.facts.get(rule).is_some_and(|fact| fact.arity > 0)) {
            let help = "the keys of the rule may lead there, where no function can be: rename one of them";
            return problem(
                first,
                format!("rule {name}[...] conflicts with [{}]", written(&below)),
                String::from(help),
            );
        }
    } else {
        if let Some(below) = below(path, node, &|_| true) {
            let help = "a rule that gives a whole value leaves no place below it: rename one of them";
            return problem(first, format!("rule {name} conflicts with [{}]", written(&below)), String::from(help));
        }
        if tree.is_package(path) {
            let help = String::from("rename the rule or the package");
            return problem(
                first,
                format!("package {} conflicts with rule {name}", name.trim_start_matches("data.")),
                help,
            );
        }
    }
    let whole = |fact: &&&Fact| fact.keys == 0;
    let complete = facts.iter().filter(whole).count();
    let other = facts.iter().find(|fact| {
        fact.set != first.set
            || fact.arity != first.arity
            || (complete > 0 && complete < facts.len() && whole(fact) != whole(&first))
    });
    if let Some(other) = other {
        let kind = |fact: &Fact| match fact {
            Fact { arity: 1, .. } => String::from("a function of 1 argument"),
            Fact { arity, .. } if *arity > 1 => format!("a function of {arity} arguments"),
            Fact { set: true, .. } => String::from("a set"),
            Fact { keys, .. } if *keys > 0 => String::from("an object of members"),
            _ => String::from("one value"),
        };
        let help = format!("the first rule of that name makes it {}, this one {}", kind(first), kind(other));
        return problem(other, format!("conflicting rules {name} found"), help);
    }
    let second = facts.iter().filter(|fact| fact.default).nth(1)?;
    problem(second, format!("multiple default rules {name} found"), String::from("keep one default"))
}

/// The first place below one that has a rule of this kind.
fn below(path: &[Arc<str>], node: &Node, kind: &dyn Fn(usize) -> bool) -> Option<Vec<Arc<str>>> {
    let mut places: Vec<(Vec<Arc<str>>, &Node)> = vec![(path.to_vec(), node)];
    while let Some((path, node)) = places.pop() {
        for (name, below) in node.below.iter().rev() {
            let mut path = path.clone();
            path.push(name.clone());
            if below.rules.iter().any(|rule| kind(*rule)) {
                return Some(path);
            }
            places.push((path, below));
        }
    }
    None
}
