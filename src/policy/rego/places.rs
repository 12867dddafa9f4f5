//! Where a finding is, if the rule does not say: what of the input it rests on, the likeliest first.
//!
//! A rule that finds something is run again, and the machine notes what it reads. Of the places that a finding rests on,
//! those count more without which it would not be: each is taken away, and the rule is asked again.

use std::cmp::Reverse;

use countersign_rego::machine::Machine;
use countersign_rego::plan::DocumentId;
use countersign_rego::value::Value;

use super::report::Read;

/// Of so many findings of one rule on one document, the places are put in order. The others have them as they were read.
const RANKED: usize = 16;

/// So many places of a finding are tried by taking them away.
const TRIED: usize = 16;

/// So many places of a finding are reported.
const SHOWN: usize = 16;

/// What says which document or request it is, and seldom what is wrong with it: the likelier before the others.
const NAMES: [&str; 8] = [
    "/metadata/name",
    "/metadata/generateName",
    "/metadata/namespace",
    "/metadata/uid",
    "/event",
    "/request/method",
    "/apiVersion",
    "/kind",
];

/// What says it, too, but may itself be what is wrong.
const ADDRESSES: [&str; 2] = ["/request/url", "/request/path"];

/// A place that a finding rests on, within what the rule saw as `input`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Place {
    /// A JSON Pointer.
    pub pointer: String,
    /// Whether nothing is there.
    pub absent: bool,
    /// Whether it was only read for something that did not hold.
    pub vain: bool,
    /// The document that it is a part of, if a rule about the set has read it there.
    pub document: Option<usize>,
}

/// For each of these values of a rule about the set what it has read of the documents, in that order.
pub(super) fn set_places(machine: &mut Machine, document: DocumentId, found: &[Value]) -> Vec<Vec<Place>> {
    machine.note_reads(true);
    let again = machine.document(document);
    let alone = !matches!(again, Ok(Some(Value::Set(_) | Value::Array(_))));
    let places = |value: &Value| {
        let reads = machine.reads(document, if alone { None } else { Some(value) });
        let mut places: Vec<Place> = reads.into_iter().filter(|read| read.data).filter_map(of_set).collect();
        places.sort_by_key(|place| {
            let Likely { last, depth, is_name, .. } = Likely::of(&place.pointer);
            (last, depth, is_name)
        });
        places.truncate(SHOWN);
        places
    };
    let all = match again {
        Ok(Some(_)) => found.iter().map(places).collect(),
        _ => found.iter().map(|_| Vec::new()).collect(),
    };
    machine.note_reads(false);
    machine.take_errors();
    all
}

/// `/documents/2/spec` is `/spec` of the document 2.
fn of_set(read: countersign_rego::machine::Read) -> Option<Place> {
    let rest = read.pointer.strip_prefix("/documents/")?;
    let (number, pointer) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Some(Place {
        pointer: pointer.to_owned(),
        absent: read.absent,
        vain: read.vain,
        document: Some(number.parse().ok()?),
    })
}

impl Place {
    /// The place itself, or, of what is absent, what it is absent from.
    pub fn there(&self, input: &Value) -> String {
        let mut pointer = self.pointer.as_str();
        while self.absent && find(input, pointer).is_none() {
            let Some((parent, _)) = pointer.rsplit_once('/') else { break };
            pointer = parent;
        }
        pointer.to_owned()
    }

    /// The same, seen from the caller's document.
    pub fn below(self, prefix: &str) -> Read {
        Read { at: format!("{prefix}{}", self.pointer), absent: self.absent }
    }
}

/// What to ask: a rule of a machine whose data are set.
pub(super) struct Asked<'a> {
    pub machine: &'a mut Machine,
    pub document: DocumentId,
    pub input: &'a Value,
}

impl Asked<'_> {
    /// For each of these values of the rule the places that it rests on. The machine has the same input after it.
    pub fn places(&mut self, found: &[Value]) -> Vec<Vec<Place>> {
        self.machine.note_reads(true);
        let again = self.machine.document(self.document);
        let read = |value: &Value| {
            let alone = !matches!(again, Ok(Some(Value::Set(_) | Value::Array(_))));
            let reads = self.machine.reads(self.document, if alone { None } else { Some(value) });
            reads
                .into_iter()
                .filter(|read| !read.data)
                .map(|read| Place { pointer: read.pointer, absent: read.absent, vain: read.vain, document: None })
                .collect()
        };
        let mut all: Vec<Vec<Place>> = match again {
            Ok(Some(_)) => found.iter().map(read).collect(),
            _ => found.iter().map(|_| Vec::new()).collect(),
        };
        self.machine.note_reads(false);
        for (value, places) in found.iter().zip(&mut all).take(RANKED) {
            self.rank(value, found, places);
        }
        all.iter_mut().for_each(|places| places.truncate(SHOWN));
        // Whatever was tried, the next rule sees the document.
        let _ = self.machine.set_input(Some(self.input.clone()));
        // The errors that were met are those of the rule itself, or of an input that nobody sent.
        self.machine.take_errors();
        all
    }

    /// A number that the message names comes first, then what the finding would not be without, then the deeper, and of those
    /// what was read last.
    fn rank(&mut self, value: &Value, found: &[Value], places: &mut Vec<Place>) {
        let mut ranked = Vec::new();
        for (number, place) in std::mem::take(places).into_iter().enumerate() {
            let effect = if number < TRIED { self.effect(&place, value, found) } else { Effect::None };
            let Likely { last, depth, is_name, is_address } = Likely::of(&place.pointer);
            let told = self.is_told(&place, value);
            let needed = match (effect, is_address) {
                (_, false) if told => 0,
                (Effect::Gone | Effect::Other, false) => 1,
                (Effect::Gone, true) if told => 2,
                (Effect::None, false) if !place.vain => 3,
                (Effect::None, false) => 4,
                (_, true) => 5,
            };
            ranked.push(((last, needed, depth, is_name), place));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        places.extend(ranked.into_iter().map(|(_, place)| place));
    }

    /// Whether the message of a finding names the number that is here, or a part of the path that is the address here.
    fn is_told(&self, place: &Place, value: &Value) -> bool {
        let told = |text: &str| text.len() > 2 && message(value).contains(text);
        match find(self.input, &place.pointer) {
            Some(Value::String(address)) if ADDRESSES.contains(&place.pointer.as_str()) => {
                let path = address.split(['?', '#']).next().unwrap_or_default();
                let rest =
                    path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |two| two.1));
                rest.split('/').any(told)
            }
            Some(Value::Number(number)) => told(&number.text()),
            _ => false,
        }
    }

    /// What becomes of a finding without this place; or, if it is absent, with something there.
    fn effect(&mut self, place: &Place, value: &Value, found: &[Value]) -> Effect {
        let tokens = tokens(&place.pointer);
        let others = [Value::Boolean(true), Value::from("x"), Value::object(Vec::new())];
        let tried: Vec<Option<Value>> = if place.absent { others.into_iter().map(Some).collect() } else { vec![None] };
        let effects = tried.into_iter().map(|other| match changed(self.input, &tokens, other) {
            Some(input) => self.effect_of(input, value, found),
            None => Effect::None,
        });
        effects.min().unwrap_or(Effect::None)
    }

    fn effect_of(&mut self, input: Value, value: &Value, found: &[Value]) -> Effect {
        if self.machine.set_input(Some(input)).is_err() {
            return Effect::None;
        }
        let after = match self.machine.document(self.document) {
            Ok(Some(Value::Set(set))) => set.elements().to_vec(),
            Ok(Some(Value::Array(array))) => array.items().to_vec(),
            Ok(Some(Value::Boolean(false)) | None) => Vec::new(),
            Ok(Some(other)) => vec![other],
            Err(_) => return Effect::None,
        };
        let of_kind = |all: &[Value]| all.iter().filter(|other| alike(value, other)).count();
        if of_kind(&after) < of_kind(found) {
            return Effect::Gone;
        }
        let new = after.iter().filter(|other| alike(value, other) && !found.contains(other));
        let is_other = !after.contains(value) && !new.into_iter().any(|other| is_said_alike(value, other));
        if is_other { Effect::Other } else { Effect::None }
    }
}

/// How likely a place is to be what is wrong, by its pointer alone: the lesser comes first.
struct Likely {
    last: usize,
    depth: Reverse<usize>,
    is_name: bool,
    is_address: bool,
}

impl Likely {
    fn of(pointer: &str) -> Likely {
        Likely {
            last: NAMES.iter().position(|name| *name == pointer).map_or(0, |number| number + 1),
            depth: Reverse(pointer.matches('/').count()),
            is_name: pointer.ends_with("/name"),
            is_address: ADDRESSES.contains(&pointer),
        }
    }
}

/// What becomes of a finding when the input changes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Effect {
    /// There is one of its kind less.
    Gone,
    /// In its place is one that says something else.
    Other,
    /// It is there, perhaps with other names in its message.
    None,
}

/// What a finding says.
fn message(value: &Value) -> &str {
    let message = value.member("message").or_else(|| value.member("msg"));
    message.unwrap_or(value).as_str().unwrap_or_default()
}

/// Whether the messages of two findings begin and end alike, for three quarters of the shorter or more.
fn is_said_alike(one: &Value, other: &Value) -> bool {
    let (one, other) = (message(one), message(other));
    let shorter = one.len().min(other.len());
    let first = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let last = one.bytes().rev().zip(other.bytes().rev()).take_while(|(one, other)| one == other).count();
    (first + last) * 4 >= shorter * 3
}

/// Whether two findings are of one kind: they have one id, or neither has one.
fn alike(one: &Value, other: &Value) -> bool {
    let id = |value: &Value| value.member("id").or_else(|| value.member("code")).cloned();
    id(one) == id(other)
}

fn tokens(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect()
}

/// What a pointer leads to.
fn find<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    tokens(pointer).iter().try_fold(value, |value, token| match value {
        Value::Object(object) => object.member(token),
        Value::Array(array) => array.items().get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// The value without what is at a path, or with something else there. `None` if the path leads nowhere.
fn changed(value: &Value, path: &[String], other: Option<Value>) -> Option<Value> {
    let Some((token, rest)) = path.split_first() else { return Some(other.unwrap_or(Value::Null)) };
    match value {
        Value::Object(object) => {
            let here = object.member(token);
            let below = match (here, rest.is_empty()) {
                (_, true) => other,
                (Some(below), false) => Some(changed(below, rest, other)?),
                (None, false) => Some(changed(&Value::object(Vec::new()), rest, other)?),
            };
            let members = object.members().iter().filter(|(name, _)| name.as_str() != Some(token)).cloned();
            let mut members: Vec<_> = members.collect();
            members.extend(below.map(|below| (Value::from(token.as_str()), below)));
            Some(Value::object(members))
        }
        Value::Array(array) => {
            let index = token.parse::<usize>().ok()?;
            let mut items = array.items().to_vec();
            let below = match (items.get(index), rest.is_empty()) {
                (Some(_), true) => other,
                (Some(below), false) => Some(changed(below, rest, other)?),
                (None, _) => return None,
            };
            match (items.get_mut(index), below) {
                (Some(slot), Some(below)) => *slot = below,
                _ => _ = items.remove(index),
            }
            Some(Value::array(items))
        }
        _ => None,
    }
}
