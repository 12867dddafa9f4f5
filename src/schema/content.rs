//! `contentEncoding` and `contentMediaType`, as drafts 6 and 7 assert them.

use data_encoding::{BASE32, BASE32HEX, BASE64, BASE64URL, HEXUPPER};

use super::program::TextRule;
use crate::finding::Severity;
use crate::json::{Document, Rules};

/// An encoding of RFC 4648.
#[derive(Clone, Copy, Debug)]
pub(super) enum Encoding {
    Base16,
    Base32,
    Base32Hex,
    Base64,
    Base64Url,
}

/// Why a text does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ContentFault {
    Encoding,
    Utf8,
    MediaType,
}

impl Encoding {
    pub fn named(name: &str) -> Option<Encoding> {
        match name {
            "base16" => Some(Encoding::Base16),
            "base32" => Some(Encoding::Base32),
            "base32hex" => Some(Encoding::Base32Hex),
            "base64" => Some(Encoding::Base64),
            "base64url" => Some(Encoding::Base64Url),
            _ => None,
        }
    }

    fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Encoding::Base16 => HEXUPPER.decode(text.to_ascii_uppercase().as_bytes()),
            Encoding::Base32 => BASE32.decode(text.as_bytes()),
            Encoding::Base32Hex => BASE32HEX.decode(text.as_bytes()),
            Encoding::Base64 => BASE64.decode(text.as_bytes()),
            Encoding::Base64Url => BASE64URL.decode(text.as_bytes()),
        }
        .ok()
    }
}

/// What of the content does not hold.
pub(super) fn fault(rule: &TextRule, text: &str) -> Option<ContentFault> {
    let Some((encoding, _)) = &rule.encoding else {
        return (rule.media_type.is_some() && !is_json(text)).then_some(ContentFault::MediaType);
    };
    let Some(bytes) = encoding.decode(text) else { return Some(ContentFault::Encoding) };
    rule.media_type.as_ref()?;
    match std::str::from_utf8(&bytes) {
        Err(_) => Some(ContentFault::Utf8),
        Ok(text) => (!is_json(text)).then_some(ContentFault::MediaType),
    }
}

fn is_json(text: &str) -> bool {
    let rules = Rules { max_depth: 128, max_values: usize::MAX, unsafe_numbers: Severity::Info };
    Document::read(text, rules).0.is_some()
}
