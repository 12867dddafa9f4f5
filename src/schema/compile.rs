//! From a schema to its program. Schemas wait in a queue, so that none is compiled inside another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::draft::{Dialect, Draft};
use super::form;
use super::number::Number;
use super::program::{Anchor, Bound, Id, Location, Node, Op, Program, Span, TRUE, types};
use super::resources::{Missing, Place, Resources, identity};
use crate::pattern::{Pattern, Unfit};
use crate::place::pointer_token;

/// Why a schema is refused.
#[derive(Debug)]
pub(super) enum Refused {
    /// The pattern is not one that runs here.
    Pattern(String),
    /// It does not compile, and where.
    Form { at: String, message: String },
    /// It says nothing, or too much.
    Sense(String),
}

pub(super) type Compiled<T> = Result<T, Refused>;

/// An object of the schema that is being compiled.
#[derive(Clone, Copy)]
pub(super) struct Object<'a> {
    pub id: Id,
    pub resource: usize,
    pub dialect: Dialect,
    pub members: &'a Map<String, Value>,
}

pub(super) struct Builder<'a> {
    resources: Resources<'a>,
    pub program: Program,
    known: BTreeMap<usize, Id>,
    queue: VecDeque<(Id, Place<'a>)>,
    /// Schemas that may be ones that nothing leads to. They have to be well formed, and no more.
    spare: Vec<(Location, Place<'a>)>,
    is_spare: bool,
    /// The numbers of the anchors that dynamic references look for. 0 is that of `$recursiveAnchor`.
    names: BTreeMap<&'a str, u32>,
    is_recursive: bool,
    entered: BTreeSet<usize>,
}

/// Compiles a schema, which may refer to documents by their address.
pub(super) fn compiled(schema: &Value, documents: &[(String, Value)]) -> Compiled<Program> {
    let mut builder = Builder::new(Resources::of(schema, documents))?;
    builder.program.root = builder.node(Place { schema, resource: 0 }, Location::Pointer("".into()));
    builder.run()?;
    Ok(builder.program)
}

/// Compiles all documents, though nothing may lead to them, to see what is wrong with them.
pub(super) fn library(documents: &[(String, Value)]) -> Compiled<Program> {
    let mut builder = Builder::new(Resources::of_documents(documents))?;
    builder.is_spare = true;
    for resource in 1..builder.resources.own() {
        let root = builder.resources.root(resource);
        if let Some(root) = root {
            builder.node(root, Location::Pointer("".into()));
        }
    }
    builder.run()?;
    Ok(builder.program)
}

impl<'a> Builder<'a> {
    fn new(resources: Result<Resources<'a>, String>) -> Compiled<Builder<'a>> {
        let resources = resources.map_err(|message| Refused::Form { at: String::new(), message })?;
        let mut builder = Builder {
            resources,
            program: Program::default(),
            known: BTreeMap::new(),
            queue: VecDeque::new(),
            spare: Vec::new(),
            is_spare: false,
            names: BTreeMap::new(),
            is_recursive: false,
            entered: BTreeSet::new(),
        };
        // The schema `true`.
        builder.add(Location::Pointer("".into()), 0);
        Ok(builder)
    }

    fn run(&mut self) -> Compiled<()> {
        loop {
            while let Some((id, place)) = self.queue.pop_front() {
                self.schema(id, place)?;
            }
            if !self.is_spare {
                self.anchors();
            }
            if !self.queue.is_empty() {
                continue;
            }
            let spare = std::mem::take(&mut self.spare);
            if spare.is_empty() {
                return Ok(());
            }
            self.is_spare = true;
            for (at, place) in spare {
                self.node(place, at);
            }
        }
    }

    /// The nodes that dynamic references may find, in every resource that has been entered.
    fn anchors(&mut self) {
        self.program.anchors.clear();
        for resource in self.entered.clone() {
            for (name, number) in self.names.clone() {
                if let Some(place) = self.resources.dynamic_anchor(resource, name) {
                    self.anchor(number, place);
                }
            }
            let root = self.resources.root(resource).filter(|root| self.is_recursive && is_recursive(root.schema));
            root.into_iter().for_each(|root| self.anchor(0, root));
        }
    }

    fn anchor(&mut self, name: u32, place: Place<'a>) {
        let node = self.node(place, Location::Pointer("".into()));
        self.program.anchors.push(Anchor { name, resource: place.resource as u32, node });
    }

    fn add(&mut self, at: Location, resource: usize) -> Id {
        let id = self.program.nodes.len() as Id;
        let ops = Span::default();
        let node = Node { types: types::ALL, is_false: false, is_shared: false, ops, resource: resource as u32 };
        self.program.nodes.push(node);
        self.program.places.push(at);
        id
    }

    /// The node of a schema, which is compiled later if it is not known.
    pub fn node(&mut self, place: Place<'a>, at: Location) -> Id {
        if let Some(id) = self.known.get(&identity(place.schema)) {
            return *id;
        }
        let id = self.add(at, place.resource);
        self.known.insert(identity(place.schema), id);
        self.queue.push_back((id, place));
        id
    }

    /// The node of a schema inside an object.
    pub fn part(&mut self, object: Object<'a>, part: &'a Value, at: Location) -> Id {
        // In draft 4, this is no schema except where it is one of two.
        if *part == Value::Bool(true) && object.dialect.draft >= Draft::Six {
            return TRUE;
        }
        let resource = self.resources.resource_of(part, object.resource);
        self.node(Place { schema: part, resource }, at)
    }

    pub fn one(&mut self, object: Object<'a>, keyword: &'static str, part: &'a Value) -> Id {
        self.part(object, part, Location::Keyword(object.id, keyword))
    }

    pub fn list(&mut self, object: Object<'a>, keyword: &'static str, parts: &'a Value) -> Span {
        let parts = parts.as_array().map(Vec::as_slice).unwrap_or_default();
        let nodes = (0..).zip(parts).map(|(index, part)| (part, Location::Index(object.id, keyword, index)));
        let nodes: Vec<Id> = nodes.map(|(part, at)| self.part(object, part, at)).collect();
        let start = self.program.lists.len() as u32;
        self.program.lists.extend(nodes);
        Span { start, end: self.program.lists.len() as u32 }
    }

    pub fn named(&mut self, object: Object<'a>, keyword: &'static str, name: &str, part: &'a Value) -> Id {
        self.part(object, part, Location::Name(object.id, keyword, name.into()))
    }

    fn schema(&mut self, id: Id, place: Place<'a>) -> Compiled<()> {
        self.entered.insert(place.resource);
        let dialect = self.resources.dialect_of(place.resource);
        let ops = match place.schema {
            Value::Bool(holds) if dialect.draft >= Draft::Six || self.may_be_boolean(id) => {
                if let Some(node) = self.program.nodes.get_mut(id as usize) {
                    node.is_false = !holds;
                }
                return Ok(());
            }
            Value::Object(members) => self.object(Object { id, resource: place.resource, dialect, members })?,
            _ => {
                let (_, message) = form::not_a_schema(dialect.draft).unwrap_or_default();
                return Err(Refused::Form { at: self.program.pointer(id), message });
            }
        };
        let start = self.program.ops.len() as u32;
        self.program.ops.extend(ops);
        let end = self.program.ops.len() as u32;
        if let Some(node) = self.program.nodes.get_mut(id as usize) {
            node.ops = Span { start, end };
        }
        Ok(())
    }

    fn may_be_boolean(&self, id: Id) -> bool {
        match self.program.places.get(id as usize) {
            Some(Location::Keyword(_, keyword)) => matches!(*keyword, "additionalItems" | "additionalProperties"),
            Some(Location::Pointer(pointer)) => pointer.is_empty(),
            _ => false,
        }
    }

    fn object(&mut self, object: Object<'a>) -> Compiled<Vec<Op>> {
        let Object { members, dialect, .. } = object;
        let draft = dialect.draft;
        for (keyword, value) in members {
            if let Some((below, message)) = form::fault(draft, members, keyword, value) {
                let at = format!("{}/{}{below}", self.program.pointer(object.id), pointer_token(keyword));
                return Err(Refused::Form { at, message });
            }
        }
        let mut ops = Vec::new();
        if draft.refs_stand_alone() && members.contains_key("$ref") {
            self.unread(object, true);
            ops.extend(self.reference(object, "$ref")?);
            return Ok(ops);
        }
        self.unread(object, false);
        if dialect.validates {
            self.types(object);
            if draft >= Draft::Six {
                ops.extend(
                    members.get("const").map(|value| super::rules::choice("const", std::slice::from_ref(value), value)),
                );
            }
            let options = members.get("enum").and_then(|shown| Some((shown.as_array()?, shown)));
            ops.extend(options.map(|(options, shown)| super::rules::choice("enum", options, shown)));
            ops.extend(self.numbers(object));
        }
        ops.extend(self.texts(object)?);
        ops.extend(self.array(object));
        ops.extend(self.members(object)?);
        if dialect.applies {
            ops.extend(members.get("allOf").map(|parts| Op::All(self.list(object, "allOf", parts))));
            ops.extend(members.get("anyOf").map(|parts| Op::Any(self.list(object, "anyOf", parts))));
            ops.extend(members.get("oneOf").map(|parts| Op::One(self.list(object, "oneOf", parts))));
            ops.extend(members.get("not").map(|part| Op::Not(self.one(object, "not", part))));
            if let Some(condition) = members.get("if").filter(|_| draft >= Draft::Seven) {
                let condition = self.one(object, "if", condition);
                let then = members.get("then").map_or(TRUE, |part| self.one(object, "then", part));
                let other = members.get("else").map_or(TRUE, |part| self.one(object, "else", part));
                ops.push(Op::If { condition, then, other });
            }
        }
        if dialect.looks_back && draft >= Draft::Nineteen {
            let one = |keyword| members.get(keyword);
            ops.extend(
                one("unevaluatedProperties")
                    .map(|part| Op::UnevaluatedProperties(self.one(object, "unevaluatedProperties", part))),
            );
            ops.extend(
                one("unevaluatedItems").map(|part| Op::UnevaluatedItems(self.one(object, "unevaluatedItems", part))),
            );
        }
        ops.extend(self.reference(object, "$ref")?);
        if draft == Draft::Nineteen {
            ops.extend(self.reference(object, "$recursiveRef")?);
        }
        if draft == Draft::Twenty {
            ops.extend(self.reference(object, "$dynamicRef")?);
        }
        Ok(ops)
    }

    /// Schemas of the document itself that nothing may lead to have to be well formed, too.
    fn unread(&mut self, object: Object<'a>, all: bool) {
        if object.resource >= self.resources.own() {
            return;
        }
        for (keyword, value) in object.members {
            let held = object.dialect.draft.holds(keyword);
            let is_read = !matches!(
                keyword.as_str(),
                "$defs" | "contentSchema" | "definitions" | "then" | "else" | "additionalItems"
            );
            if held == super::draft::Holds::Nothing || (is_read && !all) {
                continue;
            }
            for (at, part) in held.places(keyword, value) {
                let pointer = format!("{}/{at}", self.program.pointer(object.id));
                let is_either = matches!(keyword.as_str(), "additionalItems" | "additionalProperties");
                if !(part.is_boolean() && is_either) {
                    let resource = self.resources.resource_of(part, object.resource);
                    self.spare.push((Location::Pointer(pointer.into()), Place { schema: part, resource }));
                }
            }
        }
    }

    fn reference(&mut self, object: Object<'a>, keyword: &'static str) -> Compiled<Option<Op>> {
        let Some(reference) = object.members.get(keyword).and_then(Value::as_str) else { return Ok(None) };
        let lookup = if keyword == "$recursiveRef" { "#" } else { reference };
        let target = match self.resources.resolve(object.resource, lookup) {
            Ok(target) => target,
            Err(Missing::Part(_)) if self.is_spare => return Ok(None),
            Err(missing) => return Err(Refused::Form { at: String::new(), message: missing.message() }),
        };
        let node = self.node(target.place, Location::Pointer(target.pointer.into()));
        if let Some(node) = self.program.nodes.get_mut(node as usize) {
            node.is_shared = true;
        }
        Ok(Some(match keyword {
            "$recursiveRef" if is_recursive(target.place.schema) => {
                self.is_recursive = true;
                Op::Recursive(node)
            }
            "$dynamicRef" if target.is_dynamic => {
                let name = reference.split_once('#').map_or("", |(_, name)| name);
                let next = self.names.len() as u32 + 1;
                Op::Dynamic(*self.names.entry(name).or_insert(next), node)
            }
            _ => Op::Ref(node),
        }))
    }

    fn types(&mut self, object: Object<'a>) {
        let integer = types::INTEGER | if object.dialect.draft == Draft::Four { 0 } else { types::WHOLE };
        let bits = |value: &Value| match value.as_str().unwrap_or_default() {
            "null" => types::NULL,
            "boolean" => types::BOOLEAN,
            "integer" => integer,
            "number" => types::INTEGER | types::WHOLE | types::FRACTION,
            "string" => types::STRING,
            "array" => types::ARRAY,
            _ => types::OBJECT,
        };
        let bits = object.members.get("type").map(|value| match value.as_array() {
            Some(list) => list.iter().map(bits).fold(0, |all, one| all | one),
            None => bits(value),
        });
        if let Some((node, bits)) = self.program.nodes.get_mut(object.id as usize).zip(bits) {
            node.types = bits;
        }
    }

    fn numbers(&mut self, object: Object<'a>) -> Option<Op> {
        let draft = object.dialect.draft;
        let is_exclusive = |keyword: &str| object.members.get(keyword) == Some(&Value::Bool(true));
        let bounds = [
            ("minimum", Bound::Minimum, "exclusiveMinimum", Bound::ExclusiveMinimum),
            ("maximum", Bound::Maximum, "exclusiveMaximum", Bound::ExclusiveMaximum),
        ];
        let mut all: Vec<(Bound, &Value)> = Vec::new();
        for (keyword, bound, exclusive, strict) in bounds {
            let old = draft == Draft::Four && is_exclusive(exclusive);
            all.extend(object.members.get(keyword).map(|limit| (if old { strict } else { bound }, limit)));
        }
        for (_, _, exclusive, strict) in bounds.into_iter().filter(|_| draft >= Draft::Six) {
            all.extend(object.members.get(exclusive).map(|limit| (strict, limit)));
        }
        all.extend(object.members.get("multipleOf").map(|limit| (Bound::MultipleOf, limit)));
        let rule = all.into_iter().filter_map(|(bound, limit)| {
            let number = Number::of(limit.as_number()?);
            let shown = if bound == Bound::MultipleOf { Value::from(number.as_f64()) } else { limit.clone() };
            Some((bound, number, shown))
        });
        let bounds: Vec<_> = rule.collect();
        (!bounds.is_empty()).then(|| Op::Number(Box::new(super::program::NumberRule { bounds })))
    }

    /// A pattern of a keyword, or one that names members.
    pub fn pattern(&self, object: Object<'_>, keyword: &str, pattern: &str) -> Compiled<Pattern> {
        Pattern::compile(pattern).map_err(|unfit| match unfit {
            Unfit::Wrong(why) | Unfit::Beyond(why) => Refused::Pattern(wrong_pattern(pattern, &why)),
            Unfit::Engine => {
                let at = format!("{}/{keyword}", self.program.pointer(object.id));
                Refused::Form { at, message: "value is not a \"regex\"".into() }
            }
        })
    }
}

pub(super) fn wrong_pattern(pattern: &str, why: &str) -> String {
    format!("the pattern `{pattern}` is not one of ECMA-262 that runs here: {why}")
}

fn is_recursive(schema: &Value) -> bool {
    schema.get("$recursiveAnchor") == Some(&Value::Bool(true))
}
