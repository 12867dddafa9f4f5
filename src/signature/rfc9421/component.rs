//! Covered components (RFC 9421, section 2): what each is called, and its value in a request. A component
//! that has no one value here is refused, never guessed.

use std::fmt::Write;

use super::structured::{self, Bare, Item};
use crate::request::Request;
use crate::signature::parameters::{decode_form, split};
use crate::verdict::{Code, Finding, Stage};

/// Why a component has no value, in words that follow its name.
type Reason = &'static str;

/// A component as a signature or a contract names it, of a kind that is understood.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub name: String,
    /// Of `@query-param` alone: the parameter's name, percent-encoded.
    parameter: Option<String>,
}

impl Component {
    /// As a contract writes it: without the quotes of the name.
    pub fn parse(text: &str) -> Result<Component, Reason> {
        let at = text.find(';').unwrap_or(text.len());
        let (name, parameters) = text.split_at_checked(at).unwrap_or_default();
        let item = structured::item(&format!("\"{name}\"{parameters}")).ok_or("is not a component's name")?;
        Component::read(&item)
    }

    /// As it stands on the wire.
    pub fn read(item: &Item) -> Result<Component, Reason> {
        let Bare::Text(name) = &item.bare else { return Err("is no string") };
        let parameter = match (name.as_str(), item.parameters.as_slice()) {
            ("@query-param", [(key, Bare::Text(parameter))]) if key == "name" => Some(parameter.clone()),
            ("@query-param", _) => return Err("has one parameter, `name`"),
            ("@authority" | "@method" | "@path" | "@query" | "@request-target" | "@scheme" | "@target-uri", []) => None,
            ("@status", _) => return Err("is a part of answers, and this is a request"),
            (_, [_, ..]) => {
                return Err("has parameters (`sf`, `key`, `bs`, `tr` or `req`) that are not understood here");
            }
            (name, []) if is_field_name(name) => None,
            _ => return Err("is no component that is known, or not in lower case"),
        };
        Ok(Component { name: name.clone(), parameter })
    }

    /// The identifier, as it stands in the signature base.
    pub fn identifier(&self) -> String {
        let parameters = self.parameter.iter().map(|name| ("name".to_owned(), Bare::Text(name.clone()))).collect();
        Item { bare: Bare::Text(self.name.clone()), parameters }.to_string()
    }

    /// What a signature over it speaks for, as a finding's `at` would name it.
    pub fn covers(&self) -> Vec<String> {
        let places: &[&str] = match self.name.as_str() {
            "@authority" => &["authority"],
            "@method" => &["method"],
            "@path" => &["path"],
            "@query" => &["query"],
            "@query-param" => return self.parameter.iter().map(|name| format!("query:{}", decoded(name))).collect(),
            "@request-target" => &["path", "query"],
            "@scheme" => &["scheme"],
            "@target-uri" => &["authority", "path", "query", "scheme", "url"],
            "content-digest" => &["body", "header:content-digest"],
            name => return vec![format!("header:{name}")],
        };
        places.iter().map(|place| (*place).to_owned()).collect()
    }

    /// Its value in a request: one line of visible ASCII, or nobody could tell where it ends.
    pub fn value(&self, request: &Request<'_>) -> Result<String, Reason> {
        let value = match self.name.as_str() {
            "@authority" => authority(&request.full_url()).ok_or("is not known: there is no origin and no one Host")?,
            "@method" => request.method.to_owned(),
            "@path" => Some(request.path()).filter(|path| !path.is_empty()).unwrap_or("/").to_owned(),
            "@query" => format!("?{}", request.query().unwrap_or_default()),
            "@query-param" => query_parameter(request, self.parameter.as_deref().unwrap_or_default())?,
            "@request-target" => match request.query() {
                Some(query) => format!("{}?{query}", request.path()),
                None => request.path().to_owned(),
            },
            "@scheme" => scheme(&request.full_url()).ok_or("is not known: there is no origin and no one Host")?,
            "@target-uri" => {
                let url = request.full_url();
                scheme(&url).ok_or("is not known: there is no origin and no one Host")?;
                url.split('#').next().unwrap_or_default().to_owned()
            }
            name => combined(request, name).ok_or("is covered, and the request has no such header")?,
        };
        let visible = value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
        visible.then_some(value).ok_or("holds more than visible ASCII")
    }
}

/// The only place that raises `httpsig-component`.
pub(super) fn wrong(title: &str, reason: &str) -> Finding {
    let message = format!("the component {title} {reason}");
    Finding::error(Code::HttpsigComponent, Stage::Signature, message)
}

/// Every line of a header, in order (section 2.1).
pub(super) fn combined(request: &Request<'_>, name: &str) -> Option<String> {
    let lines = request.headers.iter().filter(|(candidate, _)| candidate.eq_ignore_ascii_case(name));
    let lines: Vec<&str> = lines.map(|(_, value)| value.trim_matches([' ', '\t'])).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

fn is_field_name(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
}

fn scheme(url: &str) -> Option<String> {
    url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase()).filter(|_| !url.starts_with('/'))
}

/// Section 2.2.3: in lower case, without the scheme's default port.
fn authority(url: &str) -> Option<String> {
    let port = match scheme(url)?.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = url.split_once("://")?.1.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let host = authority.strip_suffix(port).unwrap_or(&authority);
    (!host.is_empty() && !host.contains('@')).then(|| host.to_owned())
}

/// Section 2.2.8: decoded and encoded again, so that one name has one spelling.
fn query_parameter(request: &Request<'_>, name: &str) -> Result<String, Reason> {
    let query = request.query().unwrap_or_default();
    let mut values = split(query.as_bytes()).filter(|(found, _)| encoded(&decode_form(found)) == name);
    match (values.next(), values.next()) {
        (Some((_, value)), None) => Ok(encoded(&decode_form(value))),
        (None, _) => Err("is covered, and the query has no such parameter"),
        (Some(_), Some(_)) => Err("stands in the query more than once"),
    }
}

/// The application/x-www-form-urlencoded percent-encode set of WHATWG URL, with `%20` for a space.
fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => text.push(char::from(*byte)),
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
    text
}

fn decoded(name: &str) -> String {
    String::from_utf8_lossy(&crate::signature::parameters::decode(name.as_bytes())).into_owned()
}
