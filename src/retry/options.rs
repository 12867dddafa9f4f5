//! What the caller says of waits, and what bounds them.

use std::collections::BTreeMap;

use serde::de::{Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};

use super::delay::Bound;

/// The longest wait that an option may name: what timers take in 32 bits, some 24 days. Those of JavaScript fire at
/// once beyond it.
pub const MAX_SECONDS: u32 = MAX_MILLISECONDS / 1000;

/// The same in milliseconds.
pub const MAX_MILLISECONDS: u32 = i32::MAX.unsigned_abs();

/// What [`delay`](super::delay) is told beside the headers.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub struct DelayOptions {
    /// Unix seconds.
    pub now: i64,
    /// Whom the request was for.
    #[serde(default)]
    pub context: Context,
    /// The longest waits by bot and tenant.
    #[serde(default)]
    pub quotas: Quotas,
    /// What `Retry-After: 0` means. Default at once.
    #[serde(default, deserialize_with = "word")]
    pub retry_after_zero: RetryAfterZero,
    /// The longest wait of all. Default 3,600.
    #[serde(default = "default_max", deserialize_with = "seconds")]
    pub max_seconds: u32,
    /// The wait where no header says one. Default 60.
    #[serde(default = "default_wait", deserialize_with = "seconds")]
    pub default_seconds: u32,
}

/// Whom a request was for.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, expecting = "an object such as { tenant_id, bot_id }")]
pub struct Context {
    /// A name in [`Quotas::tenants`].
    #[serde(default)]
    pub tenant_id: Option<String>,
    /// A name in [`Quotas::bots`].
    #[serde(default)]
    pub bot_id: Option<String>,
}

/// The longest waits by bot and tenant. The bot's counts where both have one; who is in neither has none.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, expecting = "an object such as { tenants, bots }")]
pub struct Quotas {
    /// By `tenant_id`.
    #[serde(default)]
    pub tenants: BTreeMap<String, Quota>,
    /// By `bot_id`.
    #[serde(default)]
    pub bots: BTreeMap<String, Quota>,
}

/// What one bot or tenant is bound to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object such as { maxSeconds: 600 }")]
pub struct Quota {
    /// The longest wait. It shortens [`DelayOptions::max_seconds`] and never lengthens it.
    #[serde(deserialize_with = "seconds")]
    pub max_seconds: u32,
}

/// What `Retry-After: 0` means.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum RetryAfterZero {
    /// Send again at once (RFC 9110, section 10.2.3).
    #[default]
    Now,
    /// The receiver's contract says: this cannot be retried.
    Stop,
}

impl Default for DelayOptions {
    fn default() -> Self {
        DelayOptions {
            now: 0,
            context: Context::default(),
            quotas: Quotas::default(),
            retry_after_zero: RetryAfterZero::default(),
            max_seconds: default_max(),
            default_seconds: default_wait(),
        }
    }
}

impl DelayOptions {
    /// The wait within its bounds, and the bound that cut it.
    pub(super) fn bound(&self, seconds: u64) -> (u32, Option<Bound>) {
        let quota = self.quotas.of(&self.context).filter(|most| *most < self.max_seconds);
        let (most, bound) = quota.map_or((self.max_seconds, Bound::Maximum), |most| (most, Bound::Quota));
        match u32::try_from(seconds) {
            Ok(seconds) if seconds <= most => (seconds, None),
            _ => (most, Some(bound)),
        }
    }
}

impl Quotas {
    fn of(&self, context: &Context) -> Option<u32> {
        let named = |table: &BTreeMap<String, Quota>, id: &Option<String>| table.get(id.as_ref()?).copied();
        let quota = named(&self.bots, &context.bot_id).or_else(|| named(&self.tenants, &context.tenant_id))?;
        Some(quota.max_seconds)
    }
}

fn default_max() -> u32 {
    3_600
}

fn default_wait() -> u32 {
    60
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let seconds = u32::deserialize(deserializer)?;
    let message = || D::Error::custom(format!("at most {MAX_SECONDS} seconds, which a timer takes, and not {seconds}"));
    (seconds <= MAX_SECONDS).then_some(seconds).ok_or_else(message)
}

/// One of an enum's words: what is no string at all is named as such.
pub(super) fn word<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(String::deserialize(deserializer)?.into_deserializer())
}
