//! A document that counts the steps of its validator, and shows nothing more once they are used up. The validator
//! itself has no budget: what it lists for nested alternatives doubles with every level of the document.

use std::borrow::Cow;
use std::cell::Cell;

use jsonschema::json::{Array, Json, Node, NodeIdentity, Object, SerdeJson};
use jsonschema::types::JsonType;
use serde_json::{Map, Number, Value};

/// How many times a validator has looked at a value, and how many times it may.
pub(super) struct Meter {
    steps: Cell<u64>,
    limit: u64,
}

impl Meter {
    pub fn of(limit: u64) -> Meter {
        Meter { steps: Cell::new(0), limit }
    }

    pub fn unlimited() -> Meter {
        Meter::of(u64::MAX)
    }

    /// If so, whatever the validator said is void.
    pub fn is_spent(&self) -> bool {
        self.steps.get() >= self.limit
    }

    fn step(&self) {
        self.steps.set(self.steps.get().saturating_add(1));
    }
}

/// The representation of a [`Metered`] document.
pub(super) struct Counted;

/// A value of a document with its meter; the name of a member has none.
#[derive(Clone)]
pub(super) struct Metered<'a> {
    value: &'a Value,
    meter: Option<&'a Meter>,
}

impl<'a> Metered<'a> {
    pub fn new(value: &'a Value, meter: &'a Meter) -> Metered<'a> {
        Metered { value, meter: Some(meter) }
    }

    fn part(&self, value: &'a Value) -> Metered<'a> {
        Metered { value, ..*self }
    }

    fn step(&self) {
        self.meter.iter().for_each(|meter| meter.step());
    }

    fn is_spent(&self) -> bool {
        self.meter.is_some_and(Meter::is_spent)
    }
}

impl Json for Counted {
    type Node<'a> = Metered<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    const KEYS_PER_LOOKUP: usize = SerdeJson::KEYS_PER_LOOKUP;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Metered<'_>) -> T) -> T {
        f(Metered { value: &Value::from(string), meter: None })
    }
}

impl<'a> Node<'a, Counted> for Metered<'a> {
    type Object = Members<'a>;
    type Array = Items<'a>;
    type Number = &'a Number;

    fn as_object(&self) -> Option<Members<'a>> {
        self.step();
        Some(Members { members: self.value.as_object()?, of: self.clone() })
    }

    fn as_array(&self) -> Option<Items<'a>> {
        self.step();
        Some(Items { items: self.value.as_array()?, of: self.clone() })
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.step();
        self.value.as_str().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<&'a Number> {
        self.step();
        self.value.as_number()
    }

    fn as_boolean(&self) -> Option<bool> {
        self.step();
        self.value.as_bool()
    }

    fn is_null(&self) -> bool {
        self.step();
        self.value.is_null()
    }

    fn json_type(&self) -> JsonType {
        self.step();
        Node::<SerdeJson>::json_type(&self.value)
    }

    fn string_length(&self) -> Option<u64> {
        self.step();
        Node::<SerdeJson>::string_length(&self.value)
    }

    fn string_length_within(&self, min: u64, max: u64) -> Option<bool> {
        self.step();
        Node::<SerdeJson>::string_length_within(&self.value, min, max)
    }

    fn equals_value(&self, expected: &Value) -> bool {
        self.step();
        Node::<SerdeJson>::equals_value(&self.value, expected)
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Borrowed(self.value)
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Node::<SerdeJson>::identity(&self.value)
    }
}

pub(super) struct Members<'a> {
    members: &'a Map<String, Value>,
    of: Metered<'a>,
}

impl<'a> Object<'a, Counted> for Members<'a> {
    type Node = Metered<'a>;
    type MemberName = &'a str;
    type MembersIter = Each<serde_json::map::Iter<'a>, Metered<'a>>;

    fn len(&self) -> usize {
        self.members.len()
    }

    fn get(&self, key: &String) -> Option<Metered<'a>> {
        self.of.step();
        self.members.get(key).filter(|_| !self.of.is_spent()).map(|value| self.of.part(value))
    }

    fn members(&self) -> Self::MembersIter {
        Each { parts: self.members.iter(), of: self.of.clone() }
    }
}

pub(super) struct Items<'a> {
    items: &'a [Value],
    of: Metered<'a>,
}

impl<'a> Array<'a, Counted> for Items<'a> {
    type Node = Metered<'a>;
    type ElementsIter = Each<std::slice::Iter<'a, Value>, Metered<'a>>;

    fn len(&self) -> usize {
        self.items.len()
    }

    fn elements(&self) -> Self::ElementsIter {
        Each { parts: self.items.iter(), of: self.of.clone() }
    }

    fn is_unique(&self) -> bool {
        Array::<SerdeJson>::is_unique(&self.items)
    }
}

/// Every part of a container in turn, until the steps are used up.
pub(super) struct Each<I, M> {
    parts: I,
    of: M,
}

impl<'a> Iterator for Each<serde_json::map::Iter<'a>, Metered<'a>> {
    type Item = (&'a str, Metered<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.of.step();
        let (name, value) = self.parts.next().filter(|_| !self.of.is_spent())?;
        Some((name, self.of.part(value)))
    }
}

impl<'a> Iterator for Each<std::slice::Iter<'a, Value>, Metered<'a>> {
    type Item = Metered<'a>;

    fn next(&mut self) -> Option<Metered<'a>> {
        self.of.step();
        let value = self.parts.next().filter(|_| !self.of.is_spent())?;
        Some(self.of.part(value))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
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

    fn nested(depth: usize) -> Value {
        (0..depth).fold(json!({ "type": "nope" }), |inner, _| json!({ "type": "quote", "children": [inner] }))
    }

    #[test]
    fn a_list_of_errors_ends_at_its_budget() {
        let mut spent = 0;
        for schema in recursive() {
            let validator = super::super::options().build(&schema).unwrap();
            for depth in [3, 12, 40, 60] {
                let document = nested(depth);
                let judging = Meter::unlimited();
                assert!(!validator.is_valid(Metered::new(&document, &judging)), "{schema}");
                assert!(judging.steps.get() < 500 * (depth as u64 + 1), "{} at {depth}: {schema}", judging.steps.get());
                let listing = Meter::of(50_000);
                let errors = validator.iter_errors(Metered::new(&document, &listing)).count();
                assert!(listing.steps.get() < 60_000, "{} at {depth}: {schema}", listing.steps.get());
                assert!(depth > 3 || (errors > 0 && !listing.is_spent()), "{schema}");
                spent += usize::from(listing.is_spent());
            }
        }
        assert!(spent > 20, "only {spent} ended early");
    }
}
