//! What all modules define together: which rules stand at which place below `data`, before any body is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ast::{self, Module, TermKind};
use crate::resolved::{Node, Resolved, RuleKind};
use crate::source::Span;

/// A path below `data`.
pub type Path = Vec<Arc<str>>;

/// What a rule's head says.
#[derive(Debug)]
pub struct Fact {
    /// The constant part of its path.
    pub path: Path,
    /// How many keys follow the path.
    pub keys: usize,
    /// Whether it adds to a set.
    pub set: bool,
    /// The number of its parameters; 0 also for what is no function.
    pub arity: usize,
    /// Whether its value is a variable or a reference, whose type may be anything.
    pub open: bool,
    /// Whether it begins with `default`.
    pub default: bool,
    /// The rule.
    pub span: Span,
    /// The number of its module.
    pub module: usize,
}

/// The rules of all modules.
#[derive(Debug, Default)]
pub struct Tree {
    /// By place.
    pub root: Node,
    /// By number.
    pub facts: Vec<Fact>,
    /// The names that the rules of a package define.
    exports: BTreeMap<Path, BTreeSet<Arc<str>>>,
}

/// The path of a package.
pub fn package(module: &Module) -> Path {
    module.package.iter().map(|name| name.text.clone()).collect()
}

/// How many of the keys of a head are a part of its path: strings, up to the first that is none.
pub fn constant_keys(head: &ast::Head) -> usize {
    head.keys.iter().take_while(|key| matches!(key.kind, TermKind::String(_))).count()
}

impl Tree {
    /// Collects the heads.
    pub fn new(modules: &[Module]) -> Tree {
        let mut tree = Tree::default();
        for (number, module) in modules.iter().enumerate() {
            let package = package(module);
            tree.exports.entry(package.clone()).or_default();
            // A package without rules is an empty object.
            tree.place(&package);
            for rule in &module.rules {
                tree.add(&package, number, rule);
            }
        }
        tree
    }

    fn place(&mut self, path: &[Arc<str>]) -> &mut Node {
        path.iter().fold(&mut self.root, |node, name| node.below.entry(name.clone()).or_default())
    }

    fn add(&mut self, package: &[Arc<str>], module: usize, rule: &ast::Rule) {
        let head = &rule.head;
        self.exports.entry(package.to_vec()).or_default().insert(head.name.text.clone());
        let constant = constant_keys(head);
        let mut path = package.to_vec();
        path.push(head.name.text.clone());
        path.extend(head.keys.iter().take(constant).filter_map(|key| match &key.kind {
            TermKind::String(text) => Some(text.clone()),
            _ => None,
        }));
        let number = self.facts.len();
        self.place(&path).rules.push(number);
        self.facts.push(Fact {
            path,
            keys: head.keys.len() - constant,
            set: head.contains.is_some(),
            arity: head.parameters.as_ref().map_or(0, Vec::len),
            open: head
                .value
                .as_ref()
                .is_some_and(|value| matches!(value.kind, TermKind::Variable(_) | TermKind::Reference(..))),
            default: rule.default,
            span: rule.span,
            module,
        });
    }

    /// Whether a module has this package.
    pub fn is_package(&self, path: &[Arc<str>]) -> bool {
        self.exports.contains_key(path)
    }

    /// What a query needs to know.
    pub fn of(resolved: &Resolved) -> Tree {
        let mut tree = Tree { root: resolved.root.clone(), ..Tree::default() };
        let mut files = BTreeMap::new();
        for (number, module) in resolved.modules.iter().enumerate() {
            tree.exports.entry(module.package.clone()).or_default();
            files.insert(module.file, number);
        }
        for rule in &resolved.rules {
            let module = files.get(&rule.span.file).copied().unwrap_or_default();
            let package = resolved.modules.get(module).map(|module| module.package.clone()).unwrap_or_default();
            if let Some(name) = rule.path.get(package.len()) {
                tree.exports.entry(package).or_default().insert(name.clone());
            }
            tree.facts.push(Fact {
                path: rule.path.clone(),
                keys: rule.keys.len(),
                set: matches!(rule.kind, RuleKind::Set),
                arity: match &rule.kind {
                    RuleKind::Function(parameters) => parameters.len(),
                    _ => 0,
                },
                open: false,
                default: rule.default,
                span: rule.span,
                module,
            });
        }
        tree
    }

    /// The names that a package defines.
    pub fn names<'a>(&'a self, package: &[Arc<str>]) -> impl Iterator<Item = &'a Arc<str>> + use<'a> {
        self.exports.get(package).into_iter().flatten()
    }

    /// The place at a path.
    pub fn node(&self, path: &[Arc<str>]) -> Option<&Node> {
        path.iter().try_fold(&self.root, |node, name| node.below.get(name))
    }

    /// The number of parameters of the rules at exactly this path. 0 if they are no functions.
    pub fn arity(&self, path: &[Arc<str>]) -> Option<usize> {
        let first = self.node(path)?.rules.first()?;
        self.facts.get(*first).map(|fact| fact.arity)
    }

    /// Whether `f()` may stand for the rules at this path, which have no parameters: as OPA, where their type is open.
    pub fn is_open(&self, path: &[Arc<str>]) -> bool {
        let rules = self.node(path).map(|node| node.rules.as_slice()).unwrap_or_default();
        !rules.is_empty() && rules.iter().all(|rule| self.facts.get(*rule).is_some_and(|fact| fact.open))
    }

    /// Whether there are functions at exactly this path.
    pub fn is_function(&self, path: &[Arc<str>]) -> bool {
        self.arity(path).is_some_and(|arity| arity > 0)
    }

    /// All functions below a path, and those beside it, for advice.
    pub fn functions(&self) -> impl Iterator<Item = &Path> {
        self.facts.iter().filter(|fact| fact.arity > 0).map(|fact| &fact.path)
    }
}

/// A path as Rego writes it.
pub fn written(path: &[Arc<str>]) -> String {
    let mut text = String::from("data");
    for name in path {
        if is_name(name) {
            text.push('.');
            text.push_str(name);
        } else {
            text.push_str(&format!("[{name:?}]"));
        }
    }
    text
}

fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|other| other.is_ascii_alphanumeric() || other == '_')
}
