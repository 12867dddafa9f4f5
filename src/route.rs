//! Stage 6: which event and version this is, and so which schemas judge it. They are declared and tried in order,
//! never guessed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::case::{Case, Found};
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{self, Deprecated, SchemaRef, Unknown};
use crate::json::{self, Document, Json, Kind, Members, named};
use crate::judged::Judged;
use crate::nearest::nearest;
use crate::place::{Place, Pointer, pointer_token};
use crate::schema::{Compiler, Schema};
use crate::shape::Shaper;
use crate::time::parse_rfc3339;

mod answer;

pub(crate) use answer::Answer;

/// The maximum length of a version's name, in characters.
const MAX_VERSION: usize = 64;

/// What the contract calls this event, in the verdict on an accepted message.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// The type of the event, from `route.type`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// The version whose conditions were met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The id of the event, from `route.id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The most specific schema that judged it: its file or its `$id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Where the payload is, as a JSON Pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// An [`Event`] whose parts stand where they were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named<'g, 'a> {
    pub event_type: Option<Cow<'a, str>>,
    pub version: Option<&'g str>,
    pub id: Option<Cow<'a, str>>,
    pub schema: Option<&'g str>,
    pub payload: Option<&'g str>,
}

impl Named<'_, '_> {
    /// Whether nothing is known of it.
    pub fn is_empty(&self) -> bool {
        self.parts().into_iter().all(|(_, part)| part.is_none())
    }

    fn parts(&self) -> [(&'static str, Option<&str>); 5] {
        [
            (named!("type"), self.event_type.as_deref()),
            (named!("version"), self.version),
            (named!("id"), self.id.as_deref()),
            (named!("schema"), self.schema),
            (named!("payload"), self.payload),
        ]
    }

    /// Appends the text of the [`Event`].
    #[cfg_attr(small, optimize(speed))]
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        let mut object = Members::new(out);
        for (named, part) in self.parts() {
            if let Some(part) = part {
                json::write_text(object.member(named), part);
            }
        }
        out.push(b'}');
    }

    /// `None` if nothing is known of it.
    pub fn event(&self) -> Option<Event> {
        let event = Event {
            event_type: self.event_type.as_deref().map(str::to_owned),
            version: self.version.map(str::to_owned),
            id: self.id.as_deref().map(str::to_owned),
            schema: self.schema.map(str::to_owned),
            payload: self.payload.map(str::to_owned),
        };
        (event != Event::default()).then_some(event)
    }
}

/// The event, and the schemas that judge it, each with the pointer of what it judges.
#[derive(Debug)]
pub(crate) struct Routed<'g, 'a> {
    /// Whether the version, the event and its payload are known. Otherwise the schemas judge what is left.
    pub known: bool,
    pub event: Named<'g, 'a>,
    /// At most one of the version, one of the event and one of its payload.
    pub schemas: [Option<(&'g Schema, Option<&'g Pointer>)>; 3],
    /// The reply to a handshake.
    pub answer: Option<&'g Shaper>,
}

/// Proof that the contract lists this event, or that it lists none. Made only by [`judge`].
#[derive(Debug)]
pub(crate) struct Recognised {
    _made_here: (),
}

impl Recognised {
    fn new() -> Recognised {
        Recognised { _made_here: () }
    }
}

/// What the message is, and the proof that it is known. Without a `route`, every message is known.
pub(crate) fn judge<'g, 'a>(router: Option<&'g Router>, case: &Case<'a>) -> (Routed<'g, 'a>, Judged<Recognised>) {
    match router {
        Some(router) => router.judge(case),
        None => (Routed::default(), Judged::Undeclared(Recognised::new())),
    }
}

/// The compiled `route` section of a contract.
#[derive(Debug)]
pub(crate) struct Router {
    event_type: Vec<Place>,
    id: Vec<Place>,
    versions: Vec<Version>,
    unknown: Unknown,
}

#[derive(Debug)]
struct Version {
    name: String,
    when: Vec<(Place, Condition)>,
    schema: Option<Schema>,
    events: Option<Events>,
    deprecated: Option<Retired>,
}

#[derive(Debug)]
enum Condition {
    Meets(grammar::Condition),
    Fits(Schema),
}

#[derive(Debug)]
struct Events {
    listed: BTreeMap<String, Known>,
    otherwise: Option<Known>,
}

#[derive(Debug)]
struct Known {
    schema: Option<Schema>,
    payload: Vec<Alternative>,
    answer: Option<Shaper>,
    deprecated: Option<Retired>,
}

#[derive(Debug)]
struct Alternative {
    at: Pointer,
    schema: Option<Schema>,
    may_be_empty: bool,
    deprecated: Option<Retired>,
}

#[derive(Debug)]
struct Retired {
    instead: String,
    until: Option<i64>,
}

impl Router {
    pub fn compile(document: grammar::Route, compiler: &Compiler<'_>) -> Result<Router, ContractError> {
        if document.event_type.0.is_empty() && document.id.0.is_empty() && document.versions.is_empty() {
            let message = "neither `type`, `id` nor `versions` is there, so it says nothing: leave it out";
            return Err(ContractError::new(ContractCode::ContractRoute, "/route", message));
        }
        let last = document.versions.len().saturating_sub(1);
        let typed = !document.event_type.0.is_empty();
        if document.unknown.is_some() && document.versions.iter().any(|version| version.otherwise.is_some()) {
            let message = "`unknown` and `otherwise` both say what becomes of an event that is not listed";
            let error = ContractError::new(ContractCode::ContractRoute, "/route/unknown", message);
            return Err(error.help("leave `unknown` out; `\"otherwise\": {}` lets any event of a version pass"));
        }
        let mut versions = Vec::new();
        for (index, version) in document.versions.into_iter().enumerate() {
            let at = format!("/route/versions/{index}");
            if version.when.is_none() && index != last {
                let message = "a version without `when` always holds, so those after it are never reached";
                return Err(ContractError::new(ContractCode::ContractRoute, at, message));
            }
            if version.events.is_some() && !typed {
                let message = "`events` are told apart by `route.type`, which is not declared";
                return Err(ContractError::new(ContractCode::ContractRoute, at, message));
            }
            if version.otherwise.is_some() && version.events.is_none() {
                let message = "`otherwise` is for what `events` does not list, and there are no `events`";
                return Err(ContractError::new(ContractCode::ContractRoute, at, message));
            }
            versions.push(compile_version(version, &at, compiler)?);
        }
        let unknown = document.unknown.unwrap_or(Unknown::Reject);
        Ok(Router { event_type: document.event_type.0, id: document.id.0, versions, unknown })
    }

    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let conditions = self.versions.iter().flat_map(|version| version.when.iter().map(|(place, _)| place));
        let answers = self.answers().flat_map(|answer| answer.shaper.places());
        self.event_type.iter().chain(&self.id).chain(conditions).chain(answers)
    }

    /// The version, if what comes before the body decides it.
    pub fn version_by_head(&self, case: &Case<'_>) -> Option<&str> {
        let of_head = |place: &Place| !matches!(place, Place::Field(_) | Place::Pointer(_) | Place::Signed);
        for version in &self.versions {
            let mut head = version.when.iter().filter(|(place, _)| of_head(place));
            match head.all(|(place, condition)| condition.holds(place, case)) {
                true if version.when.iter().all(|(place, _)| of_head(place)) => return Some(&version.name),
                true => return None,
                false => {}
            }
        }
        None
    }

    /// What the message is, as far as it can be determined, and whether it is known.
    fn judge<'g, 'a>(&'g self, case: &Case<'a>) -> (Routed<'g, 'a>, Judged<Recognised>) {
        let mut findings = Vec::new();
        let mut routed = Routed::default();
        routed.event.event_type = first(&self.event_type, case);
        routed.event.id = first(&self.id, case);
        if self.versions.is_empty() {
            return (routed, Judged::of(findings, Recognised::new));
        }
        let Some(version) = self.versions.iter().find(|version| version.holds(case)) else {
            findings.push(self.unknown_version(case));
            routed.known = false;
            return (routed, Judged::of(findings, Recognised::new));
        };
        let now = case.now;
        routed.event.version = Some(&version.name);
        routed.judged_by(version.schema.as_ref(), None);
        findings.extend(version.deprecated.as_ref().map(|retired| retired.finding("version", None, now)));
        let Some(events) = &version.events else {
            return (routed, Judged::of(findings, Recognised::new));
        };
        let name = routed.event.event_type.clone();
        let name = name.as_deref();
        let listed = name.and_then(|name| events.listed.get(name));
        let otherwise = name.and(events.otherwise.as_ref());
        if listed.is_none() {
            findings.push(self.unknown_event(events, name, otherwise.is_some()));
        }
        match listed.or(otherwise) {
            None => routed.known = self.unknown == Unknown::Warn,
            Some(known) => {
                let place = || self.event_type.first().map(Place::to_string);
                findings.extend(known.deprecated.as_ref().map(|retired| retired.finding("event", place(), now)));
                routed.judged_by(known.schema.as_ref(), None);
                routed.answer = known.answer.as_ref();
                routed.known = known.payload(case.payload, &mut routed, &mut findings, now);
            }
        }
        (routed, Judged::of(findings, Recognised::new))
    }

    /// The only place that raises `version-unknown`, at the place that every version reads, or at the first.
    fn unknown_version(&self, case: &Case<'_>) -> Finding {
        let mut names: Vec<_> = self.versions.iter().map(|version| version.name.as_str()).collect();
        names.dedup();
        let all = names.join(", ");
        let message = format!("this is none of the versions {all}");
        let finding = Finding::error(Code::VersionUnknown, Stage::Route, message);
        let names_it =
            |place: &Place| self.versions.iter().all(|version| version.when.iter().any(|(at, _)| at == place));
        let mut places = self.versions.iter().flat_map(|version| &version.when).map(|(place, _)| place);
        let place = places.clone().find(|place| names_it(place)).or(places.next());
        let finding = match place {
            Some(Place::Path(_)) => finding.at("path"),
            Some(place) => finding.at(place.to_string()),
            None => finding,
        };
        let got = place.and_then(|place| place.value(case));
        let got = got.as_ref().and_then(Found::text);
        let close = got.and_then(|got| nearest(&got, names.iter().copied()).map(str::to_owned));
        let finding = finding.with("allowed", all);
        close.into_iter().fold(finding, |finding, close| finding.with("help", format!("did you mean `{close}`?")))
    }

    /// The only place that raises `event-unknown`: a warning if the contract says what judges such an event.
    fn unknown_event(&self, events: &Events, name: Option<&str>, judged: bool) -> Finding {
        let message = match name {
            Some(_) => "the event's type is not one the contract lists",
            None => "the event's type is missing",
        };
        let finding = match judged || self.unknown == Unknown::Warn {
            true => Finding::warning(Code::EventUnknown, Stage::Route, message),
            false => Finding::error(Code::EventUnknown, Stage::Route, message),
        };
        let finding = self.event_type.iter().take(1).fold(finding, |finding, place| finding.at(place.to_string()));
        let close = name.and_then(|name| nearest(name, events.listed.keys().map(String::as_str)));
        let help = match close {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("known are {}", events.listed.keys().cloned().collect::<Vec<_>>().join(", ")),
        };
        finding.with("help", help)
    }
}

/// If a contract has no `route`, every message is known.
impl Default for Routed<'_, '_> {
    fn default() -> Self {
        Routed { known: true, event: Named::default(), schemas: [None; 3], answer: None }
    }
}

impl<'g> Routed<'g, '_> {
    fn judged_by(&mut self, schema: Option<&'g Schema>, base: Option<&'g Pointer>) {
        if let Some(schema) = schema {
            self.event.schema = schema.name.as_deref().or(self.event.schema);
            if let Some(free) = self.schemas.iter_mut().find(|place| place.is_none()) {
                *free = Some((schema, base));
            }
        }
    }
}

impl Version {
    fn holds(&self, case: &Case<'_>) -> bool {
        self.when.iter().all(|(place, condition)| condition.holds(place, case))
    }
}

impl Condition {
    fn holds(&self, place: &Place, case: &Case<'_>) -> bool {
        let value = place.value(case);
        match self {
            Condition::Meets(condition) => {
                condition.meets(value.is_some(), value.as_ref().and_then(Found::text).as_deref())
            }
            Condition::Fits(schema) => match value {
                Some(Found::Json(json)) => schema.fits(json),
                Some(made) => schema.fits(Document::of(&made.to_value()).root()),
                None => false,
            },
        }
    }
}

impl Known {
    /// The first alternative whose pointer exists is used, whatever its value.
    fn payload<'g>(
        &'g self,
        document: Option<Json<'_>>,
        routed: &mut Routed<'g, '_>,
        findings: &mut Vec<Finding>,
        now: i64,
    ) -> bool {
        let found = self.payload.iter().find_map(|alternative| Some((alternative, document?.follow(&alternative.at)?)));
        let Some((alternative, value)) = found else {
            let Some(expected) = self.payload.first() else {
                return true;
            };
            let message = format!("the event's payload `{}` is missing", expected.at.as_str());
            findings.push(Finding::error(Code::PayloadMissing, Stage::Route, message).at(expected.at.as_str()));
            return false;
        };
        let empty = match value.kind() {
            Kind::Array | Kind::Object => value.len() == 0,
            _ => !value.holds(),
        };
        if empty && !alternative.may_be_empty {
            let message = "the event's payload holds nothing, and no other is read in its place";
            findings.push(Finding::error(Code::PayloadEmpty, Stage::Route, message).at(alternative.at.as_str()));
            return false;
        }
        let place = || Some(alternative.at.as_str().to_owned());
        findings.extend(alternative.deprecated.as_ref().map(|retired| retired.finding("payload", place(), now)));
        routed.event.payload = Some(alternative.at.as_str());
        routed.judged_by(alternative.schema.as_ref(), Some(&alternative.at));
        true
    }
}

impl Retired {
    /// The only place that raises `version-deprecated`: a warning, and an error from `until` on.
    fn finding(&self, what: &str, at: Option<String>, now: i64) -> Finding {
        let over = self.until.is_some_and(|until| now >= until);
        let message = match (over, self.until) {
            (true, _) => format!("this {what} is retired; use `{}`", self.instead),
            (false, None) => format!("this {what} is deprecated; use `{}`", self.instead),
            (false, Some(until)) => {
                let days = until.saturating_sub(now) / 86_400;
                format!("this {what} is deprecated and ends in {days} days; use `{}`", self.instead)
            }
        };
        let finding = match over {
            true => Finding::error(Code::VersionDeprecated, Stage::Route, message),
            false => Finding::warning(Code::VersionDeprecated, Stage::Route, message),
        };
        at.into_iter().fold(finding, Finding::at)
    }
}

fn compile_version(version: grammar::Version, at: &str, compiler: &Compiler<'_>) -> Result<Version, ContractError> {
    if !(1..=MAX_VERSION).contains(&version.version.chars().count()) {
        let message = format!("a version has 1 to {MAX_VERSION} characters");
        return Err(ContractError::new(ContractCode::ContractGrammar, format!("{at}/version"), message));
    }
    let schema = version.schema.map(|schema| compiler.compile(schema, &format!("{at}/schema"))).transpose()?;
    let listed = |(name, event): (String, grammar::Event)| {
        let known = compile_event(event, &format!("{at}/events/{}", pointer_token(&name)), compiler)?;
        Ok::<_, ContractError>((name, known))
    };
    let listed: Option<BTreeMap<_, _>> =
        version.events.map(|events| events.into_iter().map(listed).collect()).transpose()?;
    let otherwise =
        version.otherwise.map(|event| compile_event(event, &format!("{at}/otherwise"), compiler)).transpose()?;
    let events = listed.map(|listed| Events { listed, otherwise });
    let deprecated = version.deprecated.map(|retired| compile_retired(retired, at)).transpose()?;
    let condition = |(place, condition): (Place, grammar::When)| {
        let at = format!("{at}/when/{}", pointer_token(&place.to_string()));
        Ok::<_, ContractError>((place, compile_condition(condition, &at, compiler)?))
    };
    let when = version.when.into_iter().flatten().map(condition).collect::<Result<_, _>>()?;
    Ok(Version { name: version.version, when, schema, events, deprecated })
}

fn compile_condition(condition: grammar::When, at: &str, compiler: &Compiler<'_>) -> Result<Condition, ContractError> {
    Ok(match condition {
        grammar::When::Meets(condition) => Condition::Meets(condition),
        grammar::When::Fits(schema) => Condition::Fits(compiler.compile(SchemaRef::Object(schema), at)?),
    })
}

fn compile_event(event: grammar::Event, at: &str, compiler: &Compiler<'_>) -> Result<Known, ContractError> {
    let schema = event.schema.map(|schema| compiler.compile(schema, &format!("{at}/schema"))).transpose()?;
    let mut payload = Vec::new();
    for (index, alternative) in event.payload.into_iter().enumerate() {
        let at = format!("{at}/payload/{index}");
        let pointer = Pointer::parse(&alternative.at).ok_or_else(|| {
            let message = format!("`{}` is not a JSON Pointer", alternative.at);
            ContractError::new(ContractCode::ContractRoute, format!("{at}/at"), message)
        })?;
        let schema = alternative.schema.map(|schema| compiler.compile(schema, &format!("{at}/schema"))).transpose()?;
        let deprecated = alternative.deprecated.map(|retired| compile_retired(retired, &at)).transpose()?;
        payload.push(Alternative { at: pointer, schema, may_be_empty: alternative.may_be_empty, deprecated });
    }
    let deprecated = event.deprecated.map(|retired| compile_retired(retired, at)).transpose()?;
    let answer = event.answer.map(|answer| Shaper::compile(answer, &format!("{at}/answer"))).transpose()?;
    Ok(Known { schema, payload, answer, deprecated })
}

fn compile_retired(document: Deprecated, at: &str) -> Result<Retired, ContractError> {
    let until = match &document.until {
        None => None,
        Some(text) => Some(parse_rfc3339(text).ok_or_else(|| {
            let message = format!("`{text}` is not an RFC 3339 time, such as `2024-08-31T16:00:00Z`");
            ContractError::new(ContractCode::ContractRoute, format!("{at}/deprecated/until"), message)
        })?),
    };
    Ok(Retired { instead: document.instead, until })
}

/// The first place that has a value, as text: a string, or an integer as its digits.
#[cfg_attr(small, optimize(speed))]
fn first<'a>(places: &[Place], case: &Case<'a>) -> Option<Cow<'a, str>> {
    places.iter().find_map(|place| place.value(case))?.into_text()
}
