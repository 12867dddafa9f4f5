//! Makes two requests and compares their signed bytes, so every example that is shown really collides.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::grammar::{Parameters, Segment, Values};
use crate::json::Document;
use crate::place::Pointer;
use crate::request::Request;
use crate::signature::field::{self, Declared, Origin};
use crate::signature::sign::{Signed, put, separator};
use crate::signature::{Scheme, segments};
use crate::time::{self, FieldFormat};

const BASE: &str = "https://hooks.example.org/in";
/// The time of the examples, in Unix seconds.
const NOW: i64 = 1_717_030_001;

/// What the examples are made for.
pub(super) struct Maker<'a> {
    pub scheme: &'a Scheme,
    pub method: &'static str,
    /// Whether the payload is JSON.
    pub json: bool,
}

/// A request without its signature, and its two parts at the seam.
pub(super) struct Shown {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub left: String,
    pub right: String,
}

/// Two of the signed parts, by their position in the list.
#[derive(Clone, Copy)]
pub(super) struct Seam<'a> {
    pub signed: &'a [&'a Segment],
    pub left: usize,
    pub right: usize,
    /// Whether the optional fields are present.
    pub optional: bool,
}

/// The parts of a request that the examples choose.
#[derive(Clone, Default)]
struct Draft<'a> {
    fields: BTreeMap<&'a str, String>,
    path: Option<String>,
    query: String,
    body: String,
    /// The optional fields that are present.
    optional: Vec<&'a str>,
}

impl<'a> Maker<'a> {
    /// Two requests in which some text moves: in one it starts the right part, in the other it ends the left part.
    /// Whatever is signed between the two parts is also inside one of them.
    pub fn at_seam(&self, seam: Seam<'a>) -> Option<[Shown; 2]> {
        let (left, right) = (*seam.signed.get(seam.left)?, *seam.signed.get(seam.right)?);
        let format = |name: &str| self.scheme.fields.iter().find(|field| field.name == name).map(|field| field.format);
        let before = match left {
            Segment::Field(name) => match format(name)? {
                FieldFormat::UnixMillis => "171703000000",
                FieldFormat::UnixSeconds => "171703000",
                _ => "n",
            },
            Segment::Form(_) | Segment::Query(_) | Segment::Url(_) => "n=2",
            Segment::Path(_) => "/in/2",
            Segment::Target(_) => "/in?n=2",
            _ => "2",
        };
        let (moved, after) = match right {
            Segment::Field(name) => match format(name)? {
                FieldFormat::UnixMillis => ("1", "717030001000"),
                FieldFormat::UnixSeconds => ("1", "717030001"),
                _ => ("1", "2"),
            },
            Segment::Form(_) | Segment::Query(_) => ("1", "n=2"),
            Segment::Path(_) | Segment::Target(_) => ("/", "/in"),
            Segment::Url(_) => ("https://hooks.example.org/in?n=", BASE),
            _ => ("1", "2"),
        };
        let optional = if seam.optional { self.optional() } else { vec![] };
        let shown = |first: String, second: String| {
            let mut draft = Draft { optional: optional.clone(), ..Draft::default() };
            draft.set(left, &first);
            draft.set(right, second.strip_prefix(BASE).map_or(&second, |rest| rest.trim_start_matches('?')));
            let shown = self.write(&draft)?;
            let whole =
                |segment: &Segment, text| if matches!(segment, Segment::Url(_)) { shown.url.clone() } else { text };
            let (first, second) = (whole(left, first), whole(right, second));
            Some(Shown { left: first, right: second, ..shown })
        };
        let one = shown(before.into(), format!("{moved}{after}"))?;
        let between = text(self.pieces(&one)?.get(seam.left.saturating_add(1)..seam.right)?)?;
        let one = shown(before.into(), format!("{moved}{between}{after}"))?;
        self.parted(one, shown(format!("{before}{between}{moved}"), after.into())?)
    }

    /// Two requests: in one an optional group is present, in the other its text is inside the part `left` before it.
    /// `signed` contains this group and no other.
    pub fn in_group(&self, signed: &[&'a Segment], left: usize, group: std::ops::Range<usize>) -> Option<[Shown; 2]> {
        let part = *signed.get(left)?;
        let fields: Vec<&str> = signed.get(group.clone())?.iter().filter_map(|segment| name_of(segment)).collect();
        let mut draft = Draft { optional: self.optional(), ..Draft::default() };
        draft.optional.retain(|name| fields.contains(name));
        draft.set(part, "n");
        let with = self.write(&draft)?;
        let pieces = self.pieces(&with)?;
        let between = text(pieces.get(left.saturating_add(1)..group.start)?)?;
        let whole = text(pieces.get(group)?)?;
        let moved = format!("n{between}{}", whole.strip_suffix(&between)?);
        let mut without = Draft::default();
        without.set(part, &moved);
        let without = Shown { left: moved, ..self.write(&without)? };
        self.parted(Shown { left: "n".into(), right: whole, ..with }, without)
    }

    /// One parameter that is signed like two, or that may be split into name and value at another point.
    pub fn in_parameters(&self, segment: &'a Segment, rules: &Parameters) -> Option<[Shown; 2]> {
        let shown = |text: &str| {
            let mut draft = Draft { optional: self.optional(), ..Draft::default() };
            draft.set(segment, text);
            self.write(&draft).map(|shown| Shown { left: text.to_owned(), ..shown })
        };
        let swallowed = format!("1{}b{}2", rules.join, rules.pair);
        let swallowed = match rules.values {
            Values::Decoded => swallowed
                .bytes()
                .map(|byte| match byte {
                    byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                    byte => format!("%{byte:02X}"),
                })
                .collect(),
            Values::Raw => swallowed,
        };
        let two = format!("a={swallowed}");
        [("ab=c", "a=bc"), ("a=1&b=2", two.as_str())]
            .into_iter()
            .filter(|(a, b)| a != b)
            .find_map(|(a, b)| self.same_bytes(shown(a)?, shown(b)?))
    }

    fn optional(&self) -> Vec<&'a str> {
        self.scheme.fields.iter().filter(|field| field.optional).map(|field| field.name.as_str()).collect()
    }

    /// `None` if a field is in a body that is itself a signed part, or in one that is not JSON.
    fn write(&self, draft: &Draft<'_>) -> Option<Shown> {
        let url = match &draft.path {
            Some(path) => BASE.replace("/in", path),
            None => BASE.to_owned(),
        };
        let mut request = Signed { url, headers: Vec::new() };
        let (mut pairs, mut members) = (Vec::new(), Value::Null);
        let is_there = |field: &&Declared| !field.optional || draft.optional.contains(&field.name.as_str());
        for declared in self.scheme.fields.iter().filter(is_there) {
            let chosen = draft.fields.get(declared.name.as_str()).cloned();
            let value = chosen.unwrap_or_else(|| sample(declared, &draft.body));
            match &declared.from {
                Origin::Body(pointer) => insert(&mut members, pointer, value)?,
                origin => put(&mut request, &mut pairs, origin, value).ok()?,
            }
        }
        if !pairs.is_empty() {
            put(&mut request, &mut Vec::new(), &self.scheme.from, pairs.join(&separator(&self.scheme.shape))).ok()?;
        }
        let Signed { mut url, headers } = request;
        if !draft.query.is_empty() {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&draft.query);
        }
        let body = match members {
            Value::Null => draft.body.clone(),
            members => Some(members.to_string()).filter(|_| self.json && draft.body.is_empty())?,
        };
        Some(Shown { method: self.method, url, headers, body, left: String::new(), right: String::new() })
    }

    fn same_bytes(&self, one: Shown, other: Shown) -> Option<[Shown; 2]> {
        (self.pieces(&one)?.concat() == self.pieces(&other)?.concat()).then_some([one, other])
    }

    /// The same bytes, split at other points.
    fn parted(&self, one: Shown, other: Shown) -> Option<[Shown; 2]> {
        self.same_bytes(one, other).filter(|[one, other]| self.pieces(one) != self.pieces(other))
    }

    /// What is signed, piece by piece, with a byte that no example contains instead of a secret. `None` if the
    /// request cannot be sent over the wire, or if a field is malformed.
    fn pieces(&self, shown: &Shown) -> Option<Vec<Vec<u8>>> {
        let carried = shown.url.bytes().all(|byte| byte.is_ascii_graphic())
            && shown.headers.iter().all(|(_, value)| value.trim_matches([' ', '\t']) == value);
        let request = Request::new(shown.method, &shown.url, &shown.headers, shown.body.as_bytes());
        let target = request.target(None);
        let request = request.received(&target);
        let body = self.scheme.reads_body_first().then(|| serde_json::from_str(&shown.body).ok()).flatten();
        let body = body.as_ref().map(Document::of);
        let context = self.scheme.context(&request, body.as_ref().map(Document::root));
        let (fields, findings) = field::read_all(&self.scheme.fields, &context);
        let forms = segments::forms(&self.scheme.signed, &request, &fields).ok()??;
        let form = forms.into_iter().next().filter(|_| carried && findings.is_empty())?;
        Some(form.iter().map(|piece| piece.bytes(&[0]).to_vec()).collect())
    }
}

impl<'a> Draft<'a> {
    fn set(&mut self, segment: &'a Segment, text: &str) {
        match segment {
            Segment::Field(name) => drop(self.fields.insert(name, text.to_owned())),
            Segment::Path(_) => self.path = Some(text.to_owned()),
            Segment::Query(_) | Segment::Url(_) => text.clone_into(&mut self.query),
            Segment::Target(_) => {
                let (path, query) = text.split_once('?').unwrap_or((text, ""));
                self.path = Some(path.to_owned());
                query.clone_into(&mut self.query);
            }
            _ => text.clone_into(&mut self.body),
        }
    }
}

fn name_of(segment: &Segment) -> Option<&str> {
    match segment {
        Segment::Field(name) => Some(name),
        _ => None,
    }
}

fn text(pieces: &[Vec<u8>]) -> Option<String> {
    String::from_utf8(pieces.concat()).ok()
}

/// Inserts a member where the pointer says; a token `0` is the first item of a list.
fn insert(members: &mut Value, pointer: &Pointer, text: String) -> Option<()> {
    let mut at = members;
    for token in pointer.tokens() {
        if at.is_null() {
            *at = if token == "0" { Value::Array(vec![Value::Null]) } else { Value::Object(Default::default()) };
        }
        at = match at {
            Value::Array(items) => items.first_mut().filter(|_| token == "0")?,
            Value::Object(members) => members.entry(token).or_insert(Value::Null),
            _ => return None,
        };
    }
    at.is_null().then(|| *at = Value::String(text))
}

/// A value that fits the field.
fn sample(declared: &Declared, body: &str) -> String {
    declared.equals_value(body.as_bytes()).or_else(|| time::write(declared.format, NOW)).unwrap_or_else(|| {
        match declared.format {
            FieldFormat::Hex16 => "a1b2c3d4e5f67890",
            FieldFormat::UuidV7 => "018fc6e2-9d68-7000-8000-000000000000",
            _ => "n",
        }
        .to_owned()
    })
}
