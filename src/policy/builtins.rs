//! The functions that policies may call: those of the machine, and those that need other parts of this crate.

use std::sync::OnceLock;

use countersign_rego::builtins::{self, Registry};

/// All of them.
pub(super) fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(builtins::standard)
}
