//! What the arguments of a builtin function must be before the evaluator's own function gets them.

use anyhow::{Result, bail};
use regorus::Value;

use super::arguments::{Caps, Check, at, capped, integer, text};

/// The functions whose arguments are checked: name, number of arguments, check.
pub(super) const JUDGED: &[(&str, u8, Check)] = &[
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
    ("time.add_date", 4, in_utc),
    ("time.clock", 1, in_utc),
    ("time.date", 1, in_utc),
    ("time.diff", 2, in_utc),
    ("time.format", 1, in_utc),
    ("time.parse_duration_ns", 1, duration),
    ("time.parse_ns", 2, ascii),
    ("time.weekday", 1, in_utc),
    ("to_number", 1, number_texts),
    ("units.parse", 1, number_texts),
    ("units.parse_bytes", 1, number_texts),
];

fn shift(arguments: &[Value], _: &Caps) -> Result<()> {
    if integer(arguments, 1)? > 4096 {
        bail!("a shift by more than 4096 bits");
    }
    Ok(())
}

/// Refuses what would become large when written out, even if the same value occurs in many places.
fn small(arguments: &[Value], caps: &Caps) -> Result<()> {
    let mut left = caps.bytes / 4;
    let mut depth_left = 128;
    for argument in arguments {
        weigh(argument, &mut left, &mut depth_left)?;
    }
    Ok(())
}

fn weigh(value: &Value, left: &mut usize, depth_left: &mut usize) -> Result<()> {
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
fn huge_number(text: &str) -> bool {
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

/// The builtin slices both texts at the positions of the delimiters without checking that they are that long.
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

/// The tables of all zones are larger than the rest of a module, and the host's own zone differs from host to host.
fn in_utc(arguments: &[Value], caps: &Caps) -> Result<()> {
    for argument in arguments {
        let Value::Array(parts) = argument else { continue };
        ascii(parts.as_slice(), caps)?;
        if let Some(Value::String(zone)) = parts.get(1)
            && !matches!(zone.as_ref(), "" | "UTC")
        {
            bail!("a policy reckons in `UTC` alone, and knows no other zone: add the offset to the time");
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

/// The builtin slices between the bytes of a character, and past the end of a number without a unit.
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
