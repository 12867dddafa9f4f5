//! Types: what each expression can be, from constants, functions and rules; and what can then never hold, as OPA's type
//! checker finds it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::signatures::{Signature, signature};
use super::types::{Array, Object, Type};
use crate::builtins::{Registry, Types};
use crate::problem::{Problem, ProblemCode};
use crate::resolved::{
    Block, Expr, ExprKind, Function, Piece, Resolved, Rule, RuleKind, StandIn, Statement, StatementKind,
};
use crate::source::Span;
use crate::value::Value;

/// What is known of a place below `data`.
#[derive(Debug, Default)]
struct Known {
    value: Option<Type>,
    /// The parameters and the result. `None` in it: several rules with different types.
    function: Option<Option<(Vec<Type>, Type)>>,
    below: BTreeMap<Arc<str>, Known>,
}

/// The types of all rules so far.
pub struct Infer<'a> {
    registry: &'a Registry,
    /// The signatures that were looked up.
    signatures: BTreeMap<Arc<str>, Option<Signature>>,
    data: Known,
    /// The types of the locals of a rule.
    locals: Vec<Option<Type>>,
    /// What the locals had before a closure.
    trail: Vec<(u32, Option<Type>)>,
    pub(super) names: Vec<Arc<str>>,
    /// The types of comprehensions, templates and references within references, by where they are: each is looked at
    /// once, however often it is asked for.
    seen: BTreeMap<*const Expr, Option<Type>>,
    problems: Vec<Problem>,
}

impl<'a> Infer<'a> {
    pub fn new(registry: &'a Registry) -> Infer<'a> {
        Infer {
            registry,
            signatures: BTreeMap::new(),
            data: Known::default(),
            locals: Vec::new(),
            trail: Vec::new(),
            names: Vec::new(),
            seen: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// Checks a rule, and remembers what it can be. The rules that it needs come before it.
    #[inline(never)]
    pub fn rule(&mut self, rule: &Rule, problems: &mut Vec<Problem>) {
        let mut values = Vec::new();
        let mut keys: Vec<Type> = Vec::new();
        self.names.clone_from(&rule.locals);
        self.seen.clear();
        for (index, branch) in rule.branches.iter().enumerate() {
            self.locals = vec![None; rule.locals.len()];
            self.trail.clear();
            self.block(&branch.body);
            let value = self.expr(&branch.value).unwrap_or(Type::Any);
            let parameters = match &rule.kind {
                RuleKind::Function(patterns) => patterns.iter().map(|pattern| self.parameter(pattern)).collect(),
                _ => Vec::new(),
            };
            values.push((parameters, value));
            if index == 0 {
                keys = rule.keys.iter().map(|key| self.expr(key).unwrap_or(Type::Any)).collect();
            }
        }
        let wrong = !self.problems.is_empty();
        problems.append(&mut self.problems);
        let mut known = &mut self.data;
        for name in &rule.path {
            known = known.below.entry(name.clone()).or_default();
        }
        if let RuleKind::Function(_) = rule.kind {
            // Where definitions have different types, OPA knows none.
            for new in values {
                known.function = Some(match known.function.take() {
                    _ if wrong => None,
                    None => Some(new),
                    Some(before) => before.filter(|before| *before == new),
                });
            }
            return;
        }
        let result = values.into_iter().map(|(_, value)| value).reduce(|one, two| one.or(&two));
        let result = result.unwrap_or(Type::Any);
        let result = if let RuleKind::Set = rule.kind { Type::set_of(result) } else { result };
        let value = keys.into_iter().rev().fold(result, |value, key| Type::object_of(key, value));
        let value = if wrong { Type::Any } else { value };
        known.value = Some(known.value.take().map_or_else(|| value.clone(), |before| before.or(&value)));
    }

    /// Remembers rules that are checked already, as far as a query must know of them: functions are no values.
    pub fn known(&mut self, resolved: &Resolved) {
        for rule in &resolved.rules {
            let mut known = &mut self.data;
            for name in &rule.path {
                known = known.below.entry(name.clone()).or_default();
            }
            match rule.kind {
                RuleKind::Function(_) => known.function = Some(None),
                _ => known.value = Some(Type::Any),
            }
        }
    }

    /// Checks a query.
    pub fn query(&mut self, block: &Block, names: &[Arc<str>], problems: &mut Vec<Problem>) {
        self.names = names.to_vec();
        self.locals = vec![None; names.len()];
        self.block(block);
        problems.append(&mut self.problems);
    }

    fn parameter(&mut self, pattern: &Expr) -> Type {
        match &pattern.kind {
            ExprKind::Local(local) => self.local(*local).unwrap_or(Type::Any),
            ExprKind::Array(parts) if !parts.is_empty() => {
                Type::array(Array { items: parts.iter().map(|part| self.parameter(part)).collect(), rest: None })
            }
            ExprKind::Object(members) => {
                let mut object = Object { members: BTreeMap::new(), rest: None };
                for (key, value) in members {
                    let value = self.parameter(value);
                    match &key.kind {
                        ExprKind::Constant(key) => drop(object.members.insert(key.clone(), value)),
                        _ => object.rest = Some((Type::Any, value)),
                    }
                }
                Type::object(object)
            }
            _ => self.expr(pattern).unwrap_or(Type::Any),
        }
    }

    pub(super) fn local(&self, local: u32) -> Option<Type> {
        usize::try_from(local).ok().and_then(|index| self.locals.get(index)).cloned().flatten()
    }

    pub(super) fn set(&mut self, local: u32, found: Type) {
        let slot = usize::try_from(local).ok().and_then(|index| self.locals.get_mut(index));
        if let Some(slot) = slot {
            self.trail.push((local, slot.take()));
            *slot = Some(found);
        }
    }

    /// Runs with types of locals that are forgotten after it.
    fn closed<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.trail.len();
        let result = run(self);
        while self.trail.len() > mark {
            let Some((local, before)) = self.trail.pop() else { break };
            let slot = usize::try_from(local).ok().and_then(|index| self.locals.get_mut(index));
            if let Some(slot) = slot {
                *slot = before;
            }
        }
        result
    }

    fn problem(&mut self, span: Span, message: String, help: String) {
        self.problems.push(Problem::new(ProblemCode::Type, span, message).help(help));
    }

    fn block(&mut self, block: &Block) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Test(expr) => match &expr.kind {
                ExprKind::Call(function, arguments) => drop(self.call(function, arguments, expr.span)),
                _ => drop(self.expr(expr)),
            },
            StatementKind::Unify(left, right) => {
                let before = self.problems.len();
                let one = self.expr(left);
                let two = self.expr(right);
                if self.problems.len() == before && !self.unify(left, &one, right, &two) {
                    let words =
                        |found: &Option<Type>| found.as_ref().map_or_else(|| String::from("any"), Type::written);
                    let help = format!("one side is {}, the other {}", words(&one), words(&two));
                    self.problem(statement.span, String::from("match error"), help);
                }
            }
            StatementKind::Each { key, value, domain } => {
                let Some(found) = self.expr(domain) else { return };
                let (Some(keys), Some(values)) = (found.keys(), found.values()) else {
                    let help = format!("nothing is in a value of type {}", found.written());
                    return self.problem(domain.span, format!("undefined ref: {}[_]", self.written(domain)), help);
                };
                let fits = key.as_ref().is_none_or(|key| self.give(key, &keys)) && self.give(value, &values);
                if !fits {
                    let help = format!("the values are of type {}", values.written());
                    self.problem(statement.span, String::from("match error"), help);
                }
            }
            // As in OPA, the types of what `every` looks through are not known in its body.
            StatementKind::Every { domain, block, .. } => {
                self.expr(domain);
                self.closed(|infer| infer.block(block));
            }
            StatementKind::Not(block) => self.closed(|infer| infer.block(block)),
            StatementKind::Or(blocks) => {
                for block in blocks {
                    self.closed(|infer| infer.block(block));
                }
            }
            StatementKind::With(withs, block) => {
                for with in withs {
                    if let StandIn::Value(value) = &with.value {
                        self.expr(value);
                    }
                }
                self.block(block);
            }
        }
    }

    /// The type of an expression; `None` if a local in it has none yet.
    pub(super) fn expr(&mut self, expr: &Expr) -> Option<Type> {
        match &expr.kind {
            ExprKind::Constant(value) => Some(Type::of(value)),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Input | ExprKind::Data => Some(Type::Any),
            ExprKind::Reference(head, keys) if keys.iter().all(is_simple) => self.reference(expr, head, keys),
            ExprKind::Reference(head, keys) => self.once(expr, |infer| infer.reference(expr, head, keys)),
            ExprKind::Array(parts) => {
                let items: Vec<_> = parts.iter().map(|part| self.expr(part)).collect();
                let items: Option<Vec<Type>> = items.into_iter().collect();
                Some(Type::array(Array { items: items?, rest: None }))
            }
            ExprKind::Set(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.expr(part)).collect();
                let parts: Option<Vec<Type>> = parts.into_iter().collect();
                Some(Type::set_of(parts?.iter().fold(Type::none(), |all, part| all.or(part))))
            }
            ExprKind::Object(members) => self.object(members),
            ExprKind::ArrayOf(..) | ExprKind::SetOf(..) | ExprKind::ObjectOf(..) | ExprKind::Template(_) => {
                self.once(expr, |infer| Some(infer.closed(|infer| infer.closure(&expr.kind))))
            }
            ExprKind::Call(function, arguments) => Some(self.call(function, arguments, expr.span)),
        }
    }

    fn once(&mut self, expr: &Expr, find: impl FnOnce(&mut Self) -> Option<Type>) -> Option<Type> {
        if let Some(found) = self.seen.get(&std::ptr::from_ref(expr)) {
            return found.clone();
        }
        let found = find(self);
        self.seen.insert(std::ptr::from_ref(expr), found.clone());
        found
    }

    fn closure(&mut self, kind: &ExprKind) -> Type {
        match kind {
            ExprKind::ArrayOf(head, block) => {
                self.block(block);
                Type::array_of(self.expr(head).unwrap_or(Type::Any))
            }
            ExprKind::SetOf(head, block) => {
                self.block(block);
                Type::set_of(self.expr(head).unwrap_or(Type::Any))
            }
            ExprKind::ObjectOf(member, block) => {
                self.block(block);
                let key = self.expr(&member.0).unwrap_or(Type::Any);
                Type::object_of(key, self.expr(&member.1).unwrap_or(Type::Any))
            }
            ExprKind::Template(pieces) => {
                for piece in pieces {
                    if let Piece::Value(block, value) = piece {
                        self.closed(|infer| {
                            infer.block(block);
                            infer.expr(value);
                        });
                    }
                }
                Type::scalar(Types::STRING)
            }
            _ => Type::Any,
        }
    }

    fn object(&mut self, members: &[(Expr, Expr)]) -> Option<Type> {
        let mut object = Object { members: BTreeMap::new(), rest: None };
        let mut known = true;
        for (key, value) in members {
            let value = self.expr(value);
            let keys = self.expr(key);
            let (Some(value), Some(keys)) = (value, keys) else {
                known = false;
                continue;
            };
            match &key.kind {
                ExprKind::Constant(key) => drop(object.members.insert(key.clone(), value)),
                _ => {
                    object.rest = Some(match object.rest.take() {
                        Some((before, values)) => (before.or(&keys), values.or(&value)),
                        None => (keys, value),
                    });
                }
            }
        }
        known.then(|| Type::object(object))
    }

    #[inline(never)]
    fn call(&mut self, function: &Function, arguments: &[Expr], span: Span) -> Type {
        let before = self.problems.len();
        let found: Vec<Option<Type>> = arguments.iter().map(|argument| self.expr(argument)).collect();
        let (name, signature) = match function {
            Function::Builtin(name) => (name.to_string(), self.builtin(name)),
            Function::Rule(path) => (super::tree::written(path), self.function(path)),
        };
        let Some(Signature { arguments: wanted, result }) = signature else { return Type::Any };
        if self.problems.len() > before {
            return result;
        }
        for (number, (argument, wanted)) in arguments.iter().zip(&wanted).enumerate() {
            if !self.give(argument, wanted) {
                let have =
                    found.get(number).and_then(Option::as_ref).map_or_else(|| String::from("any"), Type::written);
                let help = format!("argument {} is {have}, not {}", number + 1, wanted.written());
                self.problem(span, format!("{name}: invalid argument(s)"), help);
                break;
            }
        }
        result
    }

    fn builtin(&mut self, name: &Arc<str>) -> Option<Signature> {
        if let Some(found) = self.signatures.get(name) {
            return found.clone();
        }
        let registered = || {
            let builtin = self.registry.get(name)?;
            let arguments = builtin.arguments.iter().copied().map(kinds).collect();
            Some(Signature { arguments, result: kinds(builtin.result) })
        };
        let found = signature(name).or_else(registered);
        self.signatures.insert(name.clone(), found.clone());
        found
    }

    fn function(&self, path: &[Arc<str>]) -> Option<Signature> {
        let mut known = &self.data;
        for name in path {
            known = known.below.get(name)?;
        }
        let (arguments, result) = known.function.clone()??;
        Some(Signature { arguments, result })
    }

    #[inline(never)]
    fn reference(&mut self, whole: &Expr, head: &Expr, keys: &[Expr]) -> Option<Type> {
        if let ExprKind::Data = head.kind {
            return Some(self.below_data(whole, keys));
        }
        let found = self.expr(head)?;
        Some(self.below(whole, found, keys))
    }

    fn below_data(&mut self, whole: &Expr, keys: &[Expr]) -> Type {
        let mut known = &self.data;
        for (index, key) in keys.iter().enumerate() {
            let name = match &key.kind {
                ExprKind::Constant(Value::String(name)) => name,
                _ => {
                    if !known.below.is_empty() && !self.is_name(key, index) {
                        let help = String::from("packages and rules have names, which are strings");
                        self.problem(whole.span, format!("undefined ref: {}", self.written(whole)), help);
                        return Type::Any;
                    }
                    keys.iter().skip(index).for_each(|key| _ = self.give(key, &Type::Any));
                    return Type::Any;
                }
            };
            let Some(below) = known.below.get(name) else {
                keys.iter().skip(index).for_each(|key| _ = self.give(key, &Type::Any));
                return Type::Any;
            };
            known = below;
            let rest = keys.get(index + 1..).unwrap_or_default();
            if known.function.is_some() && rest.is_empty() {
                let help = String::from("a function is called; only `with` takes it as a value");
                self.problem(whole.span, format!("undefined ref: {}", self.written(whole)), help);
                return Type::Any;
            }
            if let Some(value) = known.value.clone() {
                if known.below.is_empty() {
                    return self.below(whole, value, rest);
                }
                rest.iter().for_each(|key| _ = self.give(key, &Type::Any));
                return Type::Any;
            }
        }
        if known.below.is_empty() { Type::Any } else { Type::object_of(Type::scalar(Types::STRING), Type::Any) }
    }

    /// Whether a key may be the name of a package or a rule.
    fn is_name(&mut self, key: &Expr, index: usize) -> bool {
        if let ExprKind::Constant(_) = key.kind {
            // Further down it may be a key of a rule's head.
            return index > 1;
        }
        self.expr(key);
        self.give(key, &Type::scalar(Types::STRING))
    }

    fn below(&mut self, whole: &Expr, mut found: Type, keys: &[Expr]) -> Type {
        for key in keys {
            let next = match (&key.kind, found.keys()) {
                (_, None) => {
                    let help = format!("nothing is in a value of type {}", found.written());
                    self.problem(whole.span, format!("undefined ref: {}", self.written(whole)), help);
                    return Type::Any;
                }
                (ExprKind::Constant(value), Some(_)) => found.at(value),
                (_, Some(wanted)) => {
                    self.expr(key);
                    if self.give(key, &wanted) { found.values() } else { None }
                }
            };
            let Some(next) = next else {
                let help = key_help(&found, key);
                self.problem(whole.span, format!("undefined ref: {}", self.written(whole)), help);
                return Type::Any;
            };
            found = next;
        }
        found
    }
}

/// Whether a key is a constant or a local.
fn is_simple(key: &Expr) -> bool {
    matches!(key.kind, ExprKind::Constant(_) | ExprKind::Local(_))
}

fn key_help(found: &Type, key: &Expr) -> String {
    let Type::Some(kinds) = found else { return String::from("there is no such key") };
    let names: Vec<&str> =
        kinds.object.iter().flat_map(|object| object.members.keys()).filter_map(Value::as_str).collect();
    let meant = match &key.kind {
        ExprKind::Constant(Value::String(name)) => crate::nearest::nearest(name, names.iter().copied()),
        _ => None,
    };
    match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if names.is_empty() => format!("a value of type {} has no such key", found.written()),
        None => format!("there are {}", names.iter().take(8).copied().collect::<Vec<_>>().join(", ")),
    }
}

/// A type of a builtin that says no more than its kinds.
fn kinds(types: Types) -> Type {
    if types == Types::ANY {
        return Type::Any;
    }
    let has = |one: Types| !types.and(one).is_empty();
    let mut found = Type::scalar(types.and(Types(15)));
    if types.and(Types(15)).is_empty() {
        found = Type::none();
    }
    for (one, part) in [
        (Types::ARRAY, Type::array_of(Type::Any)),
        (Types::OBJECT, Type::object_of(Type::Any, Type::Any)),
        (Types::SET, Type::set_of(Type::Any)),
    ] {
        if has(one) {
            found = found.or(&part);
        }
    }
    found
}
