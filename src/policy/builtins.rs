//! Builtin functions in place of those of the evaluator that panic, hang, allocate without bound, or ask
//! the host: an extension wins over a builtin of the same name. Where only the arguments need judging, the
//! builtin itself does the rest, in an engine of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Result, anyhow, bail};
use regorus::{Engine, Value};

use super::sprintf::sprintf;
use super::{PolicyError, PolicyLimits};

/// The check's time, in seconds, as `time.now_ns` gives it.
pub(super) type Now = Arc<AtomicI64>;

type Function = fn(&[Value], &Caps) -> Result<Value>;
type Check = fn(&[Value], &Caps) -> Result<()>;

/// What one call may produce.
#[derive(Clone, Copy)]
pub(super) struct Caps {
    pub items: usize,
    pub bytes: usize,
}

/// Puts the functions of this file in place.
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

const JUDGED: &[(&str, u8, Check)] = &[
    ("base64.encode", 1, small),
    ("base64url.encode", 1, small),
    ("base64url.encode_no_pad", 1, small),
    ("bits.lsh", 2, shift),
    ("hex.encode", 1, small),
    ("json.marshal", 1, small),
    ("json.marshal_with_options", 2, small),
    ("json.unmarshal", 1, number_texts),
    ("regex.replace", 3, regex_replace),
    ("regex.template_match", 4, template_match),
    ("time.add_date", 4, host_zone),
    ("time.clock", 1, host_zone),
    ("time.date", 1, host_zone),
    ("time.diff", 2, host_zone),
    ("time.format", 1, host_zone),
    ("time.parse_duration_ns", 1, duration),
    ("time.parse_ns", 2, ascii),
    ("time.weekday", 1, host_zone),
    ("to_number", 1, number_texts),
    ("units.parse", 1, number_texts),
    ("units.parse_bytes", 1, number_texts),
];

fn original(name: &str, arity: u8) -> Result<Engine> {
    let arguments: Vec<String> = (0..arity).map(|index| format!("input[{index}]")).collect();
    let module = format!("package original\nresult := {name}({})\n", arguments.join(", "));
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(true);
    engine.add_policy("original".to_owned(), module)?;
    Ok(engine)
}

fn at(arguments: &[Value], index: usize) -> Result<&Value> {
    arguments.get(index).ok_or_else(|| anyhow!("an argument is missing"))
}

fn text(arguments: &[Value], index: usize) -> Result<&str> {
    match at(arguments, index)? {
        Value::String(text) => Ok(text),
        _ => bail!("argument {} must be a string", index + 1),
    }
}

fn integer(arguments: &[Value], index: usize) -> Result<i64> {
    at(arguments, index)?.as_i64().map_err(|_| anyhow!("argument {} must be an integer", index + 1))
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

fn capped(bytes: usize, caps: &Caps) -> Result<()> {
    if bytes > caps.bytes {
        bail!("the result would be larger than {} bytes (limit `builtinBytes`)", caps.bytes);
    }
    Ok(())
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

/// As OPA: objects member by member, arrays as runs, a set also within an array; anything else is an error.
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

/// As Go's `strings.Count`: without overlaps, and one more than the characters for an empty text.
fn count(arguments: &[Value], _: &Caps) -> Result<Value> {
    Ok(Value::from(text(arguments, 0)?.matches(text(arguments, 1)?).count()))
}

fn shift(arguments: &[Value], _: &Caps) -> Result<()> {
    if integer(arguments, 1)? > 4096 {
        bail!("a shift by more than 4096 bits");
    }
    Ok(())
}

/// Refuses what would grow large when written out, also where the same value stands in many places.
fn small(arguments: &[Value], caps: &Caps) -> Result<()> {
    let mut left = caps.bytes / 4;
    let mut depth_left = 128;
    for argument in arguments {
        weigh(argument, &mut left, &mut depth_left)?;
    }
    Ok(())
}

pub(super) fn weigh(value: &Value, left: &mut usize, depth_left: &mut usize) -> Result<()> {
    let own = if let Value::String(text) = value { text.len() + 2 } else { 8 };
    let Some(rest) = left.checked_sub(own) else { bail!("an argument is too large (limit `builtinBytes`)") };
    let Some(deeper) = depth_left.checked_sub(1) else { bail!("an argument is nested too deep") };
    *left = rest;
    *depth_left = deeper;
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| weigh(item, left, depth_left))?,
        Value::Set(items) => items.iter().try_for_each(|item| weigh(item, left, depth_left))?,
        Value::Object(members) => {
            for (key, member) in members.iter() {
                weigh(key, left, depth_left)?;
                weigh(member, left, depth_left)?;
            }
        }
        _ => {}
    }
    *depth_left += 1;
    Ok(())
}

/// A number's exponent is written out when it is read: `1e1000000000` would be a gigabyte of digits.
fn number_texts(arguments: &[Value], caps: &Caps) -> Result<()> {
    let Value::String(text) = at(arguments, 0)? else { return Ok(()) };
    capped(text.len(), caps)?;
    if huge_number(text) {
        bail!("a number with an exponent of more than three digits, or of more than a thousand digits");
    }
    Ok(())
}

/// Whether a text holds a number that takes unreasonable work to read.
pub(super) fn huge_number(text: &str) -> bool {
    let mut digits = 0_u32;
    let mut exponent = false;
    for c in text.chars() {
        match c {
            '0'..='9' => digits += 1,
            'e' | 'E' if digits > 0 && !exponent => (digits, exponent) = (0, true),
            '+' | '-' if exponent && digits == 0 => {}
            '.' => {}
            _ => (digits, exponent) = (0, false),
        }
        if digits > if exponent { 3 } else { 1000 } {
            return true;
        }
    }
    false
}

fn regex_replace(arguments: &[Value], caps: &Caps) -> Result<()> {
    let (whole, new) = (text(arguments, 0)?, text(arguments, 2)?);
    let captures = new.matches('$').count().saturating_add(1).saturating_mul(whole.len());
    capped(captures.saturating_add(whole.len().saturating_add(1).saturating_mul(new.len())), caps)
}

/// The builtin slices both texts at the delimiters' places without looking whether they are that long.
fn template_match(arguments: &[Value], _: &Caps) -> Result<()> {
    let (mut template, value) = (text(arguments, 0)?, text(arguments, 1)?);
    let (open, close) = (text(arguments, 2)?, text(arguments, 3)?);
    if open.is_empty() || close.is_empty() || open == close {
        bail!("the delimiters must be two different characters");
    }
    if !template.is_ascii() || !value.is_ascii() {
        bail!("only ASCII texts can be matched");
    }
    let mut literals = 0_usize;
    while let Some((before, after)) = template.split_once(open) {
        let Some((_, rest)) = after.split_once(close) else { bail!("a delimiter is not closed") };
        if before.contains(close) {
            bail!("a delimiter is closed before it opens");
        }
        literals = literals.saturating_add(before.len());
        template = rest;
    }
    if value.len() < literals.saturating_add(template.len()) {
        bail!("the value is shorter than the template's literal parts");
    }
    Ok(())
}

/// The host's time zone is not the same everywhere, and in WASM asking for it leaves the sandbox.
fn host_zone(arguments: &[Value], caps: &Caps) -> Result<()> {
    for argument in arguments {
        if let Value::Array(parts) = argument
            && let Some(Value::String(zone)) = parts.get(1)
            && zone.as_ref() == "Local"
        {
            bail!("the zone `Local` is the host's, which a policy may not depend on: name a zone");
        }
        if let Value::Array(parts) = argument {
            ascii(parts.as_slice(), caps)?;
        }
    }
    Ok(())
}

/// The builtins slice a layout byte by byte.
fn ascii(arguments: &[Value], _: &Caps) -> Result<()> {
    let ascii = |argument: &Value| !matches!(argument, Value::String(text) if !text.is_ascii());
    if !arguments.iter().all(ascii) {
        bail!("only ASCII texts can be a layout or a time");
    }
    Ok(())
}

/// The builtin slices between bytes of a character, and past the end of a number without a unit.
fn duration(arguments: &[Value], _: &Caps) -> Result<()> {
    let text = text(arguments, 0)?;
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let units = unsigned.split(|c: char| c.is_ascii_digit() || c == '.').filter(|unit| !unit.is_empty());
    let known = units.into_iter().all(|unit| matches!(unit, "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h"));
    if !known || (unsigned != "0" && unsigned.ends_with(|c: char| c.is_ascii_digit() || c == '.')) {
        bail!("not a duration such as `1h30m`");
    }
    Ok(())
}
