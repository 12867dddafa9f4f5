//! Every limit has a name and a default; reaching one is an ordinary finding, `limit-NAME`.

use serde::Deserialize;

use crate::policy::PolicyLimits;

/// Limits of one gate. The body's own limit stands in the contract (`request.maxBytes`).
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// Findings of one verdict; the rest is counted in `limit-findings`. Default 100.
    pub findings: usize,
    /// Bytes of all header names and values together. Default 65,536.
    pub header_bytes: usize,
    /// Header lines. Default 256.
    pub headers: usize,
    /// What the contract's policies may cost.
    pub policy: PolicyLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { findings: 100, header_bytes: 65_536, headers: 256, policy: PolicyLimits::default() }
    }
}
