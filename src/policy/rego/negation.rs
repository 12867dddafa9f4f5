//! The finding of the gate where the two meanings of `not` differ. By default, as in OPA, what stands in a `not` as an
//! argument is bound before it: where that is undefined, the rule stops. With `import future.keywords.not` it would go on.

use std::collections::BTreeMap;

use countersign_rego::machine::{Machine, Reason};
use countersign_rego::plan::DocumentId;
use countersign_rego::resolved::RuleKind;
use countersign_rego::source::Span;
use countersign_rego::value::Value;

use super::documents::Entry;
use super::lints::{BODIES, DOCUMENTS, Lint, contains};
use super::rules::Rules;
use crate::finding::Code;

/// A document that has such a `not` in its rules.
#[derive(Debug)]
pub(super) struct Negating {
    path: String,
    document: DocumentId,
    /// Where each `not` stands.
    spans: Vec<Span>,
}

impl Negating {
    /// The documents with a `not` whose meaning the import would change. Rules about the set have no input.
    pub fn of(rules: &Rules) -> Vec<Negating> {
        let mut found: BTreeMap<String, Negating> = BTreeMap::new();
        for span in &rules.resolved.not_hoisted {
            let Some(rule) = rules.resolved.rules.iter().find(|rule| contains(rule.span, *span)) else { continue };
            let path = rule.path.join(".");
            let set = rules.judging.iter().any(|judging| judging.path == path && judging.judges_set());
            let Some(document) = rules.program.document(&rule.path) else { continue };
            if !set && !matches!(rule.kind, RuleKind::Function(_)) {
                let negating = Negating { path: path.clone(), document, spans: Vec::new() };
                found.entry(path).or_insert(negating).spans.push(*span);
            }
        }
        found.into_values().collect()
    }
}

/// Each `not` at which a rule stopped on a document, since what stands in it is undefined there.
pub(super) fn stopped_at_not(
    negating: &[Negating],
    rules: &Rules,
    machine: &mut Machine,
    entries: &[Entry],
    most: u64,
    left: &mut u64,
) -> Vec<Lint> {
    let tried = entries.iter().step_by(entries.len().div_ceil(DOCUMENTS).max(1));
    let mut stopped: BTreeMap<Span, (&str, Span)> = BTreeMap::new();
    for entry in tried {
        for one in negating.iter().take(BODIES) {
            if one.spans.iter().all(|span| stopped.contains_key(span)) {
                continue;
            }
            machine.watch(0);
            if machine.set_input(Some(Value::clone(&entry.value))).is_err() {
                continue;
            }
            let evaluated = rules.evaluate(machine, one.document, most.min(*left));
            *left = left.saturating_sub(evaluated.steps);
            for stuck in machine.stuck(one.document) {
                let undefined = matches!(stuck.reason, Reason::Missing { .. } | Reason::Undefined);
                let not = one.spans.iter().find(|span| contains(**span, stuck.statement));
                if let Some(not) = not.filter(|_| undefined) {
                    stopped.entry(*not).or_insert((&one.path, stuck.span));
                }
            }
        }
    }
    machine.unwatch();
    let lint = |(not, (rule, inner)): (Span, (&str, Span))| {
        let text = |span| rules.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
        let (not, inner, place) = (text(not), text(inner), rules.place(not).unwrap_or_default());
        Lint {
            code: Code::RuleNot,
            rule: rule.to_owned(),
            about: format!("{rule} {not}"),
            message: format!(
                "`{rule}` stops at `{not}`, {place}, where `{inner}` is undefined: there it does not hold"
            ),
            help: "as in OPA; with `import future.keywords.not` in the module it would hold".to_owned(),
        }
    };
    stopped.into_iter().map(lint).collect()
}
