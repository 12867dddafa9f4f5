//! The text of a schema finding: what was expected, in numbers and names from the schema. The value that failed is
//! never shown, only its type or its length.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::{Value, json};

pub(super) type Facts = Vec<(&'static str, Value)>;

/// The longest name or constant that a message quotes.
const LONGEST_QUOTE: usize = 64;

pub(super) fn text(error: &ValidationError<'_>) -> String {
    facts(error).0
}

/// The message and the facts of one error.
pub(super) fn facts(error: &ValidationError<'_>) -> (String, Facts) {
    let instance = error.instance();
    let length = instance.as_str().map_or(0, |text| text.chars().count());
    let items = instance.as_array().map_or(0, Vec::len);
    let members = instance.as_object().map_or(0, serde_json::Map::len);
    let sized =
        |message: String, got: usize, allowed: u64| (message, vec![("got", json!(got)), ("allowed", json!(allowed))]);
    match error.kind() {
        Kind::AdditionalItems { limit } => sized(format!("more than {limit} items"), items, *limit as u64),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            (format!("matches none of the {} alternatives", context.len()), vec![])
        }
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => ("the pattern gave up".into(), vec![]),
        Kind::Constant { expected_value } => {
            (format!("must be {}", quote(expected_value)), vec![("allowed", (**expected_value).clone())])
        }
        Kind::Contains => ("no item, or not as many as needed, is of the form that one must have".into(), vec![]),
        Kind::ContentEncoding { content_encoding } => (format!("is not {content_encoding}"), vec![]),
        Kind::ContentMediaType { content_media_type } => (format!("is not {content_media_type}"), vec![]),
        Kind::Custom { message, .. } => (message.clone(), vec![]),
        Kind::Enum { options } => {
            ("is not one of the values that are allowed".into(), vec![("allowed", (**options).clone())])
        }
        Kind::ExclusiveMaximum { limit } => limited(format!("must be less than {limit}"), limit),
        Kind::ExclusiveMinimum { limit } => limited(format!("must be more than {limit}"), limit),
        Kind::FalseSchema => ("may not stand here".into(), vec![]),
        Kind::Format { format } => (format!("is not of the format `{format}`"), format_help(format)),
        Kind::FromUtf8 { .. } => ("does not decode to UTF-8".into(), vec![]),
        Kind::MaxItems { limit } => sized(format!("more than {limit} items"), items, *limit),
        Kind::Maximum { limit } => limited(format!("must be at most {limit}"), limit),
        Kind::MaxLength { limit } => sized(format!("longer than {limit} characters"), length, *limit),
        Kind::MaxProperties { limit } => sized(format!("more than {limit} members"), members, *limit),
        Kind::MinItems { limit } => sized(format!("fewer than {limit} items"), items, *limit),
        Kind::Minimum { limit } => limited(format!("must be at least {limit}"), limit),
        Kind::MinLength { limit: 1 } => sized("may not be empty".into(), length, 1),
        Kind::MinLength { limit } => sized(format!("shorter than {limit} characters"), length, *limit),
        Kind::MinProperties { limit } => sized(format!("fewer than {limit} members"), members, *limit),
        Kind::MultipleOf { multiple_of } => {
            (format!("must be a multiple of {multiple_of}"), vec![("allowed", json!(multiple_of))])
        }
        Kind::Not { .. } => ("is of a form that is excluded".into(), vec![]),
        Kind::OneOfMultipleValid { .. } => ("matches more than one of the alternatives".into(), vec![]),
        Kind::Pattern { pattern } => self::pattern(pattern),
        Kind::Required { property } => {
            let name = quote(property);
            (format!("{name} is required and missing"), vec![("property", property.clone())])
        }
        Kind::Type { kind } => wrong_type(kind, instance),
        Kind::UnevaluatedItems { .. } => ("holds items that no part of the schema knows".into(), vec![]),
        Kind::UniqueItems => ("holds the same item twice".into(), vec![]),
        // These are reported member by member, or never at run time.
        Kind::AdditionalProperties { .. }
        | Kind::PropertyNames { .. }
        | Kind::Referencing(_)
        | Kind::UnevaluatedProperties { .. } => ("does not hold".into(), vec![]),
    }
}

/// A string that a pattern, as its author wrote it, does not match.
pub(super) fn pattern(pattern: &str) -> (String, Facts) {
    ("does not match the pattern".into(), vec![("allowed", json!(pattern))])
}

/// An undeclared member, with the nearest declared one.
pub(super) fn unexpected(name: &str, known: &[String]) -> (String, Facts) {
    let message = format!("`{}` is not a member the contract knows", short(name));
    let nearest = crate::nearest::nearest(name, known.iter().map(String::as_str));
    let help = match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None if known.is_empty() => "remove it".to_owned(),
        None => format!("remove it; known are {}", known.join(", ")),
    };
    (message, vec![("help", json!(help))])
}

pub(super) fn keyword(kind: &Kind) -> &'static str {
    match kind {
        Kind::AdditionalItems { .. } => "additional-items",
        Kind::AdditionalProperties { .. } => "additional-properties",
        Kind::AnyOf { .. } => "any-of",
        Kind::BacktrackLimitExceeded { .. } | Kind::Pattern { .. } | Kind::RegexEngineFailure { .. } => "pattern",
        Kind::Constant { .. } => "const",
        Kind::Contains => "contains",
        Kind::ContentEncoding { .. } | Kind::FromUtf8 { .. } => "content-encoding",
        Kind::ContentMediaType { .. } => "content-media-type",
        Kind::Enum { .. } => "enum",
        Kind::ExclusiveMaximum { .. } => "exclusive-maximum",
        Kind::ExclusiveMinimum { .. } => "exclusive-minimum",
        // There are no custom keywords, and a reference that leads nowhere does not compile.
        Kind::Custom { .. } | Kind::FalseSchema | Kind::Referencing(_) => "false-schema",
        Kind::Format { .. } => "format",
        Kind::MaxItems { .. } => "max-items",
        Kind::MaxLength { .. } => "max-length",
        Kind::MaxProperties { .. } => "max-properties",
        Kind::Maximum { .. } => "maximum",
        Kind::MinItems { .. } => "min-items",
        Kind::MinLength { .. } => "min-length",
        Kind::MinProperties { .. } => "min-properties",
        Kind::Minimum { .. } => "minimum",
        Kind::MultipleOf { .. } => "multiple-of",
        Kind::Not { .. } => "not",
        Kind::OneOfMultipleValid { .. } | Kind::OneOfNotValid { .. } => "one-of",
        Kind::PropertyNames { .. } => "property-names",
        Kind::Required { .. } => "required",
        Kind::Type { .. } => "type",
        Kind::UnevaluatedItems { .. } => "unevaluated-items",
        Kind::UnevaluatedProperties { .. } => "unevaluated-properties",
        Kind::UniqueItems => "unique-items",
    }
}

fn limited(message: String, limit: &Value) -> (String, Facts) {
    (message, vec![("allowed", limit.clone())])
}

fn wrong_type(kind: &TypeKind, instance: &Value) -> (String, Facts) {
    let expected = match kind {
        TypeKind::Single(single) => single.to_string(),
        TypeKind::Multiple(set) => set.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" or "),
    };
    let got = match instance {
        Value::Array(_) => "array",
        Value::Bool(_) => "boolean",
        Value::Null => "null",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Object(_) => "object",
        Value::String(_) => "string",
    };
    (format!("must be of type {expected}, and is {got}"), vec![("got", json!(got)), ("allowed", json!(expected))])
}

fn format_help(format: &str) -> Facts {
    let example = match format {
        "date" => "2026-11-21",
        "date-time" => "2026-11-21T09:30:00Z",
        "email" => "somebody@example.org",
        "time" => "09:30:00Z",
        "uri" => "https://example.org/path",
        "uuid" => "123e4567-e89b-12d3-a456-426614174000",
        _ => return vec![("expected", json!(format))],
    };
    vec![("expected", json!(format)), ("help", json!(format!("write it as `{example}`")))]
}

fn quote(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", short(text)),
        other => format!("`{}`", short(&other.to_string())),
    }
}

fn short(text: &str) -> String {
    match text.chars().count() > LONGEST_QUOTE {
        true => text.chars().take(LONGEST_QUOTE).chain(['…']).collect(),
        false => text.to_owned(),
    }
}
