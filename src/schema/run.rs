//! The plain run: whether a value holds, yes or no. It allocates nothing for a document that holds, unless it has
//! escapes or its schema asks for `uniqueItems` or looks back at what was evaluated.

use std::cmp::Ordering;

use super::equal::Bits;
use super::memory::Memory;
use super::number::number;
use super::program::{
    Additional, ArrayRule, Bound, Choice, Contains, Entry, Id, Node, NumberRule, ObjectRule, Op, Program, Span, TRUE,
    TextRule,
};
use crate::json::{Json, Kind};
use crate::pattern::Pattern;

/// The steps are spent.
#[derive(Debug)]
pub(super) struct Spent;

pub(super) type Answer = Result<bool, Spent>;

/// How deep schemas may judge within one another. The document's depth and the chains of references are both bounded,
/// but their product is not.
const MAX_DEPTH: u32 = 1500;

/// After so many steps, what a shared schema says of an array or object is kept, so that nested alternatives do not
/// multiply.
const STEPS_BEFORE_MEMORY: u64 = 10_000;

/// One run of a program over one document.
pub(super) struct Run<'a> {
    pub program: &'a Program,
    document: Json<'a>,
    left: u64,
    /// From here on, results are kept.
    memory_from: u64,
    depth: u32,
    /// The resources that were entered, from the outermost in. Only kept where a reference looks at them.
    scope: Vec<u32>,
    keeps_scope: bool,
    memory: Memory,
}

impl<'a> Run<'a> {
    pub fn new(program: &'a Program, document: Json<'a>, steps: u64) -> Run<'a> {
        let keeps_scope = program.is_dynamic();
        let memory_from = if keeps_scope { 0 } else { steps.saturating_sub(STEPS_BEFORE_MEMORY) };
        let (scope, memory) = (Vec::new(), Memory::default());
        Run { program, document, left: steps, memory_from, depth: 0, scope, keeps_scope, memory }
    }

    #[inline(always)]
    pub fn value(&self, at: usize) -> Json<'a> {
        self.document.at_index(at)
    }

    #[inline(always)]
    pub fn kind(&self, at: usize) -> Kind {
        self.value(at).kind()
    }

    /// How many items or members a value has.
    #[inline(always)]
    pub fn len(&self, at: usize) -> usize {
        self.value(at).len()
    }

    /// The number of the value after one and all that is inside it.
    #[inline(always)]
    pub fn end(&self, at: usize) -> usize {
        self.value(at).end().max(at + 1)
    }

    #[inline(always)]
    pub fn spend(&mut self, steps: usize) -> Result<(), Spent> {
        self.left = self.left.checked_sub(steps as u64).ok_or(Spent)?;
        Ok(())
    }

    /// Enters a resource, if the scope is kept. Returns how long the scope was.
    #[inline(always)]
    pub fn enter(&mut self, id: Id) -> Result<usize, Spent> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Spent);
        }
        let length = self.scope.len();
        if self.keeps_scope {
            let resource = self.program.node(id).resource;
            if self.scope.last() != Some(&resource) {
                self.scope.push(resource);
            }
        }
        Ok(length)
    }

    pub fn leave(&mut self, length: usize) {
        self.depth -= 1;
        self.scope.truncate(length);
    }

    /// Whether a node holds for a value. One that only looks at the type is answered at once, and counts no step: what
    /// counted the value has counted it.
    #[inline]
    #[cfg_attr(small, optimize(speed))]
    pub fn holds(&mut self, id: Id, at: usize) -> Answer {
        let node = self.program.node(id);
        match self.program.ops(node) {
            [] => Ok(self.takes(node, at)),
            // What `runs` does with most nodes.
            [op] if !(node.is_shared || self.keeps_scope || matches!(op, Op::Ref(_))) => self.alone_holds(op, id, at),
            _ => self.runs(id, at),
        }
    }

    /// Whether a node takes what a value is, by itself. A function of its own, so that what recurses has small frames.
    #[inline]
    fn takes(&self, node: &Node, at: usize) -> bool {
        !node.is_false && node.takes(self.value(at))
    }

    /// Runs the only instruction of a node.
    #[inline]
    #[cfg_attr(small, optimize(speed))]
    fn alone_holds(&mut self, op: &'a Op, id: Id, at: usize) -> Answer {
        self.spend(1)?;
        if !self.takes(self.program.node(id), at) {
            return Ok(false);
        }
        self.enter(id)?;
        let answer = self.op_holds(op, id, at)?;
        self.depth -= 1;
        Ok(answer)
    }

    /// Runs the instructions of a node.
    #[cfg_attr(small, optimize(speed))]
    fn runs(&mut self, id: Id, at: usize) -> Answer {
        let length = self.scope.len();
        let mut id = id;
        let mut remembered = None;
        // A reference at the end is followed from here, so that chains of them need no stack.
        let answer = loop {
            self.spend(1)?;
            let node = self.program.node(id);
            if !self.takes(node, at) {
                break false;
            }
            if node.is_shared && self.left < self.memory_from && self.len(at) > 0 {
                if let Some(answer) = self.memory.get(id, at) {
                    break answer;
                }
                remembered = Some(id);
            }
            match self.program.ops(node).split_last() {
                None => break true,
                Some((Op::Ref(next), rest)) => {
                    if !self.ops_hold(rest, id, at)? {
                        break false;
                    }
                    id = *next;
                }
                Some(_) => break self.ops_hold(self.program.ops(node), id, at)?,
            }
        };
        self.scope.truncate(length);
        if let Some(id) = remembered {
            self.memory.put(id, at, answer);
        }
        Ok(answer)
    }

    #[cfg_attr(small, optimize(speed))]
    fn ops_hold(&mut self, ops: &'a [Op], id: Id, at: usize) -> Answer {
        self.enter(id)?;
        let mut answer = true;
        for op in ops {
            answer = self.op_holds(op, id, at)?;
            if !answer {
                break;
            }
        }
        self.depth -= 1;
        Ok(answer)
    }

    #[inline]
    #[cfg_attr(small, optimize(speed))]
    fn op_holds(&mut self, op: &'a Op, id: Id, at: usize) -> Answer {
        match op {
            Op::Choice(choice) => self.is_chosen(choice, at),
            Op::Number(rule) => Ok(self.number_holds(rule, at)),
            Op::Text(rule) => self.text_holds(rule, at),
            Op::Array(rule) => self.array_holds(rule, at),
            Op::Object(rule) => self.object_holds(rule, at),
            _ => self.others_hold(op, id, at),
        }
    }

    /// What judges the same value by other schemas.
    fn others_hold(&mut self, op: &'a Op, id: Id, at: usize) -> Answer {
        match op {
            Op::All(span) => self.all(*span, at),
            Op::Any(span) => Ok(self.count(*span, at, 1)? == 1),
            Op::One(span) => Ok(self.count(*span, at, 2)? == 1),
            Op::Not(node) => Ok(!self.holds(*node, at)?),
            Op::If { condition, then, other } => {
                let branch = if self.holds(*condition, at)? { *then } else { *other };
                self.holds(branch, at)
            }
            Op::UnevaluatedProperties(node) => Ok(*node == TRUE || self.unevaluated_members(id, *node, at)?.is_none()),
            Op::UnevaluatedItems(node) => Ok(*node == TRUE || self.covers_items(id, *node, at)?),
            Op::Ref(_) | Op::Dynamic(..) | Op::Recursive(_) => {
                let node = self.found(op);
                self.holds(node, at)
            }
            Op::Choice(_) | Op::Number(_) | Op::Text(_) | Op::Array(_) | Op::Object(_) => Ok(true),
        }
    }

    /// What a reference leads to, from here.
    pub fn found(&self, op: &Op) -> Id {
        let anchor = |name: u32, resource: &u32| {
            let anchors = self.program.anchors.iter();
            anchors.clone().find(|anchor| anchor.name == name && anchor.resource == *resource).map(|anchor| anchor.node)
        };
        match op {
            Op::Ref(node) => *node,
            Op::Dynamic(name, node) => self.scope.iter().find_map(|resource| anchor(*name, resource)).unwrap_or(*node),
            Op::Recursive(node) => {
                let outwards = self.scope.iter().rev().map_while(|resource| anchor(0, resource));
                outwards.last().unwrap_or(*node)
            }
            _ => TRUE,
        }
    }

    fn all(&mut self, span: Span, at: usize) -> Answer {
        for node in self.program.list(span) {
            if !self.holds(*node, at)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many of the nodes hold, up to a number.
    pub fn count(&mut self, span: Span, at: usize, most: usize) -> Result<usize, Spent> {
        let mut count = 0;
        for node in self.program.list(span) {
            count += usize::from(self.holds(*node, at)?);
            if count >= most {
                break;
            }
        }
        Ok(count)
    }

    pub fn is_chosen(&mut self, choice: &Choice, at: usize) -> Answer {
        let value = self.value(at);
        match value.kind() {
            Kind::Plain => return self.text_is_chosen(choice, value.bytes()),
            Kind::Escaped => return self.text_is_chosen(choice, value.as_str().unwrap_or_default().as_bytes()),
            _ => {}
        }
        for other in &choice.others {
            if self.equal(value, other.root())? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn text_is_chosen(&mut self, choice: &Choice, text: &[u8]) -> Answer {
        self.spend(text.len() / 64)?;
        Ok(match &*choice.texts {
            [only] => only.as_bytes() == text,
            texts => texts.binary_search_by(|known| (known.len(), known.as_bytes()).cmp(&(text.len(), text))).is_ok(),
        })
    }

    #[cfg_attr(small, optimize(speed))]
    fn number_holds(&self, rule: &NumberRule, at: usize) -> bool {
        let value = self.value(at);
        !value.is_number() || rule.bounds.iter().all(|bound| within(bound, value))
    }

    #[cfg_attr(small, optimize(speed))]
    fn text_holds(&mut self, rule: &TextRule, at: usize) -> Answer {
        let value = self.value(at);
        match value.kind() {
            Kind::Plain => self.holds_for_text(rule, value.written()),
            Kind::Escaped => self.escaped_holds(rule, value),
            _ => Ok(true),
        }
    }

    #[cold]
    fn escaped_holds(&mut self, rule: &TextRule, value: Json<'_>) -> Answer {
        self.holds_for_text(rule, &value.as_str().unwrap_or_default())
    }

    #[cfg_attr(small, optimize(speed))]
    fn holds_for_text(&mut self, rule: &TextRule, text: &str) -> Answer {
        if !rule.takes_length(text) {
            return Ok(false);
        }
        if !rule.looks_inside {
            return Ok(true);
        }
        self.spend(1 + text.len() / 8)?;
        Ok(rule.pattern.as_ref().map_or(Ok(true), |(pattern, _)| self.is_match(pattern, text))?
            && rule.format.as_ref().is_none_or(|(format, _)| format.holds(text))
            && super::content::fault(rule, text).is_none())
    }

    #[cfg_attr(small, optimize(speed))]
    fn array_holds(&mut self, rule: &'a ArrayRule, at: usize) -> Answer {
        if self.kind(at) != Kind::Array {
            return Ok(true);
        }
        let count = self.len(at) as u64;
        if count < rule.min
            || rule.max.is_some_and(|max| count > max)
            || (rule.is_closed && count > rule.prefix.len() as u64)
        {
            return Ok(false);
        }
        if !self.items_hold(rule, at)? {
            return Ok(false);
        }
        if let Some(contains) = &rule.contains
            && self.contains(contains, at)?.is_some()
        {
            return Ok(false);
        }
        if rule.unique { self.is_unique(self.value(at)) } else { Ok(true) }
    }

    #[cfg_attr(small, optimize(speed))]
    fn items_hold(&mut self, rule: &'a ArrayRule, at: usize) -> Answer {
        let prefix = self.program.list(rule.prefix);
        let (mut item, end) = (at + 1, self.end(at));
        let mut index = 0;
        self.spend(self.len(at))?;
        while item < end {
            let node = match prefix.get(index) {
                Some(node) => *node,
                None => match rule.rest {
                    None | Some(TRUE) => return Ok(true),
                    Some(rest) => rest,
                },
            };
            if !self.holds(node, item)? {
                return Ok(false);
            }
            index += 1;
            item = self.end(item);
        }
        Ok(true)
    }

    /// The keyword that does not hold.
    pub fn contains(&mut self, rule: &Contains, at: usize) -> Result<Option<&'static str>, Spent> {
        let min = rule.min.unwrap_or(1);
        let (mut item, end) = (at + 1, self.end(at));
        let mut count = 0;
        self.spend(self.len(at))?;
        while item < end && (rule.max.is_some() || count < min) {
            count += u64::from(self.holds(rule.node, item)?);
            if rule.max.is_some_and(|max| count > max) {
                return Ok(Some("maxContains"));
            }
            item = self.end(item);
        }
        Ok((count < min).then_some(match (rule.min, rule.max) {
            (Some(_), _) => "minContains",
            (None, Some(_)) => "maxContains",
            (None, None) => "contains",
        }))
    }

    #[cfg_attr(small, optimize(speed))]
    fn object_holds(&mut self, rule: &'a ObjectRule, at: usize) -> Answer {
        if self.kind(at) != Kind::Object {
            return Ok(true);
        }
        let count = self.len(at) as u64;
        if count < rule.min || count < rule.required.len() as u64 || rule.max.is_some_and(|max| count > max) {
            return Ok(false);
        }
        if rule.looks_at_members && !self.members_hold(rule, at)? {
            return Ok(false);
        }
        if rule.dependents.is_empty() { Ok(true) } else { self.dependents_hold(rule, at) }
    }

    #[cfg_attr(small, optimize(speed))]
    fn members_hold(&mut self, rule: &'a ObjectRule, at: usize) -> Answer {
        let mut seen = Bits::new(rule.required.len());
        let (mut name, end) = (at + 1, self.end(at));
        self.spend(self.len(at))?;
        while name < end {
            let entry = self.entry(rule, name);
            if let Some(required) = entry.and_then(|entry| entry.required) {
                seen.insert(required as usize);
            }
            let declared = entry.and_then(|entry| entry.node);
            if let Some(node) = declared
                && !self.holds(node, name + 1)?
            {
                return Ok(false);
            }
            if rule.looks_further && !self.further_holds(rule, declared.is_some(), name)? {
                return Ok(false);
            }
            name = self.end(name + 1);
        }
        Ok(seen.count() == rule.required.len())
    }

    /// What a schema says by the name of a member.
    #[cfg_attr(small, optimize(speed))]
    pub fn entry(&self, rule: &'a ObjectRule, name: usize) -> Option<&'a Entry> {
        let name = self.value(name);
        rule.entries.get(name.number_in(&rule.known)?)
    }

    /// What a schema says of members by patterns, of those that it does not know, and of names.
    fn further_holds(&mut self, rule: &'a ObjectRule, is_declared: bool, name: usize) -> Answer {
        let mut is_known = is_declared;
        for (pattern, node) in &rule.patterns {
            if self.matches(pattern, name)? {
                is_known = true;
                if !self.holds(*node, name + 1)? {
                    return Ok(false);
                }
            }
        }
        match rule.additional {
            Some(Additional::Closed { .. }) if !is_known => return Ok(false),
            Some(Additional::Judged(node)) if !is_known && !self.holds(node, name + 1)? => return Ok(false),
            _ => {}
        }
        rule.names.map_or(Ok(true), |node| self.holds(node, name))
    }

    pub fn matches(&mut self, pattern: &Pattern, name: usize) -> Answer {
        let name = self.value(name).as_str().unwrap_or_default();
        self.is_match(pattern, &name)
    }

    fn is_match(&mut self, pattern: &Pattern, text: &str) -> Answer {
        pattern.is_match_within(text, &mut self.left).ok_or(Spent)
    }

    fn dependents_hold(&mut self, rule: &'a ObjectRule, at: usize) -> Answer {
        for dependent in &rule.dependents {
            if !self.has_member(at, &dependent.name)? {
                continue;
            }
            for name in &dependent.required {
                if !self.has_member(at, name)? {
                    return Ok(false);
                }
            }
            if let Some(node) = dependent.node
                && !self.holds(node, at)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn has_member(&mut self, at: usize, name: &str) -> Answer {
        self.spend(1 + self.len(at))?;
        Ok(self.value(at).member(name).is_some())
    }
}

pub(super) fn within((bound, limit, _): &(Bound, super::number::Number, serde_json::Value), value: Json<'_>) -> bool {
    let Some(value) = number(value) else { return true };
    match bound {
        Bound::Minimum => value.compare(*limit) != Ordering::Less,
        Bound::Maximum => value.compare(*limit) != Ordering::Greater,
        Bound::ExclusiveMinimum => value.compare(*limit) == Ordering::Greater,
        Bound::ExclusiveMaximum => value.compare(*limit) == Ordering::Less,
        Bound::MultipleOf => value.is_multiple_of(*limit),
    }
}
