//! Faults and their kinds.

use serde::Serialize;

use crate::signature::signed_part::SignedPart;

/// The kinds of fault.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CauseId {
    /// The signed body ended in a line break that did not arrive.
    BodyNewlineLost,
    /// A line break or other white space around the body arrived but was not signed.
    BodyNewlineAdded,
    /// Line breaks were changed to another kind.
    BodyCrlf,
    /// A byte order mark was added or lost.
    BodyBom,
    /// The body was parsed and serialised again.
    BodyReserialised,
    /// Characters are escaped differently.
    BodyEscapes,
    /// The body is still in base64, or was encoded in it.
    BodyBase64,
    /// UTF-8 was read as Latin-1, or the other way round.
    BodyLatin1,
    /// Bytes were replaced and cannot be recovered.
    BodyLossy,
    /// The end of the body is missing.
    BodyTruncated,
    /// There is white space at the beginning or end of the key.
    KeyWhitespace,
    /// There are quotes around the key.
    KeyQuotes,
    /// A prefix of the key was kept, or was stripped, or does not belong to the key.
    KeyPrefix,
    /// The key's text was decoded differently.
    KeyEncoding,
    /// The signature was made with a different key.
    KeyOther,
    /// The signature is in another encoding, or is cut off.
    SignatureEncoding,
    /// The signature has a prefix that the contract does not declare, or lacks the one that it does.
    SignaturePrefix,
    /// The signature was made with another algorithm.
    SignatureAlgorithm,
    /// The signature is where another provider puts it.
    SignatureProvider,
    /// The time was signed in another unit or form.
    TimeUnit,
    /// The time that was signed is not the one that the contract reads.
    TimeField,
    /// The signed bytes were assembled differently.
    Template,
    /// The URL or method that was signed is not the one that arrived.
    Url,
}

/// A fault that a repair undoes, before it is known whether that proves the fault.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub id: CauseId,
    pub edits: usize,
    pub at: String,
    pub message: String,
    pub signed: Option<Vec<SignedPart>>,
}

impl Fault {
    pub fn new(id: CauseId, edits: usize, at: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { id, edits, at: at.into(), message: message.into(), signed: None }
    }
}
