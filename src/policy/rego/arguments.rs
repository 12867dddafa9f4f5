//! The arguments of a builtin function, and the limits on one call's result.

use anyhow::{Result, anyhow, bail};
use regorus::Value;

/// A check of the arguments of a builtin function.
pub(super) type Check = fn(&[Value], &Caps) -> Result<()>;

/// The limits on one call's result.
#[derive(Clone, Copy)]
pub(super) struct Caps {
    pub items: usize,
    pub bytes: usize,
}

pub(super) fn at(arguments: &[Value], index: usize) -> Result<&Value> {
    arguments.get(index).ok_or_else(|| anyhow!("an argument is missing"))
}

pub(super) fn text(arguments: &[Value], index: usize) -> Result<&str> {
    match at(arguments, index)? {
        Value::String(text) => Ok(text),
        _ => bail!("argument {} must be a string", index + 1),
    }
}

pub(super) fn integer(arguments: &[Value], index: usize) -> Result<i64> {
    at(arguments, index)?.as_i64().map_err(|_| anyhow!("argument {} must be an integer", index + 1))
}

pub(super) fn capped(bytes: usize, caps: &Caps) -> Result<()> {
    if bytes > caps.bytes {
        bail!("the result would be larger than {} bytes (limit `builtinBytes`)", caps.bytes);
    }
    Ok(())
}
