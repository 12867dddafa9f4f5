//! A finding: a code to branch on, a severity, the stage that raised it and a message to read.

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod code;

pub use code::Code;

/// The stages that a request goes through, in order.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each stage is documented by its module")]
#[non_exhaustive]
pub enum Stage {
    Contract,
    Request,
    Signature,
    Freshness,
    Replay,
    Payload,
    Route,
    Schema,
    Policy,
    Shape,
}

impl Stage {
    /// The stages that a verdict reports: all but `Contract`, whose problems are thrown.
    pub const ALL: [Stage; 9] = [
        Stage::Request,
        Stage::Signature,
        Stage::Freshness,
        Stage::Replay,
        Stage::Payload,
        Stage::Route,
        Stage::Schema,
        Stage::Policy,
        Stage::Shape,
    ];
}

/// The severity of a finding. Only an error rejects.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// It is worth knowing.
    Info,
    /// It is weak or deprecated, but lets the request pass.
    Warning,
    /// It rejects the request.
    Error,
}

/// One thing that is wrong with the input, or worth knowing about it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The code to branch on.
    pub code: Code,
    /// The stage that raised it.
    pub stage: Stage,
    /// How serious it is. Only an error rejects.
    pub severity: Severity,
    /// The text for people: lower case, no full stop, never a value from the payload.
    pub message: String,
    /// Where it is: a JSON Pointer into the body, `header:NAME`, `query:NAME`, `path` or `body`.
    pub at: Option<String>,
    /// Further facts (`got`, `allowed`, `offset`, `schemaAt`, `help`). Numbers are JSON numbers.
    pub facts: Vec<(&'static str, Value)>,
}

impl Finding {
    /// Makes a finding that rejects.
    pub fn error(code: Code, stage: Stage, message: impl Into<String>) -> Self {
        Finding { code, stage, severity: Severity::Error, message: message.into(), at: None, facts: Vec::new() }
    }

    /// Makes a warning, which lets the request pass.
    pub fn warning(code: Code, stage: Stage, message: impl Into<String>) -> Self {
        Finding { severity: Severity::Warning, ..Finding::error(code, stage, message) }
    }

    /// Makes a finding that only informs.
    pub fn info(code: Code, stage: Stage, message: impl Into<String>) -> Self {
        Finding { severity: Severity::Info, ..Finding::error(code, stage, message) }
    }

    /// Sets where it is.
    pub fn at(self, at: impl Into<String>) -> Self {
        Finding { at: Some(at.into()), ..self }
    }

    /// Adds a fact.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.facts.push((name, value.into()));
        self
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", &self.code)?;
        map.serialize_entry("stage", &self.stage)?;
        map.serialize_entry("severity", &self.severity)?;
        map.serialize_entry("message", &self.message)?;
        if let Some(at) = &self.at {
            map.serialize_entry("at", at)?;
        }
        for (name, value) in &self.facts {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
