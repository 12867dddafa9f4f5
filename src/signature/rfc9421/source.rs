//! What components are read from. The sender chooses how many it names, so each part of a request is read only
//! once, for all components of all signatures.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::lines::{Reason, field};
use super::strict;
use super::structured::Member;
use crate::request::Received;
use crate::urlencoded::{decode_form, split};

pub(super) struct Source<'a> {
    pub request: Received<'a>,
    dictionaries: BTreeMap<String, Result<BTreeMap<String, Member>, Reason>>,
    /// Keyed by the name as a component writes it; a name that occurs twice has no value.
    query: Option<BTreeMap<String, Option<String>>>,
}

impl<'a> Source<'a> {
    pub fn new(request: Received<'a>) -> Source<'a> {
        Source { request, dictionaries: BTreeMap::new(), query: None }
    }

    /// The value of one member of a dictionary field, without its key.
    pub fn member(&mut self, name: &str, key: &str) -> Result<String, Reason> {
        let request = &self.request;
        let read = || field(request, name).and_then(|value| Ok(strict::dictionary(&value)?.into_iter().collect()));
        let members =
            self.dictionaries.entry(name.to_owned()).or_insert_with(read).as_ref().map_err(|reason| *reason)?;
        members.get(key).map(Member::to_string).ok_or("is covered by a `key` that the field does not have")
    }

    /// Section 2.2.8: decoded and encoded again, so that each name has one spelling.
    pub fn query_parameter(&mut self, name: &str) -> Result<String, Reason> {
        let query = self.request.target.query().unwrap_or_default();
        match self.query.get_or_insert_with(|| parameters(query)).get(name) {
            Some(Some(value)) => Ok(value.clone()),
            Some(None) => Err("stands in the query more than once"),
            None => Err("is covered, and the query has no such parameter"),
        }
    }
}

fn parameters(query: &str) -> BTreeMap<String, Option<String>> {
    let mut parameters = BTreeMap::new();
    for (name, value) in split(query.as_bytes()) {
        let value = encoded(&decode_form(value));
        parameters.entry(encoded(&decode_form(name))).and_modify(|twice| *twice = None).or_insert(Some(value));
    }
    parameters
}

/// The application/x-www-form-urlencoded percent-encode set of WHATWG URL, with `%20` for a space.
fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => text.push(char::from(*byte)),
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
    text
}
