//! What a check needs besides the request.

use std::collections::BTreeSet;

/// What a check needs besides the request.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Check {
    /// The current time, in Unix seconds.
    pub now: i64,
    /// Whether to judge the time before the MAC, stop at the first stage that fails, and parse nothing before the
    /// signature is verified.
    pub stop_at_first: bool,
    /// The replay keys that the caller's store already has.
    pub seen: BTreeSet<String>,
    /// The thumbprint (RFC 7638) of the key that must have made the DPoP proof: the key that the access token is bound
    /// to, if the caller looked it up. An opaque token does not name its key, so without this value no request with
    /// one passes.
    pub jkt: Option<String>,
    /// The nonces that a DPoP proof may carry, if the contract requires one.
    pub nonces: Vec<String>,
}

impl Check {
    /// A check at this time, in Unix seconds, with defaults for the rest. Set the other fields on the result.
    pub fn at(now: i64) -> Check {
        Check { now, ..Check::default() }
    }
}
