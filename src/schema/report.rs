//! The run that finds what does not hold. It walks the same instructions as the plain run, and asks that one about every
//! alternative, so that only the alternative that was meant is walked.

use super::content::{self, ContentFault};
use super::number::Number;
use super::program::{Additional, ArrayRule, Bound, Choice, Id, ObjectRule, Op, Program, Span, TextRule};
use super::run::{Run, Spent, within};
use crate::finding::Finding;
use crate::json::Json;
use crate::place::pointer_token;

/// What does not hold.
#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    False,
    Type,
    Choice(&'a Choice),
    Bound(&'a (Bound, Number, serde_json::Value)),
    MinLength(u64),
    MaxLength(u64),
    Pattern(&'a str),
    Format(&'a str),
    Content(ContentFault, &'a TextRule),
    MinItems(u64),
    MaxItems(u64),
    AdditionalItems(usize),
    Contains(&'static str),
    Unique,
    UnevaluatedItems,
    MinProperties(u64),
    MaxProperties(u64),
    Required(&'static str, &'a str),
    /// A member that may not stand there, by a keyword. Whether the schema says nothing of any member.
    Member {
        keyword: &'static str,
        alone: bool,
    },
    NoneOf(&'static str, Span),
    ManyOf,
    Not,
}

#[derive(Clone, Copy)]
pub(super) struct Fault<'a> {
    pub what: What<'a>,
    pub node: Id,
    pub at: usize,
    path: usize,
    /// It is the name of the member that does not hold.
    pub of_name: bool,
}

/// A step of a path to a value.
struct Step {
    outer: usize,
    at: usize,
    /// The number of an item. A member has its name before it.
    index: Option<usize>,
}

pub(super) struct Report<'a, 'b> {
    pub run: Run<'a>,
    base: &'b str,
    steps: Vec<Step>,
    pub findings: Vec<Finding>,
}

impl<'a, 'b> Report<'a, 'b> {
    pub fn new(run: Run<'a>, base: &'b str) -> Self {
        Report { run, base, steps: Vec::new(), findings: Vec::new() }
    }

    /// Finds everything that does not hold for a value.
    pub fn find(&mut self, root: Id, at: usize) -> Result<(), Spent> {
        self.steps.push(Step { outer: 0, at, index: None });
        let mut faults = Vec::new();
        self.collect(root, at, 0, &mut faults)?;
        self.tell(&faults)
    }

    pub fn program(&self) -> &'a Program {
        self.run.program
    }

    /// A path one step further in.
    fn step(&mut self, outer: usize, at: usize, index: Option<usize>) -> usize {
        self.steps.push(Step { outer, at, index });
        self.steps.len() - 1
    }

    fn pointer(&self, path: usize) -> String {
        let mut tokens = Vec::new();
        let mut path = path;
        while path > 0
            && let Some(step) = self.steps.get(path)
        {
            tokens.push(match step.index {
                Some(index) => index.to_string(),
                None => pointer_token(&self.run.value(step.at - 1).as_str().unwrap_or_default()),
            });
            path = step.outer;
        }
        tokens.iter().rev().fold(self.base.to_owned(), |pointer, token| format!("{pointer}/{token}"))
    }

    fn collect(&mut self, id: Id, at: usize, path: usize, faults: &mut Vec<Fault<'a>>) -> Result<(), Spent> {
        self.run.spend(1)?;
        let program = self.program();
        let node = program.node(id);
        let fault = |what| Fault { what, node: id, at, path, of_name: false };
        if node.is_false {
            faults.push(fault(What::False));
            return Ok(());
        }
        if !node.takes(self.run.value(at)) {
            faults.push(fault(What::Type));
        }
        let length = self.run.enter(id)?;
        for op in program.ops(node) {
            self.collect_by(op, id, at, path, faults)?;
        }
        self.run.leave(length);
        Ok(())
    }

    fn collect_by(
        &mut self,
        op: &'a Op,
        id: Id,
        at: usize,
        path: usize,
        faults: &mut Vec<Fault<'a>>,
    ) -> Result<(), Spent> {
        let value = self.run.value(at);
        let fault = |what| Fault { what, node: id, at, path, of_name: false };
        match op {
            Op::Choice(choice) => {
                if !self.run.is_chosen(choice, at)? {
                    faults.push(fault(What::Choice(choice)));
                }
            }
            Op::Number(rule) if value.is_number() => {
                faults.extend(rule.bounds.iter().filter(|bound| !within(bound, value)).map(|b| fault(What::Bound(b))));
            }
            Op::Text(rule) if value.is_string() => {
                let text = value.as_str().unwrap_or_default();
                self.run.spend(1 + text.len() / 8)?;
                faults.extend(of_text(rule, &text).into_iter().map(fault));
            }
            Op::Array(rule) if value.is_array() => self.collect_items(rule, id, at, path, faults)?,
            Op::Object(rule) if value.is_object() => self.collect_members(rule, id, at, path, faults)?,
            Op::Number(_) | Op::Text(_) | Op::Array(_) | Op::Object(_) => {}
            Op::All(span) => {
                for node in self.program().list(*span) {
                    self.collect(*node, at, path, faults)?;
                }
            }
            Op::Any(span) => {
                if self.run.count(*span, at, 1)? == 0 {
                    faults.push(fault(What::NoneOf("anyOf", *span)));
                }
            }
            Op::One(span) => match self.run.count(*span, at, 2)? {
                0 => faults.push(fault(What::NoneOf("oneOf", *span))),
                1 => {}
                _ => faults.push(fault(What::ManyOf)),
            },
            Op::Not(node) => {
                if self.run.holds(*node, at)? {
                    faults.push(fault(What::Not));
                }
            }
            Op::If { condition, then, other } => {
                let branch = if self.run.holds(*condition, at)? { *then } else { *other };
                self.collect(branch, at, path, faults)?;
            }
            Op::UnevaluatedProperties(node) => {
                for member in self.run.unevaluated_members(id, *node, at)?.unwrap_or_default() {
                    let path = self.step(path, member, None);
                    let what = What::Member { keyword: "unevaluatedProperties", alone: false };
                    faults.push(Fault { what, node: id, at: member, path, of_name: false });
                }
            }
            Op::UnevaluatedItems(node) => {
                if !self.run.covers_items(id, *node, at)? {
                    faults.push(fault(What::UnevaluatedItems));
                }
            }
            Op::Ref(_) | Op::Dynamic(..) | Op::Recursive(_) => {
                let node = self.run.found(op);
                self.collect(node, at, path, faults)?;
            }
        }
        Ok(())
    }

    fn collect_items(
        &mut self,
        rule: &'a ArrayRule,
        id: Id,
        at: usize,
        path: usize,
        faults: &mut Vec<Fault<'a>>,
    ) -> Result<(), Spent> {
        let value = self.run.value(at);
        let fault = |what| Fault { what, node: id, at, path, of_name: false };
        let count = value.len() as u64;
        let prefix = self.program().list(rule.prefix);
        faults.extend((count < rule.min).then(|| fault(What::MinItems(rule.min))));
        faults.extend(rule.max.filter(|max| count > *max).map(|max| fault(What::MaxItems(max))));
        if rule.unique && !self.run.is_unique(value)? {
            faults.push(fault(What::Unique));
        }
        for (index, item) in value.items().enumerate() {
            let Some(node) = prefix.get(index).copied().or(rule.rest) else { break };
            let path = self.step(path, item.index(), Some(index));
            self.collect(node, item.index(), path, faults)?;
        }
        if rule.is_closed && value.len() > prefix.len() {
            faults.push(fault(What::AdditionalItems(prefix.len())));
        }
        if let Some(contains) = &rule.contains {
            faults.extend(self.run.contains(contains, at)?.map(|keyword| fault(What::Contains(keyword))));
        }
        Ok(())
    }

    fn collect_members(
        &mut self,
        rule: &'a ObjectRule,
        id: Id,
        at: usize,
        path: usize,
        faults: &mut Vec<Fault<'a>>,
    ) -> Result<(), Spent> {
        let value = self.run.value(at);
        let fault = |what| Fault { what, node: id, at, path, of_name: false };
        let count = value.len() as u64;
        faults.extend((count < rule.min).then(|| fault(What::MinProperties(rule.min))));
        faults.extend(rule.max.filter(|max| count > *max).map(|max| fault(What::MaxProperties(max))));
        for entry in rule.required.iter().filter_map(|entry| rule.entries.get(*entry as usize)) {
            self.run.spend(value.len())?;
            if value.member(&entry.name).is_none() {
                faults.push(fault(What::Required("required", &entry.name)));
            }
        }
        self.collect_dependents(rule, id, at, path, faults, "dependentRequired")?;
        for (name, member) in value.members() {
            let path = self.step(path, member.index(), None);
            self.collect_member(rule, id, name, member, path, faults)?;
        }
        // `propertyNames: false` is about the object, not about its names.
        let no_names = rule.names.filter(|names| self.program().node(*names).is_false && count > 0);
        faults.extend(no_names.map(|names| Fault { node: names, ..fault(What::False) }));
        self.collect_dependents(rule, id, at, path, faults, "dependencies")?;
        self.collect_dependents(rule, id, at, path, faults, "dependentSchemas")
    }

    fn collect_member(
        &mut self,
        rule: &'a ObjectRule,
        id: Id,
        name: Json<'a>,
        member: Json<'a>,
        path: usize,
        faults: &mut Vec<Fault<'a>>,
    ) -> Result<(), Spent> {
        let at = member.index();
        let text = name.as_str().unwrap_or_default();
        let declared = rule.find(&text).and_then(|entry| rule.entries.get(entry)?.node);
        let mut is_known = declared.is_some();
        if let Some(node) = declared {
            self.collect(node, at, path, faults)?;
        }
        for (pattern, node) in &rule.patterns {
            self.run.spend(1 + text.len() / 8)?;
            if pattern.is_match(&text) {
                is_known = true;
                self.collect(*node, at, path, faults)?;
            }
        }
        match rule.additional {
            Some(Additional::Closed { alone }) if !is_known => {
                let what = What::Member { keyword: "additionalProperties", alone };
                faults.push(Fault { what, node: id, at, path, of_name: false });
            }
            Some(Additional::Judged(node)) if !is_known => self.collect(node, at, path, faults)?,
            _ => {}
        }
        if let Some(node) = rule.names.filter(|names| !self.program().node(*names).is_false) {
            let mut of_name = Vec::new();
            self.collect(node, name.index(), path, &mut of_name)?;
            faults.extend(of_name.into_iter().map(|fault| Fault { of_name: true, ..fault }));
        }
        Ok(())
    }

    fn collect_dependents(
        &mut self,
        rule: &'a ObjectRule,
        id: Id,
        at: usize,
        path: usize,
        faults: &mut Vec<Fault<'a>>,
        keyword: &'static str,
    ) -> Result<(), Spent> {
        let value = self.run.value(at);
        for dependent in rule.dependents.iter().filter(|dependent| dependent.keyword == keyword) {
            self.run.spend(value.len().saturating_mul(1 + dependent.required.len()))?;
            if value.member(&dependent.name).is_none() {
                continue;
            }
            let missing = dependent.required.iter().filter(|name| value.member(name).is_none());
            let missing = missing.map(|name| What::Required(keyword, name));
            faults.extend(missing.map(|what| Fault { what, node: id, at, path, of_name: false }));
            if let Some(node) = dependent.node {
                self.collect(node, at, path, faults)?;
            }
        }
        Ok(())
    }

    /// Makes findings of faults: of alternatives, those of the one that was meant, if there is one.
    fn tell(&mut self, faults: &[Fault<'a>]) -> Result<(), Spent> {
        for fault in faults {
            let mut at = fault.path;
            if let What::NoneOf(_, span) = fault.what
                && !fault.of_name
            {
                let mut branches = Vec::new();
                for node in self.program().list(span) {
                    let mut branch = Vec::new();
                    self.collect(*node, fault.at, fault.path, &mut branch)?;
                    branches.push(branch);
                }
                if let Some(meant) = meant(fault, &branches) {
                    self.tell(meant)?;
                    continue;
                }
                at = self.told_apart_at(fault, &branches).unwrap_or(at);
            }
            let finding = self.finding(fault, self.pointer(at));
            let size: usize = finding.facts.iter().map(|(_, fact)| fact.as_str().map_or(16, str::len)).sum();
            self.run.spend(16 + (finding.message.len() + size) / 16)?;
            self.findings.push(finding);
        }
        Ok(())
    }

    /// The member that distinguishes the alternatives but matches none of them: the one place where each of them fails
    /// on a constant or an enumeration.
    fn told_apart_at(&self, fault: &Fault<'_>, branches: &[Vec<Fault<'_>>]) -> Option<usize> {
        let places = |branch: &[Fault<'_>]| -> Vec<(usize, usize)> {
            let named = branch.iter().filter(|inner| matches!(inner.what, What::Choice(_)) && !inner.of_name);
            let mut places: Vec<(usize, usize)> = named.map(|inner| (inner.at, inner.path)).collect();
            places.sort_unstable();
            places
        };
        let (first, rest) = branches.split_first()?;
        let rest: Vec<_> = rest.iter().map(|branch| places(branch)).collect();
        let is_shared = |at: usize| rest.iter().all(|places| places.binary_search_by_key(&at, |place| place.0).is_ok());
        let shared = places(first).into_iter().filter(|(at, _)| *at != fault.at && is_shared(*at));
        shared.map(|(_, path)| (self.pointer(path), path)).min().map(|(_, path)| path)
    }
}

/// The one alternative that was meant, if there is one. The others fail on a constant, on an enumeration or on the
/// type of the whole, which is what distinguishes events.
fn meant<'b, 'a>(whole: &Fault<'_>, branches: &'b [Vec<Fault<'a>>]) -> Option<&'b [Fault<'a>]> {
    let discriminates = |inner: &Fault<'_>| match inner.what {
        _ if inner.of_name => false,
        What::Choice(_) | What::False | What::Member { alone: true, .. } => true,
        What::Type => inner.at == whole.at,
        _ => false,
    };
    let mut candidates = branches.iter().filter(|faults| !faults.is_empty() && !faults.iter().any(discriminates));
    match (candidates.next(), candidates.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn of_text<'a>(rule: &'a TextRule, text: &str) -> Vec<What<'a>> {
    let mut wrong = Vec::new();
    if rule.min > 0 || rule.max.is_some() {
        let count = text.chars().count() as u64;
        wrong.extend((count < rule.min).then_some(What::MinLength(rule.min)));
        wrong.extend(rule.max.filter(|max| count > *max).map(What::MaxLength));
    }
    let pattern = rule.pattern.as_ref().filter(|(pattern, _)| !pattern.is_match(text));
    wrong.extend(pattern.map(|(_, original)| What::Pattern(original)));
    let format = rule.format.as_ref().filter(|(format, _)| !format.holds(text));
    wrong.extend(format.map(|(_, name)| What::Format(name)));
    wrong.extend(content::fault(rule, text).map(|fault| What::Content(fault, rule)));
    wrong
}
