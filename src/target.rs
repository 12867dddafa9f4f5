//! Where a request goes. Its URL is split here, once, and every stage, scheme and proof reads the parts.

use std::borrow::Cow;

use crate::error::{ContractCode, ContractError};
use crate::urlencoded;

mod authority;

pub(crate) use authority::{Authority, default_port};

/// A URL or a request target, split where RFC 3986, section 3, splits it. Nothing is decoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    /// What comes before `://` in a whole URL.
    pub scheme: Option<&'a str>,
    /// `scheme://authority` of a whole URL. Otherwise empty.
    pub base: &'a str,
    /// In a whole URL, what follows `://`, up to the path, the query or the fragment. Otherwise empty.
    pub authority: &'a str,
    /// May be empty.
    pub path: &'a str,
    /// Without its question mark.
    pub query: Option<&'a str>,
    /// Whether there is a fragment, which no client sends.
    pub has_fragment: bool,
    /// Path and query as written, without the fragment.
    pub after: &'a str,
}

impl<'a> Parts<'a> {
    /// Splits any text; none is refused.
    #[cfg_attr(small, optimize(speed))]
    pub fn of(url: &'a str) -> Parts<'a> {
        if url.starts_with('/') && !url.bytes().any(|byte| matches!(byte, b'?' | b'#')) {
            let (base, authority, path, after) = ("", "", url, url);
            return Parts { scheme: None, base, authority, path, query: None, has_fragment: false, after };
        }
        let (sent, fragment) = url.split_once('#').map_or((url, None), |(sent, fragment)| (sent, Some(fragment)));
        let whole = if sent.starts_with('/') { None } else { sent.split_once("://") };
        let (scheme, authority, after) = match whole {
            Some((scheme, rest)) => {
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                let (authority, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                (Some(scheme), authority, after)
            }
            None => (None, "", sent),
        };
        let (path, query) = after.split_once('?').map_or((after, None), |(path, query)| (path, Some(query)));
        let base = sent.strip_suffix(after).unwrap_or_default();
        Parts { scheme, base, authority, path, query, has_fragment: fragment.is_some(), after }
    }
}

/// The public origin of a receiver behind a proxy, such as `https://hooks.example.org`.
#[derive(Clone, Debug)]
pub(crate) struct Origin(String);

impl Origin {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Accepts `http` or `https`, a host and an optional port, and nothing after them.
    pub fn parse(text: &str) -> Result<Origin, ContractError> {
        let Parts { scheme, authority, after, has_fragment, .. } = Parts::of(text);
        let http = matches!(scheme, Some("http" | "https"));
        if http && after.is_empty() && !has_fragment && Authority::parse(authority).is_some() {
            return Ok(Origin(text.to_owned()));
        }
        let message = format!("`{text}` is not an origin, such as `https://hooks.example.org`, without a path");
        Err(ContractError::new(ContractCode::ContractRequest, "origin", message))
    }
}

/// The target of one request.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    url: &'a str,
    base: Base<'a>,
    parts: Parts<'a>,
    parameters: Vec<Parameter<'a>>,
}

/// Where `scheme://authority` comes from.
#[derive(Debug)]
enum Base<'a> {
    /// The configured origin.
    Configured(&'a str),
    /// The Host header, as https.
    Host(&'a str),
    /// The URL itself, which is a whole URL.
    Own(&'a str),
    Unknown,
}

/// A parameter of the query, decoded. `None` if it is not percent-encoded UTF-8.
#[derive(Debug)]
struct Parameter<'a> {
    name: Option<Cow<'a, str>>,
    value: Option<Cow<'a, str>>,
}

/// Why a query parameter cannot be read as one value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unreadable {
    /// An escape is broken, or the bytes are not UTF-8.
    Malformed,
    /// It occurs more than once.
    Twice,
}

fn parameters(query: &str) -> Vec<Parameter<'_>> {
    let pairs = urlencoded::split(query.as_bytes());
    pairs.map(|(name, value)| Parameter { name: urlencoded::text(name), value: urlencoded::text(value) }).collect()
}

impl<'a> Target<'a> {
    /// `url` is the target or the whole URL as the sender called it. A configured `origin` always takes precedence;
    /// otherwise the URL's own origin is used, and otherwise the only Host header, as https.
    pub fn new(url: &'a str, origin: Option<&'a Origin>, host: Option<&'a str>) -> Target<'a> {
        let parts = Parts::of(url);
        let base = match (origin, host) {
            (Some(Origin(origin)), _) if parts.scheme.is_some() || url.starts_with('/') => Base::Configured(origin),
            (None, _) if parts.scheme.is_some() => Base::Own(parts.base),
            (None, Some(host)) if url.starts_with('/') => Base::Host(host),
            _ => Base::Unknown,
        };
        let parameters = parts.query.map(parameters).unwrap_or_default();
        Target { url, base, parts, parameters }
    }

    /// The path as it is on the wire, not decoded.
    pub fn path(&self) -> &'a str {
        if self.parts.path.is_empty() && !self.url.is_empty() { "/" } else { self.parts.path }
    }

    /// The query as it is on the wire.
    pub fn query(&self) -> Option<&'a str> {
        self.parts.query
    }

    /// Path and query as they are on the wire: `https://h.example?a=1` is sent as `/?a=1`.
    pub fn path_and_query(&self) -> Cow<'a, str> {
        match self.parts.after {
            after if after.starts_with('/') || self.parts.scheme.is_none() => after.into(),
            after => format!("/{after}").into(),
        }
    }

    /// The whole URL that the sender called, without a fragment, as far as it is known.
    pub fn url(&self) -> Cow<'a, str> {
        match &self.base {
            Base::Configured(base) => format!("{base}{}", self.path_and_query()).into(),
            Base::Host(host) => format!("https://{host}{}", self.path_and_query()).into(),
            Base::Own(_) | Base::Unknown => self.url.split('#').next().unwrap_or_default().into(),
        }
    }

    /// The scheme that the sender called, and its host with a port, if they are known.
    pub fn called(&self) -> Option<(&str, &str)> {
        match &self.base {
            Base::Configured(base) | Base::Own(base) => base.split_once("://"),
            Base::Host(host) => Some(("https", host)),
            Base::Unknown => None,
        }
    }

    /// The only query parameter of that name, decoded; `+` is a space.
    pub fn parameter(&self, name: &str) -> Result<Option<&str>, Unreadable> {
        let mut named = self.parameters.iter().filter(|parameter| parameter.name.as_deref() == Some(name));
        match (named.next(), named.next()) {
            (_, Some(_)) => Err(Unreadable::Twice),
            (Some(parameter), None) => parameter.value.as_deref().map(Some).ok_or(Unreadable::Malformed),
            (None, None) => Ok(None),
        }
    }

    /// The first parameter that cannot be decoded, with its name if the name can.
    pub fn malformed(&self) -> Option<Option<&str>> {
        let broken = |parameter: &&Parameter<'_>| parameter.name.is_none() || parameter.value.is_none();
        self.parameters.iter().find(broken).map(|parameter| parameter.name.as_deref())
    }
}
