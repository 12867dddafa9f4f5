//! SHA-256 by the host, which has instructions for it that WebAssembly has not. Only the inner hash of an HMAC is lent
//! out; the outer one and the comparison stay here.

use std::cell::{Cell, RefCell};

/// Hashes pieces, one after the other. `None` if the host cannot.
pub(crate) type Hash = fn(&[&[u8]]) -> Option<[u8; 32]>;

/// From here on the way to the host is shorter than hashing here.
pub(crate) const WORTH: usize = 128;

/// Up to here one piece that is copied together is quicker than several.
const COPIED: usize = 16_384;

thread_local! {
    static HASH: Cell<Option<Hash>> = const { Cell::new(None) };
    static TOGETHER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Lets the host hash from now on.
#[cfg_attr(not(any(test, target_arch = "wasm32")), allow(dead_code, reason = "natively nobody offers"))]
pub(crate) fn lend(hash: Hash) {
    HASH.set(Some(hash));
}

/// The hash of the pad and the pieces, if the host is worth the way. The pad is wiped before this returns.
pub(super) fn sha256<'p>(pad: &[u8; 64], pieces: impl Iterator<Item = &'p [u8]> + Clone) -> Option<[u8; 32]> {
    let hash = HASH.get()?;
    let size: usize = pieces.clone().map(<[u8]>::len).sum();
    if size < WORTH {
        return None;
    }
    TOGETHER.with_borrow_mut(|together| {
        together.clear();
        together.extend_from_slice(pad);
        let found = match size <= COPIED {
            true => {
                pieces.for_each(|piece| together.extend_from_slice(piece));
                hash(&[together.as_slice()])
            }
            false => {
                let mut all: Vec<&[u8]> = vec![together.as_slice()];
                pieces.for_each(|piece| all.push(piece));
                hash(&all)
            }
        };
        together.iter_mut().take(pad.len()).for_each(|byte| *byte = 0);
        found
    })
}
