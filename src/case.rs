//! One message as the later stages see it, and the values at its places.

use std::borrow::Cow;

use serde_json::Value;

use crate::json::{self, Json};
use crate::place::Place;
use crate::request::{Parameters, Received};
use crate::signature::Fields;

/// What a contract's places point into, and the current time.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub request: &'a Received<'a>,
    /// The values of `{name}` in the contract's path.
    pub parameters: &'a Parameters,
    /// The fields of the signature.
    pub fields: &'a Fields<'a>,
    /// The document, once it has been read.
    pub payload: Option<Json<'a>>,
    /// The current time, in Unix seconds.
    pub now: i64,
}

/// A value where it stands, or one that was made.
#[derive(Clone, Debug)]
pub(crate) enum Found<'a> {
    Json(Json<'a>),
    Text(Cow<'a, str>),
    Tree(Cow<'a, Value>),
}

impl<'a> Found<'a> {
    /// The string, or the digits of an integer.
    #[cfg_attr(small, optimize(speed))]
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Found::Json(json) => json.as_text(),
            Found::Text(text) => Some(Cow::Borrowed(text)),
            Found::Tree(tree) => match tree.as_ref() {
                Value::Number(number) if !number.is_f64() => Some(Cow::Owned(number.to_string())),
                Value::String(text) => Some(Cow::Borrowed(text)),
                _ => None,
            },
        }
    }

    /// The same, as long as the message is there.
    pub fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Found::Json(json) => json.as_text(),
            Found::Text(text) => Some(text),
            Found::Tree(_) => self.text().map(|text| Cow::Owned(text.into_owned())),
        }
    }

    /// Whether it is surely a text of no more than so many bytes.
    pub fn is_within(&self, bytes: usize) -> bool {
        match self {
            Found::Json(json) => json.is_string() && json.bytes().len() <= bytes,
            Found::Text(text) => text.len() <= bytes,
            Found::Tree(_) => false,
        }
    }

    pub fn is_number(&self) -> bool {
        match self {
            Found::Json(json) => json.is_number(),
            Found::Text(_) => false,
            Found::Tree(tree) => tree.is_number(),
        }
    }

    pub fn is_string(&self) -> bool {
        match self {
            Found::Json(json) => json.is_string(),
            Found::Text(_) => true,
            Found::Tree(tree) => tree.is_string(),
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Found::Json(json) => json.as_bool(),
            Found::Text(_) => None,
            Found::Tree(tree) => tree.as_bool(),
        }
    }

    #[cfg_attr(small, optimize(speed))]
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Found::Json(json) => json.write(out),
            Found::Text(text) => json::write_text(out, text),
            Found::Tree(tree) => json::write(out, tree),
        }
    }

    pub fn to_value(&self) -> Value {
        match self {
            Found::Json(json) => json.to_value(),
            Found::Text(text) => Value::String(text.as_ref().to_owned()),
            Found::Tree(tree) => tree.as_ref().clone(),
        }
    }
}

impl Place {
    /// The value there, if the place *holds* one: not missing, not null, not an empty string.
    #[cfg_attr(small, optimize(speed))]
    pub fn value<'a>(&self, case: &Case<'a>) -> Option<Found<'a>> {
        match self {
            Place::Pointer(pointer) => case.payload?.follow(pointer).filter(|value| value.holds()).map(Found::Json),
            Place::Signed => None,
            _ => self.text(case).map(Found::Text),
        }
    }

    #[cfg_attr(small, optimize(speed))]
    fn text<'a>(&self, case: &Case<'a>) -> Option<Cow<'a, str>> {
        let text: Cow<'a, str> = match self {
            Place::Field(name) => case.fields.get(name)?.into(),
            Place::Header(name) => case.request.header(name).ok().flatten()?.into(),
            Place::Path(name) => case.parameters.get(name)?.as_str().into(),
            Place::Query(name) => case.request.target.parameter(name).ok().flatten()?.into(),
            Place::Status => case.request.status?.to_string().into(),
            Place::Pointer(_) | Place::Signed => return None,
        };
        (!text.is_empty()).then_some(text)
    }
}
