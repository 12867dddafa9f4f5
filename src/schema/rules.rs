//! The rules of one type: what a schema says of texts, arrays and objects.

use serde_json::Value;

use super::compile::{Builder, Compiled, Object};
use super::content::Encoding;
use super::draft::Draft;
use super::format::Format;
use super::program::{Additional, ArrayRule, Choice, Contains, Dependent, Location, ObjectRule, Op, TRUE, TextRule};
use crate::json::Document;

/// `const` and `enum`.
pub(super) fn choice(keyword: &'static str, options: &[Value], shown: &Value) -> Op {
    let texts = options.iter().filter_map(Value::as_str);
    let mut texts: Vec<Box<str>> = texts.map(Box::from).collect();
    texts.sort_unstable_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let others = options.iter().filter(|option| !option.is_string()).map(Document::of).collect();
    Op::Choice(Box::new(Choice {
        keyword,
        texts: texts.into_boxed_slice(),
        others,
        shown: shown.clone(),
        size: shown.to_string().len(),
    }))
}

/// A size that is written as an integer or, in later drafts, as `1.0`. More than any document has is as good as that.
fn size(value: Option<&Value>) -> Option<u64> {
    let value = value?;
    value.as_u64().or_else(|| value.as_f64().map(|number| number as u64))
}

fn names(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

impl<'a> Builder<'a> {
    pub fn texts(&mut self, object: Object<'a>) -> Compiled<Option<Op>> {
        let Object { members, dialect, .. } = object;
        let text = |keyword: &str| members.get(keyword).and_then(Value::as_str);
        let mut rule = TextRule::default();
        let mut is_there = false;
        if dialect.validates {
            rule.min = size(members.get("minLength")).unwrap_or_default();
            rule.max = size(members.get("maxLength"));
            is_there = rule.min > 0 || rule.max.is_some();
            if let Some(pattern) = text("pattern") {
                rule.pattern = Some((self.pattern(object, "pattern", pattern)?, pattern.into()));
                is_there = true;
            }
        }
        if let Some(name) = text("format")
            && let Some(format) = Format::named(name, dialect.draft)
        {
            rule.format = Some((format, name.into()));
            is_there = true;
        }
        if matches!(dialect.draft, Draft::Six | Draft::Seven) {
            let named = text("contentEncoding").map(|name| (Encoding::named(name), name));
            let encoding = named.and_then(|(encoding, name)| Some((encoding?, name.into())));
            let media_type = text("contentMediaType");
            // One that is not known says nothing, and then the other does not, either.
            let is_known = media_type.is_none_or(|media_type| media_type == "application/json")
                && named.is_none_or(|(encoding, _)| encoding.is_some());
            if is_known && (encoding.is_some() || media_type.is_some()) {
                rule.encoding = encoding;
                rule.media_type = media_type.map(Box::from);
                is_there = true;
            }
        }
        rule.looks_inside =
            rule.pattern.is_some() || rule.format.is_some() || rule.encoding.is_some() || rule.media_type.is_some();
        Ok(is_there.then(|| Op::Text(Box::new(rule))))
    }

    pub fn array(&mut self, object: Object<'a>) -> Option<Op> {
        let Object { members, dialect, .. } = object;
        let mut rule = ArrayRule::default();
        let mut is_there = false;
        if dialect.validates {
            rule.min = size(members.get("minItems")).unwrap_or_default();
            rule.max = size(members.get("maxItems"));
            rule.unique = members.get("uniqueItems") == Some(&Value::Bool(true));
            is_there = rule.min > 0 || rule.max.is_some() || rule.unique;
        }
        if !dialect.applies {
            return is_there.then(|| Op::Array(Box::new(rule)));
        }
        let items = members.get("items");
        is_there |= items.is_some();
        if dialect.draft == Draft::Twenty
            && let Some(prefix) = members.get("prefixItems")
        {
            rule.prefix = self.list(object, "prefixItems", prefix);
            is_there = true;
        }
        match items {
            Some(list @ Value::Array(_)) => {
                rule.prefix = self.list(object, "items", list);
                let additional = members.get("additionalItems");
                rule.is_closed = additional == Some(&Value::Bool(false));
                rule.covers_all = additional.is_some();
                rule.rest = additional.map(|part| match part {
                    Value::Bool(_) => TRUE,
                    _ => self.one(object, "additionalItems", part),
                });
            }
            Some(part) => {
                rule.rest = Some(self.one(object, "items", part));
                rule.covers_all = true;
            }
            None => {}
        }
        if dialect.draft >= Draft::Six
            && let Some(part) = members.get("contains")
        {
            let counts = dialect.draft >= Draft::Nineteen && dialect.validates;
            let count = |keyword: &str| size(members.get(keyword).filter(|_| counts));
            let (min, max) = (count("minContains"), count("maxContains"));
            rule.contains = Some(Contains { node: self.one(object, "contains", part), min, max });
            is_there = true;
        }
        is_there.then(|| Op::Array(Box::new(rule)))
    }

    pub fn members(&mut self, object: Object<'a>) -> Compiled<Option<Op>> {
        let Object { members, dialect, .. } = object;
        let mut rule = ObjectRule::default();
        let mut is_there = false;
        if dialect.validates {
            rule.min = size(members.get("minProperties")).unwrap_or_default();
            rule.max = size(members.get("maxProperties"));
            is_there = rule.min > 0 || rule.max.is_some();
        }
        if dialect.applies {
            is_there |= self.applied(object, &mut rule)?;
        }
        if dialect.validates {
            let required = members.get("required").into_iter().flat_map(names);
            for (number, name) in (0..).zip(required) {
                let entry = rule.say(name, |entry| entry.required = Some(number));
                rule.required.push(entry as u32);
            }
            is_there |= !rule.required.is_empty();
            if dialect.draft >= Draft::Nineteen {
                let named = members.get("dependentRequired").and_then(Value::as_object);
                let dependents = named.into_iter().flatten().map(|(name, value)| Dependent {
                    keyword: "dependentRequired",
                    name: name.as_str().into(),
                    required: names(value).map(Box::from).collect(),
                    node: None,
                });
                rule.dependents.splice(0..0, dependents);
            }
        }
        rule.finish();
        is_there |= !rule.dependents.is_empty();
        Ok(is_there.then(|| Op::Object(Box::new(rule))))
    }

    /// What holds schemas. Returns whether anything does.
    fn applied(&mut self, object: Object<'a>, rule: &mut ObjectRule) -> Compiled<bool> {
        let Object { members, dialect, .. } = object;
        let named = |keyword: &str| members.get(keyword).and_then(Value::as_object);
        for (name, part) in named("properties").into_iter().flatten() {
            let node = self.named(object, "properties", name, part);
            rule.say(name, |entry| entry.node = Some(node));
        }
        for (pattern, part) in named("patternProperties").into_iter().flatten() {
            let node = self.named(object, "patternProperties", pattern, part);
            rule.patterns.push((self.pattern(object, "patternProperties", pattern)?, node));
        }
        rule.additional = members.get("additionalProperties").map(|part| match part {
            Value::Bool(false) => {
                let alone = !members.contains_key("properties") && !members.contains_key("patternProperties");
                Additional::Closed { alone }
            }
            Value::Bool(true) => Additional::Judged(TRUE),
            _ => Additional::Judged(self.one(object, "additionalProperties", part)),
        });
        rule.names = members
            .get("propertyNames")
            .filter(|_| dialect.draft >= Draft::Six)
            .map(|part| self.one(object, "propertyNames", part));
        for (name, part) in named("dependencies").into_iter().flatten() {
            let name_of = |keyword| Location::Name(object.id, keyword, name.as_str().into());
            let node = (!part.is_array()).then(|| self.part(object, part, name_of("dependencies")));
            let required = names(part).map(Box::from).collect();
            rule.dependents.push(Dependent { keyword: "dependencies", name: name.as_str().into(), required, node });
        }
        if dialect.draft >= Draft::Nineteen {
            for (name, part) in named("dependentSchemas").into_iter().flatten() {
                let node = Some(self.named(object, "dependentSchemas", name, part));
                let (keyword, required) = ("dependentSchemas", Box::default());
                rule.dependents.push(Dependent { keyword, name: name.as_str().into(), required, node });
            }
        }
        let keywords = ["properties", "patternProperties", "additionalProperties", "propertyNames"];
        Ok(keywords.iter().any(|keyword| members.contains_key(*keyword)) || !rule.dependents.is_empty())
    }
}
