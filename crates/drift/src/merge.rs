//! Recursive references of equal meaning become one, by refining a partition: all are alike until what they name differs.

use crate::node::{Arena, Elements, Id, Members, Node, Unmodelled};

/// The arena with equal references joined, and the new ids of the roots.
pub(crate) fn merged(mut arena: Arena, roots: [Id; 2]) -> (Arena, [Id; 2], Vec<Id>) {
    close_loops(&mut arena);
    let mut classes = vec![0; arena.slots()];
    let mut count = classes.len().min(1);
    loop {
        let (mut next, map) = rebuilt(&arena, &classes);
        let bodies: Vec<Option<Id>> = (0..arena.slots()).map(|slot| renamed(&map, arena.slot(slot)?)).collect();
        let mut distinct = Vec::new();
        let refined: Vec<usize> = bodies
            .iter()
            .map(|body| {
                distinct.iter().position(|other| other == body).unwrap_or_else(|| {
                    distinct.push(*body);
                    distinct.len() - 1
                })
            })
            .collect();
        // Once no class was split, those of this round are those of the round before.
        if distinct.len() == count && refined == classes {
            for body in &distinct {
                let slot = next.add_slot();
                if let Some(body) = body {
                    next.fill(slot, *body);
                }
            }
            return (next, roots.map(|root| renamed(&map, root).unwrap_or(root)), map);
        }
        count = distinct.len();
        classes = refined;
    }
}

fn renamed(map: &[Id], id: Id) -> Option<Id> {
    map.get(id as usize).copied()
}

/// A reference that comes back to itself without a step into the value says nothing that can be relied on.
fn close_loops(arena: &mut Arena) {
    for slot in 0..arena.slots() {
        let mut todo: Vec<Id> = arena.slot(slot).into_iter().collect();
        let mut seen = std::collections::HashSet::new();
        let mut looped = false;
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = arena.node(id);
            if let Node::Reference(other) = &*node {
                looped |= *other == slot;
                todo.extend(arena.slot(*other));
            }
            todo.extend(node.in_place());
        }
        if looped {
            let unmodelled = Unmodelled { what: "a reference that leads back to itself", mark: slot.to_string() };
            let id = arena.put(Node::Opaque(unmodelled));
            arena.fill(slot, id);
        }
    }
}

/// Every node again, with references renamed to their classes. Children stand before their parents.
fn rebuilt(arena: &Arena, classes: &[usize]) -> (Arena, Vec<Id>) {
    let mut next = Arena::default();
    let mut map: Vec<Id> = Vec::with_capacity(arena.len());
    for id in 0..arena.len() {
        let node = arena.node(Id::try_from(id).unwrap_or(Id::MAX));
        let new = |id: &Id| renamed(&map, *id).unwrap_or(*id);
        let many = |ids: &[Id]| ids.iter().map(new).collect::<Vec<_>>();
        let id = match &*node {
            Node::Not(inner) => next.not(new(inner)),
            Node::All(ids) => next.all(many(ids)),
            Node::Any(ids) => next.any(many(ids)),
            Node::One(ids) => next.one(many(ids)),
            Node::Reference(slot) => next.put(Node::Reference(classes.get(*slot).copied().unwrap_or(*slot))),
            Node::Elements(elements) => {
                let elements = Elements { first: many(&elements.first), rest: new(&elements.rest) };
                next.put(Node::Elements(elements))
            }
            Node::AtLeast(inner, count) => next.put(Node::AtLeast(new(inner), *count)),
            Node::Members(members) => {
                let named = members.named.iter().map(|(name, id)| (name.clone(), new(id))).collect();
                let patterns = members.patterns.iter().map(|(pattern, id)| (pattern.clone(), new(id))).collect();
                next.put(Node::Members(Members { named, patterns, rest: new(&members.rest) }))
            }
            Node::Names(inner) => next.put(Node::Names(new(inner))),
            other => next.put(other.clone()),
        };
        map.push(id);
    }
    (next, map)
}
