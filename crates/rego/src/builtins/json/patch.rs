//! `json.patch`: RFC 6902, in sets too, where an element is its own key.

use super::super::operands::{any, array};
use super::{Context, Fault, path};
use crate::value::Value;

/// What is done at the end of a path.
enum Edit<'a> {
    Add(&'a Value),
    Remove,
}

/// A patch that does not apply leaves nothing: the call is undefined.
pub(super) fn patch(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let mut value = Some(any(arguments, 1).clone());
    for operation in array(arguments, 2)?.items() {
        value = match apply(context, value, operation) {
            Err(Fault::Error(_)) => return Err(Fault::Undefined),
            other => other?,
        };
    }
    value.ok_or(Fault::Undefined)
}

/// Nothing is left when the whole value is removed.
fn apply(context: &mut Context<'_>, value: Option<Value>, operation: &Value) -> Result<Option<Value>, Fault> {
    let attribute =
        |name: &str| operation.member(name).ok_or_else(|| Fault::Error(format!("missing '{name}' attribute")));
    let name = attribute("op")?.as_str().ok_or("attribute 'op' must be a string")?;
    let to = path(context, attribute("path")?)?;
    match name {
        "add" => edit(context, value.as_ref(), &to, &Edit::Add(attribute("value")?)),
        "remove" => edit(context, value.as_ref(), &to, &Edit::Remove),
        "replace" => {
            let rest = edit(context, value.as_ref(), &to, &Edit::Remove)?;
            edit(context, rest.as_ref(), &to, &Edit::Add(attribute("value")?))
        }
        "move" | "copy" => {
            let from = path(context, attribute("from")?)?;
            let found = find(context, value.as_ref(), &from)?;
            let rest = match name {
                "move" => edit(context, value.as_ref(), &from, &Edit::Remove)?,
                _ => value,
            };
            edit(context, rest.as_ref(), &to, &Edit::Add(&found))
        }
        "test" => {
            let (found, wanted) = (find(context, value.as_ref(), &to)?, attribute("value")?);
            context.work(found.weight().min(wanted.weight()))?;
            if found == *wanted { Ok(value) } else { Err(Fault::from("the value is another")) }
        }
        _ => Err(Fault::from("unrecognized op")),
    }
}

/// The place in an array; `-` is the one after the last.
fn place(length: usize, key: &Value) -> Result<usize, Fault> {
    let invalid = || Fault::from("invalid index");
    match key {
        Value::Number(number) => number.as_i64().and_then(|index| usize::try_from(index).ok()).ok_or_else(invalid),
        Value::String(text) if &**text == "-" => Ok(length),
        Value::String(text) if text.starts_with('0') && text.len() > 1 => Err(invalid()),
        Value::String(text) => text.parse().map_err(|_| invalid()),
        _ => Err(invalid()),
    }
}

/// What stands under a key.
fn child(context: &mut Context<'_>, value: &Value, key: &Value) -> Result<Value, Fault> {
    context.lookup(key, value)?;
    let found = match value {
        Value::Array(array) => array.items().get(place(array.items().len(), key)?),
        _ => value.get(key),
    };
    found.cloned().ok_or_else(|| Fault::from("the path does not exist"))
}

fn find(context: &mut Context<'_>, value: Option<&Value>, path: &[Value]) -> Result<Value, Fault> {
    let mut found = value.ok_or("the value was removed")?.clone();
    for key in path {
        found = child(context, &found, key)?;
    }
    Ok(found)
}

/// The value with one place changed: the containers on the way are made anew, all else is shared. It recurses as deep as
/// the value is nested: `Limits::depth`.
fn edit(
    context: &mut Context<'_>,
    value: Option<&Value>,
    path: &[Value],
    edit_at: &Edit<'_>,
) -> Result<Option<Value>, Fault> {
    let Some((key, rest)) = path.split_first() else {
        return match (edit_at, value) {
            (Edit::Add(new), _) => Ok(Some((*new).clone())),
            (Edit::Remove, Some(_)) => Ok(None),
            (Edit::Remove, None) => Err(Fault::from("the value was removed")),
        };
    };
    let value = value.ok_or("the value was removed")?;
    // The new value under the key; none removes it.
    let new = match (rest.is_empty(), edit_at) {
        (true, Edit::Add(new)) => Some((*new).clone()),
        (true, Edit::Remove) => {
            child(context, value, key)?;
            None
        }
        (false, _) => {
            let inner = child(context, value, key)?;
            edit(context, Some(&inner), rest, edit_at)?
        }
    };
    let added = rest.is_empty() && new.is_some();
    let changed = match value {
        Value::Array(array) => {
            context.items(array.items().len() + 1)?;
            let mut items = array.items().to_vec();
            let place = place(items.len(), key)?;
            if place > items.len() {
                return Err(Fault::from("the index is out of bounds"));
            }
            items.splice(place..if added { place } else { place + 1 }, new);
            Value::array(items)
        }
        Value::Object(object) => {
            context.items(2 * object.members().len() + 2)?;
            context.work(key.weight().saturating_mul(object.members().len() as u64))?;
            let others = object.members().iter().filter(|(name, _)| name != key).cloned();
            let mut members: Vec<(Value, Value)> = others.collect();
            members.extend(new.map(|new| (key.clone(), new)));
            context.work(value.weight())?;
            Value::object(members)
        }
        Value::Set(set) => {
            if added && new.as_ref() != Some(key) {
                return Err(Fault::from("an element of a set is its own key"));
            }
            context.sorting(value.weight(), set.elements().len() + 1)?;
            let mut elements: Vec<Value> = set.elements().iter().filter(|element| *element != key).cloned().collect();
            elements.extend(new);
            Value::set(elements)
        }
        _ => return Err(Fault::from("the path does not exist")),
    };
    if changed.depth() > context.budget.limits().depth {
        return Err(Fault::Limit("value-depth"));
    }
    Ok(Some(changed))
}
