//! What METADATA says of a rule, as far as findings and explanations need it.

use countersign_rego::value::Value;
use serde::Serialize;

use super::why::At;

/// The METADATA above one rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Annotation {
    /// `id`, or `custom.id`: the id of the finding that this is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What the rule demands, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `severity`, or `custom.severity`: used if a finding names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// `remedy`, or `custom.remedy`: how to fix it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Where it is from: addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_resources: Vec<String>,
    /// `custom.subject`: `set` for a rule that judges the documents together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Where the rule below it stands.
    #[serde(flatten)]
    pub at: At,
}

impl Annotation {
    /// Reads a METADATA block of a rule that stands there.
    pub(super) fn of(block: &Value, at: At) -> Annotation {
        let text = |name: &str| {
            let custom = || block.member("custom").and_then(|custom| custom.member(name));
            block.member(name).or_else(custom).and_then(Value::as_str).map(str::to_owned)
        };
        Annotation {
            id: text("id"),
            title: text("title"),
            description: text("description"),
            severity: text("severity"),
            remedy: text("remedy"),
            related_resources: block.member("related_resources").map(references).unwrap_or_default(),
            subject: text("subject"),
            at,
        }
    }
}

/// A resource is an address, or an object with a `ref`.
fn references(value: &Value) -> Vec<String> {
    let Value::Array(items) = value else { return Vec::new() };
    let reference = |item: &Value| item.as_str().or_else(|| item.member("ref")?.as_str()).map(str::to_owned);
    items.items().iter().filter_map(reference).collect()
}
