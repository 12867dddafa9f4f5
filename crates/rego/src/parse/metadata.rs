//! METADATA: blocks of comments, read as YAML, about the package or rule below them.

use super::Parser;
use super::module::About;
use crate::ast::{Metadata, Scope};
use crate::lex::Comment;
use crate::source::Span;
use crate::value::Value;
use crate::yaml;

/// The comments of one block: the line with the word, then those that follow it without a gap.
struct Block<'a> {
    span: Span,
    lines: Vec<(&'a str, Comment)>,
}

impl<'a> Parser<'a> {
    /// All blocks. `places` says where the package, the imports and the rules begin, in order.
    #[inline(never)]
    pub(super) fn metadata(&mut self, comments: &[Comment], places: &[(u32, About)]) -> Vec<Metadata> {
        let blocks = self.blocks(comments);
        blocks.into_iter().filter_map(|block| self.block(&block, places)).collect()
    }

    fn blocks(&self, comments: &[Comment]) -> Vec<Block<'a>> {
        let mut blocks: Vec<Block<'a>> = Vec::new();
        let mut next_line = 0;
        for comment in comments {
            let span = Span { file: self.file, start: comment.start, end: comment.end };
            let text = self.written_at(span);
            match blocks.last_mut() {
                Some(block) if comment.line == next_line && comment.first => {
                    block.lines.push((text.strip_prefix(' ').unwrap_or(text), *comment));
                    block.span.end = comment.end;
                    next_line += 1;
                }
                _ if text.trim().starts_with("METADATA") => {
                    let span = Span { start: comment.start.saturating_sub(1), ..span };
                    blocks.push(Block { span, lines: Vec::new() });
                    next_line = comment.line + 1;
                }
                _ => next_line = 0,
            }
        }
        blocks
    }

    fn block(&mut self, block: &Block<'a>, places: &[(u32, About)]) -> Option<Metadata> {
        let text: Vec<&str> = block.lines.iter().map(|(line, _)| *line).collect();
        let text = text.join("\n");
        if text.trim().is_empty() {
            let help = "write it in the lines below, without an empty line before: `# title: ...`";
            self.problem(block.span, "METADATA without anything in it", help);
            return None;
        }
        let reading = yaml::Reading { depth: 32, weight: 10_000, strict: true };
        let value = match yaml::parse(&text, &reading) {
            Ok(value) => value,
            Err(fault) => {
                let span = self.line(block, fault.line.saturating_sub(1));
                let help = "METADATA is YAML: a space after every `:`, and two spaces for each level";
                self.problem(span, format!("METADATA that is no YAML: {}", fault.message), help);
                return None;
            }
        };
        let next = places.partition_point(|(start, _)| *start <= block.span.start);
        let about = places.get(next).map(|(_, about)| *about);
        let below = "nothing follows it: remove it, or move it above a rule or the package";
        match self.annotation(&value, about) {
            Ok((value, scope)) => Some(Metadata { value, scope, span: block.span }),
            Err((message, help)) => {
                let key = message.split('`').nth(1).unwrap_or_default();
                let line = block.lines.iter().position(|(line, _)| !key.is_empty() && line.starts_with(key));
                let span = line.map_or(block.span, |line| self.line(block, line));
                self.problem(span, message, if about.is_some() { help } else { below });
                None
            }
        }
    }

    fn line(&self, block: &Block<'a>, index: usize) -> Span {
        match block.lines.get(index).or(block.lines.last()) {
            Some((_, comment)) => Span { file: self.file, start: comment.start, end: comment.end },
            None => block.span,
        }
    }

    /// What OPA keeps of a block, and what it is about.
    fn annotation(&self, value: &Value, about: Option<About>) -> Result<(Value, Scope), (String, &'static str)> {
        let Value::Object(object) = value else {
            return Err(("METADATA that is no mapping".to_owned(), "write keys and values: `# title: ...`"));
        };
        let wrong = |key: &str, wanted: &str| (format!("`{key}` in METADATA is {wanted}"), "correct it, or remove it");
        let mut kept = Vec::new();
        let mut entrypoint = false;
        let mut scope = None;
        for (key, value) in object.members() {
            let name = key.as_str().unwrap_or_default();
            let value = match (name, value) {
                (_, Value::Null) => continue,
                ("scope", Value::String(text)) => {
                    scope = Some(text.clone());
                    continue;
                }
                ("id" | "title" | "description", Value::String(_)) => value.clone(),
                ("entrypoint", Value::Boolean(truth)) => {
                    entrypoint = *truth;
                    value.clone()
                }
                ("organizations", Value::Array(items))
                    if items.items().iter().all(|item| matches!(item, Value::String(_))) =>
                {
                    value.clone()
                }
                ("authors", Value::Array(items)) => {
                    let authors: Option<Vec<Value>> = items.items().iter().map(author).collect();
                    Value::array(authors.ok_or_else(|| wrong(name, "a list of names, or of `name` and `email`"))?)
                }
                ("related_resources", Value::Array(items)) => {
                    let resources: Option<Vec<Value>> = items.items().iter().map(resource).collect();
                    let wanted = "a list of addresses, or of `ref` and `description`";
                    Value::array(resources.ok_or_else(|| wrong(name, wanted))?)
                }
                ("custom" | "compile", Value::Object(_)) | ("schemas", Value::Array(_)) => value.clone(),
                ("scope" | "id" | "title" | "description", _) => return Err(wrong(name, "a text")),
                ("entrypoint", _) => return Err(wrong(name, "`true` or `false`")),
                ("organizations" | "authors" | "related_resources" | "schemas", _) => {
                    return Err(wrong(name, "a list of the right kind"));
                }
                ("custom" | "compile", _) => return Err(wrong(name, "a mapping")),
                // OPA keeps nothing else; what a policy says of itself stands below `custom`.
                _ => continue,
            };
            let empty = match &value {
                Value::Boolean(truth) => !truth,
                Value::String(text) => text.is_empty(),
                Value::Array(array) => array.items().is_empty(),
                Value::Object(object) => object.members().is_empty(),
                _ => false,
            };
            if !empty {
                kept.push((key.clone(), value));
            }
        }
        let (scope, name) = scope_of(scope.as_deref(), about, entrypoint)?;
        kept.push((Value::from("scope"), Value::from(name)));
        Ok((Value::object(kept), scope))
    }
}

fn scope_of(
    scope: Option<&str>,
    about: Option<About>,
    entrypoint: bool,
) -> Result<(Scope, &'static str), (String, &'static str)> {
    let known = match (scope, about) {
        (None, Some(About::Rule(rule))) if entrypoint => (Scope::Document(rule), "document"),
        (None | Some("rule"), Some(About::Rule(rule))) => (Scope::Rule(rule), "rule"),
        (Some("document"), Some(About::Rule(rule))) => (Scope::Document(rule), "document"),
        (None | Some("package"), Some(About::Package)) => (Scope::Package, "package"),
        (Some("subpackages"), Some(About::Package)) => (Scope::Subpackages, "subpackages"),
        (Some("rule" | "document"), _) => {
            let message = "METADATA whose `scope` is a rule stands above a rule".to_owned();
            return Err((message, "move it directly above the rule"));
        }
        (Some("package" | "subpackages"), _) => {
            let message = "METADATA whose `scope` is the package stands above `package`".to_owned();
            return Err((message, "move it to the beginning of the module, or name another scope"));
        }
        (Some(other), _) => {
            let message = format!("`scope` in METADATA is not `{other}`");
            return Err((message, "choose `rule`, `document`, `package` or `subpackages`"));
        }
        (None, _) => {
            let message = "METADATA that is about neither a rule nor the package".to_owned();
            return Err((message, "move it directly above a rule or `package`"));
        }
    };
    if entrypoint && !matches!(known.0, Scope::Document(_) | Scope::Package) {
        let message = "`entrypoint` in METADATA is for a document or a package".to_owned();
        return Err((message, "write `scope: document`"));
    }
    Ok(known)
}

/// `name`, and `email` if the last word is one in `<...>`.
fn author(value: &Value) -> Option<Value> {
    let (name, email) = match value {
        Value::String(text) => {
            let text = text.trim();
            let last = text.split_whitespace().next_back()?;
            match last.strip_prefix('<').and_then(|last| last.strip_suffix('>')) {
                Some(email) => (text.strip_suffix(last).unwrap_or_default().trim(), email),
                None => (text, ""),
            }
        }
        Value::Object(_) => (text_of(value, "name"), text_of(value, "email")),
        _ => return None,
    };
    pairs([("name", name), ("email", email)])
}

fn resource(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => pairs([("ref", text), ("description", "")]),
        Value::Object(_) if text_of(value, "ref").is_empty() => None,
        Value::Object(_) => pairs([("ref", text_of(value, "ref")), ("description", text_of(value, "description"))]),
        _ => None,
    }
}

fn text_of<'v>(value: &'v Value, name: &str) -> &'v str {
    value.member(name).and_then(Value::as_str).unwrap_or_default().trim()
}

/// The pairs that have a text; `None` without any.
fn pairs(pairs: [(&str, &str); 2]) -> Option<Value> {
    let pairs = pairs.into_iter().filter(|(_, text)| !text.is_empty());
    let members: Vec<(Value, Value)> = pairs.map(|(name, text)| (Value::from(name), Value::from(text))).collect();
    (!members.is_empty()).then(|| Value::object(members))
}
