//! How the work of listing errors grows with the depth of a document. Alternatives within alternatives multiply: what
//! the validator lists for them doubles with every level.

use std::collections::HashMap;

use serde_json::Value;

use super::parts::Link;
use super::references::{Library, Place};

/// Deeper values are taken to cost what the values at this depth cost, or without bound if that still grows.
const DEPTHS: usize = 24;

/// The maximum number of schemas that may judge one value, by its depth.
#[derive(Debug)]
pub(super) struct Growth(Vec<u64>);

/// One schema: those that judge the same value, and those that judge the values in it, together or one at a time.
#[derive(Default)]
struct Node {
    in_place: Vec<usize>,
    inside: Vec<usize>,
    inside_alone: Vec<usize>,
}

impl Growth {
    /// Of the first schema of a library.
    pub fn of(library: &Library<'_>) -> Growth {
        let mut nodes = Vec::new();
        if let Some(root) = library.root() {
            collect(library, root, &mut nodes, &mut HashMap::new());
        }
        let mut counts = vec![1_u64; nodes.len()];
        let mut growth = vec![1];
        for _ in 0..DEPTHS {
            let mut next = vec![None; nodes.len()];
            counts = (0..nodes.len()).map(|node| count(node, &nodes, &counts, &mut next)).collect();
            growth.push(counts.first().copied().unwrap_or(1));
        }
        Growth(growth)
    }

    /// How many schemas judge the values of a document together, at most.
    pub fn cost(&self, document: &Value) -> u64 {
        self.below(document, 0)
    }

    fn below(&self, value: &Value, depth: usize) -> u64 {
        let own = self.at(depth);
        let more = |cost: u64, part: &Value| cost.saturating_add(self.below(part, depth + 1));
        match value {
            Value::Array(items) => items.iter().fold(own, more),
            Value::Object(members) => members.values().fold(own, more),
            _ => own,
        }
    }

    fn at(&self, depth: usize) -> u64 {
        let deepest = self.0.last().copied().unwrap_or(1);
        match self.0.get(depth) {
            Some(count) => *count,
            None if self.0.get(DEPTHS / 2) == Some(&deepest) => deepest,
            None => u64::MAX,
        }
    }
}

/// The node of a schema, with all that it leads to.
fn collect<'a>(
    library: &Library<'a>,
    place: Place<'a>,
    nodes: &mut Vec<Node>,
    known: &mut HashMap<usize, usize>,
) -> usize {
    let identity = place.identity();
    if let Some(node) = known.get(&identity) {
        return *node;
    }
    let node = nodes.len();
    nodes.push(Node::default());
    known.insert(identity, node);
    for (next, link) in library.next(place) {
        let next = collect(library, next, nodes, known);
        let Some(node) = nodes.get_mut(node) else { continue };
        match link {
            Link::Inside => node.inside.push(next),
            Link::InsideAlone => node.inside_alone.push(next),
            Link::SameValue => node.in_place.push(next),
        }
    }
    node
}

/// How many schemas judge a value one level up, from what they are below. What judges one value has no circle.
fn count(node: usize, nodes: &[Node], below: &[u64], found: &mut [Option<u64>]) -> u64 {
    if let Some(Some(count)) = found.get(node) {
        return *count;
    }
    let Some(Node { in_place, inside, inside_alone }) = nodes.get(node) else { return 0 };
    let at = |next: &usize| below.get(*next).copied().unwrap_or_default();
    let alone = inside_alone.iter().map(at).max().unwrap_or_default();
    let own = inside.iter().map(at).fold(alone, u64::saturating_add);
    let all = in_place.iter().fold(own, |sum, next| sum.saturating_add(count(*next, nodes, below, found)));
    if let Some(slot) = found.get_mut(node) {
        *slot = Some(all.max(1));
    }
    all.max(1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Something that multiplies at every level of a document: schemas in which a node holds nodes in two ways.
    fn recursive() -> Vec<Value> {
        let node = |kind: &str, children: Value| {
            json!({ "type": "object", "required": ["type"],
                "properties": { "type": { "const": kind }, "children": children } })
        };
        let list = json!({ "type": "array", "items": { "$ref": "#/$defs/node" } });
        let some = json!({ "type": "array", "contains": { "$ref": "#/$defs/node" } });
        let (leaf, quote) = (node("list", list.clone()), node("quote", list.clone()));
        let nodes = [
            json!({ "oneOf": [leaf, quote] }),
            json!({ "anyOf": [leaf, quote] }),
            json!({ "allOf": [quote, quote] }),
            json!({ "if": leaf, "then": leaf, "else": { "oneOf": [quote, quote] } }),
            json!({ "oneOf": [node("list", some.clone()), node("quote", some)] }),
            json!({ "not": { "not": quote }, "anyOf": [quote, leaf] }),
            json!({ "dependentSchemas": { "type": quote, "children": quote } }),
            json!({ "anyOf": [quote, leaf], "unevaluatedProperties": false }),
            json!({ "patternProperties": { "^c": list, "^ch": list, "^t": { "const": "quote" } } }),
        ];
        let documents = nodes.map(|node| json!({ "$ref": "#/$defs/node", "$defs": { "node": node } }));
        let dynamic = json!({ "$id": "https://tree.example/", "$dynamicAnchor": "node", "oneOf": [
            node("list", json!({ "items": { "$dynamicRef": "#node" } })),
            node("quote", json!({ "items": { "$dynamicRef": "#node" } })),
        ] });
        documents.into_iter().chain([dynamic]).collect()
    }

    fn growth(schema: &Value) -> Growth {
        Growth::of(&Library::of(std::iter::once(("json-schema:///", schema))))
    }

    #[test]
    fn alternatives_that_lead_back_to_themselves_multiply() {
        for schema in recursive() {
            let growth = growth(&schema);
            assert!(growth.at(6) < 1 << 12, "{schema}: {growth:?}");
            assert!(growth.at(60) == u64::MAX, "{schema}: {growth:?}");
        }
    }

    #[test]
    fn many_events_and_a_tree_do_not() {
        let event = |name: &str| json!({ "properties": { "type": { "const": name }, "data": { "properties": {} } } });
        let events: Vec<Value> = (0..30).map(|index| event(&index.to_string())).collect();
        assert!(growth(&json!({ "oneOf": events })).at(500) < 100);
        let tree = json!({ "properties": { "children": { "type": "array", "items": { "$ref": "#" } } } });
        assert_eq!(growth(&tree).at(500), 1);
    }
}
