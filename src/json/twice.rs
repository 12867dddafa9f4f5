//! Names that an object has twice.

use std::collections::BTreeSet;

use super::tape::{Json, Node};

/// Up to here every name is compared with every other.
const FEW: usize = 8;

/// The nodes of the names that are there already, in the order of the text.
pub(super) fn names(text: &str, nodes: &[Node], object: usize) -> Vec<usize> {
    let object = Json::new(text, nodes).at_index(object);
    if object.len() <= FEW { among_few(object) } else { among_many(object) }
}

fn among_few(object: Json<'_>) -> Vec<usize> {
    let mut twice = Vec::new();
    for (count, (name, _)) in object.members().enumerate() {
        if object.members().take(count).any(|(earlier, _)| same(earlier, name)) {
            twice.push(name.index());
        }
    }
    twice
}

fn same(a: Json<'_>, b: Json<'_>) -> bool {
    if a.is_escaped() || b.is_escaped() { a.as_str() == b.as_str() } else { a.written() == b.written() }
}

/// Sorted by a hash: only equal hashes are compared.
fn among_many(object: Json<'_>) -> Vec<usize> {
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
fn hash(name: Json<'_>) -> u32 {
    let text = name.as_str().unwrap_or_default();
    let (chunks, rest) = text.as_bytes().as_chunks::<8>();
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29);
    let hash = chunks.iter().fold(0xcbf2_9ce4_8422_2325, |hash, chunk| mix(hash, u64::from_le_bytes(*chunk)));
    let hash = rest.iter().fold(hash, |hash, byte| mix(hash, u64::from(*byte)));
    (hash ^ (hash >> 32)) as u32
}
