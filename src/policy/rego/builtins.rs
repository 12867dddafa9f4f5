//! The functions that policies may call: those of the machine, and those that need other parts of this crate.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use countersign_rego::builtins::{self, Builtin, Context, Fault, Registry, Types};
use countersign_rego::json;
use countersign_rego::value::Value;

use crate::finding::{Code, Finding};
use crate::grammar::SchemaRef;
use crate::json::Document;
use crate::schema::{Compiler, Schema};

/// What compiling one value of a schema costs, in steps.
const COMPILING: u64 = 100;

/// The most errors of a document that are listed.
const LISTED: usize = 100;

const TEXT_OR_OBJECT: Types = Types::STRING.or(Types::OBJECT);

/// Functions of JSON Schema, by the validator of stage 7.
const SCHEMAS: &[Builtin] = &[
    Builtin::new("json.match_schema", &[TEXT_OR_OBJECT.or(Types::ARRAY), TEXT_OR_OBJECT], Types::ARRAY, match_schema),
    Builtin::new("json.verify_schema", &[TEXT_OR_OBJECT], Types::ARRAY, verify_schema),
];

/// All of them.
pub(super) fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let mut registry = builtins::standard();
        registry.add(SCHEMAS);
        registry
    })
}

/// Whether the document holds, and what is wrong with it.
fn match_schema(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let [document, schema] = arguments else { return Err(Fault::Undefined) };
    let schema =
        compiled(context, schema)?.map_err(|message| Fault::Error(format!("a schema that is none: {message}")))?;
    let document = tree(context, document)?.ok_or_else(|| Fault::Error("a document that is no JSON".to_owned()))?;
    context.budget.steps(document.to_string().len() as u64)?;
    let document = Document::of(&document);
    let findings = schema.judge(document.root(), "");
    if findings.iter().any(|finding| matches!(finding.code, Code::Limit(_))) {
        return Err(Fault::Limit("schema-steps"));
    }
    let holds = findings.is_empty();
    let errors = findings.iter().take(LISTED).map(error).collect();
    Ok(Value::array(vec![Value::Boolean(holds), Value::array(errors)]))
}

/// Whether a schema is one, and why not.
fn verify_schema(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let [schema] = arguments else { return Err(Fault::Undefined) };
    Ok(match compiled(context, schema)? {
        Ok(_) => Value::array(vec![Value::Boolean(true), Value::Null]),
        Err(message) => Value::array(vec![Value::Boolean(false), Value::from(message)]),
    })
}

fn compiled(context: &mut Context<'_>, schema: &Value) -> Result<Result<Schema, String>, Fault> {
    context.budget.steps(schema.weight().saturating_mul(COMPILING))?;
    let reference = match tree(context, schema)? {
        Some(serde_json::Value::Object(object)) => SchemaRef::Object(object),
        Some(serde_json::Value::Bool(truth)) => SchemaRef::Boolean(truth),
        _ => return Ok(Err("it is no object".to_owned())),
    };
    let files = BTreeMap::new();
    let compile = || Compiler::new(None, &files)?.compile(reference, "");
    Ok(compile().map_err(|error| error.message))
}

/// A value as a tree; a text is read as JSON.
fn tree(context: &mut Context<'_>, value: &Value) -> Result<Option<serde_json::Value>, Fault> {
    context.budget.steps(value.weight())?;
    let text = value.as_str().map_or_else(|| json::write(value), str::to_owned);
    context.budget.bytes(text.len() as u64)?;
    Ok(serde_json::from_str(&text).ok())
}

/// An error as OPA lists it.
fn error(finding: &Finding) -> Value {
    let at = finding.at.as_deref().unwrap_or_default();
    let field = if at.is_empty() { "(root)".to_owned() } else { at.trim_start_matches('/').replace('/', ".") };
    let code = finding.code.to_string();
    let pair = |name: &str, text: String| (Value::from(name), Value::from(text));
    Value::object(vec![
        pair("error", format!("{field}: {}", finding.message)),
        pair("type", code.strip_prefix("schema-").unwrap_or(&code).replace('-', "_")),
        pair("field", field),
        pair("desc", finding.message.clone()),
    ])
}
