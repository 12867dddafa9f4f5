//! What is thrown: the contract author's mistakes, and keys that cannot be right.

use serde::Serialize;

/// Why a contract, a key or a pack does not load. Its `code` is to branch on, its `message` to read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ContractError {
    /// `contract-…` or `key-…`.
    pub code: &'static str,
    /// A JSON Pointer into the contract, `keys/INDEX` for a key, or a file's name.
    pub at: String,
    /// Lower case, no full stop, never a key's bytes.
    pub message: String,
    /// How to mend it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl ContractError {
    /// The codes that may be thrown, each with its meaning.
    pub const CODES: &'static [(&'static str, &'static str)] = &[
        ("contract-data", "data given to a pack stands where the pack, or what it is told, stands"),
        ("contract-file", "a schema or policy file, or a hook's contract, is not there"),
        ("contract-freshness", "freshness names a field that is not there or is no time"),
        ("contract-grammar", "the document is not of the contract language: an unknown member, value or type"),
        ("contract-limits", "a limit is not known, no whole number or out of bounds"),
        ("contract-policy", "a Rego policy does not load"),
        ("contract-registry", "a hook of the registry can never be called, judged or answered as it says"),
        ("contract-replay", "the replay key cannot be made, is never forgotten, or is shared by different messages"),
        ("contract-request", "the path, a media type or a header name is not well-formed"),
        ("contract-route", "a version can never be reached, or events have no type"),
        ("contract-schema", "a JSON Schema does not compile, or asks for one that is not there"),
        ("contract-shape", "a member of the message can never be made"),
        ("contract-signature", "the signature names a field that is not there, can never hold, or never changes"),
        ("contract-unknown", "no contract or pack of this name is shipped"),
        ("key-empty", "a key holds nothing"),
        ("key-kind", "a key is of the wrong kind for the contract"),
        ("key-malformed", "a key is not in the contract's key format"),
        ("key-missing", "the contract declares a signature and no key was given"),
        ("key-short", "a key is shorter than the contract allows"),
        ("key-unused", "keys were given to a contract that checks no signature"),
        ("key-whitespace", "a key begins or ends with white space"),
    ];

    pub(crate) fn new(code: &'static str, at: impl Into<String>, message: impl Into<String>) -> Self {
        debug_assert!(Self::CODES.iter().any(|(known, _)| *known == code), "{code} is not in the table");
        ContractError { code, at: at.into(), message: message.into(), help: None }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        ContractError { help: Some(help.into()), ..self }
    }
}

impl std::fmt::Display for ContractError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {} (at `{}`)", self.code, self.message, self.at)?;
        self.help.iter().try_for_each(|help| write!(formatter, "; {help}"))
    }
}

impl std::error::Error for ContractError {}

/// A policy that does not load: its author's mistake.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PolicyError {
    /// As given with the text; empty when it is about no file.
    pub file: String,
    /// Counted from 1.
    pub line: Option<u32>,
    /// Counted from 1.
    pub column: Option<u32>,
    /// What is wrong, without the source.
    pub message: String,
}

impl std::fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.file.is_empty() {
            write!(formatter, "{}:", self.file)?;
            for number in [self.line, self.column].into_iter().flatten() {
                write!(formatter, "{number}:")?;
            }
            formatter.write_str(" ")?;
        }
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for PolicyError {}

/// A policy that does not load. The place is its file, line and column.
impl From<PolicyError> for ContractError {
    fn from(error: PolicyError) -> Self {
        let numbers = [error.line, error.column].into_iter().flatten().map(|number| format!(":{number}"));
        let at = std::iter::once(error.file).chain(numbers).collect::<String>();
        ContractError::new("contract-policy", at, error.message)
    }
}
