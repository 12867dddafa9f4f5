//! The request or response as it came. Nothing here decodes or trims a body or a header. Look-ups are by name, ignore
//! case, and never pick one of two.

use crate::finding::{Code, Finding, Stage};
use crate::target::{Origin, Target, Unreadable};

mod kind;
mod origin;
mod path;

pub(crate) use kind::{Kind, Query};
pub(crate) use path::Parameters;

/// One HTTP request, or one HTTP response, as its receiver has it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Request<'a> {
    /// The status of a response, for contracts with `response`. A request has none.
    pub status: Option<u16>,
    /// The method, in upper case as on the wire. A response has none.
    pub method: &'a str,
    /// The request target, or the whole URL as the sender called it.
    pub url: &'a str,
    /// The header names and values in the order on the wire. Names may be in any case.
    pub headers: &'a [(String, String)],
    /// The body's bytes, before anything decodes or parses them.
    pub body: &'a [u8],
    /// The length of the whole body in bytes, if `body` is only its beginning.
    pub body_bytes: Option<u64>,
}

impl<'a> Request<'a> {
    /// Makes a request from these parts.
    pub fn new(method: &'a str, url: &'a str, headers: &'a [(String, String)], body: &'a [u8]) -> Self {
        Request { status: None, method, url, headers, body, body_bytes: None }
    }

    /// Makes a response from these parts.
    pub fn answer(status: u16, headers: &'a [(String, String)], body: &'a [u8]) -> Self {
        Request { status: Some(status), ..Request::new("", "", headers, body) }
    }

    /// The single value of a header (`name` in lower case), if it is there.
    #[cfg_attr(small, optimize(speed))]
    pub(crate) fn header(&self, name: &str) -> Result<Option<&'a str>, Duplicate> {
        header(self.headers, name)
    }

    /// Its target; a configured `origin` always takes precedence.
    pub(crate) fn target(&self, origin: Option<&'a Origin>) -> Target<'a> {
        Target::new(self.url, origin, self.header("host").ok().flatten())
    }

    /// Itself with its target, which every later stage reads in place of the URL.
    pub(crate) fn received(&self, target: &'a Target<'a>) -> Received<'a> {
        let Request { status, method, headers, body, .. } = *self;
        Received { status, method, target, headers, body }
    }
}

/// A request whose target has been read: what the stages judge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Received<'a> {
    pub status: Option<u16>,
    pub method: &'a str,
    pub target: &'a Target<'a>,
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
}

impl<'a> Received<'a> {
    /// The single value of a header (`name` in lower case), if it is there.
    #[cfg_attr(small, optimize(speed))]
    pub fn header(&self, name: &str) -> Result<Option<&'a str>, Duplicate> {
        header(self.headers, name)
    }
}

/// A header that may occur once occurs twice.
pub(crate) struct Duplicate;

#[cfg_attr(small, optimize(speed))]
fn header<'a>(headers: &'a [(String, String)], name: &str) -> Result<Option<&'a str>, Duplicate> {
    let mut found = None;
    for (candidate, value) in headers {
        if is_alike(candidate.as_bytes(), name.as_bytes()) {
            if found.is_some() {
                return Err(Duplicate);
            }
            found = Some(value.as_str());
        }
    }
    Ok(found)
}

/// Whether it is the name but for case. The name is in lower case.
#[inline]
fn is_alike(candidate: &[u8], name: &[u8]) -> bool {
    candidate.len() == name.len()
        && candidate.iter().zip(name).all(|(one, other)| one == other || one.to_ascii_lowercase() == *other)
}

/// The only place that raises `header-duplicate`.
pub(crate) fn duplicate_header(stage: Stage, name: &str) -> Finding {
    let message = format!("`{name}` stands more than once; two readers may pick two different ones");
    Finding::error(Code::HeaderDuplicate, stage, message).at(format!("header:{name}"))
}

/// The only place that raises `query-duplicate`.
pub(crate) fn duplicate_query(stage: Stage, name: &str) -> Finding {
    let message = format!("the parameter `{name}` stands more than once; two readers may pick two different ones");
    Finding::error(Code::QueryDuplicate, stage, message).at(format!("query:{name}"))
}

/// A query parameter that cannot be read as one value.
pub(crate) fn unreadable_query(stage: Stage, name: &str, unreadable: Unreadable) -> Finding {
    match unreadable {
        Unreadable::Malformed => malformed_query(stage, Some(name)),
        Unreadable::Twice => duplicate_query(stage, name),
    }
}

/// The only place that raises `query-malformed`. `None`: the name itself cannot be decoded.
pub(crate) fn malformed_query(stage: Stage, name: Option<&str>) -> Finding {
    let (what, at) = match name {
        Some(name) => (format!("the parameter `{name}`"), format!("query:{name}")),
        None => ("the name of a parameter".into(), "query".into()),
    };
    let message = format!("{what} is not percent-encoded UTF-8; two readers may take it for two different values");
    Finding::error(Code::QueryMalformed, stage, message)
        .at(at)
        .with("help", "write `%25` for a percent sign, and encode text as UTF-8 before it is percent-encoded")
}
