//! Policies on the machine of `countersign_rego`: packs, the policies of a contract, and templates of Gatekeeper.

mod annotations;
mod builtins;
mod check;
mod coverage;
mod documents;
mod exceptions;
mod findings;
mod gatekeeper;
mod lints;
mod negation;
mod pack;
mod places;
mod problems;
mod report;
mod rules;
mod selector;
mod suite;
mod templates;
mod values;
mod webhook;
mod why;

pub use annotations::Annotation;
pub use coverage::*;
pub use pack::{Pack, RuleFacts};
pub use report::{Counts, ModuleFacts, PackFinding, PackVerdict, Read, Report, Resource};
pub use suite::{TestCase, TestCounts, TestOptions, TestOutcome, TestReport, TestResult, run_tests};
pub use webhook::Policy;
pub use why::{At, NamedValue, Step, Stop, Trace, Why};
