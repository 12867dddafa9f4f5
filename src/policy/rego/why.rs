//! Why a rule gave nothing, and the trace of an evaluation.

use std::collections::BTreeMap;

use countersign_rego::json;
use countersign_rego::machine::{EventKind, Machine, Reason, Stuck};
use countersign_rego::resolved::{Expr, ExprKind, Statement, StatementKind};
use countersign_rego::source::{Sources, Span};
use countersign_rego::value::Value;
use serde::Serialize;

use super::rules::{Rule, Rules};
use crate::nearest::nearest;

/// A place in a module.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
#[non_exhaustive]
pub struct At {
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1, in characters.
    pub column: u32,
}

/// The expression past which a rule never went.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stop {
    /// Where the expression stands.
    #[serde(flatten)]
    pub at: At,
    /// The expression.
    pub text: String,
    /// Why it does not hold.
    pub reason: String,
    /// In how many documents the rule stopped here.
    #[serde(skip_serializing_if = "is_zero")]
    pub documents: usize,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The variables in it, with their last values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<NamedValue>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A variable and its value, as Rego writes it, cut to 200 characters.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
#[non_exhaustive]
pub struct NamedValue {
    pub name: String,
    pub value: String,
}

/// Why a rule gave nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Why {
    /// The version of this document's format: 1.
    pub schema_version: u32,
    /// The rule's path.
    pub rule: String,
    /// How many documents it was asked about.
    pub documents: usize,
    /// For how many of them it gave something.
    pub holds: usize,
    /// Where it stopped, most documents first.
    pub stops: Vec<Stop>,
}

/// What an evaluation did, step by step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Trace {
    /// The version of this document's format: 1.
    pub schema_version: u32,
    /// What the rule gave, as Rego writes it; absent if it is undefined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// In order.
    pub events: Vec<Step>,
    /// Whether there were more.
    pub truncated: bool,
    /// What was printed.
    pub printed: Vec<String>,
}

/// One step of a trace.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// `enter`, `exit`, `undefined`, `fail` or `redo`.
    pub kind: &'static str,
    /// How many rules and functions were being evaluated.
    pub depth: usize,
    /// Where.
    #[serde(flatten)]
    pub at: At,
    /// The text there, cut to one line.
    pub text: String,
}

/// What is shown of values: those of a test are its author's, those of a document may be secrets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    Values,
    Types,
}

impl At {
    pub(super) fn of(sources: &Sources, span: Span) -> At {
        let place = sources.place(span);
        let file = sources.file(span.file).map_or_else(String::new, |source| source.name.clone());
        At { file, line: place.line, column: place.column }
    }
}

impl NamedValue {
    pub(super) fn of(name: &str, value: &Value) -> NamedValue {
        NamedValue { name: name.to_owned(), value: short(value) }
    }
}

impl Stop {
    pub(super) fn of(rules: &Rules, stuck: &Stuck, shown: Shown) -> Stop {
        let (reason, help) = reason(rules, stuck, &|value| match shown {
            Shown::Values => short(value),
            Shown::Types => format!("{} {}", article(value), value.type_name()),
        });
        Stop {
            at: At::of(&rules.sources, stuck.statement),
            text: line(rules.sources.text(stuck.statement)),
            reason,
            documents: 0,
            help,
            values: match shown {
                Shown::Values => stuck.values.iter().map(|(name, value)| NamedValue::of(name, value)).collect(),
                Shown::Types => Vec::new(),
            },
        }
    }
}

/// Asks a rule of this name about every input.
pub(super) fn why(name: &str, rules: &Rules, machine: &mut Machine, rule: &Rule, inputs: &[Value]) -> Why {
    let mut holds = 0;
    let mut stops: BTreeMap<At, Stop> = BTreeMap::new();
    for input in inputs {
        machine.watch(0);
        let given = match machine.set_input(Some(input.clone())) {
            Ok(()) => machine.document(rule.document).ok().flatten(),
            Err(_) => None,
        };
        let empty = match &given {
            None | Some(Value::Boolean(false)) => true,
            Some(Value::Set(set)) => set.elements().is_empty(),
            Some(Value::Object(object)) => object.members().is_empty(),
            Some(Value::Array(array)) => array.items().is_empty(),
            Some(_) => false,
        };
        if !empty {
            holds += 1;
            continue;
        }
        for stuck in machine.stuck(rule.document) {
            let stop = Stop::of(rules, &stuck, Shown::Types);
            let known = stops.entry(stop.at.clone()).or_insert(stop);
            known.documents += 1;
        }
    }
    machine.unwatch();
    let mut stops: Vec<Stop> = stops.into_values().collect();
    stops.sort_by(|one, two| (two.documents, &one.at).cmp(&(one.documents, &two.at)));
    Why { schema_version: 1, rule: name.to_owned(), documents: inputs.len(), holds, stops }
}

/// Follows a rule on one input, for so many events.
pub(super) fn trace(rules: &Rules, machine: &mut Machine, rule: &Rule, input: Value, most: usize) -> Trace {
    machine.watch(most + 1);
    let given = match machine.set_input(Some(input)) {
        Ok(()) => machine.document(rule.document).ok().flatten(),
        Err(_) => None,
    };
    let truncated = machine.events().len() > most;
    let step = |event: &countersign_rego::machine::Event| Step {
        kind: match event.kind {
            EventKind::Enter => "enter",
            EventKind::Exit => "exit",
            EventKind::Undefined => "undefined",
            EventKind::Fail => "fail",
            EventKind::Redo => "redo",
        },
        depth: event.depth,
        at: At::of(&rules.sources, event.span),
        text: line(rules.sources.text(event.span)),
    };
    let events = machine.events().iter().take(most).map(step).collect();
    let printed = machine.take_printed();
    machine.unwatch();
    Trace { schema_version: 1, value: given.as_ref().map(short), events, truncated, printed }
}

/// Whether a statement gives a local its value.
pub(super) fn binds(statement: &Statement, local: u32) -> bool {
    let is = |expr: &Expr| matches!(expr.kind, ExprKind::Local(other) if other == local);
    let within = |expr: &Expr| match &expr.kind {
        ExprKind::Array(parts) => parts.iter().any(is),
        ExprKind::Reference(_, keys) => keys.iter().any(is),
        _ => is(expr),
    };
    match &statement.kind {
        StatementKind::Unify(left, right) => within(left) || within(right),
        StatementKind::Each { key, value, domain } => {
            key.as_ref().is_some_and(within) || within(value) || within(domain)
        }
        StatementKind::Test(expr) => within(expr),
        StatementKind::With(_, block) => block.iter().any(|statement| binds(statement, local)),
        _ => false,
    }
}

fn article(value: &Value) -> &'static str {
    if matches!(value, Value::Array(_) | Value::Object(_)) { "an" } else { "a" }
}

/// Why a statement does not hold, and what was probably meant.
fn reason(rules: &Rules, stuck: &Stuck, short: &dyn Fn(&Value) -> String) -> (String, Option<String>) {
    let text = line(rules.sources.text(stuck.span));
    match &stuck.reason {
        Reason::Missing { of, key } => {
            let key = key.as_str().map_or_else(|| json::write(key), str::to_owned);
            let names: Vec<&str> = match of {
                Value::Object(object) => object.members().iter().filter_map(|(name, _)| name.as_str()).collect(),
                _ => Vec::new(),
            };
            let meant = nearest(&key, names.into_iter());
            let help = meant.map(|name| format!("did you mean `{name}`?"));
            (format!("`{text}` is undefined: there is no `{key}`"), help)
        }
        Reason::Undefined => (format!("`{text}` is undefined"), None),
        Reason::False => (format!("`{text}` is false"), None),
        Reason::Compared(left, right) => (format!("it compares {} with {}", short(left), short(right)), None),
        Reason::Nothing(value) => (format!("nothing is in {}", short(value)), None),
        Reason::Shape(value) => (format!("{} has another shape", short(value)), None),
        Reason::Other => (format!("`{text}` does not hold"), None),
    }
}

/// A text as one line of at most 120 characters.
fn line(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 120 {
        line = line.chars().take(119).chain(['…']).collect();
    }
    line
}

fn short(value: &Value) -> String {
    let text = json::write(value);
    if text.chars().count() > 200 { text.chars().take(199).chain(['…']).collect() } else { text }
}
