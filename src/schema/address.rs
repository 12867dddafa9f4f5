//! Addresses of schemas: a reference resolved against a base (RFC 3986, section 5.2).

/// The parts of an address before its fragment.
struct Parts<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

fn parts(text: &str) -> Parts<'_> {
    let (scheme, rest) = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        _ => (None, text),
    };
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    match rest.strip_prefix("//") {
        None => Parts { scheme, authority: None, path: rest, query },
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            Parts { scheme, authority: Some(authority), path, query }
        }
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// The address that a reference without a fragment means.
pub(super) fn resolved(base: &str, reference: &str) -> String {
    let (from, to) = (parts(base), parts(reference));
    let (authority, path, query) = match (to.scheme, to.authority, to.path) {
        (Some(_), _, _) | (_, Some(_), _) => (to.authority, without_dots(to.path), to.query),
        (_, _, "") => (from.authority, from.path.to_owned(), to.query.or(from.query)),
        (_, _, path) if path.starts_with('/') => (from.authority, without_dots(path), to.query),
        (_, _, path) => {
            let folder = from.path.rfind('/').and_then(|slash| from.path.get(..=slash));
            let folder = folder.unwrap_or(if from.authority.is_some() { "/" } else { "" });
            (from.authority, without_dots(&format!("{folder}{path}")), to.query)
        }
    };
    let authority = if to.scheme.is_some() { to.authority } else { authority };
    let mut address = to.scheme.or(from.scheme).map_or(String::new(), |scheme| format!("{scheme}:"));
    authority.iter().for_each(|authority| address.extend(["//", authority]));
    address.push_str(&path);
    query.iter().for_each(|query| address.extend(["?", query]));
    address
}

/// Without `.` and `..` (section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let is_absolute = path.starts_with('/');
    let segments = path.strip_prefix('/').unwrap_or(path).split('/');
    let mut ends_open = false;
    for segment in segments {
        ends_open = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    if ends_open {
        kept.push("");
    }
    format!("{}{}", if is_absolute { "/" } else { "" }, kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 3986, section 5.4, without their fragments.
    #[test]
    fn references_resolve_as_in_the_rfc() {
        let base = "http://a/b/c/d;p?q";
        for (reference, address) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            (";x", "http://a/b/c/;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            ("..g", "http://a/b/c/..g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"),
            ("g;x=1/../y", "http://a/b/c/y"),
        ] {
            assert_eq!(resolved(base, reference), address, "{reference}");
        }
        assert_eq!(resolved("urn:uuid:1", "urn:uuid:2"), "urn:uuid:2");
        assert_eq!(resolved("json-schema:///", "item.json"), "json-schema:///item.json");
        assert_eq!(resolved("http://a", "g"), "http://a/g");
    }
}
