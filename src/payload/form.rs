//! application/x-www-form-urlencoded, as a form or a query: an object of decoded strings, a repeated name
//! an array of them. Bytes that are no UTF-8 become U+FFFD, as WHATWG URL says.

use serde_json::{Map, Value};

use crate::urlencoded::{decode_form, split};

pub(super) fn read(text: &[u8]) -> Value {
    let mut members = Map::new();
    for (name, value) in split(text) {
        let value = Value::String(lossy(value));
        match members.get_mut(&lossy(name)) {
            None => drop(members.insert(lossy(name), value)),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Value::Object(members)
}

/// The decoded bytes of the one field of that name.
pub(super) fn field(text: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut values = split(text).filter(|(found, _)| decode_form(found) == name.as_bytes()).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) => Some(decode_form(value)),
        _ => None,
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(&decode_form(text)).into_owned()
}
