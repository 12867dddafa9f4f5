//! Answers by which a server says that the two sides could not agree on a version or format (RFC 9110, sections
//! 15.5.7 and 15.5.16), with the labels of a metric that counts them.

use serde::Serialize;

/// The counter's name.
pub const METRIC: &str = "api_version_negotiation_failures_total";

/// A failed negotiation.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NegotiationFailure {
    /// Which side of the negotiation failed.
    pub reason: Mismatch,
    /// Of the counter.
    pub labels: Labels,
    /// [`METRIC`].
    pub metric: &'static str,
}

/// Which side of the negotiation failed. In snake case, as labels of Prometheus are.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mismatch {
    /// 406: nothing the server has is among what `Accept` named.
    AcceptHeaderMismatch,
    /// 415: the request's content is in a format that the server does not take.
    ContentTypeMismatch,
}

/// `api_version_negotiation_failures_total{reason,status_code}`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Labels {
    /// As in the failure.
    pub reason: Mismatch,
    /// As text, which labels are.
    pub status_code: String,
}

/// The failure that a status says; `None` for all but 406 and 415. The answer's own media type is not asked:
/// `application/problem+json` says how the error is written, and not what went wrong.
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
