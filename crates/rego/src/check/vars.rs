//! Which locals an expression or a statement names, and where: outside closures, or within one. A closure is a body of
//! its own: what it binds is not seen outside.

use std::collections::HashSet;

use crate::resolved::{Block, Expr, ExprKind, Piece, StandIn, Statement, StatementKind};
use crate::source::Span;

/// Some locals, by number: a bit for each.
#[derive(Clone, Debug, Default)]
pub struct Locals(Vec<u64>);

impl Locals {
    /// Whether it is among them.
    pub fn has(&self, local: u32) -> bool {
        let (word, bit) = place(local);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Adds one.
    pub fn add(&mut self, local: u32) {
        let (word, bit) = place(local);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= bit;
        }
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..64 * self.0.len() as u32).filter(|local| self.has(*local))
    }

    /// Those that are not among others.
    pub fn without(&self, others: &Locals) -> Locals {
        let words = self.0.iter().enumerate();
        Locals(words.map(|(word, bits)| bits & !others.0.get(word).copied().unwrap_or_default()).collect())
    }
}

fn place(local: u32) -> (usize, u64) {
    (usize::try_from(local / 64).unwrap_or_default(), 1 << (local % 64))
}

/// What is done with a local: its number, where it stands, and whether it stands within a closure.
pub type Visit<'a> = dyn FnMut(u32, Span, bool) + 'a;

/// What makes a closure of an operand.
#[derive(Debug, Default)]
pub struct Closures {
    /// Whether `not` is one.
    pub not: bool,
    /// The first statements of operands of `not`, `and` and `or` without braces: what these name must have a value
    /// outside, but for the locals that no one wrote.
    pub open: HashSet<Span>,
    /// The locals that no one wrote.
    pub unwritten: Locals,
}

impl Closures {
    /// Visits the locals of an expression.
    pub fn expr(&self, expr: &Expr, inside: bool, visit: &mut Visit<'_>) {
        match &expr.kind {
            ExprKind::Constant(_) | ExprKind::Input | ExprKind::Data => {}
            ExprKind::Local(local) => visit(*local, expr.span, inside),
            ExprKind::Reference(head, keys) => {
                self.expr(head, inside, visit);
                keys.iter().for_each(|key| self.expr(key, inside, visit));
            }
            ExprKind::Array(parts) | ExprKind::Set(parts) | ExprKind::Call(_, parts) => {
                parts.iter().for_each(|part| self.expr(part, inside, visit));
            }
            ExprKind::Object(members) => {
                for (key, value) in members {
                    self.expr(key, inside, visit);
                    self.expr(value, inside, visit);
                }
            }
            ExprKind::ArrayOf(term, body) | ExprKind::SetOf(term, body) => {
                self.expr(term, true, visit);
                self.block(body, true, visit);
            }
            ExprKind::ObjectOf(member, body) => {
                self.expr(&member.0, true, visit);
                self.expr(&member.1, true, visit);
                self.block(body, true, visit);
            }
            ExprKind::Template(pieces) => {
                for piece in pieces {
                    if let Piece::Value(body, value) = piece {
                        self.block(body, true, visit);
                        self.expr(value, true, visit);
                    }
                }
            }
        }
    }

    /// Visits the locals of statements.
    pub fn block(&self, block: &Block, inside: bool, visit: &mut Visit<'_>) {
        for part in block {
            self.statement(part, inside, visit);
        }
    }

    /// Visits the locals of a statement.
    pub fn statement(&self, statement: &Statement, inside: bool, visit: &mut Visit<'_>) {
        match &statement.kind {
            StatementKind::Test(term) => self.expr(term, inside, visit),
            StatementKind::Unify(left, right) => {
                self.expr(left, inside, visit);
                self.expr(right, inside, visit);
            }
            StatementKind::Each { key, value, domain } => {
                key.iter().for_each(|key| self.expr(key, inside, visit));
                self.expr(value, inside, visit);
                self.expr(domain, inside, visit);
            }
            StatementKind::Every { key, value, domain, block } => {
                self.expr(domain, inside, visit);
                key.iter().for_each(|key| self.expr(key, true, visit));
                self.expr(value, true, visit);
                self.block(block, true, visit);
            }
            StatementKind::Not(block) if !self.not => self.block(block, inside, visit),
            StatementKind::Not(block) => self.operand(block, inside, visit),
            StatementKind::Or(blocks) => blocks.iter().for_each(|block| self.operand(block, inside, visit)),
            StatementKind::With(withs, block) => {
                for with in withs {
                    if let StandIn::Value(value) = &with.value {
                        self.expr(value, inside, visit);
                    }
                }
                self.block(block, inside, visit);
            }
        }
    }

    fn operand(&self, block: &Block, inside: bool, visit: &mut Visit<'_>) {
        if block.first().is_some_and(|first| self.open.contains(&first.span)) {
            self.block(block, inside, &mut |local, span, closure| {
                visit(local, span, closure || inside || self.unwritten.has(local));
            });
        } else {
            self.block(block, true, visit);
        }
    }
}

/// Visits the locals of an expression outside closures.
pub fn outside(expr: &Expr, visit: &mut dyn FnMut(u32)) {
    Closures::default().expr(expr, false, &mut |local, _, inside| {
        if !inside {
            visit(local);
        }
    });
}

/// Whether all locals outside closures are among some.
pub fn within(term: &Expr, locals: &Locals) -> bool {
    let mut all = true;
    outside(term, &mut |local| all &= locals.has(local));
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
