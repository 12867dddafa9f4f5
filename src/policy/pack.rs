//! A pack of Rego baselines that judges a set of documents.

use std::collections::BTreeMap;

use countersign_rego::ast::Version;
use countersign_rego::budget::{Budget, Limits};
use countersign_rego::json;
use countersign_rego::value::Value;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::check::Check;
use super::documents::merged;
use super::gatekeeper::Gatekeeper;
use super::report::Report;
use super::rules::{Reading, Rules};
use super::values::of_tree;
use crate::error::{ContractCode, ContractError, PolicyError};
use crate::limits::PolicyLimits;

/// A pack of Rego modules, and of Gatekeeper's templates with their constraints, compiled once.
pub struct Pack {
    pub(super) rules: Rules,
    pub(super) gatekeeper: Gatekeeper,
    /// What the pack's own data files say, below `data`.
    pub(super) data: Json,
    pub(super) limits: PolicyLimits,
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
        let judging: Vec<_> = modules.iter().filter(|(file, _)| !file.ends_with("_test.rego")).cloned().collect();
        let rules = Rules::load(&judging, &Reading::default(), limits)?;
        if rules.judging.is_empty() {
            return Err(no_rule(modules));
        }
        Ok(Pack { rules, gatekeeper: Gatekeeper::default(), data: Json::Null, limits: limits.clone() })
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
        let modules: Vec<_> = source.files.into_iter().filter(|(file, _)| !file.ends_with("_test.rego")).collect();
        let rules = Rules::load(&modules, &Reading { version, namespaces: source.namespaces }, &limits)?;
        let objects = |tree: &Json| of_tree(tree, limits.document_depth);
        let templates: Option<Vec<Value>> = source.templates.iter().map(objects).collect();
        let Some(templates) = templates else {
            let message = "a template is nested too deep (limit `documentDepth`)";
            return Err(ContractError::new(ContractCode::ContractPolicy, "templates", message));
        };
        let gatekeeper = Gatekeeper::load(&templates, version, &limits)?;
        if rules.judging.is_empty() && gatekeeper.is_empty() {
            return Err(no_rule(&modules).into());
        }
        Ok(Pack { rules, gatekeeper, data: source.data, limits })
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

    /// `None` is a document that is nested too deep.
    fn judge(
        &self,
        documents: impl Iterator<Item = Option<Value>>,
        data: &Json,
        params: &Json,
        now: i64,
    ) -> Result<Report, PolicyError> {
        let is_taken = |name: &str| self.rules.roots.contains(name);
        let data = merged(&[&self.data, data], params, is_taken, &self.limits)?;
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
