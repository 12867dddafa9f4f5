//! Values from JSON and to JSON, as Go reads and writes it.

use std::borrow::Cow;

use crate::budget::{Budget, Fault, Reached};
use crate::number::Number;
use crate::text::Text;
use crate::value::Value;

/// What every value takes beside its text.
const VALUE_BYTES: u64 = 32;

/// Reads one value. Of members with the same name the last counts. Nesting is held by `Limits::depth`.
pub fn read(text: &str, budget: &mut Budget) -> Result<Value, Fault> {
    budget.steps(1 + text.len() as u64 / 16)?;
    let depth = budget.limits().depth as usize;
    let mut reader = Reader { text, at: 0, budget };
    let mut open: Vec<Open> = Vec::new();
    loop {
        // A value begins here.
        reader.space();
        let mut value = match reader.peek() {
            Some(b'[') => {
                reader.at += 1;
                reader.space();
                if reader.peek() != Some(b']') {
                    reader.nest(&mut open, Open::Array(Vec::new()), depth)?;
                    continue;
                }
                reader.at += 1;
                reader.container(depth, &open)?;
                Value::array(Vec::new())
            }
            Some(b'{') => {
                reader.at += 1;
                reader.space();
                if reader.peek() != Some(b'}') {
                    let name = reader.name()?;
                    reader.nest(&mut open, Open::Object(Vec::new(), name), depth)?;
                    continue;
                }
                reader.at += 1;
                reader.container(depth, &open)?;
                Value::object(Vec::new())
            }
            _ => reader.scalar()?,
        };
        // It ends here, and with it perhaps what it stands in.
        loop {
            reader.space();
            let Some(last) = open.pop() else {
                return if reader.peek().is_none() {
                    Ok(value)
                } else {
                    Err(reader.unexpected("after top-level value"))
                };
            };
            match (last, reader.peek()) {
                (Open::Array(mut items), Some(end @ (b',' | b']'))) => {
                    reader.at += 1;
                    items.push(value);
                    if end == b',' {
                        open.push(Open::Array(items));
                        break;
                    }
                    value = Value::array(items);
                }
                (Open::Object(mut members, name), Some(end @ (b',' | b'}'))) => {
                    reader.at += 1;
                    members.push((name, value));
                    if end == b',' {
                        reader.space();
                        let name = reader.name()?;
                        open.push(Open::Object(members, name));
                        break;
                    }
                    value = Value::object(members);
                }
                (Open::Array(_), _) => return Err(reader.unexpected("after array element")),
                (Open::Object(..), _) => return Err(reader.unexpected("after object key:value pair")),
            }
        }
    }
}

/// Whether the text is JSON: nothing of it is kept.
pub fn is_valid(text: &str, budget: &mut Budget) -> Result<bool, Reached> {
    match read(text, budget) {
        Ok(_) => Ok(true),
        Err(Fault::Limit(limit)) => Err(Reached(limit)),
        Err(_) => Ok(false),
    }
}

/// Writes a value: members in the order of their names, sets as arrays, numbers as they are, keys that are no strings as
/// their JSON.
pub fn write(value: &Value) -> String {
    let mut text = Text::unlimited();
    let written = Writer { text: &mut text, html: false, pretty: None }.value(value, 0);
    debug_assert!(written.is_ok());
    text.into_string()
}

/// A container that is being read: what it has so far, and the name of the member to come.
enum Open {
    Array(Vec<Value>),
    Object(Vec<(Value, Value)>, Value),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    budget: &'a mut Budget,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn unexpected(&self, place: &str) -> Fault {
        match self.rest().chars().next() {
            Some(letter) => Fault::Error(format!("invalid character {letter:?} {place}")),
            None => Fault::from("unexpected end of JSON input"),
        }
    }

    fn nest(&mut self, open: &mut Vec<Open>, container: Open, depth: usize) -> Result<(), Reached> {
        self.container(depth, open)?;
        open.push(container);
        Ok(())
    }

    fn container(&mut self, depth: usize, open: &[Open]) -> Result<(), Reached> {
        if open.len() >= depth {
            return Err(Reached("value-depth"));
        }
        self.budget.bytes(VALUE_BYTES)
    }

    /// A member's name and the colon after it.
    fn name(&mut self) -> Result<Value, Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("looking for beginning of object key string"));
        }
        let name = self.string()?;
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("after object key"));
        }
        self.at += 1;
        Ok(name)
    }

    fn scalar(&mut self) -> Result<Value, Fault> {
        self.budget.bytes(VALUE_BYTES)?;
        for (word, value) in [("null", Value::Null), ("true", Value::Boolean(true)), ("false", Value::Boolean(false))] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => {
                let rest = self.rest();
                let more = |letter: char| !matches!(letter, '0'..='9' | '-' | '+' | '.' | 'e' | 'E');
                let text = rest.get(..rest.find(more).unwrap_or(rest.len())).unwrap_or_default();
                let number = Number::parse(text).ok_or("invalid character in numeric literal")?;
                self.at += text.len();
                self.budget.bytes(number.extra() as u64)?;
                Ok(Value::Number(number))
            }
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn string(&mut self) -> Result<Value, Fault> {
        self.at += 1;
        let plain = |bytes: &[u8]| bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=31));
        let mut string = Cow::Borrowed("");
        loop {
            let Some(length) = plain(self.rest().as_bytes()) else {
                return Err(Fault::from("unexpected end of JSON input"));
            };
            let text = self.text;
            let part = text.get(self.at..self.at + length).unwrap_or_default();
            if string.is_empty() {
                string = Cow::Borrowed(part);
            } else {
                string.to_mut().push_str(part);
            }
            self.at += length;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    let letter = self.escape()?;
                    string.to_mut().push(letter);
                }
                _ => return Err(self.unexpected("in string literal")),
            }
        }
        self.at += 1;
        self.budget.bytes(string.len() as u64)?;
        Ok(Value::from(&*string))
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let letter = match self.peek() {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.hex(1)?;
                self.at += 5;
                if let Some(letter) = char::from_u32(first) {
                    return Ok(letter);
                }
                // Half of a pair; alone it becomes the replacement character.
                let second = if self.rest().starts_with("\\u") { self.hex(2)? } else { 0 };
                if first < 0xdc00 && (0xdc00..0xe000).contains(&second) {
                    self.at += 6;
                    let letter = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                    return Ok(char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                return Ok(char::REPLACEMENT_CHARACTER);
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.at += 1;
        Ok(letter)
    }

    fn hex(&self, skip: usize) -> Result<u32, Fault> {
        let digits = self.text.get(self.at + skip..self.at + skip + 4);
        digits
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| Fault::from("invalid character in \\u hexadecimal character escape"))
    }
}

/// How values are written: with `<`, `>` and `&` escaped, and on lines of their own with a prefix and an indent.
pub(crate) struct Writer<'a> {
    pub text: &'a mut Text,
    pub html: bool,
    pub pretty: Option<(&'a str, &'a str)>,
}

impl Writer<'_> {
    /// It recurses as deep as the value is nested: `Limits::depth`.
    pub(crate) fn value(&mut self, value: &Value, level: usize) -> Result<(), Reached> {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Boolean(truth) => self.text.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(&number.text()),
            Value::String(string) => self.string(string),
            Value::Array(array) => self.list(array.items(), level),
            Value::Set(set) => self.list(set.elements(), level),
            Value::Object(object) => {
                self.text.push('{')?;
                let members = object.members();
                if members.iter().all(|(key, _)| matches!(key, Value::String(_))) {
                    for (index, (key, value)) in members.iter().enumerate() {
                        self.member(index, key.as_str().unwrap_or_default(), value, level)?;
                    }
                } else {
                    let named = members.iter().map(|(key, value)| (key_text(key), value));
                    // Of keys that are the same in JSON the last counts.
                    let named: std::collections::BTreeMap<Cow<'_, str>, &Value> = named.collect();
                    for (index, (key, value)) in named.iter().enumerate() {
                        self.member(index, key, value, level)?;
                    }
                }
                self.end(members.is_empty(), level, '}')
            }
        }
    }

    fn list(&mut self, values: &[Value], level: usize) -> Result<(), Reached> {
        self.text.push('[')?;
        for (index, value) in values.iter().enumerate() {
            self.begin(index, level)?;
            self.value(value, level + 1)?;
        }
        self.end(values.is_empty(), level, ']')
    }

    fn member(&mut self, index: usize, key: &str, value: &Value, level: usize) -> Result<(), Reached> {
        self.begin(index, level)?;
        self.string(key)?;
        self.text.push_str(if self.pretty.is_some() { ": " } else { ":" })?;
        self.value(value, level + 1)
    }

    fn begin(&mut self, index: usize, level: usize) -> Result<(), Reached> {
        if index > 0 {
            self.text.push(',')?;
        }
        self.line(level + 1)
    }

    fn end(&mut self, empty: bool, level: usize, close: char) -> Result<(), Reached> {
        if !empty {
            self.line(level)?;
        }
        self.text.push(close)
    }

    fn line(&mut self, level: usize) -> Result<(), Reached> {
        if let Some((prefix, indent)) = self.pretty {
            self.text.push('\n')?;
            self.text.push_str(prefix)?;
            for _ in 0..level {
                self.text.push_str(indent)?;
            }
        }
        Ok(())
    }

    fn string(&mut self, string: &str) -> Result<(), Reached> {
        self.text.push('"')?;
        let mut rest = string;
        let html = self.html;
        let special = |letter: char| match letter {
            '"' | '\\' | '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => true,
            '<' | '>' | '&' => html,
            _ => false,
        };
        while let Some((plain, tail)) = rest.find(special).and_then(|at| rest.split_at_checked(at)) {
            self.text.push_str(plain)?;
            let mut letters = tail.chars();
            match letters.next() {
                Some(letter @ ('"' | '\\')) => {
                    self.text.push('\\')?;
                    self.text.push(letter)?;
                }
                Some('\x08') => self.text.push_str("\\b")?,
                Some('\x0c') => self.text.push_str("\\f")?,
                Some('\n') => self.text.push_str("\\n")?,
                Some('\r') => self.text.push_str("\\r")?,
                Some('\t') => self.text.push_str("\\t")?,
                Some(letter) => self.text.push_str(&format!("\\u{:04x}", u32::from(letter)))?,
                None => break,
            }
            rest = letters.as_str();
        }
        self.text.push_str(rest)?;
        self.text.push('"')
    }
}

fn key_text(key: &Value) -> Cow<'_, str> {
    match key {
        Value::String(name) => Cow::Borrowed(name),
        other => Cow::Owned(write(other)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::budget::Limits;

    fn round(text: &str) -> Result<String, Fault> {
        read(text, &mut Budget::new(Limits::default())).map(|value| write(&value))
    }

    #[test]
    fn what_is_json() {
        for (text, written) in [
            (" [1, 2.50 ,\t-1e-7]\n", "[1,2.50,-1e-7]"),
            (r#"{"b":1,"a":{"c":[]},"b":2}"#, r#"{"a":{"c":[]},"b":2}"#),
            (
                r#"["\ud83d\ude00","\ud800","\ud800\u0041","\u00e9\/\b"]"#,
                "[\"😀\",\"\u{fffd}\",\"\u{fffd}A\",\"é/\\b\"]",
            ),
            ("[[],{},[{}],true,false,null]", "[[],{},[{}],true,false,null]"),
            ("\"\\u2028<\"", "\"\\u2028<\""),
            ("\"a\\\"b\\\\c\\n\\u0001\"", "\"a\\\"b\\\\c\\n\\u0001\""),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ] {
            assert_eq!(round(text).as_deref(), Ok(written));
        }
    }

    #[test]
    fn what_is_not_json() {
        for text in [
            "",
            " ",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{a:1}",
            "{1:2}",
            "\"",
            "\"\\",
            "\"\\u12",
            "\"\\u12g4\"",
            "\"\\x\"",
            "\"\n\"",
            "nul",
            "nulll",
            "tru",
            "01",
            "1.",
            "-",
            "+1",
            "1 2",
            "[1 2]",
            "]",
            "'a'",
            "1e",
            "[}",
            "{]",
            "1e99999999999",
            "\"\\ud800\\u12\"",
        ] {
            assert!(matches!(round(text), Err(Fault::Error(_))), "{text}: {:?}", round(text));
        }
        assert_eq!(round("x"), Err(Fault::from("invalid character 'x' looking for beginning of value")));
    }

    #[test]
    fn nesting_and_size_are_held() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(round(&nested(256)), Ok(nested(256)));
        assert_eq!(round(&nested(257)), Err(Fault::Limit("value-depth")));
        assert_eq!(round(&"[".repeat(1_000_000)), Err(Fault::Limit("value-depth")));
        let limits = Limits { bytes: 1000, ..Limits::default() };
        let many = format!("[{}1]", "1,".repeat(100));
        assert_eq!(read(&many, &mut Budget::new(limits)), Err(Fault::Limit("policy-memory")));
    }

    #[test]
    fn keys_that_are_no_strings() {
        let key = Value::array(vec![Value::from(1)]);
        let members = vec![(Value::from(10), Value::Null), (Value::from("1"), Value::Null), (key, Value::Null)];
        assert_eq!(write(&Value::object(members)), r#"{"1":null,"10":null,"[1]":null}"#);
    }
}
