//! Expressions. Each gives its value in a register or as a constant, or fails.

use super::block::comparison;
use super::document::Builder;
use super::{Arg, Call, Callee, Collection, Kind, Op, Reg};
use crate::resolved::{Block, Expr, ExprKind, Function, Piece};
use crate::value::Value;

impl Builder<'_> {
    /// Where the value is.
    pub fn expr(&mut self, expr: &Expr) -> Arg {
        match &expr.kind {
            ExprKind::Constant(value) => self.constant(value.clone()),
            ExprKind::Local(number) => {
                self.speak_of(*number);
                self.scope.local(*number).into()
            }
            _ => {
                let to = self.temporary();
                self.expr_to(expr, to);
                to.into()
            }
        }
    }

    /// The value, in this register.
    pub fn expr_to(&mut self, expr: &Expr, to: Reg) {
        let around = self.spanned(expr.span);
        match &expr.kind {
            ExprKind::Constant(_) | ExprKind::Local(_) => {
                let from = self.expr(expr);
                self.emit(Op::Move { to, from });
            }
            ExprKind::Input => {
                self.emit(Op::Input { to });
            }
            ExprKind::Data => {
                self.emit(Op::Document { to, document: 0 });
            }
            ExprKind::Reference(base, keys) => self.reference(base, keys, to),
            ExprKind::Array(items) => {
                let (list, count) = self.all(items.iter());
                self.emit(Op::Array { to, list, count });
            }
            ExprKind::Set(items) => {
                let (list, count) = self.all(items.iter());
                self.emit(Op::Set { to, list, count });
            }
            ExprKind::Object(members) => {
                let (list, count) = self.all(members.iter().flat_map(|(key, value)| [key, value]));
                self.emit(Op::Object { to, list, count: count / 2 });
            }
            ExprKind::ArrayOf(head, block) => self.collection(Collection::Array, head, None, block, to),
            ExprKind::SetOf(head, block) => self.collection(Collection::Set, head, None, block, to),
            ExprKind::ObjectOf(head, block) => self.collection(Collection::Object, &head.1, Some(&head.0), block, to),
            ExprKind::Call(function, args) => self.call(function, args, to),
            ExprKind::Template(pieces) => self.template(pieces, to),
        }
        self.spanned(around);
    }

    fn all<'e>(&mut self, exprs: impl Iterator<Item = &'e Expr>) -> (u32, u32) {
        let args: Vec<Arg> = exprs.map(|expr| self.expr(expr)).collect();
        self.list(&args)
    }

    fn collection(&mut self, what: Collection, value: &Expr, key: Option<&Expr>, block: &Block, to: Reg) {
        self.emit(Op::Open { what });
        let barrier = self.emit(Op::Fail);
        self.inner(|builder| {
            builder.block(block);
            let key = key.map(|key| builder.expr(key));
            let value = builder.expr(value);
            builder.emit(Op::Push { what, key: key.unwrap_or(value), value });
        });
        self.resume_here(barrier);
        self.emit(Op::Close { what, to });
    }

    /// The set of all values that the expression has after the block; empty if it has none.
    pub fn values_of(&mut self, block: &Block, expr: &Expr) -> Arg {
        let to = self.temporary();
        self.collection(Collection::Set, expr, None, block, to);
        to.into()
    }

    fn template(&mut self, pieces: &[Piece], to: Reg) {
        let args: Vec<Arg> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => self.constant(Value::String(text.clone())),
                Piece::Value(block, expr) => self.values_of(block, expr),
            })
            .collect();
        let (list, count) = self.list(&args);
        let parts = self.temporary();
        self.emit(Op::Array { to: parts, list, count });
        let callee = self.callee(&Function::Builtin("internal.template_string".into()));
        self.emit_call(callee, &[parts.into()], to);
    }

    fn call(&mut self, function: &Function, args: &[Expr], to: Reg) {
        if let (Function::Builtin(name), [left, right]) = (function, args)
            && let Some(what) = comparison(name)
        {
            let (left, right) = (self.expr(left), self.expr(right));
            self.emit(Op::Compare { what, to, left, right });
            return;
        }
        if let (Function::Builtin(name), [of]) = (function, args)
            && &**name == "walk"
        {
            let from = self.expr(of);
            let (path, value) = (self.temporary(), self.temporary());
            self.emit(Op::Walk { from, path, value });
            let (list, count) = self.list(&[path.into(), value.into()]);
            self.emit(Op::Array { to, list, count });
            return;
        }
        let args: Vec<Arg> = args.iter().map(|arg| self.expr(arg)).collect();
        let callee = self.callee(function);
        self.emit_call(callee, &args, to);
    }

    fn emit_call(&mut self, callee: Callee, args: &[Arg], to: Reg) {
        let (list, count) = self.list(args);
        let call = self.program.calls.len() as u32;
        self.program.calls.push(Call { callee, list, count });
        self.emit(match callee {
            Callee::Builtin(_) => Op::Builtin { to, call },
            Callee::Document(_) => Op::Call { to, call },
        });
    }

    fn reference(&mut self, base: &Expr, keys: &[Expr], to: Reg) {
        match &base.kind {
            ExprKind::Input => {
                let (path, rest) = constants(keys);
                let first = if rest.is_empty() { to } else { self.temporary() };
                if path.is_empty() {
                    self.emit(Op::Input { to: first });
                } else {
                    let path = self.path(path);
                    self.emit(Op::InputPath { to: first, path });
                }
                self.keys(first.into(), rest, to);
            }
            ExprKind::Data => self.data(keys, to),
            _ => {
                let from = self.expr(base);
                self.keys(from, keys, to);
            }
        }
    }

    /// What is below a value that is at hand.
    fn keys(&mut self, mut from: Arg, mut keys: &[Expr], to: Reg) {
        if keys.is_empty() && from != Arg::from(to) {
            self.emit(Op::Move { to, from });
        }
        while let Some((key, after)) = keys.split_first() {
            let (path, rest) = constants(keys);
            if path.len() > 1 {
                let next = if rest.is_empty() { to } else { self.temporary() };
                let path = self.path(path);
                self.emit(Op::Path { to: next, from, path });
                (from, keys) = (next.into(), rest);
                continue;
            }
            let next = if after.is_empty() { to } else { self.temporary() };
            if self.is_pattern(key) {
                let register = self.place_for(Some(key));
                self.emit(Op::Scan { from, key: register, value: next });
                self.settle(key, register);
            } else {
                let key = self.expr(key);
                self.emit(Op::Get { to: next, from, key });
            }
            (from, keys) = (next.into(), after);
        }
    }

    /// A reference below `data`: through packages, then into a document or into plain data.
    fn data(&mut self, keys: &[Expr], to: Reg) {
        let mut document = 0;
        let mut taken = 0;
        for key in keys {
            let Some(at) = self.program.document_at(document) else { break };
            if at.kind != Kind::Package {
                break;
            }
            let ExprKind::Constant(name) = &key.kind else {
                return self.packages(document, keys.get(taken..).unwrap_or_default(), to);
            };
            let Some(below) = name.as_str().and_then(|name| at.below.get(name)) else {
                let (path, rest) = constants(keys);
                let path = self.path(path);
                let first = if rest.is_empty() { to } else { self.temporary() };
                self.emit(Op::Base { to: first, path });
                return self.keys(first.into(), rest, to);
            };
            document = *below;
            taken += 1;
        }
        let rest = keys.get(taken..).unwrap_or_default();
        let first = if rest.is_empty() { to } else { self.temporary() };
        self.emit(Op::Document { to: first, document });
        self.keys(first.into(), rest, to);
    }

    /// A reference below a package by keys that are known only when it runs.
    fn packages(&mut self, document: u32, keys: &[Expr], to: Reg) {
        let mut place = self.pair();
        self.emit(Op::Place { to: place, document });
        for key in keys {
            let next = self.pair();
            let key = if self.is_pattern(key) {
                let register = self.place_for(Some(key));
                self.emit(Op::Keys { from: place, key: register });
                self.settle(key, register);
                register.into()
            } else {
                self.expr(key)
            };
            self.emit(Op::Enter { to: next, from: place, key });
            place = next;
        }
        self.emit(Op::Whole { to, from: place });
    }

    fn pair(&mut self) -> Reg {
        let first = self.temporary();
        self.temporary();
        first
    }
}

/// The constants that keys begin with, and the keys after them.
fn constants(keys: &[Expr]) -> (Vec<Value>, &[Expr]) {
    let constant = |key: &Expr| match &key.kind {
        ExprKind::Constant(value) => Some(value.clone()),
        _ => None,
    };
    let path: Vec<Value> = keys.iter().map_while(constant).collect();
    let rest = keys.get(path.len()..).unwrap_or_default();
    (path, rest)
}
