//! Follows what schemas refer to before they are compiled. A schema that leads back to itself for the same value says
//! nothing, and one that multiplies without limit costs the receiver more than any document.

use std::collections::HashMap;

use serde_json::Value;

use super::parts::{Link, linked_parts, parts};
use crate::urlencoded::path_text;

/// The maximum number of schemas that may judge one value at one place: alternatives and references multiply.
const MAX_IN_PLACE: u64 = 10_000;

/// The maximum number of references and alternatives that lead from one to the next at one place.
const MAX_CHAIN: usize = 500;

/// Documents that may refer to each other, by address.
pub(super) struct Library<'a> {
    resources: Vec<(String, &'a Value)>,
}

/// A schema in its document.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    schema: &'a Value,
    /// The resource it belongs to.
    resource: usize,
}

impl Place<'_> {
    /// Two places of one schema are one.
    pub fn identity(&self) -> usize {
        std::ptr::from_ref(self.schema).addr()
    }
}

impl<'a> Library<'a> {
    pub fn of(documents: impl Iterator<Item = (&'a str, &'a Value)>) -> Library<'a> {
        let mut library = Library { resources: Vec::new() };
        for (address, document) in documents {
            library.add(address, document, true);
        }
        library
    }

    /// Adds a document, or a schema in one that has its own address, with those inside it.
    fn add(&mut self, base: &str, schema: &'a Value, whole: bool) {
        let own = own_address(schema).map(|address| joined(base, address));
        let address = own.as_deref().unwrap_or(base);
        if whole || own.is_some() {
            self.resources.push((address.to_owned(), schema));
        }
        if whole && address != base {
            self.resources.push((base.to_owned(), schema));
        }
        parts(schema).for_each(|(part, _)| self.add(address, part, false));
    }

    /// The first document.
    pub fn root(&self) -> Option<Place<'a>> {
        self.resources.first().map(|(_, schema)| Place { schema, resource: 0 })
    }

    /// The schemas that a schema leads to, and what each judges.
    pub fn next(&self, place: Place<'a>) -> Vec<(Place<'a>, Link)> {
        let inner = linked_parts(place.schema).map(|(part, link)| {
            let own = own_address(part).and_then(|_| self.resource_of(part));
            (Place { schema: part, resource: own.unwrap_or(place.resource) }, link)
        });
        let referred = ["$ref", "$dynamicRef", "$recursiveRef"]
            .into_iter()
            .filter_map(|keyword| Some((self.resolve(place, place.schema.get(keyword)?.as_str()?)?, Link::SameValue)));
        inner.chain(referred).collect()
    }

    /// The resource of a schema that has an address. If it has two, the first, which is its own.
    fn resource_of(&self, schema: &Value) -> Option<usize> {
        self.resources.iter().position(|(_, root)| std::ptr::eq(*root, schema))
    }

    /// Why the schemas cannot be used: one leads back to itself before it judges anything else, or grows without
    /// limit.
    pub fn fault(&self) -> Option<String> {
        let mut known = HashMap::new();
        let mut roots = self.resources.iter().enumerate();
        roots.find_map(|(resource, (_, schema))| self.fault_below(Place { schema, resource }, &mut known))
    }

    fn fault_below(&self, place: Place<'a>, known: &mut HashMap<usize, Option<u64>>) -> Option<String> {
        let mut chain = 0;
        if let Err(fault) = self.size(place, known, &mut chain) {
            return Some(fault);
        }
        parts(place.schema).find_map(|(part, _)| {
            let own =
                own_address(part).and_then(|_| self.resources.iter().position(|(_, root)| std::ptr::eq(*root, part)));
            self.fault_below(Place { schema: part, resource: own.unwrap_or(place.resource) }, known)
        })
    }

    /// How many schemas judge the same value as this one. `known` holds `None` while that is being computed.
    fn size(
        &self,
        place: Place<'a>,
        known: &mut HashMap<usize, Option<u64>>,
        chain: &mut usize,
    ) -> Result<u64, String> {
        let identity = std::ptr::from_ref(place.schema).addr();
        match known.get(&identity) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err("a schema refers to itself for the same value, so that it says nothing".into()),
            None => {}
        }
        known.insert(identity, None);
        *chain += 1;
        if *chain > MAX_CHAIN {
            return Err(format!("more than {MAX_CHAIN} schemas refer on to one another for one value"));
        }
        let mut size = 1;
        for (next, _) in self.next(place).into_iter().filter(|(_, link)| *link == Link::SameValue) {
            size += self.size(next, known, chain)?;
        }
        *chain -= 1;
        if size > MAX_IN_PLACE {
            return Err(format!(
                "its alternatives and references come to more than {MAX_IN_PLACE} schemas for one value"
            ));
        }
        known.insert(identity, Some(size));
        Ok(size)
    }

    /// `None` if it does not exist; the compiler reports that.
    fn resolve(&self, from: Place<'a>, reference: &str) -> Option<Place<'a>> {
        let (address, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let resource = match address {
            "" => from.resource,
            _ => {
                let address = joined(&self.resources.get(from.resource)?.0, address);
                let (_, root) = self.resources.iter().find(|(known, _)| *known == address)?;
                self.resource_of(root)?
            }
        };
        let root = self.resources.get(resource)?.1;
        let schema = match fragment {
            "" => root,
            pointer if pointer.starts_with('/') => root.pointer(&path_text(pointer)?)?,
            anchor => anchored(root, anchor)?,
        };
        Some(Place { schema, resource })
    }
}

fn own_address(schema: &Value) -> Option<&str> {
    let address = schema.get("$id").or_else(|| schema.get("id")).and_then(Value::as_str)?;
    Some(address.split_once('#').map_or(address, |(address, _)| address)).filter(|address| !address.is_empty())
}

/// The schema with that anchor, below a root.
fn anchored<'a>(schema: &'a Value, anchor: &str) -> Option<&'a Value> {
    let named = |keyword: &str, name: &str| schema.get(keyword).and_then(Value::as_str) == Some(name);
    let old = format!("#{anchor}");
    if named("$anchor", anchor) || named("$dynamicAnchor", anchor) || named("$id", &old) || named("id", &old) {
        return Some(schema);
    }
    parts(schema).find_map(|(part, _)| anchored(part, anchor))
}

/// Resolves a reference against a base (RFC 3986, section 5.2), as far as schemas need it.
fn joined(base: &str, reference: &str) -> String {
    if reference.contains("://") || reference.starts_with("urn:") {
        return reference.to_owned();
    }
    let (scheme, rest) = base.split_once("://").map_or(("", base), |(scheme, rest)| (scheme, rest));
    let end = if reference.starts_with('/') { rest.find('/') } else { rest.rfind('/').map(|slash| slash + 1) };
    let folder = rest.get(..end.unwrap_or_default()).unwrap_or_default();
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    format!("{scheme}{folder}{reference}")
}
