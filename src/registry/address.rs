//! The address of a hook: host, port and path of its URI, compared as URLs are. The query is ignored.

use crate::request::{Duplicate, Request};
use crate::target::{Authority, Parts, Target, default_port};
use crate::urlencoded::has_whole_escapes;

/// The address of a hook.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Address {
    secure: bool,
    host: String,
    port: u16,
    pub path: String,
}

/// The address that a request calls. A target alone does not give the scheme.
pub(crate) struct Called<'a> {
    secure: Option<bool>,
    host: String,
    port: Option<u16>,
    pub path: &'a str,
}

/// Why a request calls no address.
pub(crate) enum Nowhere {
    Malformed,
    Missing,
    Scheme,
    Twice,
}

impl Address {
    /// Parses an absolute URI, or says what is wrong with it.
    pub fn parse(uri: &str) -> Result<Address, &'static str> {
        let Parts { scheme, authority, path, query, has_fragment, .. } = Parts::of(uri);
        let secure = match scheme {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("the address does not begin with http:// or https://"),
        };
        if authority.contains('@') {
            return Err("the address holds credentials: the registry is read and kept by many");
        }
        let Authority { host, port } =
            Authority::parse(authority).ok_or("the address's host or port is not well-formed")?;
        if has_fragment {
            return Err("the address holds a fragment, which no client sends");
        }
        if query.is_some() {
            return Err("the address holds a query, which takes no part in the choice of a hook");
        }
        if !path.bytes().all(|byte| byte.is_ascii_graphic())
            || path.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}'])
        {
            return Err("the path holds characters that stand percent-encoded in a URL");
        }
        if !has_whole_escapes(path.as_bytes()) {
            return Err("the path holds a `%` without the two hex digits that follow it");
        }
        let dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
        if path.split('/').any(dots) {
            return Err("the path holds `.` or `..`, which clients take out before they call");
        }
        let path = if path.is_empty() { "/" } else { path };
        Ok(Address { secure, host, port: port.unwrap_or(default_port(secure)), path: path.to_owned() })
    }

    /// `https://hooks.example.org`: what the sender's URL begins with.
    pub fn origin(&self) -> String {
        let Address { host, port, .. } = self;
        let scheme = if self.secure { "https" } else { "http" };
        if self.has_default_port() { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") }
    }

    pub fn has_host(&self, called: &Called<'_>) -> bool {
        let port = match (called.port, called.secure) {
            (Some(port), _) => port == self.port,
            (None, Some(secure)) => default_port(secure) == self.port,
            (None, None) => self.has_default_port(),
        };
        port && self.host == called.host && called.secure.is_none_or(|secure| secure == self.secure)
    }

    /// Whether a request could be for both: a Host header gives neither the scheme nor its default port.
    pub fn overlaps(&self, other: &Address) -> bool {
        let ports = self.port == other.port || (self.has_default_port() && other.has_default_port());
        ports && self.host == other.host && self.path == other.path
    }

    fn has_default_port(&self) -> bool {
        self.port == default_port(self.secure)
    }
}

impl<'a> Called<'a> {
    /// Taken from the request's URL, or from its Host header if the URL is only a target.
    pub fn of(request: &Request<'a>) -> Result<Called<'a>, Nowhere> {
        let target = Target::new(request.url, None, None);
        let (secure, authority) = match target.called() {
            Some((scheme, authority)) => {
                let secure = match scheme.to_ascii_lowercase().as_str() {
                    "https" => true,
                    "http" => false,
                    _ => return Err(Nowhere::Scheme),
                };
                (Some(secure), authority.to_owned())
            }
            None => match request.header("host") {
                Ok(Some(host)) => (None, host.to_owned()),
                Ok(None) => return Err(Nowhere::Missing),
                Err(Duplicate) => return Err(Nowhere::Twice),
            },
        };
        let Authority { host, port } = Authority::parse(&authority).ok_or(Nowhere::Malformed)?;
        Ok(Called { secure, host, port, path: target.path() })
    }
}
