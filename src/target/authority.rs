//! Host and port of a URL, an origin or a Host header, in the one spelling in which they are compared.

use core::net::{Ipv4Addr, Ipv6Addr};

/// What is between `://` and the path.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Authority {
    /// As browsers write it: in lower case, an address in its short form.
    pub host: String,
    /// `None` if there is no port, or nothing after the colon.
    pub port: Option<u16>,
}

impl Authority {
    /// `None` if it is not a host with an optional port, for example if credentials come before it.
    pub fn parse(text: &str) -> Option<Authority> {
        let end = text.rfind(']').map_or(0, |bracket| bracket + 1);
        let (host, port) = match text.get(end..)?.split_once(':') {
            None => (text, ""),
            Some((_, port)) => (text.strip_suffix(port)?.strip_suffix(':')?, port),
        };
        if !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let port = if port.is_empty() { None } else { Some(port.parse().ok().filter(|port| *port > 0)?) };
        let host = match host.strip_prefix('[') {
            Some(inner) => ipv6(inner.strip_suffix(']')?)?,
            None => name(host)?,
        };
        Some(Authority { host, port })
    }
}

pub(crate) fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

fn ipv6(text: &str) -> Option<String> {
    let address: Ipv6Addr = text.parse().ok()?;
    Some(match (address.to_ipv4_mapped(), address.segments()) {
        (Some(_), [.., high, low]) => format!("[::ffff:{high:x}:{low:x}]"),
        (None, _) => format!("[{address}]"),
    })
}

/// A name, or an IPv4 address. Anything that ends in a number is an address, and has one spelling here.
fn name(text: &str) -> Option<String> {
    let labels = text.strip_suffix('.').unwrap_or(text);
    let plain = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if !labels.split('.').all(plain) {
        return None;
    }
    let host = text.to_ascii_lowercase();
    let last = labels.rsplit('.').next()?.to_ascii_lowercase();
    let number = match last.strip_prefix("0x") {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => last.bytes().all(|byte| byte.is_ascii_digit()),
    };
    if number && host.parse::<Ipv4Addr>().is_err() { None } else { Some(host) }
}
