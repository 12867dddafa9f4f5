//! Which locals a statement binds, as far as it is clear from what is bound already: the rules of OPA's safety.

use super::vars::{Locals, outside};
use crate::resolved::{Expr, ExprKind, StandIn, Statement, StatementKind};

/// What a statement would bind now. Nothing if what it takes as an argument is missing.
pub fn given_by(statement: &Statement, bound: &Locals) -> Locals {
    let mut gives = Locals::default();
    match &statement.kind {
        StatementKind::Test(expr) => references(expr, bound, &mut gives),
        StatementKind::Unify(left, right) => {
            references(left, bound, &mut gives);
            references(right, bound, &mut gives);
            match (&left.kind, &right.kind) {
                (_, ExprKind::Call(..)) => call(right, left, bound, &mut gives),
                (ExprKind::Call(..), _) => call(left, right, bound, &mut gives),
                _ => while_more(&mut gives, |gives| unify(left, right, bound, gives)),
            }
        }
        StatementKind::Each { key, value, domain } => {
            references(domain, bound, &mut gives);
            if known(domain, bound) {
                key.iter().for_each(|key| pattern(key, &mut gives));
                pattern(value, &mut gives);
            }
        }
        StatementKind::Every { domain, .. } => references(domain, bound, &mut gives),
        StatementKind::Not(_) | StatementKind::Or(_) => {}
        StatementKind::With(withs, block) => {
            let mut ready = true;
            for with in withs {
                if let StandIn::Value(value) = &with.value {
                    outside(value, &mut |local| ready &= bound.has(local));
                }
            }
            if let Some(statement) = block.first().filter(|_| ready) {
                return given_by(statement, bound);
            }
        }
    }
    gives
}

/// The keys that references can be tried with.
fn references(expr: &Expr, bound: &Locals, gives: &mut Locals) {
    match &expr.kind {
        ExprKind::Reference(head, keys) if known(head, bound) => {
            for key in keys {
                key_locals(key, gives);
                references(key, bound, gives);
            }
        }
        ExprKind::Array(parts) | ExprKind::Set(parts) | ExprKind::Call(_, parts) => {
            parts.iter().for_each(|part| references(part, bound, gives));
        }
        ExprKind::Object(members) => {
            for (key, value) in members {
                references(key, bound, gives);
                references(value, bound, gives);
            }
        }
        _ => {}
    }
}

/// Whether what a reference begins with has a value.
fn known(head: &Expr, bound: &Locals) -> bool {
    match &head.kind {
        ExprKind::Reference(head, _) => known(head, bound),
        _ => super::vars::within(head, bound),
    }
}

fn key_locals(key: &Expr, gives: &mut Locals) {
    match &key.kind {
        ExprKind::Reference(_, keys) => keys.iter().for_each(|key| key_locals(key, gives)),
        ExprKind::Local(local) => {
            gives.add(*local);
        }
        ExprKind::Array(parts) | ExprKind::Set(parts) => parts.iter().for_each(|part| key_locals(part, gives)),
        ExprKind::Object(members) => {
            for (key, value) in members {
                key_locals(key, gives);
                key_locals(value, gives);
            }
        }
        _ => {}
    }
}

/// The locals that a pattern binds when it is unified with a value.
fn pattern(expr: &Expr, gives: &mut Locals) {
    match &expr.kind {
        ExprKind::Local(local) => {
            gives.add(*local);
        }
        ExprKind::Array(parts) => parts.iter().for_each(|part| pattern(part, gives)),
        ExprKind::Object(members) => members.iter().for_each(|(_, value)| pattern(value, gives)),
        ExprKind::Reference(_, keys) => keys.iter().for_each(|key| key_locals(key, gives)),
        _ => {}
    }
}

/// `output = f(x)`.
fn call(call: &Expr, output: &Expr, bound: &Locals, gives: &mut Locals) {
    let mut ready = true;
    outside(call, &mut |local| ready &= bound.has(local) || gives.has(local));
    if ready {
        pattern(output, gives);
    } else {
        *gives = Locals::default();
    }
}

fn while_more(gives: &mut Locals, mut step: impl FnMut(&mut Locals)) {
    loop {
        let before = gives.count();
        step(gives);
        if gives.count() == before {
            return;
        }
    }
}

/// What a unification binds, as far as it is clear at once.
fn unify(left: &Expr, right: &Expr, bound: &Locals, gives: &mut Locals) {
    let has = |local: u32, gives: &Locals| bound.has(local) || gives.has(local);
    match (&left.kind, &right.kind) {
        (ExprKind::Local(one), ExprKind::Local(other)) => {
            if has(*one, gives) {
                gives.add(*other);
            } else if has(*other, gives) {
                gives.add(*one);
            }
        }
        (ExprKind::Local(local), ExprKind::Array(_) | ExprKind::Object(_)) => composite(*local, right, bound, gives),
        (ExprKind::Array(_) | ExprKind::Object(_), ExprKind::Local(local)) => composite(*local, left, bound, gives),
        (ExprKind::Array(lefts), ExprKind::Array(rights)) if lefts.len() == rights.len() => {
            lefts.iter().zip(rights).for_each(|(left, right)| unify(left, right, bound, gives));
        }
        (ExprKind::Object(_) | ExprKind::Array(_), ExprKind::Object(_) | ExprKind::Array(_)) => {}
        (_, ExprKind::Reference(..)) if !known(right, bound) => {}
        (ExprKind::Reference(..), _) if !known(left, bound) => {}
        (ExprKind::Local(_) | ExprKind::Array(_) | ExprKind::Object(_), _) => pattern(left, gives),
        (_, ExprKind::Local(_) | ExprKind::Array(_) | ExprKind::Object(_)) => pattern(right, gives),
        _ => {}
    }
}

fn composite(local: u32, expr: &Expr, bound: &Locals, gives: &mut Locals) {
    if bound.has(local) || gives.has(local) {
        pattern(expr, gives);
    } else {
        let mut all = Locals::default();
        pattern(expr, &mut all);
        if all.iter().all(|local| bound.has(local) || gives.has(local)) {
            gives.add(local);
        }
    }
}
