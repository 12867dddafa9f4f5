//! Writes YAML: collections in blocks, one line for each scalar, lists no deeper than the member they stand in.

use crate::budget::Reached;
use crate::json;
use crate::text::Text;
use crate::value::Value;
use crate::yaml::{self, Reading};

/// How a string is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

pub(super) fn document(value: &Value, text: &mut Text) -> Result<(), Reached> {
    block(value, 0, text)
}

/// A value at the beginning of a line, or after what begins it: `- `. It recurses as deep as the value is nested.
fn block(value: &Value, indent: usize, text: &mut Text) -> Result<(), Reached> {
    match value {
        Value::Array(array) if !array.items().is_empty() => list(array.items(), indent, text),
        Value::Set(set) if !set.elements().is_empty() => list(set.elements(), indent, text),
        Value::Object(object) if !object.members().is_empty() => {
            // In the order of the keys, which are strings in JSON.
            let mut members: Vec<(String, &Value)> = Vec::with_capacity(object.members().len());
            members.extend(object.members().iter().map(|(key, value)| match key {
                Value::String(name) => (name.to_string(), value),
                other => (json::write(other), value),
            }));
            members.sort_by(|left, right| left.0.cmp(&right.0));
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    text.repeat(' ', indent)?;
                }
                string(name, true, indent, text)?;
                text.push(':')?;
                member(value, indent, text)?;
            }
            Ok(())
        }
        scalar => inline(scalar, indent, text),
    }
}

fn list(items: &[Value], indent: usize, text: &mut Text) -> Result<(), Reached> {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.repeat(' ', indent)?;
        }
        text.push_str("- ")?;
        match is_block(item) {
            true => block(item, indent + 2, text)?,
            false => inline(item, indent, text)?,
        }
    }
    Ok(())
}

/// Whether it has lines of its own.
fn is_block(value: &Value) -> bool {
    match value {
        Value::Array(array) => !array.items().is_empty(),
        Value::Set(set) => !set.elements().is_empty(),
        Value::Object(object) => !object.members().is_empty(),
        _ => false,
    }
}

/// After `name:`.
fn member(value: &Value, indent: usize, text: &mut Text) -> Result<(), Reached> {
    if !is_block(value) {
        text.push(' ')?;
        return inline(value, indent, text);
    }
    let deeper = if matches!(value, Value::Object(_)) { indent + 2 } else { indent };
    text.push('\n')?;
    text.repeat(' ', deeper)?;
    block(value, deeper, text)
}

/// A scalar or an empty collection, and the end of its line.
fn inline(value: &Value, indent: usize, text: &mut Text) -> Result<(), Reached> {
    match value {
        Value::Null => text.push_str("null")?,
        Value::Boolean(truth) => text.push_str(if *truth { "true" } else { "false" })?,
        Value::Number(number) => text.push_str(&number.text())?,
        Value::String(content) => string(content, false, indent, text)?,
        Value::Array(_) | Value::Set(_) => text.push_str("[]")?,
        Value::Object(_) => text.push_str("{}")?,
    }
    text.push('\n')
}

fn string(content: &str, is_key: bool, indent: usize, text: &mut Text) -> Result<(), Reached> {
    match style(content, is_key) {
        Style::Plain => text.push_str(content),
        Style::Single => {
            text.push('\'')?;
            text.push_str(&content.replace('\'', "''"))?;
            text.push('\'')
        }
        Style::Double => double(content, text),
        Style::Literal => {
            let lines = content.strip_suffix('\n').unwrap_or(content);
            text.push('|')?;
            // A first line that begins with a space does not show how deep the block is.
            if content.starts_with([' ', '\n']) {
                text.push('2')?;
            }
            text.push_str(match (content.ends_with('\n'), lines.ends_with('\n')) {
                (false, _) => "-",
                (true, false) => "",
                (true, true) => "+",
            })?;
            for line in lines.split('\n') {
                text.push('\n')?;
                if !line.is_empty() {
                    text.repeat(' ', indent + 2)?;
                    text.push_str(line)?;
                }
            }
            Ok(())
        }
    }
}

fn style(content: &str, is_key: bool) -> Style {
    let special = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    if content.is_empty() || content.contains(special) {
        return Style::Double;
    }
    if content.contains('\n') {
        let block =
            !is_key && !content.ends_with(' ') && !content.contains(" \n") && !content.trim_matches('\n').is_empty();
        return if block { Style::Literal } else { Style::Double };
    }
    if !reads_as_itself(content) {
        return Style::Double;
    }
    if is_plain(content) { Style::Plain } else { Style::Single }
}

/// Whether it would be read as a string if it was plain: not as a number, a truth, a date, or a number to base 60.
fn reads_as_itself(content: &str) -> bool {
    let date = content.len() >= 8
        && content.bytes().all(|byte| byte.is_ascii_digit() || b"-:.TtZz+ ".contains(&byte))
        && content.starts_with(|c: char| c.is_ascii_digit())
        && content.contains('-');
    let sixty = content.contains(':') && content.bytes().all(|byte| byte.is_ascii_digit() || b"+-_:.".contains(&byte));
    let reading = Reading { depth: 1, weight: u64::MAX, strict: false };
    // Alone in a document. What is no plain scalar there is written with quotes anyway.
    let read = if is_plain(content) { yaml::parse(content, &reading).ok() } else { None };
    !date && !sixty && !matches!(content, "<<" | "=") && read.is_none_or(|value| value.as_str().is_some())
}

fn is_plain(content: &str) -> bool {
    let first = content.chars().next().unwrap_or(' ');
    let after_first = content.chars().nth(1).is_none_or(|second| second == ' ');
    let begins = match first {
        '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' | ' ' => false,
        '-' | '?' | ':' => !after_first,
        _ => true,
    };
    let within = content.contains(": ") || content.ends_with(':') || content.contains(" #");
    begins && !within && !content.ends_with(' ') && !content.starts_with("---") && !content.starts_with("...")
}

fn double(content: &str, text: &mut Text) -> Result<(), Reached> {
    text.push('"')?;
    for letter in content.chars() {
        match letter {
            '"' => text.push_str("\\\"")?,
            '\\' => text.push_str("\\\\")?,
            '\n' => text.push_str("\\n")?,
            '\r' => text.push_str("\\r")?,
            '\t' => text.push_str("\\t")?,
            '\0'..='\x1f' | '\x7f'..='\u{9f}' => text.push_str(&format!("\\x{:02X}", u32::from(letter)))?,
            '\u{2028}' | '\u{2029}' | '\u{feff}' => text.push_str(&format!("\\u{:04X}", u32::from(letter)))?,
            letter => text.push(letter)?,
        }
    }
    text.push('"')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    /// What is hard to write: signs, spaces, line ends, and what looks like another type.
    const PIECES: [&str; 34] = [
        "a", "b c", " ", "\n", "\n\n", ":", ": ", " #", "#", "-", "- ", "---", "'", "\"", "\\", "{", "]", "&x", "*x",
        "!", "|", ">", "%", "@", "`", "1", "0x1", "true", "~", "\t", "\u{85}", "\u{2028}", "é", "?",
    ];

    #[test]
    fn what_is_written_is_read_as_the_same() {
        // A generator of numbers that is always the same (Numerical Recipes).
        let mut state = 1u32;
        let mut next = move |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(state >> 8).unwrap() % below
        };
        let reading = Reading { depth: 256, weight: 1 << 20, strict: false };
        for _ in 0..20_000 {
            let mut string = || Value::from((0..next(5)).map(|_| PIECES[next(PIECES.len())]).collect::<String>());
            let list = Value::array(vec![string(), Value::array(vec![string()]), Value::from(7), Value::Null]);
            let inner = Value::object(vec![(string(), string()), (string(), Value::object(Vec::new()))]);
            let value = Value::object(vec![(string(), list), (string(), inner), (string(), string())]);
            let mut text = Text::unlimited();
            document(&value, &mut text).unwrap();
            assert_eq!(yaml::parse(text.as_str(), &reading).as_ref(), Ok(&value), "{:?}", text.as_str());
        }
    }
}
