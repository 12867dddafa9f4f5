//! What a compiled contract requires of its receiver, with every default filled in.

use serde::Serialize;

/// The answer to [`Gate::about`](crate::Gate::about).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct About {
    /// The contract's name.
    pub contract: String,
    /// What it judges.
    pub kind: MessageKind,
    /// The methods that it accepts. Empty if it judges responses.
    pub methods: Vec<&'static str>,
    /// The media types that it accepts. `None` means any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_types: Option<Vec<String>>,
    /// The maximum length of a body, in bytes.
    pub max_bytes: u64,
    /// Whether it has a replay key, so that the receiver needs a store.
    pub replay: bool,
    /// Whether rejected messages are kept as dead letters.
    pub dead_letter: bool,
    /// The public origin that it was compiled with, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The algorithms that its proofs may use, if its engine is `dpop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpop: Option<Vec<&'static str>>,
    /// Whether signing fills in a nonce.
    pub nonce: bool,
}

/// What a contract judges.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MessageKind {
    /// Requests.
    Request,
    /// The responses to them.
    Response,
}
