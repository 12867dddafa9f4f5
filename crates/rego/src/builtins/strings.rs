//! Strings. Positions count letters (Unicode scalar values), as Go's runes do.

use num_traits::Signed;

use super::operands::{any, array, element, integer, number, object, string, strings};
use super::{Builtin, Context, Fault, Types, sprintf, template};
use crate::number::signed;
use crate::term;
use crate::text::Text;
use crate::value::Value;

const STRING: Types = Types::STRING;
const NUMBER: Types = Types::NUMBER;
const BOOLEAN: Types = Types::BOOLEAN;
const ARRAY: Types = Types::ARRAY;
const ONE: &[Types] = &[STRING];
const TWO: &[Types] = &[STRING, STRING];
const STRINGS_OR_ONE: Types = STRING.or(ARRAY).or(Types::SET);

/// The functions.
pub const STRINGS: &[Builtin] = &[
    Builtin::new("concat", &[STRING, ARRAY.or(Types::SET)], STRING, concat),
    Builtin::new("contains", TWO, BOOLEAN, |context, arguments| {
        test(context, arguments, |text, part| text.contains(part))
    }),
    Builtin::new("startswith", TWO, BOOLEAN, |context, arguments| {
        test(context, arguments, |text, part| text.starts_with(part))
    }),
    Builtin::new("endswith", TWO, BOOLEAN, |context, arguments| {
        test(context, arguments, |text, part| text.ends_with(part))
    }),
    Builtin::new("format_int", &[NUMBER, NUMBER], STRING, format_int),
    Builtin::new("indexof", TWO, NUMBER, |context, arguments| {
        let (text, part) = searched(context, arguments)?;
        let at = text.find(part).and_then(|at| text.get(..at));
        Ok(Value::from(at.map_or(-1, |before| before.chars().count() as i64)))
    }),
    Builtin::new("indexof_n", TWO, ARRAY, indices),
    Builtin::new("lower", ONE, STRING, |context, arguments| cased(context, arguments, lower)),
    Builtin::new("upper", ONE, STRING, |context, arguments| cased(context, arguments, upper)),
    Builtin::new("replace", &[STRING, STRING, STRING], STRING, |context, arguments| {
        let (text, old, new) = (string(arguments, 1)?, string(arguments, 2)?, string(arguments, 3)?);
        replace(context, text, &[(old, new)])
    }),
    Builtin::new("split", TWO, ARRAY, |context, arguments| split(context, arguments, -1)),
    Builtin::new("strings.split_n", &[STRING, STRING, NUMBER], ARRAY, |context, arguments| {
        split(context, arguments, integer(arguments, 3)?)
    }),
    Builtin::new("sprintf", &[STRING, ARRAY], STRING, sprintf::sprintf),
    Builtin::new("strings.any_prefix_match", &[STRINGS_OR_ONE, STRINGS_OR_ONE], BOOLEAN, |context, arguments| {
        any_begins(context, arguments, |text| text.to_owned())
    }),
    Builtin::new("strings.any_suffix_match", &[STRINGS_OR_ONE, STRINGS_OR_ONE], BOOLEAN, |context, arguments| {
        any_begins(context, arguments, |text| text.chars().rev().collect())
    }),
    Builtin::new("strings.count", TWO, NUMBER, |context, arguments| {
        let (text, part) = (string(arguments, 1)?, string(arguments, 2)?);
        context.work(text.len() as u64 / 16)?;
        Ok(Value::from(text.matches(&**part).count() as i64))
    }),
    Builtin::new("strings.render_template", &[STRING, Types::OBJECT], STRING, template::render),
    Builtin::new("strings.replace_n", &[Types::OBJECT, STRING], STRING, replace_many),
    Builtin::new("strings.reverse", ONE, STRING, |context, arguments| {
        let text = string(arguments, 1)?;
        made(context, text.len())?;
        Ok(Value::from(text.chars().rev().collect::<String>()))
    }),
    Builtin::new("substring", &[STRING, NUMBER, NUMBER], STRING, substring),
    Builtin::new("trim", TWO, STRING, |context, arguments| {
        trim(context, arguments, |text, letters| text.trim_matches(|letter| letters.contains(letter)))
    }),
    Builtin::new("trim_left", TWO, STRING, |context, arguments| {
        trim(context, arguments, |text, letters| text.trim_start_matches(|letter| letters.contains(letter)))
    }),
    Builtin::new("trim_right", TWO, STRING, |context, arguments| {
        trim(context, arguments, |text, letters| text.trim_end_matches(|letter| letters.contains(letter)))
    }),
    Builtin::new("trim_prefix", TWO, STRING, |context, arguments| {
        trim(context, arguments, |text, prefix| text.strip_prefix(prefix).unwrap_or(text))
    }),
    Builtin::new("trim_suffix", TWO, STRING, |context, arguments| {
        trim(context, arguments, |text, suffix| text.strip_suffix(suffix).unwrap_or(text))
    }),
    Builtin::new("trim_space", ONE, STRING, |context, arguments| {
        let text = string(arguments, 1)?;
        part(context, arguments, text.trim())
    }),
    Builtin::new("internal.template_string", &[ARRAY], STRING, template_string),
];

/// Pays for a string of this length.
pub(super) fn made(context: &mut Context<'_>, length: usize) -> Result<(), Fault> {
    if length > context.budget.limits().builtin_bytes {
        return Err(Fault::Limit("builtin-bytes"));
    }
    context.work(length as u64 / 16)?;
    Ok(context.budget.bytes(length as u64)?)
}

/// A part of the first argument: the argument itself if it is all of it.
fn part(context: &mut Context<'_>, arguments: &[Value], part: &str) -> Result<Value, Fault> {
    let whole = any(arguments, 1);
    context.work(whole.weight())?;
    if whole.as_str().is_some_and(|text| text.len() == part.len()) {
        return Ok(whole.clone());
    }
    made(context, part.len())?;
    Ok(Value::from(part))
}

fn test(context: &mut Context<'_>, arguments: &[Value], holds: fn(&str, &str) -> bool) -> Result<Value, Fault> {
    let (text, part) = (string(arguments, 1)?, string(arguments, 2)?);
    context.work((text.len() + part.len()) as u64 / 16)?;
    Ok(Value::from(holds(text, part)))
}

fn concat(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let separator = string(arguments, 1)?;
    let parts = strings(arguments, 2, &["set", "array"])?;
    context.work(any(arguments, 2).weight())?;
    let mut text = Text::new(context.budget);
    for (index, part) in parts.enumerate() {
        if index > 0 {
            text.push_str(separator)?;
        }
        text.push_str(part)?;
    }
    Ok(Value::from(text.paid(context.budget)?))
}

fn format_int(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (number, base) = (number(arguments, 1)?, number(arguments, 2)?);
    let radix = match &*base.text() {
        "2" => 2,
        "8" => 8,
        "10" => 10,
        "16" => 16,
        _ => return Err(Fault::from("operand 2 must be one of {2, 8, 10, 16}")),
    };
    super::arithmetic::pay(context, number, number)?;
    let integer = match number.as_i64() {
        Some(integer) => integer.into(),
        None => signed(number.to_float().truncate()?),
    };
    // The bits are the digits in base 2.
    made(context, integer.bits() as usize + 1)?;
    let sign = if integer.is_negative() { "-" } else { "" };
    Ok(Value::from(format!("{sign}{}", integer.magnitude().to_str_radix(radix))))
}

fn searched<'a>(context: &mut Context<'_>, arguments: &'a [Value]) -> Result<(&'a str, &'a str), Fault> {
    let (text, part) = (string(arguments, 1)?, string(arguments, 2)?);
    if part.is_empty() {
        return Err(Fault::from("empty search character"));
    }
    context.work((text.len() + part.len()) as u64 / 16)?;
    Ok((text, part))
}

/// Every place of a part, also where they overlap.
fn indices(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (text, part) = searched(context, arguments)?;
    let mut places = Vec::new();
    let (mut rest, mut place) = (text, 0);
    while let Some((before, found)) = rest.find(part).and_then(|at| rest.split_at_checked(at)) {
        context.work(1 + part.len() as u64 / 16)?;
        place += before.chars().count() as i64;
        places.push(Value::from(place));
        let mut letters = found.chars();
        letters.next();
        rest = letters.as_str();
        place += 1;
    }
    context.items(places.len())?;
    Ok(Value::array(places))
}

/// Letter by letter, as Go does it: a letter that would become several stays what it is.
fn cased(context: &mut Context<'_>, arguments: &[Value], convert: fn(char) -> char) -> Result<Value, Fault> {
    let text = string(arguments, 1)?;
    context.work(text.len() as u64 / 16)?;
    if text.chars().all(|letter| convert(letter) == letter) {
        return Ok(any(arguments, 1).clone());
    }
    // Some letters take more bytes in the other case, none more than half as many again.
    made(context, text.len() + text.len() / 2)?;
    Ok(Value::from(text.chars().map(convert).collect::<String>()))
}

pub(super) fn lower(letter: char) -> char {
    let mut letters = letter.to_lowercase();
    match (letters.next(), letters.next()) {
        (Some(lower), None) => lower,
        // U+0130 alone.
        _ => 'i',
    }
}

fn upper(letter: char) -> char {
    let mut letters = letter.to_uppercase();
    match (letters.next(), letters.next()) {
        (Some(upper), None) => upper,
        _ => {
            // Greek letters with an iota below have one large form of their own.
            let code = u32::from(letter);
            let large = match code {
                0x1f80..=0x1faf if code & 8 == 0 => code + 8,
                0x1fb3 | 0x1fc3 | 0x1ff3 => code + 9,
                _ => code,
            };
            char::from_u32(large).unwrap_or(letter)
        }
    }
}

/// At most so many parts; all if it is negative. An empty separator stands between all letters.
fn split(context: &mut Context<'_>, arguments: &[Value], most: i64) -> Result<Value, Fault> {
    let (text, separator) = (string(arguments, 1)?, string(arguments, 2)?);
    context.work(text.len() as u64 / 16)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut parts: Vec<&str> = Vec::new();
    if separator.is_empty() {
        let mut rest = &**text;
        while let Some(letter) = rest.chars().next().filter(|_| parts.len() < most) {
            let end = if parts.len() + 1 == most { rest.len() } else { letter.len_utf8() };
            let (part, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            parts.push(part);
            rest = tail;
        }
    } else {
        parts.extend(text.splitn(most, &**separator));
    }
    context.items(parts.len())?;
    made(context, text.len())?;
    Ok(Value::array(parts.into_iter().map(Value::from).collect()))
}

fn substring(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let text = string(arguments, 1)?;
    let (start, length) = (integer(arguments, 2)?, integer(arguments, 3)?);
    let start = usize::try_from(start).map_err(|_| Fault::from("negative offset"))?;
    context.work(text.len() as u64 / 16)?;
    let place = |text: &str, count: usize| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    let rest = text.get(place(text, start)..).unwrap_or_default();
    let kept = match usize::try_from(length) {
        Ok(length) => rest.get(..place(rest, length)).unwrap_or_default(),
        Err(_) => rest,
    };
    part(context, arguments, kept)
}

fn trim(
    context: &mut Context<'_>,
    arguments: &[Value],
    trim: for<'a> fn(&'a str, &str) -> &'a str,
) -> Result<Value, Fault> {
    let (text, letters) = (string(arguments, 1)?, string(arguments, 2)?);
    // Each letter at an end may be looked for among all.
    context.work((1 + text.len() as u64 / 16).saturating_mul(1 + letters.len() as u64 / 16))?;
    part(context, arguments, trim(text, letters))
}

/// Whether any of the first begins with any of the second. The texts are sorted, so each prefix is looked up.
fn any_begins(context: &mut Context<'_>, arguments: &[Value], turned: fn(&str) -> String) -> Result<Value, Fault> {
    let mut sides: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    for (position, side) in (1..).zip(&mut sides) {
        context.work(any(arguments, position).weight())?;
        context.budget.bytes(any(arguments, position).weight().saturating_mul(16))?;
        match any(arguments, position) {
            Value::String(text) => side.push(turned(text)),
            _ => side.extend(strings(arguments, position, &["string", "set", "array"])?.map(turned)),
        }
    }
    let [mut texts, prefixes] = sides;
    let levels = 1 + u64::from(texts.len().max(1).ilog2());
    context.work((texts.len() + prefixes.len()) as u64 * levels)?;
    texts.sort();
    let begins = |prefix: &String| {
        let at = texts.partition_point(|text| text < prefix);
        texts.get(at).is_some_and(|text| text.starts_with(prefix.as_str()))
    };
    Ok(Value::from(prefixes.iter().any(begins)))
}

fn replace_many(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let patterns = object(arguments, 1)?.members();
    let text = string(arguments, 2)?;
    let mut pairs = Vec::with_capacity(patterns.len());
    for (old, new) in patterns {
        let old = old.as_str().ok_or("operand 1 non-string key found in pattern object")?;
        let new = new.as_str().ok_or("operand 1 non-string value found in pattern object")?;
        pairs.push((old, new));
    }
    replace(context, text, &pairs)
}

/// Replaces from left to right; where several fit, the first of them. An empty one fits between letters.
fn replace(
    context: &mut Context<'_>,
    text: &str,
    pairs: &[(impl AsRef<str>, impl AsRef<str>)],
) -> Result<Value, Fault> {
    context.work(
        (text.len() as u64 / 16)
            .saturating_add((text.len() as u64 / 4).saturating_mul(pairs.len() as u64).saturating_sub(1)),
    )?;
    let mut replaced = Text::new(context.budget);
    if let [(old, new)] = pairs
        && !old.as_ref().is_empty()
    {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(old.as_ref()) {
            replaced.push_str(before)?;
            replaced.push_str(new.as_ref())?;
            rest = after;
        }
        replaced.push_str(rest)?;
        return Ok(Value::from(replaced.paid(context.budget)?));
    }
    let (mut rest, mut after_empty) = (text, false);
    loop {
        let fits = |(old, _): &&(_, _)| {
            let old: &str = AsRef::<str>::as_ref(old);
            rest.starts_with(old) && !(after_empty && old.is_empty())
        };
        if let Some((old, new)) = pairs.iter().find(fits) {
            replaced.push_str(new.as_ref())?;
            after_empty = old.as_ref().is_empty();
            rest = rest.get(old.as_ref().len()..).unwrap_or_default();
            continue;
        }
        after_empty = false;
        let mut letters = rest.chars();
        let Some(letter) = letters.next() else { break };
        replaced.push(letter)?;
        rest = letters.as_str();
    }
    Ok(Value::from(replaced.paid(context.budget)?))
}

/// What a template string shows: strings as they are, other values as Rego writes them. A set of one is a value that is
/// defined, an empty one a value that is not.
fn template_string(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let parts = array(arguments, 1)?.items();
    context.work(any(arguments, 1).weight())?;
    let mut text = Text::new(context.budget);
    for part in parts {
        match part {
            Value::Set(set) => match set.elements() {
                [] => text.push_str("<undefined>")?,
                [value] => show(value, &mut text)?,
                _ => return Err(element(1, any(arguments, 1), part, "set of at most one value")),
            },
            value => show(value, &mut text)?,
        }
    }
    Ok(Value::from(text.paid(context.budget)?))
}

/// As `print` and template strings show a value.
pub(crate) fn show(value: &Value, text: &mut Text) -> Result<(), crate::budget::Reached> {
    match value {
        Value::String(string) => text.push_str(string),
        other => term::write(other, text),
    }
}
