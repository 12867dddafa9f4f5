//! The canonical message, made after an accept or for a sender that still has to sign it: member by member, in the
//! contract's order.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;
use smallvec::SmallVec;

use crate::case::{Case, Found};
use crate::characters;
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Severity, Stage};
use crate::grammar::{self, MemberFormat, MemberSource};
use crate::json::{self, Json, Label, Members};
use crate::names::Names;
use crate::place::{Place, pointer_token};
use crate::time::{self, FieldFormat, parse_rfc3339};

mod source;
mod tops;

use source::{At, Rest, Sourced};
use tops::{Top, Tops};

/// The message that a handler gets, with its members in the contract's order.
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

impl Message {
    /// Texts that are JSON objects or lists, as some chats wrap what a user wrote: a reader would see the braces.
    pub(crate) fn wrapped(&self) -> impl Iterator<Item = Finding> {
        let texts = self.0.iter().filter_map(|(name, value)| Some((name, value.as_str()?.trim_start())));
        let wrapped = texts.filter(|(_, text)| text.starts_with(['{', '[']) && json::strict(text.as_bytes()).is_some());
        wrapped.map(|(name, _)| {
            let message = format!("`{name}` is JSON in a text, and is sent so");
            let finding = malformed(Severity::Warning, message, &format!("/{}", pointer_token(name)));
            finding.with("help", "take the text out of it before the event is shaped, if a person is to read it")
        })
    }

    /// The message as a document that pointers can be followed in.
    pub(crate) fn to_value(&self) -> Value {
        Value::Object(self.0.iter().cloned().collect())
    }
}

/// What [`Gate::shape`](crate::Gate::shape) makes of a native event.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Shaped {
    /// The version of this document's format.
    pub schema_version: u8,
    /// The canonical message, unless a finding is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// What was dropped or cut, and what is wrong with the event.
    pub findings: Vec<Finding>,
}

impl Shaped {
    /// The canonical text, which is the same everywhere.
    pub fn to_json(&self) -> String {
        // INVARIANT: every type here serialises to JSON without an error of its own.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The canonical text of the message: the bytes to sign and send.
    pub fn message_json(&self) -> Option<String> {
        self.message.as_ref().and_then(|message| serde_json::to_string(message).ok())
    }
}

/// Whether a default has the member's form, since a default is written unchanged.
fn fits(member: &grammar::Member, default: &Value) -> bool {
    let short = |text: &str| member.truncate.is_none_or(|most| characters::count(text) <= most);
    match (member.format, default.as_str()) {
        (None, None) => true,
        (None | Some(MemberFormat::Text), Some(text)) => short(text),
        (Some(_), Some(text)) => parse_rfc3339(text).is_some(),
        (Some(_), None) => false,
    }
}

/// A [`Message`] whose values are where they were found.
#[derive(Debug, Default)]
pub(crate) struct Draft<'a>(Vec<(&'a Label, Found<'a>)>);

impl Draft<'_> {
    /// Appends the text of the message.
    #[cfg_attr(small, optimize(speed))]
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        let mut object = Members::new(out);
        for (label, value) in &self.0 {
            value.write(object.labelled(label));
        }
        out.push(b'}');
    }

    pub fn message(&self) -> Message {
        Message(self.0.iter().map(|(label, value)| (label.as_str().to_owned(), value.to_value())).collect())
    }
}

/// What was made.
pub(crate) struct Made<'a> {
    pub draft: Draft<'a>,
    /// Without warnings and notes if nobody asked for them.
    pub findings: Vec<Finding>,
    reports: bool,
    /// The named members of the event that something was taken from, or that a finding names.
    taken: SmallVec<[usize; 16]>,
    /// Whether the event has members that no source names.
    has_unnamed: bool,
}

impl<'a> Made<'a> {
    /// Whether a source of the member was there and of its form. What is not of its form is passed over, unless the
    /// member is needed: then only the other forms of the same place are tried.
    #[inline(never)]
    fn takes(&mut self, part: &'a Part, values: impl Iterator<Item = Sourced<'a>>, mac: Mac<'_>) -> bool {
        let Part { label, rules: member, .. } = part;
        let name = label.as_str();
        let needed = member.required || member.mac.is_some();
        let mut unread: Vec<(String, String)> = Vec::new();
        let mut is_taken = false;
        for found in values {
            if needed && unread.iter().any(|(at, _)| *at != found.at.to_string()) {
                break;
            }
            self.findings.extend(found.lists.into_iter().map(|rest| rest_of_list(name, rest)));
            self.taken.extend(found.top);
            match write(name, member, found.format, found.value, mac) {
                Ok(value) => {
                    if !unread.is_empty() {
                        unread.retain(|(at, _)| *at != found.at.to_string());
                    }
                    if let Some(value) = value {
                        self.put(part, value, &found.at);
                    }
                    is_taken = true;
                    break;
                }
                Err(message) if needed => unread.push((found.at.to_string(), message)),
                Err(message) => unread.push((found.at.to_string(), message + "; it is passed over")),
            }
        }
        if member.required && !is_taken && unread.is_empty() {
            self.findings.push(missing(name, member));
        }
        let severity = if needed { Severity::Error } else { Severity::Warning };
        self.findings.extend(unread.into_iter().map(|(at, message)| malformed(severity, message, &at)));
        is_taken
    }

    /// Adds a member. A text that is too long is cut. Counts Unicode code points, so that no character is ever cut in two.
    #[cfg_attr(small, optimize(speed))]
    fn put(&mut self, part: &'a Part, value: Found<'a>, at: &At<'_>) {
        let allowed = part.rules.truncate.filter(|allowed| value.is_string() && !value.is_within(*allowed));
        let cut = allowed.and_then(|allowed| cut(&value, allowed));
        if let (Some(allowed), true, Some(_)) = (allowed, self.reports, &cut) {
            let message = format!("`{}` is cut to {allowed} characters", part.label.as_str());
            let length = value.text().map_or(0, |text| characters::count(&text));
            let finding = Finding::warning(Code::ContentTruncated, Stage::Shape, message).at(at.to_string());
            self.findings.push(finding.with("length", length).with("allowed", allowed));
        }
        self.draft.0.push((&part.label, cut.unwrap_or(value)));
    }
}

/// Signs a text with the key that verified the request. `None` if nothing may be signed.
pub(crate) type Mac<'a> = &'a dyn Fn(&str) -> Option<crate::signature::algorithm::Mac>;

/// The compiled `shape` section of a contract.
#[derive(Debug)]
pub(crate) struct Shaper {
    parts: Vec<Part>,
    /// The top-level members of the event that a source names.
    named: Names,
}

/// How one member is made.
#[derive(Debug)]
struct Part {
    label: Label,
    rules: grammar::Member,
    /// For each source, which of the named members it is in.
    tops: Vec<Top>,
}

impl Shaper {
    pub fn compile(document: grammar::Shape, section: &str) -> Result<Shaper, ContractError> {
        for (index, (name, member)) in document.0.iter().enumerate() {
            let at = format!("{section}/{}", pointer_token(name));
            let wrong = |message: &str| Err(ContractError::new(ContractCode::ContractShape, &at, message));
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
            if member.mac.is_some() && member.from.iter().any(|from| matches!(from, MemberSource::Formatted(_))) {
                return wrong("`mac` is of a source's text as it stands, and a source gives a format");
            }
            if name.parse::<u32>().is_ok_and(|number| number.to_string() == *name) {
                return wrong("JavaScript puts a member named by a number before the others: give it a letter");
            }
            if let Some(default) = &member.default
                && !fits(member, default)
            {
                return wrong("the default is not of the member's own `format`, or longer than `truncate`");
            }
            if member.truncate == Some(0) {
                return wrong("a text of 0 characters says nothing");
            }
            source::check(member).map_err(|message| ContractError::new(ContractCode::ContractShape, &at, message))?;
        }
        let mut named = Names::default();
        let mut top_of = |source: &MemberSource| {
            let number = source::place(source).and_then(source::top).map(|name| named.add(name));
            Top::of(number)
        };
        let part = |(name, rules): (String, grammar::Member)| {
            let tops = rules.from.iter().map(&mut top_of).collect();
            Part { label: Label::new(name), rules, tops }
        };
        let parts = document.0.into_iter().map(part).collect();
        Ok(Shaper { parts, named })
    }

    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.parts.iter().flat_map(|part| &part.rules.from).filter_map(source::place)
    }

    /// The members that are MACs.
    pub fn macs(&self) -> impl Iterator<Item = (&str, &grammar::Member)> {
        let macs = self.parts.iter().filter(|part| part.rules.mac.is_some());
        macs.map(|part| (part.label.as_str(), &part.rules))
    }

    /// Makes the message, which counts unless a finding is an error. A response is signed with `mac`. Without `reports`
    /// only errors are sure to be found.
    #[cfg_attr(small, optimize(speed))]
    pub fn make<'a>(&'a self, case: &Case<'a>, mac: Mac<'_>, reports: bool) -> Made<'a> {
        let tops = &Tops::of(case.payload, &self.named);
        let (findings, taken) = (Vec::new(), SmallVec::new());
        let draft = Draft(Vec::with_capacity(self.parts.len()));
        let mut made = Made { draft, findings, reports, taken, has_unnamed: tops.has_unnamed };
        for part in &self.parts {
            if let Some(found) = in_place(part, tops, case) {
                if let Some((value, top, place)) = found {
                    if let Some(top) = top.filter(|_| reports) {
                        made.taken.push(top);
                    }
                    made.put(part, value, &At::Place(place));
                }
                continue;
            }
            if !made.takes(part, source::values(&part.rules, part.sources(tops), case), mac) {
                let default = part.rules.default.as_ref().map(|default| Found::Tree(Cow::Borrowed(default)));
                made.draft.0.extend(default.map(|default| (&part.label, default)));
            }
        }
        made
    }

    /// Top-level members of the event that no source names.
    pub fn unnamed(&self, payload: Option<Json<'_>>, made: &Made<'_>) -> Option<Finding> {
        let payload = payload.filter(|_| made.has_unnamed && made.reports)?;
        dropped(payload, |name| name.number_in(&self.named).is_some())
    }

    /// Top-level members of the event that nothing was taken from.
    pub fn left_over(&self, payload: Json<'_>, made: &Made<'_>) -> Option<Finding> {
        dropped(payload, |name| name.number_in(&self.named).is_some_and(|number| made.taken.contains(&number)))
    }
}

impl Part {
    /// Those that can have a value at all.
    #[inline]
    fn sources<'s>(&'s self, tops: &Tops<'_>) -> impl Iterator<Item = (&'s MemberSource, Option<usize>)> {
        let sources = self.rules.from.iter().zip(&self.tops);
        sources.filter(|(_, top)| tops.may_have(**top)).map(|(source, top)| (source, top.number))
    }
}

/// The first value of a member that stands where it is wanted in the form that is wanted, and the member of the event
/// that it is in: nothing can be wrong with it. `Some(None)` if there is none, and none is needed; `None` if more must be
/// asked.
#[allow(clippy::option_option, reason = "whether it is sure, and then whether there is one")]
#[cfg_attr(small, optimize(speed))]
fn in_place<'a>(
    part: &'a Part,
    tops: &Tops<'a>,
    case: &Case<'a>,
) -> Option<Option<(Found<'a>, Option<usize>, &'a Place)>> {
    let member = &part.rules;
    if member.mac.is_some() {
        return None;
    }
    for (from, top) in part.sources(tops) {
        let place = match from {
            MemberSource::Place(place) => place,
            MemberSource::Item(item) if item.all.is_some() => source::list(item)?,
            _ => return None,
        };
        let Some(value) = tops.value(place, top, case) else { continue };
        let is_text = value.is_string();
        if !is_text && (member.format.is_some() || matches!(from, MemberSource::Item(_)))
            || !matches!(member.format, None | Some(MemberFormat::Text))
        {
            return None;
        }
        return Some(Some((value, top, place)));
    }
    (!member.required && member.default.is_none()).then_some(None)
}

fn dropped(payload: Json<'_>, kept: impl Fn(Json<'_>) -> bool) -> Option<Finding> {
    let names = payload.members().filter(|(name, _)| !kept(*name)).filter_map(|(name, _)| name.as_str());
    let mut dropped: Vec<Cow<'_, str>> = names.collect();
    dropped.sort_unstable();
    (!dropped.is_empty())
        .then(|| not_part(Severity::Info, "members of the event are not part of the message").with("dropped", dropped))
}

/// What a list holds beside what was read. The rest of a conversation is known to be there; what is left out of a text
/// may be words for its reader, so that is a warning.
fn rest_of_list(name: &str, rest: Rest) -> Finding {
    match rest {
        Rest::Others { read, of } => {
            let message = format!("`{name}` is read from 1 of {of} items of the list; the others are not part of it");
            not_part(Severity::Info, message).at(read)
        }
        Rest::Unread { list, items, named, of } => {
            let message = format!("`{name}` is made without {items} of {of} items of the list");
            not_part(Severity::Warning, message).at(list).with("dropped", named)
        }
    }
}

/// The only place that raises `shape-dropped`.
fn not_part(severity: Severity, message: impl Into<String>) -> Finding {
    Finding { severity, ..Finding::info(Code::ShapeDropped, Stage::Shape, message) }
}

/// The member's value, or why its source cannot give it. `None` if nothing may be signed.
fn write<'a>(
    name: &str,
    member: &grammar::Member,
    format: Option<MemberFormat>,
    value: Found<'a>,
    mac: Mac<'_>,
) -> Result<Option<Found<'a>>, String> {
    match (format, member.mac) {
        (Some(MemberFormat::Text), _) if value.is_string() => Ok(Some(value)),
        (Some(format), _) => written(name, format, &value).map(|text| Some(Found::Text(text.into()))),
        (None, None) => Ok(Some(value)),
        (None, Some(encoding)) => match value.text().filter(|_| value.is_string()) {
            Some(text) => Ok(mac(&text).map(|bytes| Found::Text(encoding.write(&bytes).into()))),
            None => Err(format!("`{name}` is the MAC of a text, and its source is none")),
        },
    }
}

/// A value in the form that the message needs, or why it cannot be written so.
fn written(name: &str, format: MemberFormat, value: &Found<'_>) -> Result<String, String> {
    let text = match value.as_bool() {
        Some(boolean) if format == MemberFormat::Text => Some(boolean.to_string()),
        _ => value.text().map(Cow::into_owned),
    };
    let (written, expected) = match format {
        MemberFormat::Text => (text, None),
        MemberFormat::Time => (text.and_then(time::of_any_form), Some(time::ANY_FORM)),
        MemberFormat::Rfc3339 => in_form(FieldFormat::Rfc3339, text),
        MemberFormat::UnixMillis => in_form(FieldFormat::UnixMillis, text),
        MemberFormat::UnixSeconds => in_form(FieldFormat::UnixSeconds, text),
    };
    written.ok_or_else(|| match expected {
        None => format!("`{name}` is a text, and its source is neither string, integer nor boolean"),
        Some(expected) => format!("`{name}` is a time, and its source is not {expected}"),
    })
}

fn in_form(format: FieldFormat, text: Option<String>) -> (Option<String>, Option<&'static str>) {
    (text.and_then(|text| time::in_utc(format, &text)), Some(time::expected(format)))
}

/// The only place that raises `shape-malformed`: an error where the member is needed.
fn malformed(severity: Severity, message: String, at: &str) -> Finding {
    Finding { severity, ..Finding::error(Code::ShapeMalformed, Stage::Shape, message).at(at) }
}

/// The first characters of a text. `None` if it has no more.
fn cut<'a>(value: &Found<'a>, characters: usize) -> Option<Found<'a>> {
    Some(Found::Text(match value.clone().into_text()? {
        Cow::Borrowed(text) => characters::cut(text, characters)?.into(),
        Cow::Owned(text) => characters::cut(&text, characters)?.to_owned().into(),
    }))
}

fn missing(name: &str, member: &grammar::Member) -> Finding {
    let mut places: Vec<String> = Vec::new();
    for title in member.from.iter().map(source::title) {
        if !places.contains(&title) {
            places.push(title);
        }
    }
    let message = format!("`{name}` is required, and {} holds no value", places.join(", "));
    Finding::error(Code::ShapeMissing, Stage::Shape, message).at("")
}
