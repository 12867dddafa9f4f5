//! A pack of Rego baselines that judges a set of documents.

use std::collections::BTreeMap;

use countersign_rego::ast::Version;
use countersign_rego::budget::{Budget, Limits};
use countersign_rego::json;
use countersign_rego::machine::Machine;
use countersign_rego::value::Value;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::annotations::Annotation;
use super::check::{Check, described};
use super::coverage::{Coverage, coverage};
use super::documents::{Entry, merged};
use super::gatekeeper::{Gatekeeper, Unit};
use super::lints::Lints;
use super::report::Report;
use super::rules::{Reading, Rule, Rules};
use super::suite::{self, TestOptions, TestReport};
use super::templates::inventory;
use super::values::of_tree;
use super::why::{At, Trace, Why, trace, why};
use crate::error::{ContractCode, ContractError, PolicyError};
use crate::finding::Severity;
use crate::limits::PolicyLimits;

/// A pack of Rego modules, and of Gatekeeper's templates with their constraints, compiled once.
pub struct Pack {
    pub(super) rules: Rules,
    pub(super) lints: Lints,
    pub(super) gatekeeper: Gatekeeper,
    /// What the pack's own data files say, below `data`.
    pub(super) data: Json,
    pub(super) limits: PolicyLimits,
    /// All modules with those of tests, as they were given.
    modules: Vec<(String, String)>,
    pub(super) reading: Reading,
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pack").finish_non_exhaustive()
    }
}

impl Pack {
    /// Compiles modules, given as pairs of file name and text. Files named `…_test.rego` hold tests and judge nothing.
    ///
    /// # Errors
    ///
    /// Fails on modules that do not load, and if no rule judges.
    pub fn load(modules: &[(String, String)], limits: &PolicyLimits) -> Result<Pack, PolicyError> {
        let pack =
            Pack::compile(modules.to_vec(), Reading::default(), Gatekeeper::default(), Json::Null, limits.clone())?;
        if pack.rules.judging.is_empty() {
            return Err(no_rule(modules));
        }
        Ok(pack)
    }

    fn compile(
        modules: Vec<(String, String)>,
        reading: Reading,
        gatekeeper: Gatekeeper,
        data: Json,
        limits: PolicyLimits,
    ) -> Result<Pack, PolicyError> {
        let judging: Vec<_> = modules.iter().filter(|(file, _)| !file.ends_with("_test.rego")).cloned().collect();
        let rules = Rules::load(&judging, &reading, &limits)?;
        let lints = Lints::of(&rules, &reading);
        Ok(Pack { rules, lints, gatekeeper, data, limits, modules, reading })
    }

    /// Loads a pack from one JSON text, `{ files, templates, data, rego, namespaces, limits }`.
    ///
    /// # Errors
    ///
    /// Fails on a policy that does not load, and on an unknown limit.
    pub fn from_json(source: &str) -> Result<Pack, ContractError> {
        let source: Source = serde_json::from_str(source)
            .map_err(|error| ContractError::new(ContractCode::ContractLimits, "limits", error.to_string()))?;
        let version = match source.rego.as_deref() {
            None => None,
            Some("v0") => Some(Version::V0),
            Some("v1") => Some(Version::V1),
            Some(_) => {
                let error = ContractError::new(ContractCode::ContractPolicy, "rego", "there is `v0` and `v1`");
                return Err(error.help("leave it out, and each module shows which it is"));
            }
        };
        let limits = source.limits;
        let objects = |tree: &Json| of_tree(tree, limits.document_depth);
        let templates: Option<Vec<Value>> = source.templates.iter().map(objects).collect();
        let Some(templates) = templates else {
            let message = "a template is nested too deep (limit `documentDepth`)";
            return Err(ContractError::new(ContractCode::ContractPolicy, "templates", message));
        };
        let gatekeeper = Gatekeeper::load(&templates, version, &limits)?;
        let modules: Vec<_> = source.files.into_iter().collect();
        // A folder of tests alone judges nothing, and may be tested.
        let tests = modules.iter().any(|(file, _)| file.ends_with("_test.rego"));
        let reading = Reading { version, namespaces: source.namespaces };
        let pack = Pack::compile(modules, reading, gatekeeper, source.data, limits)?;
        if pack.rules.judging.is_empty() && pack.gatekeeper.is_empty() && !tests {
            return Err(no_rule(&pack.modules).into());
        }
        Ok(pack)
    }

    /// Judges documents, with everything that the check needs in one JSON text, `{ documents, data, params, now }`.
    ///
    /// # Errors
    ///
    /// Fails as [`Pack::check`] does.
    pub fn check_json(&self, input: &str) -> Result<Report, ContractError> {
        let input: Input<'_> = serde_json::from_str(input)
            .map_err(|error| ContractError::new(ContractCode::ContractData, "data", error.to_string()))?;
        // The text was read once already, so what fails now is nested deeper than may be.
        let documents = input.documents.into_iter().map(|text| self.read(text.get()));
        self.judge(documents, &input.data, &input.params, input.now)
            .map_err(|error| ContractError::new(ContractCode::ContractData, "data", error.message))
    }

    /// Judges documents. Rego sees each as `input`, all of them as `data.documents`, the members of `data` below
    /// `data`, `params` as `data.params` (overriding those in `data`) and `now`, in Unix seconds.
    ///
    /// It is no error if there are no documents; whoever gathers them knows whether it should be.
    ///
    /// # Errors
    ///
    /// An error is the caller's mistake: `data` or `params` that cannot be used.
    pub fn check(&self, documents: Vec<Json>, data: Json, params: Json, now: i64) -> Result<Report, PolicyError> {
        let documents = documents.into_iter().map(|document| {
            let value = of_tree(&document, self.limits.document_depth);
            super::documents::dismantle(document);
            value
        });
        self.judge(documents, &data, &params, now)
    }

    /// Runs the pack's tests: every rule `test_…`.
    ///
    /// # Errors
    ///
    /// Fails on modules of tests that do not load, and on data that cannot be used.
    pub fn test(&self, options: &TestOptions) -> Result<TestReport, PolicyError> {
        let rules = Rules::load(&self.modules, &self.reading, &self.limits)?;
        let data = self.data_for(&rules, &options.data, &options.params)?;
        Ok(suite::run(&rules, Value::object(data), options, &self.limits))
    }

    /// The same, with the options in one JSON text, `{ data, params, now, filter, coverage }`.
    ///
    /// # Errors
    ///
    /// Fails as [`Pack::test`] does.
    pub fn test_json(&self, input: &str) -> Result<TestReport, ContractError> {
        let Asking { data, params, now, filter, coverage, .. } = asking(input)?;
        Ok(self.test(&TestOptions { data, params, now, filter, coverage })?)
    }

    /// What of the modules and of the templates a check of the documents reaches: `{ documents, data, params, now }`.
    ///
    /// # Errors
    ///
    /// Fails as [`Pack::check`] does.
    pub fn coverage_json(&self, input: &str) -> Result<Coverage, ContractError> {
        let asking = asking(input)?;
        let (mut machine, entries) = self.ready(&asking)?;
        machine.watch(0);
        for entry in &entries {
            if machine.set_input(Some(entry.value.clone())).is_ok() {
                for rule in self.rules.judging.iter().filter(|rule| !rule.judges_set()) {
                    let _ = machine.document(rule.document);
                }
            }
        }
        if machine.set_input(Some(Value::Null)).is_ok() {
            for rule in self.rules.judging.iter().filter(|rule| rule.judges_set()) {
                let _ = machine.document(rule.document);
            }
        }
        let inventory = inventory(&entries);
        let mut machines = vec![(&self.rules, machine)];
        for (unit, rule) in self.gatekeeper.units.iter().filter_map(|unit| Some((unit, unit.rule()?))) {
            let mut machine = self.machine_of(unit, &inventory, asking.now)?;
            machine.watch(0);
            for (_, input) in unit.inputs(&entries) {
                if machine.set_input(Some(input)).is_ok() {
                    let _ = machine.document(rule.document);
                }
            }
            machines.push((&unit.rules, machine));
        }
        Ok(coverage(&machines))
    }

    /// Why a rule gives nothing for the documents: `{ rule, documents, data, params, now }`. A template of Gatekeeper is
    /// asked by the kind of its constraints.
    ///
    /// # Errors
    ///
    /// Fails as [`Pack::check`] does, and if there is no such rule.
    pub fn why_json(&self, input: &str) -> Result<Why, ContractError> {
        let asking = asking(input)?;
        let mut asked = self.asked(&asking)?;
        let inputs: Vec<Value> = asked.inputs.into_iter().map(|(_, input)| input).collect();
        Ok(why(asked.name, asked.rules, &mut asked.machine, asked.rule, &inputs))
    }

    /// The steps of a rule on one of the documents: `{ rule, document, documents, data, params, now, events }`. A template
    /// of Gatekeeper is followed for its first constraint that is about the document.
    ///
    /// # Errors
    ///
    /// Fails as [`Pack::check`] does, and if there is no such rule or document.
    pub fn trace_json(&self, input: &str) -> Result<Trace, ContractError> {
        let asking = asking(input)?;
        let mut asked = self.asked(&asking)?;
        let about = |(document, _): &(usize, Value)| *document == asking.document || asked.rule.judges_set();
        let Some((_, input)) = asked.inputs.into_iter().find(about) else {
            let message = format!("there is no such document, or `{}` is not about it", asked.name);
            return Err(ContractError::new(ContractCode::ContractData, "document", message));
        };
        let events = if asking.events == 0 { 10_000 } else { asking.events.min(100_000) };
        Ok(trace(asked.rules, &mut asked.machine, asked.rule, input, events))
    }

    /// Every rule that judges, with what its METADATA says; then the templates of Gatekeeper.
    pub fn rules(&self) -> Vec<RuleFacts> {
        let facts = |rule: &Rule| RuleFacts {
            path: rule.path.clone(),
            severity: rule.severity,
            at: At::of(&self.rules.sources, rule.span),
            annotations: rule.annotations.clone(),
        };
        let template = |unit: &Unit| RuleFacts {
            path: unit.kind.clone(),
            severity: unit.constraints.iter().map(|constraint| constraint.severity).max().unwrap_or(Severity::Error),
            at: unit.annotation.at.clone(),
            annotations: vec![unit.annotation.clone()],
        };
        self.rules.judging.iter().map(facts).chain(self.gatekeeper.units.iter().map(template)).collect()
    }

    /// The rule that is asked for, by its path, its constraint kind, or an id in its METADATA; what it is asked; and a
    /// machine with everything but an input.
    fn asked(&self, asking: &Asking<'_>) -> Result<AskedRule<'_>, ContractError> {
        let name = asking.rule.as_str();
        let short = name.strip_prefix("data.").unwrap_or(name);
        let id = name.strip_prefix("policy-").unwrap_or(name);
        let has = |rule: &&Rule| rule.path == short || rule.annotations.iter().any(|one| one.id.as_deref() == Some(id));
        if let Some(rule) = self.rules.judging.iter().find(has) {
            let (machine, entries) = self.ready(asking)?;
            let inputs = match rule.judges_set() {
                true => vec![(0, Value::Null)],
                false => entries.into_iter().map(|entry| (entry.document, entry.value)).collect(),
            };
            return Ok(AskedRule { name: &rule.path, rules: &self.rules, rule, machine, inputs });
        }
        if let Some((unit, rule)) = self.gatekeeper.unit(id).and_then(|unit| Some((unit, unit.rule()?))) {
            let (_, entries) = self.ready(asking)?;
            let machine = self.machine_of(unit, &inventory(&entries), asking.now)?;
            let inputs = unit.inputs(&entries);
            return Ok(AskedRule { name: &unit.kind, rules: &unit.rules, rule, machine, inputs });
        }
        let message = format!("no rule that judges is called `{}`", name.chars().take(100).collect::<String>());
        let kinds = self.gatekeeper.units.iter().map(|unit| unit.kind.as_str());
        let known = self.rules.judging.iter().map(|rule| rule.path.as_str()).chain(kinds);
        let error = ContractError::new(ContractCode::ContractData, "rule", message);
        Err(match crate::nearest::nearest(short, known) {
            Some(meant) => error.help(format!("did you mean `{meant}`?")),
            None => error.help("name it by its path, as in `kubernetes.pod_security.deny`, or by its id"),
        })
    }

    /// A template's machine with everything but an input.
    fn machine_of(&self, unit: &Unit, inventory: &Value, now: i64) -> Result<Machine, ContractError> {
        unit.machine(inventory, &self.limits, now).map_err(|failure| {
            let (_, message) = described(&unit.kind, failure);
            ContractError::new(ContractCode::ContractData, "documents", message)
        })
    }

    /// A machine with everything but an input, and the documents.
    fn ready(&self, asking: &Asking<'_>) -> Result<(Machine, Vec<Entry>), ContractError> {
        let mut check = Check::new(self, asking.now);
        check.gather(asking.documents.iter().map(|text| self.read(text.get())));
        let data = self.data_for(&self.rules, &asking.data, &asking.params)?;
        Ok(check.ready(data))
    }

    fn data_for(&self, rules: &Rules, data: &Json, params: &Json) -> Result<Vec<(Value, Value)>, PolicyError> {
        merged(&[&self.data, data], params, &rules.resolved.root, &self.limits)
    }

    /// `None` is a document that is nested too deep.
    fn judge(
        &self,
        documents: impl Iterator<Item = Option<Value>>,
        data: &Json,
        params: &Json,
        now: i64,
    ) -> Result<Report, PolicyError> {
        let data = self.data_for(&self.rules, data, params)?;
        let mut check = Check::new(self, now);
        check.gather(documents);
        Ok(check.run(data))
    }

    /// A document's value, unless it is nested too deep.
    fn read(&self, text: &str) -> Option<Value> {
        let depth = u32::try_from(self.limits.document_depth).unwrap_or(u32::MAX);
        // What the caller holds in memory already is not counted again.
        let limits = Limits { depth, steps: u64::MAX, bytes: u64::MAX, ..Limits::default() };
        json::read(text, &mut Budget::new(limits)).ok()
    }
}

/// A rule, and what it is asked.
struct AskedRule<'a> {
    name: &'a str,
    rules: &'a Rules,
    rule: &'a Rule,
    machine: Machine,
    /// The number of the document, and the input.
    inputs: Vec<(usize, Value)>,
}

/// What a pack is made of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    files: BTreeMap<String, String>,
    /// Gatekeeper's templates and constraints, in any order.
    #[serde(default)]
    templates: Vec<Json>,
    #[serde(default)]
    data: Json,
    rego: Option<String>,
    #[serde(default)]
    namespaces: Vec<String>,
    #[serde(default)]
    limits: PolicyLimits,
}

/// What METADATA says of a rule that judges.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RuleFacts {
    /// Its path below `data`.
    pub path: String,
    /// The severity of a finding that names none.
    pub severity: Severity,
    /// Where its first body stands.
    #[serde(flatten)]
    pub at: At,
    /// The METADATA above its bodies, in the order of the text.
    pub annotations: Vec<Annotation>,
}

/// What is asked of a pack, beside a check.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asking<'a> {
    #[serde(default)]
    rule: String,
    #[serde(default)]
    document: usize,
    #[serde(default, borrow)]
    documents: Vec<&'a RawValue>,
    #[serde(default)]
    data: Json,
    #[serde(default)]
    params: Json,
    now: i64,
    filter: Option<String>,
    #[serde(default)]
    coverage: bool,
    #[serde(default)]
    events: usize,
}

fn asking(input: &str) -> Result<Asking<'_>, ContractError> {
    serde_json::from_str(input)
        .map_err(|error| ContractError::new(ContractCode::ContractData, "data", error.to_string()))
}

/// What a pack judges.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input<'a> {
    #[serde(borrow)]
    documents: Vec<&'a RawValue>,
    #[serde(default)]
    data: Json,
    #[serde(default)]
    params: Json,
    now: i64,
}

pub(super) fn no_rule(modules: &[(String, String)]) -> PolicyError {
    let file = modules.first().map_or("", |(file, _)| file);
    PolicyError::new(file, "no rule is named `deny`, `violation` or `warn`, so nothing would be judged")
}
