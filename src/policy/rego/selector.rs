//! How Kubernetes selects objects by their labels, and Gatekeeper by names.

use countersign_rego::value::Value;

/// A label selector: `matchLabels` and `matchExpressions`, which must all hold.
#[derive(Debug)]
pub(super) struct Selector {
    requirements: Vec<Requirement>,
}

#[derive(Debug)]
struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl Selector {
    /// Reads a selector. The error says what is wrong with it.
    pub fn read(value: &Value) -> Result<Selector, String> {
        let mut requirements = Vec::new();
        if let Some(Value::Object(labels)) = value.member("matchLabels") {
            for (key, value) in labels.members() {
                let (Some(key), Some(value)) = (key.as_str(), value.as_str()) else { continue };
                requirements.push(Requirement {
                    key: key.to_owned(),
                    operator: Operator::In,
                    values: vec![value.to_owned()],
                });
            }
        }
        if let Some(Value::Array(expressions)) = value.member("matchExpressions") {
            for expression in expressions.items() {
                requirements.push(requirement(expression)?);
            }
        }
        Ok(Selector { requirements })
    }

    /// Whether it selects an object with these labels.
    pub fn selects(&self, labels: Option<&Value>) -> bool {
        self.requirements.iter().all(|requirement| {
            let label = labels.and_then(|labels| labels.member(&requirement.key)).and_then(Value::as_str);
            let listed = label.is_some_and(|label| requirement.values.iter().any(|value| value == label));
            match requirement.operator {
                Operator::In => listed,
                Operator::NotIn => !listed,
                Operator::Exists => label.is_some(),
                Operator::DoesNotExist => label.is_none(),
            }
        })
    }
}

fn requirement(expression: &Value) -> Result<Requirement, String> {
    let text = |name: &str| expression.member(name).and_then(Value::as_str);
    let operator = match text("operator") {
        Some("In") => Operator::In,
        Some("NotIn") => Operator::NotIn,
        Some("Exists") => Operator::Exists,
        Some("DoesNotExist") => Operator::DoesNotExist,
        _ => return Err("an expression of a selector needs `operator`: In, NotIn, Exists or DoesNotExist".to_owned()),
    };
    let values = match expression.member("values") {
        Some(Value::Array(values)) => {
            values.items().iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    };
    let key = text("key").ok_or("an expression of a selector needs `key`")?;
    Ok(Requirement { key: key.to_owned(), operator, values })
}

/// Whether a name matches a pattern that may begin or end with `*`.
pub(super) fn wildcard(pattern: &str, name: &str) -> bool {
    let (open, rest) = pattern.strip_prefix('*').map_or((false, pattern), |rest| (true, rest));
    let (closed, middle) = rest.strip_suffix('*').map_or((false, rest), |middle| (true, middle));
    match (open, closed) {
        (true, true) => name.contains(middle),
        (true, false) => name.ends_with(middle),
        (false, true) => name.starts_with(middle),
        (false, false) => name == middle,
    }
}
