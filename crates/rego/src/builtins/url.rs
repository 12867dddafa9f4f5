//! URLs, taken apart as Go's `net/url` does it.

use std::net::IpAddr;

/// The parts of a URL. What is escaped in it is not, but where the name says so.
#[derive(Default)]
pub(super) struct Url {
    pub scheme: String,
    pub opaque: String,
    /// With the port.
    pub host: String,
    pub path: String,
    /// The path as it is written, if that is not how the path would be escaped.
    pub raw_path: String,
    pub raw_query: String,
    pub force_query: bool,
    pub omit_host: bool,
    pub fragment: String,
}

/// Where a byte stands, which says whether it has to be escaped.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

impl Url {
    pub fn parse(text: &str) -> Result<Url, &'static str> {
        let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fragment = unescape(fragment, Part::Fragment)?;
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err("invalid control character in URL");
        }
        let mut url = Url { fragment: lossy(fragment), ..Url::default() };
        if text == "*" {
            url.path = text.to_owned();
            return Ok(url);
        }
        let (scheme, mut rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        match rest.split_once('?') {
            Some((before, "")) => (url.force_query, rest) = (true, before),
            Some((before, query)) => (url.raw_query, rest) = (query.to_owned(), before),
            None => {}
        }
        if !rest.starts_with('/') {
            if !scheme.is_empty() {
                url.opaque = rest.to_owned();
                return Ok(url);
            }
            let (segment, _) = rest.split_once('/').unwrap_or((rest, ""));
            if segment.contains(':') {
                return Err("first path segment in URL cannot contain colon");
            }
        }
        match rest.strip_prefix("//") {
            Some(authority) if !scheme.is_empty() || !authority.starts_with('/') => {
                let (authority, path) =
                    authority.split_at_checked(authority.find('/').unwrap_or(authority.len())).unwrap_or_default();
                url.host = host(without_user(authority)?)?;
                rest = path;
            }
            _ => url.omit_host = !scheme.is_empty() && rest.starts_with('/'),
        }
        let path = unescape(rest, Part::Path)?;
        if escape(&path) != rest {
            url.raw_path = rest.to_owned();
        }
        url.path = lossy(path);
        Ok(url)
    }

    /// The path, escaped as it is written wherever that will do.
    pub fn escaped_path(&self) -> String {
        let fine = |byte: u8| !must_escape(byte, Part::Path) || b"!'()*[]%".contains(&byte);
        if !self.raw_path.is_empty() && self.raw_path.bytes().all(fine) {
            self.raw_path.clone()
        } else if self.path == "*" {
            self.path.clone()
        } else {
            escape(self.path.as_bytes())
        }
    }

    /// The name of the host, without brackets, and the port.
    pub fn host_and_port(&self) -> (&str, &str) {
        let (host, port) = match self.host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
            _ => (&*self.host, ""),
        };
        (host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host), port)
    }
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|bytes| String::from_utf8_lossy(bytes.as_bytes()).into_owned())
}

/// The scheme, empty if there is none, and what follows its colon.
fn scheme(text: &str) -> Result<(&str, &str), &'static str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
    let Some((scheme, rest)) = end.and_then(|end| text.split_at_checked(end)) else { return Ok(("", text)) };
    match rest.strip_prefix(':') {
        Some(_) if scheme.is_empty() => Err("missing protocol scheme"),
        Some(rest) if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) => Ok((scheme, rest)),
        _ => Ok(("", text)),
    }
}

fn without_user(authority: &str) -> Result<&str, &'static str> {
    let Some((user, host)) = authority.rsplit_once('@') else { return Ok(authority) };
    if !user.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte)) {
        return Err("invalid userinfo");
    }
    unescape(user, Part::User)?;
    Ok(host)
}

fn host(host: &str) -> Result<String, &'static str> {
    let Some(inner) = host.strip_prefix('[') else {
        if host.contains('[') || host.rsplit_once(':').is_some_and(|(_, port)| !is_port(port)) {
            return Err("invalid port after host");
        }
        return Ok(lossy(unescape(host, Part::Host)?));
    };
    let (address, after) = inner.rsplit_once(']').ok_or("missing ']' in host")?;
    if !(after.is_empty() || after.strip_prefix(':').is_some_and(is_port)) {
        return Err("invalid port after host");
    }
    let (address, zone) = address.split_at_checked(address.find("%25").unwrap_or(address.len())).unwrap_or_default();
    let address = lossy(unescape(address, Part::Host)?);
    let zone = lossy(unescape(zone, Part::Zone)?);
    if !matches!(address.parse(), Ok(IpAddr::V6(_))) || zone == "%" {
        return Err("invalid host");
    }
    Ok(format!("[{address}{zone}]{after}"))
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn unescape(text: &str, part: Part) -> Result<Vec<u8>, &'static str> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            if matches!(part, Part::Host | Part::Zone) && *first < 0x80 && must_escape(*first, part) {
                return Err("invalid character in host name");
            }
            bytes.push(*first);
            continue;
        }
        let digit = |digit: &u8| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let escaped = match after {
            [high, low, after @ ..] => {
                rest = after;
                digit(high).zip(digit(low)).map(|(high, low)| high << 4 | low)
            }
            _ => None,
        };
        let byte = escaped.ok_or("invalid URL escape")?;
        let allowed = match part {
            // In a host only what is not ASCII may be escaped.
            Part::Host => byte >= 0x80 || byte == b'%',
            Part::Zone => byte == b'%' || byte == b' ' || !must_escape(byte, Part::Host),
            _ => true,
        };
        if !allowed {
            return Err("invalid URL escape");
        }
        bytes.push(byte);
    }
    Ok(bytes)
}

fn must_escape(byte: u8, part: Part) -> bool {
    let host = matches!(part, Part::Host | Part::Zone) && b"!$&'()*+,;=:[]<>\"".contains(&byte);
    let path = matches!(part, Part::Path) && b"$&+,/:;=@".contains(&byte);
    !(byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || host || path)
}

/// A path, with everything escaped that may be.
fn escape(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path {
        match must_escape(*byte, Part::Path) {
            true => text.push_str(&format!("%{byte:02X}")),
            false => text.push(char::from(*byte)),
        }
    }
    text
}
