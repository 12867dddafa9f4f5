//! Two requests with the same signed bytes, made and compared: what is shown was tried.

use std::collections::BTreeMap;

use crate::contract::document::{FieldFormat, Parameters, Segment, Values};
use crate::request::Request;
use crate::signature::field::{self, Declared};
use crate::signature::sign::{Signed, put, separator};
use crate::signature::{Scheme, segments};
use crate::time;

const BASE: &str = "https://hooks.example.org/in";
/// The time of the examples, in Unix seconds.
const NOW: i64 = 1_717_030_001;

/// A request without its signature, and its two parts at the seam.
pub(super) struct Shown {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub left: String,
    pub right: String,
}

/// What of a request the examples choose.
#[derive(Clone, Default)]
struct Draft<'a> {
    fields: BTreeMap<&'a str, String>,
    path: Option<String>,
    query: String,
    body: String,
    /// With the optional fields.
    optional: bool,
}

/// Some text stands at the end of the left part in one, and at the start of the right part in the other.
pub(super) fn at_seam(
    scheme: &Scheme,
    method: &'static str,
    left: &Segment,
    right: &Segment,
    optional: bool,
) -> Option<[Shown; 2]> {
    let format = |name: &str| scheme.fields.iter().find(|field| field.name == name).map(|field| field.format);
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
    let shown = |first: String, second: String| {
        let mut draft = Draft { optional, ..Draft::default() };
        draft.set(left, &first);
        draft.set(right, second.strip_prefix(BASE).map_or(&second, |rest| rest.trim_start_matches('?')));
        let shown = draft.write(scheme, method)?;
        let whole = |segment: &Segment, text| if matches!(segment, Segment::Url(_)) { shown.url.clone() } else { text };
        let (first, second) = (whole(left, first), whole(right, second));
        Some(Shown { left: first, right: second, ..shown })
    };
    same_bytes(
        scheme,
        shown(before.into(), format!("{moved}{after}"))?,
        shown(format!("{before}{moved}"), after.into())?,
    )
}

/// One parameter that is signed as two, or whose name and value may be parted elsewhere.
pub(super) fn in_parameters(
    scheme: &Scheme,
    method: &'static str,
    segment: &Segment,
    rules: &Parameters,
) -> Option<[Shown; 2]> {
    let shown = |text: &str| {
        let mut draft = Draft { optional: true, ..Draft::default() };
        draft.set(segment, text);
        draft.write(scheme, method).map(|shown| Shown { left: text.to_owned(), ..shown })
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
        .find_map(|(a, b)| same_bytes(scheme, shown(a)?, shown(b)?))
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

    /// `None` where a field stands in the body, which is not made here.
    fn write(&self, scheme: &Scheme, method: &'static str) -> Option<Shown> {
        let url = match &self.path {
            Some(path) => BASE.replace("/in", path),
            None => BASE.to_owned(),
        };
        let mut request = Signed { url, headers: Vec::new() };
        let mut pairs = Vec::new();
        for declared in scheme.fields.iter().filter(|field| self.optional || !field.optional) {
            let chosen = self.fields.get(declared.name.as_str()).cloned();
            let value = chosen.unwrap_or_else(|| sample(declared, &self.body));
            put(&mut request, &mut pairs, &declared.from, value).ok()?;
        }
        if !pairs.is_empty() {
            put(&mut request, &mut Vec::new(), &scheme.from, pairs.join(&separator(&scheme.shape))).ok()?;
        }
        let Signed { mut url, headers } = request;
        if !self.query.is_empty() {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&self.query);
        }
        Some(Shown { method, url, headers, body: self.body.clone(), left: String::new(), right: String::new() })
    }
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

fn same_bytes(scheme: &Scheme, one: Shown, other: Shown) -> Option<[Shown; 2]> {
    (bytes(scheme, &one)? == bytes(scheme, &other)?).then_some([one, other])
}

/// What is signed, with a byte that no example holds in place of a secret.
fn bytes(scheme: &Scheme, shown: &Shown) -> Option<Vec<u8>> {
    let request = Request::new(shown.method, &shown.url, &shown.headers, shown.body.as_bytes());
    let (fields, findings) = field::read_all(&scheme.fields, &scheme.context(&request, None));
    let forms = segments::forms(&scheme.signed, &request, &fields).ok()??;
    let form = forms.into_iter().next().filter(|_| findings.is_empty())?;
    Some(form.iter().flat_map(|piece| piece.bytes(&[0]).to_vec()).collect())
}
