//! The report of a pack on a set of documents, in the order and form of the JSON text.

use std::fmt::Write;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::finding::{Code, Severity};

/// The report of one check.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// The version of this document's format: 1.
    pub schema_version: u32,
    /// The decision on all documents together.
    pub verdict: PackVerdict,
    /// How much was judged, and with what results.
    pub counts: Counts,
    /// The findings by document, rule and message. Those about the set as a whole come last.
    pub findings: Vec<PackFinding>,
    /// The modules that were read as Rego v0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<ModuleFacts>,
}

/// What there is to know of a module.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ModuleFacts {
    /// Its file.
    pub file: String,
    /// The Rego that it is written in: `v0`.
    pub version: &'static str,
}

/// The decision of a pack.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PackVerdict {
    /// No finding is an error.
    Pass,
    /// A finding is an error.
    Fail,
    /// A rule could not be evaluated or a limit was reached, so nobody knows whether the documents pass.
    Error,
}

/// How much was judged, and with what results.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Counts {
    /// The number of documents, including those in lists but not the lists.
    pub documents: usize,
    pub rules: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
}

/// One finding of a pack.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PackFinding {
    /// The code to branch on.
    pub code: Code,
    /// The id of the rule, or its path.
    pub rule: String,
    /// How serious it is. Only an error fails the check.
    pub severity: Severity,
    /// The text for people.
    pub message: String,
    /// Where it is: a JSON Pointer into the caller's document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The caller's document, counted from 0. Absent if the finding is about the set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// The resource it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Resource>,
    /// A fingerprint of the code, the resource and the pointer within it. It does not depend on where the resource is.
    #[serde(serialize_with = "hex")]
    pub fingerprint: u64,
    /// How to fix it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Texts, numbers and booleans for whoever acts on the finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<serde_json::Map<String, serde_json::Value>>,
    /// What of the document the finding rests on: the deepest places that were read, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Read>,
}

/// A place that a finding rests on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Read {
    /// A JSON Pointer into the caller's document.
    pub at: String,
    /// Whether nothing is there, and the finding rests on that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
}

/// A Kubernetes resource, or whatever else has a kind and a name.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Resource {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Report {
    pub(super) fn new(
        documents: usize,
        rules: usize,
        mut findings: Vec<PackFinding>,
        modules: Vec<ModuleFacts>,
    ) -> Report {
        findings.sort_by(|a, b| order(a).cmp(&order(b)));
        findings.dedup();
        let mut counts = Counts { documents, rules, ..Counts::default() };
        let mut unknown = false;
        for finding in &findings {
            unknown |= matches!(finding.code, Code::RuleError | Code::Limit(_));
            match finding.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Info => counts.infos += 1,
            }
        }
        let verdict = match (unknown, counts.errors) {
            (true, _) => PackVerdict::Error,
            (false, 0) => PackVerdict::Pass,
            (false, _) => PackVerdict::Fail,
        };
        Report { schema_version: 1, verdict, counts, findings, modules }
    }
}

/// The first 64 bits of a SHA-256 over what identifies a finding.
pub(super) fn fingerprint(code: &Code, resource: Option<&Resource>, pointer: &str) -> u64 {
    let part = |part: Option<&String>| part.map_or_else(String::new, Clone::clone);
    let resource = resource.cloned().unwrap_or_default();
    let parts = [
        code.to_string(),
        part(resource.kind.as_ref()),
        part(resource.namespace.as_ref()),
        part(resource.name.as_ref()),
        pointer.to_owned(),
    ];
    let digest = Sha256::digest(parts.join("\0").as_bytes());
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

fn hex<S: Serializer>(fingerprint: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{fingerprint:016x}");
    serializer.serialize_str(&text)
}

fn order(finding: &PackFinding) -> (usize, &str, &str, Option<&str>, Option<&str>) {
    let name = finding.resource.as_ref().and_then(|resource| resource.name.as_deref());
    (finding.document.unwrap_or(usize::MAX), &finding.rule, &finding.message, finding.at.as_deref(), name)
}
