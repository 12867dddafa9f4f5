//! What every comparison with regorus needs: its policies, and values to and from its own.

use std::collections::{BTreeMap, BTreeSet};

use countersign_rego::budget::{Budget, Limits};
use countersign_rego::json;
use countersign_rego::value::Value;

/// A policy as regorus takes it. It has no such import: `not` always means what the import makes of it.
pub fn without_import(text: &str) -> String {
    text.replace("import future.keywords.not\n", "\n")
}

/// The value as regorus has it.
pub fn to_regorus(value: &Value) -> regorus::Value {
    match value {
        Value::Set(set) => regorus::Value::from(set.elements().iter().map(to_regorus).collect::<BTreeSet<_>>()),
        Value::Array(array) => regorus::Value::from(array.items().iter().map(to_regorus).collect::<Vec<_>>()),
        Value::Object(object) => regorus::Value::from(
            object
                .members()
                .iter()
                .map(|(key, value)| (to_regorus(key), to_regorus(value)))
                .collect::<BTreeMap<_, _>>(),
        ),
        scalar => regorus::Value::from_json_str(&json::write(scalar)).unwrap(),
    }
}

/// The value, or nothing if it is undefined.
pub fn from_regorus(value: &regorus::Value) -> Option<Value> {
    Some(match value {
        regorus::Value::Undefined => return None,
        regorus::Value::Set(set) => Value::set(set.iter().map(from_regorus).collect::<Option<_>>()?),
        regorus::Value::Array(array) => Value::array(array.iter().map(from_regorus).collect::<Option<_>>()?),
        regorus::Value::Object(object) => {
            let members = object.iter().map(|(key, value)| Some((from_regorus(key)?, from_regorus(value)?)));
            Value::object(members.collect::<Option<_>>()?)
        }
        scalar => json::read(&scalar.to_json_str().ok()?, &mut Budget::new(Limits::default())).ok()?,
    })
}
