//! Statements are taken apart: each does one thing, and what it needs that has a statement of its own stands before it.
//! The order is found later.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::scope::{Lower, Occurrence, declared, pattern};
use super::vars::{has_reference, outside};
use super::withs::under;
use crate::ast::{self, Body, Callee, Operand, Term, TermKind};
use crate::problem::{Problem, ProblemCode};
use crate::resolved::{Block, Expr, ExprKind, Function, Statement, StatementKind};
use crate::source::Span;
use crate::value::Value;

impl Lower<'_> {
    /// The statements of a body.
    pub fn body(&mut self, body: &Body, out: &mut Block) {
        for statement in body {
            self.statement(statement, out);
        }
    }

    fn statement(&mut self, statement: &ast::Statement, out: &mut Block) {
        let span = statement.span;
        let mut inner = Block::new();
        let withs = self.withs(&statement.with, out, span);
        self.bare(&statement.kind, &mut inner, span);
        under(&withs, inner, out);
    }

    fn bare(&mut self, kind: &ast::StatementKind, out: &mut Block, span: Span) {
        match kind {
            ast::StatementKind::Term(term) => self.test(term, out, span),
            ast::StatementKind::Unify(left, right) => self.unify(left, right, out, span),
            ast::StatementKind::Assign(left, right) => self.assign(left, right, out, span),
            ast::StatementKind::Some(names) => {
                for name in names {
                    self.shadowing(&name.text, name.span);
                    self.declare(&name.text, name.span, Occurrence::Declared);
                }
            }
            ast::StatementKind::SomeIn { key, value, domain } => self.some_in(key.as_ref(), value, domain, out, span),
            ast::StatementKind::Every { key, value, domain, body } => {
                self.every(key.as_ref(), value, domain, body, out, span);
            }
            ast::StatementKind::Not(operand) if !self.names.future.not => self.plain_not(operand, out, span),
            ast::StatementKind::Not(operand) => {
                let block = self.operand(operand, "not");
                out.push(Statement { kind: StatementKind::Not(block), span });
            }
            ast::StatementKind::Or(operands) => {
                let blocks = operands.iter().map(|operand| self.operand(operand, "or")).collect();
                out.push(Statement { kind: StatementKind::Or(blocks), span });
            }
            // Each must hold in some way, and none gives more than one solution: that is `or` with one operand.
            ast::StatementKind::And(operands) => {
                for operand in operands {
                    let block = self.operand(operand, "and");
                    out.push(Statement { kind: StatementKind::Or(vec![block]), span });
                }
            }
        }
    }

    fn test(&mut self, term: &Term, out: &mut Block, span: Span) {
        let TermKind::Call(callee, arguments) = &term.kind else {
            let term = self.term(term, out, span);
            out.push(Statement { kind: StatementKind::Test(term), span });
            return;
        };
        if let (Some("eq"), [left, right]) = (plain_name(callee), arguments.as_slice()) {
            return self.unify(left, right, out, span);
        }
        let print =
            plain_name(callee) == Some("print") && !self.shadows("print") && self.global("print", span).is_none();
        if print {
            return self.print(arguments, out, span);
        }
        let (call, output) = self.call(callee, arguments, true, term.span, out, span);
        let kind = match output {
            Some(output) => StatementKind::Unify(output, call),
            None => StatementKind::Test(call),
        };
        out.push(Statement { kind, span });
    }

    /// `print(a, b)` is `internal.print([{x | x = a}, {x | x = b}])`: undefined is no reason not to print.
    fn print(&mut self, arguments: &[Term], out: &mut Block, span: Span) {
        let mut sets = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let mut block = Block::new();
            let value = self.term(argument, &mut block, span);
            let value = self.bind(value, &mut block, span);
            sets.push(Expr { kind: ExprKind::SetOf(Box::new(value), block), span: argument.span });
        }
        let array = Expr { kind: super::terms::array(sets), span };
        let function = Function::Builtin(Arc::from("internal.print"));
        let call = Expr { kind: ExprKind::Call(function, vec![array]), span };
        out.push(Statement { kind: StatementKind::Test(call), span });
    }

    fn unify(&mut self, left: &Term, right: &Term, out: &mut Block, span: Span) {
        let left = self.side(left, out, span);
        let right = self.side(right, out, span);
        self.unified(left, right, out, span);
    }

    /// One side of a unification: a call may stand there by itself.
    fn side(&mut self, term: &Term, out: &mut Block, span: Span) -> Expr {
        match &term.kind {
            TermKind::Call(callee, arguments) => self.call(callee, arguments, false, term.span, out, span).0,
            _ => self.term(term, out, span),
        }
    }

    /// Takes apart what is an array or an object on both sides.
    fn unified(&mut self, left: Expr, right: Expr, out: &mut Block, span: Span) {
        match (left.kind, right.kind) {
            (ExprKind::Array(lefts), ExprKind::Array(rights)) if lefts.len() == rights.len() => {
                for (left, right) in lefts.into_iter().zip(rights) {
                    self.unified(left, right, out, span);
                }
            }
            (ExprKind::Object(lefts), ExprKind::Object(rights)) if same_keys(&lefts, &rights) => {
                for (key, left) in lefts {
                    let right = rights.iter().find(|(other, _)| same(other, &key));
                    if let Some((_, right)) = right {
                        self.unified(left, right.clone(), out, span);
                    }
                    // A key must have a value all the same.
                    if let ExprKind::Local(_) = key.kind {
                        out.push(Statement { kind: StatementKind::Unify(key.clone(), key), span });
                    }
                }
            }
            (left_kind, right_kind) => {
                let mut left = Expr { kind: left_kind, span: left.span };
                let mut right = Expr { kind: right_kind, span: right.span };
                let call = |expr: &Expr| matches!(expr.kind, ExprKind::Call(..));
                // A call stays where it is only if nothing on the other side could bind what it needs.
                if call(&left) && has_reference(&right) {
                    left = self.bind(left, out, span);
                } else if call(&right) && has_reference(&left) {
                    right = self.bind(right, out, span);
                }
                out.push(Statement { kind: StatementKind::Unify(left, right), span });
            }
        }
    }

    fn assign(&mut self, left: &Term, right: &Term, out: &mut Block, span: Span) {
        if let TermKind::Variable(name) = &left.kind {
            self.shadowing(name, left.span);
        }
        let right = self.side(right, out, span);
        let left = self.assignee(left);
        self.unified(left, right, out, span);
    }

    /// What stands left of `:=`: every variable in it is declared.
    fn assignee(&mut self, term: &Term) -> Expr {
        let span = term.span;
        let kind = match &term.kind {
            TermKind::Variable(name) => ExprKind::Local(self.declare(name, span, Occurrence::Assigned)),
            TermKind::Wildcard => ExprKind::Local(self.wildcard()),
            TermKind::Array(parts) => super::terms::array(parts.iter().map(|part| self.assignee(part)).collect()),
            TermKind::Object(members) => {
                let mut lowered = Vec::with_capacity(members.len());
                for (key, value) in members {
                    let mut before = Block::new();
                    let key = self.term(key, &mut before, span);
                    if let Some(statement) = before.first() {
                        self.problem(ProblemCode::Compile, statement.span, "cannot assign to call");
                    }
                    lowered.push((key, self.assignee(value)));
                }
                super::terms::object(lowered)
            }
            other => {
                let name = match other {
                    TermKind::Null => "null",
                    TermKind::Boolean(_) => "boolean",
                    TermKind::Number(_) => "number",
                    TermKind::String(_) => "string",
                    TermKind::Set(_) => "set",
                    TermKind::Reference(..) => "ref",
                    TermKind::Call(..) => "call",
                    TermKind::Template(_) => "templatestring",
                    _ => "comprehension",
                };
                let problem = Problem::new(ProblemCode::Compile, span, format!("cannot assign to {name}"));
                self.problems.push(problem.help("a variable stands left of `:=`; compare with `==`"));
                ExprKind::Constant(Value::Null)
            }
        };
        Expr { kind, span }
    }

    /// `input := ...` hides a document: refused, but in version 0.
    fn shadowing(&mut self, name: &str, span: Span) {
        if matches!(name, "input" | "data") && self.names.v1 && !self.names.query {
            let message = format!("variables must not shadow {name} (use a different variable name)");
            self.problem(ProblemCode::Compile, span, message);
        }
    }

    fn some_in(&mut self, key: Option<&Term>, value: &Term, domain: &Term, out: &mut Block, span: Span) {
        let domain = self.term(domain, out, span);
        let mut names = BTreeSet::new();
        key.iter().for_each(|key| pattern(key, &mut names));
        pattern(value, &mut names);
        let mut taken = BTreeSet::new();
        outside(&domain, &mut |local| {
            let name = usize::try_from(local).ok().and_then(|index| self.locals.get(index));
            taken.extend(name.cloned());
        });
        for name in names.difference(&taken) {
            self.shadowing(name, value.span);
            self.declare(name, value.span, Occurrence::Declared);
        }
        let key = key.map(|key| self.term(key, out, span));
        let value = self.term(value, out, span);
        out.push(Statement { kind: StatementKind::Each { key, value, domain }, span });
    }

    fn every(&mut self, key: Option<&Term>, value: &Term, domain: &Term, body: &Body, out: &mut Block, span: Span) {
        let mut domain = self.side(domain, out, span);
        if !matches!(domain.kind, ExprKind::Local(_) | ExprKind::Constant(_)) {
            domain = self.bind(domain, out, span);
        }
        let mut names = BTreeSet::new();
        key.iter().for_each(|key| pattern(key, &mut names));
        pattern(value, &mut names);
        let kind = self.scoped(names, |lower| {
            let key = key.map(|key| lower.bound_by_every(key));
            let value = lower.bound_by_every(value);
            let mut block = Block::new();
            lower.body(body, &mut block);
            StatementKind::Every { key, value, domain, block }
        });
        out.push(Statement { kind, span });
    }

    fn bound_by_every(&mut self, term: &Term) -> Expr {
        let local = match &term.kind {
            TermKind::Variable(name) => {
                self.shadowing(name, term.span);
                self.declare(name, term.span, Occurrence::Declared)
            }
            _ => self.wildcard(),
        };
        Expr { kind: ExprKind::Local(local), span: term.span }
    }

    /// `not x` as OPA means it without an import: what stands inside as an argument is bound before.
    fn plain_not(&mut self, operand: &Operand, out: &mut Block, span: Span) {
        for inner in &operand.body {
            if let ast::StatementKind::Assign(..) = inner.kind {
                let problem =
                    Problem::new(ProblemCode::Compile, inner.span, "cannot assign vars inside negated expression");
                self.problems.push(problem.help("assign before the `not`, and compare with `==`"));
                return;
            }
            let mut block = Block::new();
            self.statement(inner, &mut block);
            let Some(last) = block.pop() else { continue };
            if !block.is_empty() {
                self.not_hoisted.push(span);
            }
            out.append(&mut block);
            // A `with` of the statement inside stands around the `not`.
            match last.kind {
                StatementKind::With(withs, block) => {
                    let not = Statement { kind: StatementKind::Not(block), span };
                    out.push(Statement { kind: StatementKind::With(withs, vec![not]), span });
                }
                _ => out.push(Statement { kind: StatementKind::Not(vec![last]), span }),
            }
        }
    }

    fn operand(&mut self, operand: &Operand, word: &str) -> Block {
        if !operand.braces {
            self.closures.open.extend(operand.body.first().map(|first| first.span));
            for inner in &operand.body {
                if let ast::StatementKind::Assign(..) = inner.kind {
                    let message = match word {
                        "not" => String::from("cannot assign vars inside negated expression"),
                        _ => format!("cannot assign vars inside implicit {word} operand"),
                    };
                    let help = format!("write braces around it: {word} {{ ... }}");
                    self.problems.push(Problem::new(ProblemCode::Compile, inner.span, message).help(help));
                }
            }
        }
        self.scoped(declared(&operand.body), |lower| {
            let mut block = Block::new();
            lower.body(&operand.body, &mut block);
            block
        })
    }
}

fn plain_name(callee: &Callee) -> Option<&str> {
    match callee {
        Callee::Named(name) => match &name.kind {
            TermKind::Variable(name) => Some(name),
            _ => None,
        },
        Callee::Operator(_) => None,
    }
}

/// Whether two keys are the same constant or the same local.
fn same(one: &Expr, two: &Expr) -> bool {
    match (&one.kind, &two.kind) {
        (ExprKind::Constant(one), ExprKind::Constant(two)) => one == two,
        (ExprKind::Local(one), ExprKind::Local(two)) => one == two,
        _ => false,
    }
}

fn same_keys(lefts: &[(Expr, Expr)], rights: &[(Expr, Expr)]) -> bool {
    lefts.len() == rights.len()
        && lefts.iter().all(|(key, _)| rights.iter().filter(|(other, _)| same(other, key)).count() == 1)
}
