//! What is bound before a statement: references whose keys have no value yet and that stand within something else, keys
//! that are patterns, and, by default, what stands in a `not` as an argument.

use super::scope::Lower;
use super::vars::{Locals, outside, within};
use crate::resolved::{Block, Expr, ExprKind, Function, Statement, StatementKind, With};
use crate::source::Span;

impl Lower<'_> {
    /// Adds a statement, and before it what it must find bound.
    #[inline(never)]
    pub fn settle(&mut self, statement: Statement, bound: &Locals, out: &mut Block) {
        let mut bound = bound.clone();
        let mut block = Block::new();
        match statement.kind {
            StatementKind::With(withs, inner) => {
                for statement in inner {
                    self.settled(statement, &mut bound, &mut block);
                }
                add_with(withs, block, statement.span, out);
            }
            kind => {
                self.settled(Statement { kind, ..statement }, &mut bound, &mut block);
                out.append(&mut block);
            }
        }
    }

    fn settled(&mut self, statement: Statement, bound: &mut Locals, out: &mut Block) {
        let span = statement.span;
        let mut after = Block::new();
        let kind = match statement.kind {
            StatementKind::Test(mut expr) => match self.as_equality(&mut expr) {
                Some((mut left, mut right)) => {
                    self.top(&mut left, bound, out, &mut after, span);
                    self.top(&mut right, bound, out, &mut after, span);
                    StatementKind::Unify(left, right)
                }
                None => {
                    self.top(&mut expr, bound, out, &mut after, span);
                    StatementKind::Test(expr)
                }
            },
            StatementKind::Unify(mut left, mut right) => {
                self.top(&mut left, bound, out, &mut after, span);
                self.top(&mut right, bound, out, &mut after, span);
                StatementKind::Unify(left, right)
            }
            StatementKind::Each { key, value, mut domain } => {
                self.top(&mut domain, bound, out, &mut after, span);
                if !within(&domain, bound) {
                    domain = self.hoist(domain, bound, out, span);
                }
                StatementKind::Each { key, value, domain }
            }
            StatementKind::Not(block) if !self.closures.not => StatementKind::Not(self.not(block, out, span)),
            other => other,
        };
        out.push(Statement { kind, span });
        out.append(&mut after);
    }

    /// `a == b` as a statement of a rule is `a = b`.
    fn as_equality(&self, expr: &mut Expr) -> Option<(Expr, Expr)> {
        if self.names.query {
            return None;
        }
        let ExprKind::Call(Function::Builtin(name), arguments) = &mut expr.kind else { return None };
        if &**name != "equal" || arguments.len() != 2 {
            return None;
        }
        let right = arguments.pop()?;
        Some((arguments.pop()?, right))
    }

    /// An expression that is all of a statement, or one side of a unification.
    fn top(&mut self, expr: &mut Expr, bound: &mut Locals, before: &mut Block, after: &mut Block, span: Span) {
        match &mut expr.kind {
            ExprKind::Reference(_, keys) => {
                for key in keys {
                    self.key(key, bound, before, after, span);
                }
            }
            ExprKind::Array(parts) | ExprKind::Set(parts) | ExprKind::Call(_, parts) => {
                parts.iter_mut().for_each(|part| self.inner(part, bound, before, span));
            }
            ExprKind::Object(members) => {
                for (key, value) in members {
                    self.inner(key, bound, before, span);
                    self.inner(value, bound, before, span);
                }
            }
            _ => {}
        }
    }

    fn key(&mut self, key: &mut Expr, bound: &mut Locals, before: &mut Block, after: &mut Block, span: Span) {
        self.inner(key, bound, before, span);
        let pattern = matches!(key.kind, ExprKind::Array(_) | ExprKind::Object(_) | ExprKind::Set(_));
        if pattern && !within(key, bound) {
            let local = Expr { kind: ExprKind::Local(self.fresh()), span: key.span };
            let pattern = std::mem::replace(key, local.clone());
            outside(&pattern, &mut |local| bound.add(local));
            after.push(Statement { kind: StatementKind::Unify(pattern, local), span });
        }
    }

    /// An expression within another: a reference that is tried with keys stands before.
    fn inner(&mut self, expr: &mut Expr, bound: &mut Locals, before: &mut Block, span: Span) {
        if matches!(expr.kind, ExprKind::Reference(..)) {
            if !within(expr, bound) {
                let reference = std::mem::replace(expr, Expr { kind: ExprKind::Input, span: expr.span });
                *expr = self.hoist(reference, bound, before, span);
            }
            return;
        }
        match &mut expr.kind {
            ExprKind::Array(parts) | ExprKind::Set(parts) => {
                parts.iter_mut().for_each(|part| self.inner(part, bound, before, span));
            }
            ExprKind::Object(members) => {
                for (key, value) in members {
                    self.inner(key, bound, before, span);
                    self.inner(value, bound, before, span);
                }
            }
            _ => {}
        }
    }

    fn hoist(&mut self, mut reference: Expr, bound: &mut Locals, before: &mut Block, span: Span) -> Expr {
        let mut after = Block::new();
        self.top(&mut reference, bound, before, &mut after, span);
        outside(&reference, &mut |local| bound.add(local));
        let local = self.fresh();
        bound.add(local);
        let local = Expr { kind: ExprKind::Local(local), span: reference.span };
        before.push(Statement { kind: StatementKind::Unify(local.clone(), reference), span });
        before.append(&mut after);
        local
    }

    /// What stands in a `not` as an argument, or as a key, is bound before it.
    fn not(&mut self, block: Block, out: &mut Block, span: Span) -> Block {
        let first = out.len();
        let mut settled = Block::new();
        for mut statement in block {
            match &mut statement.kind {
                StatementKind::Test(expr) => match self.as_equality(expr) {
                    Some((mut left, mut right)) => {
                        self.not_side(&mut left, out, span);
                        self.not_side(&mut right, out, span);
                        statement.kind = StatementKind::Unify(left, right);
                    }
                    None => self.not_side(expr, out, span),
                },
                StatementKind::Unify(left, right) => {
                    self.not_side(left, out, span);
                    self.not_side(right, out, span);
                }
                _ => {}
            }
            settled.push(statement);
        }
        if out.len() > first {
            self.not_hoisted.push(span);
        }
        settled
    }

    fn not_side(&mut self, expr: &mut Expr, out: &mut Block, span: Span) {
        match &mut expr.kind {
            ExprKind::Reference(_, parts)
            | ExprKind::Array(parts)
            | ExprKind::Set(parts)
            | ExprKind::Call(_, parts) => {
                parts.iter_mut().for_each(|part| self.not_inner(part, out, span));
            }
            ExprKind::Object(members) => {
                for (key, value) in members {
                    self.not_inner(key, out, span);
                    self.not_inner(value, out, span);
                }
            }
            _ => {}
        }
    }

    fn not_inner(&mut self, expr: &mut Expr, out: &mut Block, span: Span) {
        self.not_side(expr, out, span);
        if matches!(&expr.kind, ExprKind::Reference(_, keys) if !keys.is_empty())
            || matches!(expr.kind, ExprKind::Call(..))
        {
            let reference = std::mem::replace(expr, Expr { kind: ExprKind::Input, span: expr.span });
            *expr = self.bind(reference, out, span);
        }
    }
}

/// Statements that stand in a row under the same stand-ins share them.
fn add_with(withs: Vec<With>, block: Block, span: Span, out: &mut Block) {
    let same = |others: &[With]| others.iter().map(|with| with.span).eq(withs.iter().map(|with| with.span));
    match out.last_mut() {
        Some(Statement { kind: StatementKind::With(others, last), .. }) if same(others) => return last.extend(block),
        _ => {}
    }
    out.push(Statement { kind: StatementKind::With(withs, block), span });
}
