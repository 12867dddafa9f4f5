//! What both targets of Rego need: a policy, loaded as the engine does it, and the values of its rules.

pub mod machine;
pub mod peer;
mod terms;
pub mod write;
