//! What ran: coverage, why a rule gave nothing, and a trace. Nothing of it costs more than a branch while it is off.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Machine;
use super::choice::length;
use crate::plan::{Arg, Comparison, DocumentId, Op, Part, Program, Reg, Statement};
use crate::source::Span;
use crate::value::Value;

/// A statement or branch of the program, and whether it was reached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Covered {
    /// Where it is. What one statement was taken apart to has one span.
    pub span: Span,
    /// What it is.
    pub part: Part,
    /// Whether it began to be evaluated.
    pub entered: bool,
    /// Whether it held.
    pub held: bool,
}

/// The statement past which a rule never went.
#[derive(Clone, Debug, PartialEq)]
pub struct Stuck {
    /// The statement.
    pub statement: Span,
    /// The part of it that failed.
    pub span: Span,
    /// Why it failed the last time.
    pub reason: Reason,
    /// The variables that the statement speaks of and that had values, and what those were then.
    pub values: Vec<(Arc<str>, Value)>,
}

/// Why a statement failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A value has nothing at a key.
    Missing {
        /// The value.
        of: Value,
        /// The key.
        key: Value,
    },
    /// A rule, a function or the input has no value.
    Undefined,
    /// A value is `false`.
    False,
    /// Two values do not compare as the statement says.
    Compared(Value, Value),
    /// A collection is empty, or it is none.
    Nothing(Value),
    /// A value is no array or object of the wanted shape.
    Shape(Value),
    /// What must not hold does, or one of several does not.
    Other,
}

/// A step of an evaluation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// Where.
    pub span: Span,
    /// How many documents and functions were being evaluated.
    pub depth: usize,
}

/// What happened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventKind {
    /// A document or function begins to be evaluated.
    Enter,
    /// It has a value.
    Exit,
    /// It has none.
    Undefined,
    /// Something fails.
    Fail,
    /// The evaluation goes back to try the next.
    Redo,
}

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// For each instruction, whether it ran.
    ran: Vec<bool>,
    /// For each instruction that failed: when it did last, why, and the values then.
    failed: BTreeMap<u32, Failed>,
    time: u64,
    events: Vec<Event>,
    most_events: usize,
}

/// The last time that an instruction failed.
#[derive(Debug)]
struct Failed {
    time: u64,
    reason: Reason,
    values: Vec<(Arc<str>, Value)>,
}

impl Machine {
    /// Notes what runs from now on: coverage, why rules give nothing, and so many events of a trace. What was kept is
    /// forgotten, and what was noted before.
    pub fn watch(&mut self, events: usize) {
        let ran = vec![false; self.program.ops.len() + 1];
        self.watch = Some(Box::new(Watch { ran, most_events: events, ..Watch::default() }));
        self.shared.clear();
        self.first_env(|_| ());
    }

    /// Notes nothing any more.
    pub fn unwatch(&mut self) {
        self.watch = None;
    }

    /// Every statement and branch of the rules, and whether it was reached since [`Machine::watch`].
    pub fn coverage(&self) -> Vec<Covered> {
        let Some(watch) = &self.watch else { return Vec::new() };
        let covered = |statement: &Statement| Covered {
            span: statement.span,
            part: statement.what,
            entered: watch.ran(statement.start),
            held: watch.ran(statement.end),
        };
        self.program.statements.iter().map(covered).collect()
    }

    /// The events since [`Machine::watch`], as many as were asked for.
    pub fn events(&self) -> &[Event] {
        self.watch.as_ref().map(|watch| watch.events.as_slice()).unwrap_or_default()
    }

    /// For each branch of a document that never held: the statement past which it did not go.
    pub fn stuck(&self, document: DocumentId) -> Vec<Stuck> {
        let Some(watch) = &self.watch else { return Vec::new() };
        let statements = &self.program.statements;
        let mut stuck = Vec::new();
        for (number, branch) in statements.iter().enumerate() {
            let asked = branch.document == document.0 && branch.what == Part::Branch;
            if !asked || !watch.ran(branch.start) || watch.ran(branch.end) {
                continue;
            }
            let within = statements.get(number + 1..).unwrap_or_default();
            let within = within.iter().take_while(|statement| statement.what == Part::Statement);
            // Those within others come after them: what fails there may fail for a good reason.
            let mut end = branch.start;
            let mut furthest = branch;
            for statement in within {
                if statement.start < end || !watch.ran(statement.start) {
                    continue;
                }
                end = statement.end;
                furthest = if watch.ran(statement.end) { branch } else { statement };
            }
            let failed = watch.failed.range(furthest.start..furthest.end).max_by_key(|(_, failed)| failed.time);
            let Some((at, Failed { reason, values, .. })) = failed else { continue };
            let spoken = statements.iter().position(|other| std::ptr::eq(other, furthest));
            let spoken = spoken.map(|number| locals(statements, number)).unwrap_or_default();
            let values = values.iter().filter(|(name, _)| spoken.iter().any(|(other, _)| other == name));
            stuck.push(Stuck {
                statement: furthest.span,
                span: self.program.span(*at),
                reason: reason.clone(),
                values: values.cloned().collect(),
            });
        }
        stuck
    }

    pub(super) fn note_event(&mut self, kind: EventKind, span: Span) {
        let depth = self.frames.len();
        if let Some(watch) = &mut self.watch
            && watch.events.len() < watch.most_events
        {
            watch.events.push(Event { kind, span, depth });
        }
    }

    /// The instruction before the next has failed.
    pub(super) fn note_failure(&mut self, program: &Program) {
        let at = self.at.saturating_sub(1);
        let (Some(op), Some(_)) = (program.ops.get(at as usize), &self.watch) else { return };
        // What only goes on to the next solution is no failure.
        let next = matches!(
            op,
            Op::Next
                | Op::Push { .. }
                | Op::Add { .. }
                | Op::Insert { .. }
                | Op::Below { .. }
                | Op::Yield { .. }
                | Op::Solution { .. }
        );
        if next {
            return;
        }
        self.note_event(EventKind::Fail, program.span(at));
        let reason = self.reason(program, *op);
        let values = self.locals_at(program, at);
        if let Some(watch) = &mut self.watch {
            watch.time += 1;
            watch.failed.insert(at, Failed { time: watch.time, reason, values });
        }
    }

    /// The values of the locals that the innermost statement around an instruction speaks of.
    fn locals_at(&self, program: &Program, at: u32) -> Vec<(Arc<str>, Value)> {
        let after = program.statements.partition_point(|statement| statement.start <= at);
        let before = program.statements.get(..after).unwrap_or_default();
        let Some(statement) = before.iter().rposition(|statement| at < statement.end) else { return Vec::new() };
        let value = |(name, register): (Arc<str>, Reg)| (name, self.value(Arg::from(register)).clone());
        locals(&program.statements, statement).into_iter().map(value).collect()
    }

    fn reason(&self, program: &Program, op: Op) -> Reason {
        match op {
            Op::InputPath { path, .. } => {
                let input = self.envs.get(self.env).and_then(|env| env.input.as_ref());
                input.map_or(Reason::Undefined, |input| missing(input, program.path(path)))
            }
            Op::Path { from, path, .. } => missing(self.value(from), program.path(path)),
            Op::Get { from, key, .. } => Reason::Missing { of: self.value(from).clone(), key: self.value(key).clone() },
            Op::Test { .. } => Reason::False,
            Op::Same { left, right } | Op::Holds { left, right, .. } => {
                Reason::Compared(self.value(left).clone(), self.value(right).clone())
            }
            Op::Scan { from, .. } if length(self.value(from)) == 0 => Reason::Nothing(self.value(from).clone()),
            Op::IsCollection { of } => Reason::Nothing(self.value(of).clone()),
            Op::IsArray { of, .. } | Op::IsObject { of, .. } => Reason::Shape(self.value(of).clone()),
            Op::Fail | Op::Compare { what: Comparison::Equal, .. } => Reason::Other,
            _ => Reason::Undefined,
        }
    }
}

/// The locals that a statement speaks of, and those of its parts, if it was taken apart: they have one span.
fn locals(statements: &[Statement], number: usize) -> Vec<(Arc<str>, Reg)> {
    let Some(statement) = statements.get(number) else { return Vec::new() };
    let (before, after) = statements.split_at(number);
    let is_part = |other: &&Statement| other.span == statement.span && other.document == statement.document;
    let parts = before.iter().rev().take_while(is_part).chain(after.iter().take_while(is_part));
    let mut locals: Vec<(Arc<str>, Reg)> = parts.flat_map(|part| part.locals.iter().cloned()).collect();
    locals.sort_by(|one, two| one.0.cmp(&two.0));
    locals.dedup_by(|one, two| one.0 == two.0);
    locals
}

impl Watch {
    pub fn run(&mut self, at: u32) {
        if let Some(ran) = self.ran.get_mut(at as usize) {
            *ran = true;
        }
    }

    fn ran(&self, at: u32) -> bool {
        self.ran.get(at as usize).copied().unwrap_or_default()
    }
}

/// The first key of a path that a value does not have.
fn missing(value: &Value, path: &[Value]) -> Reason {
    let mut at = value;
    for key in path {
        match at.get(key) {
            Some(below) => at = below,
            None => return Reason::Missing { of: at.clone(), key: key.clone() },
        }
    }
    Reason::Undefined
}
