//! A part of the signed bytes. A secret is named, but not shown.

use data_encoding::BASE64;
use serde::{Serialize, Serializer};

/// The bytes that a receiver expects to be signed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SignedBytes {
    /// The version of this document's schema.
    pub schema_version: u8,
    /// The possible forms: more than one only if the contract declares several forms of a URL.
    pub forms: Vec<Vec<SignedPart>>,
}

/// A part of the signed bytes. All parts, one after the other, are the signed bytes.
#[derive(Clone, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignedPart {
    /// Where the part comes from, as in a finding's `at`; `literal` for the scheme's own text; or `secret`.
    pub at: String,
    /// The bytes, which are base64 in JSON. This is `None` for the secret, whose bytes stay with the key.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "base64")]
    pub bytes: Option<Vec<u8>>,
}

impl SignedPart {
    pub(super) fn new(at: impl Into<String>, bytes: &[u8]) -> SignedPart {
        SignedPart { at: at.into(), bytes: Some(bytes.to_vec()) }
    }
}

/// Without the bytes, which belong to the request.
impl std::fmt::Debug for SignedPart {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SignedPart({}, {:?} bytes)", self.at, self.bytes.as_ref().map(Vec::len))
    }
}

fn base64<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    bytes.as_deref().map(|bytes| BASE64.encode(bytes)).serialize(serializer)
}
