//! Runs what is in cases.txt: a call and what comes of it, on each line.

#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::budget::Limits;
use crate::text::Text;

/// Reads terms as Rego writes them: JSON, and sets.
struct Terms<'a>(&'a str);

impl Terms<'_> {
    fn skip(&mut self, token: &str) -> bool {
        self.0 = self.0.trim_start();
        let rest = self.0.strip_prefix(token);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn list(&mut self, close: &str) -> Vec<Value> {
        let mut list = Vec::new();
        while !self.skip(close) {
            list.push(self.term());
            assert!(self.skip(",") || self.0.starts_with(close), "{}", self.0);
        }
        list
    }

    fn term(&mut self) -> Value {
        if self.skip("set()") {
            return Value::set(Vec::new());
        }
        if self.skip("[") {
            return Value::array(self.list("]"));
        }
        if self.skip("{}") {
            return Value::object(Vec::new());
        }
        if self.skip("{") {
            let first = self.term();
            if !self.skip(":") {
                let _ = self.skip(",");
                let mut elements = self.list("}");
                elements.push(first);
                return Value::set(elements);
            }
            let mut members = vec![(first, self.term())];
            while !self.skip("}") {
                assert!(self.skip(","), "{}", self.0);
                let key = self.term();
                assert!(self.skip(":"), "{}", self.0);
                members.push((key, self.term()));
            }
            return Value::object(members);
        }
        self.0 = self.0.trim_start();
        let end = if self.0.starts_with('"') {
            let escaped =
                |(at, _): &(usize, &str)| self.0[..*at].bytes().rev().take_while(|byte| *byte == b'\\').count();
            1 + self.0.match_indices('"').skip(1).find(|quote| escaped(quote) % 2 == 0).unwrap().0
        } else {
            self.0.find([',', ']', '}', ')', ' ', ':']).unwrap_or(self.0.len())
        };
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        crate::json::read(text, &mut Budget::new(Limits::default())).unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
    }
}

fn written(value: &Value) -> String {
    let mut text = Text::unlimited();
    crate::term::write(value, &mut text).unwrap();
    text.into_string()
}

pub(super) fn call(name: &str, arguments: &[Value], limits: Limits) -> Result<Value, Fault> {
    let registry = standard();
    let builtin = registry.get(name).unwrap_or_else(|| panic!("no function {name}"));
    let mut budget = Budget::new(limits);
    let mut kept = Kept::default();
    builtin.run(&mut Context { budget: &mut budget, now: 0, kept: &mut kept }, arguments)
}

#[test]
fn cases() {
    let mut wrong = Vec::new();
    let lines = include_str!("cases.txt").lines().enumerate();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let (name, rest) = line.split_once('(').unwrap();
        let mut terms = Terms(rest);
        let arguments = terms.list(")");
        let result = match call(name, &arguments, Limits::default()) {
            Ok(value) => format!("= {}", written(&value)),
            Err(Fault::Error(text)) => format!("! {text}"),
            Err(Fault::Undefined) => "?".to_owned(),
            Err(Fault::Limit(limit)) => format!("% {limit}"),
        };
        let wanted = terms.0.trim();
        let wanted = match wanted.strip_prefix("= ") {
            Some(term) => format!("= {}", written(&Terms(term).term())),
            None => wanted.to_owned(),
        };
        if result != wanted {
            wrong.push(format!("{}: {line}\n    {result:.300}", number + 1));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The families that have no tests of their own.
const FAMILIES: &[&[Builtin]] = &[
    aggregates::AGGREGATES,
    arithmetic::ARITHMETIC,
    arrays::ARRAYS,
    comparison::COMPARISON,
    encoding::ENCODING,
    glob::GLOB,
    graph::GRAPHS,
    json::JSON,
    objects::OBJECTS,
    regex::REGEX,
    sets::SETS,
    strings::STRINGS,
    types::TYPES,
    units::UNITS,
];

#[test]
fn every_function_is_in_the_cases() {
    let cases = include_str!("cases.txt");
    let names = FAMILIES.iter().flat_map(|family| family.iter().map(|builtin| builtin.name));
    let missing: Vec<&str> = names.filter(|name| !cases.contains(&format!("\n{name}("))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Those that take as long for a large argument as for a small one.
const CONSTANT: &str = "is_null is_boolean is_number is_string is_array is_object is_set type_name cast_null \
    cast_boolean cast_string cast_object trace count array.slice object.get internal.member_3 json.is_valid \
    base64.is_valid regex.is_valid object.subset";

#[test]
fn every_function_pays_for_the_size_of_its_arguments() {
    let texts = Value::from("ab ".repeat(40_000));
    let items: Vec<Value> = (0..5_000).map(|number| Value::from(format!("{number}"))).collect();
    let members = items.iter().map(|item| (item.clone(), item.clone())).collect();
    let large = [
        (Types::STRING, texts),
        (Types::ARRAY, Value::array(items.clone())),
        (Types::SET, Value::set(items)),
        (Types::OBJECT, Value::object(members)),
    ];
    let mut free = Vec::new();
    for builtin in FAMILIES.iter().flat_map(|family| family.iter()) {
        for (first, _) in &large {
            let argument = |types: &Types| {
                let fits = |(kind, _): &&(Types, Value)| !types.and(*kind).is_empty();
                let preferred = large.iter().filter(fits).max_by_key(|(kind, _)| kind == first);
                preferred.map_or_else(|| Value::from(1_000), |(_, value)| value.clone())
            };
            let arguments: Vec<Value> = builtin.arguments.iter().map(argument).collect();
            let mut budget = Budget::new(Limits::default());
            let mut context = Context { budget: &mut budget, now: 0, kept: &mut Kept::default() };
            let result = builtin.run(&mut context, &arguments);
            let scalars = arguments.iter().all(|argument| argument.weight() == 1);
            if result.is_ok() && !scalars && budget.used() < 1_000 {
                free.push(builtin.name);
            }
        }
    }
    free.sort_unstable();
    free.dedup();
    free.retain(|name| !CONSTANT.split_whitespace().any(|constant| constant == *name));
    assert!(free.is_empty(), "{free:?}");
}
