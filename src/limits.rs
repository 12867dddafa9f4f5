//! The limits. Each has a name and a default; reaching one is an ordinary finding, `limit-NAME`.

use serde::Deserialize;

use crate::whole::size;

/// How many steps a schema may take over one document: 1,000,000, plus 200 for each value and name, plus 16 for each byte
/// of its text. A step is a schema that judges a value, a member that is looked up, a character that a pattern looks at,
/// or a part of a comparison. `limit-schema-steps` says where they end. It says so, too, where what is found would come
/// to more bytes than there are steps for values and names.
pub(crate) const SCHEMA_STEPS: u64 = 1_000_000;
pub(crate) const SCHEMA_STEPS_PER_VALUE: u64 = 200;
pub(crate) const SCHEMA_STEPS_PER_BYTE: u64 = 16;

/// The limits of one gate. The limit on the body is in the contract (`request.maxBytes`).
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Limits {
    /// The maximum number of findings in one verdict; the rest are counted in `limit-findings`. Default 100.
    #[serde(deserialize_with = "size")]
    pub findings: usize,
    /// The maximum size of all header names and values together, in bytes. Default 65,536.
    #[serde(deserialize_with = "size")]
    pub header_bytes: usize,
    /// The maximum number of header lines. Default 256.
    #[serde(deserialize_with = "size")]
    pub headers: usize,
    /// The maximum length of the URL or request target, in bytes. Default 16,384.
    pub url_bytes: usize,
    /// The maximum number of signatures in one request, that is, elements of the header in the scheme's form. Default
    /// 32.
    #[serde(deserialize_with = "size")]
    pub signatures: usize,
    /// The maximum number of values in a JSON document, with the names of members. Default 4,000,000.
    #[serde(deserialize_with = "size")]
    pub values: usize,
    /// The limits on what the contract's policies may cost.
    pub policy: PolicyLimits,
    /// The limits on what one explanation of a mismatch may cost.
    pub doctor: DoctorLimits,
}

/// The limits of one [`Gate::explain`](crate::Gate::explain). Reaching one marks the diagnosis as `capped`; it is not
/// a finding.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct DoctorLimits {
    /// The maximum length of a body that is repaired, in bytes; a longer one is tried unchanged. Default 1,048,576.
    #[serde(deserialize_with = "size")]
    pub body_bytes: usize,
    /// The maximum number of MACs to compute. Default 2,000.
    #[serde(deserialize_with = "size")]
    pub macs: usize,
    /// The maximum number of bytes that all those MACs hash together. Default 67,108,864.
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
            values: 4_000_000,
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

/// The limits on what policies may cost. Each has a name; reaching one is an error, never a pass.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PolicyLimits {
    /// The maximum number of bytes that one call of a builtin function may produce.
    #[serde(deserialize_with = "size")]
    pub builtin_bytes: usize,
    /// The maximum number of items that one call of a builtin function may produce.
    #[serde(deserialize_with = "size")]
    pub builtin_items: usize,
    /// The maximum number of steps that all evaluations of one check may take together.
    pub check_steps: u64,
    /// The maximum nesting depth of a document.
    #[serde(deserialize_with = "size")]
    pub document_depth: usize,
    /// The maximum number of documents in one check, including those in lists.
    #[serde(deserialize_with = "size")]
    pub documents: usize,
    /// The maximum number of findings that one check reports.
    #[serde(deserialize_with = "size")]
    pub findings: usize,
    /// The maximum size of one module, in bytes.
    #[serde(deserialize_with = "size")]
    pub policy_bytes: usize,
    /// The maximum nesting depth of a module's text, in levels of terms and bodies.
    pub policy_depth: u32,
    /// The maximum number of bytes that the values of one evaluation may take.
    pub policy_memory: u64,
    /// The maximum number of steps that one rule may take on one document.
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
            policy_depth: 128,
            policy_memory: 128 << 20,
            policy_steps: 2_000_000,
        }
    }
}
