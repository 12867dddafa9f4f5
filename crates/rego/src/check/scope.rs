//! Which name means what: locals by scope, as OPA tells them apart. A declared name (`:=`, `some`, `every`, a parameter)
//! is a local of its scope from there on; any other name that is no rule and no import is one local of the whole branch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::vars::{Closures, Locals};
use super::{Names, World};
use crate::ast::{Body, Statement, StatementKind, Term, TermKind};
use crate::problem::{Problem, ProblemCode};
use crate::resolved::{Expr, ExprKind};
use crate::source::Span;
use crate::value::Value;

/// How a name came into a scope.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Occurrence {
    /// A parameter.
    Parameter,
    /// It was named, but nothing in this scope declares it so far.
    Named,
    /// `:=`.
    Assigned,
    /// `some`, `every`.
    Declared,
}

#[derive(Clone, Debug)]
struct Entry {
    local: u32,
    occurrence: Occurrence,
    span: Span,
}

/// What is known while a rule or a query is resolved.
pub struct Lower<'a> {
    pub world: &'a World<'a>,
    pub names: &'a Names,
    pub problems: Vec<Problem>,
    /// Whether METADATA is asked for.
    pub asks_metadata: bool,
    /// The number of the rule; none in a query.
    pub rule: Option<usize>,
    /// Calls of functions that are refused: allowed if some `with` replaces the function.
    pub refused: Vec<(Arc<str>, Problem)>,
    /// The builtins that some `with` replaces.
    pub replaced: BTreeSet<Arc<str>>,
    /// See [`crate::resolved::Resolved::not_hoisted`].
    pub not_hoisted: Vec<Span>,
    /// The names of the locals, by number.
    pub locals: Vec<Arc<str>>,
    pub closures: Closures,
    /// The scopes, from the outermost.
    scopes: Vec<BTreeMap<Arc<str>, Entry>>,
    /// For each body around: what it declares anywhere. Such a name is no rule and no import.
    ahead: Vec<BTreeSet<Arc<str>>>,
    /// The names of this branch that nothing declares.
    undeclared: BTreeMap<Arc<str>, u32>,
    used: Locals,
}

impl<'a> Lower<'a> {
    /// With one empty scope.
    pub fn new(world: &'a World<'a>, names: &'a Names) -> Lower<'a> {
        Lower {
            world,
            names,
            problems: Vec::new(),
            asks_metadata: false,
            rule: None,
            refused: Vec::new(),
            replaced: BTreeSet::new(),
            not_hoisted: Vec::new(),
            locals: Vec::new(),
            closures: Closures { not: names.future.not, ..Closures::default() },
            scopes: vec![BTreeMap::new()],
            ahead: vec![BTreeSet::new()],
            undeclared: BTreeMap::new(),
            used: Locals::default(),
        }
    }

    pub fn problem(&mut self, code: ProblemCode, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::new(code, span, message));
    }

    /// Runs in a scope of its own. What is declared there and never used is a problem.
    pub fn scoped<T>(&mut self, declared: BTreeSet<Arc<str>>, run: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(BTreeMap::new());
        self.ahead.push(declared);
        let problems = self.problems.len();
        let result = run(self);
        let complain = self.problems.len() == problems;
        self.ahead.pop();
        let scope = self.scopes.pop().unwrap_or_default();
        if complain {
            self.unused(&scope);
        }
        result
    }

    /// Runs with the scope of the parameters, which stays as it was. What else is declared and never used is a problem.
    pub fn branch<T>(&mut self, declared: BTreeSet<Arc<str>>, run: impl FnOnce(&mut Self) -> T) -> T {
        let parameters = self.scopes.last().cloned().unwrap_or_default();
        self.ahead.push(declared);
        self.undeclared.clear();
        let problems = self.problems.len();
        let result = run(self);
        self.ahead.pop();
        let scope = self.scopes.last_mut().map(|scope| std::mem::replace(scope, parameters)).unwrap_or_default();
        if self.problems.len() == problems {
            self.unused(&scope);
        }
        result
    }

    fn unused(&mut self, scope: &BTreeMap<Arc<str>, Entry>) {
        for (name, entry) in scope {
            if entry.occurrence == Occurrence::Declared && !self.used.has(entry.local) {
                let problem = Problem::new(ProblemCode::Compile, entry.span, format!("declared var {name} unused"));
                self.problems.push(problem.help(format!("use `{name}`, or take it away; `_` stands for any value")));
            }
        }
    }

    /// A new local that no one wrote.
    pub fn fresh(&mut self) -> u32 {
        let local = self.local(Arc::from("_"));
        self.closures.unwritten.add(local);
        local
    }

    /// A new local.
    pub fn local(&mut self, name: Arc<str>) -> u32 {
        let local = u32::try_from(self.locals.len()).unwrap_or(u32::MAX);
        self.locals.push(name);
        local
    }

    /// Declares a name in this scope.
    pub fn declare(&mut self, name: &Arc<str>, span: Span, occurrence: Occurrence) -> u32 {
        let before = self.scopes.last().and_then(|scope| scope.get(name)).map(|entry| entry.occurrence);
        let message = match before {
            Some(Occurrence::Parameter) => Some(format!("arg {name} redeclared")),
            Some(Occurrence::Named) => Some(format!("var {name} referenced above")),
            Some(Occurrence::Assigned) => Some(format!("var {name} assigned above")),
            Some(Occurrence::Declared) => Some(format!("var {name} declared above")),
            None => None,
        };
        if let Some(message) = message {
            let problem = Problem::new(ProblemCode::Compile, span, message);
            self.problems.push(problem.help(format!("give this `{name}` another name, or compare with `==`")));
        }
        let local = self.local(name.clone());
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.clone(), Entry { local, occurrence, span });
        }
        local
    }

    /// The local that a parameter names: the same for the same name.
    pub fn parameter(&mut self, name: &Arc<str>, span: Span) -> u32 {
        match self.declared(name) {
            Some(local) => local,
            None => self.declare(name, span, Occurrence::Parameter),
        }
    }

    /// The local that a name means, if it is declared so far.
    pub fn declared(&self, name: &str) -> Option<u32> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name)).map(|entry| entry.local)
    }

    /// Whether a name is a local that `declare` made.
    pub fn shadows(&self, name: &str) -> bool {
        let entry = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        entry.is_some_and(|entry| entry.occurrence != Occurrence::Named)
    }

    /// Whether a body around declares a name, also further below.
    pub fn is_declared_anywhere(&self, name: &str) -> bool {
        self.ahead.iter().any(|names| names.contains(name))
    }

    /// What a name means.
    pub fn variable(&mut self, name: &Arc<str>, span: Span) -> Expr {
        let kind = if let Some(local) = self.declared(name) {
            self.used.add(local);
            ExprKind::Local(local)
        } else if let Some(global) = self.global(name, span) {
            return global;
        } else {
            ExprKind::Local(self.named(name, span))
        };
        Expr { kind, span }
    }

    fn named(&mut self, name: &Arc<str>, span: Span) -> u32 {
        let local = match self.undeclared.get(name) {
            Some(local) => *local,
            None => {
                let local = self.local(name.clone());
                self.undeclared.insert(name.clone(), local);
                local
            }
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.clone(), Entry { local, occurrence: Occurrence::Named, span });
        }
        local
    }

    /// The document, import or rule that a name means, if it is no local.
    pub fn global(&self, name: &str, span: Span) -> Option<Expr> {
        if self.shadows(name) || self.is_declared_anywhere(name) {
            return None;
        }
        let (root, path) = match name {
            "input" => (ExprKind::Input, &[][..]),
            "data" => (ExprKind::Data, &[][..]),
            _ => {
                let global = self.names.globals.get(name)?;
                (if global.input { ExprKind::Input } else { ExprKind::Data }, &global.path[..])
            }
        };
        let root = Expr { kind: root, span };
        if path.is_empty() {
            return Some(root);
        }
        let key = |name: &Arc<str>| Expr { kind: ExprKind::Constant(Value::String(name.clone())), span };
        Some(Expr { kind: ExprKind::Reference(Box::new(root), path.iter().map(key).collect()), span })
    }
}

/// The names that a body declares, also within `every`, `not`, `and` and `or`, but not within comprehensions.
pub fn declared(body: &Body) -> BTreeSet<Arc<str>> {
    let mut names = BTreeSet::new();
    for statement in body {
        declared_by(statement, &mut names);
    }
    names
}

fn declared_by(statement: &Statement, names: &mut BTreeSet<Arc<str>>) {
    match &statement.kind {
        StatementKind::Assign(left, _) => pattern(left, names),
        StatementKind::Some(declared) => names.extend(declared.iter().map(|name| name.text.clone())),
        StatementKind::SomeIn { key, value, .. } => {
            key.iter().for_each(|key| pattern(key, names));
            pattern(value, names);
        }
        StatementKind::Every { body, .. } => body.iter().for_each(|statement| declared_by(statement, names)),
        StatementKind::Not(operand) => operand.body.iter().for_each(|statement| declared_by(statement, names)),
        StatementKind::Or(operands) | StatementKind::And(operands) => {
            operands.iter().flat_map(|operand| &operand.body).for_each(|statement| declared_by(statement, names));
        }
        StatementKind::Term(_) | StatementKind::Unify(..) => {}
    }
}

/// The variables of a pattern.
pub fn pattern(term: &Term, names: &mut BTreeSet<Arc<str>>) {
    match &term.kind {
        TermKind::Variable(name) => {
            names.insert(name.clone());
        }
        TermKind::Array(parts) | TermKind::Set(parts) => parts.iter().for_each(|part| pattern(part, names)),
        TermKind::Object(members) => members.iter().for_each(|(_, value)| pattern(value, names)),
        _ => {}
    }
}
