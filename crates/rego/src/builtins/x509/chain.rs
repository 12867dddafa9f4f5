//! Whether a chain of certificates holds (RFC 5280, section 6): from a root that is trusted to a leaf.

use super::super::keys::PublicKey;
use super::super::{Context, Fault};
use super::certificate::{Certificate, Names};
use super::oid;

/// What the leaf must be good for.
#[derive(Default)]
pub(super) struct Wanted {
    /// The name of the machine; empty if any will do.
    pub name: String,
    /// In seconds since 1970; none is now.
    pub time: Option<i64>,
    /// One of these uses; none is the use of a server.
    pub usages: Vec<&'static [u8]>,
}

/// The most certificates between the root and the leaf that are looked at.
const MOST: usize = 16;

/// The chain from the leaf, which is the last, to the root, which is the first. Empty if there is none.
pub(super) fn verify<'a>(
    context: &mut Context<'_>,
    certificates: &'a [Certificate<'a>],
    wanted: &Wanted,
) -> Result<Vec<&'a Certificate<'a>>, Fault> {
    let ([root, between @ ..], Some(leaf)) = (certificates, certificates.last()) else { return Ok(Vec::new()) };
    let Some((_, between)) = between.split_last() else { return Ok(Vec::new()) };
    let now = i64::try_from(context.now.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
    let time = wanted.time.unwrap_or(now);
    if between.len() > MOST || !good(leaf, time) || !named(&leaf.extensions.names, &wanted.name) {
        return Ok(Vec::new());
    }
    if leaf.raw == root.raw {
        return Ok(vec![leaf]);
    }
    // One path at a time, and each certificate at most once in it: paths that failed are left, and the next is tried.
    let mut paths = vec![vec![leaf]];
    while let Some(path) = paths.pop() {
        let Some(last) = path.last() else { continue };
        for issuer in between.iter().chain([root]) {
            let is_root = std::ptr::eq(issuer, root);
            let seen = path.iter().any(|seen| seen.raw == issuer.raw);
            if seen
                || issuer.subject != last.issuer
                || !may_issue(issuer, is_root, path.len() - 1)
                || !good(issuer, time)
            {
                continue;
            }
            let Some(key) = PublicKey::from_spki(issuer.key) else { continue };
            context.budget.steps(1_000 + key.work())?;
            context.scan(last.content.len())?;
            if !last.signed.by(&key, last.content) {
                continue;
            }
            let longer: Vec<&Certificate<'_>> = path.iter().copied().chain([issuer]).collect();
            if !is_root {
                paths.push(longer);
            } else if usable(&longer, &wanted.usages) && names_hold(&longer) {
                return Ok(longer);
            }
        }
    }
    Ok(Vec::new())
}

/// Valid at this time, and with nothing critical that is not understood.
fn good(certificate: &Certificate<'_>, time: i64) -> bool {
    let valid = certificate.not_before.seconds..=certificate.not_after.seconds;
    valid.contains(&time) && certificate.extensions.unknown.is_empty()
}

/// Whether it is an authority's that may have so many authorities below it.
fn may_issue(certificate: &Certificate<'_>, is_root: bool, below: usize) -> bool {
    const SIGNS_CERTIFICATES: i64 = 1 << 5;
    let extensions = &certificate.extensions;
    let authority = match extensions.constraints {
        Some((authority, most)) => {
            authority && most.is_none_or(|most| usize::try_from(most).is_ok_and(|most| below <= most))
        }
        // Before version 3 there was no way to say it. A root is trusted all the same.
        None => is_root && certificate.version < 3,
    };
    authority && (extensions.key_usage == 0 || extensions.key_usage & SIGNS_CERTIFICATES != 0)
}

/// Whether all certificates allow one of the uses. One that lists none allows all.
fn usable(path: &[&Certificate<'_>], wanted: &[&'static [u8]]) -> bool {
    let known = |place: usize| oid::USAGES.get(place).map(|(_, usage)| *usage).unwrap_or_default();
    let (any, server) = (known(0), [known(1)]);
    let wanted = if wanted.is_empty() { &server } else { wanted };
    let allows = |certificate: &Certificate<'_>, usage: &[u8]| {
        let listed = &certificate.extensions.usages;
        listed.is_empty() || listed.iter().any(|listed| *listed == any || *listed == usage)
    };
    wanted.contains(&any) || wanted.iter().any(|usage| path.iter().all(|certificate| allows(certificate, usage)))
}

/// Whether the certificate is for a machine of this name: a DNS name, where `*` stands for the first label, or an
/// address.
fn named(names: &Names<'_>, wanted: &str) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let bare = wanted.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(wanted);
    match bare.parse() {
        Ok(std::net::IpAddr::V4(address)) => return names.addresses.contains(&address.octets().as_slice()),
        Ok(std::net::IpAddr::V6(address)) => return names.addresses.contains(&address.octets().as_slice()),
        Err(_) => {}
    }
    let wanted = wanted.strip_suffix('.').unwrap_or(wanted);
    names.dns.iter().any(|name| {
        let name = name.strip_suffix('.').unwrap_or(name);
        match name.strip_prefix("*.") {
            Some(rest) => wanted
                .split_once('.')
                .is_some_and(|(first, of_wanted)| !first.is_empty() && of_wanted.eq_ignore_ascii_case(rest)),
            None => !name.is_empty() && name.eq_ignore_ascii_case(wanted),
        }
    })
}

/// Whether every authority may speak for the names below it. DNS names are looked at; where others are constrained, there
/// may be none of their kind.
fn names_hold(path: &[&Certificate<'_>]) -> bool {
    path.iter().enumerate().all(|(place, authority)| {
        let (permitted, excluded) = (&authority.extensions.permitted, &authority.extensions.excluded);
        path.iter().take(place).all(|below| {
            let names = &below.extensions.names;
            let unconstrained =
                |count: usize, permitted: usize, excluded: usize| count == 0 || permitted + excluded == 0;
            let dns = names.dns.iter().all(|name| {
                (permitted.dns.is_empty() || permitted.dns.iter().any(|domain| within(name, domain)))
                    && !excluded.dns.iter().any(|domain| within(name, domain))
            });
            dns && unconstrained(names.emails.len(), permitted.emails.len(), excluded.emails.len())
                && unconstrained(names.uris.len(), permitted.uris.len(), excluded.uris.len())
                && unconstrained(names.addresses.len(), permitted.addresses.len(), excluded.addresses.len())
                && !permitted.others
                && !excluded.others
        })
    })
}

/// `a.example.com` is within `example.com`; within `.example.com`, too, which `example.com` is not.
fn within(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.to_ascii_lowercase(), domain.to_ascii_lowercase());
    match name.strip_suffix(domain.as_str()) {
        Some("") => !domain.starts_with('.'),
        Some(labels) => domain.is_empty() || domain.starts_with('.') || labels.ends_with('.'),
        None => false,
    }
}
