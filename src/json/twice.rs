//! Names that an object has twice.

use std::collections::BTreeSet;

use super::tape::{Json, Kind, Node};

/// Up to here every name is compared with every other.
const FEW: usize = 8;

/// The nodes of the names that are there already, in the order of the text.
#[cfg_attr(small, optimize(speed))]
pub(super) fn names(text: &str, nodes: &[Node], object: usize) -> Vec<usize> {
    let object = Json::new(text, nodes).at_index(object);
    if object.len() <= FEW && differ(text, nodes, object) { Vec::new() } else { sorted(object) }
}

/// Whether few names are certainly different: by their length and their first bytes.
#[cfg_attr(small, optimize(speed))]
fn differ(text: &str, nodes: &[Node], object: Json<'_>) -> bool {
    let mut marks = [0_u64; FEW];
    // A bit for each mark: where no two have the same, no mark needs to be compared.
    let mut bits = 0_u64;
    let mut at = object.index() + 1;
    for count in 0..object.len() {
        let Some(name) = nodes.get(at).filter(|name| name.kind() == Kind::Plain) else { return false };
        let mark = mark(text.as_bytes(), name.start(), name.size());
        let bit = 1 << (mark.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58);
        if bits & bit != 0 && marks.iter().take(count).any(|earlier| *earlier == mark) {
            return false;
        }
        bits |= bit;
        if let Some(free) = marks.get_mut(count) {
            *free = mark;
        }
        at = nodes.get(at + 1).map_or(0, |value| value.next());
    }
    true
}

/// The first seven bytes of a name, and the lowest of its length.
#[inline(always)]
fn mark(text: &[u8], start: usize, size: usize) -> u64 {
    let word = match text.get(start..start + 8).and_then(|bytes| bytes.first_chunk::<8>()) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            let rest = text.get(start..).unwrap_or_default();
            bytes.iter_mut().zip(rest).for_each(|(free, byte)| *free = *byte);
            u64::from_le_bytes(bytes)
        }
    };
    let kept = if size < 7 { (1 << (size * 8)) - 1 } else { (1 << 56) - 1 };
    (word & kept) | ((size as u64) << 56)
}

/// By a hash, so that only equal hashes are compared.
fn sorted(object: Json<'_>) -> Vec<usize> {
    let mut hashes: Vec<(u32, u32)> = Vec::with_capacity(object.len());
    hashes.extend(object.members().map(|(name, _)| (hash(name), u32::try_from(name.index()).unwrap_or(u32::MAX))));
    hashes.sort_unstable();
    let mut twice = Vec::new();
    for alike in hashes.chunk_by(|(a, _), (b, _)| a == b).filter(|alike| alike.len() > 1) {
        let mut known = BTreeSet::new();
        for (_, index) in alike {
            let name = object.at_index(*index as usize);
            if !known.insert(name.as_str()) {
                twice.push(name.index());
            }
        }
    }
    twice.sort_unstable();
    twice
}

/// FNV-1a, over eight bytes at a time. Names chosen to collide cost no more than sorting them.
#[inline(always)]
pub(super) fn hash(name: Json<'_>) -> u32 {
    let text = name.as_str().unwrap_or_default();
    let (chunks, rest) = text.as_bytes().as_chunks::<8>();
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29);
    let hash = chunks.iter().fold(0xcbf2_9ce4_8422_2325, |hash, chunk| mix(hash, u64::from_le_bytes(*chunk)));
    let hash = rest.iter().fold(hash, |hash, byte| mix(hash, u64::from(*byte)));
    (hash ^ (hash >> 32)) as u32
}
