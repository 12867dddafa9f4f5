//! Runs the tests of modules: every rule `test_…` must be true.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign_rego::machine::Machine;
use countersign_rego::resolved::{ExprKind, Rule as ResolvedRule, RuleKind};
use countersign_rego::value::Value;
use serde::Serialize;

use super::builtins::registry;
use super::check::described;
use super::coverage::{Coverage, coverage};
use super::rules::{Reading, Rules};
use super::why::{At, NamedValue, Shown, Stop};
use crate::error::PolicyError;
use crate::limits::PolicyLimits;

/// The result of one test, or of one case of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TestOutcome {
    /// It is true.
    Pass,
    /// It is false or undefined.
    Fail,
    /// It could not be evaluated.
    Error,
    /// Its name begins with `todo_`.
    Skip,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TestResult {
    /// Package and rule: `kubernetes.pod_security_test.test_baseline`.
    pub name: String,
    /// Its result.
    pub outcome: TestOutcome,
    /// Where it stands.
    #[serde(flatten)]
    pub at: At,
    /// Why it could not be evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Of a test that fails: where it stopped, and with which values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stuck: Option<Stop>,
    /// The cases of a table test: of a rule such as `test_add[name]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<TestCase>,
    /// What it printed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub printed: Vec<String>,
}

/// One case of a table test.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TestCase {
    /// Its name: the key of the rule.
    pub name: String,
    /// Its result.
    pub outcome: TestOutcome,
}

/// What all tests of a pack gave.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TestReport {
    /// The version of this document's format: 1.
    pub schema_version: u32,
    /// How many there were, with what results.
    pub counts: TestCounts,
    /// In the order of their names.
    pub tests: Vec<TestResult>,
    /// What of the modules they reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
}

/// How many tests there were.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
#[non_exhaustive]
pub struct TestCounts {
    pub tests: usize,
    pub passed: usize,
    pub failed: usize,
    pub errors: usize,
    pub skipped: usize,
}

/// Which tests are run, and with what.
#[derive(Clone, Debug, Default)]
pub struct TestOptions {
    /// Only those whose names hold this text.
    pub filter: Option<String>,
    /// Whether to say what they reached.
    pub coverage: bool,
    /// What stands below `data` beside the modules: an object.
    pub data: serde_json::Value,
    /// What stands at `data.params`: an object.
    pub params: serde_json::Value,
    /// The time, in Unix seconds.
    pub now: i64,
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
    Ok(run(&rules, Value::object(Vec::new()), &TestOptions { now, ..TestOptions::default() }, limits).tests)
}

/// Runs the tests of compiled modules.
pub(super) fn run(rules: &Rules, data: Value, options: &TestOptions, limits: &PolicyLimits) -> TestReport {
    let mut machine = rules.machine(limits, options.now);
    // What `data` holds is no deeper than the machine takes: it was read within the same limit.
    let _ = machine.set_data(data);
    machine.watch(0);
    let mut names = BTreeSet::new();
    let mut tests = Vec::new();
    for rule in rules.resolved.rules.iter().filter(|rule| is_test(rule)) {
        let name = rule.path.join(".");
        let wanted = options.filter.as_ref().is_none_or(|text| name.contains(text.as_str()));
        if wanted && names.insert(name.clone()) {
            tests.push(test(rules, &mut machine, rule, name, limits));
        }
    }
    tests.sort_by(|one, two| one.name.cmp(&two.name));
    let coverage = options.coverage.then(|| coverage(&[(rules, machine)]));
    let count = |outcome: TestOutcome| tests.iter().filter(|test| test.outcome == outcome).count();
    let counts = TestCounts {
        tests: tests.len(),
        passed: count(TestOutcome::Pass),
        failed: count(TestOutcome::Fail),
        errors: count(TestOutcome::Error),
        skipped: count(TestOutcome::Skip),
    };
    TestReport { schema_version: 1, counts, tests, coverage }
}

fn is_test(rule: &ResolvedRule) -> bool {
    let named = |name: &Arc<str>| name.starts_with("test_") || name.starts_with("todo_test_");
    rule.path.last().is_some_and(named) && !matches!(rule.kind, RuleKind::Function(_))
}

fn test(rules: &Rules, machine: &mut Machine, rule: &ResolvedRule, name: String, limits: &PolicyLimits) -> TestResult {
    let mut result = TestResult {
        name,
        outcome: TestOutcome::Skip,
        at: At::of(&rules.sources, rule.head),
        message: None,
        stuck: None,
        cases: Vec::new(),
        printed: Vec::new(),
    };
    let last = rule.path.last().map_or("", |name| name);
    let Some(document) = rules.program.document(&rule.path).filter(|_| !last.starts_with("todo_")) else {
        return result;
    };
    let evaluated = rules.evaluate(machine, document, limits.policy_steps);
    result.printed = machine.take_printed();
    // As in OPA's tests, the error of a function makes its call undefined.
    if let Some(failure) = evaluated.ended {
        result.outcome = TestOutcome::Error;
        result.message = Some(described(&result.name, failure).1);
        return result;
    }
    result.cases = cases(rules, machine, rule, evaluated.value.as_ref(), limits);
    let passed = match &evaluated.value {
        Some(Value::Boolean(truth)) => *truth,
        Some(Value::Object(cases)) => !cases.members().is_empty(),
        _ => false,
    };
    let all = result.cases.iter().all(|case| case.outcome == TestOutcome::Pass);
    result.outcome = if passed && all { TestOutcome::Pass } else { TestOutcome::Fail };
    if result.outcome == TestOutcome::Fail {
        result.stuck = machine.stuck(document).into_iter().next().map(|stuck| Stop::of(rules, &stuck, Shown::Values));
        let values = machine.stuck(document).into_iter().flat_map(|stuck| stuck.values);
        let values = values.take(16).map(|(name, value)| NamedValue::of(&name, &value)).collect();
        result.stuck.iter_mut().for_each(|stop| stop.values.clone_from(&values));
    }
    result
}

/// The cases of a table test: every key that its body gives before anything is asked of it, and whether the rule is
/// true there.
fn cases(
    rules: &Rules,
    machine: &Machine,
    rule: &ResolvedRule,
    value: Option<&Value>,
    limits: &PolicyLimits,
) -> Vec<TestCase> {
    let (Some(branch), [key]) = (rule.branches.first(), rule.keys.as_slice()) else { return Vec::new() };
    let ExprKind::Local(local) = key.kind else { return Vec::new() };
    let held = |key: &Value| value.and_then(|value| value.get(key)) == Some(&Value::Boolean(true));
    let upto = branch.body.iter().position(|statement| super::why::binds(statement, local));
    let Some(upto) = upto else { return Vec::new() };
    let mut program = (*rules.program).clone();
    let body: Vec<_> = branch.body.iter().take(upto + 1).cloned().collect();
    let query = program.query(registry(), &body, &rule.locals);
    let name = rule.locals.get(usize::try_from(local).unwrap_or(usize::MAX)).cloned().unwrap_or_else(|| Arc::from(""));
    let Some(column) = query.names.iter().position(|other| *other == name) else { return Vec::new() };
    let mut asking = rules.machine_of(Arc::new(program), limits, 0);
    let _ = asking.set_data(machine.data().clone());
    let rows = asking.query(&query).unwrap_or_default();
    let names: BTreeSet<Value> = rows.into_iter().filter_map(|row| row.get(column).cloned()).collect();
    let case = |key: Value| TestCase {
        outcome: if held(&key) { TestOutcome::Pass } else { TestOutcome::Fail },
        name: key.as_str().map_or_else(|| countersign_rego::json::write(&key), str::to_owned),
    };
    names.into_iter().map(case).collect()
}
