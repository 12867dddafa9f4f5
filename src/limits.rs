//! Every limit has a name and a default; reaching one is an ordinary finding, `limit-NAME`.

use serde::Deserialize;

use crate::policy::PolicyLimits;

/// How much a document may weigh (its values, each with 64 bytes and its pointer) to have all its schema errors
/// listed; of a heavier one the first is, with `limit-schema-weight`: 2 MiB.
pub(crate) const SCHEMA_WEIGHT: u64 = 2 << 20;

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
    /// Signatures in one request: elements of the header that are of the scheme's form. Default 32.
    pub signatures: usize,
    /// What the contract's policies may cost.
    pub policy: PolicyLimits,
    /// What one explanation of a mismatch may cost.
    pub doctor: DoctorLimits,
}

/// Limits of one [`Gate::explain`](crate::Gate::explain). Reaching one makes the diagnosis `capped`, and no finding.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DoctorLimits {
    /// Bytes of a body that is repaired; a longer one is tried as it is. Default 1,048,576.
    pub body_bytes: usize,
    /// MACs that are computed. Default 2,000.
    pub macs: usize,
    /// Bytes that all those MACs hash together. Default 67,108,864.
    pub hashed_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            findings: 100,
            header_bytes: 65_536,
            headers: 256,
            signatures: 32,
            policy: PolicyLimits::default(),
            doctor: DoctorLimits::default(),
        }
    }
}

impl Default for DoctorLimits {
    fn default() -> Self {
        DoctorLimits { body_bytes: 1 << 20, macs: 2_000, hashed_bytes: 64 << 20 }
    }
}
