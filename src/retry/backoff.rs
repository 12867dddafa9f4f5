//! How long to wait without being asked: exponential, with jitter from a seed, as nothing here draws a random number.

use serde::{Deserialize, Deserializer, de::Error};
use sha2::{Digest, Sha256};

use super::delay::{Bound, Delay, Reason};
use super::options::MAX_MILLISECONDS;

/// What [`backoff`] needs besides the attempt.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BackoffOptions {
    /// What decides the jitter: something that differs between senders, such as the id of the delivery.
    pub seed: String,
    /// The maximum wait after attempt 0, in milliseconds. Default 500.
    #[serde(default = "default_base", deserialize_with = "milliseconds")]
    pub base_milliseconds: u32,
    /// The maximum wait after any attempt, in milliseconds. Default 60,000.
    #[serde(default = "default_max", deserialize_with = "milliseconds")]
    pub max_milliseconds: u32,
}

impl BackoffOptions {
    /// This seed, with defaults for the rest.
    pub fn seeded(seed: impl Into<String>) -> Self {
        let (base_milliseconds, max_milliseconds) = (default_base(), default_max());
        BackoffOptions { seed: seed.into(), base_milliseconds, max_milliseconds }
    }
}

/// Exponential backoff with equal jitter: half of `base * 2^attempt` (at most the maximum), plus a part of the other
/// half that the seed decides. `attempt` is 0 after the first failure. The same seed and attempt give the same wait
/// everywhere.
///
/// ```
/// use countersign::retry::{BackoffOptions, backoff};
///
/// let third = backoff(2, &BackoffOptions::seeded("delivery-17"));
/// assert!((1_000..=2_000).contains(&third.milliseconds));
/// assert_eq!(third, backoff(2, &BackoffOptions::seeded("delivery-17")));
/// ```
pub fn backoff(attempt: u64, options: &BackoffOptions) -> Delay {
    let most = u64::from(options.max_milliseconds);
    let factor = u32::try_from(attempt).ok().and_then(|attempt| 1_u64.checked_shl(attempt)).unwrap_or(u64::MAX);
    let wanted = u64::from(options.base_milliseconds).saturating_mul(factor);
    let ceiling = wanted.min(most);
    let half = ceiling / 2;
    let milliseconds = half + drawn(&options.seed, attempt) % (ceiling - half + 1);
    let bounded = (wanted > most).then_some(Bound::Maximum);
    Delay { milliseconds, reason: Reason::Backoff, retry: true, bounded }
}

/// Eight bytes of the SHA-256 over the attempt (u64, big-endian) and the seed.
fn drawn(seed: &str, attempt: u64) -> u64 {
    let digest = Sha256::new().chain_update(attempt.to_be_bytes()).chain_update(seed).finalize();
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn default_base() -> u32 {
    500
}

fn default_max() -> u32 {
    60_000
}

fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let milliseconds = u32::deserialize(deserializer)?;
    let bounds = 1..=MAX_MILLISECONDS;
    let message = || D::Error::custom(format!("1 to {MAX_MILLISECONDS}, which a timer takes, and not {milliseconds}"));
    bounds.contains(&milliseconds).then_some(milliseconds).ok_or_else(message)
}
