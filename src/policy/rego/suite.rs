//! Runs the tests of modules: every rule `test_…` must be true.

use super::rules::{Failure, Rules};
use super::webhook::described;
use crate::error::PolicyError;
use crate::limits::PolicyLimits;
use regorus::Value;

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
pub fn run_tests(
    modules: &[(String, String)],
    now: i64,
    limits: &PolicyLimits,
) -> Result<Vec<TestResult>, PolicyError> {
    let mut rules = Rules::load(modules, limits)?;
    rules.set_data(Value::new_object(), now)?;
    let names = rules.tests.clone();
    Ok(names.into_iter().map(|name| run(&mut rules, name, limits)).collect())
}

fn run(rules: &mut Rules, name: String, limits: &PolicyLimits) -> TestResult {
    let outcome = match rules.evaluate(&name, limits.policy_steps).0 {
        Ok(Value::Bool(true)) => TestOutcome::Pass,
        Ok(_) => TestOutcome::Fail,
        Err(failure) => TestOutcome::Error(reason(&name, failure)),
    };
    TestResult { name, outcome }
}

fn reason(name: &str, failure: Failure) -> String {
    described(name, failure).1
}
