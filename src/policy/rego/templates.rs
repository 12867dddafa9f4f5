//! Gatekeeper's constraint templates and constraints, evaluated as they are: a template brings the rules, a constraint
//! says for which objects they count and with which parameters.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_rego::value::Value;

use super::documents::Entry;
use super::selector::{Selector, wildcard};
use crate::finding::Severity;

/// A template: `kind: ConstraintTemplate`.
#[derive(Debug)]
pub(super) struct Template {
    /// The kind of its constraints: `K8sRequiredLabels`.
    pub kind: String,
    /// Its Rego, then its libraries.
    pub texts: Vec<String>,
    /// What the collection of templates calls it: the annotation `metadata.gatekeeper.sh/title`.
    pub title: Option<String>,
    /// The annotation `description`.
    pub description: Option<String>,
}

/// A constraint: an object of a template's kind.
#[derive(Debug)]
pub(super) struct Constraint {
    /// The kind, which is its template's.
    pub kind: String,
    /// `metadata.name`.
    pub name: String,
    /// `spec.parameters`.
    pub parameters: Value,
    /// What its findings are.
    pub severity: Severity,
    matches: Match,
}

/// `spec.match`: which objects a constraint is about. What is not said matches everything.
#[derive(Debug, Default)]
struct Match {
    kinds: Option<Vec<(Vec<String>, Vec<String>)>>,
    scope: Option<String>,
    namespaces: Option<Vec<String>>,
    excluded_namespaces: Vec<String>,
    name: Option<String>,
    labels: Option<Selector>,
    namespace_labels: Option<Selector>,
}

impl Template {
    /// Reads a template. The error says what it lacks.
    pub fn read(document: &Value) -> Result<Template, String> {
        let spec = document.member("spec");
        let names = |value: &Value| value.member("crd")?.member("spec")?.member("names")?.member("kind").cloned();
        let kind = spec.and_then(names).and_then(|kind| kind.as_str().map(str::to_owned));
        let kind = kind.ok_or("the template has no `spec.crd.spec.names.kind`")?;
        let Some(Value::Array(targets)) = spec.and_then(|spec| spec.member("targets")) else {
            return Err("the template has no `spec.targets`".to_owned());
        };
        let texts =
            targets.items().iter().find_map(rego).ok_or(
                "the template has no Rego: what is written in CEL is not evaluated; give it a target with `rego`",
            )?;
        let annotation = |name: &str| {
            let annotations = document.member("metadata")?.member("annotations")?;
            annotations.member(name)?.as_str().map(str::to_owned)
        };
        let title = annotation("metadata.gatekeeper.sh/title");
        Ok(Template { kind, texts, title, description: annotation("description") })
    }
}

/// The Rego of a target: `rego` and `libs`, or the same below an entry of `code` for the engine `Rego`.
fn rego(target: &Value) -> Option<Vec<String>> {
    let here = |value: &Value| {
        let text = value.member("rego")?.as_str()?.to_owned();
        let libraries = match value.member("libs") {
            Some(Value::Array(libs)) => libs.items().iter().filter_map(|lib| lib.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        Some(std::iter::once(text).chain(libraries).collect())
    };
    let coded = || match target.member("code")? {
        Value::Array(code) => code
            .items()
            .iter()
            .filter(|code| code.member("engine").and_then(Value::as_str) == Some("Rego"))
            .find_map(|code| here(code.member("source")?)),
        _ => None,
    };
    here(target).or_else(coded)
}

impl Constraint {
    /// Reads a constraint.
    pub fn read(document: &Value) -> Result<Constraint, String> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let kind = text(document.member("kind")).ok_or("the constraint has no `kind`")?;
        let name = text(document.member("metadata").and_then(|metadata| metadata.member("name")));
        let spec = document.member("spec");
        let action = spec.and_then(|spec| spec.member("enforcementAction")).and_then(Value::as_str);
        let severity = match action.unwrap_or("deny") {
            "deny" | "scoped" => Severity::Error,
            "warn" => Severity::Warning,
            "dryrun" => Severity::Info,
            other => {
                return Err(format!(
                    "`enforcementAction` is `{}`: one of `deny`, `warn`, `dryrun` is wanted",
                    short(other)
                ));
            }
        };
        let matches = spec.and_then(|spec| spec.member("match")).map(Match::read).transpose()?.unwrap_or_default();
        let parameters = spec.and_then(|spec| spec.member("parameters")).cloned();
        let parameters = parameters.unwrap_or_else(|| Value::object(Vec::new()));
        Ok(Constraint { kind, name: name.unwrap_or_default(), parameters, severity, matches })
    }

    /// What its template sees as `input` of an object.
    pub fn input(&self, review: &Review) -> Value {
        let parameters = self.parameters.clone();
        Value::object(vec![(Value::from("review"), review.value.clone()), (Value::from("parameters"), parameters)])
    }

    /// Whether it is about this object.
    pub fn is_about(&self, review: &Review, namespaces: &BTreeMap<Arc<str>, Value>) -> bool {
        self.matches.covers(review, namespaces)
    }
}

/// An object as an admission webhook would be asked about it.
#[derive(Debug)]
pub(super) struct Review {
    /// `input.review`.
    pub value: Value,
    /// The pointer from `input` to the object.
    pub object_at: &'static str,
    /// The pointer from the document to the object.
    pub document_at: &'static str,
    object: Value,
    group: String,
    kind: String,
    namespace: Option<Arc<str>>,
}

impl Review {
    /// The review of a document: of an object its creation, of an `AdmissionReview` what it asks.
    pub fn of(entry: &Entry) -> Option<Review> {
        let document = &entry.value;
        let kind = document.member("kind")?.as_str()?;
        if kind == "AdmissionReview"
            && let Some(request) = document.member("request")
        {
            let part = |name: &str| request.member("kind").and_then(|kind| kind.member(name)).and_then(Value::as_str);
            let object = request.member("object").filter(|object| matches!(object, Value::Object(_)));
            let object = object.or_else(|| request.member("oldObject")).cloned().unwrap_or(Value::Null);
            let namespace = request.member("namespace").and_then(text_of);
            return Some(Review {
                value: request.clone(),
                object_at: "/review/object",
                document_at: "/request/object",
                object,
                group: part("group").unwrap_or_default().to_owned(),
                kind: part("kind").unwrap_or_default().to_owned(),
                namespace,
            });
        }
        let api = document.member("apiVersion").and_then(Value::as_str).unwrap_or_default();
        let (group, version) = api.split_once('/').unwrap_or(("", api));
        let metadata = |name: &str| document.member("metadata").and_then(|metadata| metadata.member(name));
        let namespace = metadata("namespace").and_then(text_of);
        let pair = |name: &str, value: Value| (Value::from(name), value);
        let kinds = Value::object(vec![
            pair("group", Value::from(group)),
            pair("version", Value::from(version)),
            pair("kind", Value::from(kind)),
        ]);
        let mut members = vec![
            pair("kind", kinds),
            pair("operation", Value::from("CREATE")),
            pair("name", metadata("name").cloned().unwrap_or_else(|| Value::from(""))),
            pair("object", document.clone()),
            pair("userInfo", Value::object(Vec::new())),
        ];
        members.extend(namespace.clone().map(|namespace| pair("namespace", Value::String(namespace))));
        Some(Review {
            value: Value::object(members),
            object_at: "/review/object",
            document_at: "",
            object: document.clone(),
            group: group.to_owned(),
            kind: kind.to_owned(),
            namespace,
        })
    }
}

fn text_of(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(Arc::clone(text)),
        _ => None,
    }
}

impl Match {
    fn read(value: &Value) -> Result<Match, String> {
        let texts = |value: &Value| -> Vec<String> {
            match value {
                Value::Array(items) => {
                    items.items().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
                }
                _ => Vec::new(),
            }
        };
        let kinds = |value: &Value| match value {
            Value::Array(items) => {
                let list =
                    |item: &Value, name: &str| item.member(name).map(texts).unwrap_or_else(|| vec!["*".to_owned()]);
                items.items().iter().map(|item| (list(item, "apiGroups"), list(item, "kinds"))).collect()
            }
            _ => Vec::new(),
        };
        let selector = |name: &str| value.member(name).map(Selector::read).transpose();
        Ok(Match {
            kinds: value.member("kinds").map(kinds),
            scope: value.member("scope").and_then(Value::as_str).map(str::to_owned),
            namespaces: value.member("namespaces").map(texts),
            excluded_namespaces: value.member("excludedNamespaces").map(texts).unwrap_or_default(),
            name: value.member("name").and_then(Value::as_str).map(str::to_owned),
            labels: selector("labelSelector")?,
            namespace_labels: selector("namespaceSelector")?,
        })
    }

    fn covers(&self, review: &Review, namespaces: &BTreeMap<Arc<str>, Value>) -> bool {
        let has = |list: &[String], word: &str| list.iter().any(|item| item == "*" || item == word);
        if let Some(kinds) = &self.kinds
            && !kinds.is_empty()
            && !kinds.iter().any(|(groups, kinds)| has(groups, &review.group) && has(kinds, &review.kind))
        {
            return false;
        }
        let metadata = |name: &str| review.object.member("metadata").and_then(|metadata| metadata.member(name));
        let name =
            metadata("name").and_then(Value::as_str).or_else(|| metadata("generateName").and_then(Value::as_str));
        if self.name.as_ref().is_some_and(|wanted| !wildcard(wanted, name.unwrap_or_default())) {
            return false;
        }
        let is_namespace = review.group.is_empty() && review.kind == "Namespace";
        match self.scope.as_deref() {
            Some("Cluster") if review.namespace.is_some() => return false,
            Some("Namespaced") if review.namespace.is_none() => return false,
            _ => {}
        }
        // A namespace is matched by its own name; any other object without one is in none, and matches.
        let namespace = if is_namespace { name } else { review.namespace.as_deref() };
        if let (Some(list), Some(namespace)) = (&self.namespaces, namespace)
            && !list.iter().any(|wanted| wildcard(wanted, namespace))
        {
            return false;
        }
        if namespace.is_some_and(|namespace| self.excluded_namespaces.iter().any(|word| wildcard(word, namespace))) {
            return false;
        }
        if self.labels.as_ref().is_some_and(|selector| !selector.selects(metadata("labels"))) {
            return false;
        }
        let Some(selector) = &self.namespace_labels else { return true };
        let labels =
            |object: &'_ Value| object.member("metadata").and_then(|metadata| metadata.member("labels")).cloned();
        match (is_namespace, &review.namespace) {
            (true, _) => selector.selects(metadata("labels")),
            (false, Some(namespace)) => {
                let labels = namespaces.get(namespace).and_then(labels);
                selector.selects(labels.as_ref())
            }
            (false, None) => true,
        }
    }
}

/// `data.inventory`: all documents by scope, version, kind and name, as Gatekeeper keeps them.
pub(super) fn inventory(entries: &[Entry]) -> Value {
    let mut paths: Vec<(Vec<Arc<str>>, Value)> = Vec::new();
    for entry in entries {
        let document = &entry.value;
        let metadata =
            |name: &str| document.member("metadata").and_then(|metadata| metadata.member(name)).and_then(text_of);
        let (Some(version), Some(kind), Some(name)) = (
            document.member("apiVersion").and_then(text_of),
            document.member("kind").and_then(text_of),
            metadata("name"),
        ) else {
            continue;
        };
        let path = match metadata("namespace") {
            Some(namespace) => vec![Arc::from("namespace"), namespace, version, kind, name],
            None => vec![Arc::from("cluster"), version, kind, name],
        };
        paths.push((path, document.clone()));
    }
    // Of two documents with one path the last counts.
    paths.sort_by(|left, right| left.0.cmp(&right.0));
    Value::object(vec![(Value::from("inventory"), tree(&paths, 0))])
}

/// Paths in order become nested objects, from this depth of the paths on. As deep as a path is long: five.
fn tree(paths: &[(Vec<Arc<str>>, Value)], depth: usize) -> Value {
    let mut members = Vec::new();
    for group in paths.chunk_by(|left, right| left.0.get(depth) == right.0.get(depth)) {
        let Some((path, value)) = group.last() else { continue };
        let Some(name) = path.get(depth) else { continue };
        let below = if path.len() == depth + 1 { value.clone() } else { tree(group, depth + 1) };
        members.push((Value::String(Arc::clone(name)), below));
    }
    Value::object(members)
}

/// The namespaces among the documents, by name.
pub(super) fn namespaces(entries: &[Entry]) -> BTreeMap<Arc<str>, Value> {
    let named = |entry: &Entry| {
        let is_one = entry.value.member("kind").and_then(Value::as_str) == Some("Namespace");
        let name = entry.value.member("metadata")?.member("name").and_then(text_of)?;
        is_one.then(|| (name, entry.value.clone()))
    };
    entries.iter().filter_map(named).collect()
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
