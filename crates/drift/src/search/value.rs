//! Whether a value meets a node: our own validator.

use serde_json::Value;

use super::{DEEPEST_CALL, Literal, Search};
use crate::node::{Id, Members, Node, WHOLE, type_of};
use crate::parse::levelled;
use crate::pattern::Pattern;
use crate::rational::Rational;

/// "And" of three values: a no decides, then what is not known.
fn all(results: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut outcome = Some(true);
    for result in results {
        match result {
            Some(true) => {}
            Some(false) => return Some(false),
            None => outcome = None,
        }
    }
    outcome
}

impl Search<'_> {
    /// Whether a value is what all of these say. After a no, nothing more is asked.
    pub(crate) fn meets_all(&mut self, literals: &[Literal], value: &Value) -> Option<bool> {
        all(literals.iter().map(|literal| Some(self.meets(literal.id, value)? == literal.holds)))
    }

    /// `None` where it cannot be told.
    pub(crate) fn meets(&mut self, id: Id, value: &Value) -> Option<bool> {
        if self.calls >= DEEPEST_CALL || !self.pay(1) {
            return None;
        }
        self.calls += 1;
        let node = self.arena.node(id);
        let outcome = self.meets_node(&node, value);
        self.calls -= 1;
        outcome
    }

    fn meets_node(&mut self, node: &Node, value: &Value) -> Option<bool> {
        match node {
            Node::True => Some(true),
            Node::False => Some(false),
            Node::Not(inner) => self.meets(*inner, value).map(|holds| !holds),
            Node::All(ids) => all(ids.iter().map(|id| self.meets(*id, value))),
            Node::Any(ids) => all(ids.iter().map(|id| Some(!self.meets(*id, value)?))).map(|none| !none),
            Node::One(ids) => {
                let held = ids.iter().map(|id| self.meets(*id, value)).collect::<Option<Vec<bool>>>()?;
                Some(held.into_iter().filter(|holds| *holds).count() == 1)
            }
            Node::Reference(slot) => self.arena.slot(*slot).and_then(|target| self.meets(target, value)),
            Node::Type(types) => Some(type_of(value) & types != 0),
            Node::Enum(values) => Some(values.contains(&levelled(value))),
            Node::Written => Some(type_of(value) != WHOLE || !value.is_f64()),
            Node::Opaque(_) => None,
            node => self.meets_typed(node, value),
        }
    }

    /// Keywords that constrain one type and let the others be.
    fn meets_typed(&mut self, node: &Node, value: &Value) -> Option<bool> {
        match (node, value) {
            (Node::Minimum(bound, outside), Value::Number(_)) => {
                let order = Rational::of(value)?.compare(*bound)?;
                Some(if *outside { order.is_gt() } else { order.is_ge() })
            }
            (Node::Maximum(bound, outside), Value::Number(_)) => {
                let order = Rational::of(value)?.compare(*bound)?;
                Some(if *outside { order.is_lt() } else { order.is_le() })
            }
            (Node::Multiple(of), Value::Number(_)) => Rational::of(value)?.is_multiple_of(*of),
            (Node::MinLength(least), Value::String(text)) => Some(text.chars().count() as u64 >= *least),
            (Node::MaxLength(most), Value::String(text)) => Some(text.chars().count() as u64 <= *most),
            (Node::Pattern(pattern), Value::String(text)) => self.matches(pattern, text),
            (Node::Checked(draft, keyword), Value::String(_)) => self.checks.keyword(*draft, keyword, value),
            (Node::Elements(elements), Value::Array(list)) => {
                all(list.iter().enumerate().map(|(index, value)| self.meets(elements.at(index), value)))
            }
            (Node::MinItems(least), Value::Array(list)) => Some(list.len() as u64 >= *least),
            (Node::MaxItems(most), Value::Array(list)) => Some(list.len() as u64 <= *most),
            (Node::Unique, Value::Array(list)) => {
                let list: Vec<Value> = list.iter().map(levelled).collect();
                Some(list.iter().enumerate().all(|(index, value)| !list.iter().take(index).any(|other| other == value)))
            }
            (Node::AtLeast(inner, least), Value::Array(list)) => {
                let (mut sure, mut open) = (0, 0);
                for value in list {
                    match self.meets(*inner, value) {
                        Some(true) => sure += 1,
                        Some(false) => {}
                        None => open += 1,
                    }
                }
                if sure >= *least { Some(true) } else { (sure + open < *least).then_some(false) }
            }
            (Node::Members(members), Value::Object(map)) => all(map.iter().map(|(name, value)| {
                let mut open = false;
                let ids = self.governing(members, name, &mut open);
                let outcome = all(ids.iter().map(|id| self.meets(*id, value)));
                if open && outcome == Some(true) { None } else { outcome }
            })),
            (Node::Required(name), Value::Object(map)) => Some(map.contains_key(name)),
            (Node::MinMembers(least), Value::Object(map)) => Some(map.len() as u64 >= *least),
            (Node::MaxMembers(most), Value::Object(map)) => Some(map.len() as u64 <= *most),
            (Node::Names(inner), Value::Object(map)) => {
                all(map.keys().map(|name| self.meets(*inner, &Value::from(name.as_str()))))
            }
            _ => Some(true),
        }
    }

    /// Whether a text matches: by our automata, or by the caller's validator where they cannot read the pattern.
    pub(super) fn matches(&mut self, pattern: &str, text: &str) -> Option<bool> {
        if let Some(pattern) = self.pattern(pattern) {
            return Some(pattern.matches(text));
        }
        let keyword = serde_json::json!({ "pattern": pattern }).to_string();
        self.checks.keyword(crate::Draft::Draft202012, &keyword, &Value::from(text))
    }

    pub(super) fn pattern(&mut self, text: &str) -> Option<std::rc::Rc<Pattern>> {
        if let Some(known) = self.patterns.get(text) {
            return known.clone();
        }
        let pattern = Pattern::read(text).map(std::rc::Rc::new);
        self.patterns.insert(text.to_owned(), pattern.clone());
        pattern
    }

    /// The nodes that govern a member; `open` where a pattern cannot be read.
    pub(super) fn governing(&mut self, members: &Members, name: &str, open: &mut bool) -> Vec<Id> {
        let mut ids: Vec<Id> = members.named.get(name).copied().into_iter().collect();
        let mut unread = false;
        for (pattern, id) in &members.patterns {
            match self.matches(pattern, name) {
                Some(true) => ids.push(*id),
                Some(false) => {}
                None => unread = true,
            }
        }
        *open |= unread;
        // Where a pattern may match, the rest may not govern.
        if ids.is_empty() && !unread {
            ids.push(members.rest);
        }
        ids
    }
}
