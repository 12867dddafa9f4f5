//! Where the value of a member comes from: the first of its sources that has one.

use serde_json::Value;

use crate::case::Case;
use crate::grammar::{InItem, Item, Member, MemberFormat, MemberSource};
use crate::place::{Place, Pointer, holds, text_of};
use crate::time::rfc3339;

/// A value, where it was, and the form in which it is read.
pub(super) struct Found<'a> {
    pub at: String,
    pub value: Value,
    pub format: Option<MemberFormat>,
    /// The member of the event that it was in.
    pub top: Option<&'a str>,
}

pub(super) fn find<'a>(member: &'a Member, case: &Case<'_>) -> Option<Found<'a>> {
    let in_place = |place: &'a Place, format| {
        Some(Found { at: place.to_string(), value: place.value(case)?, format, top: top(place) })
    };
    member.from.iter().find_map(|source| match source {
        MemberSource::Formatted(formatted) => in_place(&formatted.at, Some(formatted.format)),
        MemberSource::Item(item) => {
            let (at, value) = in_list(item, case.payload?, "")?;
            Some(Found { at, value: value.clone(), format: member.format, top: list(item).and_then(top) })
        }
        // It is written already, whatever the form of the other sources.
        MemberSource::Now(_) => {
            Some(Found { at: "now".into(), value: Value::String(rfc3339(case.now)), format: None, top: None })
        }
        MemberSource::Place(place) => in_place(place, member.format),
    })
}

/// The value in the item, and its pointer, which includes the index of the item.
fn in_list<'a>(item: &Item, document: &'a Value, base: &str) -> Option<(String, &'a Value)> {
    let list = pointer(list(item)?)?;
    let items = list.follow(document)?.as_array()?.iter().enumerate();
    let mut fitting = items.filter(|(_, candidate)| fits(item, candidate));
    let (index, chosen) = if item.last.is_some() { fitting.next_back() } else { fitting.next() }?;
    let at = format!("{base}{}/{index}", list.as_str());
    match &item.at {
        InItem::Item(inner) => in_list(inner, chosen, &at),
        InItem::Pointer(pointer) => {
            let value = pointer.follow(chosen).filter(|value| holds(value))?;
            Some((at + pointer.as_str(), value))
        }
    }
}

/// Compared like `when` of a version: a string or integer, equal as text.
fn fits(item: &Item, candidate: &Value) -> bool {
    item.wanted
        .iter()
        .all(|(pointer, scalar)| pointer.follow(candidate).and_then(text_of).is_some_and(|text| text == scalar.text()))
}

/// Checks what the grammar cannot.
pub(super) fn check(member: &Member) -> Result<(), &'static str> {
    member.from.iter().try_for_each(|source| match source {
        MemberSource::Item(item) => check_item(item),
        _ => Ok(()),
    })
}

fn check_item(item: &Item) -> Result<(), &'static str> {
    match (&item.first, &item.last, &item.at) {
        (None, None, _) => Err("`first` or `last` names the list that an item is taken from, and neither is there"),
        (Some(_), Some(_), _) => Err("an item is the `first` of a list or the `last`, and not both"),
        (_, _, InItem::Item(inner)) => check_item(inner),
        _ => Ok(()),
    }
}

pub(super) fn list(item: &Item) -> Option<&Place> {
    item.last.as_ref().or(item.first.as_ref())
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
        MemberSource::Item(item) => item_title(item),
        MemberSource::Now(_) => "now".into(),
        MemberSource::Place(place) => place.to_string(),
    }
}

fn item_title(item: &Item) -> String {
    let which = if item.last.is_some() { "last" } else { "first" };
    let list = list(item).map(Place::to_string).unwrap_or_default();
    let wanted = item.wanted.iter().map(|(pointer, scalar)| format!(" with {} {}", pointer.as_str(), scalar.text()));
    let at = match &item.at {
        InItem::Item(inner) => item_title(inner),
        InItem::Pointer(at) => at.as_str().to_owned(),
    };
    format!("{at} in the {which} of {list}{}", wanted.collect::<String>())
}
