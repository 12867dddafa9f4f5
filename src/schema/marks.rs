//! `unevaluatedProperties` and `unevaluatedItems`: which members and items the other keywords of a schema, and of those
//! that it leads to for the same value, have looked at.

use super::equal::Bits;
use super::program::{ArrayRule, Id, ObjectRule, Op, Span, TRUE};
use super::run::{Answer, Run, Spent};
use crate::json::Kind;

/// What is marked.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Of {
    Members,
    Items,
}

impl<'a> Run<'a> {
    /// The members that nothing has evaluated and that do not hold. `None` if there are none.
    pub fn unevaluated_members(&mut self, id: Id, node: Id, at: usize) -> Result<Option<Vec<usize>>, Spent> {
        let value = self.value(at);
        if !value.is_object() || value.len() == 0 {
            return Ok(None);
        }
        let mut marked = Bits::new(value.len());
        self.mark(id, at, Of::Members, &mut marked, true)?;
        if marked.count() == value.len() {
            return Ok(None);
        }
        let mut wrong = Vec::new();
        for (index, (_, member)) in value.members().enumerate() {
            if !marked.contains(index) && !self.holds(node, member.index())? {
                wrong.push(member.index());
            }
        }
        Ok((!wrong.is_empty()).then_some(wrong))
    }

    /// Whether all items are evaluated or hold.
    pub fn covers_items(&mut self, id: Id, node: Id, at: usize) -> Answer {
        let count = self.len(at);
        if self.kind(at) != Kind::Array || count == 0 {
            return Ok(true);
        }
        let mut marked = Bits::new(count);
        self.mark(id, at, Of::Items, &mut marked, true)?;
        self.mark_valid(node, at, Of::Items, &mut marked)?;
        Ok(marked.count() == count)
    }

    fn mark(&mut self, id: Id, at: usize, of: Of, marked: &mut Bits, is_root: bool) -> Result<(), Spent> {
        self.spend(1)?;
        let length = self.enter(id)?;
        let node = self.program.node(id);
        for op in self.program.ops(node) {
            if marked.count() == self.value(at).len() {
                break;
            }
            self.mark_by(op, at, of, marked, is_root)?;
        }
        self.leave(length);
        Ok(())
    }

    fn mark_by(&mut self, op: &'a Op, at: usize, of: Of, marked: &mut Bits, is_root: bool) -> Result<(), Spent> {
        match (op, of) {
            (Op::Object(rule), Of::Members) => self.mark_members(rule, at, marked),
            (Op::Array(rule), Of::Items) => self.mark_items(rule, at, marked),
            (Op::UnevaluatedProperties(node), Of::Members) | (Op::UnevaluatedItems(node), Of::Items) if !is_root => {
                self.mark_valid(*node, at, of, marked)
            }
            (Op::All(span) | Op::Any(span), _) => {
                for node in self.program.list(*span) {
                    if *node != TRUE && self.holds(*node, at)? {
                        self.mark(*node, at, of, marked, false)?;
                    }
                }
                Ok(())
            }
            (Op::One(span), _) => self.mark_by_one(*span, at, of, marked),
            (Op::If { condition, then, other }, _) => {
                if !self.holds(*condition, at)? {
                    return self.mark(*other, at, of, marked, false);
                }
                self.mark(*condition, at, of, marked, false)?;
                self.mark(*then, at, of, marked, false)
            }
            (Op::Ref(_) | Op::Dynamic(..) | Op::Recursive(_), _) => {
                let node = self.found(op);
                self.mark(node, at, of, marked, false)
            }
            _ => Ok(()),
        }
    }

    fn mark_members(&mut self, rule: &'a ObjectRule, at: usize, marked: &mut Bits) -> Result<(), Spent> {
        let (mut name, end) = (at + 1, self.end(at));
        let mut index = 0;
        while name < end {
            self.spend(1)?;
            let declared = self.entry(rule, name).and_then(|entry| entry.node);
            let mut is_known = rule.additional.is_some() || declared.is_some();
            for (pattern, _) in &rule.patterns {
                is_known = is_known || self.matches(pattern, name)?;
            }
            if is_known {
                marked.insert(index);
            }
            index += 1;
            name = self.end(name + 1);
        }
        for dependent in &rule.dependents {
            if let Some(node) = dependent.node
                && self.has_member(at, &dependent.name)?
            {
                self.mark(node, at, Of::Members, marked, false)?;
            }
        }
        Ok(())
    }

    fn mark_items(&mut self, rule: &'a ArrayRule, at: usize, marked: &mut Bits) -> Result<(), Spent> {
        let count = self.len(at);
        self.spend(count)?;
        let covered = if rule.covers_all { count } else { rule.prefix.len().min(count) };
        (0..covered).for_each(|index| marked.insert(index));
        rule.contains.as_ref().map_or(Ok(()), |contains| self.mark_valid(contains.node, at, Of::Items, marked))
    }

    /// Marks the members or items that a node holds for.
    fn mark_valid(&mut self, node: Id, at: usize, of: Of, marked: &mut Bits) -> Result<(), Spent> {
        let step = usize::from(of == Of::Members);
        let (mut value, end) = (at + 1 + step, self.end(at));
        let mut index = 0;
        self.spend(self.len(at))?;
        while value < end {
            if !marked.contains(index) && self.holds(node, value)? {
                marked.insert(index);
            }
            index += 1;
            value = self.end(value) + step;
        }
        Ok(())
    }

    /// Only the one alternative that holds has evaluated anything.
    fn mark_by_one(&mut self, span: Span, at: usize, of: Of, marked: &mut Bits) -> Result<(), Spent> {
        let mut only = None;
        for node in self.program.list(span) {
            if self.holds(*node, at)? {
                if only.is_some() {
                    return Ok(());
                }
                only = Some(*node);
            }
        }
        only.map_or(Ok(()), |node| self.mark(node, at, of, marked, false))
    }
}
