//! What a call calls, and with how many arguments.

use std::sync::Arc;

use super::scope::Lower;
use super::tree::written;
use crate::ast::{Callee, Term, TermKind};
use crate::builtins::refused;
use crate::nearest::nearest;
use crate::problem::{Problem, ProblemCode};
use crate::resolved::Function;
use crate::source::Span;
use crate::value::Value;

/// A function and the number of its arguments.
#[derive(Debug)]
pub struct Called {
    pub function: Function,
    pub arity: usize,
}

/// What OPA calls deprecated: refused in modules of version 1.
const DEPRECATED: [&str; 11] = [
    "all",
    "any",
    "cast_array",
    "cast_boolean",
    "cast_null",
    "cast_object",
    "cast_set",
    "cast_string",
    "net.cidr_overlap",
    "re_match",
    "set_diff",
];

impl Lower<'_> {
    /// The function that is called, if there is one and it takes as many arguments. With `output`, it may have one more.
    pub fn callee(&mut self, callee: &Callee, arguments: usize, output: bool, span: Span) -> Option<Called> {
        let called = match callee {
            Callee::Operator(operator) => {
                let name = if arguments == 3 { "internal.member_3" } else { operator.name() };
                self.builtin(name, span)?
            }
            Callee::Named(name) => self.named_function(name, span)?,
        };
        let name = match &called.function {
            Function::Builtin(name) => name.to_string(),
            Function::Rule(path) => written(path),
        };
        if name == "print" && output {
            return Some(Called { arity: arguments, ..called });
        }
        if name == "print" {
            self.problem(ProblemCode::Type, span, "print used as value");
            return None;
        }
        if arguments != called.arity && !(output && arguments == called.arity + 1) {
            let plural = if arguments == 1 { "argument" } else { "arguments" };
            let message = format!("function {name} has arity {}, got {arguments} {plural}", called.arity);
            self.problem(ProblemCode::Type, span, message);
            return None;
        }
        Some(called)
    }

    fn named_function(&mut self, name: &Term, span: Span) -> Option<Called> {
        let Some(parts) = parts(name) else {
            let problem = Problem::new(ProblemCode::Type, span, "undefined function");
            self.problems.push(problem.help("a function is called by its name: no variable can stand in it"));
            return None;
        };
        let (first, rest) = parts.split_first()?;
        if self.shadows(first) {
            let message = format!("called function {} shadowed", parts.join("."));
            let help = format!("`{first}` is a variable here: give it another name");
            self.problems.push(Problem::new(ProblemCode::Compile, span, message).help(help));
            return None;
        }
        match self.global(first, span).map(|global| global.kind) {
            None => self.builtin(&parts.join("."), span),
            Some(kind) => {
                let path = super::withs::path(&kind).map(|mut path| {
                    path.extend(rest.iter().cloned());
                    path
                });
                match path {
                    Some(path) => self.rule_function(path, span),
                    None => {
                        self.problem(ProblemCode::Type, span, format!("undefined function {}", parts.join(".")));
                        None
                    }
                }
            }
        }
    }

    fn rule_function(&mut self, path: Vec<Arc<str>>, span: Span) -> Option<Called> {
        let name = written(&path);
        match self.world.tree.arity(&path) {
            Some(0) if self.world.tree.is_open(&path) => {
                return Some(Called { function: Function::Rule(path), arity: 0 });
            }
            Some(0) => {
                let problem = Problem::new(ProblemCode::Type, span, format!("undefined function {name}"));
                self.problems.push(problem.help("it is a rule without arguments: write it without parentheses"));
                return None;
            }
            Some(arity) => return Some(Called { function: Function::Rule(path), arity }),
            None => {}
        }
        let names: Vec<String> = self.world.tree.functions().map(|path| written(path)).collect();
        let problem = Problem::new(ProblemCode::Type, span, format!("undefined function {name}"));
        self.problems.push(match nearest(&name, names.iter().map(String::as_str)) {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")),
            None => problem.help("no module that is loaded defines it"),
        });
        None
    }

    fn builtin(&mut self, name: &str, span: Span) -> Option<Called> {
        if let Some(reason) = refused::why(name) {
            let message = format!("unsafe built-in function calls in expression: {name}");
            let problem =
                Problem::new(ProblemCode::Type, span, message).help(format!("`{name}` is refused, since {reason}"));
            let Some(arity) = super::signatures::arity(name) else {
                self.problems.push(problem);
                return None;
            };
            self.refused.push((Arc::from(name), problem));
            return Some(Called { function: Function::Builtin(Arc::from(name)), arity });
        }
        if self.names.v1 && DEPRECATED.contains(&name) {
            let message = format!("deprecated built-in function calls in expression: {name}");
            self.problem(ProblemCode::Type, span, message);
            return None;
        }
        if let Some((_, "rule" | "chain")) =
            self.rule.and(name.rsplit_once('.')).filter(|(first, _)| *first == "rego.metadata")
        {
            return Some(Called { function: Function::Builtin(Arc::from(name)), arity: 0 });
        }
        if name == "print" {
            return Some(Called { function: Function::Builtin(Arc::from(name)), arity: 0 });
        }
        if let Some(builtin) = self.world.registry.get(name) {
            return Some(Called { function: Function::Builtin(Arc::from(name)), arity: builtin.arguments.len() });
        }
        let problem = Problem::new(ProblemCode::Type, span, format!("undefined function {name}"));
        let package = &self.names.package;
        let own = self.world.tree.functions().filter(|path| path.starts_with(package)).filter_map(|path| path.last());
        let mut names: Vec<&str> = own.map(|name| &**name).collect();
        for name in self.world.registry.names() {
            names.push(name);
        }
        let meant = nearest(name, names.into_iter());
        self.problems.push(match meant {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")),
            None => problem.help(format!("`{name}` is no function of Rego, and no rule or import of this module")),
        });
        None
    }
}

impl Lower<'_> {
    /// What a call of `rego.metadata` gives in this rule.
    pub fn metadata(&mut self, function: &Function) -> Option<Value> {
        let (Function::Builtin(name), Some(rule)) = (function, self.rule) else { return None };
        self.asks_metadata |= name.starts_with("rego.metadata.");
        match &**name {
            "rego.metadata.rule" => Some(self.world.annotations.rule(rule)),
            "rego.metadata.chain" => {
                let fact = self.world.tree.facts.get(rule)?;
                Some(self.world.annotations.chain(rule, &fact.path, &self.names.package))
            }
            _ => None,
        }
    }
}

/// The parts of a function's name.
pub fn parts(name: &Term) -> Option<Vec<Arc<str>>> {
    match &name.kind {
        TermKind::Variable(name) => Some(vec![name.clone()]),
        TermKind::Reference(head, keys) => {
            let mut parts = parts(head)?;
            for key in keys {
                let TermKind::String(text) = &key.kind else { return None };
                parts.push(text.clone());
            }
            Some(parts)
        }
        _ => None,
    }
}
