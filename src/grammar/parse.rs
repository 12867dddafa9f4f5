//! From JSON text to the structures of the grammar. Errors have a place, and a message in the author's terms.

use serde::de::DeserializeOwned;

use super::signature::{DpopRules, Engine, HttpSignatureRules, Named, Segments, Signature};
use super::tree::{Fault, Part, Tree};
use super::words;
use crate::error::{ContractCode, ContractError};

/// Parses the `signature` section, in the grammar of the engine that it names.
pub(crate) fn parse_signature(section: &Part) -> Result<Signature, ContractError> {
    let read = || {
        let tree = Tree::read(section.text())?;
        Ok(match Named::deserialize(&tree)?.engine {
            Engine::Dpop => Signature::Dpop(DpopRules::deserialize(&tree)?),
            Engine::Rfc9421 => Signature::Rfc9421(HttpSignatureRules::deserialize(&tree)?),
            Engine::Segments => Signature::Segments(Segments::deserialize(&tree)?),
        })
    };
    read().map_err(|fault| {
        let error = told(fault, "/contract");
        ContractError { at: format!("/signature{}", error.at), ..error }
    })
}

/// The name of a file given with the contract must be relative, with no `..`, and not a URL.
pub(crate) fn check_file(name: &str, at: impl Into<String>) -> Result<(), ContractError> {
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    if name.len() <= 200 && name.split(['.', '/']).all(plain) {
        return Ok(());
    }
    let message = format!("`{name}` is not the name of a file beside the contract, such as `order.schema.json`");
    let help = "letters, digits, `_` and `-`, with `.` and `/` between them, 200 characters at most";
    Err(ContractError::new(ContractCode::ContractFile, at, message).help(help))
}

pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ContractError> {
    parse_below(text, "/contract")
}

/// Error places are pointers into the document at `root`.
pub(crate) fn parse_below<T: DeserializeOwned>(text: &str, root: &str) -> Result<T, ContractError> {
    Tree::read(text).and_then(|tree| T::deserialize(&tree)).map_err(|fault| told(fault, root))
}

fn told(fault: Fault, root: &str) -> ContractError {
    let (message, at) = fault.told();
    let below = at.strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let at = below.map(str::to_owned).unwrap_or(at);
    let (message, help) = words::plain(message.split(" at line ").next().unwrap_or_default());
    let code = if at.starts_with("/limits") { ContractCode::ContractLimits } else { ContractCode::ContractGrammar };
    ContractError { help, ..ContractError::new(code, at, message) }
}
