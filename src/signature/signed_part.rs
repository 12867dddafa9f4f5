//! A part of the signed bytes. A secret is named and not shown.

use data_encoding::BASE64;
use serde::{Serialize, Serializer};

/// What a receiver takes for signed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SignedBytes {
    /// Of this document's form.
    pub schema_version: u8,
    /// More than one where the contract declares several of a URL.
    pub forms: Vec<Vec<SignedPart>>,
}

/// A part of the signed bytes, which are all parts one after the other.
#[derive(Clone, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignedPart {
    /// Where it comes from, as a finding's `at`; `literal` for what the scheme puts there; or `secret`.
    pub at: String,
    /// `None` for the secret, whose bytes stay with the key. In JSON as base64.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "base64")]
    pub bytes: Option<Vec<u8>>,
}

impl SignedPart {
    pub(super) fn new(at: impl Into<String>, bytes: &[u8]) -> SignedPart {
        SignedPart { at: at.into(), bytes: Some(bytes.to_vec()) }
    }
}

/// Without the bytes, which are the request's.
impl std::fmt::Debug for SignedPart {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SignedPart({}, {:?} bytes)", self.at, self.bytes.as_ref().map(Vec::len))
    }
}

fn base64<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    bytes.as_deref().map(|bytes| BASE64.encode(bytes)).serialize(serializer)
}
