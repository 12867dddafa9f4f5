//! Covered components (RFC 9421, section 2): the name of each, and its value in a request. A component
//! without exactly one value here is rejected, never guessed.

use super::lines::{ABSENT, Reason, field, lines, visible};
use super::source::Source;
use super::structured::{self, Bare, Item};
use super::{digest, strict};
use crate::covered::Covered;
use crate::finding::{Code, Finding, Stage};
use crate::place::Place;
use crate::request::Received;
use crate::target::Target;
use crate::urlencoded::decode;

/// A component that a signature or a contract names, of a supported kind.
#[derive(Clone, Debug)]
pub(super) struct Component {
    name: String,
    form: Form,
    pub item: Item,
}

/// How the value is built.
#[derive(Clone, Debug)]
enum Form {
    /// Each line of the field as a byte sequence.
    Bytes,
    Derived,
    Field,
    /// One member of a dictionary.
    Member(String),
    /// A query parameter, by its percent-encoded name.
    QueryParameter(String),
    /// Parsed as a structured field and serialised again.
    Strict(strict::Kind),
}

impl Component {
    /// Parses it as a contract writes it: without quotes around the name.
    pub fn parse(text: &str) -> Result<Component, Reason> {
        let at = text.find(';').unwrap_or(text.len());
        let (name, parameters) = text.split_at_checked(at).unwrap_or_default();
        let item = structured::item(&format!("\"{name}\"{parameters}")).ok_or("is not a component's name")?;
        Component::read(&item)
    }

    /// Reads it as it is on the wire.
    pub fn read(item: &Item) -> Result<Component, Reason> {
        let Bare::Text(name) = &item.bare else { return Err("is no string") };
        let has = |flag: &str| item.parameters.iter().any(|(key, _)| key == flag);
        let form = match (name.as_str(), item.parameters.as_slice()) {
            _ if has("req") => return Err("has `req`: the request of an answer, which is not at hand"),
            _ if has("tr") => return Err("has `tr`, and no trailer comes here"),
            ("@query-param", [(key, Bare::Text(parameter))]) if key == "name" => {
                Form::QueryParameter(parameter.clone())
            }
            ("@query-param", _) => return Err("has one parameter, `name`"),
            (
                "@authority" | "@method" | "@path" | "@query" | "@request-target" | "@scheme" | "@status"
                | "@target-uri",
                [],
            ) => Form::Derived,
            (name, []) if is_field_name(name) => Form::Field,
            (name, parameters) if is_field_name(name) => form(name, parameters)?,
            (_, []) => return Err("is no component that is known, or not in lower case"),
            _ => return Err("has a parameter that it does not take"),
        };
        Ok(Component { name: name.clone(), form, item: item.clone() })
    }

    /// Its identifier in the signature base, with its parameters in their order on the wire.
    pub fn identifier(&self) -> String {
        self.item.to_string()
    }

    /// The same for every order of the parameters: such components are the same (section 2).
    pub fn key(&self) -> String {
        let mut item = self.item.clone();
        item.parameters.sort_by(|(a, _), (b, _)| a.cmp(b));
        item.to_string()
    }

    /// Whether it is a part of answers only (`true`), of requests only (`false`), or of both (`None`).
    pub fn of_answers(&self) -> Option<bool> {
        match &self.form {
            Form::Derived => Some(self.name == "@status"),
            Form::QueryParameter(_) => Some(false),
            _ => None,
        }
    }

    /// Whether it is the body's digest, or a part of it.
    pub fn is_digest(&self) -> bool {
        self.name == "content-digest"
    }

    /// The key of the dictionary member that it names, if it names one.
    pub fn member(&self) -> Option<&str> {
        match &self.form {
            Form::Member(key) => Some(key),
            _ => None,
        }
    }

    /// What a signature over it covers.
    pub fn covers(&self) -> Vec<Covered> {
        match &self.form {
            Form::QueryParameter(name) => return vec![Covered::Place(Place::Query(decoded(name)))],
            // Only the member is covered; the rest of the field may be anything.
            Form::Member(key) if self.is_digest() && digest::is_known(key) => return vec![Covered::Body],
            Form::Member(_) => return vec![],
            // The signature covers what the field means, not its exact text, and a header is read as text.
            Form::Strict(_) if self.is_digest() => return vec![Covered::Body],
            Form::Strict(_) => return vec![],
            Form::Bytes | Form::Derived | Form::Field => {}
        }
        match self.name.as_str() {
            "@authority" => vec![Covered::Authority],
            "@method" => vec![Covered::Method],
            "@path" => vec![Covered::Path],
            "@query" => vec![Covered::Query],
            "@request-target" => vec![Covered::Path, Covered::Query],
            "@scheme" => vec![Covered::Scheme],
            "@status" => vec![Covered::Place(Place::Status)],
            "@target-uri" => {
                vec![Covered::Authority, Covered::Path, Covered::Query, Covered::Scheme, Covered::Url]
            }
            "content-digest" => vec![Covered::Body, Covered::header("content-digest")],
            name => vec![Covered::header(name)],
        }
    }

    /// The place that its value comes from.
    pub fn place(&self) -> String {
        match (&self.form, self.name.strip_prefix('@')) {
            (Form::QueryParameter(name), _) => format!("query:{}", decoded(name)),
            (_, Some("request-target" | "target-uri")) => "url".into(),
            (_, Some(name)) => name.into(),
            (_, None) => format!("header:{}", self.name),
        }
    }

    /// Its value in a request. It must be one line of visible ASCII; otherwise nobody could tell where it ends.
    pub fn value(&self, source: &mut Source<'_>) -> Result<String, Reason> {
        let request = &source.request;
        match (self.of_answers(), request.status) {
            (Some(true), None) => return Err(OF_ANSWERS),
            (Some(false), Some(_)) => return Err(OF_REQUESTS),
            _ => {}
        }
        match &self.form {
            Form::Bytes => {
                let lines: Option<Vec<String>> = lines(request, &self.name).map(byte_sequence).collect();
                let lines = lines.ok_or("holds a character that is no byte")?;
                (!lines.is_empty()).then(|| lines.join(", ")).ok_or(ABSENT)
            }
            Form::Derived => visible(derived(request, &self.name)?),
            Form::Field => field(request, &self.name),
            Form::Member(key) => source.member(&self.name, key),
            Form::QueryParameter(name) => source.query_parameter(name),
            Form::Strict(kind) => strict::whole(*kind, &field(request, &self.name)?),
        }
    }
}

pub(super) const OF_ANSWERS: Reason = "is a part of answers, and this is a request";
pub(super) const OF_REQUESTS: Reason = "is a part of requests, and this is an answer";

/// Sections 2.1.1 to 2.1.3: the form that a field's parameters select.
fn form(name: &str, parameters: &[(String, Bare)]) -> Result<Form, Reason> {
    let (mut strict, mut key, mut bytes) = (false, None, false);
    for (parameter, value) in parameters {
        match (parameter.as_str(), value) {
            ("sf", Bare::Boolean(true)) if !strict => strict = true,
            ("bs", Bare::Boolean(true)) if !bytes => bytes = true,
            ("key", Bare::Text(name)) if key.is_none() => key = Some(name.clone()),
            ("sf" | "bs" | "key", _) => return Err("has `sf`, `key` or `bs` twice, or with a value it does not take"),
            _ => return Err("has a parameter that is not understood: those of a field are `sf`, `key` and `bs`"),
        }
    }
    let kind = strict::kind(name);
    match (bytes, key, kind) {
        (true, None, _) if !strict => Ok(Form::Bytes),
        (true, _, _) => Err("has `bs` beside `sf` or `key`: the bytes of the lines, or the field that was read"),
        (false, _, None) => Err("has `sf` or `key`, and is no field whose structure is known here"),
        // `key` also serialises strictly, so `sf` adds nothing to it.
        (false, Some(key), Some(strict::Kind::Dictionary)) => Ok(Form::Member(key)),
        (false, Some(_), Some(_)) => Err("has `key`, and is no dictionary"),
        (false, None, Some(kind)) => Ok(Form::Strict(kind)),
    }
}

/// The value of a derived component (section 2.2).
fn derived(request: &Received<'_>, name: &str) -> Result<String, Reason> {
    let unknown: Reason = "is not known: there is no origin and no one Host";
    let target = request.target;
    Ok(match name {
        "@authority" => authority(target).ok_or(unknown)?,
        "@method" => request.method.to_owned(),
        "@path" => Some(target.path()).filter(|path| !path.is_empty()).unwrap_or("/").to_owned(),
        "@query" => format!("?{}", target.query().unwrap_or_default()),
        "@request-target" => match target.query() {
            Some(query) => format!("{}?{query}", target.path()),
            None => target.path().to_owned(),
        },
        "@scheme" => target.called().ok_or(unknown)?.0.to_ascii_lowercase(),
        "@status" => request.status.ok_or(OF_ANSWERS)?.to_string(),
        _ => {
            target.called().ok_or(unknown)?;
            target.url().into_owned()
        }
    })
}

/// The only place that raises `httpsig-component`.
pub(super) fn wrong(title: &str, reason: &str) -> Finding {
    let message = format!("the component {title} {reason}");
    Finding::error(Code::HttpsigComponent, Stage::Signature, message)
}

/// A line as it went over the wire. Runtimes hand over a header with one character for each byte.
fn byte_sequence(line: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = line.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect();
    bytes.map(|bytes| Bare::Bytes(bytes).to_string())
}

fn is_field_name(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
}

/// Section 2.2.3: in lower case, without the scheme's default port.
fn authority(target: &Target<'_>) -> Option<String> {
    let (scheme, authority) = target.called()?;
    let port = match scheme.to_ascii_lowercase().as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = authority.to_ascii_lowercase();
    let host = authority.strip_suffix(port).unwrap_or(&authority);
    (!host.is_empty() && !host.contains('@')).then(|| host.to_owned())
}

fn decoded(name: &str) -> String {
    String::from_utf8_lossy(&decode(name.as_bytes())).into_owned()
}
