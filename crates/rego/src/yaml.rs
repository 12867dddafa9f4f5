//! YAML as Go's readers take it: METADATA, and the functions `yaml.*`.

mod plain;

use std::collections::{BTreeMap, BTreeSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use crate::number::Number;
use crate::value::Value;

/// What a document may hold, and how it is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reading {
    /// The levels of its collections.
    pub depth: u32,
    /// The weight of its value, with every alias written out.
    pub weight: u64,
    /// As OPA reads METADATA: a key twice is refused, and `yes`, `no`, `on` and `off` are strings. As `yaml.unmarshal`
    /// reads: the last of two keys counts, and those words are booleans.
    pub strict: bool,
}

/// Why a text is no YAML, or more than may be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// Its line, counted from 1.
    pub line: usize,
}

/// The first document of a text; `null` if there is none.
pub fn parse(text: &str, reading: &Reading) -> Result<Value, Fault> {
    match reading.strict.then(|| plain::read(text)).flatten() {
        Some(value) => Ok(value),
        None => parse_all(text, reading),
    }
}

fn parse_all(text: &str, reading: &Reading) -> Result<Value, Fault> {
    let mut builder = Builder { reading, open: Vec::new(), anchors: BTreeMap::new(), done: None };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| fault(error.info(), error.marker().line()))?;
        if matches!(event, Event::DocumentEnd | Event::StreamEnd) {
            break;
        }
        builder.take(event).map_err(|message| fault(message, span.start.line()))?;
    }
    Ok(builder.done.unwrap_or(Value::Null))
}

fn fault(message: impl Into<String>, line: usize) -> Fault {
    Fault { message: message.into(), line }
}

struct Builder<'a> {
    reading: &'a Reading,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Value>,
    done: Option<Value>,
}

/// A collection whose end is not read yet, and its anchor.
enum Open {
    Sequence(usize, Vec<Value>),
    Mapping(usize, Mapping),
}

#[derive(Default)]
struct Mapping {
    members: Vec<(Value, Value)>,
    keys: BTreeSet<Value>,
    /// What `<<` takes from elsewhere.
    merged: Vec<(Value, Value)>,
    key: Option<Key>,
}

enum Key {
    Name(Value),
    Merge,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                if plain && text == "<<" && self.wants_key() {
                    self.key(Key::Merge);
                    return Ok(());
                }
                let string = !plain && !typed(tag.as_deref());
                let value = match string {
                    true => Value::from(&*text),
                    false => scalar(&text, self.reading.strict)?,
                };
                self.value(value, anchor)
            }
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned();
                self.value(value.ok_or("an alias inside of what it stands for")?, 0)
            }
            Event::SequenceStart(anchor, _) => self.open(Open::Sequence(anchor, Vec::new())),
            Event::MappingStart(anchor, _) => self.open(Open::Mapping(anchor, Mapping::default())),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::Sequence(anchor, items)) => self.value(Value::array(items), anchor),
                Some(Open::Mapping(anchor, mut mapping)) => {
                    mapping.merged.append(&mut mapping.members);
                    self.value(Value::object(mapping.merged), anchor)
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn open(&mut self, open: Open) -> Result<(), String> {
        if self.open.len() >= usize::try_from(self.reading.depth).unwrap_or(usize::MAX) {
            return Err(format!("nested more than {} levels deep", self.reading.depth));
        }
        self.open.push(open);
        Ok(())
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open::Mapping(_, mapping)) if mapping.key.is_none())
    }

    fn key(&mut self, key: Key) {
        if let Some(Open::Mapping(_, mapping)) = self.open.last_mut() {
            mapping.key = Some(key);
        }
    }

    fn value(&mut self, value: Value, anchor: usize) -> Result<(), String> {
        if value.weight() > self.reading.weight {
            return Err(format!("more than {} values, with aliases written out", self.reading.weight));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
        let strict = self.reading.strict;
        match self.open.last_mut() {
            None => self.done = Some(value),
            Some(Open::Sequence(_, items)) => items.push(value),
            Some(Open::Mapping(_, mapping)) => match mapping.key.take() {
                None => {
                    let name = key_of(&value)?;
                    if !mapping.keys.insert(name.clone()) && strict {
                        return Err(format!("the key `{}` stands twice", name.as_str().unwrap_or_default()));
                    }
                    mapping.key = Some(Key::Name(name));
                }
                Some(Key::Name(name)) => mapping.members.push((name, value)),
                Some(Key::Merge) => mapping.merge(&value)?,
            },
        }
        Ok(())
    }
}

impl Mapping {
    /// Takes the members of a mapping, or of several, of which the first counts; what the mapping itself has counts more.
    fn merge(&mut self, value: &Value) -> Result<(), String> {
        if !self.merged.is_empty() {
            return Err("the key `<<` stands twice".to_owned());
        }
        let mappings = match value {
            Value::Array(array) => array.items(),
            other => std::slice::from_ref(other),
        };
        // Of two members the last counts.
        for mapping in mappings.iter().rev() {
            let Value::Object(object) = mapping else { return Err("`<<` takes mappings".to_owned()) };
            self.merged.extend(object.members().iter().cloned());
        }
        Ok(())
    }
}

/// Keys are strings, as in JSON.
fn key_of(value: &Value) -> Result<Value, String> {
    match value {
        Value::String(_) => Ok(value.clone()),
        Value::Number(number) => Ok(Value::from(number.to_string())),
        Value::Boolean(truth) => Ok(Value::from(truth.to_string())),
        Value::Null => Ok(Value::from("null")),
        _ => Err("a key that is a collection".to_owned()),
    }
}

/// Whether a tag asks for the meaning of a plain scalar: `!!int`.
fn typed(tag: Option<&Tag>) -> bool {
    tag.is_some_and(|tag| tag.is_yaml_core_schema() && ["bool", "float", "int", "null"].contains(&tag.suffix.as_str()))
}

/// The meaning of a plain scalar.
fn scalar(text: &str, strict: bool) -> Result<Value, String> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Boolean(true),
        "false" | "False" | "FALSE" => Value::Boolean(false),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" if !strict => Value::Boolean(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" if !strict => Value::Boolean(false),
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => return Err(format!("`{text}` is no number of JSON")),
        _ => match number(text) {
            Some(number) => Value::Number(number),
            None => Value::from(text),
        },
    })
}

fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let digits = unsigned.replace('_', "");
    let based = |prefixes: [&str; 2], base| {
        let rest = prefixes.iter().find_map(|prefix| digits.strip_prefix(prefix))?;
        let fits = !rest.is_empty() && rest.chars().all(|digit| digit.is_digit(base));
        fits.then(|| u64::from_str_radix(rest, base).ok()).flatten()
    };
    let octal = || {
        let rest = digits.strip_prefix('0').filter(|rest| !rest.is_empty())?;
        rest.chars().all(|digit| digit.is_digit(8)).then(|| u64::from_str_radix(rest, 8).ok()).flatten()
    };
    let whole = based(["0x", "0X"], 16).or_else(|| based(["0o", "0O"], 8)).or_else(|| based(["0b", "0B"], 2));
    if let Some(whole) = whole.or_else(octal) {
        return Number::parse(&format!("{sign}{whole}"));
    }
    // As JSON writes it: digits before and after the point.
    let (mantissa, exponent) =
        digits.split_once(['e', 'E']).map_or((&*digits, None), |(left, right)| (left, Some(right)));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let all = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if before.len() + after.len() == 0 || mantissa == "." || !all(before) || !all(after) {
        return None;
    }
    let before = before.trim_start_matches('0');
    let before = if before.is_empty() { "0" } else { before };
    let after = if after.is_empty() { "0" } else { after };
    let point = if mantissa.contains('.') { format!(".{after}") } else { String::new() };
    let exponent = match exponent {
        Some(exponent) => {
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            if digits.is_empty() || !all(digits) {
                return None;
            }
            format!("e{exponent}")
        }
        None => String::new(),
    };
    Number::parse(&format!("{sign}{before}{point}{exponent}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const METADATA: Reading = Reading { depth: 16, weight: 1000, strict: true };
    const UNMARSHAL: Reading = Reading { depth: 16, weight: 1000, strict: false };

    fn shown(text: &str, reading: &Reading) -> String {
        match parse(text, reading) {
            Ok(value) => show(&value),
            Err(fault) => format!("{}: {}", fault.line, fault.message),
        }
    }

    fn show(value: &Value) -> String {
        match value {
            Value::Null => "null".to_owned(),
            Value::Boolean(truth) => truth.to_string(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => format!("{text:?}"),
            Value::Array(array) => format!("[{}]", array.items().iter().map(show).collect::<Vec<_>>().join(",")),
            Value::Object(object) => {
                let members = object.members().iter();
                let members = members.map(|(key, value)| format!("{}:{}", show(key), show(value)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
            Value::Set(_) => "a set".to_owned(),
        }
    }

    #[test]
    fn documents() {
        for (text, strict, other) in [
            ("", "null", ""),
            ("a: 1\nb: [x, 'y', \"z\\n\"]", r#"{"a":1,"b":["x","y","z\n"]}"#, ""),
            ("a: |\n  one\n  two\nb: >-\n  one\n  two\n", r#"{"a":"one\ntwo\n","b":"one two"}"#, ""),
            ("[yes, off, true, ~, '']", r#"["yes","off",true,null,""]"#, r#"[true,false,true,null,""]"#),
            ("[0x1f, 0o17, 017, 1_000, +5, -7, .5, 08]", r#"[31,15,15,1000,5,-7,0.5,8]"#, ""),
            ("[1.2.3, 1e, '5', !!str 5, 2020-01-01]", r#"["1.2.3","1e","5","5","2020-01-01"]"#, ""),
            ("a: 1\na: 2", "2: the key `a` stands twice", r#"{"a":2}"#),
            ("k: &x {a: 1, b: 2}\nl: {<<: *x, b: 3}", r#"{"k":{"a":1,"b":2},"l":{"a":1,"b":3}}"#, ""),
            (
                "- &a {k: 1}\n- &b {k: 2, l: 2}\n- {<<: [*a, *b], m: 3}",
                r#"[{"k":1},{"k":2,"l":2},{"k":1,"l":2,"m":3}]"#,
                "",
            ),
            ("- &a {k: 1}\n- {<<: *a, <<: *a}", "2: the key `<<` stands twice", ""),
            ("a: {<<: 1}", "1: `<<` takes mappings", ""),
            ("1: x\ntrue: z", r#"{"1":"x","true":"z"}"#, ""),
            ("a: 1\n---\nb: 2", r#"{"a":1}"#, ""),
        ] {
            assert_eq!(shown(text, &METADATA), strict, "{text}");
            assert_eq!(shown(text, &UNMARSHAL), if other.is_empty() { strict } else { other }, "{text}");
        }
    }

    #[test]
    fn faults_have_their_line() {
        for text in ["a: [1,\nb: 2", "a:\n\t- b", "a: 'x", "a: &x [*x]", "a: b: c", "? [1]\n: 2", "[.nan]", "a: *b"] {
            assert!(parse(text, &METADATA).is_err(), "{text}");
        }
        assert_eq!(parse("a: 1\nb: [c: d: e", &METADATA).unwrap_err().line, 2);
    }

    #[test]
    fn limits() {
        let deep = "[".repeat(40) + &"]".repeat(40);
        assert_eq!(shown(&deep, &METADATA), "1: nested more than 16 levels deep");
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            let before = level - 1;
            bomb += &format!("a{level}: &a{level} [*a{before}, *a{before}, *a{before}, *a{before}]\n");
        }
        assert!(shown(&bomb, &METADATA).ends_with("more than 1000 values, with aliases written out"));
    }
}
