//! Terms become expressions. A call within an expression is hoisted: it gets a statement of its own before, as in OPA, so
//! that the order of a body can be found.

use super::calls::Called;
use super::scope::{Lower, declared};
use super::vars::has_reference;
use std::sync::Arc;

use crate::ast::{self, Body, Term, TermKind};
use crate::resolved::{Block, Expr, ExprKind, Function, Piece, Statement, StatementKind};
use crate::source::Span;
use crate::value::Value;

impl Lower<'_> {
    /// The expression of a term. What it hoists is added to `before`, with the span of the statement.
    pub fn term(&mut self, term: &Term, before: &mut Block, statement: Span) -> Expr {
        let span = term.span;
        let kind = match &term.kind {
            TermKind::Null => ExprKind::Constant(Value::Null),
            TermKind::Boolean(truth) => ExprKind::Constant(Value::Boolean(*truth)),
            TermKind::Number(number) => ExprKind::Constant(Value::Number(number.clone())),
            TermKind::String(text) => ExprKind::Constant(Value::String(text.clone())),
            TermKind::Variable(name) => return self.variable(name, span),
            TermKind::Wildcard => ExprKind::Local(self.wildcard()),
            TermKind::Reference(head, keys) => return self.reference(head, keys, span, before, statement),
            TermKind::Array(parts) => array(self.terms(parts, before, statement)),
            TermKind::Set(parts) => set(self.terms(parts, before, statement)),
            TermKind::Object(members) => {
                let mut lowered = Vec::with_capacity(members.len());
                for (key, value) in members {
                    let key = self.term(key, before, statement);
                    lowered.push((key, self.term(value, before, statement)));
                }
                object(lowered)
            }
            TermKind::ArrayOf(head, body) => {
                let (mut heads, block) = self.comprehension(&[head], body);
                match heads.pop() {
                    Some(head) => ExprKind::ArrayOf(Box::new(head), block),
                    None => ExprKind::Constant(Value::Null),
                }
            }
            TermKind::SetOf(head, body) => {
                let (mut heads, block) = self.comprehension(&[head], body);
                match heads.pop() {
                    Some(head) => ExprKind::SetOf(Box::new(head), block),
                    None => ExprKind::Constant(Value::Null),
                }
            }
            TermKind::ObjectOf(member, body) => {
                let (mut heads, block) = self.comprehension(&[&member.0, &member.1], body);
                match (heads.pop(), heads.pop()) {
                    (Some(value), Some(key)) => ExprKind::ObjectOf(Box::new((key, value)), block),
                    _ => ExprKind::Constant(Value::Null),
                }
            }
            TermKind::Template(pieces) => ExprKind::Template(self.pieces(pieces)),
            TermKind::Call(callee, arguments) => return self.hoisted_call(callee, arguments, span, before, statement),
        };
        Expr { kind, span }
    }

    fn terms(&mut self, terms: &[Term], before: &mut Block, statement: Span) -> Vec<Expr> {
        terms.iter().map(|term| self.term(term, before, statement)).collect()
    }

    /// A new local for `_`.
    pub fn wildcard(&mut self) -> u32 {
        self.local(std::sync::Arc::from("_"))
    }

    /// The call as an expression of its own: only where a statement is nothing but a call, or unifies one.
    pub fn call(
        &mut self,
        callee: &ast::Callee,
        arguments: &[Term],
        output: bool,
        span: Span,
        before: &mut Block,
        statement: Span,
    ) -> (Expr, Option<Expr>) {
        let called = self.callee(callee, arguments.len(), output, span);
        let mut lowered = self.terms(arguments, before, statement);
        match called {
            Some(Called { function, arity }) => {
                let output = if lowered.len() > arity { lowered.pop() } else { None };
                if let (Function::Rule(path), 0) = (&function, arity) {
                    // `f()` of a rule without parameters is its value.
                    let key = |name: &Arc<str>| Expr { kind: ExprKind::Constant(Value::String(name.clone())), span };
                    let data = Box::new(Expr { kind: ExprKind::Data, span });
                    return (Expr { kind: ExprKind::Reference(data, path.iter().map(key).collect()), span }, output);
                }
                if let Some(value) = self.metadata(&function) {
                    return (Expr { kind: ExprKind::Constant(value), span }, output);
                }
                (Expr { kind: ExprKind::Call(function, lowered), span }, output)
            }
            None => (Expr { kind: ExprKind::Constant(Value::Boolean(true)), span }, None),
        }
    }

    fn hoisted_call(
        &mut self,
        callee: &ast::Callee,
        arguments: &[Term],
        span: Span,
        before: &mut Block,
        statement: Span,
    ) -> Expr {
        let (call, _) = self.call(callee, arguments, false, span, before, statement);
        if let ExprKind::Constant(_) = call.kind {
            return call;
        }
        self.bind(call, before, statement)
    }

    /// A new local for an expression, bound before.
    pub fn bind(&mut self, expr: Expr, before: &mut Block, statement: Span) -> Expr {
        let local = Expr { kind: ExprKind::Local(self.fresh()), span: expr.span };
        before.push(Statement { kind: StatementKind::Unify(local.clone(), expr), span: statement });
        local
    }

    fn reference(&mut self, head: &Term, keys: &[Term], span: Span, before: &mut Block, statement: Span) -> Expr {
        let head = self.term(head, before, statement);
        let mut lowered = self.terms(keys, before, statement);
        let head = match head.kind {
            ExprKind::Reference(root, mut path) => {
                path.append(&mut lowered);
                lowered = path;
                root
            }
            ExprKind::Input | ExprKind::Data | ExprKind::Local(_) => Box::new(head),
            _ => Box::new(self.bind(head, before, statement)),
        };
        Expr { kind: ExprKind::Reference(head, lowered), span }
    }

    /// The heads of a comprehension and its body.
    fn comprehension(&mut self, heads: &[&Term], body: &Body) -> (Vec<Expr>, Block) {
        self.scoped(declared(body), |lower| {
            let mut block = Block::new();
            lower.body(body, &mut block);
            let heads = heads.iter().map(|head| lower.evaluated(head, &mut block)).collect();
            (heads, block)
        })
    }

    /// A term that is evaluated after a body: what may be undefined, or have many values, becomes a statement of it.
    pub fn evaluated(&mut self, term: &Term, block: &mut Block) -> Expr {
        let expr = self.term(term, block, term.span);
        if has_reference(&expr) { self.bind(expr, block, term.span) } else { expr }
    }

    fn pieces(&mut self, pieces: &[ast::Piece]) -> Vec<Piece> {
        let mut lowered = Vec::with_capacity(pieces.len());
        for piece in pieces {
            lowered.push(match piece {
                ast::Piece::Text(text) => Piece::Text(text.clone()),
                ast::Piece::Value(term, withs) => self.scoped(Default::default(), |lower| {
                    let mut block = Block::new();
                    let mut inner = Block::new();
                    let withs = lower.withs(withs, &mut block, term.span);
                    let mut value = lower.term(term, &mut inner, term.span);
                    if !withs.is_empty() {
                        value = lower.bind(value, &mut inner, term.span);
                    }
                    super::withs::under(&withs, inner, &mut block);
                    Piece::Value(block, value)
                }),
            });
        }
        lowered
    }
}

fn constants<'a>(parts: impl IntoIterator<Item = &'a Expr>) -> Option<Vec<Value>> {
    let constant = |part: &Expr| match &part.kind {
        ExprKind::Constant(value) => Some(value.clone()),
        _ => None,
    };
    parts.into_iter().map(constant).collect()
}

/// An array; a constant if its items are.
pub fn array(parts: Vec<Expr>) -> ExprKind {
    constants(&parts).map_or(ExprKind::Array(parts), |values| ExprKind::Constant(Value::array(values)))
}

fn set(parts: Vec<Expr>) -> ExprKind {
    constants(&parts).map_or(ExprKind::Set(parts), |values| ExprKind::Constant(Value::set(values)))
}

/// An object; a constant if its members are.
pub fn object(members: Vec<(Expr, Expr)>) -> ExprKind {
    let keys = constants(members.iter().map(|(key, _)| key));
    let values = constants(members.iter().map(|(_, value)| value));
    match (keys, values) {
        (Some(keys), Some(values)) => ExprKind::Constant(Value::object(keys.into_iter().zip(values).collect())),
        _ => ExprKind::Object(members),
    }
}
