//! Repairs of the URL and the method: what a proxy, a router or a decoder does to them on the way.

use super::fault::{CauseId, Fault};
use crate::request::Received;
use crate::target::Parts;
use crate::urlencoded;

/// How many pairs of neighbouring query parameters are swapped.
const MOST_PAIRS: usize = 16;

/// Another URL or method that may have been signed.
pub(super) struct Address {
    pub url: String,
    pub method: String,
    pub fault: Fault,
}

pub(super) fn repairs(request: &Received<'_>) -> Vec<Address> {
    let received = request.target.url().into_owned();
    let mut found: Vec<Address> = Vec::new();
    let mut push = |url: String, method: &str, edits: usize, message: &str| {
        let same = url == received && method == request.method;
        if !same && !found.iter().any(|known| known.url == url && known.method == method) {
            let fault = Fault::new(CauseId::Url, edits, if url == received { "method" } else { "url" }, message);
            found.push(Address { url, method: method.to_owned(), fault });
        }
    };
    let parts = Parts::of(&received);
    for (target, edits, message) in targets(request, parts.after) {
        push(format!("{}{target}", parts.base), request.method, edits, message);
    }
    let hosts = hosts(request, &parts);
    for scheme in [parts.scheme.unwrap_or_default(), "https", "http"].into_iter().filter(|scheme| !scheme.is_empty()) {
        for host in &hosts {
            // The part before an `@` is a password.
            let shown = host.rsplit('@').next().unwrap_or_default();
            let message = format!(
                "another scheme, host or port was signed than the receiver sees, as behind a proxy: `{scheme}://{shown}`"
            );
            push(format!("{scheme}://{host}{}", parts.after), request.method, 4, &message);
            for (target, edits, _) in targets(request, parts.after).into_iter().take(3) {
                push(format!("{scheme}://{host}{target}"), request.method, 4 + edits, &message);
            }
        }
    }
    push(parts.after.to_owned(), request.method, 6, "the path was signed without scheme and host");
    let spelt = [request.method.to_ascii_lowercase(), request.method.to_ascii_uppercase()];
    for method in spelt {
        push(
            received.clone(),
            &method,
            1,
            "the method was signed in other letters, upper or lower case, than it arrived in",
        );
    }
    found
}

/// The hosts that the sender may have called, with and without a port.
fn hosts(request: &Received<'_>, parts: &Parts<'_>) -> Vec<String> {
    let header =
        |name| request.header(name).ok().flatten().map(|value: &str| value.split(',').next().unwrap_or(value).trim());
    let given = ["x-forwarded-host", "x-original-host", "host"].into_iter().filter_map(header);
    let mut found: Vec<String> = Vec::new();
    for host in [parts.authority].into_iter().chain(given).filter(|host| !host.is_empty()) {
        let bare = host.rsplit_once(':').map_or(host, |(bare, _)| bare);
        let port = header("x-forwarded-port").unwrap_or("443");
        for host in [
            host.to_owned(),
            bare.to_owned(),
            format!("{bare}:443"),
            format!("{bare}:80"),
            format!("{bare}:{port}"),
            host.to_ascii_lowercase(),
        ] {
            if !found.contains(&host) {
                found.push(host);
            }
        }
    }
    found
}

/// Other paths and queries for the same request, the likely ones first.
fn targets(request: &Received<'_>, target: &str) -> Vec<(String, usize, &'static str)> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let asked = |path: &str, query: &str| if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let toggled = match path.strip_suffix('/') {
        Some(bare) => bare.to_owned(),
        None => format!("{path}/"),
    };
    let decoded = |text: &str| String::from_utf8_lossy(&urlencoded::decode(text.as_bytes())).into_owned();
    let slash = "a slash at the path's end was added or lost";
    let encoding = "the URL was signed with other percent-escapes than it arrived with";
    let order = "the query was signed in another order";
    let moved = "the path was signed with a part that a proxy took away, or without one that it added";
    let mut found = vec![(asked(&toggled, query), 1, slash), (asked(path, &query.replace("%20", "+")), 2, encoding)];
    found.push((asked(path, &query.replace('+', "%20")), 2, encoding));
    found.push((asked(path, &decoded(query)), 3, encoding));
    found.push((asked(&decoded(path), query), 3, encoding));
    found.push((decoded(target), 3, encoding));
    found.push((asked(path, &reencoded(query, true)), 3, encoding));
    found.push((asked(path, &reencoded(query, false)), 3, encoding));
    found.push((lower_escapes(target), 3, encoding));
    found.push((asked(path, &query.replace(':', "%3A")), 3, encoding));
    found.push((asked(path, &query.replace("%3A", ":").replace("%3a", ":")), 3, encoding));
    let mut pairs: Vec<&str> = query.split('&').collect();
    found.extend(orders(&pairs).into_iter().map(|pairs| (asked(path, &pairs.join("&")), 4, order)));
    pairs.sort_unstable();
    found.push((asked(path, &pairs.join("&")), 4, order));
    found.push((format!("{path}?{query}"), 1, "an empty query was signed with its question mark"));
    for name in ["x-original-uri", "x-original-url", "x-rewrite-url", "x-forwarded-uri"] {
        found.extend(request.header(name).ok().flatten().map(|value| (value.to_owned(), 4, moved)));
    }
    if let Ok(Some(prefix)) = request.header("x-forwarded-prefix") {
        found.push((format!("{}{target}", prefix.trim_end_matches('/')), 4, moved));
    }
    if let Some(rest) = path.get(1..).and_then(|rest| rest.split_once('/')) {
        found.push((asked(&format!("/{}", rest.1), query), 4, moved));
    }
    found
}

/// Every other order of a few parameters; for many, only the reverse order and each swap of two neighbours.
fn orders<'p>(pairs: &[&'p str]) -> Vec<Vec<&'p str>> {
    let mut found = vec![pairs.iter().rev().copied().collect()];
    if pairs.len() > 4 {
        found.extend((1..pairs.len().min(MOST_PAIRS)).map(|at| {
            let mut other = pairs.to_vec();
            other.swap(at - 1, at);
            other
        }));
        return found;
    }
    // Each parameter is inserted at every position among those before it.
    let mut all: Vec<Vec<&str>> = vec![Vec::new()];
    for pair in pairs {
        all = all
            .iter()
            .flat_map(|order| {
                (0..=order.len()).map(|at| {
                    let mut longer = order.clone();
                    longer.insert(at, *pair);
                    longer
                })
            })
            .collect();
    }
    found.extend(all);
    found
}

/// Every value, decoded and encoded again as `encodeURIComponent` does, with spaces as `%20` or `+`.
fn reencoded(query: &str, spaces: bool) -> String {
    let pairs = urlencoded::split(query.as_bytes()).map(|(name, value)| {
        let value = urlencoded::decode_form(value);
        let encoded: String = value
            .iter()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(*byte).to_string(),
                b' ' if !spaces => "+".to_owned(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        format!("{}={encoded}", String::from_utf8_lossy(name))
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// `%3A` as `%3a`.
fn lower_escapes(text: &str) -> String {
    let mut pieces = text.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |whole, piece| match piece.split_at_checked(2) {
        Some((digits, rest)) => format!("{whole}%{}{rest}", digits.to_ascii_lowercase()),
        None => format!("{whole}%{piece}"),
    })
}
