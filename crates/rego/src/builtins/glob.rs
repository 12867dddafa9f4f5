//! Globs as OPA has them: `*` is any number of letters but the delimiters, `**` any letters, `?` one letter but a
//! delimiter, `[abc]`, `[a-z]` and `[!a]` one of some letters, `{a,b}` alternatives. A glob becomes a regular expression.

use super::operands::{any, array, element, mistyped, string};
use super::{Builtin, Context, Fault, Types, regex};
use crate::text::Text;
use crate::value::Value;

const STRING: Types = Types::STRING;

/// The functions.
pub const GLOB: &[Builtin] = &[
    Builtin::new("glob.match", &[STRING, Types::NULL.or(Types::ARRAY), STRING], Types::BOOLEAN, matches),
    Builtin::new("glob.quote_meta", &[STRING], STRING, |context, arguments| {
        let mut quoted = Text::new(context.budget);
        for letter in string(arguments, 1)?.chars() {
            if matches!(letter, '*' | '?' | '\\' | '[' | ']' | '{' | '}') {
                quoted.push('\\')?;
            }
            quoted.push(letter)?;
        }
        Ok(Value::from(quoted.paid(context.budget)?))
    }),
];

fn matches(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (glob, text) = (string(arguments, 1)?, string(arguments, 3)?);
    let mut delimiters = Vec::new();
    match any(arguments, 2) {
        Value::Null => {}
        Value::Array(_) => {
            for value in array(arguments, 2)?.items() {
                let delimiter = value.as_str().ok_or_else(|| element(2, any(arguments, 2), value, "string"))?;
                let mut letters = delimiter.chars();
                match (letters.next(), letters.next()) {
                    (Some(letter), None) => delimiters.push(letter),
                    _ => return Err(element(2, any(arguments, 2), value, "rune")),
                }
            }
            if delimiters.is_empty() {
                delimiters.push('.');
            }
        }
        other => return Err(mistyped(2, other, &["array", "null"])),
    }
    context.work((glob.len() + delimiters.len()) as u64 / 16)?;
    // No pattern of Go begins so.
    let name = format!("(?glob){}-{glob}", delimiters.iter().collect::<String>());
    let pattern = match context.kept.pattern(&name) {
        Some(known) => known,
        None => {
            context.work((glob.len() as u64).saturating_mul(1 + delimiters.len() as u64))?;
            let (pattern, size) = translate(glob, &delimiters)?;
            regex::keep(context, name, &pattern, size)?
        }
    };
    Ok(Value::from(pattern.is_match(context, text)?))
}

/// A regular expression, and how many states it comes to, about.
fn translate(glob: &str, delimiters: &[char]) -> Result<(String, u64), Fault> {
    let one = match delimiters {
        [] => ".".to_owned(),
        _ => format!("[^{}]", delimiters.iter().copied().map(regex::code).collect::<String>()),
    };
    let mut pattern = String::from("^(?s:");
    let mut open = 0_u32;
    let mut size = 1;
    let mut letters = glob.chars().peekable();
    while let Some(letter) = letters.next() {
        size += 1;
        match letter {
            '*' if letters.next_if_eq(&'*').is_some() => pattern.push_str(".*"),
            '*' => pattern.push_str(&format!("{one}*")),
            '?' => pattern.push_str(&one),
            '{' => {
                open += 1;
                pattern.push_str("(?:");
            }
            '}' if open > 0 => {
                open -= 1;
                pattern.push(')');
            }
            ',' if open > 0 => pattern.push('|'),
            '[' => pattern.push_str(&set(&mut letters)?),
            '\\' => pattern.extend(letters.next().map(regex::code)),
            _ => pattern.push_str(&regex::code(letter)),
        }
    }
    pattern.push_str(&")".repeat(open as usize));
    pattern.push_str(")$");
    Ok((pattern, size))
}

/// A range or a list of letters, after its bracket.
fn set(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, Fault> {
    let end = || Fault::from("unexpected end of input");
    let mut class = String::from("[");
    if letters.next_if_eq(&'!').is_some() {
        class.push('^');
    }
    let mut members = Vec::new();
    let mut ranged = false;
    loop {
        match letters.next().ok_or_else(end)? {
            ']' if !(ranged && members.len() == 1) => break,
            // Only right after the first letter is it a range.
            '-' if members.len() == 1 && !ranged => ranged = true,
            '\\' if !ranged => members.push(letters.next().ok_or_else(end)?),
            letter => members.push(letter),
        }
    }
    match members.as_slice() {
        [low, high] if ranged && low <= high => {
            class.push_str(&format!("{}-{}", regex::code(*low), regex::code(*high)))
        }
        [] => return Err(Fault::from("could not parse range")),
        _ if ranged => return Err(Fault::from("could not parse range")),
        list => class.extend(list.iter().copied().map(regex::code)),
    }
    class.push(']');
    Ok(class)
}
