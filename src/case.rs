//! One message as the later stages see it, and the values at its places.

use std::borrow::Cow;

use serde_json::Value;

use crate::place::{Place, holds};
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
    pub payload: Option<&'a Value>,
    /// The current time, in Unix seconds.
    pub now: i64,
}

impl Place {
    /// The value there, if the place *holds* one: not missing, not null, not an empty string.
    pub fn value(&self, case: &Case<'_>) -> Option<Value> {
        match self {
            Place::Pointer(pointer) => pointer.follow(case.payload?).filter(|value| holds(value)).cloned(),
            Place::Signed => None,
            _ => self.text(case).map(|text| Value::String(text.into_owned())),
        }
    }

    fn text<'a>(&self, case: &Case<'a>) -> Option<Cow<'a, str>> {
        let text: Cow<'a, str> = match self {
            Place::Field(name) => case.fields.get(name)?.to_owned().into(),
            Place::Header(name) => case.request.header(name).ok().flatten()?.into(),
            Place::Path(name) => case.parameters.get(name)?.as_str().into(),
            Place::Query(name) => case.request.target.parameter(name).ok().flatten()?.into(),
            Place::Status => case.request.status?.to_string().into(),
            Place::Pointer(_) | Place::Signed => return None,
        };
        (!text.is_empty()).then_some(text)
    }
}
