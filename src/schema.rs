//! Stage 7: the payload against JSON Schema (2020-12, 2019-09, 7, 6, 4). Only this file and its modules use
//! `jsonschema`. Formats are asserted, patterns run in linear time, and nothing is ever fetched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, PatternOptions, Registry, Retrieve, ValidationError, Validator};
use serde_json::Value;

use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{SchemaRef, Schemas, check_file};
use crate::json::Json;
use crate::judged::Judged;
use crate::limits::{SCHEMA_STEPS, SCHEMA_STEPS_PER_VALUE, SCHEMA_WEIGHT};
use crate::place::{Pointer, pointer_token};

mod bars;
#[allow(dead_code, reason = "the validator that asks for it is not here yet")]
mod format;
mod growth;
mod message;
mod parts;
mod pattern;
mod plain;
mod references;

use growth::Growth;
use parts::translate_patterns;
use references::Library;

/// The address of a plain document, which has none of its own, and of its wrapper.
const DOCUMENT: &str = "json-schema:///";
const WRAPPER: &str = "json-schema:///wrapper";

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
        match judged.map(Json::to_value) {
            Some(value) if decides && !schema.fits(&value) => findings.push(unfit(base)),
            Some(value) if !decides => findings.extend(schema.judge(&value, base)),
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
    /// The original patterns, by their translation for the engine.
    patterns: BTreeMap<String, String>,
    growth: Growth,
    validator: Validator,
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
    registry: Option<Registry<'static>>,
    patterns: BTreeMap<String, String>,
}

impl<'a> Compiler<'a> {
    pub fn new(schemas: Option<Schemas>, files: &'a BTreeMap<String, String>) -> Result<Self, ContractError> {
        let mut compiler = Compiler { files, documents: Vec::new(), registry: None, patterns: BTreeMap::new() };
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
        for (_, document) in &mut documents {
            translate_patterns(document, &mut compiler.patterns).map_err(|message| wrong("/schemas", message))?;
        }
        let library = Library::of(documents.iter().map(|(address, document)| (address.as_str(), document)));
        if let Some(fault) = library.fault() {
            return Err(wrong("/schemas", fault));
        }
        compiler.documents.clone_from(&documents);
        let registry = Registry::new().extend(documents).and_then(|builder| builder.prepare());
        compiler.registry = Some(registry.map_err(|error| wrong("/schemas", error.to_string()))?);
        Ok(compiler)
    }

    pub fn compile(&self, reference: SchemaRef, at: &str) -> Result<Schema, ContractError> {
        let file = match &reference {
            SchemaRef::File(name) => Some(name.clone()),
            SchemaRef::Boolean(_) | SchemaRef::Object(_) => None,
        };
        let document = self.load(reference, at)?;
        let mut patterns = self.patterns.clone();
        let mut translated = document.clone();
        translate_patterns(&mut translated, &mut patterns).map_err(|message| wrong(at, message))?;
        // If a plain schema does not compile, the ordinary way reports why.
        let plain = plain::holds(&translated).then(|| build_plain(&translated).ok()).flatten();
        let built = plain.map_or_else(|| self.build(&translated), Ok);
        let validator = built.map_err(|error| {
            let place = error.instance_path().to_string();
            let message = match place.as_str() {
                "" => format!("the schema does not compile: {}", error.masked()),
                _ => format!("the schema does not compile at `{place}`: {}", error.masked()),
            };
            wrong(at, message).help(
                "references reach `schemas` and the schema itself, and are never fetched; patterns have no look-around",
            )
        })?;
        let others = self.documents.iter().map(|(address, document)| (address.as_str(), document));
        let library = Library::of(std::iter::once((DOCUMENT, &translated)).chain(others));
        if let Some(fault) = library.fault() {
            return Err(wrong(at, fault));
        }
        let growth = Growth::of(&library);
        let id = document.get("$id").and_then(Value::as_str).map(str::to_owned);
        Ok(Schema { name: file.or(id), document, patterns, growth, validator })
    }

    fn build(&self, document: &Value) -> Result<Validator, ValidationError<'static>> {
        let options = options();
        match &self.registry {
            Some(registry) => options.with_registry(registry).build(document),
            None => options.build(document),
        }
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

/// `jsonschema` makes a validator of the meta-schema for each document, which costs more on wasm32 than everything
/// else. Behind a reference from a draft 4 wrapper, it makes only that of draft 4, which is small.
fn build_plain(document: &Value) -> Result<Validator, ValidationError<'static>> {
    let resource = Draft::Draft202012.create_resource_ref(document);
    let registry = Registry::new().add(DOCUMENT, resource).and_then(|builder| builder.prepare());
    let registry = registry.map_err(ValidationError::from)?;
    let wrapper = serde_json::json!({ "$ref": DOCUMENT });
    options().with_draft(Draft::Draft4).with_base_uri(WRAPPER).with_registry(&registry).build(&wrapper)
}

fn options<'a>() -> jsonschema::ValidationOptions<'a, Arc<dyn Retrieve>> {
    jsonschema::options().offline().should_validate_formats(true).with_pattern_options(PatternOptions::regex())
}

impl Schema {
    /// Whether it is proved that no valid string at this pointer contains the text.
    pub fn bars(&self, tokens: &[String], text: &str) -> bool {
        bars::bars(&self.document, tokens, text)
    }

    pub fn fits(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// The findings of one document. Those of a payload have pointers below `base`.
    pub fn judge(&self, document: &Value, base: &str) -> Vec<Finding> {
        if self.fits(document) {
            return Vec::new();
        }
        let cost = self.growth.cost(document);
        let size = Size::of(document, 0);
        let allowed = SCHEMA_STEPS.saturating_add(SCHEMA_STEPS_PER_VALUE.saturating_mul(size.values));
        if cost > allowed {
            let message = "the document does not hold, and to find where would take more steps than it may";
            let finding = Finding::error(Code::Limit("schema-steps"), Stage::Schema, message).at(base);
            return vec![
                finding
                    .with("allowed", allowed)
                    .with("help", "alternatives within alternatives multiply: nest them less deep"),
            ];
        }
        let heavy = size.weight > SCHEMA_WEIGHT;
        let errors: Vec<ValidationError<'_>> = match heavy {
            true => self.validator.validate(document).err().into_iter().collect(),
            false => self.validator.iter_errors(document).collect(),
        };
        let mut findings = Vec::new();
        errors.iter().for_each(|error| self.report(error, document, base, &mut findings));
        // INVARIANT: an invalid document never leaves without a finding.
        if findings.is_empty() {
            findings.push(unfit(base));
        }
        findings.sort_by(|a, b| (&a.at, a.code.to_string()).cmp(&(&b.at, b.code.to_string())));
        findings.dedup();
        if heavy {
            let message = "only the first is listed: so large a document may break a schema in too many places";
            findings.push(Finding::info(Code::Limit("schema-weight"), Stage::Schema, message).at(base));
        }
        findings
    }

    fn report(&self, error: &ValidationError<'_>, document: &Value, base: &str, findings: &mut Vec<Finding>) {
        let at = format!("{base}{}", error.instance_path());
        match error.kind() {
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } if meant(error, context).is_some() => {
                for inner in meant(error, context).into_iter().flatten() {
                    self.report(inner, document, base, findings);
                }
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                let at = told_apart_at(error, context).map_or(at, |place| format!("{base}{place}"));
                findings.push(self.finding(error, at, message::facts(error)));
            }
            // `additionalProperties: false` without `properties`: every member is one too many.
            Kind::FalseSchema if error.schema_path().as_str().ends_with("/additionalProperties") => {
                let object = document.pointer(error.instance_path().as_str()).and_then(Value::as_object);
                for name in object.iter().flat_map(|members| members.keys()) {
                    let (text, facts) = message::unexpected(name, &[]);
                    let member = format!("{at}/{}", pointer_token(name));
                    let finding = self.finding(error, member, (text, facts));
                    findings.push(Finding { code: Code::Schema("additional-properties"), ..finding });
                }
            }
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                for name in unexpected {
                    let member = format!("{at}/{}", pointer_token(name));
                    findings.push(self.finding(error, member, message::unexpected(name, &self.known_beside(error))));
                }
            }
            Kind::PropertyNames { error: inner } => {
                let name = pointer_token(inner.instance().as_str().unwrap_or_default());
                let text = format!("the name of this member does not hold: {}", message::text(inner));
                findings.push(self.finding(error, format!("{at}/{name}"), (text, Vec::new())));
            }
            Kind::Pattern { pattern } => {
                let original = self.patterns.get(pattern).unwrap_or(pattern);
                findings.push(self.finding(error, at, message::pattern(original)));
            }
            _ => findings.push(self.finding(error, at, message::facts(error))),
        }
    }

    fn finding(&self, error: &ValidationError<'_>, at: String, (message, facts): (String, message::Facts)) -> Finding {
        let schema_at = self.place_of(error);
        let mut finding = Finding::error(Code::Schema(message::keyword(error.kind())), Stage::Schema, message).at(at);
        finding = finding.with("schemaAt", schema_at);
        finding.facts.extend(facts);
        finding
    }

    /// Where the error is in the schema as its author wrote it.
    fn place_of(&self, error: &ValidationError<'_>) -> String {
        let place = error.schema_path().to_string();
        let tokens = place.split('/').map(|token| {
            let original = self.patterns.iter().find(|(translated, _)| pointer_token(translated) == token);
            original.map_or_else(|| token.to_owned(), |(_, original)| pointer_token(original))
        });
        match self.patterns.is_empty() {
            true => place,
            false => tokens.collect::<Vec<String>>().join("/"),
        }
    }

    /// The members that the schema declares next to the keyword that refused one.
    fn known_beside(&self, error: &ValidationError<'_>) -> Vec<String> {
        let path = self.place_of(error);
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let known = self.document.pointer(&format!("{parent}/properties")).and_then(Value::as_object);
        known.map(|members| members.keys().cloned().collect()).unwrap_or_default()
    }
}

/// How large a document is for its validator.
struct Size {
    values: u64,
    /// What a finding for every value would cost: each value counts with the length of its pointer.
    weight: u64,
}

impl Size {
    fn of(value: &Value, pointer: u64) -> Size {
        let mut size = Size { values: 1, weight: pointer + 64 };
        let mut add = |part: Size| {
            size.values += part.values;
            size.weight += part.weight;
        };
        match value {
            Value::Array(items) => items.iter().for_each(|item| add(Size::of(item, pointer + 4))),
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| add(Size::of(member, pointer + 1 + name.len() as u64)));
            }
            _ => {}
        }
        size
    }
}

/// The one alternative that was meant, if there is one. The others fail on a constant, on an enumeration or on the
/// type of the whole, which is what distinguishes events.
fn meant<'e>(
    error: &ValidationError<'_>,
    context: &'e [Vec<ValidationError<'static>>],
) -> Option<&'e [ValidationError<'static>]> {
    let discriminates = |inner: &ValidationError<'_>| match inner.kind() {
        Kind::Constant { .. } | Kind::Enum { .. } | Kind::FalseSchema => true,
        Kind::Type { .. } => inner.instance_path().as_str() == error.instance_path().as_str(),
        _ => false,
    };
    let mut candidates = context.iter().filter(|errors| !errors.is_empty() && !errors.iter().any(discriminates));
    match (candidates.next(), candidates.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// The member that distinguishes the alternatives but matches none of them: the one place where each of them fails on
/// a constant or an enumeration.
fn told_apart_at(error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>]) -> Option<String> {
    let places = |errors: &[ValidationError<'static>]| -> BTreeSet<String> {
        let named = errors.iter().filter(|inner| matches!(inner.kind(), Kind::Constant { .. } | Kind::Enum { .. }));
        named.map(|inner| inner.instance_path().to_string()).collect()
    };
    let shared = context.iter().map(|errors| places(errors)).reduce(|shared, places| &shared & &places)?;
    shared.into_iter().find(|place| place != error.instance_path().as_str())
}

fn wrong(at: &str, message: String) -> ContractError {
    ContractError::new(ContractCode::ContractSchema, at, message)
}
