//! A second opinion on the builtins: those of regorus, called with the same made-up arguments. Where the two differ, the
//! function is in the list with its reason; one that is listed and does not differ is an error too.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::{Builtin, Context, Fault, Kept, Registry, Types, standard};
use countersign_rego::json;
use countersign_rego::value::Value;
use regorus::unstable::{BUILTINS, Expr, Ref, Span};

#[expect(dead_code, reason = "no policies here")]
#[path = "support/regorus.rs"]
mod values;
use values::{from_regorus, to_regorus};

/// Numbers that come out the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const STRINGS: &[&str] = &[
    "",
    "a",
    "b",
    "ab",
    "abc",
    "banana",
    "a.b.c",
    "A",
    "é",
    "😀x",
    " a ",
    "a/b",
    "1",
    "-1.5",
    "10Ki",
    "1KB",
    "[1]",
    "{",
    "0",
    "%d",
    "%s %v",
    "%05.1f",
    "a*",
    "[a-c]+",
    "aGVsbG8=",
    "68656c6c6f",
    "=",
    ",",
    "2",
    "x=1&y=2",
];
const NUMBERS: &[&str] = &["0", "1", "2", "-1", "3", "10", "16", "1.5", "-2.5", "0.1", "7", "100", "4294967296", "8"];

fn value(random: &mut Random, types: Types, depth: usize) -> Value {
    let kinds = [Types::NULL, Types::BOOLEAN, Types::NUMBER, Types::STRING, Types::ARRAY, Types::OBJECT, Types::SET];
    let count = if depth == 0 { 4 } else { kinds.len() };
    let fitting: Vec<Types> = kinds[..count].iter().copied().filter(|kind| !types.and(*kind).is_empty()).collect();
    // Seldom something that the function does not take.
    let kind = match random.below(12) {
        0 => kinds[random.below(count)],
        _ if fitting.is_empty() => kinds[4 + random.below(3)],
        _ => fitting[random.below(fitting.len())],
    };
    let inner = |random: &mut Random| value(random, Types::ANY, depth.saturating_sub(1));
    let alike = if random.below(2) == 0 { Types::STRING } else { Types::NUMBER };
    let item = |random: &mut Random| match random.below(3) {
        0 if depth > 0 => inner(random),
        _ => value(random, alike, 0),
    };
    match kind {
        Types::NULL => Value::Null,
        Types::BOOLEAN => Value::from(random.below(2) == 0),
        Types::NUMBER => json::read(random.one(NUMBERS), &mut Budget::new(Limits::default())).unwrap(),
        Types::STRING => Value::from(random.one(STRINGS)),
        Types::ARRAY => Value::array((0..random.below(4)).map(|_| item(random)).collect()),
        Types::SET => Value::set((0..random.below(4)).map(|_| item(random)).collect()),
        _ => Value::object((0..random.below(4)).map(|_| (Value::from(random.one(STRINGS)), item(random))).collect()),
    }
}

/// What came of it, or the limit that was reached.
fn ours(builtin: &Builtin, arguments: &[Value]) -> Result<Option<Value>, &'static str> {
    let mut budget = Budget::new(Limits::default());
    let mut context = Context { budget: &mut budget, now: 0, kept: &mut Kept::default() };
    match builtin.run(&mut context, arguments) {
        Ok(value) => Ok(Some(value)),
        Err(Fault::Error(_) | Fault::Undefined) => Ok(None),
        Err(Fault::Limit(limit)) => Err(limit),
    }
}

fn theirs(name: &str, arguments: &[Value]) -> Option<Value> {
    let (function, _) = BUILTINS.get(name).unwrap();
    let source = regorus::Source::from_contents("a.rego".to_owned(), "null".to_owned()).unwrap();
    let span = Span { source, line: 1, col: 1, start: 0, end: 4 };
    let parameter = || Ref::new(Expr::Null { span: span.clone(), value: regorus::Value::Null, eidx: 0 });
    let parameters: Vec<_> = arguments.iter().map(|_| parameter()).collect();
    let arguments: Vec<_> = arguments.iter().map(to_regorus).collect();
    let result = catch_unwind(AssertUnwindSafe(|| function(&span, &parameters, &arguments, true)));
    from_regorus(&result.ok()?.ok()?)
}

/// Equal, where floats may differ in their last digits.
fn near(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let (left, right) = (left.as_f64().unwrap_or(0.0), right.as_f64().unwrap_or(0.0));
            (left - right).abs() <= left.abs() * 1e-12
        }
        (Value::Array(left), Value::Array(right)) => {
            left.items().len() == right.items().len()
                && left.items().iter().zip(right.items()).all(|(left, right)| near(left, right))
        }
        (left, right) => left == right,
    }
}

#[test]
fn regorus_agrees_or_the_difference_is_listed() {
    let registry: Registry = standard();
    let listed: BTreeMap<&str, &str> =
        include_str!("second/differences.txt").lines().filter_map(|line| line.split_once('\t')).collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut differ: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut compared = 0;
    std::panic::set_hook(Box::new(|_| {}));
    for name in registry.names().filter(|name| BUILTINS.get(name).is_some()) {
        let builtin = registry.get(name).unwrap();
        compared += 1;
        for _ in 0..400 {
            let arguments: Vec<Value> = builtin.arguments.iter().map(|types| value(&mut random, *types, 2)).collect();
            let Ok(left) = ours(builtin, &arguments) else { continue };
            let right = theirs(name, &arguments);
            let same = match (&left, &right) {
                (Some(left), Some(right)) => near(left, right),
                (left, right) => left.is_none() && right.is_none(),
            };
            if !same {
                let show = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), json::write);
                let arguments: Vec<String> = arguments.iter().map(json::write).collect();
                let text = format!("{name}({}) = {} but {}", arguments.join(", "), show(&left), show(&right));
                differ.entry(name).or_default().push(text);
            }
        }
    }
    let _ = std::panic::take_hook();
    assert!(compared > 100, "only {compared} functions are in both");
    let mut wrong = Vec::new();
    for (name, examples) in differ.iter().filter(|(name, _)| !listed.contains_key(*name)) {
        wrong.push(format!("{name}: {} calls differ", examples.len()));
        wrong.extend(examples.iter().take(6).cloned());
    }
    wrong
        .extend(listed.keys().filter(|name| !differ.contains_key(*name)).map(|name| format!("{name} does not differ")));
    assert!(wrong.is_empty(), "{compared} compared\n{}", wrong.join("\n"));
}
