//! The invariants of the house that a test can see.
