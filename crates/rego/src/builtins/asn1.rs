//! DER, as a tree of tagged bytes. The crate `der` holds it to the rules of X.690.

use der::{Header, Reader, SliceReader};

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// A tag, its content, and both with the length between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    pub tag: u8,
    pub value: &'a [u8],
    pub whole: &'a [u8],
}

impl<'a> Node<'a> {
    /// The only one in these bytes.
    pub fn read(bytes: &'a [u8]) -> Option<Node<'a>> {
        match nodes(bytes)?.as_slice() {
            [node] => Some(*node),
            _ => None,
        }
    }

    /// The content, if the tag is this one.
    pub fn content(&self, tag: u8) -> Option<&'a [u8]> {
        (self.tag == tag).then_some(self.value)
    }

    /// What is in a sequence, a set, or a tag that wraps others.
    pub fn children(&self, tag: u8) -> Option<Vec<Node<'a>>> {
        nodes(self.content(tag)?)
    }

    /// The bytes of a bit string of whole bytes.
    pub fn bits(&self) -> Option<&'a [u8]> {
        self.content(BIT_STRING)?.strip_prefix(&[0])
    }

    /// The bytes of an integer that is not negative, without zeros before them.
    pub fn unsigned(&self) -> Option<&'a [u8]> {
        let bytes = self.content(INTEGER)?;
        let first = bytes.first()?;
        (*first < 0x80).then(|| bytes.strip_prefix(&[0]).unwrap_or(bytes))
    }

    /// An integer that is small and not negative.
    pub fn small(&self) -> Option<i64> {
        let bytes = self.unsigned().filter(|bytes| bytes.len() < 8)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | i64::from(*byte)))
    }
}

/// All that follow each other.
pub(super) fn nodes(bytes: &[u8]) -> Option<Vec<Node<'_>>> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let mut nodes = Vec::new();
    while !reader.is_finished() {
        let tag = reader.peek_byte()?;
        let length = usize::try_from(u32::from(Header::peek(&reader).ok()?.length())).ok()?;
        let whole = reader.tlv_bytes().ok()?;
        let value = whole.get(whole.len().checked_sub(length)?..)?;
        nodes.push(Node { tag, value, whole });
    }
    Some(nodes)
}
