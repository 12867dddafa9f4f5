//! What every engine returns: what it verified, or why there is no valid signature.

use std::borrow::Cow;

use crate::finding::{Code, Finding, Stage};

/// What an engine verified: the key's id, and the signed bytes if they are kept.
pub(crate) struct Verified<'a> {
    pub key: Cow<'a, str>,
    pub signed: Option<Vec<u8>>,
}

/// The only place that raises `signature-missing`.
pub(super) fn missing(title: &str) -> Finding {
    let message = format!("`{title}` is missing, so nobody signed this");
    Finding::error(Code::SignatureMissing, Stage::Signature, message)
}

/// The only place that raises `signature-mismatch`. `keys` is how many were tried, if anyone reads it.
pub(super) fn mismatch(keys: Option<usize>) -> Finding {
    let Some(keys) = keys else { return Finding::error(Code::SignatureMismatch, Stage::Signature, "") };
    let message = "the signature does not belong to these bytes under any of the keys";
    Finding::error(Code::SignatureMismatch, Stage::Signature, message)
        .with("keys", keys)
        .with("help", "sign the bytes exactly as they are sent, with this key, and change nothing afterwards")
}
