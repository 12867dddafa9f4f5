//! Values as Rego writes them: `{1, 2}`, `set()`, `{"a": [1]}`. This is what `sprintf`, `print` and template strings show.

use crate::budget::Reached;
use crate::text::Text;
use crate::value::Value;

/// Writes a value. It recurses as deep as a value is nested: `Limits::depth`.
pub(crate) fn write(value: &Value, text: &mut Text) -> Result<(), Reached> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Boolean(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.text()),
        Value::String(string) => quote(string, text),
        Value::Array(array) => list("[", array.items(), "]", text),
        Value::Set(set) if set.elements().is_empty() => text.push_str("set()"),
        Value::Set(set) => list("{", set.elements(), "}", text),
        Value::Object(object) => {
            text.push('{')?;
            for (index, (key, value)) in object.members().iter().enumerate() {
                if index > 0 {
                    text.push_str(", ")?;
                }
                write(key, text)?;
                text.push_str(": ")?;
                write(value, text)?;
            }
            text.push('}')
        }
    }
}

fn list(open: &str, values: &[Value], close: &str, text: &mut Text) -> Result<(), Reached> {
    text.push_str(open)?;
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push_str(", ")?;
        }
        write(value, text)?;
    }
    text.push_str(close)
}

/// Quotes as Go's `strconv.Quote` does.
pub(crate) fn quote(string: &str, text: &mut Text) -> Result<(), Reached> {
    quote_with('"', false, string, text)
}

/// Quotes with one or the other quote, and with or without escapes for all that is not ASCII.
pub(crate) fn quote_with(quote: char, ascii: bool, string: &str, text: &mut Text) -> Result<(), Reached> {
    text.push(quote)?;
    for letter in string.chars() {
        match letter {
            '\\' => text.push_str("\\\\")?,
            '\x07' => text.push_str("\\a")?,
            '\x08' => text.push_str("\\b")?,
            '\x0c' => text.push_str("\\f")?,
            '\n' => text.push_str("\\n")?,
            '\r' => text.push_str("\\r")?,
            '\t' => text.push_str("\\t")?,
            '\x0b' => text.push_str("\\v")?,
            _ if letter == quote => {
                text.push('\\')?;
                text.push(letter)?;
            }
            _ if is_printable(letter) && (letter.is_ascii() || !ascii) => text.push(letter)?,
            '\0'..='\x7f' => text.push_str(&format!("\\x{:02x}", u32::from(letter)))?,
            '\u{80}'..='\u{ffff}' => text.push_str(&format!("\\u{:04x}", u32::from(letter)))?,
            _ => text.push_str(&format!("\\U{:08x}", u32::from(letter)))?,
        }
    }
    text.push(quote)
}

/// Whether Go prints a letter as it is. Rust knows the same, but escapes a mark that stands alone: so it stands after
/// another letter here.
pub(crate) fn is_printable(letter: char) -> bool {
    if letter.is_ascii() {
        return !letter.is_ascii_control();
    }
    let mut bytes = [b'a'; 5];
    let count = bytes.get_mut(1..).map_or(0, |rest| letter.encode_utf8(rest).len());
    let pair = bytes.get(..=count).and_then(|pair| std::str::from_utf8(pair).ok()).unwrap_or_default();
    pair.escape_debug().nth(1) == Some(letter)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::budget::{Budget, Limits};

    #[test]
    fn values_as_rego_writes_them() {
        for (json, wanted) in [
            ("[1, 1.50, null, true]", "[1, 1.50, null, true]"),
            (r#"{"b": {}, "a": []}"#, r#"{"a": [], "b": {}}"#),
            (r#""\u0000\u0007\t\"\\é\u00a0\u200b\u0301😀\u2028""#, r#""\x00\a\t\"\\é\u00a0\u200b̀😀\u2028""#),
        ] {
            let value = crate::json::read(json, &mut Budget::new(Limits::default())).unwrap();
            let mut text = Text::unlimited();
            write(&value, &mut text).unwrap();
            assert_eq!(text.as_str(), wanted.replace('\u{300}', "\u{301}"));
        }
        let mut text = Text::unlimited();
        let sets = Value::array(vec![Value::set(vec![]), Value::set(vec![Value::from(2), Value::from(1)])]);
        write(&sets, &mut text).unwrap();
        assert_eq!(text.as_str(), "[set(), {1, 2}]");
    }
}
