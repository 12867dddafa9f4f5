//! application/x-www-form-urlencoded, as a form or a query, as an object of decoded strings. A repeated name becomes
//! an array. What is not percent-encoded UTF-8 has no single meaning, so it has no value here.

use serde_json::{Map, Value};

use crate::urlencoded::{decode_form, split, text};

/// The document. `Err` is the first pair that cannot be decoded, with its name if the name can.
pub(super) fn read(form: &[u8]) -> Result<Value, Option<String>> {
    let mut members = Map::new();
    for (name, value) in split(form) {
        let name = text(name).ok_or(None)?;
        let value = Value::String(text(value).ok_or_else(|| Some(name.to_string()))?.into_owned());
        match members.get_mut(name.as_ref()) {
            None => drop(members.insert(name.into_owned(), value)),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Ok(Value::Object(members))
}

/// The decoded bytes of the only field of that name.
pub(super) fn field(form: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut values = split(form).filter(|(found, _)| decode_form(found) == name.as_bytes()).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) => Some(decode_form(value)),
        _ => None,
    }
}
