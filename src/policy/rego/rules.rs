//! Compiled modules and the rules in them that judge. Each rule is evaluated on its own: one that fails is reported,
//! and the others still count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use regorus::{Engine, PolicyLengthConfig, Value};
use std::num::{NonZeroU32, NonZeroUsize};

use super::annotations::{Annotation, annotations};
use super::budget::{Stop, TIMER, metered};
use super::builtins::{self, Now};
use super::guard::guard;
use super::heads;
use super::scan::scan;
use crate::error::PolicyError;
use crate::finding::Severity;
use crate::limits::PolicyLimits;

/// One rule that judges: `deny`, `warn` or `violation` of one package, however many bodies it has.
pub(super) struct Rule {
    /// Its path, such as `kubernetes.pod_security.deny`.
    pub path: String,
    /// The severity of a finding that names none.
    pub severity: Severity,
    /// The METADATA above its bodies, in the order of the text.
    pub annotations: Vec<Annotation>,
}

impl Rule {
    /// The last part of the package name: the id of a finding that names none.
    pub fn package_tail(&self) -> &str {
        self.path.rsplit('.').nth(1).unwrap_or(&self.path)
    }

    /// The METADATA for the finding with this id. For a finding without one, the only block, if there is only one.
    pub fn annotation(&self, id: Option<&str>) -> Option<&Annotation> {
        match id {
            Some(id) => self.annotations.iter().find(|annotation| annotation.id.as_deref() == Some(id)),
            None => self.annotations.first().filter(|_| self.annotations.len() == 1),
        }
    }

    /// Whether it judges the set of documents as a whole, once.
    pub fn judges_set(&self) -> bool {
        self.annotations.iter().any(|annotation| annotation.subject.as_deref() == Some("set"))
    }
}

/// Why a rule gave no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// A named limit was reached.
    Limit(&'static str),
    /// It failed to evaluate: where and why, without any value.
    Rule { place: Option<String>, message: String },
}

/// Modules, compiled once.
pub(super) struct Rules {
    /// As loaded. It replaces an engine after a failure, which may leave the engine half changed.
    pristine: Engine,
    engine: Engine,
    data: Value,
    input: Value,
    now: Now,
    /// Every rule that judges, by path.
    pub judging: Vec<Rule>,
    /// Every rule of a test, by path.
    pub tests: Vec<String>,
    /// The first part of every package.
    pub roots: BTreeSet<String>,
    /// Whether a module names `data.now`, which changes with every check and is expensive to set.
    pub reads_now: bool,
}

impl Rules {
    /// Compiles modules, given as pairs of file name and text.
    pub fn load(modules: &[(String, String)], limits: &PolicyLimits) -> Result<Rules, PolicyError> {
        let now = Now::default();
        let mut engine = Engine::new();
        engine.set_strict_builtin_errors(true);
        engine.set_gather_prints(false);
        engine.set_execution_timer_config(TIMER);
        engine.set_policy_length_config(length_config(limits));
        builtins::install(&mut engine, limits, &now).map_err(|problem| PolicyError::engine("", &problem))?;
        let mut found = Found::default();
        for (file, text) in modules {
            guard(file, text, limits)?;
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            let package = engine
                .add_policy(file.clone(), heads::bind(file, text)?)
                .map_err(|problem| PolicyError::engine(file, &problem))?;
            found.module(file, text, package.strip_prefix("data.").unwrap_or(&package))?;
        }
        let mut rules = Rules {
            pristine: engine.clone(),
            engine,
            data: Value::new_object(),
            input: Value::Undefined,
            now,
            judging: Vec::new(),
            tests: Vec::new(),
            roots: found.roots,
            reads_now: found.reads_now,
        };
        rules.prepare(modules.first().map_or("", |(file, _)| file))?;
        rules.pristine = rules.engine.clone();
        rules.judging = found.judging.into_iter().filter(|(path, _)| rules.is_rule(path)).map(judging).collect();
        rules.tests = found.tests.into_iter().filter(|path| rules.is_rule(path)).collect();
        Ok(rules)
    }

    /// Sets `data` and the time for the following evaluations.
    pub fn set_data(&mut self, data: Value, now: i64) -> Result<(), PolicyError> {
        self.now.store(now, Ordering::Relaxed);
        if data != self.data {
            self.data = data;
            self.engine.clear_data();
            self.engine.add_data(self.data.clone()).map_err(|problem| PolicyError::engine("", &problem))?;
            self.prepare("")?;
            self.pristine = self.engine.clone();
        }
        Ok(())
    }

    /// Sets `input`.
    pub fn set_input(&mut self, input: Value) {
        self.input = input.clone();
        self.engine.set_input(input);
    }

    /// Evaluates one rule within this many steps. Also returns how many it took.
    pub fn evaluate(&mut self, path: &str, steps: u64) -> (Result<Value, Failure>, u64) {
        let engine = &mut self.engine;
        let (result, used, stop) = metered(steps, || engine.eval_rule(format!("data.{path}")));
        let failure = match (stop, result) {
            (Some(Stop::Stack), _) => Failure::Limit("policy-stack"),
            (Some(Stop::Steps), _) => Failure::Limit("policy-steps"),
            (None, Ok(value)) => return (Ok(value), used),
            (None, Err(problem)) => {
                let error = PolicyError::engine("", &problem);
                Failure::Rule { place: error.place(), message: error.message }
            }
        };
        self.renew();
        (Err(failure), used)
    }

    fn renew(&mut self) {
        self.engine = self.pristine.clone();
        self.engine.set_input(self.input.clone());
    }

    /// Analysis happens at the first evaluation; a module that fails it must fail here.
    fn prepare(&mut self, file: &str) -> Result<(), PolicyError> {
        let engine = &mut self.engine;
        let (result, _, stop) = metered(1_000_000, || engine.eval_rule("data.\u{0}".to_owned()));
        match result {
            Err(problem) if stop.is_none() && !is_no_rule(&problem) => Err(PolicyError::engine(file, &problem)),
            _ => Ok(()),
        }
    }

    /// Whether a path belongs to a rule is known after the first few steps; then the budget stops it.
    fn is_rule(&mut self, path: &str) -> bool {
        let engine = &mut self.engine;
        let (result, _, _) = metered(8, || engine.eval_rule(format!("data.{path}")));
        !matches!(result, Err(problem) if is_no_rule(&problem))
    }
}

fn is_no_rule(problem: &anyhow::Error) -> bool {
    problem.to_string().contains("not a valid rule path")
}

fn judging((path, (severity, annotations)): (String, (Severity, Vec<Annotation>))) -> Rule {
    Rule { path, severity, annotations }
}

fn length_config(limits: &PolicyLimits) -> PolicyLengthConfig {
    PolicyLengthConfig {
        max_col: NonZeroU32::new(limits.policy_columns).unwrap_or(NonZeroU32::MIN),
        max_file_bytes: NonZeroUsize::new(limits.policy_bytes).unwrap_or(NonZeroUsize::MIN),
        max_lines: NonZeroUsize::new(limits.policy_lines).unwrap_or(NonZeroUsize::MIN),
    }
}

/// What the texts of the modules name.
#[derive(Default)]
struct Found {
    judging: BTreeMap<String, (Severity, Vec<Annotation>)>,
    tests: BTreeSet<String>,
    roots: BTreeSet<String>,
    reads_now: bool,
}

impl Found {
    fn module(&mut self, file: &str, text: &str, package: &str) -> Result<(), PolicyError> {
        let root = package.split('.').next().unwrap_or(package);
        if matches!(root, "documents" | "now" | "params") {
            let message = format!("the package `{package}` stands where the check's own `data.{root}` does: rename it");
            return Err(PolicyError::new(file, message));
        }
        self.roots.insert(root.to_owned());
        let is_test = file.ends_with("_test.rego");
        let mut annotations = annotations(text);
        let mut depth = 0_usize;
        let mut words = ("", "", "");
        for token in scan(text) {
            words = (words.1, words.2, token.text);
            self.reads_now |= matches!(words, ("data", ".", "now") | ("data", "[", _));
            match token.text {
                "[" | "{" | "(" => depth += 1,
                "]" | "}" | ")" => depth = depth.saturating_sub(1),
                name if depth == 0 && !token.quoted && words.1 != "." => {
                    if name.starts_with("test_") {
                        self.tests.insert(format!("{package}.{name}"));
                    } else if let Some(severity) = severity(name).filter(|_| !is_test) {
                        let rule = self.judging.entry(format!("{package}.{name}")).or_insert((severity, Vec::new()));
                        let above = annotations.iter().position(|annotation| annotation.next_line == token.line);
                        rule.1.extend(above.map(|index| annotations.swap_remove(index)));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// As in conftest: `deny`, `violation`, `warn`, also with a suffix (`deny_root`).
fn severity(name: &str) -> Option<Severity> {
    match name.split('_').next() {
        Some("deny" | "violation") => Some(Severity::Error),
        Some("warn") => Some(Severity::Warning),
        _ => None,
    }
}
