//! Stage 8, and the deployment packs: Rego policies over a payload or over a set of documents. The only
//! room that names `regorus`.
//!
//! What the evaluator would hang or panic on is kept from it: `guard` judges a module's text before it is
//! parsed, `builtins` puts safe functions in place of some of its own, and `budget` stops an evaluation
//! after so many steps. A rule that fails to evaluate is an error in the report, never a pass.

use serde::Deserialize;

mod annotations;
mod budget;
mod builtins;
mod checks;
mod documents;
mod findings;
mod guard;
mod heads;
mod pack;
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
pub(crate) use webhook::{Permitted, judge};

/// What policies may cost. Each is a named limit; reaching one is an error, never a pass.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PolicyLimits {
    /// Bytes that one call of a builtin function may produce.
    pub builtin_bytes: usize,
    /// Items that one call of a builtin function may produce.
    pub builtin_items: usize,
    /// Steps that all evaluations of one check may take together.
    pub check_steps: u64,
    /// How deep a document may be nested.
    pub document_depth: usize,
    /// Documents of one check, with those in lists.
    pub documents: usize,
    /// Findings that are reported of one check.
    pub findings: usize,
    /// Bytes of one module.
    pub policy_bytes: usize,
    /// Characters of one line of a module.
    pub policy_columns: u32,
    /// How deep a literal may be nested in a module.
    pub policy_depth: u32,
    /// Lines of one module.
    pub policy_lines: usize,
    /// Steps that one rule may take on one document.
    pub policy_steps: u64,
}

impl Default for PolicyLimits {
    fn default() -> Self {
        PolicyLimits {
            builtin_bytes: 1 << 20,
            builtin_items: 100_000,
            check_steps: 50_000_000,
            document_depth: 96,
            documents: 20_000,
            findings: 10_000,
            policy_bytes: 1 << 20,
            policy_columns: 4096,
            policy_depth: 8,
            policy_lines: 20_000,
            policy_steps: 2_000_000,
        }
    }
}

/// A policy that does not load: its author's mistake.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PolicyError {
    /// As given with the text; empty when it is about no file.
    pub file: String,
    /// Counted from 1.
    pub line: Option<u32>,
    /// Counted from 1.
    pub column: Option<u32>,
    /// What is wrong, without the source.
    pub message: String,
}

impl PolicyError {
    fn new(file: &str, message: impl Into<String>) -> Self {
        PolicyError { file: file.to_owned(), line: None, column: None, message: message.into() }
    }

    fn at(file: &str, line: u32, column: u32, message: impl Into<String>) -> Self {
        PolicyError { line: Some(line), column: Some(column), ..PolicyError::new(file, message) }
    }

    /// Translates the evaluator's error: its first place, and its last sentence without the values in it.
    fn engine(file: &str, problem: &anyhow::Error) -> Self {
        let text = problem.to_string();
        let message = text.rsplit("error: ").next().unwrap_or(&text).trim();
        let message = without_values(message);
        let mut chars: Vec<char> = message.chars().take(200).collect();
        if let [first, second, ..] = chars.as_mut_slice()
            && second.is_lowercase()
        {
            first.make_ascii_lowercase();
        }
        let mut error = PolicyError::new(file, chars.into_iter().collect::<String>());
        let place = text.split_once("--> ").and_then(|(_, after)| after.lines().next());
        if let Some((path_and_line, column)) = place.and_then(|place| place.rsplit_once(':'))
            && let Some((path, line)) = path_and_line.rsplit_once(':')
        {
            error.file = path.to_owned();
            error.line = line.parse().ok();
            error.column = column.parse().ok();
        }
        error
    }

    fn place(&self) -> Option<String> {
        let line = self.line?;
        Some(format!("{}:{line}", self.file))
    }
}

/// The evaluator names what it got, which may be a payload's value, after what it wanted.
fn without_values(message: &str) -> &str {
    let ends = [" Got ", ". Got", " got ", ", got", "\n"];
    let end = ends.into_iter().filter_map(|end| message.find(end)).min();
    end.and_then(|end| message.get(..end)).unwrap_or(message).trim_end_matches(['.', ' '])
}

impl std::fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.file.is_empty() {
            write!(formatter, "{}:", self.file)?;
            for number in [self.line, self.column].into_iter().flatten() {
                write!(formatter, "{number}:")?;
            }
            formatter.write_str(" ")?;
        }
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for PolicyError {}
