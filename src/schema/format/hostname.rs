//! `hostname`: RFC 1034, section 3.1, with RFC 1123's digits; from draft 7 on, RFC 5891 for labels that begin `xn--`.

use super::{label, punycode};

pub(super) const LONGEST_NAME: usize = 253;
pub(super) const LONGEST_LABEL: usize = 63;

pub(super) fn ascii(name: &[u8]) -> bool {
    name.len() <= LONGEST_NAME && labels(name).all(is_label)
}

/// Two hyphens in the third and fourth place are for `xn--` alone, and what follows decodes to a label.
pub(super) fn with_a_labels(name: &[u8]) -> bool {
    ascii(name)
        && labels(name).all(|label| match label {
            [b'x', b'n', b'-', b'-', encoded @ ..] => {
                punycode::decoded(encoded).is_some_and(|text| label::holds(&text))
            }
            [_, _, b'-', b'-', ..] => false,
            _ => true,
        })
}

fn labels(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|byte| *byte == b'.')
}

fn is_label(label: &[u8]) -> bool {
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let plain = label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    ends(label.first()) && ends(label.last()) && plain && label.len() <= LONGEST_LABEL
}
