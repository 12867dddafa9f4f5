//! Keywords about the elements of arrays and the members of objects.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Parser, Schema};
use crate::document::escaped;
use crate::draft::Draft;
use crate::node::{Elements, Id, Members, Node, OBJECT};

/// The keyword of the first elements, if there is one, and that of the rest.
pub(super) fn element_keywords(schema: &Schema, draft: Draft) -> (Option<&'static str>, &'static str) {
    if draft >= Draft::Draft202012 {
        (Some("prefixItems"), "items")
    } else if schema.keywords.get("items").is_some_and(Value::is_array) {
        (Some("items"), "additionalItems")
    } else {
        (None, "items")
    }
}

impl Parser<'_> {
    pub(super) fn sub(&mut self, schema: &Schema, keyword: &str) -> Id {
        self.schema_at(&schema.place(keyword))
    }

    /// Every schema of a list, or nothing.
    pub(super) fn list(&mut self, schema: &mut Schema, keyword: &str) -> Vec<Id> {
        match schema.keywords.get(keyword) {
            Some(Value::Array(list)) => {
                let place = schema.place(keyword);
                (0..list.len()).map(|index| self.schema_at(&format!("{place}/{index}"))).collect()
            }
            Some(_) => {
                self.malformed(schema, keyword);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Every schema that has a name, or nothing.
    fn named(&mut self, schema: &mut Schema, keyword: &str) -> Vec<(String, Id)> {
        match schema.keywords.get(keyword) {
            Some(Value::Object(map)) => {
                let place = schema.place(keyword);
                map.keys().map(|name| (name.clone(), self.schema_at(&format!("{place}/{}", escaped(name))))).collect()
            }
            Some(_) => {
                self.malformed(schema, keyword);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    pub(super) fn elements(&mut self, schema: &mut Schema) {
        let draft = self.document.draft;
        if let Some(count @ 1..) = self.count(schema, "minItems") {
            schema.found.push(self.arena.put(Node::MinItems(count)));
        }
        if let Some(count) = self.count(schema, "maxItems") {
            schema.found.push(self.arena.put(Node::MaxItems(count)));
        }
        if schema.keywords.get("uniqueItems") == Some(&Value::Bool(true)) {
            schema.found.push(self.arena.put(Node::Unique));
        }
        let (first, rest) = element_keywords(schema, draft);
        let first = first.map(|keyword| self.list(schema, keyword)).unwrap_or_default();
        let rest = if schema.has(rest) { self.sub(schema, rest) } else { self.arena.always() };
        self.put_elements(schema, first, rest);
        if schema.has("contains") && draft >= Draft::Draft6 {
            self.contains(schema);
        }
    }

    pub(super) fn put_elements(&mut self, schema: &mut Schema, mut first: Vec<Id>, rest: Id) {
        while first.last() == Some(&rest) {
            first.pop();
        }
        if !first.is_empty() || rest != self.arena.always() {
            schema.found.push(self.arena.put(Node::Elements(Elements { first, rest })));
        }
    }

    fn contains(&mut self, schema: &mut Schema) {
        let inner = self.sub(schema, "contains");
        let counted = self.document.draft >= Draft::Draft201909;
        let least = if counted && schema.has("minContains") { self.count(schema, "minContains") } else { Some(1) };
        if let Some(least @ 1..) = least {
            schema.found.push(self.arena.put(Node::AtLeast(inner, least)));
        }
        if let (Some(most), true) = (if counted { self.count(schema, "maxContains") } else { None }, counted) {
            let more = self.arena.put(Node::AtLeast(inner, most.saturating_add(1)));
            let no_more = self.arena.not(more);
            // `AtLeast` says nothing of what is no array, so its denial must be told to.
            let array = self.arena.put(Node::Type(crate::node::ARRAY));
            let other = self.arena.not(array);
            schema.found.push(self.arena.any([other, no_more]));
        }
    }

    pub(super) fn members(&mut self, schema: &mut Schema) {
        let draft = self.document.draft;
        let always = self.arena.always();
        let named: BTreeMap<String, Id> = self.named(schema, "properties").into_iter().collect();
        let mut patterns = self.named(schema, "patternProperties");
        patterns.sort();
        let rest = if schema.has("additionalProperties") { self.sub(schema, "additionalProperties") } else { always };
        self.put_members(schema, Members { named, patterns, rest });
        match schema.keywords.get("required") {
            Some(Value::Array(names)) => {
                for name in names {
                    match name {
                        Value::String(name) => schema.found.push(self.arena.put(Node::Required(name.clone()))),
                        _ => self.malformed(schema, "required"),
                    }
                }
            }
            Some(_) => self.malformed(schema, "required"),
            None => {}
        }
        if let Some(count @ 1..) = self.count(schema, "minProperties") {
            schema.found.push(self.arena.put(Node::MinMembers(count)));
        }
        if let Some(count) = self.count(schema, "maxProperties") {
            schema.found.push(self.arena.put(Node::MaxMembers(count)));
        }
        if schema.has("propertyNames") && draft >= Draft::Draft6 {
            let inner = self.sub(schema, "propertyNames");
            if inner != always {
                schema.found.push(self.arena.put(Node::Names(inner)));
            }
        }
        self.dependencies(schema);
    }

    /// What says nothing is left out.
    pub(super) fn put_members(&mut self, schema: &mut Schema, mut members: Members) {
        let always = self.arena.always();
        if members.rest == always {
            members.patterns.retain(|(_, id)| *id != always);
            members.named.retain(|_, id| *id != always);
        }
        if !members.named.is_empty() || !members.patterns.is_empty() || members.rest != always {
            schema.found.push(self.arena.put(Node::Members(members)));
        }
    }

    fn dependencies(&mut self, schema: &mut Schema) {
        let late = self.document.draft >= Draft::Draft201909;
        if late && schema.has("dependencies") {
            let place = schema.place("dependencies");
            let id = self.opaque("`dependencies`, which later drafts leave out", &place);
            schema.found.push(id);
        }
        let keywords: &[&str] = if late { &["dependentRequired", "dependentSchemas"] } else { &["dependencies"] };
        for keyword in keywords {
            let map = match schema.keywords.get(*keyword) {
                Some(Value::Object(map)) => map,
                Some(_) => {
                    self.malformed(schema, keyword);
                    continue;
                }
                None => continue,
            };
            for (name, value) in map {
                let wanted = match value {
                    Value::Array(names) if *keyword != "dependentSchemas" => {
                        let names: Vec<Id> = names
                            .iter()
                            .filter_map(Value::as_str)
                            .map(|name| self.arena.put(Node::Required(name.to_owned())))
                            .collect();
                        self.arena.all(names)
                    }
                    _ => self.schema_at(&format!("{}/{}", schema.place(keyword), escaped(name))),
                };
                let has = self.has_member(name);
                let lacks = self.arena.not(has);
                schema.found.push(self.arena.any([lacks, wanted]));
            }
        }
    }

    /// An object that has a member.
    pub(super) fn has_member(&mut self, name: &str) -> Id {
        let object = self.arena.put(Node::Type(OBJECT));
        let required = self.arena.put(Node::Required(name.to_owned()));
        self.arena.all([object, required])
    }
}
