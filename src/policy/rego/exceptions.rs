//! conftest's `exception`: a set of lists of rules that do not count for a document, each by what follows the first `_` of
//! its name. The empty text is `deny`, `violation` or `warn` itself.

use countersign_rego::value::Value;

/// Whether the value of `exception` names the rule.
pub(super) fn excepts(exception: &Value, rule: &str) -> bool {
    let suffix = suffix(rule);
    let names = |list: &Value| parts(list).iter().any(|part| part.as_str() == Some(suffix));
    parts(exception).iter().any(names)
}

/// Which exception it is, for the reader of a finding that does not count.
pub(super) fn told(rule: &str, place: &str) -> String {
    let package = rule.rsplit_once('.').map_or("", |(package, _)| package);
    format!("`{package}.exception` at {place} names `{}` for this document", suffix(rule))
}

/// What follows the first `_` of a rule's name.
fn suffix(rule: &str) -> &str {
    let name = rule.rsplit('.').next().unwrap_or(rule);
    name.split_once('_').map_or("", |(_, suffix)| suffix)
}

fn parts(value: &Value) -> &[Value] {
    match value {
        Value::Array(array) => array.items(),
        Value::Set(set) => set.elements(),
        _ => &[],
    }
}
