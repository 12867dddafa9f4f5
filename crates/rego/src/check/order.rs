//! The order of a body: a statement stands where all that it needs has a value. As OPA does it: statements keep their
//! places where they can; what becomes possible in a later pass comes later. What never becomes possible is unsafe.

use std::collections::{BTreeMap, BTreeSet};

use super::gives::given_by;
use super::scope::Lower;
use super::vars::{Closures, Locals, outside};
use crate::problem::{Problem, ProblemCode};
use crate::resolved::{Block, Expr, ExprKind, Function, Piece, StandIn, Statement, StatementKind};
use crate::source::Span;

/// A local that nothing binds, and where it stands.
type Unsafe = BTreeMap<u32, Span>;

/// What a statement names.
#[derive(Default)]
struct Needs {
    /// Outside closures.
    own: Locals,
    /// Within closures, if the body has it outside of one, too.
    closed: Locals,
}

impl Lower<'_> {
    /// Puts a body of a rule or a query in order. `heads` are evaluated after it.
    #[inline(never)]
    pub fn order(&mut self, block: &mut Block, heads: &mut [&mut Expr], given: &Locals) {
        let before = self.problems.len();
        let mut unsafe_locals = Unsafe::new();
        let mut bound = self.block(block, given, &mut unsafe_locals);
        if unsafe_locals.is_empty() {
            for head in heads {
                self.heads(head, &mut bound, &mut unsafe_locals);
            }
        }
        // A variable that is undeclared in a template is reported as that.
        if self.problems.len() == before {
            self.report(&unsafe_locals);
        }
    }

    fn heads(&mut self, head: &mut Expr, bound: &mut Locals, unsafe_locals: &mut Unsafe) {
        self.closures.expr(head, false, &mut |local, span, inside| {
            if !inside && !bound.has(local) {
                unsafe_locals.entry(local).or_insert(span);
            }
        });
        self.closed(head, bound, unsafe_locals);
    }

    fn report(&mut self, unsafe_locals: &Unsafe) {
        let mut written = false;
        let mut seen = BTreeSet::new();
        for (local, span) in unsafe_locals {
            let name =
                usize::try_from(*local).ok().and_then(|index| self.locals.get(index)).cloned().unwrap_or_default();
            if self.closures.unwritten.has(*local) {
                continue;
            }
            written = true;
            if !seen.insert(name.clone()) && &*name != "_" {
                continue;
            }
            let problem = Problem::new(ProblemCode::Unsafe, *span, format!("var {name} is unsafe"));
            let help = self.unsafe_help(&name);
            self.problems.push(problem.help(help));
        }
        if let Some(span) = unsafe_locals.values().min().filter(|_| !written) {
            let problem = Problem::new(ProblemCode::Unsafe, *span, "expression is unsafe");
            self.problems.push(problem.help("nothing gives a value to what stands in it"));
        }
    }

    fn unsafe_help(&self, name: &str) -> String {
        if name == "_" {
            return String::from("`_` must be bound outside of `not` and of calls: name it, and bind it before");
        }
        let rules = self.names.globals.keys().map(|name| &**name);
        let locals = self.locals.iter().map(|name| &**name).filter(|other| *other != "_");
        match crate::nearest::nearest(name, rules.chain(locals).chain(["input", "data"])) {
            Some(meant) => format!("nothing gives `{name}` a value; did you mean `{meant}`?"),
            None => format!("nothing gives `{name}` a value: it is no rule, no import, and no statement binds it"),
        }
    }

    /// Puts a block in order, and the blocks within it. Gives what has a value after it.
    fn block(&mut self, block: &mut Block, given: &Locals, unsafe_locals: &mut Unsafe) -> Locals {
        let needs = needs(&self.closures, block);
        let mut waiting: Vec<Option<Statement>> = block.drain(..).map(Some).collect();
        let mut bound = given.clone();
        let mut now: BTreeSet<usize> = (0..waiting.len()).collect();
        let mut next: BTreeSet<usize> = BTreeSet::new();
        let mut watched: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
        loop {
            let Some(index) = now.pop_first() else {
                if next.is_empty() {
                    break;
                }
                now = std::mem::take(&mut next);
                continue;
            };
            let (Some(slot), Some(needs)) = (waiting.get_mut(index), needs.get(index)) else { continue };
            let Some(statement) = slot.take() else { continue };
            let gives = given_by(&statement, &bound);
            let missing = missing(needs, given, &bound, &gives);
            if missing.count() > 0 {
                for local in missing.iter() {
                    watched.entry(local).or_default().insert(index);
                }
                *slot = Some(statement);
                continue;
            }
            self.place(statement, &bound, block, unsafe_locals);
            for local in gives.iter() {
                bound.add(local);
                for other in watched.remove(&local).unwrap_or_default() {
                    if other > index {
                        now.insert(other);
                    } else {
                        next.insert(other);
                    }
                }
            }
        }
        self.left(waiting, &needs, given, &bound, block, unsafe_locals);
        bound
    }

    /// What could not be placed: what is missing there and would not be given by one of them if it had what it needs.
    fn left(
        &mut self,
        waiting: Vec<Option<Statement>>,
        needs: &[Needs],
        given: &Locals,
        bound: &Locals,
        block: &mut Block,
        unsafe_locals: &mut Unsafe,
    ) {
        let mut all = bound.clone();
        needs.iter().flat_map(|needs| needs.own.iter().chain(needs.closed.iter())).for_each(|local| all.add(local));
        let mut found = Unsafe::new();
        let mut derived = BTreeSet::new();
        for (statement, needs) in waiting.into_iter().zip(needs) {
            let Some(statement) = statement else { continue };
            let gives = given_by(&statement, bound);
            let missing = missing(needs, given, bound, &gives);
            self.closures.statement(&statement, false, &mut |local, span, _| {
                if missing.has(local) {
                    found.entry(local).or_insert(span);
                }
            });
            derived.extend(given_by(&statement, &all).iter());
            block.push(statement);
        }
        let roots: Unsafe =
            found.iter().filter(|(local, _)| !derived.contains(local)).map(|(one, two)| (*one, *two)).collect();
        for (local, span) in if roots.is_empty() { found } else { roots } {
            unsafe_locals.entry(local).or_insert(span);
        }
    }

    /// Adds a statement that can be evaluated now, its closures in order.
    fn place(&mut self, mut statement: Statement, bound: &Locals, out: &mut Block, unsafe_locals: &mut Unsafe) {
        self.closed_statement(&mut statement, bound, unsafe_locals);
        if unsafe_locals.is_empty() {
            self.settle(statement, bound, out);
        } else {
            out.push(statement);
        }
    }

    fn closed_statement(&mut self, statement: &mut Statement, bound: &Locals, unsafe_locals: &mut Unsafe) {
        match &mut statement.kind {
            StatementKind::Test(expr) => {
                match &expr.kind {
                    ExprKind::Call(Function::Builtin(name), arguments) if &**name == "internal.print" => {
                        self.printed(arguments, bound);
                    }
                    _ => {}
                }
                self.closed(expr, bound, unsafe_locals);
            }
            StatementKind::Unify(left, right) => {
                self.closed(left, bound, unsafe_locals);
                self.closed(right, bound, unsafe_locals);
            }
            StatementKind::Each { key, value, domain } => {
                key.iter_mut().for_each(|key| self.closed(key, bound, unsafe_locals));
                self.closed(value, bound, unsafe_locals);
                self.closed(domain, bound, unsafe_locals);
            }
            StatementKind::Every { key, value, domain, block } => {
                self.closed(domain, bound, unsafe_locals);
                let mut bound = bound.clone();
                key.iter().for_each(|key| outside(key, &mut |local| bound.add(local)));
                outside(value, &mut |local| bound.add(local));
                self.block(block, &bound, unsafe_locals);
            }
            StatementKind::Not(block) => {
                self.block(block, bound, unsafe_locals);
            }
            StatementKind::Or(blocks) => {
                for block in blocks {
                    self.block(block, bound, unsafe_locals);
                }
            }
            StatementKind::With(withs, block) => {
                for with in withs {
                    if let StandIn::Value(value) = &mut with.value {
                        self.closed(value, bound, unsafe_locals);
                    }
                }
                for statement in block {
                    self.closed_statement(statement, bound, unsafe_locals);
                }
            }
        }
    }

    /// A body and what is evaluated after it.
    fn comprehension_in_order<const N: usize>(
        &mut self,
        block: &mut Block,
        heads: [&mut Expr; N],
        bound: &Locals,
        unsafe_locals: &mut Unsafe,
    ) {
        let before = unsafe_locals.len();
        let mut after = self.block(block, bound, unsafe_locals);
        if unsafe_locals.len() == before {
            for head in heads {
                self.heads(head, &mut after, unsafe_locals);
            }
        }
    }

    /// What `print` prints has a value before.
    fn printed(&mut self, arguments: &[Expr], bound: &Locals) {
        let arrays = arguments.iter().filter_map(|argument| match &argument.kind {
            ExprKind::Array(sets) => Some(sets),
            _ => None,
        });
        for set in arrays.flatten() {
            if let ExprKind::SetOf(_, block) = &set.kind {
                self.undeclared(block, None, bound);
            }
        }
    }

    /// In a template, and in what is printed, every variable has a value before.
    fn undeclared(&mut self, block: &Block, value: Option<&Expr>, bound: &Locals) {
        let mut found = Unsafe::new();
        let mut visit = |local: u32, span: Span, inside: bool| {
            if !inside && !bound.has(local) && !self.closures.unwritten.has(local) {
                found.entry(local).or_insert(span);
            }
        };
        self.closures.block(block, false, &mut visit);
        if let Some(value) = value {
            self.closures.expr(value, false, &mut visit);
        }
        for (local, span) in found {
            let name =
                usize::try_from(local).ok().and_then(|index| self.locals.get(index)).cloned().unwrap_or_default();
            let problem = Problem::new(ProblemCode::Compile, span, format!("var {name} is undeclared"));
            let help = self.unsafe_help(&name);
            self.problems.push(problem.help(help));
        }
    }

    /// Puts the closures within an expression in order.
    fn closed(&mut self, expr: &mut Expr, bound: &Locals, unsafe_locals: &mut Unsafe) {
        match &mut expr.kind {
            ExprKind::Constant(_) | ExprKind::Local(_) | ExprKind::Input | ExprKind::Data => {}
            ExprKind::Reference(head, keys) => {
                self.closed(head, bound, unsafe_locals);
                keys.iter_mut().for_each(|key| self.closed(key, bound, unsafe_locals));
            }
            ExprKind::Array(parts) | ExprKind::Set(parts) | ExprKind::Call(_, parts) => {
                parts.iter_mut().for_each(|part| self.closed(part, bound, unsafe_locals));
            }
            ExprKind::Object(members) => {
                for (key, value) in members {
                    self.closed(key, bound, unsafe_locals);
                    self.closed(value, bound, unsafe_locals);
                }
            }
            ExprKind::ArrayOf(head, block) | ExprKind::SetOf(head, block) => {
                self.comprehension_in_order(block, [&mut **head], bound, unsafe_locals);
            }
            ExprKind::ObjectOf(member, block) => {
                let (key, value) = &mut **member;
                self.comprehension_in_order(block, [key, value], bound, unsafe_locals);
            }
            ExprKind::Template(pieces) => {
                for piece in pieces {
                    if let Piece::Value(block, value) = piece {
                        self.undeclared(block, Some(value), bound);
                        self.comprehension_in_order(block, [value], bound, unsafe_locals);
                    }
                }
            }
        }
    }
}

#[inline(never)]
fn needs(closures: &Closures, block: &Block) -> Vec<Needs> {
    let mut outside = Locals::default();
    closures.block(block, false, &mut |local, _, inside| {
        if !inside {
            outside.add(local);
        }
    });
    let of = |statement: &Statement| {
        let mut needs = Needs::default();
        closures.statement(statement, false, &mut |local, _, inside| {
            if !inside {
                needs.own.add(local);
            } else if outside.has(local) {
                needs.closed.add(local);
            }
        });
        needs
    };
    block.iter().map(of).collect()
}

fn missing(needs: &Needs, given: &Locals, bound: &Locals, gives: &Locals) -> Locals {
    let mut missing = needs.own.without(bound).without(gives);
    needs.closed.without(bound).without(given).iter().for_each(|local| missing.add(local));
    missing
}
