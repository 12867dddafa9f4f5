//! Countersign.

pub mod verdict;
