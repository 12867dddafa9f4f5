//! What a check is given beside the request.

use std::collections::BTreeSet;

/// What a check is told beside the request.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Check {
    /// What time it is, in Unix seconds.
    pub now: i64,
    /// Judge the time before the MAC, stop at the first stage that fails, and parse nothing before the
    /// signature holds.
    pub stop_at_first: bool,
    /// Replay keys that the caller's store knows.
    pub seen: BTreeSet<String>,
    /// The thumbprint (RFC 7638) of the key that a DPoP proof must be made with: the one that the access
    /// token is bound to, where the caller looked it up. Of an opaque token nothing else says it, so nothing passes
    /// without.
    pub jkt: Option<String>,
    /// The nonces that a DPoP proof may carry, where the contract wants one.
    pub nonces: Vec<String>,
}

impl Check {
    /// At this time, in Unix seconds, and nothing else. The rest is set on what this returns.
    pub fn at(now: i64) -> Check {
        Check { now, ..Check::default() }
    }
}
