//! The contract document as it is written: serde structures and nothing else. Every object is closed, so an unknown
//! member or value is refused when the contract loads. `policies/contract.schema.json` describes the same for editors.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::place::Place;
use crate::whole::whole;

mod method;
mod parse;
mod retry;
mod shape;
mod signature;
pub(crate) mod strict;
mod tree;
mod words;

pub(crate) use method::Method;
pub(crate) use parse::{check_file, parse, parse_below, parse_signature};
pub(crate) use retry::{Retry, RetryAfterZero};
pub(crate) use shape::*;
pub(crate) use signature::*;
use strict::{YEAR, filled, filled_map, given, given_map, read_from, said, set, text};
pub(crate) use tree::Part;

/// The largest body that a contract may accept: 100 MiB.
const MAX_BODY: u32 = 104_857_600;

read_from! {
    objects: Document, RequestRules, ResponseRules, Freshness, Replay, Payload, Route, Version, Event, Alternative, Deprecated, PolicyText, Status;
    words: OnMissing, OnDuplicate, PayloadFormat, UnsafeNumbers, OtherBody, Unknown, Preset;
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Document {
    /// For editors, which find the schema of the language by it. It means nothing else.
    #[serde(rename = "$schema", default, deserialize_with = "given")]
    pub _schema: Option<String>,
    pub contract: String,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub version: u32,
    #[serde(default, deserialize_with = "given")]
    pub summary: Option<String>,
    #[serde(default, deserialize_with = "given")]
    pub request: Option<RequestRules>,
    #[serde(default, deserialize_with = "given")]
    pub response: Option<ResponseRules>,
    #[serde(deserialize_with = "required_or_null")]
    pub signature: Option<Part>,
    #[serde(default)]
    pub freshness: Option<Freshness>,
    #[serde(default)]
    pub replay: Option<Replay>,
    #[serde(default)]
    pub payload: Payload,
    #[serde(default, deserialize_with = "given")]
    pub route: Option<Route>,
    #[serde(default, deserialize_with = "given")]
    pub schema: Option<SchemaRef>,
    #[serde(default, deserialize_with = "given")]
    pub schemas: Option<Schemas>,
    #[serde(default, deserialize_with = "filled")]
    pub policy: Vec<PolicyRef>,
    #[serde(default, deserialize_with = "given")]
    pub shape: Option<Shape>,
    #[serde(default)]
    pub dead_letter: bool,
    #[serde(default, deserialize_with = "given")]
    pub retry: Option<Retry>,
    #[serde(default, deserialize_with = "given")]
    pub status: Option<Status>,
}

/// `signature` must be written, even as null, so that nobody turns signatures off by leaving out a line.
fn required_or_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Part>, D::Error> {
    Option::deserialize(deserializer)
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct RequestRules {
    #[serde(deserialize_with = "set")]
    pub methods: Vec<Method>,
    #[serde(deserialize_with = "given")]
    pub path: Option<String>,
    #[serde(deserialize_with = "given")]
    pub content_types: Option<Vec<String>>,
    #[serde(deserialize_with = "whole::<0, MAX_BODY, _, _>")]
    pub max_bytes: usize,
    /// Which pages may send it: `scheme://host` from `Origin`, otherwise from `Referer`.
    #[serde(deserialize_with = "given")]
    pub origins: Option<Vec<String>>,
}

impl Default for RequestRules {
    fn default() -> Self {
        RequestRules {
            methods: vec![Method::Post],
            path: None,
            content_types: None,
            max_bytes: 1_048_576,
            origins: None,
        }
    }
}

/// Used in place of `request`: what a response must be.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ResponseRules {
    pub statuses: Vec<StatusCode>,
    #[serde(default, deserialize_with = "given")]
    pub content_types: Option<Vec<String>>,
    #[serde(default = "max_bytes", deserialize_with = "whole::<0, MAX_BODY, _, _>")]
    pub max_bytes: usize,
}

/// Its bounds are checked where it is used, so that the error names what is out of bounds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct StatusCode(#[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")] pub u32);

fn max_bytes() -> usize {
    RequestRules::default().max_bytes
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Freshness {
    pub field: FreshnessField,
    #[serde(deserialize_with = "whole::<0, YEAR, _, _>")]
    pub past_seconds: u32,
    #[serde(deserialize_with = "whole::<0, YEAR, _, _>")]
    pub future_seconds: u32,
}

/// A field of the signature, by its name. An unsigned contract defines it in place.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "the name of a field of the signature, or a field, such as `{ \"from\": …, \"format\": … }`"
)]
pub(crate) enum FreshnessField {
    Named(String),
    InPlace(Field),
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Replay {
    #[serde(deserialize_with = "set")]
    pub key: Vec<Place>,
    #[serde(default, deserialize_with = "whole::<0, YEAR, _, _>")]
    pub keep_seconds: Option<u32>,
    #[serde(default)]
    pub on_missing: OnMissing,
    pub on_duplicate: OnDuplicate,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum OnMissing {
    #[default]
    Reject,
    Skip,
    Warn,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum OnDuplicate {
    Ignore,
    Reject,
}

impl OnDuplicate {
    pub fn name(self) -> &'static str {
        match self {
            OnDuplicate::Ignore => "ignore",
            OnDuplicate::Reject => "reject",
        }
    }
}

impl serde::Serialize for OnDuplicate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Payload {
    pub format: PayloadFormat,
    /// With `form`: the form field that holds the JSON document.
    #[serde(deserialize_with = "said")]
    pub json: Option<String>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub max_depth: usize,
    pub unsafe_numbers: UnsafeNumbers,
    /// With `json` and `form`: the methods whose requests may come without a body.
    #[serde(deserialize_with = "set")]
    pub without_body: Vec<Method>,
    /// With `query` and `none`: what happens to a body.
    #[serde(deserialize_with = "given")]
    pub body: Option<OtherBody>,
}

impl Default for Payload {
    fn default() -> Self {
        Payload {
            format: PayloadFormat::Json,
            json: None,
            max_depth: 64,
            unsafe_numbers: UnsafeNumbers::Reject,
            without_body: Vec::new(),
            body: None,
        }
    }
}

/// A body that is not the document.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum OtherBody {
    Refuse,
    /// It may be anything. It is hashed and signed as the scheme says, and never parsed.
    Unread,
}

/// What becomes the document that pointers, schemas and policies see.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum PayloadFormat {
    Form,
    Json,
    /// A body that does not begin as JSON is one text.
    JsonOrText,
    None,
    Query,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum UnsafeNumbers {
    Reject,
    Warn,
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Route {
    #[serde(default, rename = "type")]
    pub event_type: Places,
    #[serde(default)]
    pub id: Places,
    #[serde(default, deserialize_with = "filled")]
    pub versions: Vec<Version>,
    #[serde(default, deserialize_with = "given")]
    pub unknown: Option<Unknown>,
}

/// One place, or several in order; the first that has a value counts.
#[derive(Debug, Default)]
pub(crate) struct Places(pub Vec<Place>);

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a place, or a list of places, such as \"/event_type\" or \"header:x-event\"")]
        enum OneOrMany {
            One(Place),
            Many(#[serde(deserialize_with = "filled")] Vec<Place>),
        }
        Ok(Places(match OneOrMany::deserialize(deserializer)? {
            OneOrMany::One(place) => vec![place],
            OneOrMany::Many(places) => places,
        }))
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum Unknown {
    Reject,
    Warn,
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Version {
    pub version: String,
    #[serde(default, deserialize_with = "given_map")]
    pub when: Option<BTreeMap<Place, When>>,
    #[serde(default, deserialize_with = "given")]
    pub schema: Option<SchemaRef>,
    #[serde(default, deserialize_with = "given_map")]
    pub events: Option<BTreeMap<String, Event>>,
    /// What judges an event that `events` does not list.
    #[serde(default, deserialize_with = "given")]
    pub otherwise: Option<Event>,
    #[serde(default, deserialize_with = "given")]
    pub deprecated: Option<Deprecated>,
}

/// What a version asks of a place.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a string, an integer, a list of them, true (holds a value), false (holds none) or a schema"
)]
pub(crate) enum When {
    Meets(Condition),
    Fits(serde_json::Map<String, Value>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a string, an integer, a list of them, true (holds a value) or false (holds none)")]
pub(crate) enum Condition {
    Holds(bool),
    Is(Scalar),
    OneOf(#[serde(deserialize_with = "filled")] Vec<Scalar>),
}

impl Condition {
    /// Whether it is true of the value at its place, if the place holds one.
    /// `text` is the value's, if it has one.
    pub fn meets(&self, is_there: bool, text: Option<&str>) -> bool {
        match self {
            Condition::Holds(wanted) => is_there == *wanted,
            Condition::Is(scalar) => text.is_some_and(|text| text == scalar.text()),
            Condition::OneOf(scalars) => text.is_some_and(|text| scalars.iter().any(|scalar| text == scalar.text())),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Event {
    #[serde(deserialize_with = "given")]
    pub schema: Option<SchemaRef>,
    #[serde(deserialize_with = "filled")]
    pub payload: Vec<Alternative>,
    /// A handshake: the JSON reply, with status 200, in place of the handler's.
    #[serde(deserialize_with = "given")]
    pub answer: Option<Shape>,
    #[serde(deserialize_with = "given")]
    pub deprecated: Option<Deprecated>,
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Alternative {
    pub at: String,
    #[serde(default, deserialize_with = "given")]
    pub schema: Option<SchemaRef>,
    /// Whether it may hold nothing: null, or a text, list or object without content.
    #[serde(default)]
    pub may_be_empty: bool,
    #[serde(default, deserialize_with = "given")]
    pub deprecated: Option<Deprecated>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Deprecated {
    #[serde(rename = "use", deserialize_with = "text")]
    pub instead: String,
    #[serde(default, deserialize_with = "given")]
    pub until: Option<String>,
}

/// A schema file given with the contract, or the schema itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "the name of a schema file, or a schema (an object or a boolean)")]
pub(crate) enum SchemaRef {
    File(String),
    Boolean(bool),
    Object(serde_json::Map<String, Value>),
}

/// Further documents, found by their `$id`, or by the address that they are given here.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a list of schemas, or an object from address to schema")]
pub(crate) enum Schemas {
    ById(#[serde(deserialize_with = "filled")] Vec<SchemaRef>),
    ByAddress(#[serde(deserialize_with = "filled_map")] BTreeMap<String, SchemaRef>),
}

/// A Rego file given with the contract, or a policy in place.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "the name of a Rego file, or { file, text }")]
pub(crate) enum PolicyRef {
    File(String),
    InPlace(PolicyText),
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub(crate) struct PolicyText {
    pub file: String,
    pub text: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Status {
    pub preset: Preset,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub signature: Option<u32>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub freshness: Option<u32>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub replay: Option<u32>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub payload: Option<u32>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub route: Option<u32>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub schema: Option<u32>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub policy: Option<u32>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub shape: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "kebab-case")]
pub(crate) enum Preset {
    #[default]
    Rfc,
    Sub2api,
}
