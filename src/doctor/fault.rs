//! A fault, by its kind.

use serde::Serialize;

use crate::signature::signed_part::SignedPart;

/// The kinds of fault.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CauseId {
    /// What was signed ended in a line break that did not arrive.
    BodyNewlineLost,
    /// A line break, or other white space around the body, arrived that was not signed.
    BodyNewlineAdded,
    /// Line breaks were turned into others.
    BodyCrlf,
    /// A byte order mark was added or lost.
    BodyBom,
    /// The body was parsed and written again.
    BodyReserialised,
    /// Characters are escaped differently.
    BodyEscapes,
    /// The body is still in base64, or was put into it.
    BodyBase64,
    /// UTF-8 was read as Latin-1, or the other way round.
    BodyLatin1,
    /// Bytes were replaced that cannot be brought back.
    BodyLossy,
    /// The end of the body is missing.
    BodyTruncated,
    /// White space at an end of the key.
    KeyWhitespace,
    /// Quotes around the key.
    KeyQuotes,
    /// A prefix of the key was kept, or stripped, or is not the key's.
    KeyPrefix,
    /// The key's text was decoded differently.
    KeyEncoding,
    /// Another key than the one that was meant.
    KeyOther,
    /// The signature is written in another encoding, or cut.
    SignatureEncoding,
    /// The signature stands behind a prefix that the contract does not have, or without the one it has.
    SignaturePrefix,
    /// Another algorithm.
    SignatureAlgorithm,
    /// The signature stands where another provider puts it.
    SignatureProvider,
    /// The time is signed in another unit or form.
    TimeUnit,
    /// Another time was signed than the one that the contract reads.
    TimeField,
    /// The signed bytes are put together differently.
    Template,
    /// The URL or method that was signed is not the one that arrived.
    Url,
}

/// A fault that a repair undoes, before it is known whether the repair proves it.
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
