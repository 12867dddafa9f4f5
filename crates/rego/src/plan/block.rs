//! Statements.

use super::document::Builder;
use super::{Arg, Comparison, Op, Part, StandIn, Target, With};
use crate::resolved::{self, Block, Expr, ExprKind, Function, StatementKind};
use crate::value::Value;

impl Builder<'_> {
    /// Statements that must all hold.
    pub fn block(&mut self, block: &Block) {
        for statement in block {
            self.spanned(statement.span);
            let number = self.begin(Part::Statement, statement.span);
            self.statement(&statement.kind);
            self.spanned(statement.span);
            self.end(number);
        }
    }

    fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Test(expr) => self.test(expr),
            StatementKind::Unify(left, right) => self.unify(left, right),
            StatementKind::Each { key, value, domain } => {
                let from = self.expr(domain);
                self.scan(from, key.as_ref(), Some(value));
            }
            StatementKind::Every { key, value, domain, block } => self.every(key.as_ref(), value, domain, block),
            StatementKind::Not(block) => {
                let mark = self.temporary();
                let at = self.emit(Op::Fail);
                self.inner(|builder| builder.block(block));
                self.emit(Op::Cut { mark });
                self.emit(Op::Fail);
                let resume = self.here();
                self.set(at, Op::Mark { mark, resume });
            }
            StatementKind::Or(blocks) => self.or(blocks),
            StatementKind::With(withs, block) => self.with(withs, block),
        }
    }

    /// What is bound in it is not bound after it.
    pub fn inner<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let bound = self.scope.bound.clone();
        let made = make(self);
        self.scope.bound = bound;
        made
    }

    fn test(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Constant(Value::Boolean(false)) => {
                self.emit(Op::Fail);
            }
            ExprKind::Constant(_) => {}
            ExprKind::Call(Function::Builtin(name), args) => match (comparison(name), args.as_slice()) {
                (Some(what), [left, right]) => {
                    let (left, right) = (self.expr(left), self.expr(right));
                    self.emit(Op::Holds { what, left, right });
                }
                _ if matches!(&**name, "print" | "internal.print") => self.print(args),
                _ => self.test_value(expr),
            },
            _ => self.test_value(expr),
        }
    }

    fn test_value(&mut self, expr: &Expr) {
        let of = self.expr(expr);
        self.emit(Op::Test { of });
    }

    fn print(&mut self, args: &[Expr]) {
        let at = self.emit(Op::Fail);
        // Each argument is the set of its values: what is undefined hides nothing.
        let args: Vec<Arg> = match args {
            [Expr { kind: ExprKind::Constant(Value::Array(sets)), .. }] => {
                sets.items().iter().map(|set| self.constant(set.clone())).collect()
            }
            [Expr { kind: ExprKind::Array(sets), .. }] => sets.iter().map(|set| self.expr(set)).collect(),
            _ => args.iter().map(|set| self.expr(set)).collect(),
        };
        let (list, count) = self.list(&args);
        self.emit(Op::Print { list, count });
        let to = self.here();
        self.set(at, Op::Quiet { to });
    }

    fn every(&mut self, key: Option<&Expr>, value: &Expr, domain: &Expr, block: &Block) {
        let from = self.expr(domain);
        self.emit(Op::IsCollection { of: from });
        let all = self.temporary();
        let begin = self.emit(Op::Fail);
        self.inner(|builder| {
            builder.scan(from, key, Some(value));
            let one = builder.temporary();
            let begin = builder.emit(Op::Fail);
            builder.block(block);
            // It holds for this one: on to the next.
            builder.emit(Op::Cut { mark: one });
            builder.emit(Op::Next);
            let resume = builder.here();
            builder.set(begin, Op::Mark { mark: one, resume });
            // It does not: all is over.
            builder.emit(Op::Cut { mark: all });
            builder.emit(Op::Next);
        });
        let resume = self.here();
        self.set(begin, Op::Mark { mark: all, resume });
    }

    fn or(&mut self, blocks: &[Block]) {
        let mark = self.temporary();
        let begin = self.emit(Op::Fail);
        let mut held = Vec::new();
        for block in blocks {
            let barrier = self.emit(Op::Fail);
            self.inner(|builder| builder.block(block));
            held.push(self.emit(Op::Fail));
            self.resume_here(barrier);
        }
        self.emit(Op::Cut { mark });
        let fail = self.emit(Op::Next);
        self.set(begin, Op::Mark { mark, resume: fail });
        let to = self.here();
        self.emit(Op::Cut { mark });
        for at in held {
            self.set(at, Op::Jump { to });
        }
    }

    fn with(&mut self, withs: &[resolved::With], block: &Block) {
        let mut targets = Vec::new();
        for with in withs {
            self.spanned(with.span);
            let target = match &with.target {
                resolved::Target::Input(path) => Target::Input(path.clone().into()),
                resolved::Target::Data(path) => Target::Data(path.clone().into()),
                resolved::Target::Function(function) => Target::Function(self.callee(function)),
            };
            let stand_in = match &with.value {
                resolved::StandIn::Value(value) => StandIn::Value(self.expr(value)),
                resolved::StandIn::Function(function) => StandIn::Function(self.callee(function)),
            };
            targets.push((target, stand_in));
        }
        let saved = self.temporary();
        let with = self.program.withs.len() as u32;
        self.program.withs.push(With { targets });
        self.emit(Op::With { saved, with });
        self.block(block);
        self.emit(Op::EndWith { saved });
    }

    /// Each key and value of a collection.
    pub fn scan(&mut self, from: Arg, key: Option<&Expr>, value: Option<&Expr>) {
        let key_register = self.place_for(key);
        let value_register = self.place_for(value);
        self.emit(Op::Scan { from, key: key_register, value: value_register });
        for (pattern, register) in [(key, key_register), (value, value_register)] {
            if let Some(pattern) = pattern {
                self.settle(pattern, register);
            }
        }
    }
}

/// Whether the expression is a function that compares.
pub(super) fn comparison(name: &str) -> Option<Comparison> {
    match name {
        "equal" => Some(Comparison::Equal),
        "neq" => Some(Comparison::NotEqual),
        "lt" => Some(Comparison::Less),
        "lte" => Some(Comparison::LessOrEqual),
        "gt" => Some(Comparison::Greater),
        "gte" => Some(Comparison::GreaterOrEqual),
        _ => None,
    }
}
