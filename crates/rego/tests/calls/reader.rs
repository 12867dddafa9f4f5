//! Reads constants as Rego writes them.

use std::collections::BTreeMap;

use countersign_rego::number::Number;
use countersign_rego::value::Value;

pub struct Reader<'a> {
    rest: &'a str,
    /// What names stand for.
    names: BTreeMap<String, Value>,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Reader<'a> {
        Reader { rest: text.trim_start(), names: BTreeMap::new() }
    }

    pub fn with(text: &'a str, names: BTreeMap<String, Value>) -> Reader<'a> {
        Reader { names, ..Reader::new(text) }
    }

    /// `.name` and `[0]`: a part of a value.
    pub fn part(&mut self, mut value: Value) -> Option<Value> {
        loop {
            if let Some(rest) = self.rest.strip_prefix('.') {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                value = value.member(&rest[..end])?.clone();
                self.rest = rest[end..].trim_start();
            } else if self.rest.starts_with('[') {
                let key = self.list("[", "]")?.pop()?;
                value = value.get(&key)?.clone();
            } else {
                return Some(value);
            }
        }
    }

    pub fn rest(&self) -> &'a str {
        self.rest
    }

    /// The constants up to the closing parenthesis, or up to what is none; a constant in an expression is none.
    pub fn arguments(&mut self) -> Vec<Value> {
        let mut terms = Vec::new();
        while !self.eat(")") {
            let Some(term) = self.term() else { break };
            terms.push(term);
            if !self.eat(",") && !self.rest.starts_with(')') {
                return Vec::new();
            }
        }
        terms
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest.strip_prefix(token);
        self.rest = found.unwrap_or(self.rest).trim_start();
        found.is_some()
    }

    pub fn term(&mut self) -> Option<Value> {
        if self.eat("set()") {
            return Some(Value::set(Vec::new()));
        }
        for (word, value) in [("true", Value::from(true)), ("false", Value::from(false)), ("null", Value::Null)] {
            if self.eat(word) {
                return Some(value);
            }
        }
        match self.rest.chars().next()? {
            '"' => self.string().map(Value::from),
            '`' => {
                let (text, rest) = self.rest[1..].split_once('`')?;
                self.rest = rest.trim_start();
                Some(Value::from(text))
            }
            '[' => self.list("[", "]").map(Value::array),
            '{' => self.braces(),
            'a'..='z' => {
                let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
                let value = self.names.get(&self.rest[..end])?.clone();
                self.rest = self.rest[end..].trim_start();
                Some(value)
            }
            _ => {
                let end = self
                    .rest
                    .find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
                    .unwrap_or(self.rest.len());
                let (number, rest) = self.rest.split_at(end);
                let number = Number::parse(number)?;
                self.rest = rest.trim_start();
                Some(Value::Number(number))
            }
        }
    }

    fn list(&mut self, open: &str, close: &str) -> Option<Vec<Value>> {
        self.eat(open);
        let mut items = Vec::new();
        while !self.eat(close) {
            items.push(self.term()?);
            self.eat(",");
        }
        Some(items)
    }

    fn braces(&mut self) -> Option<Value> {
        self.eat("{");
        let (mut members, mut elements) = (Vec::new(), Vec::new());
        while !self.eat("}") {
            let key = self.term()?;
            match self.eat(":") {
                true => members.push((key, self.term()?)),
                false => elements.push(key),
            }
            self.eat(",");
        }
        Some(if elements.is_empty() { Value::object(members) } else { Value::set(elements) })
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((index, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = self.rest[index + 1..].trim_start();
                    return Some(text);
                }
                '\\' => match characters.next()?.1 {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'u' => {
                        let mut unit = || {
                            u16::from_str_radix(&(0..4).map(|_| characters.next().unwrap().1).collect::<String>(), 16)
                                .unwrap()
                        };
                        let first = unit();
                        let mut units = vec![first];
                        if (0xd800..0xdc00).contains(&first) {
                            characters.next();
                            characters.next();
                            let mut unit = || {
                                u16::from_str_radix(
                                    &(0..4).map(|_| characters.next().unwrap().1).collect::<String>(),
                                    16,
                                )
                                .unwrap()
                            };
                            units.push(unit());
                        }
                        text.push_str(&String::from_utf16_lossy(&units));
                    }
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
        None
    }
}
