//! The fuzz targets' bodies: each takes bytes and panics where an invariant does not hold. libFuzzer calls
//! them through `fuzz_targets/`, and `tests/it/fuzz_corpus.rs` includes this file and calls them over the corpus.

/// A value with these fields set: types that may grow are made by their constructors alone.
macro_rules! with {
    ($base:expr; $($field:ident: $value:expr),+ $(,)?) => {{
        let mut made = $base;
        $(made.$field = $value;)+
        made
    }};
}

pub mod decide;
pub mod dpop;
pub mod header_shapes;
mod input;
mod judge;
pub mod query_canonical;
mod rego;
pub mod rego_eval;
pub mod rego_text;
#[allow(dead_code, reason = "values only come back")]
#[path = "../../crates/rego/tests/support/regorus.rs"]
pub mod regorus_values;
pub mod rfc9421;
pub mod timestamps;

/// A target's name, which is its corpus's too, and its body.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: [Target; 8] = [
    ("decide", decide::run),
    ("dpop", dpop::run),
    ("header_shapes", header_shapes::run),
    ("query_canonical", query_canonical::run),
    ("rego_eval", rego_eval::run),
    ("rego_text", rego_text::run),
    ("rfc9421", rfc9421::run),
    ("timestamps", timestamps::run),
];
