//! Reads what a rule yields: strings, or objects with a message. Anything else is a failure of the rule, because a
//! finding that nobody can read must not count as none.

use countersign_rego::value::Value;

use super::rules::{Failure, Rule};
use super::values::scalar_of;
use crate::finding::{Code, Severity};
use crate::nearest::nearest;

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
    /// What of it cannot be used, and would otherwise be lost. The finding stays.
    pub wrong: Option<String>,
}

const MESSAGE_CHARACTERS: usize = 2000;

/// The maximum number of facts in one finding.
const FACTS: usize = 32;

/// The findings in a rule's value, each with the value that it is made of.
pub(super) fn read(rule: &Rule, value: Option<Value>) -> Result<Vec<(Value, Raw)>, Failure> {
    let all = |items: &[Value]| items.iter().map(|item| Ok((item.clone(), one(rule, item)?))).collect();
    match value {
        None | Some(Value::Boolean(false)) => Ok(Vec::new()),
        Some(Value::Array(items)) => all(items.items()),
        Some(Value::Set(items)) => all(items.elements()),
        Some(Value::Object(members)) if members.members().is_empty() => Ok(Vec::new()),
        Some(single) => Ok(vec![(single.clone(), one(rule, &single)?)]),
    }
}

fn one(rule: &Rule, value: &Value) -> Result<Raw, Failure> {
    match value {
        Value::Boolean(true) => return Ok(raw(rule, None, "denied".to_owned())),
        Value::String(message) => return Ok(raw(rule, None, cut(message))),
        _ => {}
    }
    let text = |name: &str| value.member(name).and_then(Value::as_str).map(cut);
    let Some(message) = text("message").or_else(|| text("msg")) else {
        return Err(Failure::unreadable("the rule yields something without a `message`"));
    };
    let id = text("id").or_else(|| text("code"));
    let mut found = raw(rule, id.as_deref(), message);
    if let Some(severity) = text("severity") {
        let message = "the rule yields a `severity` that is not `error`, `warning` or `info`";
        found.severity = severity_of(&severity).ok_or_else(|| Failure::unreadable(message))?;
    }
    found.at = text("at");
    found.help = text("help").or_else(|| text("remedy")).or(found.help);
    if let Some(Value::Object(members)) = value.member("facts") {
        let fact = |(name, value): &(Value, Value)| Some((cut(name.as_str()?), fact(value)?));
        found.facts = Some(members.members().iter().filter_map(fact).take(FACTS).collect());
    }
    found.document = match value.member("document") {
        Some(Value::Number(index)) => index.as_i64().and_then(|index| usize::try_from(index).ok()),
        _ => None,
    };
    found.wrong = wrong(value, &found);
    if let Some(resource @ Value::Object(_)) = value.member("resource") {
        let part = |name: &str| resource.member(name).and_then(Value::as_str).map(cut);
        found.resource = Some([part("kind"), part("namespace"), part("name")]);
    }
    Ok(found)
}

/// The members whose names are long enough that a slip in one can be told from a name of the policy's own.
const MEMBERS: [&str; 7] = ["document", "facts", "help", "message", "remedy", "resource", "severity"];

/// What of a finding is not what it seems to be meant as.
fn wrong(value: &Value, found: &Raw) -> Option<String> {
    let is_lost = |name: &str, is_read: bool| !is_read && !matches!(value.member(name), None | Some(Value::Null));
    if is_lost("at", found.at.is_some()) {
        return Some("the rule yields an `at` that is not a string".to_owned());
    }
    if is_lost("document", found.document.is_some()) {
        return Some("the rule yields a `document` that is not an index into `data.documents`".to_owned());
    }
    let Value::Object(object) = value else { return None };
    let names = object.members().iter().filter_map(|(name, _)| name.as_str());
    names.filter(|name| name.len() > 3 && !MEMBERS.contains(name)).find_map(|name| {
        let meant = nearest(name, MEMBERS.into_iter())?;
        Some(format!("the rule yields a member `{}`, which nothing reads: did you mean `{meant}`?", cut(name)))
    })
}

/// A fact that leaves in a finding.
fn fact(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::String(text) => Some(cut(text).into()),
        value => scalar_of(value),
    }
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
        wrong: None,
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

/// The words of a name in camel case: `K8sRequiredLabels` is `K8s-Required-Labels`.
pub(super) fn words(name: &str) -> String {
    let mut words = String::new();
    let mut before = '-';
    for c in name.chars() {
        if c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            words.push('-');
        }
        words.push(c);
        before = c;
    }
    words
}

/// Callers branch on a code: letters, digits and dashes.
pub(super) fn kebab(id: &str) -> String {
    let id = id.strip_prefix("policy-").unwrap_or(id);
    let character = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    id.chars().take(100).map(character).collect()
}

fn cut(text: &str) -> String {
    text.chars().take(MESSAGE_CHARACTERS).collect()
}
