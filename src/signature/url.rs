//! The forms of a URL that a sender may have signed. Only the forms that a contract declares are tried.

use crate::grammar::UrlForm;
use crate::target::{Parts, default_port};

/// Each declared form once, in order. Only the port is normalised; a fragment is never sent.
pub(crate) fn forms(url: &str, declared: &[UrlForm]) -> Vec<String> {
    let mut found: Vec<String> = Vec::with_capacity(declared.len());
    for form in declared {
        let text = match form {
            UrlForm::Received => url.to_owned(),
            UrlForm::WithPort => with_port(url),
            UrlForm::WithoutPort => without_port(url),
        };
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

fn with_port(url: &str) -> String {
    match split(url) {
        Some((scheme, host, None, after)) => {
            let port = default_port(scheme.eq_ignore_ascii_case("https"));
            format!("{scheme}://{host}:{port}{after}")
        }
        _ => url.to_owned(),
    }
}

fn without_port(url: &str) -> String {
    match split(url) {
        Some((scheme, host, Some(_), after)) => format!("{scheme}://{host}{after}"),
        _ => url.to_owned(),
    }
}

/// The scheme, the host with any user information before it, the port, and the rest.
fn split(url: &str) -> Option<(&str, &str, Option<&str>, &str)> {
    let Parts { scheme, authority, after, .. } = Parts::of(url);
    // The last colon that is neither in user information nor in an IPv6 address.
    let from = authority.rfind(['@', ']']).map_or(0, |end| end + 1);
    let colon = authority.get(from..).and_then(|rest| rest.rfind(':')).map(|colon| from + colon);
    let (host, port) = match colon {
        Some(colon) => (authority.get(..colon)?, authority.get(colon + 1..)),
        None => (authority, None),
    };
    Some((scheme?, host, port, after))
}
