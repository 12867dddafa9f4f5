//! Runs the tests of modules: every rule `test_…` must be true.

use countersign_rego::resolved::RuleKind;
use countersign_rego::value::Value;

use super::check::described;
use super::rules::{Reading, Rules};
use crate::error::PolicyError;
use crate::limits::PolicyLimits;

/// The result of one test.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TestOutcome {
    /// It is true.
    Pass,
    /// It is false or undefined.
    Fail,
    /// It could not be evaluated.
    Error(String),
}

/// One test.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TestResult {
    /// Package and rule: `kubernetes.pod_security_test.test_baseline`.
    pub name: String,
    /// Its result.
    pub outcome: TestOutcome,
}

/// Runs every `test_…` rule of the modules, in the order of their paths, at the time `now` in Unix seconds.
///
/// # Errors
///
/// Fails on modules that do not load.
pub fn run_tests(
    modules: &[(String, String)],
    now: i64,
    limits: &PolicyLimits,
) -> Result<Vec<TestResult>, PolicyError> {
    let rules = Rules::load(modules, &Reading::default(), limits)?;
    let mut names: Vec<Vec<_>> =
        rules.resolved.rules.iter().filter(|rule| is_test(rule)).map(|rule| rule.path.clone()).collect();
    names.sort();
    names.dedup();
    let mut machine = rules.machine(limits, now);
    let _ = machine.set_data(Value::object(Vec::new()));
    let run = |path: Vec<std::sync::Arc<str>>| {
        let name = path.join(".");
        let document = rules.program.document(&path);
        let result = document.map(|document| rules.evaluate(&mut machine, document, limits.policy_steps).0);
        let outcome = match result {
            Some(Ok(Some(Value::Boolean(true)))) => TestOutcome::Pass,
            Some(Err(failure)) => TestOutcome::Error(described(&name, failure).1),
            _ => TestOutcome::Fail,
        };
        TestResult { name, outcome }
    };
    Ok(names.into_iter().map(run).collect())
}

fn is_test(rule: &countersign_rego::resolved::Rule) -> bool {
    rule.path.last().is_some_and(|name| name.starts_with("test_")) && !matches!(rule.kind, RuleKind::Function(_))
}
