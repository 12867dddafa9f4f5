//! What the places of one message point into, and the values there.

use std::borrow::Cow;

use serde_json::Value;

use crate::place::{Place, holds};
use crate::request::Request;
use crate::signature::Fields;

/// What the places of one message point into.
pub(crate) struct Sources<'a> {
    pub request: &'a Request<'a>,
    pub fields: &'a Fields<'a>,
    pub payload: Option<&'a Value>,
}

impl Place {
    /// The value there, if the place *holds* one: not missing, not null, not an empty string.
    pub fn value(&self, sources: &Sources<'_>) -> Option<Value> {
        match self {
            Place::Pointer(pointer) => pointer.follow(sources.payload?).filter(|value| holds(value)).cloned(),
            Place::Signed => None,
            _ => self.text(sources).map(|text| Value::String(text.into_owned())),
        }
    }

    fn text<'a>(&self, sources: &Sources<'a>) -> Option<Cow<'a, str>> {
        let text = match self {
            Place::Field(name) => sources.fields.get(name)?.to_owned().into(),
            Place::Header(name) => sources.request.header(name).ok().flatten()?.into(),
            Place::Path(name) => sources.request.path_parameter(name)?.into(),
            Place::Query(name) => sources.request.query_parameter(name).ok().flatten()?,
            Place::Status => sources.request.status?.to_string().into(),
            Place::Pointer(_) | Place::Signed => return None,
        };
        (!text.is_empty()).then_some(text)
    }
}
