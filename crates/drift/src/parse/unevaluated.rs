//! `unevaluatedProperties` and `unevaluatedItems`, exactly: what evaluates a member depends on which branches hold, so each
//! is written as "one of these branches holds, or the member is as `unevaluated*` says".

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::structure::element_keywords;
use super::{Parser, Schema};
use crate::document::{Target, escaped};
use crate::draft::Draft;
use crate::node::{Elements, Id, Members, Node};
use crate::pattern::Pattern;

/// Beyond these the keyword is not modelled.
const DEEPEST: usize = 16;
const MOST_EVALUATORS: usize = 2_000;
const MOST_SUBSETS: usize = 5;

/// What a keyword evaluates, where its condition holds.
struct Evaluator {
    when: Id,
    what: Evaluated,
}

enum Evaluated {
    Member(String),
    Pattern(String),
    EveryMember,
    /// The first elements.
    First(usize),
    EveryElement,
    /// The elements that match.
    Matching(Id),
}

impl Parser<'_> {
    pub(super) fn unevaluated(&mut self, schema: &mut Schema) {
        let draft = self.document.draft;
        let keywords = ["unevaluatedProperties", "unevaluatedItems"];
        if draft < Draft::Draft201909 || !keywords.iter().any(|keyword| schema.has(keyword)) {
            return;
        }
        let always = self.arena.always();
        let mut found = Vec::new();
        let known = self.evaluators(schema.pointer, always, 0, &mut found);
        for keyword in keywords {
            if !schema.has(keyword) {
                continue;
            }
            let wanted = self.sub(schema, keyword);
            if wanted == always {
                continue;
            }
            let nodes = match (known, keyword) {
                (None, _) => None,
                (Some(()), "unevaluatedProperties") => self.unevaluated_members(&found, wanted),
                (Some(()), _) => self.unevaluated_elements(&found, wanted),
            };
            match nodes {
                Some(nodes) => schema.found.extend(nodes),
                None => {
                    let place = schema.place(keyword);
                    let id = self.opaque("what is left unevaluated here", &place);
                    schema.found.push(id);
                }
            }
        }
    }

    /// Collects what evaluates, where `when` holds. `None`: it depends on what is not modelled.
    fn evaluators(&mut self, pointer: &str, when: Id, depth: usize, found: &mut Vec<Evaluator>) -> Option<()> {
        let Some(Value::Object(keywords)) = self.document.at(pointer) else { return Some(()) };
        if depth > DEEPEST || found.len() > MOST_EVALUATORS || keywords.contains_key("dependencies") {
            return None;
        }
        let schema = Schema { keywords, pointer, found: Vec::new() };
        self.own_evaluators(&schema, when, depth > 0, found);
        for (_, target) in self.document.references(pointer, keywords) {
            let Target::Here(target) = target else { return None };
            self.evaluators(&target, when, depth + 1, found)?;
        }
        let branches = |keyword: &str| {
            let count = keywords.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
            let place = schema.place(keyword);
            (0..count).map(move |index| format!("{place}/{index}"))
        };
        for branch in branches("allOf") {
            self.evaluators(&branch, when, depth + 1, found)?;
        }
        for branch in branches("anyOf").chain(branches("oneOf")) {
            let holds = self.schema_at(&branch);
            let when = self.arena.all([when, holds]);
            self.evaluators(&branch, when, depth + 1, found)?;
        }
        if schema.has("if") {
            let condition = self.sub(&schema, "if");
            let otherwise = self.arena.not(condition);
            let (then, or_else) = (self.arena.all([when, condition]), self.arena.all([when, otherwise]));
            self.evaluators(&schema.place("if"), then, depth + 1, found)?;
            self.evaluators(&schema.place("then"), then, depth + 1, found)?;
            self.evaluators(&schema.place("else"), or_else, depth + 1, found)?;
        }
        if let Some(Value::Object(map)) = keywords.get("dependentSchemas") {
            for name in map.keys() {
                let has = self.has_member(name);
                let when = self.arena.all([when, has]);
                let place = format!("{}/{}", schema.place("dependentSchemas"), escaped(name));
                self.evaluators(&place, when, depth + 1, found)?;
            }
        }
        Some(())
    }

    /// What the keywords of one schema evaluate themselves.
    fn own_evaluators(&mut self, schema: &Schema, when: Id, inner: bool, found: &mut Vec<Evaluator>) {
        let mut add = |what| found.push(Evaluator { when, what });
        let names = |keyword: &str| {
            let map = schema.keywords.get(keyword).and_then(Value::as_object);
            map.into_iter().flat_map(|map| map.keys().cloned())
        };
        names("properties").map(Evaluated::Member).for_each(&mut add);
        names("patternProperties").map(Evaluated::Pattern).for_each(&mut add);
        if schema.has("additionalProperties") || (inner && schema.has("unevaluatedProperties")) {
            add(Evaluated::EveryMember);
        }
        let draft = self.document.draft;
        let (first, rest) = element_keywords(schema, draft);
        if let Some(list) = first.and_then(|keyword| schema.keywords.get(keyword)).and_then(Value::as_array) {
            add(Evaluated::First(list.len()));
        }
        if schema.has(rest) || (inner && schema.has("unevaluatedItems")) {
            add(Evaluated::EveryElement);
        }
        if schema.has("contains") && draft >= Draft::Draft202012 {
            let matching = self.sub(schema, "contains");
            found.push(Evaluator { when, what: Evaluated::Matching(matching) });
        }
    }

    fn unevaluated_members(&mut self, found: &[Evaluator], wanted: Id) -> Option<Vec<Id>> {
        let always = self.arena.always();
        let mut names = BTreeSet::new();
        let mut patterns: BTreeMap<&str, Pattern> = BTreeMap::new();
        for evaluator in found {
            match &evaluator.what {
                Evaluated::Member(name) => _ = names.insert(name),
                Evaluated::Pattern(text) => _ = patterns.insert(text, Pattern::read(text)?),
                _ => {}
            }
        }
        if patterns.len() > MOST_SUBSETS {
            return None;
        }
        let mut rules = Vec::new();
        let mut by_condition: BTreeMap<Id, BTreeMap<String, Id>> = BTreeMap::new();
        for name in &names {
            let whens = found.iter().filter(|evaluator| match &evaluator.what {
                Evaluated::Member(other) => other == *name,
                Evaluated::Pattern(text) => patterns.get(text.as_str()).is_some_and(|pattern| pattern.matches(name)),
                Evaluated::EveryMember => true,
                _ => false,
            });
            let condition = self.arena.any(whens.map(|evaluator| evaluator.when));
            by_condition.entry(condition).or_default().insert((*name).clone(), wanted);
        }
        for (condition, named) in by_condition {
            if condition != always {
                let members = self.arena.put(Node::Members(Members { named, patterns: Vec::new(), rest: always }));
                rules.push(self.arena.any([condition, members]));
            }
        }
        // Members without a name of their own, by the patterns that they may match: what holds for more of them is implied.
        let texts: Vec<&str> = patterns.keys().copied().collect();
        for subset in subsets(&texts) {
            let whens = found.iter().filter(|evaluator| match &evaluator.what {
                Evaluated::Pattern(text) => subset.contains(&text.as_str()),
                Evaluated::EveryMember => true,
                _ => false,
            });
            let condition = self.arena.any(whens.map(|evaluator| evaluator.when));
            if condition == always {
                continue;
            }
            let others = texts.iter().filter(|text| !subset.contains(text)).map(|text| ((*text).to_owned(), always));
            let named = names.iter().map(|name| ((*name).clone(), always)).collect();
            let members = Members { named, patterns: others.collect(), rest: wanted };
            let members = self.arena.put(Node::Members(members));
            rules.push(self.arena.any([condition, members]));
        }
        Some(rules)
    }

    fn unevaluated_elements(&mut self, found: &[Evaluator], wanted: Id) -> Option<Vec<Id>> {
        let always = self.arena.always();
        let (mut wanted, mut matching, mut length) = (wanted, Vec::new(), 0);
        for evaluator in found {
            match &evaluator.what {
                Evaluated::Matching(inner) if evaluator.when == always => wanted = self.arena.any([wanted, *inner]),
                Evaluated::Matching(inner) => matching.push((evaluator.when, *inner)),
                Evaluated::First(count) => length = length.max(*count),
                _ => {}
            }
        }
        if matching.len() > MOST_SUBSETS {
            return None;
        }
        let mut conditions = Vec::new();
        for index in 0..=length {
            let whens = found.iter().filter(|evaluator| match evaluator.what {
                Evaluated::First(count) => count > index,
                Evaluated::EveryElement => true,
                _ => false,
            });
            conditions.push(self.arena.any(whens.map(|evaluator| evaluator.when)));
        }
        let distinct: BTreeSet<Id> = conditions.iter().copied().filter(|condition| *condition != always).collect();
        let mut rules = Vec::new();
        for condition in distinct {
            for failing in subsets(&matching) {
                let whens = failing.iter().map(|(when, _)| *when).chain([condition]);
                let condition_or = self.arena.any(whens);
                let holding = matching.iter().filter(|pair| !failing.contains(pair)).map(|(_, inner)| *inner);
                let element = self.arena.any(holding.chain([wanted]));
                let mut first: Vec<Id> =
                    conditions.iter().map(|other| if *other == condition { element } else { always }).collect();
                let rest = first.pop().unwrap_or(always);
                let elements = self.arena.put(Node::Elements(Elements { first, rest }));
                rules.push(self.arena.any([condition_or, elements]));
            }
        }
        Some(rules)
    }
}

fn subsets<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    for item in items {
        let with = all.iter().map(|subset: &Vec<T>| subset.iter().cloned().chain([item.clone()]).collect());
        let with: Vec<Vec<T>> = with.collect();
        all.extend(with);
    }
    all
}
