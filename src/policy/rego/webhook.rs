//! The policies of a contract, judging one request at a time.

use std::sync::{Mutex, PoisonError};

use serde_json::json;

use super::documents::{nested_deeper, value};
use super::findings::{Raw, read};
use super::rules::{Failure, Rules};
use crate::error::PolicyError;
use crate::finding::{Code, Finding, Stage};
use crate::limits::PolicyLimits;

/// The policies of a contract, compiled once with their parameters.
pub struct Policy {
    rules: Mutex<Rules>,
    params: serde_json::Value,
    limits: PolicyLimits,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Policy").finish_non_exhaustive()
    }
}

impl Policy {
    /// Compiles modules, given as pairs of file name and text; `params` is what they read as `data.params`.
    pub fn compile(
        modules: &[(String, String)],
        params: &serde_json::Value,
        limits: &PolicyLimits,
    ) -> Result<Policy, PolicyError> {
        let mut rules = Rules::load(modules, limits)?;
        if rules.judging.is_empty() {
            return Err(no_rule(modules));
        }
        if nested_deeper(params, limits.document_depth) {
            return Err(PolicyError::new("", "the parameters are nested too deep (limit `documentDepth`)"));
        }
        rules.set_data(value(&json!({ "params": params })), 0)?;
        Ok(Policy { rules: Mutex::new(rules), params: params.clone(), limits: limits.clone() })
    }

    /// Judges `{ body, event, request: { method, path, headers }, now }`.
    pub fn judge(&self, input: serde_json::Value, now: i64) -> Vec<Finding> {
        match nested_deeper(&input, self.limits.document_depth) {
            true => too_deep(),
            false => self.evaluate(value(&input), now),
        }
    }

    /// The same, for a body and the other facts.
    pub(crate) fn judge_body(&self, body: &serde_json::Value, facts: &serde_json::Value, now: i64) -> Vec<Finding> {
        let depth = self.limits.document_depth;
        if nested_deeper(facts, depth) || depth.checked_sub(1).is_none_or(|depth| nested_deeper(body, depth)) {
            return too_deep();
        }
        let mut input = value(facts);
        if let Ok(members) = input.as_object_mut() {
            members.insert("body".into(), value(body));
        }
        self.evaluate(input, now)
    }

    fn evaluate(&self, input: regorus::Value, now: i64) -> Vec<Finding> {
        // A panic in another thread leaves nothing here that the next evaluation does not set again.
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let data = if rules.reads_now {
            json!({ "params": self.params, "now": now })
        } else {
            json!({ "params": self.params })
        };
        if let Err(problem) = rules.set_data(value(&data), now) {
            return vec![Finding::error(Code::RuleError, Stage::Policy, problem.message)];
        }
        rules.set_input(input);
        let mut found = Vec::new();
        let mut left = self.limits.check_steps;
        for index in 0..rules.judging.len() {
            let Some(path) = rules.judging.get(index).map(|rule| rule.path.clone()) else { continue };
            let (result, used) = rules.evaluate(&path, left.min(self.limits.policy_steps));
            left = left.saturating_sub(used);
            let Some(rule) = rules.judging.get(index) else { continue };
            match result.and_then(|value| read(rule, &value)) {
                Ok(mut raws) => {
                    // The findings of a set have no order of their own.
                    raws.sort_by(|a, b| (&a.message, &a.at).cmp(&(&b.message, &b.at)));
                    found.extend(raws.into_iter().map(finding));
                }
                Err(failure) => found.push(failed(&path, failure)),
            }
        }
        found
    }
}

fn too_deep() -> Vec<Finding> {
    let message = "the payload is nested too deep for a policy";
    vec![Finding::error(Code::Limit("document-depth"), Stage::Policy, message)]
}

pub(super) fn no_rule(modules: &[(String, String)]) -> PolicyError {
    let file = modules.first().map_or("", |(file, _)| file);
    PolicyError::new(file, "no rule is named `deny`, `violation` or `warn`, so nothing would be judged")
}

fn finding(raw: Raw) -> Finding {
    let mut finding = Finding::error(raw.code, Stage::Policy, raw.message).with("rule", raw.rule);
    finding.severity = raw.severity;
    finding.at = raw.at;
    finding = raw.help.into_iter().fold(finding, |finding, help| finding.with("help", help));
    raw.facts.into_iter().fold(finding, |finding, facts| finding.with("facts", facts))
}

fn failed(path: &str, failure: Failure) -> Finding {
    let (code, message) = described(path, failure);
    Finding::error(code, Stage::Policy, message).with("rule", path)
}

/// Describes a failure: its code and message.
pub(super) fn described(path: &str, failure: Failure) -> (Code, String) {
    match failure {
        Failure::Limit("policy-stack") => {
            (Code::Limit("policy-stack"), format!("the rule `{path}` calls other rules too deeply"))
        }
        Failure::Limit(name) => (Code::Limit(name), format!("the rule `{path}` takes more steps than it may")),
        Failure::Rule { place: Some(place), message } => {
            (Code::RuleError, format!("the rule `{path}` failed at {place}: {message}"))
        }
        Failure::Rule { place: None, message } => (Code::RuleError, format!("the rule `{path}` failed: {message}")),
    }
}
