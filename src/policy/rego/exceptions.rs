//! conftest's `exception`: a set of lists of rules that do not count for a document, each by what follows the first `_` of
//! its name. The empty text is `deny`, `violation` or `warn` itself.

use countersign_rego::value::Value;

/// Whether the value of `exception` names the rule.
pub(super) fn excepts(exception: &Value, rule: &str) -> bool {
    let name = rule.rsplit('.').next().unwrap_or(rule);
    let suffix = name.split_once('_').map_or("", |(_, suffix)| suffix);
    let names = |list: &Value| parts(list).iter().any(|part| part.as_str() == Some(suffix));
    parts(exception).iter().any(names)
}

fn parts(value: &Value) -> &[Value] {
    match value {
        Value::Array(array) => array.items(),
        Value::Set(set) => set.elements(),
        _ => &[],
    }
}
