//! Every limit has a name and a default; reaching one is an ordinary finding, `limit-NAME`.

use serde::Deserialize;

use crate::whole::size;

/// How much a document may weigh (its values, each with 64 bytes and its pointer) to have all its schema errors
/// listed; of a heavier one the first is, with `limit-schema-weight`: 2 MiB.
pub(crate) const SCHEMA_WEIGHT: u64 = 2 << 20;

/// Looks at a value that listing the schema errors of one document may take, and so many more for each of its values;
/// where they do not suffice, `limit-schema-steps` is the one error: 100,000 and 200.
pub(crate) const SCHEMA_STEPS: u64 = 100_000;
pub(crate) const SCHEMA_STEPS_PER_VALUE: u64 = 200;

/// Limits of one gate. The body's own limit stands in the contract (`request.maxBytes`).
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Limits {
    /// Findings of one verdict; the rest is counted in `limit-findings`. Default 100.
    #[serde(deserialize_with = "size")]
    pub findings: usize,
    /// Bytes of all header names and values together. Default 65,536.
    #[serde(deserialize_with = "size")]
    pub header_bytes: usize,
    /// Header lines. Default 256.
    #[serde(deserialize_with = "size")]
    pub headers: usize,
    /// Bytes of the URL or request target. Default 16,384.
    pub url_bytes: usize,
    /// Signatures in one request: elements of the header that are of the scheme's form. Default 32.
    #[serde(deserialize_with = "size")]
    pub signatures: usize,
    /// What the contract's policies may cost.
    pub policy: PolicyLimits,
    /// What one explanation of a mismatch may cost.
    pub doctor: DoctorLimits,
}

/// Limits of one [`Gate::explain`](crate::Gate::explain). Reaching one makes the diagnosis `capped`, and no finding.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct DoctorLimits {
    /// Bytes of a body that is repaired; a longer one is tried as it is. Default 1,048,576.
    #[serde(deserialize_with = "size")]
    pub body_bytes: usize,
    /// MACs that are computed. Default 2,000.
    #[serde(deserialize_with = "size")]
    pub macs: usize,
    /// Bytes that all those MACs hash together. Default 67,108,864.
    #[serde(deserialize_with = "size")]
    pub hashed_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            findings: 100,
            header_bytes: 65_536,
            headers: 256,
            signatures: 32,
            url_bytes: 16_384,
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

/// What policies may cost. Each is a named limit; reaching one is an error, never a pass.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PolicyLimits {
    /// Bytes that one call of a builtin function may produce.
    #[serde(deserialize_with = "size")]
    pub builtin_bytes: usize,
    /// Items that one call of a builtin function may produce.
    #[serde(deserialize_with = "size")]
    pub builtin_items: usize,
    /// Steps that all evaluations of one check may take together.
    pub check_steps: u64,
    /// How deep a document may be nested.
    #[serde(deserialize_with = "size")]
    pub document_depth: usize,
    /// Documents of one check, with those in lists.
    #[serde(deserialize_with = "size")]
    pub documents: usize,
    /// Findings that are reported of one check.
    #[serde(deserialize_with = "size")]
    pub findings: usize,
    /// Bytes of one module.
    #[serde(deserialize_with = "size")]
    pub policy_bytes: usize,
    /// Characters of one line of a module.
    pub policy_columns: u32,
    /// How deep a literal may be nested in a module.
    pub policy_depth: u32,
    /// Lines of one module.
    #[serde(deserialize_with = "size")]
    pub policy_lines: usize,
    /// Steps that one rule may take on one document.
    pub policy_steps: u64,
}

impl Default for PolicyLimits {
    fn default() -> Self {
        PolicyLimits {
            builtin_bytes: 1 << 20,
            builtin_items: 100_000,
            check_steps: 50_000_000,
            document_depth: 96,
            documents: 20_000,
            findings: 10_000,
            policy_bytes: 1 << 20,
            policy_columns: 4096,
            policy_depth: 8,
            policy_lines: 20_000,
            policy_steps: 2_000_000,
        }
    }
}
