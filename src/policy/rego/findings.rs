//! Reads what a rule yields: strings, or objects with a message. Anything else is a failure of the rule, because a
//! finding that nobody can read must not count as none.

use regorus::Value;

use super::rules::{Failure, Rule};
use crate::finding::{Code, Severity};

/// One finding as a rule returned it.
#[derive(Debug)]
pub(super) struct Raw {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// Where it is, as the rule says.
    pub at: Option<String>,
    /// How to fix it.
    pub help: Option<String>,
    /// Texts, numbers and booleans for whoever acts on the finding.
    pub facts: Option<serde_json::Map<String, serde_json::Value>>,
    /// An index into `data.documents`, if the rule names one.
    pub document: Option<usize>,
    /// What it is about, if that is not the document: kind, namespace, name.
    pub resource: Option<[Option<String>; 3]>,
    /// The id in the METADATA, otherwise the path of the rule.
    pub rule: String,
}

const MESSAGE_CHARACTERS: usize = 2000;

/// The maximum number of facts in one finding.
const FACTS: usize = 32;

/// The findings in a rule's value.
pub(super) fn read(rule: &Rule, value: &Value) -> Result<Vec<Raw>, Failure> {
    match value {
        Value::Undefined | Value::Bool(false) => Ok(Vec::new()),
        Value::Bool(true) => Ok(vec![raw(rule, None, "denied".to_owned())]),
        Value::Array(items) => items.iter().map(|item| one(rule, item)).collect(),
        Value::Set(items) => items.iter().map(|item| one(rule, item)).collect(),
        Value::Object(members) if members.is_empty() => Ok(Vec::new()),
        single => Ok(vec![one(rule, single)?]),
    }
}

fn one(rule: &Rule, value: &Value) -> Result<Raw, Failure> {
    if let Value::String(message) = value {
        return Ok(raw(rule, None, cut(message)));
    }
    let text = |name: &str| match &value[name] {
        Value::String(text) => Some(cut(text)),
        _ => None,
    };
    let Some(message) = text("message").or_else(|| text("msg")) else {
        let message = "the rule yields something without a `message`".to_owned();
        return Err(Failure::Rule { place: None, message });
    };
    let id = text("id").or_else(|| text("code"));
    let mut found = raw(rule, id.as_deref(), message);
    if let Some(severity) = text("severity") {
        let message = "the rule yields a `severity` that is not `error`, `warning` or `info`".to_owned();
        found.severity = severity_of(&severity).ok_or(Failure::Rule { place: None, message })?;
    }
    found.at = text("at");
    found.help = text("help").or_else(|| text("remedy")).or(found.help);
    if let Value::Object(members) = &value["facts"] {
        let fact = |(name, value): (&Value, &Value)| match (name, value) {
            (Value::String(name), Value::String(text)) => Some((cut(name), cut(text).into())),
            (Value::String(name), Value::Bool(_) | Value::Number(_)) => {
                Some((cut(name), serde_json::to_value(value).ok()?))
            }
            _ => None,
        };
        found.facts = Some(members.iter().filter_map(fact).take(FACTS).collect());
    }
    found.document = value["document"].as_u64().ok().and_then(|index| usize::try_from(index).ok());
    if let resource @ Value::Object(_) = &value["resource"] {
        let part = |name: &str| resource[name].as_string().ok().map(|text| cut(text));
        found.resource = Some([part("kind"), part("namespace"), part("name")]);
    }
    Ok(found)
}

fn raw(rule: &Rule, id: Option<&str>, message: String) -> Raw {
    let annotation = rule.annotation(id);
    let annotated = annotation.and_then(|annotation| annotation.id.as_deref());
    let named = id.or(annotated);
    let severity = annotation.and_then(|annotation| severity_of(annotation.severity.as_deref()?));
    Raw {
        code: Code::Policy(kebab(named.unwrap_or(rule.package_tail()))),
        severity: severity.unwrap_or(rule.severity),
        message,
        at: None,
        help: annotation.and_then(|annotation| annotation.remedy.clone()),
        facts: None,
        document: None,
        resource: None,
        rule: annotated.map_or_else(|| rule.path.clone(), str::to_owned),
    }
}

fn severity_of(text: &str) -> Option<Severity> {
    match text {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "info" => Some(Severity::Info),
        _ => None,
    }
}

/// Callers branch on a code: letters, digits and dashes.
fn kebab(id: &str) -> String {
    let id = id.strip_prefix("policy-").unwrap_or(id);
    let character = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    id.chars().take(100).map(character).collect()
}

fn cut(text: &str) -> String {
    text.chars().take(MESSAGE_CHARACTERS).collect()
}
