//! The plain run: whether a value holds, yes or no. It allocates nothing for a document that holds, unless it has
//! escapes or its schema asks for `uniqueItems` or looks back at what was evaluated.

use std::cmp::Ordering;

use super::equal::Bits;
use super::number::number;
use super::program::{
    Additional, ArrayRule, Bound, Choice, Contains, Id, ObjectRule, Op, Program, Span, TRUE, TextRule,
};
use crate::json::{Json, Kind};

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
    memory: Memory,
}

impl<'a> Run<'a> {
    pub fn new(program: &'a Program, document: Json<'a>, steps: u64) -> Run<'a> {
        let memory_from = if program.is_dynamic() { 0 } else { steps.saturating_sub(STEPS_BEFORE_MEMORY) };
        Run { program, document, left: steps, memory_from, depth: 0, scope: Vec::new(), memory: Memory::default() }
    }

    pub fn value(&self, at: usize) -> Json<'a> {
        self.document.at_index(at)
    }

    pub fn spend(&mut self, steps: usize) -> Result<(), Spent> {
        self.left = self.left.checked_sub(steps as u64).ok_or(Spent)?;
        Ok(())
    }

    /// Enters a resource, if the scope is kept. Returns how long the scope was.
    pub fn enter(&mut self, id: Id) -> Result<usize, Spent> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Spent);
        }
        let length = self.scope.len();
        if self.program.is_dynamic() {
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

    /// Whether a node holds for a value.
    pub fn holds(&mut self, id: Id, at: usize) -> Answer {
        if id == TRUE {
            return Ok(true);
        }
        self.spend(1)?;
        let node = self.program.node(id);
        if node.is_false || !node.takes(self.value(at)) {
            return Ok(false);
        }
        if self.program.ops(node).is_empty() {
            return Ok(true);
        }
        let remembers = node.is_shared && self.left < self.memory_from && self.value(at).len() > 0;
        if remembers && let Some(answer) = self.memory.get(id, at) {
            return Ok(answer);
        }
        let length = self.enter(id)?;
        let mut answer = true;
        for op in self.program.ops(node) {
            if !self.op_holds(op, id, at)? {
                answer = false;
                break;
            }
        }
        self.leave(length);
        if remembers {
            self.memory.put(id, at, answer);
        }
        Ok(answer)
    }

    fn op_holds(&mut self, op: &'a Op, id: Id, at: usize) -> Answer {
        let value = self.value(at);
        match op {
            Op::Choice(choice) => self.is_chosen(choice, at),
            Op::Number(rule) => Ok(!value.is_number() || rule.bounds.iter().all(|bound| within(bound, value))),
            Op::Text(rule) => {
                if value.is_string() {
                    self.text_holds(rule, value)
                } else {
                    Ok(true)
                }
            }
            Op::Array(rule) => {
                if value.is_array() {
                    self.array_holds(rule, at)
                } else {
                    Ok(true)
                }
            }
            Op::Object(rule) => {
                if value.is_object() {
                    self.object_holds(rule, at)
                } else {
                    Ok(true)
                }
            }
            Op::All(span) => self.all(*span, at),
            Op::Any(span) => self.any(*span, at),
            Op::One(span) => Ok(self.count(*span, at, 2)? == 1),
            Op::Not(node) => Ok(!self.holds(*node, at)?),
            Op::If { condition, then, other } => {
                let branch = if self.holds(*condition, at)? { *then } else { *other };
                self.holds(branch, at)
            }
            Op::UnevaluatedProperties(TRUE) | Op::UnevaluatedItems(TRUE) => Ok(true),
            Op::UnevaluatedProperties(node) => Ok(self.unevaluated_members(id, *node, at)?.is_none()),
            Op::UnevaluatedItems(node) => self.covers_items(id, *node, at),
            Op::Ref(node) => self.holds(*node, at),
            Op::Dynamic(..) | Op::Recursive(_) => {
                let node = self.found(op);
                self.holds(node, at)
            }
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

    fn any(&mut self, span: Span, at: usize) -> Answer {
        Ok(self.count(span, at, 1)? > 0)
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
        if let Some(text) = value.as_str() {
            self.spend(1 + text.len() / 64)?;
            let key = |known: &Box<str>| (known.len(), &**known).cmp(&(text.len(), &*text));
            return Ok(match &*choice.texts {
                [only] => **only == *text,
                texts => texts.binary_search_by(key).is_ok(),
            });
        }
        for other in &choice.others {
            if self.equal(value, other.root())? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn text_holds(&mut self, rule: &TextRule, value: Json<'_>) -> Answer {
        let Some(text) = value.as_str() else { return Ok(true) };
        if !is_long_enough(rule, &text) {
            return Ok(false);
        }
        if rule.pattern.is_none() && rule.format.is_none() && rule.encoding.is_none() && rule.media_type.is_none() {
            return Ok(true);
        }
        self.spend(1 + text.len() / 8)?;
        Ok(rule.pattern.as_ref().is_none_or(|(pattern, _)| pattern.is_match(&text))
            && rule.format.as_ref().is_none_or(|(format, _)| format.holds(&text))
            && super::content::fault(rule, &text).is_none())
    }

    fn array_holds(&mut self, rule: &ArrayRule, at: usize) -> Answer {
        let value = self.value(at);
        let count = value.len();
        let prefix = self.program.list(rule.prefix);
        if (count as u64) < rule.min
            || rule.max.is_some_and(|max| count as u64 > max)
            || (rule.is_closed && count > prefix.len())
        {
            return Ok(false);
        }
        if !prefix.is_empty() || rule.rest.is_some_and(|rest| rest != TRUE) {
            self.spend(count)?;
            for (index, item) in value.items().enumerate() {
                let Some(node) = prefix.get(index).copied().or(rule.rest) else { break };
                if !self.holds(node, item.index())? {
                    return Ok(false);
                }
            }
        }
        if let Some(contains) = &rule.contains
            && self.contains(contains, at)?.is_some()
        {
            return Ok(false);
        }
        if rule.unique { self.is_unique(value) } else { Ok(true) }
    }

    /// The keyword that does not hold.
    pub fn contains(&mut self, rule: &Contains, at: usize) -> Result<Option<&'static str>, Spent> {
        let enough = if rule.max.is_some() { None } else { Some(rule.min.unwrap_or(1)) };
        let mut count = 0;
        self.spend(self.value(at).len())?;
        for item in self.value(at).items() {
            if enough.is_some_and(|enough| count >= enough) {
                break;
            }
            count += u64::from(self.holds(rule.node, item.index())?);
            if rule.max.is_some_and(|max| count > max) {
                return Ok(Some("maxContains"));
            }
        }
        let missing = count < rule.min.unwrap_or(1);
        Ok(match (missing, rule.min, rule.max) {
            (false, ..) => None,
            (true, Some(_), _) => Some("minContains"),
            (true, None, Some(_)) => Some("maxContains"),
            (true, None, None) => Some("contains"),
        })
    }

    fn object_holds(&mut self, rule: &ObjectRule, at: usize) -> Answer {
        let value = self.value(at);
        let count = value.len() as u64;
        if count < rule.min || count < rule.required.len() as u64 || rule.max.is_some_and(|max| count > max) {
            return Ok(false);
        }
        let mut seen = Bits::new(rule.required.len());
        if !rule.entries.is_empty() || !rule.patterns.is_empty() || rule.additional.is_some() || rule.names.is_some() {
            self.spend(value.len())?;
            for (name, member) in value.members() {
                if !self.member_holds(rule, name, member, &mut seen)? {
                    return Ok(false);
                }
            }
        }
        if seen.count() < rule.required.len() {
            return Ok(false);
        }
        for dependent in &rule.dependents {
            self.spend(value.len())?;
            if value.member(&dependent.name).is_none() {
                continue;
            }
            self.spend(value.len().saturating_mul(dependent.required.len()))?;
            if dependent.required.iter().any(|name| value.member(name).is_none()) {
                return Ok(false);
            }
            if let Some(node) = dependent.node
                && !self.holds(node, at)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn member_holds(&mut self, rule: &ObjectRule, name: Json<'_>, member: Json<'_>, seen: &mut Bits) -> Answer {
        let decoded;
        let text = match name.kind() {
            Kind::Plain => name.written(),
            _ => {
                decoded = name.as_str().unwrap_or_default();
                &*decoded
            }
        };
        let mut is_known = false;
        if let Some(entry) = rule.find(text).and_then(|index| rule.entries.get(index)) {
            entry.required.iter().for_each(|required| seen.insert(*required as usize));
            if let Some(node) = entry.node {
                is_known = true;
                if !self.holds(node, member.index())? {
                    return Ok(false);
                }
            }
        }
        for (pattern, node) in &rule.patterns {
            self.spend(1 + text.len() / 8)?;
            if pattern.is_match(text) {
                is_known = true;
                if !self.holds(*node, member.index())? {
                    return Ok(false);
                }
            }
        }
        match rule.additional {
            Some(Additional::Closed { .. }) if !is_known => return Ok(false),
            Some(Additional::Judged(node)) if !is_known && !self.holds(node, member.index())? => return Ok(false),
            _ => {}
        }
        rule.names.map_or(Ok(true), |node| self.holds(node, name.index()))
    }
}

/// The length in characters is only counted where the length in bytes leaves it open.
fn is_long_enough(rule: &TextRule, text: &str) -> bool {
    let bytes = text.len() as u64;
    let max = rule.max.unwrap_or(u64::MAX);
    if bytes < rule.min {
        return false;
    }
    if bytes.div_ceil(4) >= rule.min && bytes <= max {
        return true;
    }
    let count = text.chars().count() as u64;
    count >= rule.min && count <= max
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

/// What shared nodes said of arrays and objects, by node and value: an open table.
#[derive(Default)]
struct Memory {
    slots: Vec<(u64, bool)>,
    count: usize,
}

const FREE: u64 = u64::MAX;

impl Memory {
    fn key(id: Id, at: usize) -> u64 {
        (u64::from(id) << 32) | at as u64
    }

    fn slot(&self, key: u64) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
        while self.slots.get(slot).is_some_and(|(taken, _)| *taken != key && *taken != FREE) {
            slot = (slot + 1) & mask;
        }
        Some(slot)
    }

    fn get(&self, id: Id, at: usize) -> Option<bool> {
        let key = Memory::key(id, at);
        let (taken, answer) = self.slots.get(self.slot(key)?)?;
        (*taken == key).then_some(*answer)
    }

    fn put(&mut self, id: Id, at: usize, answer: bool) {
        if self.count * 2 >= self.slots.len() {
            let size = (self.slots.len() * 2).max(256);
            let old = std::mem::replace(&mut self.slots, vec![(FREE, false); size]);
            for (key, answer) in old.into_iter().filter(|(key, _)| *key != FREE) {
                self.write(key, answer);
            }
        }
        self.count += 1;
        self.write(Memory::key(id, at), answer);
    }

    fn write(&mut self, key: u64, answer: bool) {
        if let Some(slot) = self.slot(key).and_then(|slot| self.slots.get_mut(slot)) {
            *slot = (key, answer);
        }
    }
}
