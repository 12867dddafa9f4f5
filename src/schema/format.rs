//! The values of `format`, each by the grammar of its RFC. Pure functions over a string, in linear time.

mod classes;
mod email;
mod hostname;
mod idna;
mod ip;
mod label;
mod pointer;
mod punycode;
mod table;
mod template;
mod time;
mod uri;

use super::draft::Draft;
use crate::pattern::{Pattern, Unfit};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Date,
    DateTime,
    Duration,
    Email,
    /// Without a rule for `xn--`: drafts 4 and 6.
    AsciiHostname,
    Hostname,
    IdnEmail,
    IdnHostname,
    Ipv4,
    Ipv6,
    Iri,
    IriReference,
    JsonPointer,
    Regex,
    RelativeJsonPointer,
    Time,
    Uri,
    UriReference,
    UriTemplate,
    Uuid,
}

impl Format {
    /// The format of this name, if the draft defines it. A name without one asserts nothing.
    pub(super) fn named(name: &str, draft: Draft) -> Option<Format> {
        let (format, since) = match name {
            "date" => (Format::Date, Draft::Four),
            "date-time" => (Format::DateTime, Draft::Four),
            "duration" => (Format::Duration, Draft::Nineteen),
            "email" => (Format::Email, Draft::Four),
            "hostname" if draft < Draft::Seven => (Format::AsciiHostname, Draft::Four),
            "hostname" => (Format::Hostname, Draft::Seven),
            "idn-email" => (Format::IdnEmail, Draft::Four),
            "idn-hostname" => (Format::IdnHostname, Draft::Seven),
            "ipv4" => (Format::Ipv4, Draft::Four),
            "ipv6" => (Format::Ipv6, Draft::Four),
            "iri" => (Format::Iri, Draft::Seven),
            "iri-reference" => (Format::IriReference, Draft::Seven),
            "json-pointer" => (Format::JsonPointer, Draft::Six),
            "regex" => (Format::Regex, Draft::Four),
            "relative-json-pointer" => (Format::RelativeJsonPointer, Draft::Seven),
            "time" => (Format::Time, Draft::Four),
            "uri" => (Format::Uri, Draft::Four),
            "uri-reference" => (Format::UriReference, Draft::Six),
            "uri-template" => (Format::UriTemplate, Draft::Six),
            "uuid" => (Format::Uuid, Draft::Nineteen),
            _ => return None,
        };
        (since <= draft).then_some(format)
    }

    pub(super) fn holds(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Format::Date => time::date(bytes),
            Format::DateTime => time::date_time(bytes),
            Format::Duration => time::duration(bytes),
            Format::Email => email::email(text),
            Format::AsciiHostname => hostname::ascii(bytes),
            Format::Hostname => hostname::with_a_labels(bytes),
            Format::IdnEmail => email::idn_email(text),
            Format::IdnHostname => idna::hostname(text),
            Format::Ipv4 => ip::v4(bytes),
            Format::Ipv6 => ip::v6(bytes),
            Format::Iri => uri::absolute(text, uri::Script::Any),
            Format::IriReference => uri::reference(text, uri::Script::Any),
            Format::JsonPointer => pointer::absolute(bytes),
            Format::Regex => is_regex(text),
            Format::RelativeJsonPointer => pointer::relative(bytes),
            Format::Time => time::time(bytes),
            Format::Uri => uri::absolute(text, uri::Script::Ascii),
            Format::UriReference => uri::reference(text, uri::Script::Ascii),
            Format::UriTemplate => template::uri_template(bytes),
            Format::Uuid => is_uuid(bytes),
        }
    }
}

/// RFC 9562, section 4, in either case.
fn is_uuid(text: &[u8]) -> bool {
    let holds = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(holds)
}

/// What the engine cannot run, such as look-around, is a regular expression, too.
fn is_regex(text: &str) -> bool {
    !matches!(Pattern::compile(text), Err(Unfit::Wrong(_)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;
