//! The errors that are thrown: mistakes in a contract, and keys that cannot be right.

use serde::{Serialize, Serializer};

use crate::codes::codes;

codes! {
    /// What a contract error is about, to branch on: a mistake in the contract, or a key that cannot be right.
    #[derive(Copy)]
    pub enum ContractCode {
        ContractData => "contract-data", "data given to a pack stands where the pack, or what it is told, stands";
        ContractFile => "contract-file", "a schema or policy file, or a hook's contract, is not there";
        ContractFreshness => "contract-freshness", "freshness names a field that is not there or is no time";
        ContractGrammar => "contract-grammar", "the document is not of the contract language: an unknown member, value or type";
        ContractLimits => "contract-limits", "a limit is not known, no whole number or out of bounds";
        ContractPolicy => "contract-policy", "a Rego policy does not load";
        ContractRegistry => "contract-registry", "a hook of the registry can never be called, judged or answered as it says";
        ContractReplay => "contract-replay", "the replay key cannot be made, is never forgotten, or is shared by different messages";
        ContractRequest => "contract-request", "the path, a media type or a header name is not well-formed";
        ContractRoute => "contract-route", "a version can never be reached, or events have no type";
        ContractSchema => "contract-schema", "a JSON Schema does not compile, or asks for one that is not there";
        ContractShape => "contract-shape", "a member of the message can never be made";
        ContractSignature => "contract-signature", "the signature names a field that is not there, can never hold, or never changes";
        ContractUnknown => "contract-unknown", "no contract or pack of this name is shipped";
        KeyEmpty => "key-empty", "a key holds nothing";
        KeyKind => "key-kind", "a key is of the wrong kind for the contract";
        KeyMalformed => "key-malformed", "a key is not in the contract's key format";
        KeyMissing => "key-missing", "the contract declares a signature and no key was given";
        KeyShort => "key-short", "a key is shorter than the contract allows";
        KeyUnused => "key-unused", "keys were given to a contract that checks no signature";
        KeyWhitespace => "key-whitespace", "a key begins or ends with white space";
    }
}

impl ContractCode {
    /// The code as it is written in an error.
    pub fn as_str(self) -> &'static str {
        self.fixed().unwrap_or_default()
    }
}

impl std::fmt::Display for ContractCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl PartialEq<&str> for ContractCode {
    fn eq(&self, text: &&str) -> bool {
        self.as_str() == *text
    }
}

impl Serialize for ContractCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Why a contract, a key or a pack does not load. Branch on its `code`; its `message` is for people.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ContractError {
    /// The code, `contract-…` or `key-…`.
    pub code: ContractCode,
    /// Where the mistake is: a JSON Pointer into the contract, `keys/INDEX` for a key, or the name of a file.
    pub at: String,
    /// What is wrong, in lower case and without a full stop. It never contains the bytes of a key.
    pub message: String,
    /// How to fix it, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The others that were found with it, if there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<ContractError>,
}

impl ContractError {
    /// All codes that may be thrown, each with its meaning.
    pub const CODES: &'static [(&'static str, &'static str)] = ContractCode::TABLE;

    pub(crate) fn new(code: ContractCode, at: impl Into<String>, message: impl Into<String>) -> Self {
        ContractError { code, at: at.into(), message: message.into(), help: None, also: Vec::new() }
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

/// A policy that does not load because of a mistake in it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PolicyError {
    /// The file name that was given with the text. Empty if the error is not about a file.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The column, counted from 1.
    pub column: Option<u32>,
    /// What is wrong, without any of the source.
    pub message: String,
    /// What to do about it, if that is known.
    pub help: Option<String>,
    /// The others that were found with it.
    pub also: Vec<PolicyError>,
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

/// A policy that does not load. The error's place is the policy's file, line and column.
impl From<PolicyError> for ContractError {
    fn from(error: PolicyError) -> Self {
        let numbers = [error.line, error.column].into_iter().flatten().map(|number| format!(":{number}"));
        let at = std::iter::once(error.file).chain(numbers).collect::<String>();
        ContractError {
            help: error.help,
            also: error.also.into_iter().map(ContractError::from).collect(),
            ..ContractError::new(ContractCode::ContractPolicy, at, error.message)
        }
    }
}
