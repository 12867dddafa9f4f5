//! Is there an array? Of every length that can make a difference, each demand is given positions, one way after another.

use serde_json::Value;

use super::{Goal, Outcome, Search, State, Ways, no, yes};
use crate::Reason;
use crate::node::{Elements, Id, Node};

/// The longest array that is looked at.
const LONGEST: u64 = 300;

/// What has to be somewhere in the array.
enum Demand {
    /// An element that is not as these say.
    Breaks(Elements),
    /// So many elements that match.
    Matching(Id, usize),
    /// At most so many that match.
    Most(Id, usize),
    /// Two equal elements.
    Twice,
}

struct Arrays {
    rules: Vec<Elements>,
    demands: Vec<Demand>,
    /// What no element may match.
    never: Vec<Id>,
    least: u64,
    most: Option<u64>,
    unique: bool,
    excluded: Vec<Value>,
    /// From this position on all are alike.
    alike: usize,
}

impl Arrays {
    fn at_most(&mut self, count: u64) {
        self.most = Some(self.most.map_or(count, |most| most.min(count)));
    }

    fn narrow(&mut self, node: &Node, holds: bool) {
        match (node, holds) {
            (Node::MinItems(count), true) => self.least = self.least.max(*count),
            (Node::MinItems(count), false) => self.at_most(count.saturating_sub(1)),
            (Node::MaxItems(count), true) => self.at_most(*count),
            (Node::MaxItems(count), false) => self.least = self.least.max(count.saturating_add(1)),
            (Node::Unique, true) => self.unique = true,
            (Node::Unique, false) => self.demands.push(Demand::Twice),
            (Node::Elements(elements), true) => self.rules.push(elements.clone()),
            (Node::Elements(elements), false) => self.demands.push(Demand::Breaks(elements.clone())),
            (Node::AtLeast(id, count), true) => {
                let count = (*count).min(LONGEST + 1);
                self.least = self.least.max(count);
                self.demands.push(Demand::Matching(*id, usize::try_from(count).unwrap_or_default()));
            }
            (Node::AtLeast(id, 1), false) => self.never.push(*id),
            (Node::AtLeast(id, count), false) => {
                let most = usize::try_from(count.saturating_sub(1)).unwrap_or(usize::MAX);
                self.demands.push(Demand::Most(*id, most));
            }
            _ => {}
        }
    }

    /// How many positions the demands take.
    fn wanted(&self) -> u64 {
        let count = |demand: &Demand| match demand {
            Demand::Breaks(_) => 1,
            Demand::Matching(_, count) => *count as u64,
            Demand::Most(..) => 0,
            Demand::Twice => 2,
        };
        self.demands.iter().map(count).sum()
    }
}

impl Search<'_> {
    pub(super) fn array(&mut self, state: &State) -> Outcome {
        let mut arrays = Arrays {
            rules: Vec::new(),
            demands: Vec::new(),
            never: Vec::new(),
            least: 0,
            most: None,
            unique: false,
            excluded: self.excluded(state),
            alike: 0,
        };
        for literal in &state.atoms {
            arrays.narrow(&self.arena.node(literal.id), literal.holds);
        }
        if arrays.most.is_some_and(|most| most < arrays.least) {
            return Outcome::Empty;
        }
        // Last, since what comes later could make equal elements differ again.
        arrays.demands.sort_by_key(|demand| matches!(demand, Demand::Twice));
        let broken = arrays.demands.iter().filter_map(|demand| match demand {
            Demand::Breaks(elements) => Some(elements),
            _ => None,
        });
        arrays.alike = arrays.rules.iter().chain(broken).map(|elements| elements.first.len()).max().unwrap_or(0);
        // What no demand needs can be taken out of the part where all are alike, so longer arrays prove nothing more.
        let longest = arrays.least.max(arrays.alike as u64 + arrays.wanted() + arrays.excluded.len() as u64);
        let longest = arrays.most.map_or(longest, |most| most.min(longest));
        if longest > LONGEST {
            return self.give_up(Reason::Arrays);
        }
        let mut ways = Ways::default();
        for length in arrays.least..=longest {
            let goals = self.goals(&arrays, usize::try_from(length).unwrap_or_default());
            if let Some(value) = ways.note(self.demands(&arrays, 0, goals)) {
                return Outcome::Found(value);
            }
            if self.fuel == 0 {
                break;
            }
        }
        ways.outcome()
    }

    fn goals(&self, arrays: &Arrays, length: usize) -> Vec<Goal> {
        let goal = |index: usize| {
            let rules = arrays.rules.iter().map(|elements| yes(elements.at(index)));
            let mut goal: Goal = rules.chain(arrays.never.iter().map(|id| no(*id))).collect();
            goal.sort_unstable();
            goal.dedup();
            goal
        };
        (0..length).map(goal).collect()
    }

    /// Gives positions to the demands from `next` on.
    fn demands(&mut self, arrays: &Arrays, next: usize, goals: Vec<Goal>) -> Outcome {
        if self.calls >= super::DEEPEST_CALL {
            return self.give_up(Reason::Depth);
        }
        if !self.pay(1 + goals.len()) {
            return self.give_up(Reason::Fuel);
        }
        self.calls += 1;
        let outcome = match arrays.demands.get(next) {
            None => self.elements(arrays, &goals),
            Some(Demand::Breaks(elements)) => {
                let literal = |index: usize| no(elements.at(index));
                self.placed(arrays, next, goals, 0, 1, &literal)
            }
            Some(Demand::Matching(id, count)) => self.placed(arrays, next, goals, 0, *count, &|_| yes(*id)),
            Some(Demand::Most(id, most)) => {
                let count = goals.len().saturating_sub(*most);
                self.placed(arrays, next, goals, 0, count, &|_| no(*id))
            }
            Some(Demand::Twice) => self.twice(arrays, next, &goals),
        };
        self.calls -= 1;
        outcome
    }

    /// Gives `count` positions from `from` on to a demand.
    fn placed(
        &mut self,
        arrays: &Arrays,
        demand: usize,
        goals: Vec<Goal>,
        from: usize,
        count: usize,
        literal: &dyn Fn(usize) -> super::Literal,
    ) -> Outcome {
        if count == 0 {
            return self.demands(arrays, demand + 1, goals);
        }
        if self.calls >= super::DEEPEST_CALL {
            return self.give_up(Reason::Depth);
        }
        let mut ways = Ways::default();
        for index in from..(goals.len() + 1).saturating_sub(count) {
            let Some(goal) = goals.get(index) else { break };
            // The one before is alike and was tried.
            let before = index.checked_sub(1).filter(|before| *before >= from && *before >= arrays.alike);
            if before.and_then(|before| goals.get(before)) == Some(goal) {
                continue;
            }
            let mut wanted = goal.clone();
            wanted.push(literal(index));
            wanted.sort_unstable();
            wanted.dedup();
            if matches!(self.inside(wanted.clone()), Outcome::Empty) {
                continue;
            }
            let mut goals = goals.clone();
            if let Some(place) = goals.get_mut(index) {
                *place = wanted;
            }
            self.calls += 1;
            let outcome = self.placed(arrays, demand, goals, index + 1, count - 1, literal);
            self.calls -= 1;
            if let Some(value) = ways.note(outcome) {
                return Outcome::Found(value);
            }
            if self.fuel == 0 {
                return self.give_up(Reason::Fuel);
            }
        }
        ways.outcome()
    }

    /// Two positions with one value: both have one goal, and one goal has one value.
    fn twice(&mut self, arrays: &Arrays, demand: usize, goals: &[Goal]) -> Outcome {
        let mut ways = Ways::default();
        for (left, goal) in goals.iter().enumerate() {
            for (right, other) in goals.iter().enumerate().skip(left + 1) {
                let mut both: Goal = goal.iter().chain(other).copied().collect();
                both.sort_unstable();
                both.dedup();
                if matches!(self.inside(both.clone()), Outcome::Empty) {
                    continue;
                }
                let mut goals = goals.to_vec();
                for index in [left, right] {
                    if let Some(place) = goals.get_mut(index) {
                        both.clone_into(place);
                    }
                }
                if let Some(value) = ways.note(self.demands(arrays, demand + 1, goals)) {
                    return Outcome::Found(value);
                }
                if self.fuel == 0 {
                    return self.give_up(Reason::Fuel);
                }
            }
        }
        ways.outcome()
    }

    /// A value for every position.
    fn elements(&mut self, arrays: &Arrays, goals: &[Goal]) -> Outcome {
        let (mut list, mut sure): (Vec<Value>, bool) = (Vec::new(), true);
        for (index, goal) in goals.iter().enumerate() {
            let mut wanted = goal.clone();
            if arrays.unique && index > 0 {
                let mut taken: Vec<Value> = list.iter().map(crate::parse::levelled).collect();
                taken.sort_by_cached_key(Value::to_string);
                taken.dedup();
                wanted.push(no(self.arena.put(Node::Enum(taken))));
            }
            match self.inside(wanted) {
                Outcome::Found(value) => list.push(value),
                // Where all so far had this goal, they have used up its values; else other values might leave one.
                Outcome::Empty
                    if index == 0 || !arrays.unique || goals.iter().take(index).all(|other| other == goal) =>
                {
                    return Outcome::Empty;
                }
                Outcome::Empty => return self.give_up(Reason::Arrays),
                Outcome::Unknown(Some(value)) => {
                    sure = false;
                    list.push(value);
                }
                Outcome::Unknown(None) => return Outcome::Unknown(None),
            }
        }
        let value = Value::Array(list);
        if arrays.excluded.contains(&value) {
            return self.give_up(Reason::Arrays);
        }
        if sure { Outcome::Found(value) } else { Outcome::Unknown(Some(value)) }
    }
}
