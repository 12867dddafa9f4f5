//! The `retry` section: what a sender does after a response. No stage reads it; [`crate::retry`] does.

use serde::Deserialize;

use super::strict::{given, read_from};
use crate::whole::whole;

read_from! {
    objects: Retry;
    words: RetryAfterZero;
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Retry {
    #[serde(deserialize_with = "given")]
    pub retry_after_zero: Option<RetryAfterZero>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub max_seconds: Option<u32>,
    #[serde(deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub default_seconds: Option<u32>,
}

/// What `Retry-After: 0` means.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "lowercase")]
pub(crate) enum RetryAfterZero {
    Now,
    Stop,
}
