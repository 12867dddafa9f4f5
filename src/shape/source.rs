//! Where the value of a member comes from: its sources that have one, in order.

use std::borrow::Cow;

use serde_json::Value;

use crate::case::Case;
use crate::grammar::{InItem, InText, Item, Member, MemberFormat, MemberSource};
use crate::json;
use crate::place::{Place, Pointer, holds, text_of};
use crate::time::rfc3339;

/// A value, where it was, and the form in which it is read.
pub(super) struct Found<'a> {
    pub at: String,
    pub value: Value,
    pub format: Option<MemberFormat>,
    /// The member of the event that it was in.
    pub top: Option<&'a str>,
    /// The lists that it was read from, where some of their items were not.
    pub lists: Vec<Rest>,
}

/// What is left of a list that a value was read from.
pub(super) enum Rest {
    /// All but one item: the pointer of that one, and how many there are.
    Others { read: String, of: usize },
    /// Items that nothing was read from, though all were wanted; the first of them are named, `POINTER (TYPE)`. `list`
    /// is the pointer of the list.
    Unread { list: String, items: usize, named: Vec<String>, of: usize },
}

pub(super) fn values<'a>(member: &'a Member, case: &Case<'_>) -> impl Iterator<Item = Found<'a>> {
    let found = |at, value, format, top| Found { at, value, format, top, lists: Vec::new() };
    let in_place =
        move |place: &'a Place, format| Some(found(place.to_string(), place.value(case)?, format, top(place)));
    member.from.iter().filter_map(move |source| match source {
        MemberSource::Formatted(formatted) => in_place(&formatted.at, Some(formatted.format)),
        MemberSource::InText(InText { json, at }) => {
            let document = json::strict(json.value(case)?.as_str()?.as_bytes())?;
            let value = at.follow(&document).filter(|value| holds(value))?.clone();
            Some(found(json.to_string(), value, member.format, top(json)))
        }
        MemberSource::Item(item) => {
            let mut lists = Vec::new();
            let (at, value) = in_list(item, case.payload?, "", &mut lists)?;
            Some(Found { lists, ..found(at, value.into_owned(), member.format, list(item).and_then(top)) })
        }
        // It is written already, whatever the form of the other sources.
        MemberSource::Now(_) => Some(found("now".into(), Value::String(rfc3339(case.now)), None, None)),
        MemberSource::Place(place) => in_place(place, member.format),
    })
}

/// The value, and its pointer: of the item that it is in, or of the list whose texts it joins.
fn in_list<'a>(
    item: &Item,
    document: &'a Value,
    base: &str,
    lists: &mut Vec<Rest>,
) -> Option<(String, Cow<'a, Value>)> {
    let list = pointer(list(item)?)?;
    let at = format!("{base}{}", list.as_str());
    let whole = list.follow(document)?;
    if item.all.is_some() {
        let text = match text(whole) {
            Some(text) => text,
            None => joined(item, whole.as_array()?, &at, lists)?,
        };
        return holds(&text).then_some((at, Cow::Owned(text)));
    }
    let items = whole.as_array()?;
    let mut fitting = items.iter().enumerate().filter(|(_, candidate)| fits(item, candidate));
    let (index, chosen) = if item.last.is_some() { fitting.next_back() } else { fitting.next() }?;
    let at = format!("{at}/{index}");
    if items.len() > 1 {
        lists.push(Rest::Others { read: at.clone(), of: items.len() });
    }
    match &item.at {
        InItem::Item(inner) => in_list(inner, chosen, &at, lists),
        InItem::Pointer(pointer) => {
            let value = pointer.follow(chosen).filter(|value| holds(value))?;
            Some((at + pointer.as_str(), Cow::Borrowed(value)))
        }
    }
}

/// The texts of all items that fit. An item that is a text itself counts as one.
fn joined(item: &Item, items: &[Value], list: &str, lists: &mut Vec<Rest>) -> Option<Value> {
    let InItem::Pointer(at) = &item.at else { return None };
    let mut texts = Vec::new();
    let (mut unread, mut named) = (0_usize, Vec::new());
    for (index, candidate) in items.iter().enumerate() {
        let value = match candidate {
            Value::String(_) | Value::Null => Some(candidate),
            _ => at.follow(candidate).filter(|_| fits(item, candidate)),
        };
        match value.map(|value| (holds(value), text(value))) {
            Some((false, _)) => {}
            Some((true, Some(Value::String(text)))) => texts.push(text),
            _ => {
                unread += 1;
                if named.len() < MAX_NAMED {
                    named.push(format!("{list}/{index} ({})", kind(candidate)));
                }
            }
        }
    }
    if unread > 0 {
        lists.push(Rest::Unread { list: list.to_owned(), items: unread, named, of: items.len() });
    }
    (!texts.is_empty()).then(|| Value::String(texts.join(item.join.as_deref().unwrap_or_default())))
}

/// How many items of a list are named at most.
const MAX_NAMED: usize = 20;

/// A string, integer or boolean as a text.
fn text(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(boolean) => Some(Value::String(boolean.to_string())),
        _ => text_of(value).map(|text| Value::String(text.into_owned())),
    }
}

/// What an item calls itself: its `type`, or else the name of its first member, if that is a word; or else what it is.
fn kind(item: &Value) -> &str {
    let word = |text: &&str| {
        (1..=MAX_KIND).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte))
    };
    let named = item.get("type").map(Value::as_str);
    let named = named.unwrap_or_else(|| item.as_object()?.keys().next().map(String::as_str));
    match (named.filter(word), item) {
        (Some(named), _) => named,
        (None, Value::Array(_)) => "list",
        (None, Value::Bool(_)) => "boolean",
        (None, Value::Number(_)) => "number",
        (None, Value::Object(_)) => "object",
        (None, Value::Null | Value::String(_)) => "text",
    }
}

/// The maximum length of a type that is named, in bytes.
const MAX_KIND: usize = 40;

/// Each pointer is held to its condition, as `when` of a version is.
fn fits(item: &Item, candidate: &Value) -> bool {
    item.wanted
        .iter()
        .all(|(pointer, condition)| condition.meets(pointer.follow(candidate).filter(|value| holds(value))))
}

/// Checks what the grammar cannot.
pub(super) fn check(member: &Member) -> Result<(), &'static str> {
    member.from.iter().try_for_each(|source| match source {
        MemberSource::Item(item) => check_item(item),
        _ => Ok(()),
    })
}

fn check_item(item: &Item) -> Result<(), &'static str> {
    match [&item.first, &item.last, &item.all].iter().filter(|list| list.is_some()).count() {
        0 => return Err("`first`, `last` or `all` names the list that items are taken from, and none is there"),
        1 => {}
        _ => return Err("`first`, `last` and `all` name the list that items are taken from: take one of them"),
    }
    match (&item.all, &item.join) {
        (Some(_), None) => return Err("`all` needs `join`: what stands between two texts, such as \"\\n\""),
        (Some(_), Some(join)) if join.chars().count() > MAX_JOIN => return Err("`join` has at most 16 characters"),
        (None, Some(_)) => return Err("`join` is for `all`, and this takes one item"),
        _ => {}
    }
    match (&item.at, &item.all) {
        (InItem::Item(_), Some(_)) => Err("`all` takes a text from each item: its `at` is a pointer"),
        (InItem::Item(inner), None) => check_item(inner),
        (InItem::Pointer(_), _) => Ok(()),
    }
}

/// The maximum length of `join`, in characters: a list of short texts grows no further.
const MAX_JOIN: usize = 16;

pub(super) fn list(item: &Item) -> Option<&Place> {
    item.last.as_ref().or(item.first.as_ref()).or(item.all.as_ref())
}

/// The top-level member of the event that a place is in.
pub(super) fn top(place: &Place) -> Option<&str> {
    pointer(place)?.first()
}

fn pointer(place: &Place) -> Option<&Pointer> {
    match place {
        Place::Pointer(pointer) => Some(pointer),
        _ => None,
    }
}

/// What a source is called in a message.
pub(super) fn title(source: &MemberSource) -> String {
    match source {
        MemberSource::Formatted(formatted) => formatted.at.to_string(),
        MemberSource::InText(text) => text.json.to_string(),
        MemberSource::Item(item) => format!("{}/…", list(item).map(Place::to_string).unwrap_or_default()),
        MemberSource::Now(_) => "now".into(),
        MemberSource::Place(place) => place.to_string(),
    }
}
