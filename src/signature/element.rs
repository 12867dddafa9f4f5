//! From a header's text to the bytes of a signature, or the reason why there are none.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use crate::contract::document::{Encoding, HeaderShape};
use crate::signature::mac;
use crate::verdict::{Code, Finding, Stage};

/// SHA-1, SHA-384 and SHA-512: the length of another MAC is another scheme, not a broken one.
const OTHER_MACS: [usize; 3] = [20, 48, 64];

pub(crate) fn read(value: &str, shape: &HeaderShape, encoding: Encoding) -> Result<Vec<u8>, Finding> {
    let element = match shape {
        HeaderShape::Plain {} => value,
        HeaderShape::Prefixed { prefix } => value.strip_prefix(prefix.as_str()).ok_or_else(|| {
            match prefix.chars().last().is_some_and(|last| value.contains(last)) {
                true => unsupported(format!("the signature does not begin with `{prefix}`")),
                false => malformed(format!("the signature does not begin with `{prefix}`")),
            }
        })?,
    };
    let decoded = match encoding {
        Encoding::Base64 => BASE64.decode(element.as_bytes()),
        Encoding::Hex => HEXLOWER_PERMISSIVE.decode(element.as_bytes()),
    };
    let form = match encoding {
        Encoding::Base64 => "padded, canonical base64 of 32 bytes (44 characters)",
        Encoding::Hex => "64 hex digits",
    };
    match decoded {
        Ok(bytes) if bytes.len() == mac::LENGTH => Ok(bytes),
        Ok(bytes) if OTHER_MACS.contains(&bytes.len()) => {
            let message = "the signature has the length of another algorithm; the contract takes HMAC-SHA-256";
            Err(unsupported(message.into()).with("got", bytes.len()).with("allowed", mac::LENGTH))
        }
        _ => Err(malformed(format!("the signature is not {form}")).with("expected", form)),
    }
}

fn malformed(message: String) -> Finding {
    Finding::error(Code::SignatureMalformed, Stage::Signature, message)
}

fn unsupported(message: String) -> Finding {
    Finding::error(Code::SignatureUnsupported, Stage::Signature, message)
}
