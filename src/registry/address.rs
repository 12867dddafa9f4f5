//! Where a hook stands: host, port and path of its URI, compared as URLs compare. The query takes no part.

use crate::request::authority::{Authority, default_port};
use crate::request::{Duplicate, Request};

/// Of a hook.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Address {
    secure: bool,
    host: String,
    port: u16,
    pub path: String,
}

/// What a request calls. Its target alone tells no scheme.
pub(crate) struct Called<'a> {
    secure: Option<bool>,
    host: String,
    port: Option<u16>,
    pub path: &'a str,
}

/// Why a request calls nothing.
pub(crate) enum Nowhere {
    Malformed,
    Missing,
    Scheme,
    Twice,
}

impl Address {
    /// From an absolute URI, or what is wrong with it.
    pub fn parse(uri: &str) -> Result<Address, &'static str> {
        let (secure, rest) = match uri.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => return Err("the address does not begin with http:// or https://"),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err("the address holds credentials: the registry is read and kept by many");
        }
        let Authority { host, port } =
            Authority::parse(authority).ok_or("the address's host or port is not well-formed")?;
        if path.contains('#') {
            return Err("the address holds a fragment, which no client sends");
        }
        if path.contains('?') {
            return Err("the address holds a query, which takes no part in the choice of a hook");
        }
        if !path.bytes().all(|byte| byte.is_ascii_graphic())
            || path.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}'])
        {
            return Err("the path holds characters that stand percent-encoded in a URL");
        }
        let escape = |after: &str| after.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if !path.split('%').skip(1).all(escape) {
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

    /// Whether a request could be for both: a Host header tells neither the scheme nor the scheme's own port.
    pub fn overlaps(&self, other: &Address) -> bool {
        let ports = self.port == other.port || (self.has_default_port() && other.has_default_port());
        ports && self.host == other.host && self.path == other.path
    }

    fn has_default_port(&self) -> bool {
        self.port == default_port(self.secure)
    }
}

impl<'a> Called<'a> {
    /// From the request's URL, or from its Host header where that is a target alone.
    pub fn of(request: &Request<'a>) -> Result<Called<'a>, Nowhere> {
        let (secure, authority) = match request.whole_url() {
            Some((scheme, rest)) => {
                let secure = match scheme.to_ascii_lowercase().as_str() {
                    "https" => true,
                    "http" => false,
                    _ => return Err(Nowhere::Scheme),
                };
                (Some(secure), rest.split(['/', '?', '#']).next().unwrap_or_default())
            }
            None => match request.header("host") {
                Ok(Some(host)) => (None, host),
                Ok(None) => return Err(Nowhere::Missing),
                Err(Duplicate) => return Err(Nowhere::Twice),
            },
        };
        let Authority { host, port } = Authority::parse(authority).ok_or(Nowhere::Malformed)?;
        Ok(Called { secure, host, port, path: request.path() })
    }
}
