//! Compiled modules and the rules in them that judge. Each rule is evaluated on its own: one that fails is reported,
//! and the others still count.

use std::sync::Arc;

use countersign_rego::ast::{Scope, Version};
use countersign_rego::budget::Limits;
use countersign_rego::machine::{Failure as Fault, FailureCode, Machine, Settings};
use countersign_rego::plan::{DocumentId, Program};
use countersign_rego::resolved::{Resolved, RuleKind};
use countersign_rego::source::{Sources, Span};
use countersign_rego::value::Value;
use countersign_rego::{check, parse};

use super::annotations::Annotation;
use super::report::ModuleFacts;
use super::why::At;
use crate::error::PolicyError;
use crate::finding::Severity;
use crate::limits::PolicyLimits;

/// One rule that judges: `deny`, `warn` or `violation` of one package, however many bodies it has.
#[derive(Debug)]
pub(super) struct Rule {
    /// Its path below `data`, such as `kubernetes.pod_security.deny`.
    pub path: String,
    /// The severity of a finding that names none.
    pub severity: Severity,
    /// The METADATA above its bodies, in the order of the text.
    pub annotations: Vec<Annotation>,
    /// Where its first body begins.
    pub span: Span,
    /// What the program calls it.
    pub document: DocumentId,
    /// The `exception` of its package, if there is one, and where it stands.
    pub exception: Option<(DocumentId, Span)>,
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

impl Failure {
    /// A rule whose value nobody can read.
    pub fn unreadable(message: impl Into<String>) -> Failure {
        Failure::Rule { place: None, message: message.into() }
    }
}

/// What a rule gave.
pub(super) struct Evaluated {
    pub value: Option<Value>,
    /// What ended it before it gave a value.
    pub ended: Option<Failure>,
    /// The first error of a function, which made its call undefined. That may not pass: the value is not all that the
    /// rule would give.
    pub error: Option<Failure>,
    /// How many steps it took.
    pub steps: u64,
}

/// Modules, compiled once.
pub(super) struct Rules {
    /// What machines run.
    pub program: Arc<Program>,
    /// The texts.
    pub sources: Sources,
    /// Every rule that judges, by path.
    pub judging: Vec<Rule>,
    /// The modules, resolved.
    pub resolved: Resolved,
}

/// What modules are read as, and which of their rules judge.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    /// The Rego that every module is in; if it is not said, each module shows it.
    pub version: Option<Version>,
    /// The packages whose rules judge; if none are said, those of all.
    pub namespaces: Vec<String>,
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Rules").finish_non_exhaustive()
    }
}

impl Rules {
    /// Compiles modules, given as pairs of file name and text.
    pub fn load(modules: &[(String, String)], reading: &Reading, limits: &PolicyLimits) -> Result<Rules, PolicyError> {
        let mut sources = Sources::default();
        let (mut parsed, mut problems) = (Vec::new(), Vec::new());
        for (name, text) in modules {
            let file = sources.add(name.clone(), text.clone());
            match parse::module(&sources, file, reading.version, &parse_limits(limits)) {
                Ok(module) => parsed.push(module),
                Err(found) => problems.extend(found),
            }
        }
        if !problems.is_empty() {
            return Err(PolicyError::problems(&sources, &problems));
        }
        let registry = super::builtins::registry();
        let resolved = check::modules(parsed, registry).map_err(|found| PolicyError::problems(&sources, &found))?;
        let program = Arc::new(Program::new(&resolved, registry));
        let rules = Rules { judging: judging(&resolved, &sources, &program, reading), program, sources, resolved };
        rules.keep_clear()?;
        Ok(rules)
    }

    /// No package stands where the check puts what it has.
    fn keep_clear(&self) -> Result<(), PolicyError> {
        for module in &self.resolved.modules {
            let root = module.package.first().map_or("", |name| name);
            if matches!(root, "documents" | "now" | "params") {
                let file = self.sources.file(module.file).map_or("", |source| &source.name);
                let package = module.package.join(".");
                let message =
                    format!("the package `{package}` stands where the check's own `data.{root}` does: rename it");
                return Err(PolicyError::new(file, message));
            }
        }
        Ok(())
    }

    /// The modules that are in Rego v0.
    pub fn in_v0(&self) -> Vec<ModuleFacts> {
        let modules = self.resolved.modules.iter().filter(|module| module.version == Version::V0);
        let files = modules.filter_map(|module| self.sources.file(module.file));
        files.map(|source| ModuleFacts { file: source.name.clone(), version: "v0" }).collect()
    }

    /// A machine for the program, at a time in Unix seconds.
    pub fn machine(&self, limits: &PolicyLimits, now: i64) -> Machine {
        self.machine_of(Arc::clone(&self.program), limits, now)
    }

    /// A machine for the program with queries added to it.
    pub fn machine_of(&self, program: Arc<Program>, limits: &PolicyLimits, now: i64) -> Machine {
        let settings = Settings {
            limits: evaluation_limits(limits),
            now: i128::from(now) * 1_000_000_000,
            print: true,
            ..Settings::default()
        };
        Machine::new(program, settings)
    }

    /// Evaluates a rule within this many steps.
    pub fn evaluate(&self, machine: &mut Machine, document: DocumentId, steps: u64) -> Evaluated {
        machine.allow_steps(steps);
        let (value, failure) = match machine.document(document) {
            Ok(value) => (value, None),
            Err(fault) => (None, Some(self.failure(&fault))),
        };
        let errors = machine.take_errors();
        Evaluated {
            value,
            ended: failure,
            error: errors.first().map(|fault| self.failure(fault)),
            steps: machine.steps(),
        }
    }

    /// What a machine's failure says to a reader.
    pub fn failure(&self, fault: &Fault) -> Failure {
        match fault.code {
            FailureCode::Limit(name) => Failure::Limit(name),
            _ => Failure::Rule { place: self.place(fault.span), message: fault.message.clone() },
        }
    }

    /// The file and line of a span.
    pub fn place(&self, span: Span) -> Option<String> {
        let file = self.sources.file(span.file)?;
        Some(format!("{}:{}", file.name, self.sources.place(span).line))
    }
}

fn parse_limits(limits: &PolicyLimits) -> parse::Limits {
    parse::Limits { bytes: limits.policy_bytes, depth: limits.policy_depth }
}

fn evaluation_limits(limits: &PolicyLimits) -> Limits {
    Limits {
        steps: limits.policy_steps,
        bytes: limits.policy_memory,
        builtin_bytes: limits.builtin_bytes,
        builtin_items: limits.builtin_items,
        ..Limits::default()
    }
}

/// The rules that judge, by path.
#[inline(never)]
fn judging(resolved: &Resolved, sources: &Sources, program: &Program, reading: &Reading) -> Vec<Rule> {
    let mut found: Vec<Rule> = Vec::new();
    for rule in &resolved.rules {
        let Some((severity, file)) = judges(rule, sources) else { continue };
        let path = rule.path.join(".");
        let package = path.rsplit_once('.').map_or("", |(package, _)| package);
        if file.ends_with("_test.rego")
            || (!reading.namespaces.is_empty() && !reading.namespaces.iter().any(|name| name == package))
            || found.iter().any(|rule| rule.path == path)
        {
            continue;
        }
        let Some(document) = program.document(&rule.path) else { continue };
        let exception = exception(resolved, &rule.path).and_then(|(path, span)| Some((program.document(&path)?, span)));
        found.push(Rule { path, severity, annotations: Vec::new(), span: rule.span, document, exception });
    }
    for module in &resolved.modules {
        for metadata in &module.metadata {
            let (Scope::Rule(number) | Scope::Document(number)) = metadata.scope else { continue };
            let Some(about) = resolved.rules.get(number) else { continue };
            let path = about.path.join(".");
            if let Some(rule) = found.iter_mut().find(|rule| rule.path == path) {
                rule.annotations.push(Annotation::of(&metadata.value, At::of(sources, about.head)));
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

/// The path of `exception` beside a rule.
fn exception(resolved: &Resolved, path: &[Arc<str>]) -> Option<(Vec<Arc<str>>, Span)> {
    let (_, package) = path.split_last()?;
    let path: Vec<Arc<str>> = package.iter().cloned().chain([Arc::from("exception")]).collect();
    let node = path.iter().try_fold(&resolved.root, |node, name| node.below.get(name))?;
    let is_function =
        |number: &usize| matches!(resolved.rules.get(*number).map(|rule| &rule.kind), Some(RuleKind::Function(_)));
    let first = resolved.rules.get(*node.rules.first()?)?;
    (!node.rules.iter().any(is_function)).then_some((path, first.span))
}

/// Whether a rule judges, as in conftest: `deny`, `violation`, `warn`, also with a suffix (`deny_root`).
fn judges<'a>(rule: &countersign_rego::resolved::Rule, sources: &'a Sources) -> Option<(Severity, &'a str)> {
    if matches!(rule.kind, RuleKind::Function(_)) {
        return None;
    }
    let severity = match rule.path.last()?.split('_').next() {
        Some("deny" | "violation") => Severity::Error,
        Some("warn") => Severity::Warning,
        _ => return None,
    };
    Some((severity, &sources.file(rule.span.file)?.name))
}
