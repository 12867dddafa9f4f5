//! A pack of Rego baselines that judges a set of documents.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regorus::Value;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::documents::{dismantle, merged, nested_deeper, resource, value};
use super::findings::{Raw, read};
use super::report::{PackFinding, Report, Resource, fingerprint};
use super::rules::{Failure, Rules};
use super::webhook::{described, no_rule};
use crate::error::PolicyError;
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Severity};
use crate::limits::PolicyLimits;

/// A pack of Rego modules, compiled once.
pub struct Pack {
    rules: Mutex<Rules>,
    limits: PolicyLimits,
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pack").finish_non_exhaustive()
    }
}

impl Pack {
    /// Compiles modules, given as pairs of file name and text. Files named `…_test.rego` hold tests and judge nothing.
    pub fn load(modules: &[(String, String)], limits: &PolicyLimits) -> Result<Pack, PolicyError> {
        let judging: Vec<(String, String)> =
            modules.iter().filter(|(file, _)| !file.ends_with("_test.rego")).cloned().collect();
        let rules = Rules::load(&judging, limits)?;
        if rules.judging.is_empty() {
            return Err(no_rule(&judging));
        }
        Ok(Pack { rules: Mutex::new(rules), limits: limits.clone() })
    }

    /// Loads a pack from one JSON text, `{ files, limits }`.
    ///
    /// # Errors
    ///
    /// Fails on a policy that does not load, and on an unknown limit.
    pub fn from_json(source: &str) -> Result<Pack, ContractError> {
        let source: Source = serde_json::from_str(source)
            .map_err(|error| ContractError::new(ContractCode::ContractLimits, "limits", error.to_string()))?;
        let modules: Vec<(String, String)> = source.files.into_iter().collect();
        Ok(Pack::load(&modules, &source.limits)?)
    }

    /// Judges documents, with everything that the check needs in one JSON text, `{ documents, data, params, now }`.
    ///
    /// # Errors
    ///
    /// Fails as [`Pack::check`] does.
    pub fn check_json(&self, input: &str) -> Result<Report, ContractError> {
        let input: Input<'_> = serde_json::from_str(input)
            .map_err(|error| ContractError::new(ContractCode::ContractData, "data", error.to_string()))?;
        // The text was read once already, so what fails now is nested deeper than any reader goes.
        let documents = input.documents.into_iter().map(|text| serde_json::from_str(text.get()).ok()).collect();
        self.judge(documents, input.data, input.params, input.now)
            .map_err(|error| ContractError::new(ContractCode::ContractData, "data", error.message))
    }

    /// Judges documents. Rego sees each as `input`, all of them as `data.documents`, the members of `data` below
    /// `data`, `params` as `data.params` (overriding those in `data`) and `now`, in Unix seconds.
    ///
    /// An error is the caller's mistake: `data` or `params` that cannot be used. It is not an error if there are no
    /// documents; whoever gathers them knows whether it should be.
    pub fn check(&self, documents: Vec<Json>, data: Json, params: Json, now: i64) -> Result<Report, PolicyError> {
        self.judge(documents.into_iter().map(Some).collect(), data, params, now)
    }

    fn judge(&self, documents: Vec<Option<Json>>, data: Json, params: Json, now: i64) -> Result<Report, PolicyError> {
        // A panic in another thread leaves nothing here that the next evaluation does not set again.
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let mut check =
            Check { limits: &self.limits, left: self.limits.check_steps, entries: Vec::new(), found: Vec::new() };
        let mut data = merged(data, params, &rules, &self.limits)?;
        check.gather(documents);
        data.insert("now".to_owned(), Json::from(now));
        let mut data = value(&Json::Object(data));
        if let Ok(members) = data.as_object_mut() {
            let all: Vec<Value> = check.entries.iter().map(|entry| entry.value.clone()).collect();
            members.insert(Value::from("documents"), Value::from(all));
        }
        rules.set_data(data, now)?;
        for index in 0..rules.judging.len() {
            check.rule(&mut rules, index);
        }
        Ok(Report::new(check.entries.len(), rules.judging.len(), check.found))
    }
}

/// What a pack is made of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    files: BTreeMap<String, String>,
    #[serde(default)]
    limits: PolicyLimits,
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

/// One document as the rules see it: the caller's, or an item of the caller's list.
struct Entry {
    document: usize,
    /// The pointer of the item within the caller's document.
    prefix: String,
    value: Value,
    resource: Option<Resource>,
}

struct Check<'a> {
    limits: &'a PolicyLimits,
    left: u64,
    entries: Vec<Entry>,
    found: Vec<PackFinding>,
}

impl Check<'_> {
    /// `None` is a document that was nested too deep to be read.
    fn gather(&mut self, documents: Vec<Option<Json>>) {
        for (index, document) in documents.into_iter().enumerate() {
            match document {
                Some(document) if !nested_deeper(&document, self.limits.document_depth) => {
                    self.unfold(document, index, String::new());
                }
                too_deep => {
                    let message = format!("the document is nested deeper than {} levels", self.limits.document_depth);
                    self.limit("document-depth", message, Some(index));
                    // Dropping it whole would recurse as deep as it is nested, so it is taken apart instead.
                    too_deep.into_iter().for_each(dismantle);
                }
            }
        }
    }

    /// Replaces a list with its items. Those of a typed list (`PodList`) have no kind or version of their own, and
    /// without them no rule would match.
    fn unfold(&mut self, mut document: Json, index: usize, prefix: String) {
        let kind = document.get("kind").and_then(Json::as_str).unwrap_or_default();
        let item_kind = kind.strip_suffix("List").map(str::to_owned);
        let version = document.get("apiVersion").cloned();
        if let Some(item_kind) = item_kind
            && let Some(Json::Array(items)) = document.get_mut("items").map(Json::take)
        {
            for (number, mut item) in items.into_iter().enumerate() {
                if let Json::Object(members) = &mut item
                    && !item_kind.is_empty()
                    && !members.contains_key("kind")
                {
                    members.insert("kind".to_owned(), Json::from(item_kind.clone()));
                    if let Some(version) = &version {
                        members.entry("apiVersion").or_insert_with(|| version.clone());
                    }
                }
                self.unfold(item, index, format!("{prefix}/items/{number}"));
            }
            return;
        }
        if self.entries.len() == self.limits.documents {
            let message = format!("there are more than {} documents", self.limits.documents);
            self.limit("documents", message, None);
            return;
        }
        let resource = resource(&document);
        self.entries.push(Entry { document: index, prefix, value: value(&document), resource });
    }

    fn rule(&mut self, rules: &mut Rules, index: usize) {
        let Some(rule) = rules.judging.get(index) else { return };
        let path = rule.path.clone();
        if rule.judges_set() {
            rules.set_input(Value::Null);
            self.evaluate(rules, index, &path, None);
            return;
        }
        for entry in 0..self.entries.len() {
            let Some(input) = self.entries.get(entry).map(|entry| entry.value.clone()) else { return };
            rules.set_input(input);
            if !self.evaluate(rules, index, &path, Some(entry)) {
                return;
            }
        }
    }

    /// Evaluates a rule on one document. Returns whether to continue with the next.
    fn evaluate(&mut self, rules: &mut Rules, index: usize, path: &str, entry: Option<usize>) -> bool {
        let (result, used) = rules.evaluate(path, self.left.min(self.limits.policy_steps));
        self.left = self.left.saturating_sub(used);
        let Some(rule) = rules.judging.get(index) else { return false };
        match result.and_then(|value| read(rule, &value)) {
            Ok(raws) => {
                for raw in raws {
                    self.push(raw, entry);
                }
                !self.is_full()
            }
            Err(failure) => {
                let over = matches!(failure, Failure::Limit(_));
                self.fail(path, failure, entry);
                !over && !self.is_full()
            }
        }
    }

    fn push(&mut self, raw: Raw, entry: Option<usize>) {
        if self.is_full() {
            return;
        }
        // If the rule names a document that does not exist, the finding is about the set.
        let entry = raw.document.or(entry).and_then(|index| self.entries.get(index));
        let pointer = raw.at.filter(|at| at.is_empty() || at.starts_with('/')).unwrap_or_default();
        let named = raw.resource.map(|[kind, namespace, name]| Resource { kind, namespace, name });
        let resource = named.or_else(|| entry.and_then(|entry| entry.resource.clone()));
        self.found.push(PackFinding {
            fingerprint: fingerprint(&raw.code, resource.as_ref(), &pointer),
            code: raw.code,
            rule: raw.rule,
            severity: raw.severity,
            message: raw.message,
            at: entry.map(|entry| format!("{}{pointer}", entry.prefix)),
            document: entry.map(|entry| entry.document),
            resource,
            help: raw.help,
        });
        if self.is_full() {
            let message = format!("there are more than {} findings", self.limits.findings);
            self.limit("findings", message, None);
        }
    }

    fn is_full(&self) -> bool {
        self.found.len() >= self.limits.findings
    }

    fn fail(&mut self, path: &str, failure: Failure, entry: Option<usize>) {
        let (code, message) = described(path, failure);
        let entry = entry.and_then(|index| self.entries.get(index));
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
        });
    }
}
