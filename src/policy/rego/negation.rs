//! Findings of the gate about `not`: where it always holds, since what it asks for is misspelled; and where its two
//! meanings differ. By default, as in OPA, what stands in a `not` as an
//! argument is bound before it: where that is undefined, the rule stops. With `import future.keywords.not` it would go on.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_rego::machine::{Machine, Reason};
use countersign_rego::plan::DocumentId;
use countersign_rego::resolved::{ExprKind, RuleKind, StatementKind};
use countersign_rego::source::Span;
use countersign_rego::value::Value;

use super::documents::Entry;
use super::lints::{BODIES, DOCUMENTS, Lint, block, constant, contains, names};
use super::rules::Rules;
use crate::finding::Code;
use crate::nearest::nearest;

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

/// Each `not` at which a rule stopped on a document, since what stands in it is undefined there. What no rule that judges
/// asks for is not tried: a helper may be meant for an input that `with` makes.
#[inline(never)]
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
    let negating = || negating.iter().take(BODIES);
    for entry in tried {
        if negating().all(|one| one.spans.iter().all(|span| stopped.contains_key(span))) {
            break;
        }
        machine.watch(0);
        if machine.set_input(Some(Value::clone(&entry.value))).is_err() {
            continue;
        }
        for rule in rules.judging.iter().filter(|rule| !rule.judges_set()) {
            let evaluated = rules.evaluate(machine, rule.document, most.min(*left));
            *left = left.saturating_sub(evaluated.steps);
        }
        for one in negating() {
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

/// What a `not` asks of a document: the constant keys below `input`.
#[derive(Debug)]
pub(super) struct Negated {
    rule: String,
    not: Span,
    path: Vec<Arc<str>>,
}

impl Negated {
    /// Every path that a `not` reads below `input`.
    #[inline(never)]
    pub fn of(rules: &Rules) -> Vec<Negated> {
        let mut found = Vec::new();
        for rule in &rules.resolved.rules {
            for branch in &rule.branches {
                for statement in &branch.body {
                    let StatementKind::Not(within) = &statement.kind else { continue };
                    block(within, false, &mut |expr| {
                        let ExprKind::Reference(head, keys) = &expr.kind else { return };
                        let path: Vec<Arc<str>> = keys.iter().map_while(constant).map(Arc::from).collect();
                        if matches!(head.kind, ExprKind::Input) && !path.is_empty() {
                            found.push(Negated { rule: rule.path.join("."), not: statement.span, path });
                        }
                    });
                }
            }
        }
        found
    }
}

/// Each `not` that asks for a member that no document has, while they have one of nearly that name.
pub(super) fn always_holds(negated: &[Negated], rules: &Rules, entries: &[Entry]) -> Vec<Lint> {
    let tried: Vec<&Entry> = entries.iter().step_by(entries.len().div_ceil(DOCUMENTS).max(1)).collect();
    let mut lints: Vec<Lint> = Vec::new();
    for Negated { rule, not, path } in negated.iter().take(BODIES) {
        let mut at: Vec<&Value> = tried.iter().map(|entry| &entry.value).collect();
        for (depth, key) in path.iter().enumerate() {
            let below: Vec<&Value> = at.iter().filter_map(|value| value.member(key)).collect();
            if !below.is_empty() {
                at = below;
                continue;
            }
            let near = nearest(key, at.iter().flat_map(|value| names(value)));
            let whole = path.get(..=depth).unwrap_or_default().join(".");
            let text = rules.sources.text(*not).split_whitespace().collect::<Vec<_>>().join(" ");
            lints.extend(near.map(|near| Lint {
                code: Code::RuleNot,
                rule: rule.clone(),
                about: format!("{rule} {whole}"),
                message: format!(
                    "no document has `{whole}`, so `{text}` at {} always holds",
                    rules.place(*not).unwrap_or_default()
                ),
                help: format!("did you mean `{near}`?"),
            }));
            break;
        }
    }
    lints.dedup_by(|one, two| one.message == two.message);
    lints
}
