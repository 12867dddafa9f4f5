//! Which locals an expression or a statement names, and where: outside closures, or within one. A closure is a body of
//! its own: what it binds is not seen outside.

use crate::resolved::{Block, Expr, ExprKind, Piece, StandIn, Statement, StatementKind};
use crate::source::Span;

/// Some locals, by number.
#[derive(Clone, Debug, Default)]
pub struct Locals(Vec<bool>);

impl Locals {
    /// Whether it is among them.
    pub fn has(&self, local: u32) -> bool {
        usize::try_from(local).ok().and_then(|index| self.0.get(index)).copied().unwrap_or(false)
    }

    /// Adds one.
    pub fn add(&mut self, local: u32) {
        let Ok(index) = usize::try_from(local) else { return };
        if self.0.len() <= index {
            self.0.resize(index + 1, false);
        }
        if let Some(bit) = self.0.get_mut(index) {
            *bit = true;
        }
    }
}

/// What is done with a local: its number, where it stands, and whether it stands within a closure.
pub type Visit<'a> = dyn FnMut(u32, Span, bool) + 'a;

/// Visits the locals of an expression. `closure_not` says whether `not` is a closure.
pub fn expr(expr: &Expr, inside: bool, closure_not: bool, visit: &mut Visit<'_>) {
    let mut go = |part: &Expr| self::expr(part, inside, closure_not, visit);
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Input | ExprKind::Data => {}
        ExprKind::Local(local) => visit(*local, expr.span, inside),
        ExprKind::Reference(head, keys) => {
            go(head);
            keys.iter().for_each(go);
        }
        ExprKind::Array(parts) | ExprKind::Set(parts) | ExprKind::Call(_, parts) => parts.iter().for_each(go),
        ExprKind::Object(members) => members.iter().for_each(|(key, value)| {
            go(key);
            go(value);
        }),
        ExprKind::ArrayOf(term, body) | ExprKind::SetOf(term, body) => {
            self::expr(term, true, closure_not, visit);
            block(body, true, closure_not, visit);
        }
        ExprKind::ObjectOf(member, body) => {
            self::expr(&member.0, true, closure_not, visit);
            self::expr(&member.1, true, closure_not, visit);
            block(body, true, closure_not, visit);
        }
        ExprKind::Template(pieces) => {
            for piece in pieces {
                if let Piece::Value(body, value) = piece {
                    block(body, true, closure_not, visit);
                    self::expr(value, true, closure_not, visit);
                }
            }
        }
    }
}

/// Visits the locals of statements.
pub fn block(block: &Block, inside: bool, closure_not: bool, visit: &mut Visit<'_>) {
    for part in block {
        statement(part, inside, closure_not, visit);
    }
}

/// Visits the locals of a statement.
pub fn statement(statement: &Statement, inside: bool, closure_not: bool, visit: &mut Visit<'_>) {
    match &statement.kind {
        StatementKind::Test(term) => expr(term, inside, closure_not, visit),
        StatementKind::Unify(left, right) => {
            expr(left, inside, closure_not, visit);
            expr(right, inside, closure_not, visit);
        }
        StatementKind::Each { key, value, domain } => {
            key.iter().for_each(|key| expr(key, inside, closure_not, visit));
            expr(value, inside, closure_not, visit);
            expr(domain, inside, closure_not, visit);
        }
        StatementKind::Every { key, value, domain, block } => {
            expr(domain, inside, closure_not, visit);
            key.iter().for_each(|key| expr(key, true, closure_not, visit));
            expr(value, true, closure_not, visit);
            self::block(block, true, closure_not, visit);
        }
        StatementKind::Not(block) => self::block(block, inside || closure_not, closure_not, visit),
        StatementKind::Or(blocks) => blocks.iter().for_each(|block| self::block(block, true, closure_not, visit)),
        StatementKind::With(withs, block) => {
            for with in withs {
                if let StandIn::Value(value) = &with.value {
                    expr(value, inside, closure_not, visit);
                }
            }
            self::block(block, inside, closure_not, visit);
        }
    }
}

/// Whether all locals outside closures are among some.
pub fn within(term: &Expr, locals: &Locals) -> bool {
    let mut all = true;
    expr(term, false, false, &mut |local, _, inside| all &= inside || locals.has(local));
    all
}

/// Whether a reference stands in it, outside closures.
pub fn has_reference(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Reference(..) | ExprKind::Input | ExprKind::Data => true,
        ExprKind::Array(parts) | ExprKind::Set(parts) | ExprKind::Call(_, parts) => parts.iter().any(has_reference),
        ExprKind::Object(members) => members.iter().any(|(key, value)| has_reference(key) || has_reference(value)),
        _ => false,
    }
}
