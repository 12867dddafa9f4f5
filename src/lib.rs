//! Countersign.

pub mod policy;
pub mod verdict;
