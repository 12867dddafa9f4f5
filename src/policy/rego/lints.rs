//! Findings of the gate about rules that judged nothing: what they ask of a document is in none, the data they read is
//! not there, or their name is not one of those that judge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_rego::machine::{Machine, Reason, Stuck};
use countersign_rego::resolved::{Block, Expr, ExprKind, Function, Piece, RuleKind, StandIn, Statement, StatementKind};
use countersign_rego::source::Span;
use countersign_rego::value::Value;

use super::documents::Entry;
use super::negation::{Negated, Negating};
use super::rules::{Reading, Rule, Rules};
use crate::finding::Code;
use crate::nearest::nearest;

/// The most bodies that are asked why they gave nothing, and the most findings about data.
pub(super) const BODIES: usize = 50;

/// The most documents on which they are asked.
pub(super) const DOCUMENTS: usize = 20;

/// How deep helpers are followed.
const HELPERS: usize = 8;

/// The most places in a message.
const PLACES: usize = 3;

/// The members of `data` that every check has, and what it gives templates: what is below them may be absent.
const OPEN: [&str; 4] = ["documents", "inventory", "now", "params"];

/// What is to be said about a rule.
#[derive(Clone, Debug)]
pub(super) struct Lint {
    pub code: Code,
    /// The path of the rule.
    pub rule: String,
    /// What about it, whatever its lines are.
    pub about: String,
    pub message: String,
    pub help: String,
}

/// What the modules alone show.
#[derive(Debug, Default)]
pub(super) struct Lints {
    /// The rules whose name is nearly one that judges.
    pub names: Vec<Lint>,
    /// The documents whose rules have a `not` with two meanings.
    pub negating: Vec<Negating>,
    /// What each `not` asks of a document.
    pub negated: Vec<Negated>,
    bodies: Vec<Body>,
    helpers: Helpers,
}

/// The rules and functions that each statement cannot do without, by where it stands.
type Helpers = BTreeMap<Span, Vec<Vec<Arc<str>>>>;

/// A body of a rule that judges documents, and what it cannot do without.
#[derive(Debug)]
struct Body {
    /// The number of its rule, among those that judge.
    rule: usize,
    span: Span,
    /// The members of `input` that it needs.
    roots: Vec<Arc<str>>,
}

impl Lints {
    pub fn of(rules: &Rules, reading: &Reading) -> Lints {
        let numbers = rules.judging.iter().enumerate().filter(|(_, rule)| !rule.judges_set());
        let numbers: BTreeMap<&str, usize> = numbers.map(|(number, rule)| (rule.path.as_str(), number)).collect();
        let mut bodies = Vec::new();
        let helpers = helpers(rules);
        for rule in &rules.resolved.rules {
            let Some(number) = numbers.get(rule.path.join(".").as_str()) else { continue };
            // Where there is an `else`, the bodies do not stand for themselves.
            let [branch] = rule.branches.as_slice() else { continue };
            let roots = roots(rules, &helpers, &branch.body);
            if !roots.is_empty() {
                bodies.push(Body { rule: *number, span: branch.span, roots });
            }
        }
        bodies.sort_by_key(|body| body.rule);
        let (negating, negated) = (Negating::of(rules), Negated::of(rules));
        Lints { names: misnamed(rules, reading), negating, negated, bodies, helpers }
    }

    /// The rules that stopped, in every document, at a member of `input` that no document has. `left` are the steps that
    /// may be taken to see it, `most` those of one evaluation.
    pub fn unmet(
        &self,
        rules: &Rules,
        machine: &mut Machine,
        entries: &[Entry],
        most: u64,
        left: &mut u64,
    ) -> Vec<Lint> {
        let roots: BTreeSet<&Arc<str>> = self.bodies.iter().flat_map(|body| &body.roots).collect();
        let is_absent = |root: &&Arc<str>| entries.iter().all(|entry| entry.value.member(root).is_none());
        let absent: BTreeSet<&Arc<str>> = roots.into_iter().filter(is_absent).collect();
        if absent.is_empty() || entries.is_empty() {
            return Vec::new();
        }
        let lacks = |body: &&Body| body.roots.iter().any(|root| absent.contains(root));
        let lacking: Vec<&Body> = self.bodies.iter().filter(lacks).take(BODIES).collect();
        let tried: Vec<&Entry> = entries.iter().step_by(entries.len().div_ceil(DOCUMENTS)).collect();
        let mut stopped: BTreeMap<(&str, Arc<str>), Vec<Span>> = BTreeMap::new();
        for bodies in lacking.chunk_by(|one, two| one.rule == two.rule) {
            let Some(rule) = bodies.first().and_then(|body| rules.judging.get(body.rule)) else { continue };
            let mut stuck = bodies.to_vec();
            let mut stops = Vec::new();
            for entry in &tried {
                if stuck.is_empty() {
                    break;
                }
                stops = self.stops_at(rules, machine, rule, &entry.value, most, left);
                stops.retain(|(_, root)| absent.contains(root));
                stuck.retain(|body| stops.iter().any(|(span, _)| contains(body.span, *span)));
            }
            for body in stuck {
                if let Some((span, root)) = stops.iter().find(|(span, _)| contains(body.span, *span)) {
                    stopped.entry((&rule.path, Arc::clone(root))).or_default().push(*span);
                }
            }
        }
        machine.unwatch();
        let members = tried.iter().flat_map(|entry| names(&entry.value)).collect::<BTreeSet<&str>>();
        let lint = |((rule, root), spans): ((&str, Arc<str>), Vec<Span>)| Lint {
            code: Code::RuleUnmet,
            rule: rule.to_owned(),
            about: format!("{rule} {root}"),
            message: format!("no document has `{root}`, so `{rule}` judged nothing at {}", places(rules, &spans)),
            help: match (nearest(&root, members.iter().copied()), &*root) {
                (Some(meant), _) => format!("did you mean `input.{meant}`?"),
                (None, "review" | "request") => {
                    "a document is `input` itself: only templates see it as `input.review.object`".to_owned()
                }
                (None, _) => "each document is `input` as it stands: take the path from one".to_owned(),
            },
        };
        stopped.into_iter().map(lint).collect()
    }
}

impl Lints {
    /// Where the bodies of a rule stop, if that is at a member that the input does not have, and at which. A rule that
    /// fails has its own finding.
    fn stops_at(
        &self,
        rules: &Rules,
        machine: &mut Machine,
        rule: &Rule,
        input: &Value,
        most: u64,
        left: &mut u64,
    ) -> Vec<(Span, Arc<str>)> {
        machine.watch(0);
        if machine.set_input(Some(input.clone())).is_err() {
            return Vec::new();
        }
        let evaluated = rules.evaluate(machine, rule.document, most.min(*left));
        *left = left.saturating_sub(evaluated.steps);
        if evaluated.ended.is_some() || evaluated.error.is_some() {
            return Vec::new();
        }
        let stop = |stuck: Stuck| Some((stuck.statement, self.root_of(rules, machine, &stuck, input, HELPERS)?));
        machine.stuck(rule.document).into_iter().filter_map(stop).collect()
    }

    /// The member of the input that a statement lacks; or that a helper lacks in each of its bodies.
    fn root_of(
        &self,
        rules: &Rules,
        machine: &Machine,
        stuck: &Stuck,
        input: &Value,
        deepest: usize,
    ) -> Option<Arc<str>> {
        if let Reason::Missing { of, key: Value::String(root) } = &stuck.reason
            && of == input
        {
            return Some(Arc::clone(root));
        }
        let deeper = deepest.checked_sub(1)?;
        self.helpers.get(&stuck.statement)?.iter().find_map(|path| {
            let within = machine.stuck(rules.program.document(path)?);
            let roots: Option<Vec<Arc<str>>> =
                within.iter().map(|stuck| self.root_of(rules, machine, stuck, input, deeper)).collect();
            roots?.into_iter().next()
        })
    }
}

/// The helpers of all rules.
#[inline(never)]
fn helpers(rules: &Rules) -> Helpers {
    let mut found = Helpers::new();
    for one in rules.resolved.rules.iter().flat_map(|rule| &rule.branches).flat_map(|branch| &branch.body) {
        let mut paths = Vec::new();
        statement(one, false, &mut |expr| match &expr.kind {
            ExprKind::Call(Function::Rule(path), _) => paths.push(path.clone()),
            _ => paths.extend(data_path(expr).map(|path| path.into_iter().map(Arc::from).collect())),
        });
        // A reference may go on below the rule.
        let rule = |path: Vec<Arc<str>>| {
            (1..=path.len())
                .filter_map(|length| path.get(..length))
                .find(|path| is_rule(rules, path))
                .map(<[_]>::to_vec)
        };
        found.entry(one.span).or_default().extend(paths.into_iter().filter_map(rule));
    }
    found
}

fn is_rule(rules: &Rules, path: &[Arc<str>]) -> bool {
    let node = path.iter().try_fold(&rules.resolved.root, |node, name| node.below.get(name));
    node.is_some_and(|node| !node.rules.is_empty())
}

/// The members of `input` that a body needs, by itself or through its helpers.
#[inline(never)]
fn roots(rules: &Rules, helpers: &Helpers, body: &Block) -> Vec<Arc<str>> {
    let (mut found, mut seen): (Vec<Arc<str>>, BTreeSet<&Vec<Arc<str>>>) = (Vec::new(), BTreeSet::new());
    let mut open = vec![body];
    while let Some(body) = open.pop() {
        block(body, false, &mut |expr| found.extend(root(expr)));
        for path in body.iter().filter_map(|statement| helpers.get(&statement.span)).flatten() {
            if seen.insert(path) {
                let rules = rules.resolved.rules.iter().filter(|rule| rule.path == *path);
                open.extend(rules.flat_map(|rule| &rule.branches).map(|branch| &branch.body));
            }
        }
    }
    found
}

/// What is read below `data` that neither the modules nor the data have.
pub(super) fn data_missing(rules: &Rules, data: &Value, namespaces: &[String]) -> Vec<Lint> {
    let mut missing: BTreeMap<&[Arc<str>], Vec<Span>> = BTreeMap::new();
    for unprovided in &rules.resolved.unprovided {
        let Some(rule) = rules.resolved.rules.iter().find(|rule| contains(rule.span, unprovided.span)) else {
            continue;
        };
        let package = rule.path.split_last().map_or_else(String::new, |(_, package)| package.join("."));
        if !namespaces.is_empty() && !namespaces.contains(&package) {
            continue;
        }
        // What has a default may do without.
        let has_default = rules.resolved.rules.iter().any(|other| other.default && other.path == rule.path);
        if let Some(path) = nothing_at(rules, data, &unprovided.path).filter(|_| !has_default) {
            missing.entry(path).or_default().push(unprovided.span);
        }
    }
    let lint = |(path, spans): (&[Arc<str>], Vec<Span>)| {
        let (name, above) = path.split_last()?;
        let first = spans.first()?;
        let rule = rules.resolved.rules.iter().find(|rule| contains(rule.span, *first))?.path.join(".");
        let beside = above.iter().try_fold(data, |value, name| value.member(name));
        let node = above.iter().try_fold(&rules.resolved.root, |node, name| node.below.get(name));
        let below = node.into_iter().flat_map(|node| node.below.keys().map(|name| &**name));
        let known = beside.into_iter().flat_map(names).chain(below);
        let path = path.join(".");
        Some(Lint {
            code: Code::RuleData,
            message: format!("nothing provides `data.{path}`, which `{rule}` reads at {}", places(rules, &spans)),
            about: format!("{rule} {path}"),
            rule,
            help: match nearest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "give it as data, or add the module that defines it".to_owned(),
            },
        })
    };
    missing.into_iter().take(BODIES).filter_map(lint).collect()
}

/// The beginning of a path below `data` at which there is nothing: its first name, or the second below what is known.
fn nothing_at<'a>(rules: &Rules, data: &Value, path: &'a [Arc<str>]) -> Option<&'a [Arc<str>]> {
    let first = path.first().filter(|name| !OPEN.contains(&&***name))?;
    let package = rules.resolved.root.below.get(first);
    if package.is_none() && data.member(first).is_none() {
        return path.get(..1);
    }
    let second = path.get(1)?;
    let in_data = match data.member(first) {
        None => false,
        Some(Value::Object(object)) => object.member(second).is_some(),
        // Nobody can say what is meant by a name below a list.
        Some(_) => true,
    };
    let in_modules = package.is_some_and(|node| !node.rules.is_empty() || node.below.contains_key(second));
    let is = |package: &[Arc<str>]| package.first() == Some(first) && package.get(1) == Some(second);
    let is_package = rules.resolved.modules.iter().any(|module| is(&module.package));
    if in_data || in_modules || is_package { None } else { path.get(..2) }
}

/// The rules that no other refers to and whose name is nearly one that judges.
#[inline(never)]
fn misnamed(rules: &Rules, reading: &Reading) -> Vec<Lint> {
    let mut found: BTreeMap<&[Arc<str>], (Span, &str)> = BTreeMap::new();
    for rule in &rules.resolved.rules {
        let Some((name, package)) = rule.path.split_last() else { continue };
        let judged = reading.namespaces.is_empty() || reading.namespaces.contains(&package.join("."));
        if let Some(meant) = meant(name).filter(|_| judged && !matches!(rule.kind, RuleKind::Function(_))) {
            found.entry(&rule.path).or_insert((rule.span, meant));
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    for rule in &rules.resolved.rules {
        let mut see = |expr: &Expr| {
            if let Some(path) = data_path(expr) {
                let refers =
                    |to: &[Arc<str>]| *to != *rule.path && to.iter().zip(&path).all(|(one, two)| **one == **two);
                found.retain(|to, _| !refers(to));
            }
        };
        rule.keys.iter().for_each(|key| expression(key, true, &mut see));
        for branch in &rule.branches {
            block(&branch.body, true, &mut see);
            expression(&branch.value, true, &mut see);
        }
    }
    let lint = |(path, (span, meant)): (&[Arc<str>], (Span, &str))| {
        let (rule, places) = (path.join("."), places(rules, &[span]));
        Lint {
            code: Code::RuleName,
            message: format!("`{rule}` at {places} judges nothing: only `deny`, `violation`, `warn` and `deny_…` do"),
            about: rule.clone(),
            rule,
            help: format!("did you mean `{meant}`?"),
        }
    };
    found.into_iter().map(lint).collect()
}

/// The name that judges, where this is nearly it.
fn meant(name: &str) -> Option<&'static str> {
    const JUDGE: [&str; 3] = ["deny", "violation", "warn"];
    const BEGIN: [(&str, &str); 4] = [("deny", "deny"), ("deni", "deny"), ("violat", "violation"), ("warn", "warn")];
    let first = name.split('_').next().unwrap_or(name);
    if JUDGE.contains(&first) {
        return None;
    }
    let lower = name.to_lowercase();
    let begins = BEGIN.iter().find(|(begin, _)| lower.starts_with(begin)).map(|(_, meant)| *meant);
    begins.or_else(|| nearest(first, JUDGE.into_iter()))
}

/// The names that a reference below `data` begins with.
fn data_path(expr: &Expr) -> Option<Vec<&str>> {
    match &expr.kind {
        ExprKind::Data => Some(Vec::new()),
        ExprKind::Reference(head, keys) if matches!(head.kind, ExprKind::Data) => {
            Some(keys.iter().map_while(constant).collect())
        }
        _ => None,
    }
}

/// The member of `input` that an expression needs.
fn root(expr: &Expr) -> Option<Arc<str>> {
    match &expr.kind {
        ExprKind::Reference(head, keys) if matches!(head.kind, ExprKind::Input) => {
            keys.first().and_then(constant).map(Arc::from)
        }
        _ => None,
    }
}

pub(super) fn constant(key: &Expr) -> Option<&str> {
    match &key.kind {
        ExprKind::Constant(value) => value.as_str(),
        _ => None,
    }
}

/// Shows every expression of a block; those that may be undefined without its failing only if it is `deep`.
pub(super) fn block(block: &Block, deep: bool, see: &mut dyn FnMut(&Expr)) {
    block.iter().for_each(|one| statement(one, deep, see));
}

fn statement(statement: &Statement, deep: bool, see: &mut dyn FnMut(&Expr)) {
    match &statement.kind {
        StatementKind::Test(expr) => expression(expr, deep, see),
        StatementKind::Unify(left, right) => {
            expression(left, deep, see);
            expression(right, deep, see);
        }
        StatementKind::Each { key, value, domain } => {
            key.iter().chain([value, domain]).for_each(|expr| expression(expr, deep, see));
        }
        StatementKind::Every { domain, block: within, .. } => {
            expression(domain, deep, see);
            if deep {
                block(within, deep, see);
            }
        }
        StatementKind::Not(within) if deep => block(within, deep, see),
        StatementKind::Or(blocks) if deep => blocks.iter().for_each(|within| block(within, deep, see)),
        StatementKind::With(withs, within) if deep => {
            for with in withs {
                if let StandIn::Value(value) = &with.value {
                    expression(value, deep, see);
                }
            }
            block(within, deep, see);
        }
        StatementKind::Not(_) | StatementKind::Or(_) | StatementKind::With(..) => {}
    }
}

fn expression(expr: &Expr, deep: bool, see: &mut dyn FnMut(&Expr)) {
    see(expr);
    let mut all = |exprs: &[Expr]| exprs.iter().for_each(|expr| expression(expr, deep, see));
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Local(_) | ExprKind::Input | ExprKind::Data => {}
        ExprKind::Reference(head, keys) => {
            all(keys);
            // `data` alone would be all of it.
            if !matches!(head.kind, ExprKind::Data) {
                expression(head, deep, see);
            }
        }
        ExprKind::Array(parts) | ExprKind::Set(parts) | ExprKind::Call(_, parts) => all(parts),
        ExprKind::Object(members) => {
            for (key, value) in members {
                expression(key, deep, see);
                expression(value, deep, see);
            }
        }
        ExprKind::ArrayOf(value, within) | ExprKind::SetOf(value, within) if deep => {
            block(within, deep, see);
            expression(value, deep, see);
        }
        ExprKind::ObjectOf(member, within) if deep => {
            block(within, deep, see);
            expression(&member.0, deep, see);
            expression(&member.1, deep, see);
        }
        ExprKind::Template(pieces) if deep => {
            for piece in pieces {
                if let Piece::Value(within, value) = piece {
                    block(within, deep, see);
                    expression(value, deep, see);
                }
            }
        }
        ExprKind::ArrayOf(..) | ExprKind::SetOf(..) | ExprKind::ObjectOf(..) | ExprKind::Template(_) => {}
    }
}

/// The names of an object's members.
pub(super) fn names(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(object) => object.members().iter().filter_map(|(name, _)| name.as_str()).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn contains(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

/// The first places, and how many more there are.
fn places(rules: &Rules, spans: &[Span]) -> String {
    let first: Vec<String> = spans.iter().take(PLACES).filter_map(|span| rules.place(*span)).collect();
    match spans.len().saturating_sub(PLACES) {
        0 => first.join(", "),
        more => format!("{} and {more} more places", first.join(", ")),
    }
}
