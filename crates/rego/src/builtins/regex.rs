//! Regular expressions as Go has them. A pattern is compiled once in an evaluation; a search is paid for by the length
//! of the text times the size of the pattern.

mod globs;
mod syntax;

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

pub(super) use self::syntax::code;
use super::operands::{any, integer, string};
use super::strings::made;
use super::{Builtin, Context, Fault, Types};
use crate::budget::Reached;
use crate::text::Text;
use crate::value::Value;

const STRING: Types = Types::STRING;
const ARRAY: Types = Types::ARRAY;
const BOOLEAN: Types = Types::BOOLEAN;
const NUMBER: Types = Types::NUMBER;
const TWO: &[Types] = &[STRING, STRING];

/// The most bytes that a compiled pattern may have.
const COMPILED: usize = 1 << 20;
/// The most states that a pattern may come to.
const STATES: u64 = 20_000;

/// The functions.
pub const REGEX: &[Builtin] = &[
    Builtin::new("regex.match", TWO, BOOLEAN, matches),
    Builtin::new("re_match", TWO, BOOLEAN, matches),
    Builtin::new("regex.is_valid", &[Types::ANY], BOOLEAN, is_valid),
    Builtin::new("regex.split", TWO, ARRAY, split),
    Builtin::new("regex.globs_match", TWO, BOOLEAN, globs::intersect),
    Builtin::new("regex.template_match", &[STRING, STRING, STRING, STRING], BOOLEAN, template_match),
    Builtin::new("regex.find_n", &[STRING, STRING, NUMBER], ARRAY, find),
    Builtin::new("regex.find_all_string_submatch_n", &[STRING, STRING, NUMBER], ARRAY, find_groups),
    Builtin::new("regex.replace", &[STRING, STRING, STRING], STRING, replace),
];

/// A compiled pattern. It is shared, since a copy of a `Regex` would search with caches of its own, made anew.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    regex: Arc<Regex>,
    size: u64,
}

impl Pattern {
    /// Pays for a search through so many bytes.
    fn search(&self, context: &mut Context<'_>, length: usize) -> Result<(), Reached> {
        context.work(1 + (length as u64).saturating_mul(self.size + 8) / 16)
    }

    /// Pays for a search that goes on after a match, of which more are to be expected.
    fn search_on(&self, context: &mut Context<'_>, length: usize) -> Result<(), Reached> {
        context.work(1 + (length as u64).saturating_mul(self.size + 8) / 256)
    }

    pub(super) fn is_match(&self, context: &mut Context<'_>, text: &str) -> Result<bool, Reached> {
        self.search(context, text.len())?;
        Ok(self.regex.is_match(text))
    }
}

/// A pattern in Go's syntax.
pub(super) fn compile(context: &mut Context<'_>, pattern: &str) -> Result<Pattern, Fault> {
    context.work(pattern.len() as u64 / 16)?;
    if let Some(known) = context.kept.pattern(pattern) {
        return Ok(known);
    }
    context.work(pattern.len() as u64)?;
    let translated = syntax::translate(pattern)?;
    keep(context, pattern.to_owned(), &translated.pattern, translated.size)
}

/// Compiles what is in the crate's syntax, and keeps it under a name.
pub(super) fn keep(context: &mut Context<'_>, name: String, pattern: &str, size: u64) -> Result<Pattern, Fault> {
    if size > STATES {
        return Err(Fault::from("error parsing regexp: expression too large"));
    }
    context.work(300 + 60 * size)?;
    context.budget.bytes(1000 + 100 * size)?;
    let pattern = context.kept.compiled(name, || {
        let regex = RegexBuilder::new(pattern).size_limit(COMPILED).nest_limit(200).build();
        regex.ok().map(|regex| Pattern { regex: Arc::new(regex), size })
    });
    pattern.ok_or_else(|| Fault::from("error parsing regexp: invalid pattern"))
}

fn matches(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (pattern, text) = (string(arguments, 1)?, string(arguments, 2)?);
    let pattern = compile(context, pattern)?;
    Ok(Value::from(pattern.is_match(context, text)?))
}

fn is_valid(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let Some(pattern) = any(arguments, 1).as_str() else { return Ok(Value::from(false)) };
    match compile(context, pattern) {
        Ok(_) => Ok(Value::from(true)),
        Err(Fault::Error(_)) => Ok(Value::from(false)),
        Err(limit) => Err(limit),
    }
}

fn split(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (pattern, text) = (string(arguments, 1)?, string(arguments, 2)?);
    let compiled = compile(context, pattern)?;
    if text.is_empty() && !pattern.is_empty() {
        return Ok(Value::array(vec![Value::from("")]));
    }
    compiled.search(context, text.len())?;
    made(context, text.len())?;
    let mut parts = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for found in compiled.regex.find_iter(text) {
        compiled.search_on(context, text.len() - found.end())?;
        context.items(1)?;
        end = found.start();
        if found.end() != 0 {
            parts.push(Value::from(text.get(begin..end).unwrap_or_default()));
        }
        begin = found.end();
    }
    if end != text.len() {
        parts.push(Value::from(text.get(begin..).unwrap_or_default()));
    }
    context.items(parts.len())?;
    Ok(Value::array(parts))
}

/// How many matches are wanted; all if it is negative.
fn most(arguments: &[Value]) -> Result<usize, Fault> {
    Ok(usize::try_from(integer(arguments, 3)?).unwrap_or(usize::MAX))
}

fn find(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (pattern, text, most) = (string(arguments, 1)?, string(arguments, 2)?, most(arguments)?);
    let pattern = compile(context, pattern)?;
    pattern.search(context, text.len())?;
    made(context, text.len())?;
    let mut parts = Vec::new();
    for found in pattern.regex.find_iter(text).take(most) {
        pattern.search_on(context, text.len() - found.end())?;
        context.items(1)?;
        parts.push(Value::from(found.as_str()));
    }
    context.items(parts.len())?;
    Ok(Value::array(parts))
}

fn find_groups(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (pattern, text, most) = (string(arguments, 1)?, string(arguments, 2)?, most(arguments)?);
    let pattern = compile(context, pattern)?;
    pattern.search(context, text.len())?;
    let mut found = Vec::new();
    for groups in pattern.regex.captures_iter(text).take(most) {
        context.items(groups.len())?;
        let end = groups.get(0).map_or(0, |whole| whole.end());
        pattern.search_on(context, text.len() - end)?;
        let mut parts = Vec::with_capacity(groups.len());
        for group in groups.iter() {
            let part = group.map_or("", |group| group.as_str());
            made(context, part.len())?;
            parts.push(Value::from(part));
        }
        found.push(Value::array(parts));
    }
    context.items(found.len())?;
    Ok(Value::array(found))
}

fn replace(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (text, pattern, template) = (string(arguments, 1)?, string(arguments, 2)?, string(arguments, 3)?);
    let pattern = compile(context, pattern)?;
    pattern.search(context, text.len())?;
    let mut replaced = Text::new(context.budget);
    let mut begin = 0;
    for groups in pattern.regex.captures_iter(text) {
        let Some(whole) = groups.get(0) else { continue };
        pattern.search_on(context, text.len() - whole.end())?;
        context.work(1 + template.len() as u64 / 16)?;
        replaced.push_str(text.get(begin..whole.start()).unwrap_or_default())?;
        expand(template, &groups, &mut replaced)?;
        begin = whole.end();
    }
    replaced.push_str(text.get(begin..).unwrap_or_default())?;
    Ok(Value::from(replaced.paid(context.budget)?))
}

/// `$1`, `${1}` and `$name` are groups, the longest name that fits; `$$` is a dollar sign.
fn expand(template: &str, groups: &regex::Captures<'_>, text: &mut Text) -> Result<(), Reached> {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before)?;
        if let Some(after) = after.strip_prefix('$') {
            text.push('$')?;
            rest = after;
            continue;
        }
        let is_name = |letter: char| letter == '_' || letter.is_alphanumeric();
        let (name, after_name) = match after.strip_prefix('{') {
            Some(inside) => inside.split_once('}').unwrap_or(("", "")),
            None => after.split_at(after.find(|letter| !is_name(letter)).unwrap_or(after.len())),
        };
        if name.is_empty() || !name.chars().all(is_name) {
            text.push('$')?;
            rest = after;
            continue;
        }
        let group = match name.parse::<usize>() {
            Ok(number) if name.bytes().all(|byte| byte.is_ascii_digit()) => groups.get(number),
            _ => groups.name(name),
        };
        text.push_str(group.map_or("", |group| group.as_str()))?;
        rest = after_name;
    }
    text.push_str(rest)
}

/// The text between delimiters is a pattern, all else stands for itself.
fn template_match(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (template, text) = (string(arguments, 1)?, string(arguments, 2)?);
    let (start, end) = (string(arguments, 3)?, string(arguments, 4)?);
    for (name, delimiter) in [("start", start), ("end", end)] {
        if delimiter.len() != 1 {
            let length = delimiter.len();
            let text = format!("{name} delimiter has to be exactly one character long but is {length} long");
            return Err(Fault::Error(text));
        }
    }
    context.work(template.len() as u64 / 4)?;
    let mut pattern = String::from("^");
    let (mut level, mut begin) = (0_u32, 0);
    for (at, letter) in template.char_indices() {
        let letter = letter.encode_utf8(&mut [0; 4]).to_owned();
        if letter == **start {
            level += 1;
            if level == 1 {
                pattern.push_str(&quoted(template.get(begin..at).unwrap_or_default()));
                begin = at + 1;
            }
        } else if letter == **end {
            level = level.checked_sub(1).ok_or("unbalanced braces in the template")?;
            if level == 0 {
                let part = template.get(begin..at).unwrap_or_default();
                // Each is a pattern by itself.
                syntax::translate(part)?;
                pattern.push_str(&format!("({part})"));
                begin = at + 1;
            }
        }
    }
    if level != 0 {
        return Err(Fault::from("unbalanced braces in the template"));
    }
    pattern.push_str(&quoted(template.get(begin..).unwrap_or_default()));
    pattern.push('$');
    let pattern = compile(context, &pattern)?;
    Ok(Value::from(pattern.is_match(context, text)?))
}

/// Text that stands for itself in a pattern.
fn quoted(text: &str) -> String {
    text.chars().map(|letter| if letter.is_alphanumeric() { letter.to_string() } else { code(letter) }).collect()
}
