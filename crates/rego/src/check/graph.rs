//! Which rules need which: the order in which they can be looked at one after the other, and those that need themselves.
//!
//! A reference may end above many rules. Each place of the tree is a node of its own, which needs all rules at it and all
//! places below it, so that the edges are as many as the references.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::tree::{Tree, written};
use crate::problem::{Problem, ProblemCode};
use crate::resolved::{
    Block, Expr, ExprKind, Function, Node, Piece, Resolved, Rule, RuleKind, StandIn, Statement, StatementKind, Target,
    Unprovided,
};
use crate::source::Span;
use crate::value::Value;

/// The most edges that references with a variable in the middle may add.
const EDGES: usize = 1_000_000;

/// The rules and places, and what they need.
struct Graph<'a> {
    root: &'a Node,
    /// The number of a place: after those of the rules.
    places: BTreeMap<*const Node, usize>,
    needs: Vec<BTreeSet<usize>>,
    rules: usize,
    edges: usize,
    unprovided: Vec<Unprovided>,
}

/// Adds a problem for every rule that needs itself. Gives the rules so that each comes after what it needs.
#[inline(never)]
pub fn order(resolved: &mut Resolved, tree: &Tree, problems: &mut Vec<Problem>) -> Vec<usize> {
    let rules = resolved.rules.len();
    let mut graph = Graph {
        root: &tree.root,
        places: BTreeMap::new(),
        needs: vec![BTreeSet::new(); rules],
        rules,
        edges: 0,
        unprovided: Vec::new(),
    };
    graph.add_places();
    for (number, rule) in resolved.rules.iter().enumerate() {
        graph.rule(number, rule);
    }
    resolved.unprovided = std::mem::take(&mut graph.unprovided);
    let groups = groups(&graph.needs);
    let mut group_of = vec![0; graph.needs.len()];
    for (number, group) in groups.iter().enumerate() {
        for member in group {
            if let Some(slot) = group_of.get_mut(*member) {
                *slot = number;
            }
        }
    }
    for group in &groups {
        let alone = group.len() == 1 && group.iter().all(|member| !graph.needs(*member).contains(member));
        if alone {
            continue;
        }
        for member in group.iter().filter(|member| **member < rules).take(super::PROBLEMS) {
            problems.extend(graph.cycle(*member, &group_of, resolved));
        }
    }
    groups.into_iter().flatten().filter(|member| *member < rules).collect()
}

impl<'a> Graph<'a> {
    fn needs(&self, node: usize) -> &BTreeSet<usize> {
        const NONE: &BTreeSet<usize> = &BTreeSet::new();
        self.needs.get(node).unwrap_or(NONE)
    }

    fn need(&mut self, from: usize, to: usize) {
        self.edges += 1;
        if let Some(needs) = self.needs.get_mut(from) {
            needs.insert(to);
        }
    }

    fn add_places(&mut self) {
        let mut waiting = vec![self.root];
        while let Some(node) = waiting.pop() {
            self.place(node);
            waiting.extend(node.below.values());
        }
        let mut waiting = vec![self.root];
        while let Some(node) = waiting.pop() {
            let number = self.place(node);
            for rule in &node.rules {
                self.need(number, *rule);
            }
            for below in node.below.values() {
                let below_number = self.place(below);
                self.need(number, below_number);
                waiting.push(below);
            }
        }
    }

    fn place(&mut self, node: &'a Node) -> usize {
        let next = self.needs.len();
        let number = *self.places.entry(std::ptr::from_ref(node)).or_insert(next);
        if number == next {
            self.needs.push(BTreeSet::new());
        }
        number
    }

    #[inline(never)]
    fn rule(&mut self, number: usize, rule: &Rule) {
        let mut references = References(Vec::new());
        if let RuleKind::Function(parameters) = &rule.kind {
            parameters.iter().for_each(|parameter| references.expr(parameter));
        }
        rule.keys.iter().for_each(|key| references.expr(key));
        for branch in &rule.branches {
            references.block(&branch.body);
            references.expr(&branch.value);
        }
        for Keys { keys, beside, span } in references.0 {
            self.reference(number, self.root, &keys, beside);
            if let Some(span) = span.filter(|_| self.nothing_at(&keys)) {
                let path = keys.into_iter().map_while(|key| key).collect();
                self.unprovided.push(Unprovided { path, span });
            }
        }
    }

    /// Whether no module has anything at the constant keys that a reference begins with.
    fn nothing_at(&self, keys: &[Option<Arc<str>>]) -> bool {
        let mut node = self.root;
        for name in keys.iter().map_while(Option::as_ref) {
            match node.below.get(name) {
                Some(below) if below.rules.is_empty() => node = below,
                Some(_) => return false,
                None => return true,
            }
        }
        false
    }

    /// A reference below `data`; a key that is no constant may be any.
    fn reference(&mut self, rule: usize, node: &'a Node, keys: &[Option<Arc<str>>], beside: bool) {
        let Some((key, rest)) = keys.split_first() else {
            if beside {
                return;
            }
            let place = self.place(node);
            self.need(rule, place);
            return;
        };
        match key {
            Some(name) => {
                if let Some(below) = node.below.get(name) {
                    self.through(rule, below, rest, beside);
                }
            }
            None if rest.is_empty() || self.edges > EDGES => {
                for below in node.below.values() {
                    let place = self.place(below);
                    self.need(rule, place);
                }
            }
            None => {
                for below in node.below.values() {
                    self.through(rule, below, rest, beside);
                }
            }
        }
    }

    fn through(&mut self, rule: usize, node: &'a Node, rest: &[Option<Arc<str>>], beside: bool) {
        for other in &node.rules {
            self.need(rule, *other);
        }
        self.reference(rule, node, rest, beside);
    }

    /// The shortest way from a rule back to it.
    fn cycle(&self, rule: usize, group_of: &[usize], resolved: &Resolved) -> Option<Problem> {
        let group = group_of.get(rule)?;
        let mut from: BTreeMap<usize, usize> = BTreeMap::new();
        let mut waiting = VecDeque::from([rule]);
        while let Some(node) = waiting.pop_front() {
            for next in self.needs(node).iter().filter(|next| group_of.get(**next) == Some(group)) {
                if *next == rule {
                    let mut way = vec![rule];
                    let mut at = node;
                    while at != rule {
                        way.push(at);
                        at = *from.get(&at)?;
                    }
                    way.push(rule);
                    way.reverse();
                    let names: Vec<String> = way
                        .iter()
                        .filter(|node| **node < self.rules)
                        .filter_map(|node| resolved.rules.get(*node))
                        .map(|rule| written(&rule.path))
                        .collect();
                    let found = resolved.rules.get(rule)?;
                    let message = format!("rule {} is recursive: {}", written(&found.path), names.join(" -> "));
                    let problem = Problem::new(ProblemCode::Recursion, found.span, message);
                    return Some(problem.help(
                        "a rule cannot need its own value: walk, graph.reachable and a comprehension replace recursion",
                    ));
                }
                if !from.contains_key(next) {
                    from.insert(*next, node);
                    waiting.push_back(*next);
                }
            }
        }
        None
    }
}

/// The nodes that reach each other, each group after those that it needs.
#[inline(never)]
fn groups(needs: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let count = needs.len();
    let (mut index, mut low) = (vec![NEW; count], vec![NEW; count]);
    let mut on_stack = vec![false; count];
    let (mut stack, mut groups) = (Vec::new(), Vec::new());
    let mut next = 0;
    let get = |list: &[usize], node: usize| list.get(node).copied().unwrap_or(NEW);
    let set = |list: &mut [usize], node: usize, value: usize| {
        if let Some(slot) = list.get_mut(node) {
            *slot = value;
        }
    };
    let mark = |list: &mut [bool], node: usize, value: bool| {
        if let Some(slot) = list.get_mut(node) {
            *slot = value;
        }
    };
    for start in 0..count {
        if get(&index, start) != NEW {
            continue;
        }
        let mut work = Vec::new();
        let mut enter = Some(start);
        loop {
            if let Some(node) = enter.take() {
                set(&mut index, node, next);
                set(&mut low, node, next);
                next += 1;
                stack.push(node);
                mark(&mut on_stack, node, true);
                work.push((node, needs.get(node).map(BTreeSet::iter)));
            }
            let Some((node, edges)) = work.last_mut() else { break };
            let node = *node;
            if let Some(other) = edges.as_mut().and_then(Iterator::next) {
                if get(&index, *other) == NEW {
                    enter = Some(*other);
                } else if on_stack.get(*other) == Some(&true) {
                    let lowest = get(&low, node).min(get(&index, *other));
                    set(&mut low, node, lowest);
                }
                continue;
            }
            work.pop();
            if let Some((above, _)) = work.last() {
                let lowest = get(&low, *above).min(get(&low, node));
                set(&mut low, *above, lowest);
            }
            if get(&low, node) == get(&index, node) {
                let mut group = Vec::new();
                while let Some(member) = stack.pop() {
                    mark(&mut on_stack, member, false);
                    group.push(member);
                    if member == node {
                        break;
                    }
                }
                group.sort_unstable();
                groups.push(group);
            }
        }
    }
    groups
}

/// The references below `data`, and the functions, that stand in something.
struct References(Vec<Keys>);

/// The keys of a reference below `data`; `None` may be any.
#[derive(Default)]
struct Keys {
    keys: Vec<Option<Arc<str>>>,
    /// Whether it ends at a key at which no rule can stand: what is below is not needed.
    beside: bool,
    /// Where it stands, if it reads a document.
    span: Option<Span>,
}

impl References {
    fn block(&mut self, block: &Block) {
        block.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Test(expr) => self.expr(expr),
            StatementKind::Unify(left, right) => {
                self.expr(left);
                self.expr(right);
            }
            StatementKind::Each { key, value, domain } => {
                // `some k in data.x` is `data.x[k]`.
                let key = key.as_ref().unwrap_or(value);
                match &domain.kind {
                    ExprKind::Reference(head, keys) if matches!(head.kind, ExprKind::Data) => {
                        self.reference(keys.iter().chain([key]), domain.span);
                        keys.iter().for_each(|key| self.expr(key));
                    }
                    _ => self.expr(domain),
                }
                self.expr(value);
                self.expr(key);
            }
            StatementKind::Every { domain, block, .. } => {
                self.expr(domain);
                self.block(block);
            }
            StatementKind::Not(block) => self.block(block),
            StatementKind::Or(blocks) => blocks.iter().for_each(|block| self.block(block)),
            StatementKind::With(withs, block) => {
                for with in withs {
                    if let Target::Function(Function::Rule(path)) = &with.target {
                        self.path(path);
                    }
                    if let Target::Data(path) = &with.target {
                        self.0.push(Keys { keys: path.iter().map(name).collect(), beside: false, span: None });
                    }
                    match &with.value {
                        StandIn::Value(value) => self.expr(value),
                        StandIn::Function(Function::Rule(path)) => self.path(path),
                        StandIn::Function(Function::Builtin(_)) => {}
                    }
                }
                self.block(block);
            }
        }
    }

    fn path(&mut self, path: &[Arc<str>]) {
        self.0.push(Keys { keys: path.iter().cloned().map(Some).collect(), beside: false, span: None });
    }

    fn reference<'a>(&mut self, keys: impl Iterator<Item = &'a Expr>, span: Span) {
        let key = |key: &Expr| match &key.kind {
            ExprKind::Constant(value) => Key::Constant(name(value)),
            _ => Key::Any,
        };
        let mut path = Keys { span: Some(span), ..Keys::default() };
        for key in keys.map(key) {
            match key {
                Key::Constant(Some(name)) => path.keys.push(Some(name)),
                Key::Constant(None) => {
                    path.beside = true;
                    break;
                }
                Key::Any => path.keys.push(None),
            }
        }
        self.0.push(path);
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Constant(_) | ExprKind::Local(_) | ExprKind::Input => {}
            ExprKind::Data => self.0.push(Keys::default()),
            ExprKind::Reference(head, keys) => {
                match head.kind {
                    ExprKind::Data => self.reference(keys.iter(), expr.span),
                    _ => self.expr(head),
                }
                keys.iter().for_each(|key| self.expr(key));
            }
            ExprKind::Array(parts) | ExprKind::Set(parts) => parts.iter().for_each(|part| self.expr(part)),
            ExprKind::Call(function, parts) => {
                if let Function::Rule(path) = function {
                    self.path(path);
                }
                parts.iter().for_each(|part| self.expr(part));
            }
            ExprKind::Object(members) => members.iter().for_each(|(key, value)| {
                self.expr(key);
                self.expr(value);
            }),
            ExprKind::ArrayOf(head, block) | ExprKind::SetOf(head, block) => {
                self.expr(head);
                self.block(block);
            }
            ExprKind::ObjectOf(member, block) => {
                self.expr(&member.0);
                self.expr(&member.1);
                self.block(block);
            }
            ExprKind::Template(pieces) => {
                for piece in pieces {
                    if let Piece::Value(block, value) = piece {
                        self.block(block);
                        self.expr(value);
                    }
                }
            }
        }
    }
}

enum Key {
    Constant(Option<Arc<str>>),
    Any,
}

fn name(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::String(name) => Some(name.clone()),
        _ => None,
    }
}
