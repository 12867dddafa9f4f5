//! Patterns: expressions with locals that get a value where they stand.

use std::collections::VecDeque;

use super::document::Builder;
use super::{Arg, Op, Reg};
use crate::resolved::{Expr, ExprKind, Function};
use crate::value::Value;

impl Builder<'_> {
    /// Whether a local in it still has to get a value.
    pub fn is_pattern(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Local(number) => !self.scope.is_bound(*number),
            ExprKind::Array(items) => items.iter().any(|item| self.is_pattern(item)),
            ExprKind::Object(members) => members.iter().any(|(_, value)| self.is_pattern(value)),
            _ => false,
        }
    }

    /// The register that a value for this pattern goes to: a local's own, if the pattern is one without a value.
    pub fn place_for(&mut self, pattern: Option<&Expr>) -> Reg {
        match pattern.map(|pattern| &pattern.kind) {
            None => Reg::NONE,
            Some(ExprKind::Local(number)) if !self.scope.is_bound(*number) => {
                let (number, register) = (*number, self.scope.local(*number));
                self.scope.bind(number);
                register
            }
            Some(_) => self.temporary(),
        }
    }

    /// After a value came to the place that [`Builder::place_for`] gave.
    pub fn settle(&mut self, pattern: &Expr, register: Reg) {
        let own = matches!(pattern.kind, ExprKind::Local(number) if self.scope.local(number) == register);
        if !own {
            self.take_apart(pattern, register.into());
        }
    }

    /// Gives the pattern's locals their values from a value, which must be like it.
    pub fn take_apart(&mut self, pattern: &Expr, from: Arg) {
        match &pattern.kind {
            ExprKind::Local(number) if !self.scope.is_bound(*number) => {
                let to = self.scope.local(*number);
                self.emit(Op::Move { to, from });
                self.scope.bind(*number);
            }
            ExprKind::Array(items) if self.is_pattern(pattern) => {
                self.emit(Op::IsArray { of: from, count: items.len() as u32 });
                let mut places = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let to = self.place_for(Some(item));
                    self.emit(Op::Item { to, from, index: index as u32 });
                    places.push((item, to));
                }
                for (item, place) in places {
                    self.settle(item, place);
                }
            }
            ExprKind::Object(members) if self.is_pattern(pattern) => {
                self.emit(Op::IsObject { of: from, count: members.len() as u32 });
                let mut places = Vec::new();
                for (key, value) in members {
                    let key = self.expr(key);
                    let to = self.place_for(Some(value));
                    self.emit(Op::Get { to, from, key });
                    places.push((value, to));
                }
                for (value, place) in places {
                    self.settle(value, place);
                }
            }
            _ => {
                let arg = self.expr(pattern);
                self.emit(Op::Same { left: from, right: arg });
            }
        }
    }

    /// Both are the same value.
    pub fn unify(&mut self, left: &Expr, right: &Expr) {
        let mut pairs = VecDeque::from([(left, right)]);
        // Pairs whose sides both wait for a value wait until another pair gave one; so many of them in a row, and
        // none will.
        let mut waiting = 0;
        while let Some((left, right)) = pairs.pop_front() {
            let patterns = (self.is_pattern(left), self.is_pattern(right));
            match (&left.kind, &right.kind) {
                (ExprKind::Array(lefts), ExprKind::Array(rights)) if patterns != (false, false) => {
                    if lefts.len() != rights.len() {
                        self.emit(Op::Fail);
                        return;
                    }
                    pairs.extend(lefts.iter().zip(rights));
                    waiting = 0;
                    continue;
                }
                (ExprKind::Object(lefts), ExprKind::Object(rights)) if patterns == (true, true) => {
                    let Some(found) = same_keys(lefts, rights) else {
                        self.emit(Op::Fail);
                        return;
                    };
                    pairs.extend(found);
                    waiting = 0;
                    continue;
                }
                _ => {}
            }
            match patterns {
                (true, true) if waiting <= pairs.len() => {
                    waiting += 1;
                    pairs.push_back((left, right));
                    continue;
                }
                (true, _) => self.give(left, right),
                (_, true) => self.give(right, left),
                _ => {
                    let (left, right) = (self.expr(left), self.expr(right));
                    self.emit(Op::Same { left, right });
                }
            }
            waiting = 0;
        }
    }

    /// The pattern gets the value of the expression.
    fn give(&mut self, pattern: &Expr, value: &Expr) {
        if let ExprKind::Call(Function::Builtin(name), args) = &value.kind
            && &**name == "walk"
            && let ([of], ExprKind::Array(items)) = (args.as_slice(), &pattern.kind)
            && let [path, value] = items.as_slice()
        {
            return self.walk(of, path, value);
        }
        match &pattern.kind {
            ExprKind::Local(number) if !speaks_of(value, *number) => {
                let to = self.scope.local(*number);
                self.expr_to(value, to);
                self.scope.bind(*number);
            }
            // The value itself may give the pattern's locals their values: `x = xs[x]`.
            _ => {
                let from = self.expr(value);
                self.take_apart(pattern, from);
            }
        }
    }

    fn walk(&mut self, of: &Expr, path: &Expr, value: &Expr) {
        let from = self.expr(of);
        let unwanted = matches!(path.kind, ExprKind::Local(number)
            if !self.scope.is_bound(number) && self.scope.names.get(number as usize).is_some_and(|name| &**name == "_"));
        let path_register = if unwanted { Reg::NONE } else { self.place_for(Some(path)) };
        let value_register = self.place_for(Some(value));
        self.emit(Op::Walk { from, path: path_register, value: value_register });
        if !unwanted {
            self.settle(path, path_register);
        }
        self.settle(value, value_register);
    }
}

/// Whether the local stands in the expression, but for comprehensions.
fn speaks_of(expr: &Expr, local: u32) -> bool {
    let any = |exprs: &[Expr]| exprs.iter().any(|expr| speaks_of(expr, local));
    match &expr.kind {
        ExprKind::Local(number) => *number == local,
        ExprKind::Reference(base, keys) => speaks_of(base, local) || any(keys),
        ExprKind::Array(items) | ExprKind::Set(items) | ExprKind::Call(_, items) => any(items),
        ExprKind::Object(members) => {
            members.iter().any(|(key, value)| speaks_of(key, local) || speaks_of(value, local))
        }
        _ => false,
    }
}

/// The values of two objects that stand at the same keys, if all do. Keys are constants.
fn same_keys<'a>(lefts: &'a [(Expr, Expr)], rights: &'a [(Expr, Expr)]) -> Option<Vec<(&'a Expr, &'a Expr)>> {
    let constant = |expr: &'a Expr| match &expr.kind {
        ExprKind::Constant(value) => Some(value),
        _ => None,
    };
    let find = |wanted: &Value| {
        rights.iter().find(|(key, _)| constant(key).is_some_and(|key| key == wanted)).map(|(_, value)| value)
    };
    if lefts.len() != rights.len() {
        return None;
    }
    lefts.iter().map(|(key, left)| Some((left, find(constant(key)?)?))).collect()
}
