//! `unevaluatedProperties` and `unevaluatedItems`: which members and items the other keywords of a schema, and of those
//! that it leads to for the same value, have looked at.

use super::equal::Bits;
use super::program::{Id, Op, Span, TRUE};
use super::run::{Answer, Run, Spent};

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
        let value = self.value(at);
        if !value.is_array() || value.len() == 0 {
            return Ok(true);
        }
        let mut marked = Bits::new(value.len());
        self.mark(id, at, Of::Items, &mut marked, true)?;
        for (index, item) in value.items().enumerate() {
            if !marked.contains(index) && !self.holds(node, item.index())? {
                return Ok(false);
            }
        }
        Ok(true)
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
            (Op::Object(rule), Of::Members) => {
                self.spend(self.value(at).len())?;
                for (index, (name, _)) in self.value(at).members().enumerate() {
                    let name = name.as_str().unwrap_or_default();
                    let is_declared = rule.find(&name).and_then(|entry| rule.entries.get(entry)?.node).is_some();
                    let mut is_known = rule.additional.is_some() || is_declared;
                    for (pattern, _) in &rule.patterns {
                        if !is_known {
                            self.spend(1 + name.len() / 8)?;
                            is_known = pattern.is_match(&name);
                        }
                    }
                    if is_known {
                        marked.insert(index);
                    }
                }
                for dependent in &rule.dependents {
                    self.spend(self.value(at).len())?;
                    if let Some(node) = dependent.node
                        && self.value(at).member(&dependent.name).is_some()
                    {
                        self.mark(node, at, of, marked, false)?;
                    }
                }
            }
            (Op::Array(rule), Of::Items) => {
                let count = self.value(at).len();
                self.spend(count)?;
                let covered = if rule.covers_all { count } else { self.program.list(rule.prefix).len().min(count) };
                (0..covered).for_each(|index| marked.insert(index));
                if let Some(contains) = &rule.contains {
                    self.mark_valid_items(contains.node, at, marked)?;
                }
            }
            (Op::UnevaluatedProperties(node), Of::Members) if !is_root => {
                for (index, (_, member)) in self.value(at).members().enumerate() {
                    if !marked.contains(index) && self.holds(*node, member.index())? {
                        marked.insert(index);
                    }
                }
            }
            (Op::UnevaluatedItems(node), Of::Items) if !is_root => self.mark_valid_items(*node, at, marked)?,
            (Op::All(span) | Op::Any(span), _) => {
                for node in self.program.list(*span) {
                    if *node != TRUE && self.holds(*node, at)? {
                        self.mark(*node, at, of, marked, false)?;
                    }
                }
            }
            (Op::One(span), _) => self.mark_by_one(*span, at, of, marked)?,
            (Op::If { condition, then, other }, _) => {
                if self.holds(*condition, at)? {
                    self.mark(*condition, at, of, marked, false)?;
                    self.mark(*then, at, of, marked, false)?;
                } else {
                    self.mark(*other, at, of, marked, false)?;
                }
            }
            (Op::Ref(_) | Op::Dynamic(..) | Op::Recursive(_), _) => {
                let node = self.found(op);
                self.mark(node, at, of, marked, false)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn mark_valid_items(&mut self, node: Id, at: usize, marked: &mut Bits) -> Result<(), Spent> {
        for (index, item) in self.value(at).items().enumerate() {
            if !marked.contains(index) && self.holds(node, item.index())? {
                marked.insert(index);
            }
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
