//! From a document to the normal form.

mod in_place;
mod structure;
mod unevaluated;
mod values;

pub(crate) use values::levelled;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::checks::Checks;
use crate::document::{Document, Target, escaped};
use crate::draft::Draft;
use crate::node::{Arena, Id, Node, Unmodelled};

/// How deep schemas may lie in each other, references followed.
const DEEPEST: usize = 100;

/// What every part of the parser shares.
pub(crate) struct Parser<'a> {
    document: &'a Document<'a>,
    /// What makes a place of this document different from one of the other.
    name: &'static str,
    arena: &'a mut Arena,
    checks: &'a Checks<'a>,
    formats: bool,
    done: HashMap<String, Id>,
    /// The places that are not modelled.
    opaque: Vec<(String, Id)>,
    /// The places that are being read, each with its slot once it was referred to.
    open: Vec<(String, Option<usize>)>,
}

/// One schema that is being read, and the nodes that it has given so far.
struct Schema<'a> {
    keywords: &'a Map<String, Value>,
    pointer: &'a str,
    found: Vec<Id>,
}

impl Schema<'_> {
    fn place(&self, keyword: &str) -> String {
        format!("{}/{}", self.pointer, escaped(keyword))
    }

    fn has(&self, keyword: &str) -> bool {
        self.keywords.contains_key(keyword)
    }
}

/// The root of a document in the normal form, and the id of every place that was read.
pub(crate) fn parsed<'a>(
    document: &'a Document<'a>,
    name: &'static str,
    arena: &'a mut Arena,
    checks: &'a Checks<'a>,
    formats: bool,
) -> (Id, Vec<(String, Id)>) {
    let (done, opaque, open) = (HashMap::new(), Vec::new(), Vec::new());
    let mut parser = Parser { document, name, arena, checks, formats, done, opaque, open };
    let root = match Draft::of(document.root, document.draft) {
        Some(_) => parser.schema_at(""),
        None => parser.opaque("a draft that is not known", ""),
    };
    let mut places = parser.opaque;
    places.extend(parser.done);
    (root, places)
}

impl Parser<'_> {
    /// A part that is not modelled: it equals nothing else.
    fn opaque(&mut self, what: &'static str, pointer: &str) -> Id {
        let id = self.arena.put(Node::Opaque(Unmodelled { what, mark: format!("{} {pointer}", self.name) }));
        self.opaque.push((pointer.to_owned(), id));
        id
    }

    /// The schema at a place.
    fn schema_at(&mut self, pointer: &str) -> Id {
        if let Some(id) = self.done.get(pointer) {
            return *id;
        }
        if let Some((_, slot)) = self.open.iter_mut().find(|(place, _)| place == pointer) {
            let slot = *slot.get_or_insert_with(|| self.arena.add_slot());
            return self.arena.put(Node::Reference(slot));
        }
        if self.open.len() >= DEEPEST {
            return self.opaque("schemas that lie too deep in each other", pointer);
        }
        self.open.push((pointer.to_owned(), None));
        let id = match self.document.at(pointer) {
            Some(Value::Bool(true)) => self.arena.always(),
            Some(Value::Bool(false)) => self.arena.never(),
            Some(Value::Object(keywords)) => self.schema(Schema { keywords, pointer, found: Vec::new() }),
            _ => self.opaque("what is no schema", pointer),
        };
        if let Some((_, Some(slot))) = self.open.pop() {
            self.arena.fill(slot, id);
        }
        self.done.insert(pointer.to_owned(), id);
        id
    }

    fn schema(&mut self, mut schema: Schema) -> Id {
        if schema.has("$ref") && self.document.draft.reference_stands_alone() {
            self.references(&mut schema);
            return self.arena.all(schema.found);
        }
        let draft = Draft::of(self.document.at(schema.pointer).unwrap_or(&Value::Null), self.document.draft);
        if !schema.pointer.is_empty() && draft != Some(self.document.draft) {
            return self.opaque("a part of another draft", schema.pointer);
        }
        self.references(&mut schema);
        self.values(&mut schema);
        self.elements(&mut schema);
        self.members(&mut schema);
        self.in_place(&mut schema);
        self.unevaluated(&mut schema);
        self.arena.all(schema.found)
    }

    fn references(&mut self, schema: &mut Schema) {
        for (keyword, target) in self.document.references(schema.pointer, schema.keywords) {
            let place = schema.place(keyword);
            let id = match target {
                Target::Here(pointer) => self.schema_at(&pointer),
                // One name is one document: what it says is not known, but is the same on both sides.
                Target::Elsewhere(uri) if uri.contains("://") && !self.document.has_dynamic_scope() => {
                    let mark = format!("{:?} {uri}", self.document.draft);
                    let id = self.arena.put(Node::Opaque(Unmodelled { what: "a reference to another document", mark }));
                    self.opaque.push((place, id));
                    id
                }
                Target::Elsewhere(_) => self.opaque("a reference that leads nowhere", &place),
                Target::Dynamic => self.opaque("a reference of dynamic scope", &place),
            };
            schema.found.push(id);
        }
    }

    /// A whole number that is not negative. `None`: there is no such keyword, or it says something else.
    fn count(&mut self, schema: &mut Schema, keyword: &str) -> Option<u64> {
        let value = schema.keywords.get(keyword)?;
        let count = crate::rational::Rational::of(value).filter(|number| number.is_whole());
        let count = count.and_then(|number| u64::try_from(number.numerator).ok());
        if count.is_none() {
            self.malformed(schema, keyword);
        }
        count
    }

    /// A keyword that says nothing that its draft knows: it may mean anything.
    fn malformed(&mut self, schema: &mut Schema, keyword: &str) {
        let place = schema.place(keyword);
        let id = self.opaque("a keyword whose value is of the wrong form", &place);
        schema.found.push(id);
    }
}
