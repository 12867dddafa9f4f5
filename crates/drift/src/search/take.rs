//! Literals are taken apart until only atoms and choices are left.

use super::{Literal, Outcome, Search, State, no, yes};
use crate::node::{EVERY, Id, Node};

impl Search<'_> {
    /// Takes literals in. `false`: a contradiction.
    pub(super) fn take(&mut self, state: &mut State, literals: &[Literal]) -> bool {
        let mut todo: Vec<Literal> = literals.to_vec();
        while let Some(literal) = todo.pop() {
            if state.seen.contains(&literal.denied()) {
                return false;
            }
            if !state.seen.insert(literal) {
                continue;
            }
            self.fuel = self.fuel.saturating_sub(1);
            let node = self.arena.node(literal.id);
            match (&*node, literal.holds) {
                (Node::True, holds) | (Node::False, holds) if (*node == Node::True) != holds => return false,
                (Node::True | Node::False, _) => {}
                (Node::Not(inner), _) => todo.push(literal.of(*inner).denied()),
                (Node::All(inner), true) | (Node::Any(inner), false) => {
                    todo.extend(inner.iter().map(|id| literal.of(*id)));
                }
                (Node::All(inner), false) | (Node::Any(inner), true) => {
                    state.choices.push(inner.iter().map(|id| vec![literal.of(*id)]).collect());
                }
                (Node::One(inner), holds) => match (self.is_exclusive(literal.id, inner), holds) {
                    (true, true) => state.choices.push(inner.iter().map(|id| vec![yes(*id)]).collect()),
                    (true, false) => todo.extend(inner.iter().map(|id| no(*id))),
                    (false, true) => state.choices.push(exactly_one(inner)),
                    (false, false) => state.choices.push(not_exactly_one(inner)),
                },
                (Node::Reference(slot), _) => match self.arena.slot(*slot) {
                    Some(target) => todo.push(literal.of(target)),
                    None => state.atoms.push(literal),
                },
                (Node::Type(types), holds) => {
                    state.types &= if holds { *types } else { EVERY & !types };
                }
                (node, holds) => {
                    if let (Some(types), false) = (node.constrained(), holds) {
                        state.types &= types;
                    }
                    state.atoms.push(literal);
                }
            }
            if state.types == 0 {
                return false;
            }
        }
        true
    }

    /// Whether no two members of a union have a value in common: then "one" is "any".
    fn is_exclusive(&mut self, id: Id, members: &[Id]) -> bool {
        if let Some(known) = self.exclusive.get(&id) {
            return *known;
        }
        // Until it is known, as it is written: members may lead back here.
        self.exclusive.insert(id, false);
        let exclusive = members.iter().enumerate().all(|(index, left)| {
            let later = members.iter().skip(index + 1);
            later.into_iter().all(|right| self.clash(*left, *right))
        });
        if self.fuel == 0 {
            self.exclusive.remove(&id);
        } else {
            self.exclusive.insert(id, exclusive);
        }
        exclusive
    }

    pub(super) fn clash(&mut self, left: Id, right: Id) -> bool {
        matches!(self.apart(vec![yes(left), yes(right)]), Outcome::Empty)
    }

    /// Whether an option wants two nodes at once that exclude each other.
    pub(super) fn clashes(&mut self, option: &[Literal]) -> bool {
        match option {
            [left, right] if left.holds && right.holds => self.clash(left.id, right.id),
            _ => false,
        }
    }
}

fn exactly_one(ids: &[Id]) -> Vec<Vec<Literal>> {
    let option =
        |chosen: usize| ids.iter().enumerate().map(move |(index, id)| Literal { id: *id, holds: index == chosen });
    (0..ids.len()).map(|chosen| option(chosen).collect()).collect()
}

fn not_exactly_one(ids: &[Id]) -> Vec<Vec<Literal>> {
    let none = ids.iter().map(|id| no(*id)).collect();
    let pairs = ids.iter().enumerate();
    let pairs = pairs.flat_map(|(index, left)| ids.iter().skip(index + 1).map(|right| vec![yes(*left), yes(*right)]));
    [none].into_iter().chain(pairs).collect()
}
