//! Documents and data before the rules see them.

use countersign_rego::resolved::Node;
use countersign_rego::value::Value;

use super::report::Resource;
use super::values::of_tree;
use crate::error::PolicyError;
use crate::limits::PolicyLimits;

/// A document as the rules see it: the caller's, or an item of the caller's list.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The number of the caller's document.
    pub document: usize,
    /// The pointer of the item within the caller's document.
    pub prefix: String,
    /// What the rules see as `input`.
    pub value: Value,
    /// What it describes.
    pub resource: Option<Resource>,
}

/// All documents of a check, with the items of lists in the place of the lists.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// In the caller's order.
    pub entries: Vec<Entry>,
    /// Whether there were more than may be.
    pub too_many: bool,
}

impl Documents {
    /// Adds a document: a list is replaced with its items. Those of a typed list (`PodList`) have no kind or version of
    /// their own, and without them no rule would match.
    pub fn add(&mut self, document: Value, number: usize, most: usize) {
        // Nested lists are taken from a stack, the next item last.
        let mut left = vec![(document, String::new())];
        while let Some((value, prefix)) = left.pop() {
            if let Some(items) = items(&value) {
                let at = |(index, item): (usize, Value)| (item, format!("{prefix}/items/{index}"));
                left.extend(items.into_iter().enumerate().map(at).rev());
                continue;
            }
            if self.entries.len() == most {
                self.too_many = true;
                return;
            }
            let resource = resource(&value);
            self.entries.push(Entry { document: number, prefix, value, resource });
        }
    }

    /// The documents as `data.documents` has them.
    pub fn all(&self) -> Value {
        Value::array(self.entries.iter().map(|entry| entry.value.clone()).collect())
    }
}

/// The items of a list, each with the kind and version that the list implies.
fn items(list: &Value) -> Option<Vec<Value>> {
    let kind = list.member("kind")?.as_str()?.strip_suffix("List")?;
    let Value::Array(items) = list.member("items")? else { return None };
    let typed = |item: &Value| match item {
        Value::Object(members) if !kind.is_empty() && members.member("kind").is_none() => {
            let mut members = members.members().to_vec();
            members.push((Value::from("kind"), Value::from(kind)));
            if item.member("apiVersion").is_none()
                && let Some(version) = list.member("apiVersion")
            {
                members.push((Value::from("apiVersion"), version.clone()));
            }
            Value::object(members)
        }
        _ => item.clone(),
    };
    Some(items.items().iter().map(typed).collect())
}

/// Everything below `data` except the documents and the time. Objects are merged at any depth; of two other values at
/// one place the last counts.
pub(super) fn merged(
    texts: &[&serde_json::Value],
    params: &serde_json::Value,
    rules: &Node,
    limits: &PolicyLimits,
) -> Result<Vec<(Value, Value)>, PolicyError> {
    let misuse = |message: String| PolicyError::new("", message);
    let deep = || misuse("the data is nested too deep (limit `documentDepth`)".to_owned());
    let mut all = Value::object(Vec::new());
    for text in texts {
        match of_tree(text, limits.document_depth).ok_or_else(deep)? {
            data @ Value::Object(_) => all = both(&all, data),
            Value::Null => {}
            _ => return Err(misuse("the data must be an object".to_owned())),
        }
    }
    let taken = ["documents", "now"].into_iter().find(|name| all.member(name).is_some()).map(str::to_owned);
    if let Some(name) = taken.or_else(|| defined(&all, rules)) {
        return Err(misuse(format!(
            "the data may not have a member `{name}`: the check or the pack has its own there"
        )));
    }
    match all.member("params") {
        None | Some(Value::Object(_)) => {}
        Some(Value::Null) => all = both(&all, Value::object(vec![(Value::from("params"), Value::object(Vec::new()))])),
        Some(_) => return Err(misuse("`params` in the data must be an object".to_owned())),
    }
    let params = match of_tree(params, limits.document_depth).ok_or_else(deep)? {
        params @ Value::Object(_) => params,
        Value::Null => Value::object(Vec::new()),
        _ => return Err(misuse("the parameters must be an object".to_owned())),
    };
    match both(&all, Value::object(vec![(Value::from("params"), params)])) {
        Value::Object(members) => Ok(members.members().to_vec()),
        _ => Ok(Vec::new()),
    }
}

/// Two values at one place, as deep as both are objects.
fn both(first: &Value, second: Value) -> Value {
    let (Value::Object(one), Value::Object(other)) = (first, &second) else { return second };
    let mut members = one.members().to_vec();
    for (name, value) in other.members() {
        let value = one.get(name).map_or_else(|| value.clone(), |before| both(before, value.clone()));
        members.push((name.clone(), value));
    }
    Value::object(members)
}

/// The first place in the data that a rule defines.
fn defined(data: &Value, rules: &Node) -> Option<String> {
    rules.below.iter().find_map(|(name, node)| {
        let value = data.member(name)?;
        if !node.rules.is_empty() || !matches!(value, Value::Object(_)) {
            return Some(name.to_string());
        }
        defined(value, node).map(|below| format!("{name}.{below}"))
    })
}

/// Drops a document level by level: dropping it whole would recurse as deep as it is nested.
pub(super) fn dismantle(document: serde_json::Value) {
    let mut left = vec![document];
    while let Some(value) = left.pop() {
        match value {
            serde_json::Value::Array(items) => left.extend(items),
            serde_json::Value::Object(members) => left.extend(members.into_iter().map(|(_, member)| member)),
            _ => {}
        }
    }
}

/// The resource that a document describes.
fn resource(document: &Value) -> Option<Resource> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let part = |name: &str| document.member("metadata").and_then(|metadata| metadata.member(name)).and_then(text);
    let kind = document.member("kind").and_then(text)?;
    Some(Resource {
        kind: Some(kind),
        namespace: part("namespace"),
        name: part("name").or_else(|| part("generateName")),
    })
}
