//! After accept: the canonical message, member by member, in the contract's order.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::contract::document::{self, MemberFormat, MemberSource};
use crate::contract::error::ContractError;
use crate::place::{Place, Sources, pointer_token};
use crate::time::rfc3339;
use crate::verdict::{Code, Finding, Stage};

/// The message that a handler gets: members in the contract's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message(pub Vec<(String, Value)>);

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Signs a text with the key that verified the request; `None` where nothing may be signed.
pub(crate) type Mac<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// The compiled `shape` section of a contract.
#[derive(Debug)]
pub(crate) struct Shaper(Vec<(String, document::Member)>);

impl Shaper {
    pub fn compile(document: document::Shape, section: &str) -> Result<Shaper, ContractError> {
        for (index, (name, member)) in document.0.iter().enumerate() {
            let at = format!("{section}/{}", pointer_token(name));
            let wrong = |message: &str| Err(ContractError::new("contract-shape", &at, message));
            if document.0.iter().take(index).any(|(earlier, _)| earlier == name) {
                return wrong("the member stands twice");
            }
            if member.from.is_empty() && member.default.is_none() {
                return wrong("it has neither `from` nor `default`, so it can never be made");
            }
            if member.required && member.default.is_some() {
                return wrong("a member with a default is never missing, so `required` says nothing");
            }
            if member.mac.is_some()
                && (member.default.is_some() || member.format.is_some() || member.truncate.is_some())
            {
                return wrong("`mac` is of a source's text as it stands: no default, no format and no truncation");
            }
            if member.truncate == Some(0) {
                return wrong("a text of 0 characters says nothing");
            }
        }
        Ok(Shaper(document.0))
    }

    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.0.iter().flat_map(|(_, member)| &member.from).filter_map(|source| match source {
            MemberSource::Now(_) => None,
            MemberSource::Place(place) => Some(place),
        })
    }

    /// The members that are MACs.
    pub fn macs(&self) -> impl Iterator<Item = (&str, &document::Member)> {
        self.0.iter().filter(|(_, member)| member.mac.is_some()).map(|(name, member)| (name.as_str(), member))
    }

    /// The message, unless a finding is an error. `mac` is what an answer signs with.
    pub fn make(&self, sources: &Sources<'_>, now: i64, mac: Mac<'_>) -> (Message, Vec<Finding>) {
        let mut message = Message::default();
        let mut findings = Vec::new();
        for (name, member) in &self.0 {
            let found = member.from.iter().find_map(|source| match source {
                MemberSource::Now(_) => Some(("now".to_owned(), Value::String(rfc3339(now)))),
                MemberSource::Place(place) => place.value(sources).map(|value| (place.to_string(), value)),
            });
            match found {
                Some((at, value)) => message.0.extend(write(name, member, value, mac, &at, &mut findings)),
                None => match &member.default {
                    Some(default) => message.0.push((name.clone(), default.clone())),
                    None if member.required => findings.push(missing(name, member)),
                    None => {}
                },
            }
        }
        (message, findings)
    }

    /// Top-level members of the event that no source names.
    pub fn dropped(&self, payload: Option<&Value>) -> Option<Finding> {
        let named: Vec<&str> = self
            .places()
            .filter_map(|place| match place {
                Place::Pointer(pointer) => pointer.first(),
                _ => None,
            })
            .collect();
        let members = payload?.as_object()?.keys();
        let dropped: Vec<&str> = members.map(String::as_str).filter(|name| !named.contains(name)).collect();
        (!dropped.is_empty()).then(|| {
            Finding::info(Code::ShapeDropped, Stage::Shape, "members of the event are not part of the message")
                .with("dropped", dropped)
        })
    }
}

fn write(
    name: &str,
    member: &document::Member,
    value: Value,
    mac: Mac<'_>,
    at: &str,
    findings: &mut Vec<Finding>,
) -> Option<(String, Value)> {
    let value = match (member.format, value) {
        (None, Value::String(text)) if member.mac.is_some() => {
            Value::String(member.mac.zip(mac(&text)).map(|(encoding, bytes)| encoding.write(&bytes))?)
        }
        (None, _) if member.mac.is_some() => {
            let message = format!("`{name}` is the MAC of a text, and its source is none");
            findings.push(malformed(message, at));
            return None;
        }
        (None, value) => value,
        (Some(MemberFormat::Text), Value::String(text)) => Value::String(text),
        (Some(MemberFormat::Text), Value::Bool(boolean)) => Value::String(boolean.to_string()),
        (Some(MemberFormat::Text), Value::Number(number)) if !number.is_f64() => Value::String(number.to_string()),
        (Some(MemberFormat::Text), _) => {
            let message = format!("`{name}` is a text, and its source is neither string, integer nor boolean");
            findings.push(malformed(message, at));
            return None;
        }
    };
    let value = match (member.truncate, value) {
        (Some(allowed), Value::String(text)) => Value::String(truncate(name, text, allowed, at, findings)),
        (_, value) => value,
    };
    Some((name.to_owned(), value))
}

/// The only place that raises `shape-malformed`.
fn malformed(message: String, at: &str) -> Finding {
    Finding::error(Code::ShapeMalformed, Stage::Shape, message).at(at)
}

/// Counts Unicode code points, so that no character is ever cut in two.
fn truncate(name: &str, text: String, allowed: usize, at: &str, findings: &mut Vec<Finding>) -> String {
    let Some((cut, _)) = text.char_indices().nth(allowed) else {
        return text;
    };
    let message = format!("`{name}` is cut to {allowed} characters");
    findings.push(
        Finding::warning(Code::ContentTruncated, Stage::Shape, message)
            .at(at)
            .with("length", text.chars().count())
            .with("allowed", allowed),
    );
    text.get(..cut).unwrap_or_default().to_owned()
}

fn missing(name: &str, member: &document::Member) -> Finding {
    let places: Vec<String> = member
        .from
        .iter()
        .map(|source| match source {
            MemberSource::Now(_) => "now".into(),
            MemberSource::Place(place) => place.to_string(),
        })
        .collect();
    let message = format!("`{name}` is required, and {} holds no value", places.join(", "));
    Finding::error(Code::ShapeMissing, Stage::Shape, message).at("")
}
