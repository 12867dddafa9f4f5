//! Which pages may send a request: `Origin` (RFC 6454, section 7), otherwise the origin of `Referer` (RFC 9110,
//! section 10.1.3). The sender sets both, so they keep out browsers but not other programs.

use super::{Duplicate, Received, duplicate_header};
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Stage};
use crate::target::{Authority, Parts, default_port};

/// Each is written as a browser writes it: lower case, no default port, no path.
pub(super) fn check(origins: &[String]) -> Result<(), ContractError> {
    let Some(bad) = origins.iter().position(|origin| of(origin).as_deref() != Some(origin)) else {
        let twice = |index: usize| origins.iter().take(index).any(|other| Some(other) == origins.get(index));
        let message = match (0..origins.len()).any(twice) {
            true => "an origin stands twice",
            false if origins.is_empty() => "no origin is accepted",
            false => return Ok(()),
        };
        return Err(ContractError::new(ContractCode::ContractRequest, "/request/origins", message));
    };
    let message = "not an origin as browsers write it: `https://app.example`, lower case, no path, no default port";
    Err(ContractError::new(ContractCode::ContractRequest, format!("/request/origins/{bad}"), message))
}

/// The only place that raises `request-origin`.
pub(super) fn judge(origins: &[String], request: &Received<'_>) -> Option<Finding> {
    let refused = |at: &str, message: &str| {
        Some(Finding::error(Code::RequestOrigin, Stage::Request, message).at(at).with("allowed", origins.join(", ")))
    };
    let sent = |name| match request.header(name) {
        Ok(value) => Ok(value.filter(|value| !value.is_empty())),
        Err(Duplicate) => Err(duplicate_header(Stage::Request, name)),
    };
    let (origin, referer) = match (sent("origin"), sent("referer")) {
        (Ok(origin), Ok(referer)) => (origin, referer),
        (Err(finding), _) | (_, Err(finding)) => return Some(finding),
    };
    let accepted = |origin: &str| origins.iter().any(|accepted| accepted == origin);
    match (origin, referer) {
        (Some(origin), _) if accepted(origin) => None,
        (Some(_), _) => refused("header:origin", "the origin is not one that the contract accepts"),
        (None, Some(referer)) if of(referer).as_deref().is_some_and(accepted) => None,
        (None, Some(_)) => refused("header:referer", "the referring page is of no origin that the contract accepts"),
        (None, None) => refused("header:origin", "neither `origin` nor `referer` says whose page sent this"),
    }
}

/// The origin of an http or https URL, as browsers write it.
fn of(url: &str) -> Option<String> {
    let Parts { scheme, authority, .. } = Parts::of(url);
    let scheme = scheme?.to_ascii_lowercase();
    let default = match scheme.as_str() {
        "http" => default_port(false),
        "https" => default_port(true),
        _ => return None,
    };
    // Browsers treat `\\` as `/`.
    let Authority { host, port } = Authority::parse(authority.split('\\').next()?)?;
    Some(match port.filter(|port| *port != default) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}
