//! The evaluator, and what stands around it. The only room that names `regorus`.
//!
//! What the evaluator would hang or panic on is kept from it: `guard` judges a module's text before it is
//! parsed, `builtins` puts safe functions in place of some of its own, and `budget` stops an evaluation
//! after so many steps. A rule that fails to evaluate is an error in the report, never a pass.

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
