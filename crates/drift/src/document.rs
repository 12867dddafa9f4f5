//! Where the references of one document lead.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::draft::Draft;

/// Keywords whose value is a schema, a list of schemas, or either.
const SCHEMAS: &[&str] = &[
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords whose value has schemas by name.
const NAMED: &[&str] = &["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"];

pub(crate) struct Document<'a> {
    pub(crate) root: &'a Value,
    pub(crate) draft: Draft,
    /// Where a URI, or one with an anchor, points.
    targets: HashMap<String, String>,
    /// The base URI at every place that is known to be a schema.
    bases: HashMap<String, String>,
    dynamic_anchors: BTreeMap<String, usize>,
    recursive_anchor: bool,
    resources: BTreeSet<String>,
}

/// Where a reference leads.
pub(crate) enum Target {
    /// A place in this document.
    Here(String),
    /// Another document, or nowhere.
    Elsewhere(String),
    /// It depends on the way that led to it.
    Dynamic,
}

impl<'a> Document<'a> {
    pub(crate) fn new(root: &'a Value, draft: Draft) -> Document<'a> {
        let mut document = Document {
            root,
            draft,
            targets: HashMap::new(),
            bases: HashMap::new(),
            dynamic_anchors: BTreeMap::new(),
            recursive_anchor: false,
            resources: BTreeSet::new(),
        };
        document.index(root, String::new(), String::new());
        document.targets.entry(String::new()).or_default();
        document
    }

    pub(crate) fn at(&self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer)
    }

    fn index(&mut self, value: &Value, pointer: String, base: String) {
        let Value::Object(schema) = value else { return };
        let mut base = base;
        let hidden = self.draft.reference_stands_alone() && schema.contains_key("$ref");
        if !hidden {
            self.identify(schema, &pointer, &mut base);
        }
        self.bases.insert(pointer.clone(), base.clone());
        for (keyword, value) in schema {
            let place = format!("{pointer}/{}", escaped(keyword));
            match value {
                Value::Array(list) if SCHEMAS.contains(&keyword.as_str()) => {
                    for (index, item) in list.iter().enumerate() {
                        self.index(item, format!("{place}/{index}"), base.clone());
                    }
                }
                value if SCHEMAS.contains(&keyword.as_str()) => self.index(value, place, base.clone()),
                Value::Object(map) if NAMED.contains(&keyword.as_str()) => {
                    for (name, item) in map {
                        self.index(item, format!("{place}/{}", escaped(name)), base.clone());
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes in what a schema is called.
    fn identify(&mut self, schema: &Map<String, Value>, pointer: &str, base: &mut String) {
        if let Some(Value::String(id)) = schema.get(self.draft.id_keyword()) {
            match id.strip_prefix('#') {
                Some(anchor) if self.draft.reference_stands_alone() => {
                    self.targets.insert(format!("{base}#{anchor}"), pointer.to_owned());
                }
                _ => {
                    *base = joined(base, id.trim_end_matches('#'));
                    self.targets.insert(base.clone(), pointer.to_owned());
                    if pointer.is_empty() {
                        self.targets.insert(String::new(), String::new());
                    }
                    self.resources.insert(pointer.to_owned());
                }
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let (Some(Value::String(anchor)), true) = (schema.get(keyword), self.draft >= Draft::Draft201909) {
                self.targets.insert(format!("{base}#{anchor}"), pointer.to_owned());
                if keyword == "$dynamicAnchor" {
                    *self.dynamic_anchors.entry(anchor.clone()).or_default() += 1;
                }
            }
        }
        self.recursive_anchor |= schema.get("$recursiveAnchor") == Some(&Value::Bool(true));
    }

    /// The base URI at a place. `None`: one cannot know it.
    fn base(&self, pointer: &str) -> Option<&str> {
        let mut place = pointer;
        loop {
            if let Some(base) = self.bases.get(place) {
                return Some(base);
            }
            if self.at(place)?.get(self.draft.id_keyword()).is_some_and(Value::is_string) {
                return None;
            }
            place = place.get(..place.rfind('/')?)?;
        }
    }

    fn resolve(&self, at: &str, reference: &str) -> Target {
        let elsewhere = || Target::Elsewhere(reference.to_owned());
        let Some(base) = self.base(at) else { return elsewhere() };
        let whole = joined(base, reference);
        if let Some(pointer) = self.targets.get(&whole) {
            return Target::Here(pointer.clone());
        }
        let (uri, fragment) = whole.split_once('#').unwrap_or((&whole, ""));
        let Some(start) = self.targets.get(uri) else { return Target::Elsewhere(whole) };
        if fragment.is_empty() {
            return Target::Here(start.clone());
        }
        let Some(fragment) = decoded(fragment).filter(|fragment| fragment.starts_with('/')) else {
            return elsewhere();
        };
        let pointer = format!("{start}{fragment}");
        if self.at(&pointer).is_some() { Target::Here(pointer) } else { elsewhere() }
    }

    /// Every reference of a schema: its keyword and where it leads.
    pub(crate) fn references(&self, at: &str, schema: &Map<String, Value>) -> Vec<(&'static str, Target)> {
        let mut found = Vec::new();
        if let Some(Value::String(reference)) = schema.get("$ref") {
            found.push(("$ref", self.resolve(at, reference)));
        }
        let one_resource = self.resources.iter().all(String::is_empty);
        if let (Draft::Draft202012, Some(Value::String(reference))) = (self.draft, schema.get("$dynamicRef")) {
            let anchor = reference.rsplit('#').next().unwrap_or_default();
            let fixed = one_resource || self.dynamic_anchors.get(anchor).copied().unwrap_or_default() <= 1;
            found.push(("$dynamicRef", if fixed { self.resolve(at, reference) } else { Target::Dynamic }));
        }
        if let (Draft::Draft201909, Some(Value::String(reference))) = (self.draft, schema.get("$recursiveRef")) {
            let fixed = one_resource || !self.recursive_anchor;
            found.push(("$recursiveRef", if fixed { self.resolve(at, reference) } else { Target::Dynamic }));
        }
        found
    }

    /// Whether the meaning of a reference to another document could depend on this one.
    pub(crate) fn has_dynamic_scope(&self) -> bool {
        self.recursive_anchor || !self.dynamic_anchors.is_empty()
    }
}

/// A URI reference against its base, without `..`.
fn joined(base: &str, reference: &str) -> String {
    let scheme = reference.split(['/', '#', '?']).next().is_some_and(|first| first.contains(':'));
    if scheme {
        return reference.to_owned();
    }
    let base = base.split('#').next().unwrap_or_default();
    if reference.is_empty() || reference.starts_with('#') {
        return format!("{base}{reference}");
    }
    if let Some(rest) = reference.strip_prefix('/') {
        let origin = base.find("://").and_then(|start| {
            let authority = base.get(start + 3..)?;
            base.get(..start + 3 + authority.find('/').unwrap_or(authority.len()))
        });
        return format!("{}/{rest}", origin.unwrap_or_default());
    }
    match base.rfind('/').and_then(|slash| base.get(..slash)) {
        Some(folder) => format!("{folder}/{reference}"),
        None => reference.to_owned(),
    }
}

/// A name as a step of a JSON pointer.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Percent-encoding undone.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
