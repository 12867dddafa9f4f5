//! The caller's options for waits, and their bounds.

use std::collections::BTreeMap;

use serde::de::{Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};

use super::delay::Bound;

/// The longest wait that an option may name, in seconds: what a timer can hold in 32 bits, about 24 days. Timers in
/// JavaScript fire at once beyond it.
pub const MAX_SECONDS: u32 = MAX_MILLISECONDS / 1000;

/// The longest wait that an option may name, in milliseconds.
pub const MAX_MILLISECONDS: u32 = i32::MAX.unsigned_abs();

/// What [`delay`](super::delay) needs besides the headers.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub struct DelayOptions {
    /// The current time, in Unix seconds.
    pub now: i64,
    /// Who the request was for.
    #[serde(default)]
    pub context: Context,
    /// The longest waits by bot and tenant.
    #[serde(default)]
    pub quotas: Quotas,
    /// What `Retry-After: 0` means. The default is to send again at once.
    #[serde(default, deserialize_with = "word")]
    pub retry_after_zero: RetryAfterZero,
    /// The longest wait of all, in seconds. Default 3,600.
    #[serde(default = "default_max", deserialize_with = "seconds")]
    pub max_seconds: u32,
    /// The wait if no header gives one, in seconds. Default 60.
    #[serde(default = "default_wait", deserialize_with = "seconds")]
    pub default_seconds: u32,
}

/// Who a request was for.
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

/// The longest waits by bot and tenant. If both have one, the bot's applies; if neither does, there is no quota.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, expecting = "an object such as { tenants, bots }")]
pub struct Quotas {
    /// The quotas of tenants, by `tenant_id`.
    #[serde(default)]
    pub tenants: BTreeMap<String, Quota>,
    /// The quotas of bots, by `bot_id`.
    #[serde(default)]
    pub bots: BTreeMap<String, Quota>,
}

/// The quota of one bot or tenant.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object such as { maxSeconds: 600 }")]
pub struct Quota {
    /// The longest wait, in seconds. It can shorten [`DelayOptions::max_seconds`] but never lengthen it.
    #[serde(deserialize_with = "seconds")]
    pub max_seconds: u32,
}

/// What `Retry-After: 0` means, and a number below 0.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum RetryAfterZero {
    /// Send again at once (RFC 9110, section 10.2.3). The RFC allows no number below 0, so that one asks for nothing.
    #[default]
    Now,
    /// Do not send again: by the receiver's contract, the request cannot be retried.
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
    /// The wait within its bounds, and the bound that shortened it.
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

/// A word of an enum. A value that is not a string is reported as such.
pub(crate) fn word<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(String::deserialize(deserializer)?.into_deserializer())
}
