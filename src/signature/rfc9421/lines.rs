//! The lines of a header, and their combined value (RFC 9421, section 2.1).

use crate::request::Received;

/// Why a component has no value, in words that follow its name.
pub(super) type Reason = &'static str;

pub(super) const ABSENT: Reason = "is covered, and the request has no such header";

/// The combined value of a field.
pub(super) fn field(request: &Received<'_>, name: &str) -> Result<String, Reason> {
    combined(request, name).ok_or(ABSENT).and_then(visible)
}

pub(super) fn visible(value: String) -> Result<String, Reason> {
    let visible = value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    visible.then_some(value).ok_or("holds more than visible ASCII")
}

/// Every line of a header in order, joined (section 2.1).
pub(super) fn combined(request: &Received<'_>, name: &str) -> Option<String> {
    let lines: Vec<&str> = lines(request, name).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

pub(super) fn lines<'a>(request: &Received<'a>, name: &str) -> impl Iterator<Item = &'a str> {
    let lines = request.headers.iter().filter(move |(candidate, _)| candidate.eq_ignore_ascii_case(name));
    lines.map(|(_, value)| value.trim_matches([' ', '\t']))
}
