//! Replacements for the evaluator's builtin functions that panic, hang, allocate without limit, or ask the host: an
//! extension takes precedence over a builtin of the same name. If only the arguments need checking, the builtin itself
//! does the rest, in an engine of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Result, anyhow, bail};
use regorus::{Engine, Value};

use super::arguments::{Caps, at, capped, integer, text};
use super::checks::JUDGED;
use super::sprintf::sprintf;
use crate::error::PolicyError;
use crate::limits::PolicyLimits;

/// The time of the check, in seconds, for `time.now_ns`.
pub(super) type Now = Arc<AtomicI64>;

type Function = fn(&[Value], &Caps) -> Result<Value>;
/// Installs the functions of this file.
pub(super) fn install(engine: &mut Engine, limits: &PolicyLimits, now: &Now) -> Result<()> {
    let caps = Caps { items: limits.builtin_items, bytes: limits.builtin_bytes };
    for (name, arity, function) in REPLACED {
        let replacement =
            move |arguments: Vec<Value>| function(&arguments, &caps).map_err(|problem| anyhow!("`{name}`: {problem}"));
        engine.add_extension((*name).to_owned(), *arity, Box::new(replacement))?;
    }
    for (name, arity, check) in JUDGED {
        let mut original = original(name, *arity)?;
        let judged = move |arguments: Vec<Value>| {
            check(&arguments, &caps).map_err(|problem| anyhow!("`{name}`: {problem}"))?;
            original.set_input(Value::from(arguments));
            original
                .eval_rule("data.original.result".to_owned())
                .map_err(|problem| anyhow!("{}", PolicyError::engine("", &problem).message))
        };
        engine.add_extension((*name).to_owned(), *arity, Box::new(judged))?;
    }
    let now = Arc::clone(now);
    let now_ns = move |_: Vec<Value>| Ok(Value::from(now.load(Ordering::Relaxed).saturating_mul(1_000_000_000)));
    engine.add_extension("time.now_ns".to_owned(), 0, Box::new(now_ns))
}

const REPLACED: &[(&str, u8, Function)] = &[
    ("array.concat", 2, array_concat),
    ("concat", 2, concat),
    ("graph.reachable_paths", 2, |_, _| bail!("the paths of a graph can be endlessly many")),
    ("numbers.range", 2, range),
    ("numbers.range_step", 3, range_step),
    ("object.subset", 2, |arguments, _| Ok(Value::from(subset(at(arguments, 0)?, at(arguments, 1)?)))),
    ("opa.runtime", 0, |_, _| bail!("there is no runtime to ask")),
    ("rand.intn", 2, |_, _| bail!("a policy may not roll dice: its verdict would differ from run to run")),
    ("replace", 3, replace),
    ("sprintf", 2, |arguments, caps| sprintf(at(arguments, 0)?, at(arguments, 1)?, caps)),
    ("strings.count", 2, count),
    ("strings.replace_n", 2, replace_n),
    ("trace", 1, |_, _| Ok(Value::from(true))),
];

fn original(name: &str, arity: u8) -> Result<Engine> {
    let arguments: Vec<String> = (0..arity).map(|index| format!("input[{index}]")).collect();
    let module = format!("package original\nresult := {name}({})\n", arguments.join(", "));
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(true);
    engine.add_policy("original".to_owned(), module)?;
    Ok(engine)
}

fn texts(value: &Value) -> Result<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.to_string()),
        _ => bail!("every item must be a string"),
    };
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Set(items) => items.iter().map(text).collect(),
        _ => bail!("argument 2 must be an array or a set of strings"),
    }
}

fn array_concat(arguments: &[Value], caps: &Caps) -> Result<Value> {
    let (Value::Array(first), Value::Array(second)) = (at(arguments, 0)?, at(arguments, 1)?) else {
        bail!("both arguments must be arrays");
    };
    items(first.len().saturating_add(second.len()), caps)?;
    Ok(Value::from(first.iter().chain(second.iter()).cloned().collect::<Vec<Value>>()))
}

fn items(count: usize, caps: &Caps) -> Result<()> {
    if count > caps.items {
        bail!("the result would have more than {} items (limit `builtinItems`)", caps.items);
    }
    Ok(())
}

fn concat(arguments: &[Value], caps: &Caps) -> Result<Value> {
    let delimiter = text(arguments, 0)?;
    let parts = texts(at(arguments, 1)?)?;
    capped(parts.iter().map(|part| part.len().saturating_add(delimiter.len())).sum(), caps)?;
    Ok(Value::from(parts.join(delimiter)))
}

fn range(arguments: &[Value], caps: &Caps) -> Result<Value> {
    numbers(integer(arguments, 0)?, integer(arguments, 1)?, 1, caps)
}

fn range_step(arguments: &[Value], caps: &Caps) -> Result<Value> {
    let step = integer(arguments, 2)?;
    if step <= 0 {
        bail!("the step must be a positive integer");
    }
    numbers(integer(arguments, 0)?, integer(arguments, 1)?, step.unsigned_abs(), caps)
}

fn numbers(from: i64, to: i64, step: u64, caps: &Caps) -> Result<Value> {
    let count = (from.abs_diff(to) / step).saturating_add(1);
    items(usize::try_from(count).unwrap_or(usize::MAX), caps)?;
    let step = i64::try_from(step)?;
    let signed = if from <= to { step } else { -step };
    let mut next = Some(from);
    let numbers = (0..count).filter_map(|_| {
        let number = next?;
        next = number.checked_add(signed);
        Some(Value::from(number))
    });
    Ok(Value::from(numbers.collect::<Vec<Value>>()))
}

/// As in OPA: objects member by member, arrays as runs, a set also within an array; anything else is an error.
fn subset(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, inner)| whole.get(key).is_some_and(|outer| subset(outer, inner)))
        }
        (Value::Set(whole), Value::Set(part)) => part.iter().all(|item| whole.contains(item)),
        (Value::Array(_), Value::Array(part)) if part.is_empty() => true,
        (Value::Array(whole), Value::Array(part)) => {
            whole.as_slice().windows(part.len()).any(|run| run == part.as_slice())
        }
        (Value::Array(whole), Value::Set(part)) => part.iter().all(|item| whole.iter().any(|other| other == item)),
        (whole, part) => whole == part,
    }
}

fn replace(arguments: &[Value], caps: &Caps) -> Result<Value> {
    let (whole, old, new) = (text(arguments, 0)?, text(arguments, 1)?, text(arguments, 2)?);
    replaced(whole, old, new, caps).map(Value::from)
}

fn replaced(whole: &str, old: &str, new: &str, caps: &Caps) -> Result<String> {
    capped(whole.len().saturating_add(whole.matches(old).count().saturating_mul(new.len())), caps)?;
    Ok(whole.replace(old, new))
}

fn replace_n(arguments: &[Value], caps: &Caps) -> Result<Value> {
    let Value::Object(patterns) = at(arguments, 0)? else { bail!("argument 1 must be an object") };
    let mut whole = text(arguments, 1)?.to_owned();
    for (old, new) in patterns.iter_sorted() {
        let (Value::String(old), Value::String(new)) = (old, new) else { bail!("every pattern must be a string") };
        whole = replaced(&whole, old, new, caps)?;
    }
    Ok(Value::from(whole))
}

/// As `strings.Count` in Go: without overlaps, and for an empty text one more than the number of characters.
fn count(arguments: &[Value], _: &Caps) -> Result<Value> {
    Ok(Value::from(text(arguments, 0)?.matches(text(arguments, 1)?).count()))
}
