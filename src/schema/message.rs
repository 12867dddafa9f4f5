//! The text of a schema finding: what was expected, in numbers and names from the schema. The value that failed is
//! never shown, only its type or its length.

use serde_json::{Value, json};

use super::content::ContentFault;
use super::number::Number;
use super::program::{Bound, Node, Op, types};
use super::report::{Fault, Report, What};
use crate::finding::{Code, Finding, Stage};
use crate::json::{Json, Kind};

type Facts = Vec<(&'static str, Value)>;

/// The code of a finding, the keyword that it is of, its message and its facts.
type Text = (&'static str, &'static str, String, Facts);

/// The longest name or constant that a message quotes.
const LONGEST_QUOTE: usize = 64;

impl Report<'_, '_> {
    pub fn finding(&self, fault: &Fault<'_>, at: String) -> Finding {
        let (code, keyword, message, facts) = self.text(fault);
        let (code, message, facts) = match fault.of_name {
            false => (code, message, facts),
            true => ("property-names", format!("the name of this member does not hold: {message}"), Vec::new()),
        };
        let place = self.program().pointer(fault.node);
        let schema_at = if keyword.is_empty() { place } else { format!("{place}/{keyword}") };
        let mut finding = Finding::error(Code::Schema(code), Stage::Schema, message).at(at).with("schemaAt", schema_at);
        finding.facts.extend(facts);
        finding
    }

    fn text(&self, fault: &Fault<'_>) -> Text {
        let value = self.run.value(fault.at);
        let length = || value.as_str().map_or(0, |text| text.chars().count());
        match fault.what {
            What::False => plain("false-schema", "", "may not stand here"),
            What::Type => wrong_type(self.program().node(fault.node), value),
            What::Choice(choice) if choice.keyword == "const" => {
                let message = format!("must be {}", quote(&choice.shown));
                ("const", "const", message, vec![("allowed", choice.shown.clone())])
            }
            What::Choice(choice) => {
                let message = "is not one of the values that are allowed".into();
                ("enum", "enum", message, vec![("allowed", choice.shown.clone())])
            }
            What::Bound((bound, limit, shown)) => bounded(*bound, *limit, shown),
            What::MinLength(1) => sized("min-length", "minLength", "may not be empty".into(), length(), 1),
            What::MinLength(min) => {
                sized("min-length", "minLength", format!("shorter than {min} characters"), length(), min)
            }
            What::MaxLength(max) => {
                sized("max-length", "maxLength", format!("longer than {max} characters"), length(), max)
            }
            What::Pattern(pattern) => {
                ("pattern", "pattern", "does not match the pattern".into(), vec![("allowed", json!(pattern))])
            }
            What::Format(name) => ("format", "format", format!("is not of the format `{name}`"), format_help(name)),
            What::Content(ContentFault::MediaType, rule) => {
                let name = rule.media_type.as_deref().unwrap_or_default();
                ("content-media-type", "contentMediaType", format!("is not {name}"), vec![])
            }
            What::Content(ContentFault::Utf8, _) => {
                plain("content-encoding", "contentEncoding", "does not decode to UTF-8")
            }
            What::Content(ContentFault::Encoding, rule) => {
                let name = rule.encoding.as_ref().map_or("", |(_, name)| name);
                ("content-encoding", "contentEncoding", format!("is not {name}"), vec![])
            }
            What::MinItems(min) => sized("min-items", "minItems", format!("fewer than {min} items"), value.len(), min),
            What::MaxItems(max) => sized("max-items", "maxItems", format!("more than {max} items"), value.len(), max),
            What::AdditionalItems(most) => {
                let message = format!("more than {most} items");
                sized("additional-items", "additionalItems", message, value.len(), most as u64)
            }
            What::Contains(keyword) => {
                plain("contains", keyword, "no item, or not as many as needed, is of the form that one must have")
            }
            What::Unique => plain("unique-items", "uniqueItems", "holds the same item twice"),
            What::UnevaluatedItems => {
                plain("unevaluated-items", "unevaluatedItems", "holds items that no part of the schema knows")
            }
            What::MinProperties(min) => {
                sized("min-properties", "minProperties", format!("fewer than {min} members"), value.len(), min)
            }
            What::MaxProperties(max) => {
                sized("max-properties", "maxProperties", format!("more than {max} members"), value.len(), max)
            }
            What::Required(keyword, name) => {
                let message = format!("`{}` is required and missing", short(name));
                ("required", keyword, message, vec![("property", json!(name))])
            }
            What::Member { keyword, .. } => self.unexpected(fault, keyword),
            What::NoneOf(keyword, span) => {
                let code = if keyword == "anyOf" { "any-of" } else { "one-of" };
                let count = self.program().list(span).len();
                (code, keyword, format!("matches none of the {count} alternatives"), vec![])
            }
            What::ManyOf => plain("one-of", "oneOf", "matches more than one of the alternatives"),
            What::Not => plain("not", "not", "is of a form that is excluded"),
        }
    }

    /// An undeclared member, with the nearest declared one.
    fn unexpected(&self, fault: &Fault<'_>, keyword: &'static str) -> Text {
        let code = if keyword == "additionalProperties" { "additional-properties" } else { "unevaluated-properties" };
        let name = self.run.value(fault.at - 1).as_str().unwrap_or_default();
        let rule = self.program().ops(self.program().node(fault.node)).iter().find_map(|op| match op {
            Op::Object(rule) => Some(rule),
            _ => None,
        });
        let entries = rule.into_iter().flat_map(|rule| rule.known.iter().zip(&rule.entries));
        let known: Vec<&str> = entries.filter(|(_, entry)| entry.node.is_some()).map(|(name, _)| name).collect();
        let message = format!("`{}` is not a member the contract knows", short(&name));
        let help = match crate::nearest::nearest(&name, known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None if known.is_empty() => "remove it".to_owned(),
            None => format!("remove it; known are {}", known.join(", ")),
        };
        (code, keyword, message, vec![("help", json!(help))])
    }
}

fn plain(code: &'static str, keyword: &'static str, message: &'static str) -> Text {
    (code, keyword, message.to_owned(), Vec::new())
}

fn sized(code: &'static str, keyword: &'static str, message: String, got: usize, allowed: u64) -> Text {
    (code, keyword, message, vec![("got", json!(got)), ("allowed", json!(allowed))])
}

fn bounded(bound: Bound, limit: Number, shown: &Value) -> Text {
    let (code, keyword, message) = match bound {
        Bound::Minimum => ("minimum", "minimum", format!("must be at least {shown}")),
        Bound::Maximum => ("maximum", "maximum", format!("must be at most {shown}")),
        Bound::ExclusiveMinimum => ("exclusive-minimum", "exclusiveMinimum", format!("must be more than {shown}")),
        Bound::ExclusiveMaximum => ("exclusive-maximum", "exclusiveMaximum", format!("must be less than {shown}")),
        Bound::MultipleOf => ("multiple-of", "multipleOf", format!("must be a multiple of {}", limit.as_f64())),
    };
    (code, keyword, message, vec![("allowed", shown.clone())])
}

fn wrong_type(node: &Node, value: Json<'_>) -> Text {
    let numbers = node.types & (types::INTEGER | types::WHOLE | types::FRACTION);
    let named = [
        (node.types & types::NULL != 0, "null"),
        (node.types & types::BOOLEAN != 0, "boolean"),
        (numbers != 0 && numbers & types::FRACTION == 0, "integer"),
        (numbers & types::FRACTION != 0, "number"),
        (node.types & types::STRING != 0, "string"),
        (node.types & types::ARRAY != 0, "array"),
        (node.types & types::OBJECT != 0, "object"),
    ];
    let named: Vec<&str> = named.iter().filter(|(is_named, _)| *is_named).map(|(_, name)| *name).collect();
    let expected = named.join(" or ");
    let got = match value.kind() {
        Kind::Array => "array",
        Kind::False | Kind::True => "boolean",
        Kind::Null => "null",
        Kind::Double => "number",
        Kind::Integer => "integer",
        Kind::Object => "object",
        Kind::Plain | Kind::Escaped => "string",
    };
    let message = format!("must be of type {expected}, and is {got}");
    ("type", "type", message, vec![("got", json!(got)), ("allowed", json!(expected))])
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
