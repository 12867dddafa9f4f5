//! The path of a contract, `/hooks/{tenant}/{channel?}`, compared segment by segment on the raw path.

use std::collections::BTreeMap;

use crate::error::{ContractCode, ContractError};
use crate::place::is_name;
use crate::urlencoded::path_text;

/// The values of `{name}`, percent-decoded once.
pub(crate) type Parameters = BTreeMap<String, String>;

#[derive(Debug)]
pub(crate) struct Template {
    text: String,
    /// What every path begins with: the literals before the first name.
    begins: String,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Literal(String),
    Name(String),
    Optional(String),
}

impl Template {
    pub fn compile(text: &str) -> Result<Template, ContractError> {
        let wrong = |message: String| ContractError::new(ContractCode::ContractRequest, "/request/path", message);
        let rest = text.strip_prefix('/').ok_or_else(|| wrong(format!("`{text}` does not begin with `/`")))?;
        let segments: Vec<&str> = rest.split('/').collect();
        let last = segments.len() - 1;
        let mut parts = Vec::with_capacity(segments.len());
        for (index, segment) in segments.into_iter().enumerate() {
            parts.push(match segment.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
                Some(inner) => match inner.strip_suffix('?') {
                    Some(name) if is_name(name) && index == last => Part::Optional(name.to_owned()),
                    Some(name) if is_name(name) => {
                        return Err(wrong(format!("`{{{name}?}}` may be missing, so it stands last")));
                    }
                    None if is_name(inner) => Part::Name(inner.to_owned()),
                    _ => return Err(wrong(format!("`{segment}` is not a name in braces, such as `{{channel}}`"))),
                },
                None if !is_literal(segment) => {
                    return Err(wrong(format!("`{segment}` is neither a name in braces nor plain text")));
                }
                None => Part::Literal(segment.to_owned()),
            });
        }
        let first = parts.iter().position(|part| !matches!(part, Part::Literal(_))).unwrap_or(parts.len());
        let literals = parts.drain(..first).map(|part| match part {
            Part::Literal(text) | Part::Name(text) | Part::Optional(text) => format!("/{text}"),
        });
        let begins = literals.collect();
        let template = Template { text: text.to_owned(), begins, parts };
        let names = template.names();
        match names.iter().enumerate().find(|(index, name)| names.iter().take(*index).any(|earlier| earlier == *name)) {
            Some((_, name)) => Err(wrong(format!("`{{{name}}}` stands twice"))),
            None => Ok(template),
        }
    }

    /// Whether the last segment is a parameter.
    pub fn ends_open(&self) -> bool {
        matches!(self.parts.last(), Some(Part::Name(_) | Part::Optional(_)))
    }

    pub fn names(&self) -> Vec<&str> {
        self.parts
            .iter()
            .filter_map(|part| match part {
                Part::Literal(_) => None,
                Part::Name(name) | Part::Optional(name) => Some(name.as_str()),
            })
            .collect()
    }

    /// The parameters, or why it is another path.
    #[cfg_attr(small, optimize(speed))]
    pub fn matches(&self, path: &str) -> Result<Parameters, String> {
        let mut parameters = Parameters::new();
        if !path.starts_with('/') {
            return Err("the path does not begin with `/`".into());
        }
        let rest = path.strip_prefix(self.begins.as_str()).ok_or("the path is not the contract's")?;
        if rest.is_empty() && self.parts.is_empty() {
            return Ok(parameters);
        }
        let mut segments = match (rest.strip_prefix('/'), rest) {
            (Some(rest), _) => Some(rest),
            (None, "") => None,
            // A literal that only begins like the contract's.
            (None, _) => return Err("the path is not the contract's".into()),
        }
        .into_iter()
        .flat_map(|rest| rest.split('/'));
        for part in &self.parts {
            match (part, segments.next()) {
                (Part::Literal(literal), Some(segment)) if literal == segment => {}
                (Part::Name(name) | Part::Optional(name), Some(segment)) => {
                    parameters.insert(name.clone(), parameter(name, segment)?);
                }
                (Part::Optional(_), None) => {}
                _ => return Err("the path is not the contract's".into()),
            }
        }
        match segments.next() {
            Some("") => Err("the path ends in `/`, which the contract's does not".into()),
            Some(_) => Err("the path is longer than the contract's".into()),
            None => Ok(parameters),
        }
    }
}

impl std::fmt::Display for Template {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A segment that decodes to nothing, or to a path of its own, would mean different things to different routers.
fn parameter(name: &str, segment: &str) -> Result<String, String> {
    let value = path_text(segment).ok_or_else(|| format!("`{name}` in the path is not percent-encoded UTF-8"))?;
    match value.as_str() {
        "" => Err(format!("`{name}` in the path is empty")),
        "." | ".." => Err(format!("`{name}` in the path is a dot segment")),
        text if text.contains(['/', '\0']) => Err(format!("`{name}` in the path holds a `/` or NUL")),
        _ => Ok(value),
    }
}

/// RFC 3986, section 3.3: what a segment may contain unencoded, or percent-encoded.
fn is_literal(segment: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%".contains(&byte);
    let escape = |after: &str| after.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    segment.bytes().all(plain) && segment.split('%').skip(1).all(escape)
}
