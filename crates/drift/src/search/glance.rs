//! What a literal comes to, as far as a glance tells.

use serde_json::Value;

use super::{Literal, Search, State, no, yes};
use crate::node::{Id, Node, OBJECT, type_of};

/// How deep a glance looks for listed values.
const DEEP: usize = 3;

impl Search<'_> {
    pub(super) fn glance(&self, state: &State, literal: Literal, deep: usize) -> Option<bool> {
        if state.seen.contains(&literal) {
            return Some(true);
        }
        if state.seen.contains(&literal.denied()) {
            return Some(false);
        }
        let settled = |holds: bool| Some(holds == literal.holds);
        let node = self.arena.node(literal.id);
        match &*node {
            Node::True => settled(true),
            Node::False => settled(false),
            Node::Not(inner) => self.glance(state, literal.of(*inner).denied(), deep),
            Node::Type(types) if state.types & !types == 0 => settled(true),
            Node::Type(types) if state.types & types == 0 => settled(false),
            Node::All(inner) if deep > 0 => self.glance_many(state, inner, false, deep).and_then(settled),
            Node::Any(inner) if deep > 0 => self.glance_many(state, inner, true, deep).and_then(settled),
            Node::Reference(slot) if deep > 0 => {
                self.arena.slot(*slot).and_then(|target| self.glance(state, literal.of(target), deep - 1))
            }
            Node::Enum(values) if values.iter().all(|value| state.types & type_of(value) == 0) => settled(false),
            Node::Members(_) if state.types & OBJECT == 0 => settled(true),
            Node::Members(members) => {
                let listed = members.named.iter().filter_map(|(name, id)| Some((name, self.listed(*id, DEEP)?)));
                let apart = listed.into_iter().any(|(name, values)| self.lists_apart(state, name, &values));
                if apart { settled(false) } else { None }
            }
            node => match node.constrained() {
                Some(types) if state.types & types == 0 => settled(true),
                _ => None,
            },
        }
    }

    /// `decisive`: the one answer that settles all.
    fn glance_many(&self, state: &State, ids: &[Id], decisive: bool, deep: usize) -> Option<bool> {
        let mut all = true;
        for id in ids {
            match self.glance(state, yes(*id), deep - 1) {
                Some(holds) if holds == decisive => return Some(decisive),
                Some(_) => {}
                None => all = false,
            }
        }
        all.then_some(!decisive)
    }

    /// Whether a member has to be there, and its listed values are none of these.
    fn lists_apart(&self, state: &State, name: &str, values: &[Value]) -> bool {
        let holding = || state.atoms.iter().filter(|literal| literal.holds);
        let needed = holding().any(|literal| match &*self.arena.node(literal.id) {
            Node::Required(required) => required == name,
            _ => false,
        });
        // Only in an object is a member there.
        needed
            && state.types == OBJECT
            && holding().any(|literal| match &*self.arena.node(literal.id) {
                Node::Members(members) => {
                    let listed = members.named.get(name).and_then(|id| self.listed(*id, DEEP));
                    listed.is_some_and(|listed| !listed.iter().any(|value| values.contains(value)))
                }
                _ => false,
            })
    }

    /// The values that a schema lists, where it lists all.
    pub(crate) fn listed(&self, id: Id, deep: usize) -> Option<Vec<Value>> {
        match &*self.arena.node(id) {
            Node::Enum(values) => Some(values.clone()),
            Node::All(ids) if deep > 0 => ids.iter().find_map(|id| self.listed(*id, deep - 1)),
            Node::Reference(slot) if deep > 0 => {
                self.arena.slot(*slot).and_then(|target| self.listed(target, deep - 1))
            }
            _ => None,
        }
    }

    /// The members of a union, through unions within it.
    pub(crate) fn members(&self, id: Id, deep: usize, into: &mut Vec<Id>) {
        match &*self.arena.node(id) {
            Node::One(ids) | Node::Any(ids) if deep > 0 => {
                ids.iter().for_each(|id| self.members(*id, deep - 1, into));
            }
            Node::Reference(slot) if deep > 0 => match self.arena.slot(*slot) {
                Some(target) => self.members(target, deep - 1, into),
                None => into.push(id),
            },
            _ if !into.contains(&id) => into.push(id),
            _ => {}
        }
    }

    /// Unions against unions: for every member of the left that the right has not, a value that no member of the right
    /// takes that it can meet. Only candidates.
    pub(crate) fn by_member(&mut self, left: Id, right: Id) -> Vec<Value> {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        self.members(left, DEEP + 1, &mut ours);
        self.members(right, DEEP + 1, &mut theirs);
        let mut found = Vec::new();
        if ours.len() + theirs.len() < 6 {
            return found;
        }
        for member in ours.iter().filter(|member| !theirs.contains(member)) {
            let mut goal = vec![yes(*member)];
            for other in &theirs {
                if !self.clash(*member, *other) {
                    goal.push(no(*other));
                }
            }
            if let super::Outcome::Found(value) | super::Outcome::Unknown(Some(value)) = self.solve(goal) {
                found.push(value);
            }
            if found.len() >= 8 {
                break;
            }
        }
        found
    }
}
