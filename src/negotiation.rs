//! Responses in which a server says that the two sides could not agree on a version or format (RFC 9110, sections
//! 15.5.7 and 15.5.16), with the labels of a metric that counts them.

use serde::Serialize;

/// The name of the counter.
pub const METRIC: &str = "api_version_negotiation_failures_total";

/// A failed negotiation.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NegotiationFailure {
    /// Which side of the negotiation failed.
    pub reason: Mismatch,
    /// The labels of the counter.
    pub labels: Labels,
    /// The name of the counter, [`METRIC`].
    pub metric: &'static str,
}

/// Which side of the negotiation failed. Written in snake case, like the labels of Prometheus.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mismatch {
    /// Status 406: the server has nothing that `Accept` named.
    AcceptHeaderMismatch,
    /// Status 415: the server does not accept the format of the request's content.
    ContentTypeMismatch,
}

/// The labels in `api_version_negotiation_failures_total{reason,status_code}`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Labels {
    /// Which side failed, as in the failure.
    pub reason: Mismatch,
    /// The status as text, because labels are text.
    pub status_code: String,
}

/// The failure that a status means, or `None` for any status but 406 and 415. The media type of the response does not
/// matter: `application/problem+json` says how the error is written, not what went wrong.
///
/// ```
/// use countersign::negotiation::{Mismatch, negotiation};
///
/// assert_eq!(negotiation(406).map(|failure| failure.reason), Some(Mismatch::AcceptHeaderMismatch));
/// assert_eq!(negotiation(200), None);
/// ```
pub fn negotiation(status: u16) -> Option<NegotiationFailure> {
    let reason = match status {
        406 => Mismatch::AcceptHeaderMismatch,
        415 => Mismatch::ContentTypeMismatch,
        _ => return None,
    };
    let labels = Labels { reason, status_code: status.to_string() };
    Some(NegotiationFailure { reason, labels, metric: METRIC })
}
