//! `email` (RFC 5321, section 4.1.2) and `idn-email` (RFC 6531). A name before `<…>` is taken, too.

use super::hostname::{self, LONGEST_LABEL};
use super::{idna, ip};

const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 254;

pub(super) fn email(text: &str) -> bool {
    parts(text).is_some_and(|parts| {
        let (local, domain) = (parts.local.as_bytes(), parts.domain.as_bytes());
        let fits = local.is_ascii() && local.len() <= LONGEST_LOCAL;
        fits && parts.local_holds() && literal(domain).unwrap_or_else(|| hostname::with_a_labels(domain))
    })
}

/// After a name, lengths are in bytes, and a label begins and ends with a letter or a digit.
pub(super) fn idn_email(text: &str) -> bool {
    parts(text).is_some_and(|parts| {
        let length = |text: &str| if parts.named { text.len() } else { text.chars().count() };
        let ends = |one: char| one.is_alphanumeric() || (!one.is_ascii() && !parts.named);
        let is_label = |label: &str| {
            let fits = label.starts_with(ends) && label.ends_with(ends) && length(label) <= LONGEST_LABEL;
            fits && is_atom(label.as_bytes())
        };
        let is_name = |domain: &str| length(domain) <= LONGEST_DOMAIN && domain.split('.').all(is_label);
        let domain = || is_name(parts.domain) && idna::hostname(parts.domain);
        let fits = length(parts.local) <= LONGEST_LOCAL;
        fits && parts.local_holds() && literal(parts.domain.as_bytes()).unwrap_or_else(domain)
    })
}

struct Parts<'a> {
    named: bool,
    local: &'a str,
    domain: &'a str,
}

/// The last ` <` outside quotes begins an address after a name, and the last `@` its domain.
fn parts(text: &str) -> Option<Parts<'_>> {
    let (named, address) = match last_bracket(text.as_bytes()) {
        Some(at) => (true, text.get(at + 2..)?.trim().strip_suffix('>')?),
        None => (false, text),
    };
    let (local, domain) = address.rsplit_once('@')?;
    Some(Parts { named, local, domain })
}

fn last_bracket(text: &[u8]) -> Option<usize> {
    let (mut quoted, mut escaped, mut found) = (false, false, None);
    for (at, byte) in text.iter().enumerate() {
        if !quoted && *byte == b' ' && text.get(at + 1) == Some(&b'<') {
            found = Some(at);
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    found
}

impl Parts<'_> {
    fn local_holds(&self) -> bool {
        match self.local.as_bytes() {
            [b'"', b'"'] => !self.named,
            [b'"', inner @ .., b'"'] => is_quoted(inner, self.named),
            local => local.split(|byte| *byte == b'.').all(is_atom),
        }
    }
}

/// What may stand between quotes. A byte beyond ASCII is part of a character that may, and without a name before the
/// address so may it after a backslash.
fn is_quoted(mut text: &[u8], named: bool) -> bool {
    loop {
        text = match text {
            [] => return true,
            [b'\\', 0x21..=0x7e, after @ ..] => after,
            [b'\\', 0x80..=0xff, after @ ..] if !named => after,
            [b'"' | b'\\', ..] => return false,
            [b'\t' | b' '..=b'~' | 0x80..=0xff, after @ ..] => after,
            _ => return false,
        };
    }
}

fn is_atom(text: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"!#$%&'*+-/=?^_`{|}~".contains(byte);
    !text.is_empty() && text.iter().all(plain)
}

/// Whether an address in brackets holds; `None` for a name.
fn literal(domain: &[u8]) -> Option<bool> {
    let inner = domain.strip_prefix(b"[")?.strip_suffix(b"]")?;
    Some(match inner.split_at_checked(5) {
        Some((tag, address)) if tag.eq_ignore_ascii_case(b"IPv6:") => ip::v6(address),
        _ => ip::v4(inner),
    })
}
