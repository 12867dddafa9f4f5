//! `with`: what is replaced, and by what.

use std::sync::Arc;

use super::calls::parts;
use super::scope::Lower;
use super::tree::Path;
use crate::ast::{self, Term};
use crate::builtins::refused;
use crate::problem::{Problem, ProblemCode};
use crate::resolved::{Block, Expr, ExprKind, Function, StandIn, Statement, StatementKind, Target, With};
use crate::source::Span;
use crate::value::Value;

/// The path of a reference below `data`, if all of its keys are names.
pub fn path(kind: &ExprKind) -> Option<Path> {
    match kind {
        ExprKind::Data => Some(Path::new()),
        ExprKind::Reference(head, keys) if matches!(head.kind, ExprKind::Data) => keys.iter().map(name).collect(),
        _ => None,
    }
}

fn name(key: &Expr) -> Option<Arc<str>> {
    match &key.kind {
        ExprKind::Constant(Value::String(name)) => Some(name.clone()),
        _ => None,
    }
}

/// Puts statements under stand-ins, each by itself: their order is not known yet.
pub fn under(withs: &[With], inner: Block, out: &mut Block) {
    if withs.is_empty() {
        out.extend(inner);
        return;
    }
    out.extend(inner.into_iter().map(|statement| {
        let span = statement.span;
        Statement { kind: StatementKind::With(withs.to_vec(), vec![statement]), span }
    }));
}

impl Lower<'_> {
    /// Stand-ins. What their values hoist is added to `before`.
    pub fn withs(&mut self, withs: &[ast::With], before: &mut Block, statement: Span) -> Vec<With> {
        withs.iter().filter_map(|with| self.with(with, before, statement)).collect()
    }

    fn with(&mut self, with: &ast::With, before: &mut Block, statement: Span) -> Option<With> {
        let target = self.target(&with.target, before, statement)?;
        let value = match (&target, self.function(&with.value)) {
            (Target::Function(replaced), Some(function)) => {
                if self.arity(replaced) != self.arity(&function) {
                    let message = String::from("a function can only be replaced by one with as many arguments");
                    self.problem(ProblemCode::Type, with.span, message);
                }
                StandIn::Function(function)
            }
            _ => {
                let value = self.term(&with.value, before, statement);
                let simple = matches!(value.kind, ExprKind::Constant(_) | ExprKind::Local(_));
                StandIn::Value(if simple { value } else { self.bind(value, before, statement) })
            }
        };
        Some(With { target, value, span: with.span })
    }

    fn arity(&self, function: &Function) -> Option<usize> {
        match function {
            Function::Builtin(name) => match self.world.registry.get(name) {
                Some(builtin) => Some(builtin.arguments.len()),
                None => super::signatures::arity(name),
            },
            Function::Rule(path) => self.world.tree.arity(path),
        }
    }

    fn target(&mut self, term: &Term, before: &mut Block, statement: Span) -> Option<Target> {
        let span = term.span;
        // A local named `input` does not hide the document here.
        let names = parts(term);
        let input = |names: &[Arc<str>]| {
            names.split_first().filter(|(first, _)| first.as_ref() == "input").map(|(_, rest)| rest.to_vec())
        };
        if let Some(rest) = names.as_deref().and_then(input) {
            return Some(Target::Input(rest.into_iter().map(Value::String).collect()));
        }
        if let Some(function) = self.builtin_target(names.as_deref(), span)? {
            return Some(Target::Function(function));
        }
        let expr = self.term(term, before, statement);
        let (root, keys) = match &expr.kind {
            ExprKind::Reference(root, keys) => (&root.kind, keys.as_slice()),
            kind => (kind, &[][..]),
        };
        let constant = |key: &Expr| match &key.kind {
            ExprKind::Constant(value) => Some(value.clone()),
            _ => None,
        };
        let values: Option<Vec<Value>> = keys.iter().map(constant).collect();
        match (root, values) {
            (ExprKind::Input, Some(values)) => Some(Target::Input(values)),
            (ExprKind::Data, Some(values)) => self.data_target(values, span),
            (ExprKind::Input | ExprKind::Data, None) => {
                let message = "with keyword target must not have variables in it";
                self.problem(ProblemCode::Compile, span, message);
                None
            }
            _ => {
                let message = "with keyword target must reference existing input, data, or a function";
                self.problem(ProblemCode::Type, span, message);
                None
            }
        }
    }

    fn data_target(&mut self, values: Vec<Value>, span: Span) -> Option<Target> {
        let path: Option<Path> = values.iter().map(|value| value.as_str().map(Arc::from)).collect();
        let mut node = &self.world.tree.root;
        for (index, value) in values.iter().enumerate() {
            let Some(below) = value.as_str().and_then(|name| node.below.get(name)) else { break };
            if !below.rules.is_empty() && index + 1 < values.len() {
                let message = "with keyword cannot partially replace virtual document(s)";
                let help = "replace the whole rule, or what it reads";
                self.problems.push(Problem::new(ProblemCode::Compile, span, message).help(help));
                return None;
            }
            node = below;
        }
        Some(match path.filter(|path| self.world.tree.is_function(path)) {
            Some(path) => Target::Function(Function::Rule(path)),
            None => Target::Data(values),
        })
    }

    /// A builtin that is to be replaced. `None` if it cannot be.
    fn builtin_target(&mut self, names: Option<&[Arc<str>]>, span: Span) -> Option<Option<Function>> {
        let Some(name) = self.builtin_name(names) else { return Some(None) };
        let message = match &*name {
            "eq" | "rego.metadata.chain" | "rego.metadata.rule" => {
                format!("with keyword replacing built-in function: replacement of \"{name}\" invalid")
            }
            "walk" => String::from("with keyword replacing built-in function: target must not be a relation"),
            "print" => String::from("with keyword replacing built-in function: target must not be a void function"),
            _ if name.starts_with("internal.") => {
                format!("with keyword replacing built-in function: replacement of internal function \"{name}\" invalid")
            }
            _ => {
                self.replaced.insert(name.clone());
                return Some(Some(Function::Builtin(name)));
            }
        };
        self.problem(ProblemCode::Compile, span, message);
        None
    }

    fn builtin_name(&self, names: Option<&[Arc<str>]>) -> Option<Arc<str>> {
        let names = names?;
        let first = names.first()?;
        if self.declared(first).is_some() || self.global(first, Span::default()).is_some() {
            return None;
        }
        let name = names.join(".");
        let known = self.world.registry.get(&name).is_some() || matches!(&*name, "print" | "eq");
        // What is refused when it is called may be replaced in a test.
        let known = known || refused::why(&name).is_some();
        known.then(|| Arc::from(name))
    }

    /// The function that a value names, without a call.
    fn function(&self, term: &Term) -> Option<Function> {
        let names = parts(term)?;
        if let Some(name) = self.builtin_name(Some(&names)) {
            return Some(Function::Builtin(name));
        }
        let (first, rest) = names.split_first()?;
        if self.shadows(first) {
            return None;
        }
        let mut path = path(&self.global(first, term.span)?.kind)?;
        path.extend(rest.iter().cloned());
        self.world.tree.is_function(&path).then_some(Function::Rule(path))
    }
}
