//! The integration tests: one binary, one module a suite.
#![cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "that target has no files to read"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

/// A value with these fields set: types that may grow are made by their constructors alone.
macro_rules! with {
    ($base:expr; $($field:ident: $value:expr),+ $(,)?) => {{
        let mut made = $base;
        $(made.$field = $value;)+
        made
    }};
}

#[cfg(not(target_arch = "wasm32"))]
mod cases;
#[cfg(not(target_arch = "wasm32"))]
mod contract_schema;
#[cfg(not(target_arch = "wasm32"))]
mod decide;
#[cfg(not(target_arch = "wasm32"))]
mod doctor;
#[cfg(not(target_arch = "wasm32"))]
mod dpop;
#[cfg(not(target_arch = "wasm32"))]
mod floors;
#[cfg(not(target_arch = "wasm32"))]
mod fuzz_corpus;
#[cfg(not(target_arch = "wasm32"))]
mod generated;
mod grammar;
#[cfg(not(target_arch = "wasm32"))]
mod hostile;
#[cfg(not(target_arch = "wasm32"))]
mod httpsig;
#[cfg(not(target_arch = "wasm32"))]
mod httpsig_components;
#[cfg(not(target_arch = "wasm32"))]
mod json_suite;
#[cfg(not(target_arch = "wasm32"))]
mod lint;
#[cfg(not(target_arch = "wasm32"))]
mod mutants;
#[cfg(not(target_arch = "wasm32"))]
mod policy;
#[cfg(not(target_arch = "wasm32"))]
mod policy_heads;
#[cfg(not(target_arch = "wasm32"))]
mod policy_hostile;
mod policy_lints;
#[cfg(not(target_arch = "wasm32"))]
mod policy_places;
#[cfg(not(target_arch = "wasm32"))]
mod policy_second_opinion;
mod registry;
#[cfg(not(target_arch = "wasm32"))]
#[path = "../../crates/rego/tests/support/regopy.rs"]
mod regopy;
#[cfg(not(target_arch = "wasm32"))]
mod retry;
#[cfg(not(target_arch = "wasm32"))]
mod schema_depth;
mod schema_formats;
mod schema_patterns;
mod schema_references;
mod schema_suite;
#[cfg(not(target_arch = "wasm32"))]
mod second_opinion;
#[cfg(not(target_arch = "wasm32"))]
mod sign;
#[cfg(not(target_arch = "wasm32"))]
mod signable;
#[cfg(not(target_arch = "wasm32"))]
mod signed_bytes;
#[cfg(not(target_arch = "wasm32"))]
mod tidy;
#[cfg(not(target_arch = "wasm32"))]
mod vectors;
#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(not(target_arch = "wasm32"))]
mod wycheproof;

use std::io::Write;
use std::path::{Path, PathBuf};

/// The project's root.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Numbers below a bound, the same in every run (xorshift64).
fn random() -> impl FnMut(usize) -> usize {
    random_from(0)
}

/// Others, the same in every run with this seed.
fn random_from(seed: usize) -> impl FnMut(usize) -> usize {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ (seed as u64).wrapping_mul(0xd134_2543_de82_ef95);
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    }
}

/// One to three bytes replaced, lost or added, those that are added from an alphabet.
fn disturb(bytes: &mut Vec<u8>, alphabet: &[u8], next: &mut impl FnMut(usize) -> usize) {
    for _ in 0..=next(3) {
        let at = next(bytes.len());
        match next(3) {
            0 => bytes[at] = u8::try_from(next(128)).unwrap(),
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, alphabet[next(alphabet.len())]),
        }
    }
}

/// What others wrote: `COUNTERSIGN_DATA`, or `../shared/data` beside the project. `None`, said loudly,
/// where it is not there.
fn data(folder: &str) -> Option<PathBuf> {
    let base = std::env::var_os("COUNTERSIGN_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let path = base.join(folder);
    if !path.is_dir() {
        // Not `eprintln!`, which the test runner swallows where the test passes.
        let notice =
            format!("\n*** skipped: no data ({folder}); set COUNTERSIGN_DATA to the folder that holds it ***\n");
        std::io::stderr().write_all(notice.as_bytes()).unwrap();
        return None;
    }
    Some(path)
}

/// Every file below a folder, in the order of names.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { found.extend(files_below(&entry)) } else { found.push(entry) }
    }
    found
}

/// A JSON file of the project.
fn json_file(path: &str) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(root().join(path)).unwrap()).unwrap()
}
