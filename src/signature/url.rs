//! The forms of a URL that a sender may have signed. Only those that a contract declares are tried.

use crate::grammar::UrlForm;

/// Each declared form once, in order. Nothing is normalised but the port; a fragment is never sent.
pub(crate) fn forms(url: &str, declared: &[UrlForm]) -> Vec<String> {
    let url = url.split('#').next().unwrap_or_default();
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

/// `scheme://`, host with the user before it, `:port`, and what follows.
fn parts(url: &str) -> Option<(&str, &str, Option<&str>, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at_checked(end)?;
    // Neither a colon of `user:password@` nor one inside `[::1]` begins a port.
    // The last colon that is neither in user information nor in an IPv6 address.
    let from = authority.rfind(['@', ']']).map_or(0, |end| end + 1);
    let colon = authority.get(from..).and_then(|rest| rest.rfind(':')).map(|colon| from + colon);
    let (host, port) = match colon {
        Some(colon) => (authority.get(..colon)?, authority.get(colon + 1..)),
        None => (authority, None),
    };
    Some((scheme, host, port, after))
}

fn with_port(url: &str) -> String {
    match parts(url) {
        Some((scheme, host, None, after)) => {
            let port = if scheme.eq_ignore_ascii_case("https") { 443 } else { 80 };
            format!("{scheme}://{host}:{port}{after}")
        }
        _ => url.to_owned(),
    }
}

fn without_port(url: &str) -> String {
    match parts(url) {
        Some((scheme, host, Some(_), after)) => format!("{scheme}://{host}{after}"),
        _ => url.to_owned(),
    }
}
