//! `crypto.*`: hashes, MACs, and X.509.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::operands::string;
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

const ONE: &[Types] = &[Types::STRING];
const TWO: &[Types] = &[Types::STRING, Types::STRING];

/// The functions of this file.
pub const CRYPTO: &[Builtin] = &[
    Builtin::new("crypto.hmac.equal", TWO, Types::BOOLEAN, equal),
    Builtin::new("crypto.hmac.md5", TWO, Types::STRING, mac::<Hmac<Md5>>),
    Builtin::new("crypto.hmac.sha1", TWO, Types::STRING, mac::<Hmac<Sha1>>),
    Builtin::new("crypto.hmac.sha256", TWO, Types::STRING, mac::<Hmac<Sha256>>),
    Builtin::new("crypto.hmac.sha512", TWO, Types::STRING, mac::<Hmac<Sha512>>),
    Builtin::new("crypto.md5", ONE, Types::STRING, hash::<Md5>),
    Builtin::new("crypto.sha1", ONE, Types::STRING, hash::<Sha1>),
    Builtin::new("crypto.sha256", ONE, Types::STRING, hash::<Sha256>),
];

fn hash<H: Digest>(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    context.scan(text.len())?;
    Ok(Value::from(HEXLOWER.encode(&H::digest(text.as_bytes()))))
}

fn mac<M: Mac + KeyInit>(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let (message, key) = (string(operands, 1)?, string(operands, 2)?);
    context.scan(message.len() + key.len())?;
    // A key of HMAC may have any length.
    let mac = <M as KeyInit>::new_from_slice(key.as_bytes()).map_err(|_| Fault::Undefined)?;
    Ok(Value::from(HEXLOWER.encode(&mac.chain_update(message.as_bytes()).finalize().into_bytes())))
}

/// In a time that tells nothing but the lengths.
fn equal(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let (left, right) = (string(operands, 1)?, string(operands, 2)?);
    context.scan(left.len() + right.len())?;
    Ok(Value::from(bool::from(left.as_bytes().ct_eq(right.as_bytes()))))
}
