//! The documents that schemas may refer to, by address, and the schemas in them that have an address of their own.
//! Nothing is fetched: there are the schema itself, the contract's `schemas`, and the meta-schemas of the drafts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value;

use super::address::resolved;
use super::draft::{Dialect, Draft, named};
use crate::urlencoded::path_text;

/// The address of a document that has none of its own.
const DOCUMENT: &str = "json-schema:///";

/// A document, or a schema in one that has its own address.
struct Resource<'a> {
    address: String,
    root: &'a Value,
    dialect: Dialect,
}

/// A schema, and the resource it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub schema: &'a Value,
    pub resource: usize,
}

/// What a reference leads to.
pub(super) struct Target<'a> {
    pub place: Place<'a>,
    /// The path to it, in the document that the reference names.
    pub pointer: String,
    /// Whether it was named by an anchor that is found in the dynamic scope.
    pub is_dynamic: bool,
}

/// Why a reference leads nowhere.
pub(super) enum Missing {
    /// To a document that is not there.
    Document(String),
    /// To a part that its document has not.
    Part(String),
}

impl Missing {
    pub fn message(self) -> String {
        match self {
            Missing::Document(message) | Missing::Part(message) => message,
        }
    }
}

pub(super) struct Resources<'a> {
    /// The contract's documents. They are read when a reference first leads out of the schema.
    documents: &'a [(String, Value)],
    read: Read,
    list: Vec<Resource<'a>>,
    /// How many of them are of the schema itself.
    own: usize,
    by_address: BTreeMap<String, usize>,
    /// By the identity of their schema.
    by_root: BTreeMap<usize, usize>,
    anchors: BTreeMap<(usize, &'a str), (&'a Value, bool)>,
    /// Where schemas with anchors are, in the resources that have been walked for that.
    paths: BTreeMap<usize, String>,
    walked: BTreeSet<usize>,
}

/// What has been read beside the schema itself.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Read {
    Nothing,
    Documents,
    MetaSchemas,
}

/// Two schemas are one if they stand at one place.
pub(super) fn identity(schema: &Value) -> usize {
    std::ptr::from_ref(schema).addr()
}

/// The text before the fragment, and the fragment.
fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

fn meta_schemas() -> &'static [Value] {
    static READ: OnceLock<Vec<Value>> = OnceLock::new();
    READ.get_or_init(|| serde_json::from_str(include_str!("drafts.json")).unwrap_or_default())
}

impl<'a> Resources<'a> {
    /// The resources of a schema. Its own is the first.
    pub fn of(schema: &'a Value, documents: &'a [(String, Value)]) -> Result<Resources<'a>, String> {
        let mut resources = Resources {
            documents,
            read: Read::Nothing,
            list: Vec::new(),
            own: 0,
            by_address: BTreeMap::new(),
            by_root: BTreeMap::new(),
            anchors: BTreeMap::new(),
            paths: BTreeMap::new(),
            walked: BTreeSet::new(),
        };
        resources.add(DOCUMENT, schema)?;
        resources.own = resources.list.len();
        Ok(resources)
    }

    /// The resources of the documents alone, behind one that says nothing.
    pub fn of_documents(documents: &'a [(String, Value)]) -> Result<Resources<'a>, String> {
        let mut resources = Resources::of(&Value::Null, documents)?;
        resources.read_documents()?;
        resources.own = resources.list.len();
        Ok(resources)
    }

    fn read_documents(&mut self) -> Result<(), String> {
        self.read = Read::Documents;
        let mut documents = self.documents.iter();
        documents.try_for_each(|(address, document)| self.add(&resolved(DOCUMENT, split(address).0), document))
    }

    /// Adds a document under an address, and under its own if it has one.
    fn add(&mut self, address: &str, document: &'a Value) -> Result<(), String> {
        let dialect = self.dialect(document, Dialect::of(Draft::Twenty))?;
        let id = document.as_object().and_then(|schema| dialect.draft.id(schema));
        let own = id.map_or_else(|| address.to_owned(), |id| resolved(address, id));
        let resource = self.open(own, document, dialect);
        self.by_address.entry(address.to_owned()).or_insert(resource);
        self.walk(document, resource)
    }

    fn open(&mut self, address: String, root: &'a Value, dialect: Dialect) -> usize {
        let resource = self.list.len();
        self.by_address.entry(address.clone()).or_insert(resource);
        self.by_root.insert(identity(root), resource);
        self.list.push(Resource { address, root, dialect });
        resource
    }

    /// Finds the anchors of a schema, and the resources and anchors inside it.
    fn walk(&mut self, schema: &'a Value, resource: usize) -> Result<(), String> {
        let Value::Object(members) = schema else { return Ok(()) };
        let draft = self.dialect_of(resource).draft;
        for (name, is_dynamic) in draft.anchors(members) {
            let known = self.anchors.entry((resource, name)).or_insert((schema, is_dynamic));
            known.1 |= is_dynamic;
        }
        for (keyword, value) in members {
            for part in draft.holds(keyword).schemas(value) {
                let inner = self.inner(part, resource)?;
                self.walk(part, inner)?;
            }
        }
        Ok(())
    }

    /// The resource of a schema inside another: its own, or that of the other.
    fn inner(&mut self, part: &'a Value, outer: usize) -> Result<usize, String> {
        let Value::Object(members) = part else { return Ok(outer) };
        let around = self.dialect_of(outer);
        let dialect = self.dialect(part, around)?;
        match dialect.draft.id(members).or_else(|| around.draft.id(members)) {
            Some(id) => {
                let address = resolved(self.address(outer), id);
                Ok(self.open(address, part, dialect))
            }
            None => Ok(outer),
        }
    }

    /// The dialect that a schema declares, or else the one around it.
    fn dialect(&mut self, schema: &Value, around: Dialect) -> Result<Dialect, String> {
        let Some(address) = schema.get("$schema").and_then(Value::as_str) else { return Ok(around) };
        match named(address) {
            Some(draft) => Ok(Dialect::of(draft)),
            None => self.own_dialect(address, 0),
        }
    }

    /// The dialect of a meta-schema among the contract's documents.
    fn own_dialect(&self, address: &str, depth: usize) -> Result<Dialect, String> {
        let unknown = || {
            format!(
                "Unknown meta-schema: '{address}'. Custom meta-schemas must be registered in the registry before use"
            )
        };
        let plain = split(address).0;
        let is_it = |(known, document): &&(String, Value)| {
            split(known).0 == plain
                || document.get("$id").and_then(Value::as_str).is_some_and(|id| split(id).0 == plain)
        };
        let (_, document) = self.documents.iter().find(is_it).ok_or_else(unknown)?;
        let dialect = match document.get("$schema").and_then(Value::as_str) {
            Some(next) => match named(next) {
                Some(draft) => Dialect::of(draft),
                None if depth < self.documents.len() => self.own_dialect(next, depth + 1)?,
                None => return Err(unknown()),
            },
            None => Dialect::of(Draft::Twenty),
        };
        match document.get("$vocabulary").and_then(Value::as_object) {
            Some(list) if dialect.draft >= Draft::Nineteen => Dialect::with_vocabularies(dialect.draft, list),
            _ => Ok(dialect),
        }
    }

    /// How many resources are of the schema itself: the first ones.
    pub fn own(&self) -> usize {
        self.own
    }

    pub fn dialect_of(&self, resource: usize) -> Dialect {
        self.list.get(resource).map_or(Dialect::of(Draft::Twenty), |resource| resource.dialect)
    }

    fn address(&self, resource: usize) -> &str {
        self.list.get(resource).map_or(DOCUMENT, |resource| &resource.address)
    }

    /// The root of a resource.
    pub fn root(&self, resource: usize) -> Option<Place<'a>> {
        let root = self.list.get(resource)?.root;
        Some(Place { schema: root, resource })
    }

    /// The resource of a schema inside another.
    pub fn resource_of(&self, part: &Value, outer: usize) -> usize {
        self.by_root.get(&identity(part)).copied().unwrap_or(outer)
    }

    /// The schema with that anchor in the dynamic scope, in one resource.
    pub fn dynamic_anchor(&self, resource: usize, name: &str) -> Option<Place<'a>> {
        let (schema, is_dynamic) = self.anchors.get(&(resource, name))?;
        is_dynamic.then_some(Place { schema, resource })
    }

    pub fn resolve(&mut self, from: usize, reference: &str) -> Result<Target<'a>, Missing> {
        let (address, fragment) = split(reference);
        let resource = match address {
            "" => from,
            _ => {
                let address = resolved(self.address(from), address);
                self.find(&address).map_err(Missing::Document)?.ok_or_else(|| {
                    Missing::Document(format!(
                        "Resource '{address}' is not present in a registry and retrieving it failed: Retrieval is \
                         disabled, cannot fetch {address}"
                    ))
                })?
            }
        };
        let root =
            self.root(resource).ok_or_else(|| Missing::Document(format!("Resource '{address}' is not there")))?;
        match fragment {
            "" => Ok(Target { place: root, pointer: String::new(), is_dynamic: false }),
            pointer if pointer.starts_with('/') => self.follow(root, pointer),
            name => {
                let found = self.anchors.get(&(resource, name)).copied();
                let (schema, is_dynamic) =
                    found.ok_or_else(|| Missing::Part(format!("Anchor '{name}' does not exist")))?;
                let pointer = self.path_to(resource, schema);
                Ok(Target { place: Place { schema, resource }, pointer, is_dynamic })
            }
        }
    }

    /// The schema at a pointer, which may lead through schemas with their own address.
    fn follow(&self, root: Place<'a>, fragment: &str) -> Result<Target<'a>, Missing> {
        let missing = || Missing::Part(format!("Pointer '{fragment}' does not exist"));
        let pointer = path_text(fragment).ok_or_else(missing)?;
        let mut place = root;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let next = match place.schema {
                Value::Object(members) => members.get(&token),
                Value::Array(items) => token.parse::<usize>().ok().and_then(|index| items.get(index)),
                _ => None,
            };
            let schema = next.ok_or_else(missing)?;
            place = Place { schema, resource: self.resource_of(schema, place.resource) };
        }
        Ok(Target { place, pointer, is_dynamic: false })
    }

    /// Where a schema with an anchor is in its resource. All of a resource are found in one walk.
    fn path_to(&mut self, resource: usize, schema: &Value) -> String {
        if self.walked.insert(resource) {
            let named = |at: &(usize, &str)| at.0 == resource;
            let anchored = self.anchors.iter().filter(|(at, _)| named(at)).map(|(_, (schema, _))| identity(schema));
            let anchored: BTreeSet<usize> = anchored.collect();
            let root = self.list.get(resource).map(|resource| resource.root);
            root.into_iter().for_each(|root| paths(root, &mut String::new(), &anchored, &mut self.paths));
        }
        self.paths.get(&identity(schema)).cloned().unwrap_or_default()
    }

    /// A resource by its address. What lies outside the schema is read now, if it was not.
    fn find(&mut self, address: &str) -> Result<Option<usize>, String> {
        loop {
            if let Some(resource) = self.by_address.get(address) {
                return Ok(Some(*resource));
            }
            match self.read {
                Read::Nothing => {
                    self.read_documents()?;
                }
                Read::Documents => {
                    self.read = Read::MetaSchemas;
                    for document in meta_schemas() {
                        let id = document.get("$id").or_else(|| document.get("id")).and_then(Value::as_str);
                        self.add(split(id.unwrap_or_default()).0, document)?;
                    }
                }
                Read::MetaSchemas => return Ok(None),
            }
        }
    }
}

/// The pointers of these schemas, as deep as the JSON of a contract may be nested.
fn paths(value: &Value, path: &mut String, of: &BTreeSet<usize>, into: &mut BTreeMap<usize, String>) {
    if of.contains(&identity(value)) {
        into.insert(identity(value), path.clone());
    }
    let length = path.len();
    let mut below = |token: &str, inner: &Value| {
        path.extend(["/", token]);
        paths(inner, path, of, into);
        path.truncate(length);
    };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, inner)| below(&crate::place::pointer_token(name), inner));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, inner)| below(&index.to_string(), inner));
        }
        _ => {}
    }
}
