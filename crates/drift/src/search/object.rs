//! Is there an object? Names that somebody mentions, and of those that nobody does some of every kind; then a member that
//! breaks each rule that has to be broken.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Goal, Literal, Outcome, Search, State, Ways, no, yes};
use crate::Reason;
use crate::node::{Id, Members, Node, STRING};

/// Beyond these the names that nobody mentions are not told apart.
const MOST_PATTERNS: usize = 5;
const MOST_NAME_RULES: usize = 3;
const MOST_OF_A_KIND: usize = 6;
/// The most members that are made up to reach a least size.
const MOST_MEMBERS: u64 = 2_000;

#[derive(Default)]
struct Objects {
    rules: Vec<Members>,
    broken: Vec<Members>,
    needed: BTreeSet<String>,
    banned: BTreeSet<String>,
    names: Vec<Id>,
    broken_names: Vec<Id>,
    least: u64,
    most: Option<u64>,
    excluded: Vec<Value>,
    /// Something could not be told, so that nothing is proved.
    open: bool,
    /// There are no more names than those that were found.
    exhausted: bool,
}

impl Objects {
    fn at_most(&mut self, count: u64) {
        self.most = Some(self.most.map_or(count, |most| most.min(count)));
    }

    fn narrow(&mut self, node: &Node, holds: bool) {
        match (node, holds) {
            (Node::Members(members), true) => self.rules.push(members.clone()),
            (Node::Members(members), false) => self.broken.push(members.clone()),
            (Node::Required(name), true) => _ = self.needed.insert(name.clone()),
            (Node::Required(name), false) => _ = self.banned.insert(name.clone()),
            (Node::MinMembers(count), true) => self.least = self.least.max(*count),
            (Node::MinMembers(count), false) => self.at_most(count.saturating_sub(1)),
            (Node::MaxMembers(count), true) => self.at_most(*count),
            (Node::MaxMembers(count), false) => self.least = self.least.max(count.saturating_add(1)),
            (Node::Names(id), true) => self.names.push(*id),
            (Node::Names(id), false) => self.broken_names.push(*id),
            _ => {}
        }
    }

    fn is_full(&self, count: usize) -> bool {
        self.most.is_some_and(|most| count as u64 >= most)
    }
}

/// The object as far as it is made.
#[derive(Default)]
struct Draft {
    /// What every member that may be there has to be.
    goals: BTreeMap<String, Goal>,
    chosen: BTreeMap<String, Outcome>,
    /// One of each list has to be: the name, and what its value has to be besides.
    demands: Vec<Vec<(String, Option<Literal>)>>,
}

impl Search<'_> {
    pub(super) fn object(&mut self, state: &State) -> Outcome {
        let mut objects = Objects { excluded: self.excluded(state), ..Objects::default() };
        for literal in &state.atoms {
            objects.narrow(&self.arena.node(literal.id), literal.holds);
        }
        let fewest = objects.least.max(objects.needed.len() as u64);
        if !objects.needed.is_disjoint(&objects.banned) || objects.most.is_some_and(|most| most < fewest) {
            return Outcome::Empty;
        }
        let mentioned = mentioned(&objects);
        let fresh = self.fresh(&mut objects, &mentioned);
        let mut draft = Draft::default();
        let usable = mentioned.iter().chain(&fresh).filter(|name| !objects.banned.contains(*name));
        for name in &usable.cloned().collect::<Vec<_>>() {
            match self.may_be_named(&mut objects, name) {
                Some(true) => {
                    let mut goal = Vec::new();
                    for members in &objects.rules {
                        goal.extend(self.governing(members, name, &mut objects.open).into_iter().map(yes));
                    }
                    goal.sort_unstable();
                    goal.dedup();
                    draft.goals.insert(name.clone(), goal);
                }
                Some(false) if objects.needed.contains(name) => return Outcome::Empty,
                None if objects.needed.contains(name) => return self.give_up(Reason::Objects),
                _ => {}
            }
        }
        for name in &objects.needed {
            let goal = draft.goals.get(name).cloned().unwrap_or_default();
            match self.inside(goal) {
                Outcome::Empty => return Outcome::Empty,
                outcome => _ = draft.chosen.insert(name.clone(), outcome),
            }
        }
        self.add_demands(&mut objects, &mut draft, &fresh);
        let outcome = self.meet_demands(&objects, &mut draft, 0, &fresh);
        match outcome {
            Outcome::Empty if objects.open => self.give_up(Reason::Objects),
            outcome => outcome,
        }
    }

    /// Whether a name meets the rules for names.
    fn may_be_named(&mut self, objects: &mut Objects, name: &str) -> Option<bool> {
        let value = Value::from(name);
        for id in &objects.names {
            match self.meets(*id, &value) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => {
                    objects.open = true;
                    return None;
                }
            }
        }
        Some(true)
    }

    /// Names that nobody mentions: of every kind that the patterns and the rules for names tell apart, as many as could
    /// be needed.
    fn fresh(&mut self, objects: &mut Objects, mentioned: &BTreeSet<String>) -> Vec<String> {
        let demands = objects.broken.len() + objects.broken_names.len();
        let members = objects.rules.iter().chain(&objects.broken);
        let patterns: BTreeSet<String> =
            members.flat_map(|members| members.patterns.iter().map(|(pattern, _)| pattern.clone())).collect();
        if patterns.is_empty() && objects.names.is_empty() && objects.broken_names.is_empty() {
            return made_up("extra", mentioned).take(demands + 1).collect();
        }
        let wanted = (demands as u64).max(objects.least.saturating_sub(objects.needed.len() as u64)) + 1;
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        if demands + 1 > MOST_OF_A_KIND {
            objects.open = true;
        }
        if patterns.len() > MOST_PATTERNS || objects.broken_names.len() > MOST_NAME_RULES {
            objects.open = true;
            return made_up("extra", mentioned).take(demands + 1).collect();
        }
        let string = self.arena.put(Node::Type(STRING));
        let patterns: Vec<Id> = patterns.into_iter().map(|text| self.arena.put(Node::Pattern(text))).collect();
        let always: Goal = [yes(string)].into_iter().chain(objects.names.iter().map(|id| yes(*id))).collect();
        let mut kinds = vec![always];
        // A pattern matches or not; a rule for names that some name has to break is broken, or it does not matter.
        for id in patterns {
            kinds = kinds.into_iter().flat_map(|kind| [with(&kind, no(id)), with(&kind, yes(id))]).collect();
        }
        for id in &objects.broken_names {
            kinds = kinds.into_iter().flat_map(|kind| [with(&kind, no(*id)), kind]).collect();
        }
        let mut found: Vec<String> = Vec::new();
        objects.exhausted = true;
        for kind in kinds {
            let mut exhausted = false;
            for _ in 0..wanted.min(MOST_OF_A_KIND) {
                let mut taken: Vec<Value> = mentioned.iter().chain(&found).map(|name| name.as_str().into()).collect();
                taken.sort_by_cached_key(Value::to_string);
                let goal = with(&kind, no(self.arena.put(Node::Enum(taken))));
                match self.inside(goal) {
                    Outcome::Found(Value::String(name)) => found.push(name),
                    Outcome::Unknown(_) => {
                        objects.open = true;
                        break;
                    }
                    _ => {
                        exhausted = true;
                        break;
                    }
                }
            }
            objects.exhausted &= exhausted;
        }
        found
    }

    fn add_demands(&mut self, objects: &mut Objects, draft: &mut Draft, fresh: &[String]) {
        let always = self.arena.always();
        for members in &objects.broken {
            let mut options = Vec::new();
            for (name, goal) in &draft.goals {
                let ids = self.governing(members, name, &mut objects.open);
                let all = self.arena.all(ids);
                if all != always && !goal.contains(&yes(all)) {
                    options.push((name.clone(), Some(no(all))));
                }
            }
            draft.demands.push(options);
        }
        for id in &objects.broken_names {
            let mut options = Vec::new();
            for name in draft.goals.keys() {
                match self.meets(*id, &Value::from(name.as_str())) {
                    Some(true) => {}
                    Some(false) => options.push((name.clone(), None)),
                    None => objects.open = true,
                }
            }
            draft.demands.push(options);
        }
        // First the members that somebody mentions, and the demands with the fewest ways.
        draft.demands.iter_mut().for_each(|options| options.sort_by_key(|(name, _)| fresh.contains(name)));
        draft.demands.sort_by_key(Vec::len);
    }

    fn meet_demands(&mut self, objects: &Objects, draft: &mut Draft, next: usize, fresh: &[String]) -> Outcome {
        if self.calls >= super::DEEPEST_CALL {
            return self.give_up(Reason::Depth);
        }
        let Some(options) = draft.demands.get(next).cloned() else { return self.filled(objects, draft, fresh) };
        self.calls += 1;
        let mut ways = Ways::default();
        for (name, literal) in options {
            if !self.pay(1) {
                ways.note(self.give_up(Reason::Fuel));
                break;
            }
            if !draft.chosen.contains_key(&name) && objects.is_full(draft.chosen.len()) {
                continue;
            }
            let Some(goal) = draft.goals.get(&name).cloned() else { continue };
            let narrowed: Goal = goal.iter().copied().chain(literal).collect();
            let value = self.inside(narrowed.clone());
            if matches!(value, Outcome::Empty) {
                continue;
            }
            draft.goals.insert(name.clone(), narrowed);
            let before = draft.chosen.insert(name.clone(), value);
            let outcome = self.meet_demands(objects, draft, next + 1, fresh);
            match before {
                Some(before) => draft.chosen.insert(name.clone(), before),
                None => draft.chosen.remove(&name),
            };
            draft.goals.insert(name, goal);
            if let Some(value) = ways.note(outcome) {
                self.calls -= 1;
                return Outcome::Found(value);
            }
        }
        self.calls -= 1;
        ways.outcome()
    }

    /// Every demand is met: members up to the least size, and a step aside from what is excluded.
    fn filled(&mut self, objects: &Objects, draft: &Draft, fresh: &[String]) -> Outcome {
        let mut chosen = draft.chosen.clone();
        let unused: Vec<String> = draft.goals.keys().filter(|name| !chosen.contains_key(*name)).cloned().collect();
        let mut unused = unused.into_iter();
        while (chosen.len() as u64) < objects.least {
            let Some(name) = unused.next() else { break };
            let goal = draft.goals.get(&name).cloned().unwrap_or_default();
            match self.inside(goal) {
                Outcome::Empty => {}
                outcome => _ = chosen.insert(name, outcome),
            }
        }
        let missing = objects.least.saturating_sub(chosen.len() as u64);
        if missing > 0 {
            // All names that nobody mentions are alike, and there are as many as one likes, unless something tells them apart.
            let plain = objects.names.is_empty() && objects.broken_names.is_empty();
            let plain = plain && objects.rules.iter().chain(&objects.broken).all(|members| members.patterns.is_empty());
            let alike = fresh.first().filter(|_| plain && missing <= MOST_MEMBERS);
            match alike.and_then(|name| chosen.get(name).cloned()) {
                Some(outcome) => {
                    let names: BTreeSet<String> = draft.goals.keys().cloned().collect();
                    let more = made_up("more", &names).take(usize::try_from(missing).unwrap_or_default());
                    more.for_each(|name| _ = chosen.insert(name, outcome.clone()));
                }
                None if objects.exhausted || (plain && missing <= MOST_MEMBERS) => return Outcome::Empty,
                None => return self.give_up(Reason::Objects),
            }
        }
        let Some((mut map, sure)) = made(&chosen) else { return Outcome::Unknown(None) };
        let full = |map: &Map<String, Value>| objects.is_full(map.len());
        let mut unused = unused.collect::<Vec<_>>().into_iter();
        while objects.excluded.contains(&Value::Object(map.clone())) {
            let Some(name) = unused.next().filter(|_| !full(&map)) else { return self.give_up(Reason::Objects) };
            let goal = draft.goals.get(&name).cloned().unwrap_or_default();
            if let Outcome::Found(value) = self.inside(goal) {
                map.insert(name, value);
            }
        }
        let value = Value::Object(map);
        if sure { Outcome::Found(value) } else { Outcome::Unknown(Some(value)) }
    }
}

fn mentioned(objects: &Objects) -> BTreeSet<String> {
    let rules = objects.rules.iter().chain(&objects.broken).flat_map(|members| members.named.keys());
    rules.chain(&objects.needed).chain(&objects.banned).cloned().collect()
}

/// Names that are not taken.
fn made_up<'a>(stem: &'a str, taken: &'a BTreeSet<String>) -> impl Iterator<Item = String> + use<'a> {
    let names = (0u32..).map(move |index| if index == 0 { stem.to_owned() } else { format!("{stem}{index}") });
    names.filter(|name| !taken.contains(name))
}

fn with(goal: &Goal, literal: Literal) -> Goal {
    goal.iter().copied().chain([literal]).collect()
}

/// The object, and whether every value in it is sure. `None`: there is none for a member that has to be.
fn made(chosen: &BTreeMap<String, Outcome>) -> Option<(Map<String, Value>, bool)> {
    let (mut map, mut sure) = (Map::new(), true);
    for (name, outcome) in chosen {
        match outcome {
            Outcome::Found(value) => _ = map.insert(name.clone(), value.clone()),
            Outcome::Unknown(Some(value)) => {
                sure = false;
                map.insert(name.clone(), value.clone());
            }
            Outcome::Unknown(None) | Outcome::Empty => return None,
        }
    }
    Some((map, sure))
}
