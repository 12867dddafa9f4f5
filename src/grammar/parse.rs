//! From JSON text to the structures of the grammar. Errors have a place, and a message in the author's terms.

use serde::Deserialize;

use super::signature::{Engine, Named, Signature};
use super::words;
use crate::error::{ContractCode, ContractError};
use crate::place::pointer_token;

/// Parses the `signature` section, in the grammar of the engine that it names.
pub(crate) fn parse_signature(text: &str) -> Result<Signature, ContractError> {
    let read = || {
        Ok(match parse::<Named>(text)?.engine {
            Engine::Dpop => Signature::Dpop(parse(text)?),
            Engine::Rfc9421 => Signature::Rfc9421(parse(text)?),
            Engine::Segments => Signature::Segments(parse(text)?),
        })
    };
    read().map_err(|error: ContractError| ContractError { at: format!("/signature{}", error.at), ..error })
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

pub(crate) fn parse<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, ContractError> {
    parse_below(text, "/contract")
}

/// Error places are pointers into the document at `root`.
pub(crate) fn parse_below<'de, T: Deserialize<'de>>(text: &'de str, root: &str) -> Result<T, ContractError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let mut at = String::new();
        for segment in error.path() {
            match segment {
                serde_path_to_error::Segment::Map { key } => at.extend(["/", pointer_token(key).as_str()]),
                serde_path_to_error::Segment::Seq { index } => at.extend(["/", index.to_string().as_str()]),
                _ => {}
            }
        }
        let below = at.strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let at = below.map(str::to_owned).unwrap_or(at);
        let message = error.inner().to_string();
        let (message, help) = words::plain(message.split(" at line ").next().unwrap_or_default());
        let code = if at.starts_with("/limits") { ContractCode::ContractLimits } else { ContractCode::ContractGrammar };
        ContractError { help, ..ContractError::new(code, at, message) }
    })?;
    let after = |_| ContractError::new(ContractCode::ContractGrammar, "", "more stands after the end of the document");
    deserializer.end().map(|()| read).map_err(after)
}
