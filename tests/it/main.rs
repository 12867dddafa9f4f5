//! The integration tests of the crate, as one binary.

mod policy;
mod policy_hostile;
