//! The run that finds what does not hold. It walks the same instructions as the plain run, and asks that one about every
//! alternative, so that only the alternative that was meant is walked.

use super::content::{self, ContentFault};
use super::number::Number;
use super::program::{Additional, ArrayRule, Bound, Choice, Id, ObjectRule, Op, Program, Span, TextRule};
use super::run::{Run, Spent, within};
use crate::finding::Finding;
use crate::json::Kind;
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

/// A node that judges a value, and the path to the value.
#[derive(Clone, Copy)]
struct Site {
    node: Id,
    at: usize,
    path: usize,
}

impl Site {
    fn fault<'a>(self, what: What<'a>, faults: &mut Vec<Fault<'a>>) {
        faults.push(Fault { what, node: self.node, at: self.at, path: self.path, of_name: false });
    }
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
    /// Of the paths that lead to a fault, and to the value that is being judged.
    steps: Vec<Step>,
    /// How many bytes the findings may still have.
    room: u64,
    pub findings: Vec<Finding>,
}

impl<'a, 'b> Report<'a, 'b> {
    pub fn new(run: Run<'a>, base: &'b str, room: u64) -> Self {
        Report { run, base, steps: Vec::new(), room, findings: Vec::new() }
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
        let site = Site { node: id, at, path };
        let program = self.program();
        let node = program.node(id);
        if node.is_false {
            site.fault(What::False, faults);
            return Ok(());
        }
        if !node.takes(self.run.value(at)) {
            site.fault(What::Type, faults);
        }
        let length = self.run.enter(id)?;
        for op in program.ops(node) {
            self.collect_by(op, site, faults)?;
        }
        self.run.leave(length);
        Ok(())
    }

    fn collect_by(&mut self, op: &'a Op, site: Site, faults: &mut Vec<Fault<'a>>) -> Result<(), Spent> {
        match op {
            Op::Array(rule) => self.collect_array(rule, site, faults),
            Op::Object(rule) => self.collect_object(rule, site, faults),
            Op::All(span) => {
                for node in self.program().list(*span) {
                    self.collect(*node, site.at, site.path, faults)?;
                }
                Ok(())
            }
            Op::If { condition, then, other } => {
                let branch = if self.run.holds(*condition, site.at)? { *then } else { *other };
                self.collect(branch, site.at, site.path, faults)
            }
            Op::Ref(_) | Op::Dynamic(..) | Op::Recursive(_) => {
                let node = self.run.found(op);
                self.collect(node, site.at, site.path, faults)
            }
            Op::UnevaluatedProperties(node) => self.collect_unevaluated(*node, site, faults),
            _ => self.collect_own(op, site, faults),
        }
    }

    /// What does not hold of the value itself.
    fn collect_own(&mut self, op: &'a Op, site: Site, faults: &mut Vec<Fault<'a>>) -> Result<(), Spent> {
        let value = self.run.value(site.at);
        let what = match op {
            Op::Choice(choice) => (!self.run.is_chosen(choice, site.at)?).then_some(What::Choice(choice)),
            Op::Number(rule) if value.is_number() => {
                let wrong = rule.bounds.iter().filter(|bound| !within(bound, value));
                wrong.for_each(|bound| site.fault(What::Bound(bound), faults));
                None
            }
            Op::Text(rule) if value.is_string() => {
                let text = value.as_str().unwrap_or_default();
                self.run.spend(1 + text.len() / 8)?;
                of_text(rule, &text).into_iter().for_each(|what| site.fault(what, faults));
                None
            }
            Op::Any(span) => (self.run.count(*span, site.at, 1)? == 0).then_some(What::NoneOf("anyOf", *span)),
            Op::One(span) => match self.run.count(*span, site.at, 2)? {
                0 => Some(What::NoneOf("oneOf", *span)),
                1 => None,
                _ => Some(What::ManyOf),
            },
            Op::Not(node) => self.run.holds(*node, site.at)?.then_some(What::Not),
            Op::UnevaluatedItems(node) => {
                (!self.run.covers_items(site.node, *node, site.at)?).then_some(What::UnevaluatedItems)
            }
            _ => None,
        };
        what.into_iter().for_each(|what| site.fault(what, faults));
        Ok(())
    }

    fn collect_unevaluated(&mut self, node: Id, site: Site, faults: &mut Vec<Fault<'a>>) -> Result<(), Spent> {
        for member in self.run.unevaluated_members(site.node, node, site.at)?.unwrap_or_default() {
            let path = self.step(site.path, member, None);
            let what = What::Member { keyword: "unevaluatedProperties", alone: false };
            Site { at: member, path, ..site }.fault(what, faults);
        }
        Ok(())
    }

    fn collect_array(&mut self, rule: &'a ArrayRule, site: Site, faults: &mut Vec<Fault<'a>>) -> Result<(), Spent> {
        if self.run.kind(site.at) != Kind::Array {
            return Ok(());
        }
        let count = self.run.len(site.at) as u64;
        if count < rule.min {
            site.fault(What::MinItems(rule.min), faults);
        }
        if let Some(max) = rule.max.filter(|max| count > *max) {
            site.fault(What::MaxItems(max), faults);
        }
        if rule.unique && !self.run.is_unique(self.run.value(site.at))? {
            site.fault(What::Unique, faults);
        }
        self.collect_items(rule, site, faults)?;
        if rule.is_closed && count > rule.prefix.len() as u64 {
            site.fault(What::AdditionalItems(rule.prefix.len()), faults);
        }
        if let Some(contains) = &rule.contains
            && let Some(keyword) = self.run.contains(contains, site.at)?
        {
            site.fault(What::Contains(keyword), faults);
        }
        Ok(())
    }

    fn collect_items(&mut self, rule: &'a ArrayRule, site: Site, faults: &mut Vec<Fault<'a>>) -> Result<(), Spent> {
        let prefix = self.program().list(rule.prefix);
        let (mut item, end) = (site.at + 1, self.run.end(site.at));
        let mut index = 0;
        while item < end
            && let Some(node) = prefix.get(index).copied().or(rule.rest)
        {
            let (path, first) = (self.step(site.path, item, Some(index)), faults.len());
            self.collect(node, item, path, faults)?;
            if faults.len() == first {
                self.steps.truncate(path);
            }
            index += 1;
            item = self.run.end(item);
        }
        Ok(())
    }

    fn collect_object(&mut self, rule: &'a ObjectRule, site: Site, faults: &mut Vec<Fault<'a>>) -> Result<(), Spent> {
        if self.run.kind(site.at) != Kind::Object {
            return Ok(());
        }
        let count = self.run.len(site.at) as u64;
        if count < rule.min {
            site.fault(What::MinProperties(rule.min), faults);
        }
        if let Some(max) = rule.max.filter(|max| count > *max) {
            site.fault(What::MaxProperties(max), faults);
        }
        for name in rule.required.iter().filter_map(|entry| rule.known.get(*entry as usize)) {
            if !self.run.has_member(site.at, name)? {
                site.fault(What::Required("required", name), faults);
            }
        }
        self.collect_dependents(rule, site, faults, "dependentRequired")?;
        self.collect_members(rule, site, faults)?;
        // `propertyNames: false` is about the object, not about its names.
        if let Some(names) = rule.names.filter(|names| self.program().node(*names).is_false && count > 0) {
            Site { node: names, ..site }.fault(What::False, faults);
        }
        self.collect_dependents(rule, site, faults, "dependencies")?;
        self.collect_dependents(rule, site, faults, "dependentSchemas")
    }

    fn collect_members(&mut self, rule: &'a ObjectRule, site: Site, faults: &mut Vec<Fault<'a>>) -> Result<(), Spent> {
        let (mut name, end) = (site.at + 1, self.run.end(site.at));
        while name < end {
            let (path, first) = (self.step(site.path, name + 1, None), faults.len());
            self.collect_member(rule, Site { at: name + 1, path, ..site }, faults)?;
            if faults.len() == first {
                self.steps.truncate(path);
            }
            name = self.run.end(name + 1);
        }
        Ok(())
    }

    /// `site` is the member's, for the node of its object.
    fn collect_member(&mut self, rule: &'a ObjectRule, site: Site, faults: &mut Vec<Fault<'a>>) -> Result<(), Spent> {
        let name = site.at - 1;
        let declared = self.run.entry(rule, name).and_then(|entry| entry.node);
        let mut is_known = declared.is_some();
        if let Some(node) = declared {
            self.collect(node, site.at, site.path, faults)?;
        }
        for (pattern, node) in &rule.patterns {
            if self.run.matches(pattern, name)? {
                is_known = true;
                self.collect(*node, site.at, site.path, faults)?;
            }
        }
        match rule.additional {
            Some(Additional::Closed { alone }) if !is_known => {
                site.fault(What::Member { keyword: "additionalProperties", alone }, faults);
            }
            Some(Additional::Judged(node)) if !is_known => self.collect(node, site.at, site.path, faults)?,
            _ => {}
        }
        if let Some(node) = rule.names.filter(|names| !self.program().node(*names).is_false) {
            let first = faults.len();
            self.collect(node, name, site.path, faults)?;
            faults.iter_mut().skip(first).for_each(|fault| fault.of_name = true);
        }
        Ok(())
    }

    fn collect_dependents(
        &mut self,
        rule: &'a ObjectRule,
        site: Site,
        faults: &mut Vec<Fault<'a>>,
        keyword: &'static str,
    ) -> Result<(), Spent> {
        for dependent in rule.dependents.iter().filter(|dependent| dependent.keyword == keyword) {
            if !self.run.has_member(site.at, &dependent.name)? {
                continue;
            }
            for name in &dependent.required {
                if !self.run.has_member(site.at, name)? {
                    site.fault(What::Required(keyword, name), faults);
                }
            }
            if let Some(node) = dependent.node {
                self.collect(node, site.at, site.path, faults)?;
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
            let shown = if let What::Choice(choice) = fault.what { choice.size } else { 16 };
            let facts: usize = finding.facts.iter().map(|(_, fact)| fact.as_str().map_or(shown, str::len)).sum();
            let size = finding.message.len() + finding.at.as_ref().map_or(0, String::len) + facts;
            self.room = self.room.checked_sub(size as u64).ok_or(Spent)?;
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
