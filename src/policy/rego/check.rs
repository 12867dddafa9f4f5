//! One check of a set of documents: every rule on every document, then the rules about the set.

use countersign_rego::machine::{Failure as Fault, Machine};
use countersign_rego::value::Value;

use super::documents::{Documents, Entry};
use super::exceptions::{excepts, told};
use super::findings::{Raw, kebab, read, words};
use super::lints::{Lint, data_missing};
use super::negation::{always_holds, stopped_at_not};
use super::pack::Pack;
use super::places::{Asked, Place, set_places};
use super::report::{PackFinding, Report, Resource, fingerprint};
use super::rules::{Failure, Rule, Rules};
use super::templates::{self, Constraint, Review};
use crate::finding::{Code, Severity};

pub(super) struct Check<'a> {
    pack: &'a Pack,
    now: i64,
    /// The steps that are left for all evaluations together.
    left: u64,
    documents: Documents,
    found: Vec<PackFinding>,
}

impl<'a> Check<'a> {
    pub fn new(pack: &'a Pack, now: i64) -> Check<'a> {
        Check { pack, now, left: pack.limits.check_steps, documents: Documents::default(), found: Vec::new() }
    }

    /// `None` is a document that is nested too deep.
    pub fn gather(&mut self, documents: impl Iterator<Item = Option<Value>>) {
        let limits = &self.pack.limits;
        for (number, document) in documents.enumerate() {
            match document {
                Some(document) => self.documents.add(document, number, limits.documents),
                None => {
                    let message = format!("the document is nested deeper than {} levels", limits.document_depth);
                    self.limit("document-depth", message, Some(number));
                }
            }
        }
        if self.documents.too_many {
            self.limit("documents", format!("there are more than {} documents", limits.documents), None);
        }
    }

    /// The report. `data` is all that is below `data` but the documents and the time.
    pub fn run(mut self, data: Vec<(Value, Value)>) -> Report {
        let rules = &self.pack.rules;
        let (machine, fault) = self.machine(data);
        let mut machine = machine;
        match fault {
            Some(fault) => self.fail("data", rules.failure(&fault), None),
            None => self.judge(rules, &mut machine),
        }
        self.report()
    }

    /// The machine before any input, and the documents.
    pub fn ready(self, data: Vec<(Value, Value)>) -> (Machine, Vec<Entry>) {
        let (machine, _) = self.machine(data);
        (machine, self.documents.entries)
    }

    fn machine(&self, mut data: Vec<(Value, Value)>) -> (Machine, Option<Fault>) {
        data.push((Value::from("now"), Value::from(self.now)));
        data.push((Value::from("documents"), self.documents.all()));
        let mut machine = self.pack.rules.machine(&self.pack.limits, self.now);
        let fault = machine.set_data(Value::object(data)).err();
        (machine, fault)
    }

    fn judge(&mut self, rules: &Rules, machine: &mut Machine) {
        let entries = std::mem::take(&mut self.documents.entries);
        // A rule that reached a limit on one document would reach it on the next.
        let mut over = vec![false; rules.judging.len()];
        for entry in &entries {
            if machine.set_input(Some(entry.value.clone())).is_err() {
                continue;
            }
            for (rule, over) in rules.judging.iter().zip(&mut over).filter(|(rule, _)| !rule.judges_set()) {
                if !*over {
                    *over = self.rule(rules, machine, rule, Some(entry), &entries);
                }
            }
        }
        if machine.set_input(Some(Value::Null)).is_ok() {
            for rule in rules.judging.iter().filter(|rule| rule.judges_set()) {
                self.rule(rules, machine, rule, None, &entries);
            }
        }
        self.lint(rules, machine, &entries);
        self.gatekeeper(&entries);
        self.documents.entries = entries;
    }

    /// Evaluates a rule on one document, or on none. Returns whether it reached a limit.
    fn rule(
        &mut self,
        rules: &Rules,
        machine: &mut Machine,
        rule: &Rule,
        entry: Option<&Entry>,
        entries: &[Entry],
    ) -> bool {
        // A rule about the set has for each document what a rule about one has.
        let documents = if entry.is_some() { 1 } else { entries.len().max(1) as u64 };
        let steps = self.left.min(self.pack.limits.policy_steps.saturating_mul(documents));
        let evaluated = rules.evaluate(machine, rule.document, steps);
        self.left = self.left.saturating_sub(evaluated.steps);
        let mut failure = evaluated.ended.or(evaluated.error);
        match read(rule, evaluated.value) {
            Ok(found) if found.is_empty() => {}
            Ok(found) => {
                let excepted = self.is_excepted(rules, machine, rule, entry, steps);
                let (values, raws): (Vec<Value>, Vec<Raw>) = found.into_iter().unzip();
                let places = match entry {
                    Some(entry) => Asked { machine, document: rule.document, input: &entry.value }.places(&values),
                    None => set_places(machine, rule.document, &values),
                };
                for (mut raw, places) in raws.into_iter().zip(places) {
                    failure = failure.or_else(|| wrong(&mut raw, entries.len()).map(Failure::unreadable));
                    if let Some((_, span)) = rule.exception.filter(|_| excepted) {
                        raw.severity = Severity::Info;
                        raw.message.insert_str(0, "excepted: ");
                        raw.help = Some(told(&rule.path, &rules.place(span).unwrap_or_default()));
                    }
                    // What a rule about the set has read of one document, if it says which one it means.
                    let places = match entry {
                        Some(_) => places,
                        None => places
                            .into_iter()
                            .filter(|place| place.document.is_some() && place.document == raw.document)
                            .collect(),
                    };
                    self.push(raw, places, entry, entries);
                }
            }
            Err(unreadable) => failure = failure.or(Some(unreadable)),
        }
        let over = matches!(failure, Some(Failure::Limit(_)));
        if let Some(failure) = failure {
            self.fail(&rule.path, failure, entry);
        }
        over
    }

    /// Whether an `exception` of the rule's package holds for the document.
    fn is_excepted(
        &mut self,
        rules: &Rules,
        machine: &mut Machine,
        rule: &Rule,
        entry: Option<&Entry>,
        steps: u64,
    ) -> bool {
        let Some((exception, _)) = rule.exception else { return false };
        let evaluated = rules.evaluate(machine, exception, steps.min(self.left));
        self.left = self.left.saturating_sub(evaluated.steps);
        if let Some(failure) = evaluated.ended.or(evaluated.error) {
            let package = rule.path.rsplit_once('.').map_or("", |(package, _)| package);
            self.fail(&format!("{package}.exception"), failure, entry);
            return false;
        }
        evaluated.value.is_some_and(|value| excepts(&value, &rule.path))
    }

    /// Findings about rules that judged nothing.
    fn lint(&mut self, rules: &Rules, machine: &mut Machine, entries: &[Entry]) {
        let lints = &self.pack.lints;
        let mut found = lints.names.clone();
        found.extend(data_missing(rules, machine.data(), &self.pack.reading.namespaces));
        let most = self.pack.limits.policy_steps;
        found.extend(lints.unmet(rules, machine, entries, most, &mut self.left));
        found.extend(always_holds(&lints.negated, rules, entries));
        found.extend(stopped_at_not(&lints.negating, rules, machine, entries, most, &mut self.left));
        found.into_iter().for_each(|lint| self.warn(lint));
    }

    /// Every constraint on every object that it is about.
    fn gatekeeper(&mut self, entries: &[Entry]) {
        if self.pack.gatekeeper.is_empty() {
            return;
        }
        let inventory = templates::inventory(entries);
        let namespaces = templates::namespaces(entries);
        let reviews: Vec<_> = entries.iter().filter_map(|entry| Some((entry, Review::of(entry)?))).collect();
        for unit in &self.pack.gatekeeper.units {
            let Some(rule) = unit.rule() else { continue };
            let mut machine = match unit.machine(&inventory, &self.pack.limits, self.now) {
                Ok(machine) => machine,
                Err(failure) => {
                    self.fail(&unit.kind, failure, None);
                    continue;
                }
            };
            data_missing(&unit.rules, &inventory, &[]).into_iter().for_each(|lint| self.warn(lint));
            for constraint in &unit.constraints {
                let about = reviews.iter().filter(|(_, review)| constraint.is_about(review, &namespaces));
                for (entry, review) in about {
                    self.constraint(&unit.rules, rule, &mut machine, constraint, review, entry);
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what a constraint meets")]
    fn constraint(
        &mut self,
        rules: &Rules,
        rule: &Rule,
        machine: &mut Machine,
        constraint: &Constraint,
        review: &Review,
        entry: &Entry,
    ) {
        let input = constraint.input(review);
        let name = format!("{}/{}", constraint.kind, constraint.name);
        if let Err(fault) = machine.set_input(Some(input.clone())) {
            self.fail(&name, rules.failure(&fault), Some(entry));
            return;
        }
        // As in Gatekeeper, the error of a function makes its call undefined and is nothing else.
        let evaluated = rules.evaluate(machine, rule.document, self.left.min(self.pack.limits.policy_steps));
        self.left = self.left.saturating_sub(evaluated.steps);
        if let Some(failure) = evaluated.ended {
            return self.fail(&name, failure, Some(entry));
        }
        let found = match read(rule, evaluated.value) {
            Ok(found) => found,
            Err(failure) => return self.fail(&name, failure, Some(entry)),
        };
        if found.is_empty() {
            return;
        }
        let (values, raws): (Vec<Value>, Vec<Raw>) = found.into_iter().unzip();
        let places = Asked { machine, document: rule.document, input: &input }.places(&values);
        for (mut raw, places) in raws.into_iter().zip(places) {
            raw.code = Code::Policy(kebab(&words(&constraint.kind)));
            raw.rule.clone_from(&name);
            raw.severity = constraint.severity;
            // What the constraint itself says is no place of the object.
            let within = |place: Place| {
                let pointer = place.pointer.strip_prefix(review.object_at)?.to_owned();
                Some(Place { pointer: format!("{}{pointer}", review.document_at), ..place })
            };
            self.push(raw, places.into_iter().filter_map(within).collect(), Some(entry), &[]);
        }
    }

    fn push(&mut self, raw: Raw, reads: Vec<Place>, entry: Option<&Entry>, entries: &[Entry]) {
        if self.is_full() {
            return;
        }
        // If the rule names a document that does not exist, the finding is about the set.
        let entry = match raw.document {
            Some(index) => entries.get(index),
            None => entry,
        };
        let said = raw.at.filter(|at| at.is_empty() || at.starts_with('/'));
        let first = || Some(reads.first()?.there(&entry?.value));
        let pointer = said.or_else(first).unwrap_or_default();
        let named = raw.resource.map(|[kind, namespace, name]| Resource { kind, namespace, name });
        let resource = named.or_else(|| entry.and_then(|entry| entry.resource.clone()));
        let prefix = entry.map_or("", |entry| &entry.prefix);
        self.found.push(PackFinding {
            fingerprint: fingerprint(&raw.code, resource.as_ref(), &pointer),
            code: raw.code,
            rule: raw.rule,
            severity: raw.severity,
            message: raw.message,
            at: entry.map(|_| format!("{prefix}{pointer}")),
            document: entry.map(|entry| entry.document),
            resource,
            help: raw.help,
            facts: raw.facts,
            reads: reads.into_iter().map(|place| place.below(prefix)).collect(),
        });
        if self.is_full() {
            let message = format!("there are more than {} findings", self.pack.limits.findings);
            self.limit("findings", message, None);
        }
    }

    fn is_full(&self) -> bool {
        self.found.len() >= self.pack.limits.findings
    }

    fn fail(&mut self, path: &str, failure: Failure, entry: Option<&Entry>) {
        if self.is_full() {
            return;
        }
        let (code, message) = described(path, failure);
        let resource = entry.and_then(|entry| entry.resource.clone());
        self.found.push(PackFinding {
            fingerprint: fingerprint(&code, resource.as_ref(), path),
            code,
            rule: path.to_owned(),
            severity: Severity::Error,
            message,
            at: entry.map(|entry| entry.prefix.clone()),
            document: entry.map(|entry| entry.document),
            resource,
            help: None,
            facts: None,
            reads: Vec::new(),
        });
    }

    fn warn(&mut self, lint: Lint) {
        if self.is_full() {
            return;
        }
        self.found.push(PackFinding {
            fingerprint: fingerprint(&lint.code, None, &lint.about),
            code: lint.code,
            rule: lint.rule,
            severity: Severity::Warning,
            message: lint.message,
            at: None,
            document: None,
            resource: None,
            help: Some(lint.help),
            facts: None,
            reads: Vec::new(),
        });
    }

    fn limit(&mut self, name: &'static str, message: String, document: Option<usize>) {
        let code = Code::Limit(name);
        self.found.push(PackFinding {
            fingerprint: fingerprint(&code, None, ""),
            rule: code.to_string(),
            code,
            severity: Severity::Error,
            message,
            at: document.map(|_| String::new()),
            document,
            resource: None,
            help: None,
            facts: None,
            reads: Vec::new(),
        });
    }

    fn report(self) -> Report {
        let rules = self.pack.rules.judging.len() + self.pack.gatekeeper.constraints();
        Report::new(self.documents.entries.len(), rules, self.found, self.pack.rules.in_v0())
    }
}

/// What of a finding cannot be used: it has its place without it, and the rule has failed.
fn wrong(raw: &mut Raw, documents: usize) -> Option<String> {
    let is_pointer = raw.at.as_ref().is_none_or(|at| at.is_empty() || at.starts_with('/'));
    match raw.document {
        _ if raw.wrong.is_some() => raw.wrong.take(),
        _ if !is_pointer => {
            Some("the rule yields an `at` that is no JSON Pointer: write it as `/spec/replicas`".to_owned())
        }
        Some(index) if index >= documents => {
            Some(format!("the rule yields the `document` {index}, and `data.documents` has {documents}"))
        }
        _ => None,
    }
}

/// Describes a failure: its code and message.
pub(super) fn described(path: &str, failure: Failure) -> (Code, String) {
    match failure {
        Failure::Limit(name) => {
            let what = match name {
                "policy-steps" => "takes more steps than it may",
                "policy-memory" => "makes more values than it may",
                "policy-calls" => "calls other rules too deeply",
                "value-depth" => "makes a value that is nested too deep",
                _ => "makes more than one call of a function may",
            };
            (Code::Limit(name), format!("the rule `{path}` {what}"))
        }
        Failure::Rule { place: Some(place), message } => {
            (Code::RuleError, format!("the rule `{path}` failed at {place}: {message}"))
        }
        Failure::Rule { place: None, message } => (Code::RuleError, format!("the rule `{path}` failed: {message}")),
    }
}
