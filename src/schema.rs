//! Stage 7: the payload against JSON Schema (2020-12, 2019-09, 7, 6, 4). A schema is compiled to a program, which runs
//! over a document's tape. Formats are asserted, patterns run in linear time, and nothing is ever fetched.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{SchemaRef, Schemas, check_file};
use crate::json::Json;
use crate::judged::Judged;
use crate::limits::{SCHEMA_STEPS, SCHEMA_STEPS_PER_BYTE, SCHEMA_STEPS_PER_VALUE};
use crate::place::{Pointer, pointer_token};

mod address;
mod bars;
mod compile;
mod content;
mod draft;
mod equal;
mod form;
mod format;
mod marks;
mod memory;
mod message;
mod number;
mod program;
mod report;
mod resources;
mod rules;
mod run;
#[cfg(feature = "second-opinion")]
mod second;
mod sense;

use compile::Refused;
use program::Program;
use report::Report;
use run::Run;
#[cfg(feature = "second-opinion")]
pub use second::SecondOpinion;

/// Proof that a payload conforms to every schema that judges it. Made only by [`judge`].
#[derive(Debug)]
pub(crate) struct Conforms {
    _made_here: (),
}

/// The findings of every schema, each over what it judges, and those of a hook's rules if it has any.
pub(crate) fn judge<'a>(
    schemas: impl Iterator<Item = (&'a Schema, Option<&'a Pointer>)>,
    document: Option<Json<'_>>,
    rules: Option<Vec<Finding>>,
    decides: bool,
) -> Judged<Conforms> {
    let mut is_declared = rules.is_some();
    let mut findings = Vec::new();
    for (schema, base) in schemas {
        let Some(document) = document else { break };
        is_declared = true;
        let judged = base.map_or(Some(document), |base| document.follow(base));
        let base = base.map_or("", Pointer::as_str);
        match judged {
            Some(value) if decides && !schema.fits(value) => findings.push(unfit(base)),
            Some(value) if !decides => findings.extend(schema.judge(value, base)),
            _ => {}
        }
    }
    findings.extend(rules.into_iter().flatten());
    let conforms = || Conforms { _made_here: () };
    if is_declared { Judged::of(findings, conforms) } else { Judged::Undeclared(conforms()) }
}

/// Says no more than that a document does not hold.
fn unfit(base: &str) -> Finding {
    Finding::error(Code::Schema("false-schema"), Stage::Schema, "does not hold").at(base)
}

/// A compiled schema, and its name in findings.
pub(crate) struct Schema {
    /// Its file or its `$id`, if it has one.
    pub name: Option<String>,
    document: Value,
    program: Program,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Schema").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Compiles the schemas of one contract, which may refer to each other.
pub(crate) struct Compiler<'a> {
    files: &'a BTreeMap<String, String>,
    documents: Vec<(String, Value)>,
}

impl<'a> Compiler<'a> {
    pub fn new(schemas: Option<Schemas>, files: &'a BTreeMap<String, String>) -> Result<Self, ContractError> {
        let mut compiler = Compiler { files, documents: Vec::new() };
        let mut documents: Vec<(String, Value)> = Vec::new();
        match schemas {
            None => return Ok(compiler),
            Some(Schemas::ById(list)) => {
                for (index, reference) in list.into_iter().enumerate() {
                    let at = format!("/schemas/{index}");
                    let document = compiler.load(reference, &at)?;
                    let id = document.get("$id").or_else(|| document.get("id")).and_then(Value::as_str);
                    let id = id.ok_or_else(|| wrong(&at, "it has no `$id`, so nothing can refer to it".into()))?;
                    documents.push((id.to_owned(), document));
                }
            }
            Some(Schemas::ByAddress(map)) => {
                for (address, reference) in map {
                    let document = compiler.load(reference, &format!("/schemas/{}", pointer_token(&address)))?;
                    documents.push((address, document));
                }
            }
        }
        sensible(compile::library(&documents), "/schemas")?;
        compiler.documents = documents;
        Ok(compiler)
    }

    pub fn compile(&self, reference: SchemaRef, at: &str) -> Result<Schema, ContractError> {
        let file = match &reference {
            SchemaRef::File(name) => Some(name.clone()),
            SchemaRef::Boolean(_) | SchemaRef::Object(_) => None,
        };
        let document = self.load(reference, at)?;
        let program = sensible(compile::compiled(&document, &self.documents), at)?;
        let id = document.get("$id").and_then(Value::as_str).map(str::to_owned);
        Ok(Schema { name: file.or(id), document, program })
    }

    fn load(&self, reference: SchemaRef, at: &str) -> Result<Value, ContractError> {
        match reference {
            SchemaRef::Boolean(boolean) => Ok(Value::Bool(boolean)),
            SchemaRef::Object(object) => Ok(Value::Object(object)),
            SchemaRef::File(name) => {
                check_file(&name, at)?;
                let text = self.files.get(&name).ok_or_else(|| {
                    ContractError::new(
                        ContractCode::ContractFile,
                        at,
                        format!("the schema `{name}` is not beside the contract"),
                    )
                })?;
                serde_json::from_str(text).map_err(|error| wrong(at, format!("`{name}` is not JSON: {error}")))
            }
        }
    }
}

impl Schema {
    /// As it is written.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Whether it is proved that no valid string at this pointer contains the text.
    pub fn bars(&self, tokens: &[String], text: &str) -> bool {
        bars::bars(&self.document, tokens, text)
    }

    /// Whether a value holds. One that takes too many steps to judge does not.
    pub fn fits(&self, value: Json<'_>) -> bool {
        Run::new(&self.program, value, steps(value)).holds(self.program.root, value.index()).unwrap_or(false)
    }

    /// The findings of one document. Those of a payload have pointers below `base`.
    pub fn judge(&self, document: Json<'_>, base: &str) -> Vec<Finding> {
        let allowed = steps(document);
        let run = || Run::new(&self.program, document, allowed);
        let limit = |message: &str| {
            let finding = Finding::error(Code::Limit("schema-steps"), Stage::Schema, message).at(base);
            let help = "alternatives within alternatives multiply: nest them less deep";
            finding.with("allowed", allowed).with("help", help)
        };
        let holds = run().holds(self.program.root, document.index());
        match holds {
            Ok(true) => return Vec::new(),
            Ok(false) => {}
            Err(_) => return vec![limit("to judge the document would take more steps than it may")],
        }
        let mut report = Report::new(run(), base, room(document));
        let is_whole = report.find(self.program.root, document.index()).is_ok();
        let mut findings = report.findings;
        findings.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| keyword(a).cmp(keyword(b))));
        findings.dedup();
        // INVARIANT: an invalid document never leaves without a finding.
        if !is_whole {
            let message = "the document does not hold, and to find everywhere would take more steps than it may";
            findings.insert(0, limit(message));
        } else if findings.is_empty() {
            findings.push(unfit(base));
        }
        findings
    }
}

fn keyword(finding: &Finding) -> &str {
    match &finding.code {
        Code::Schema(keyword) => keyword,
        _ => "",
    }
}

/// How many steps one run over a document may take.
fn steps(document: Json<'_>) -> u64 {
    room(document).saturating_add(SCHEMA_STEPS_PER_BYTE.saturating_mul(document.source_length() as u64))
}

/// How many bytes the findings of one document may have together.
fn room(document: Json<'_>) -> u64 {
    let values = document.end().saturating_sub(document.index()) as u64;
    SCHEMA_STEPS.saturating_add(SCHEMA_STEPS_PER_VALUE.saturating_mul(values))
}

/// A program that can be used.
fn sensible(program: Result<Program, Refused>, at: &str) -> Result<Program, ContractError> {
    let fault = |program: Program| sense::fault(&program).map_or(Ok(program), |fault| Err(Refused::Sense(fault)));
    program.and_then(fault).map_err(|refused| match refused {
        Refused::Pattern(message) | Refused::Sense(message) => wrong(at, message),
        Refused::Form { at: place, message } => {
            let place = if place.is_empty() { String::new() } else { format!(" at `{place}`") };
            wrong(at, format!("the schema does not compile{place}: {message}")).help(
                "references reach `schemas` and the schema itself, and are never fetched; patterns have no look-around",
            )
        }
    })
}

fn wrong(at: &str, message: String) -> ContractError {
    ContractError::new(ContractCode::ContractSchema, at, message)
}
