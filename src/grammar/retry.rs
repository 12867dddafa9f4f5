//! The `retry` section: what whoever sends makes of the answers. No stage reads it; [`crate::retry`] does.

use serde::Deserialize;

use super::strict::{given, read_from};

read_from! {
    objects: Retry;
    words: RetryAfterZero;
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Retry {
    #[serde(deserialize_with = "given")]
    pub retry_after_zero: Option<RetryAfterZero>,
    #[serde(deserialize_with = "given")]
    pub max_seconds: Option<u32>,
    #[serde(deserialize_with = "given")]
    pub default_seconds: Option<u32>,
}

/// What `Retry-After: 0` means.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "lowercase")]
pub(crate) enum RetryAfterZero {
    Now,
    Stop,
}
