//! Where a hook stands: host, port and path of its URI, compared as URLs compare. The query takes no part.

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
        let (host, port) = split(authority).ok_or("the address's host or port is not well-formed")?;
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
        if path.split('/').any(|segment| matches!(segment, "." | "..")) {
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
    /// From the request's URL, or from its Host header where that is a target alone. `None` where no host is named.
    pub fn of(request: &Request<'a>) -> Result<Option<Called<'a>>, Duplicate> {
        let whole = request.url.split_once("://").filter(|_| !request.url.starts_with('/'));
        let (secure, authority) = match whole {
            Some((scheme, rest)) => {
                let secure = match scheme.to_ascii_lowercase().as_str() {
                    "https" => true,
                    "http" => false,
                    _ => return Ok(None),
                };
                (Some(secure), rest.split(['/', '?', '#']).next())
            }
            None => (None, request.header("host")?),
        };
        let parts = authority.and_then(split);
        Ok(parts.map(|(host, port)| Called { secure, host, port, path: request.path() }))
    }
}

/// Host, in lower case, and port.
fn split(authority: &str) -> Option<(String, Option<u16>)> {
    let end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let colon = authority.get(end..)?.find(':').map(|colon| end + colon);
    let (host, port) = authority.split_at(colon.unwrap_or(authority.len()));
    let port = match port.strip_prefix(':') {
        None => None,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().ok().filter(|port| *port > 0)?)
        }
        Some(_) => return None,
    };
    let name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let address = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
    let well_formed = match host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) => !inner.is_empty() && inner.bytes().all(address),
        None => !host.is_empty() && host.bytes().all(name),
    };
    well_formed.then(|| (host.to_ascii_lowercase(), port))
}

fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}
