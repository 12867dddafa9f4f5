//! One search answers both questions. A *goal* is a set of literals, nodes that hold or do not, about one value. It is
//! refuted, which proves containment; or it is met, and the value is a witness; or it is given up, with a reason.

mod array;
mod glance;
mod number;
mod object;
mod string;
mod take;
mod value;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::Value;

use crate::Reason;
use crate::checks::Checks;
use crate::node::{ARRAY, Arena, BOOLEAN, EVERY, Id, NULL, NUMBER, Node, OBJECT, STRING, Types, type_of};
use crate::pattern::Pattern;

/// The deepest goal within a goal, and the most calls within each other: together they bound the stack.
const DEEPEST_GOAL: usize = 40;
const DEEPEST_CALL: usize = 150;

/// A node that has to hold, or has not to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Literal {
    pub(crate) id: Id,
    pub(crate) holds: bool,
}

pub(crate) fn yes(id: Id) -> Literal {
    Literal { id, holds: true }
}

pub(crate) fn no(id: Id) -> Literal {
    Literal { id, holds: false }
}

impl Literal {
    fn denied(self) -> Literal {
        Literal { id: self.id, holds: !self.holds }
    }

    fn of(self, id: Id) -> Literal {
        Literal { id, holds: self.holds }
    }
}

pub(crate) type Goal = Vec<Literal>;

#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// A value that meets the goal.
    Found(Value),
    /// Proved: there is none.
    Empty,
    /// Given up, maybe with a value that is worth a try: it meets all that is modelled.
    Unknown(Option<Value>),
}

/// What several ways gave together, none of which found a value.
#[derive(Default)]
struct Ways {
    open: bool,
    candidate: Option<Value>,
}

impl Ways {
    /// Gives the value back that ends the search.
    fn note(&mut self, outcome: Outcome) -> Option<Value> {
        match outcome {
            Outcome::Found(value) => return Some(value),
            Outcome::Empty => {}
            Outcome::Unknown(candidate) => {
                self.open = true;
                self.candidate = self.candidate.take().or(candidate);
            }
        }
        None
    }

    fn outcome(self) -> Outcome {
        if self.open { Outcome::Unknown(self.candidate) } else { Outcome::Empty }
    }
}

/// What is known of the value so far.
#[derive(Clone)]
struct State {
    seen: BTreeSet<Literal>,
    types: Types,
    /// Literals that no choice is left in.
    atoms: Vec<Literal>,
    /// Of each, all literals of one option have to hold.
    choices: Vec<Vec<Vec<Literal>>>,
    /// How many atoms there were when the look-ahead last ran.
    looked: usize,
}

pub(crate) struct Search<'a> {
    pub(crate) arena: &'a mut Arena,
    checks: &'a Checks<'a>,
    pub(crate) fuel: u64,
    /// Why the search first gave up, and on which node.
    pub(crate) gave_up: Option<(Reason, Option<Id>)>,
    memo: HashMap<Goal, Outcome>,
    /// The goals above, each with how many steps into the value led to it.
    path: Vec<(Goal, usize)>,
    level: usize,
    calls: usize,
    /// The uppermost goal that a result rests on.
    rests_on: usize,
    patterns: HashMap<String, Option<Rc<Pattern>>>,
    exclusive: HashMap<Id, bool>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(arena: &'a mut Arena, checks: &'a Checks<'a>, fuel: u64) -> Search<'a> {
        Search {
            arena,
            checks,
            fuel,
            gave_up: None,
            memo: HashMap::new(),
            path: Vec::new(),
            level: 0,
            calls: 0,
            rests_on: usize::MAX,
            patterns: HashMap::new(),
            exclusive: HashMap::new(),
        }
    }

    fn give_up(&mut self, reason: Reason) -> Outcome {
        let node = self.path.last().and_then(|(goal, _)| goal.first()).map(|literal| literal.id);
        if self.gave_up.is_none() || reason == Reason::Fuel {
            self.gave_up = Some((reason, node));
        }
        Outcome::Unknown(None)
    }

    /// Pays for nodes that are touched.
    fn pay(&mut self, nodes: usize) -> bool {
        match self.fuel.checked_sub(nodes as u64) {
            Some(rest) if rest > 0 => {
                self.fuel = rest;
                true
            }
            _ => {
                self.fuel = 0;
                false
            }
        }
    }

    pub(crate) fn solve(&mut self, mut goal: Goal) -> Outcome {
        goal.sort_unstable();
        goal.dedup();
        if goal.windows(2).any(|pair| matches!(pair, [left, right] if left.id == right.id)) {
            return Outcome::Empty;
        }
        if let Some(outcome) = self.memo.get(&goal) {
            return outcome.clone();
        }
        // The same goal further up: a smallest value does not need itself as a part. What rests on this is not kept.
        if let Some(above) = self.path.iter().position(|(other, _)| *other == goal) {
            self.rests_on = self.rests_on.min(above);
            let inside = self.path.get(above).is_some_and(|(_, level)| *level < self.level);
            return if inside { Outcome::Empty } else { Outcome::Unknown(None) };
        }
        if !self.pay(goal.len() + 1) {
            return self.give_up(Reason::Fuel);
        }
        if self.path.len() >= DEEPEST_GOAL || self.calls >= DEEPEST_CALL {
            return self.give_up(Reason::Depth);
        }
        let depth = self.path.len();
        let outside = std::mem::replace(&mut self.rests_on, usize::MAX);
        self.path.push((goal.clone(), self.level));
        self.calls += 1;
        let outcome = match self.in_pairs(&goal) {
            Some(outcome) => outcome,
            None => self.mixed(&goal),
        };
        self.calls -= 1;
        self.path.pop();
        let own = self.rests_on >= depth;
        if (own || matches!(outcome, Outcome::Found(_))) && self.fuel > 0 {
            self.memo.insert(goal, outcome.clone());
        }
        self.rests_on = if own { outside } else { outside.min(self.rests_on) };
        outcome
    }

    /// A goal about a part of the value.
    fn inside(&mut self, goal: Goal) -> Outcome {
        self.level += 1;
        let outcome = self.solve(goal);
        self.level -= 1;
        outcome
    }

    /// A goal of its own, whatever stands above.
    fn apart(&mut self, goal: Goal) -> Outcome {
        let path = std::mem::take(&mut self.path);
        let rests_on = self.rests_on;
        let outcome = self.solve(goal);
        self.path = path;
        self.rests_on = rests_on;
        outcome
    }

    /// What a node is, recursive references followed.
    fn opened(&self, mut id: Id) -> Id {
        for _ in 0..8 {
            match &*self.arena.node(id) {
                Node::Reference(slot) => match self.arena.slot(*slot) {
                    Some(target) => id = target,
                    None => break,
                },
                _ => break,
            }
        }
        id
    }

    /// One schema against one: member against member, conjunct by conjunct, before anything is mixed.
    fn in_pairs(&mut self, goal: &[Literal]) -> Option<Outcome> {
        let (left, right) = match goal {
            [left, right] if left.holds && !right.holds => (left.id, right.id),
            [right, left] if left.holds && !right.holds => (left.id, right.id),
            _ => return None,
        };
        let (left, right) = (self.opened(left), self.opened(right));
        if left == right {
            return Some(Outcome::Empty);
        }
        let (left_node, right_node) = (self.arena.node(left), self.arena.node(right));
        match &*left_node {
            Node::Any(members) => return Some(self.each(members.iter().map(|member| vec![yes(*member), no(right)]))),
            Node::One(members) => {
                let empty = |search: &mut Self, member: Id| {
                    matches!(search.solve(vec![yes(member), no(right)]), Outcome::Empty)
                };
                if members.iter().all(|member| empty(self, *member)) {
                    return Some(Outcome::Empty);
                }
            }
            _ => {}
        }
        match &*right_node {
            Node::Any(members) => {
                if members.contains(&left) {
                    return Some(Outcome::Empty);
                }
                for member in members {
                    if matches!(self.solve(vec![yes(left), no(*member)]), Outcome::Empty) {
                        return Some(Outcome::Empty);
                    }
                }
            }
            Node::All(conjuncts) => {
                return Some(self.each(conjuncts.iter().map(|conjunct| vec![yes(left), no(*conjunct)])));
            }
            _ => {}
        }
        None
    }

    /// Empty if all are; the first value that is found.
    fn each(&mut self, goals: impl Iterator<Item = Goal>) -> Outcome {
        let mut ways = Ways::default();
        for goal in goals {
            if let Some(value) = ways.note(self.solve(goal)) {
                return Outcome::Found(value);
            }
        }
        ways.outcome()
    }

    fn mixed(&mut self, goal: &[Literal]) -> Outcome {
        let (seen, atoms, choices) = Default::default();
        let mut state = State { seen, types: EVERY, atoms, choices, looked: 0 };
        if self.take(&mut state, goal) { self.split(state) } else { Outcome::Empty }
    }

    fn split(&mut self, mut state: State) -> Outcome {
        if self.calls >= DEEPEST_CALL {
            return self.give_up(Reason::Depth);
        }
        self.calls += 1;
        let outcome = if self.settle(&mut state) { self.decide(state) } else { Outcome::Empty };
        self.calls -= 1;
        outcome
    }

    /// Drops choices that are settled and takes what has one way left. `false`: a contradiction.
    fn settle(&mut self, state: &mut State) -> bool {
        loop {
            let mut changed = false;
            for options in std::mem::take(&mut state.choices) {
                self.fuel = self.fuel.saturating_sub(options.len() as u64);
                let mut left = Vec::new();
                let mut met = false;
                for option in options {
                    let known: Vec<Option<bool>> =
                        option.iter().map(|literal| self.glance(state, *literal, 3)).collect();
                    if known.contains(&Some(false)) {
                        changed = true;
                    } else if known.iter().all(|known| *known == Some(true)) {
                        met = true;
                        break;
                    } else {
                        left.push(option);
                    }
                }
                if met {
                    changed = true;
                    continue;
                }
                match left.as_slice() {
                    [] => return false,
                    [only] => {
                        changed = true;
                        if self.clashes(only) || !self.take(state, only) {
                            return false;
                        }
                    }
                    _ => state.choices.push(left),
                }
            }
            if !changed {
                return true;
            }
        }
    }

    fn decide(&mut self, mut state: State) -> Outcome {
        if !self.pay(1) {
            return self.give_up(Reason::Fuel);
        }
        if let Some(values) = self.shortest_list(&state) {
            return self.listed_value(&state, &values);
        }
        if state.types.count_ones() > 1 && state.types != NUMBER {
            return self.by_type(&state);
        }
        // Look ahead: what is settled so far may be impossible, whatever is chosen below.
        if !state.choices.is_empty() && state.atoms.len() != state.looked {
            state.looked = state.atoms.len();
            let settled = State { choices: Vec::new(), ..state.clone() };
            if matches!(self.leaf(&settled), Outcome::Empty) {
                return Outcome::Empty;
            }
        }
        let Some(index) = (0..state.choices.len()).min_by_key(|index| state.choices.get(*index).map(Vec::len)) else {
            return self.last(&state);
        };
        let mut ways = Ways::default();
        for option in state.choices.swap_remove(index) {
            if !self.pay(option.len()) {
                return self.give_up(Reason::Fuel);
            }
            let mut next = state.clone();
            if self.clashes(&option) || !self.take(&mut next, &option) {
                continue;
            }
            if let Some(value) = ways.note(self.split(next)) {
                return Outcome::Found(value);
            }
        }
        ways.outcome()
    }

    fn shortest_list(&self, state: &State) -> Option<Vec<Value>> {
        let lists = state.atoms.iter().filter(|literal| literal.holds);
        let lists = lists.filter_map(|literal| match &*self.arena.node(literal.id) {
            Node::Enum(values) => Some(values.clone()),
            _ => None,
        });
        lists.min_by_key(Vec::len)
    }

    fn listed_value(&mut self, state: &State, values: &[Value]) -> Outcome {
        let literals: Vec<Literal> = state.seen.iter().copied().collect();
        let mut open = None;
        for value in values.iter().flat_map(spellings) {
            if type_of(&value) & state.types == 0 {
                continue;
            }
            match self.meets_all(&literals, &value) {
                Some(true) => return Outcome::Found(value),
                Some(false) => {}
                None => open = Some(value),
            }
        }
        match open {
            Some(value) => {
                self.give_up_on_opaque(state, Reason::Values);
                Outcome::Unknown(Some(value))
            }
            None => Outcome::Empty,
        }
    }

    fn by_type(&mut self, state: &State) -> Outcome {
        let mut ways = Ways::default();
        for types in [NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT] {
            if state.types & types == 0 {
                continue;
            }
            if let Some(value) = ways.note(self.split(State { types: state.types & types, ..state.clone() })) {
                return Outcome::Found(value);
            }
        }
        ways.outcome()
    }

    /// Notes the part that is not modelled, if there is one.
    fn give_up_on_opaque(&mut self, state: &State, otherwise: Reason) {
        for literal in &state.atoms {
            if let Node::Opaque(unmodelled) = &*self.arena.node(literal.id)
                && self.gave_up.is_none()
            {
                self.gave_up = Some((Reason::Unmodelled(unmodelled.what), Some(literal.id)));
            }
        }
        self.give_up(otherwise);
    }

    /// No choice is left.
    fn last(&mut self, state: &State) -> Outcome {
        let outcome = self.leaf(state);
        let opaque = |literal: &Literal| matches!(&*self.arena.node(literal.id), Node::Opaque(_));
        match outcome {
            Outcome::Found(value) if state.atoms.iter().any(opaque) => {
                self.give_up_on_opaque(state, Reason::Values);
                Outcome::Unknown(Some(value))
            }
            other => other,
        }
    }

    fn leaf(&mut self, state: &State) -> Outcome {
        match state.types {
            NULL => self.fixed(state, &[Value::Null]),
            BOOLEAN => self.fixed(state, &[Value::Bool(true), Value::Bool(false)]),
            STRING => self.string(state),
            ARRAY => self.array(state),
            OBJECT => self.object(state),
            _ => self.number(state),
        }
    }

    /// Values that are listed to be left out.
    fn excluded(&self, state: &State) -> Vec<Value> {
        let lists = state.atoms.iter().filter(|literal| !literal.holds);
        let lists = lists.filter_map(|literal| match &*self.arena.node(literal.id) {
            Node::Enum(values) => Some(values.clone()),
            _ => None,
        });
        lists.flatten().collect()
    }

    fn fixed(&mut self, state: &State, values: &[Value]) -> Outcome {
        let excluded = self.excluded(state);
        let value = values.iter().find(|value| !excluded.contains(value));
        value.map_or(Outcome::Empty, |value| Outcome::Found(value.clone()))
    }
}

/// A value, and the same number written with a fraction: draft 4 tells them apart.
pub(crate) fn spellings(value: &Value) -> impl Iterator<Item = Value> + use<> {
    #[allow(clippy::cast_precision_loss, reason = "small enough to be exact")]
    let fraction = value.as_i64().filter(|whole| whole.abs() < 1 << 50).map(|whole| Value::from(whole as f64));
    [value.clone()].into_iter().chain(fraction)
}
