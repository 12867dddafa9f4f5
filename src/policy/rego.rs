//! The evaluator and its surroundings. Only this module uses `regorus`.
//!
//! What the evaluator would hang or panic on never reaches it: `guard` checks a module's text before it is parsed,
//! `builtins` replaces some of its functions with safe ones, and `budget` stops an evaluation after a number of steps.
//! A rule that fails to evaluate is an error in the report, never a pass.

mod annotations;
mod arguments;
mod budget;
mod builtins;
mod checks;
mod documents;
mod findings;
mod guard;
mod heads;
mod pack;
mod problem;
mod report;
mod rules;
mod scan;
mod sprintf;
mod suite;
mod webhook;

pub use pack::Pack;
pub use report::{Counts, PackFinding, PackVerdict, Report, Resource};
pub use suite::{TestOutcome, TestResult, run_tests};
pub use webhook::Policy;
