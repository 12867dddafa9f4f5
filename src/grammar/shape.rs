//! The `shape` section and an event's `answer`: the members of a message and where each comes from.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Error, Unexpected};
use serde_json::Value;

use super::Condition;
use super::signature::Encoding;
use super::strict::{EMPTY, filled, given, read_from};
use crate::place::{Place, Pointer};
use crate::whole::whole;

read_from! {
    objects: Member, Formatted, InText, Item;
    words: Now, MemberFormat;
}

/// The maximum length that a message's text may be cut to, in characters.
const MAX_CHARACTERS: u32 = 1_048_576;

/// The members of the message, in the contract's order, which is the order in the JSON text.
#[derive(Debug)]
pub(crate) struct Shape(pub Vec<(String, Member)>);

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> serde::de::Visitor<'de> for Members {
            type Value = Shape;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object from member to its sources")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
                let mut members = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    members.push(entry);
                }
                match members.is_empty() {
                    true => Err(serde::de::Error::custom(EMPTY)),
                    false => Ok(Shape(members)),
                }
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Member {
    #[serde(default, deserialize_with = "filled")]
    pub from: Vec<MemberSource>,
    /// `null` is a value here.
    #[serde(default, deserialize_with = "given")]
    pub default: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    pub format: Option<MemberFormat>,
    #[serde(default, deserialize_with = "whole::<0, MAX_CHARACTERS, _, _>")]
    pub truncate: Option<usize>,
    #[serde(default)]
    pub required: bool,
    /// Only in a response: the MAC of the source, under the key that verified, in place of the source.
    #[serde(default, deserialize_with = "given")]
    pub mac: Option<Encoding>,
}

#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a place, `now`, `{ \"at\": PLACE, \"format\": … }`, `{ \"last\": POINTER, \"where\": { POINTER: … }, \"at\": POINTER }`, `{ \"all\": POINTER, \"at\": POINTER, \"join\": TEXT }` or `{ \"json\": PLACE, \"at\": POINTER }`"
)]
pub(crate) enum MemberSource {
    Now(Now),
    Place(Place),
    Formatted(Formatted),
    InText(InText),
    Item(Item),
}

#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum Now {
    Now,
}

/// A place whose value has a different form from those of the member's other sources.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Formatted {
    pub at: Place,
    pub format: MemberFormat,
}

/// A value in a JSON document that is written as a text.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct InText {
    pub json: Place,
    pub at: Pointer,
}

/// A value in a list: in the first or the last item that meets `where`, or the texts of all that do, joined.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Item {
    #[serde(default, deserialize_with = "list")]
    pub first: Option<Place>,
    #[serde(default, deserialize_with = "list")]
    pub last: Option<Place>,
    #[serde(default, deserialize_with = "list")]
    pub all: Option<Place>,
    #[serde(default, rename = "where")]
    pub wanted: BTreeMap<Pointer, Condition>,
    pub at: InItem,
    /// Only with `all`: what stands between two texts.
    #[serde(default, deserialize_with = "given")]
    pub join: Option<String>,
}

/// Read like any other place, and always a pointer.
fn list<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Place>, D::Error> {
    Pointer::deserialize(deserializer).map(|pointer| Some(Place::Pointer(pointer)))
}

/// What to read in the item: a value, or an item of a further list.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a JSON Pointer into the item, or `{ \"first\": POINTER, \"at\": POINTER }`")]
pub(crate) enum InItem {
    Pointer(Pointer),
    Item(Box<Item>),
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "kebab-case")]
pub(crate) enum MemberFormat {
    Rfc3339,
    Text,
    /// RFC 3339, Unix seconds or Unix milliseconds.
    Time,
    UnixMillis,
    UnixSeconds,
}

/// What a value is compared with, as text.
#[derive(Debug)]
pub(crate) enum Scalar {
    Integer(i64),
    Text(String),
}

/// The last integer up to which every JSON reader holds every integer; a larger one is written as a text.
const MAX_INTEGER: i64 = 9_007_199_254_740_991;

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl serde::de::Visitor<'_> for Either {
            type Value = Scalar;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a string, or an integer of at most 2^53 - 1")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar::Text(text.to_owned()))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
                match (-MAX_INTEGER..=MAX_INTEGER).contains(&number) {
                    true => Ok(Scalar::Integer(number)),
                    false => Err(E::invalid_value(Unexpected::Signed(number), &self)),
                }
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
                self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
            }
            /// As JSON Schema reads an integer: `1.0` is 1.
            fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar, E> {
                let whole = number.fract() == 0.0 && number.abs() <= MAX_INTEGER as f64;
                #[allow(clippy::cast_possible_truncation, reason = "it is whole, and within bounds")]
                let found = whole.then_some(Scalar::Integer(number as i64));
                found.ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl Scalar {
    pub fn text(&self) -> String {
        match self {
            Scalar::Integer(integer) => integer.to_string(),
            Scalar::Text(text) => text.clone(),
        }
    }
}
