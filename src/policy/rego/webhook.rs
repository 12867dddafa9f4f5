//! The policies of a contract, judging one request at a time.

use countersign_rego::value::Value;

use super::check::described;
use super::documents::dismantle;
use super::findings::{Raw, read};
use super::pack::no_rule;
use super::places::{Asked, Place};
use super::rules::{Failure, Reading, Rules};
use super::values::{of_json, of_tree};
use crate::error::PolicyError;
use crate::finding::{Code, Finding, Stage};
use crate::json::Json;
use crate::limits::PolicyLimits;

/// The policies of a contract, compiled once with their parameters.
pub struct Policy {
    rules: Rules,
    params: Value,
    limits: PolicyLimits,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Policy").finish_non_exhaustive()
    }
}

impl Policy {
    /// Compiles modules, given as pairs of file name and text; `params` is what they read as `data.params`.
    ///
    /// # Errors
    ///
    /// Fails on modules that do not load, and if no rule judges.
    pub fn compile(
        modules: &[(String, String)],
        params: &serde_json::Value,
        limits: &PolicyLimits,
    ) -> Result<Policy, PolicyError> {
        let rules = Rules::load(modules, &Reading::default(), limits)?;
        if rules.judging.is_empty() {
            return Err(no_rule(modules));
        }
        let params = of_tree(params, limits.document_depth)
            .ok_or_else(|| PolicyError::new("", "the parameters are nested too deep (limit `documentDepth`)"))?;
        Ok(Policy { rules, params, limits: limits.clone() })
    }

    /// Judges `{ body, event, request: { method, path, headers }, now }`.
    pub fn judge(&self, input: serde_json::Value, now: i64) -> Vec<Finding> {
        let read = of_tree(&input, self.limits.document_depth);
        dismantle(input);
        match read {
            Some(input) => self.evaluate(input, now),
            None => too_deep(),
        }
    }

    /// The same, for a body and the other facts.
    pub(crate) fn judge_body(&self, body: Option<Json<'_>>, facts: &serde_json::Value, now: i64) -> Vec<Finding> {
        let depth = self.limits.document_depth;
        let Some(Value::Object(facts)) = of_tree(facts, depth) else { return too_deep() };
        let body = match body {
            Some(json) => depth.checked_sub(1).and_then(|depth| of_json(json, depth)),
            None => Some(Value::Null),
        };
        let Some(body) = body else { return too_deep() };
        let mut members = facts.members().to_vec();
        members.push((Value::from("body"), body));
        self.evaluate(Value::object(members), now)
    }

    fn evaluate(&self, input: Value, now: i64) -> Vec<Finding> {
        let mut machine = self.rules.machine(&self.limits, now);
        let seen = input.clone();
        let data = vec![(Value::from("params"), self.params.clone()), (Value::from("now"), Value::from(now))];
        if let Err(fault) = machine.set_data(Value::object(data)).and_then(|()| machine.set_input(Some(input))) {
            let (code, message) = described("input", self.rules.failure(&fault));
            return vec![Finding::error(code, Stage::Policy, message)];
        }
        let mut found = Vec::new();
        let mut left = self.limits.check_steps;
        for rule in &self.rules.judging {
            let steps = left.min(self.limits.policy_steps);
            let evaluated = self.rules.evaluate(&mut machine, rule.document, steps);
            left = left.saturating_sub(evaluated.steps);
            let mut failure = evaluated.ended.or(evaluated.error);
            match read(rule, evaluated.value) {
                Ok(raws) => {
                    let asked = Asked { machine: &mut machine, document: rule.document, input: &seen };
                    let mut raws = placed(raws, asked);
                    // The findings of a set have no order of their own.
                    raws.sort_by(|a, b| (&a.message, &a.at).cmp(&(&b.message, &b.at)));
                    let wrong = raws.iter_mut().find_map(|raw| raw.wrong.take());
                    failure = failure.or_else(|| wrong.map(Failure::unreadable));
                    found.extend(raws.into_iter().map(finding));
                }
                Err(unreadable) => failure = failure.or(Some(unreadable)),
            }
            if let Some(failure) = failure {
                let (code, message) = described(&rule.path, failure);
                found.push(Finding::error(code, Stage::Policy, message).with("rule", rule.path.as_str()));
            }
        }
        found
    }
}

/// Findings whose rule gives no place are where they rest on the body.
fn placed(found: Vec<(Value, Raw)>, mut asked: Asked<'_>) -> Vec<Raw> {
    if found.iter().all(|(_, raw)| raw.at.is_some()) {
        return found.into_iter().map(|(_, raw)| raw).collect();
    }
    let (values, mut raws): (Vec<Value>, Vec<Raw>) = found.into_iter().unzip();
    let places = asked.places(&values);
    for (raw, places) in raws.iter_mut().zip(places).filter(|(raw, _)| raw.at.is_none()) {
        let there = |place: &Place| place.there(asked.input).strip_prefix("/body").map(str::to_owned);
        raw.at = places.iter().find_map(there);
    }
    raws
}

fn too_deep() -> Vec<Finding> {
    let message = "the payload is nested too deep for a policy";
    vec![Finding::error(Code::Limit("document-depth"), Stage::Policy, message)]
}

fn finding(raw: Raw) -> Finding {
    let mut finding = Finding::error(raw.code, Stage::Policy, raw.message).with("rule", raw.rule);
    finding.severity = raw.severity;
    finding.at = raw.at;
    finding = raw.help.into_iter().fold(finding, |finding, help| finding.with("help", help));
    raw.facts.into_iter().fold(finding, |finding, facts| finding.with("facts", facts))
}
