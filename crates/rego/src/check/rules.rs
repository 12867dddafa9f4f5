//! Rules and queries: parameters, keys, branches.

use std::sync::Arc;

use super::scope::{Lower, declared};
use super::tree::constant_keys;
use super::vars::{Locals, outside};
use crate::ast::{self, Body, Term, TermKind};
use crate::problem::ProblemCode;
use crate::resolved::{Block, Branch, Expr, ExprKind, Rule, RuleKind, Statement, StatementKind};
use crate::value::Value;

impl Lower<'_> {
    /// A rule, its bodies in order.
    #[inline(never)]
    pub fn rule(&mut self, number: usize, rule: &ast::Rule) -> Rule {
        self.rule = Some(number);
        let head = &rule.head;
        let constant = constant_keys(head);
        let mut path = self.names.package.clone();
        path.push(head.name.text.clone());
        path.extend(head.keys.iter().take(constant).filter_map(|key| match &key.kind {
            TermKind::String(text) => Some(text.clone()),
            _ => None,
        }));
        let mut needed = Vec::new();
        let parameters: Vec<Expr> =
            head.parameters.iter().flatten().map(|parameter| self.parameter_pattern(parameter, &mut needed)).collect();
        let mut given = Locals::default();
        parameters.iter().for_each(|parameter| outside(parameter, &mut |local| given.add(local)));
        let mut keys = Vec::new();
        let mut branches = Vec::new();
        let value = head.contains.as_ref().or(head.value.as_ref());
        let first = (value, &rule.body, super::span_of(&rule.body, rule.span));
        let others = rule.otherwise.iter().map(|other| (other.value.as_ref(), &other.body, other.span));
        for (value, body, span) in std::iter::once(first).chain(others) {
            let is_first = branches.is_empty();
            let mut block = Block::new();
            let problems = self.problems.len();
            let value = self.branch(declared(body), |lower| {
                lower.body(body, &mut block);
                for (local, term) in &needed {
                    let value = lower.term(term, &mut block, term.span);
                    let local = Expr { kind: ExprKind::Local(*local), span: term.span };
                    block.push(Statement { kind: StatementKind::Unify(local, value), span: term.span });
                }
                if is_first {
                    let dynamic = head.keys.iter().skip(constant);
                    keys = dynamic.map(|key| lower.head_key(key, &mut block)).collect();
                }
                match value {
                    Some(value) if rule.default => lower.term(value, &mut block, value.span),
                    Some(value) => lower.evaluated(value, &mut block),
                    None => Expr { kind: ExprKind::Constant(Value::Boolean(true)), span },
                }
            });
            let mut value = value;
            if self.problems.len() == problems {
                let mut heads: Vec<&mut Expr> = vec![&mut value];
                if is_first {
                    heads.extend(keys.iter_mut());
                }
                self.order(&mut block, &mut heads, &given);
            }
            branches.push(Branch { body: block, value, span });
        }
        let kind = if head.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty()) {
            RuleKind::Function(parameters)
        } else if head.contains.is_some() {
            RuleKind::Set
        } else {
            RuleKind::Value
        };
        let locals = self.written_locals();
        Rule { path, keys, kind, default: rule.default, branches, locals, span: rule.span, head: head.span }
    }

    /// The names of the locals.
    pub fn written_locals(&mut self) -> Vec<Arc<str>> {
        std::mem::take(&mut self.locals)
    }

    /// A query, its body in order.
    pub fn query(&mut self, body: &Body) -> Block {
        let mut block = Block::new();
        self.branch(declared(body), |lower| lower.body(body, &mut block));
        if self.problems.is_empty() {
            self.order(&mut block, &mut [], &Locals::default());
        }
        block
    }

    fn head_key(&mut self, key: &Term, block: &mut Block) -> Expr {
        let expr = self.term(key, block, key.span);
        match expr.kind {
            ExprKind::Local(_) | ExprKind::Constant(_) => expr,
            _ => self.bind(expr, block, key.span),
        }
    }

    /// A parameter: a pattern. What it needs evaluated is unified in the body.
    fn parameter_pattern<'t>(&mut self, term: &'t Term, needed: &mut Vec<(u32, &'t Term)>) -> Expr {
        let span = term.span;
        let kind = match &term.kind {
            TermKind::Variable(name) => {
                if matches!(&**name, "input" | "data") {
                    let message = format!("args must not shadow {name} (use a different variable name)");
                    self.problem(ProblemCode::Compile, span, message);
                }
                ExprKind::Local(self.parameter(name, span))
            }
            TermKind::Wildcard => ExprKind::Local(self.wildcard()),
            TermKind::Array(parts) => {
                super::terms::array(parts.iter().map(|part| self.parameter_pattern(part, needed)).collect())
            }
            TermKind::Object(members) => {
                let mut lowered = Vec::with_capacity(members.len());
                for (key, value) in members {
                    let key = self.term(key, &mut Block::new(), span);
                    lowered.push((key, self.parameter_pattern(value, needed)));
                }
                super::terms::object(lowered)
            }
            TermKind::Call(..) => {
                self.problem(ProblemCode::Compile, span, "rule arguments cannot contain calls");
                ExprKind::Local(self.fresh())
            }
            TermKind::Reference(..)
            | TermKind::ArrayOf(..)
            | TermKind::SetOf(..)
            | TermKind::ObjectOf(..)
            | TermKind::Template(_) => {
                let local = self.fresh();
                needed.push((local, term));
                ExprKind::Local(local)
            }
            _ => return self.term(term, &mut Block::new(), span),
        };
        Expr { kind, span }
    }
}
