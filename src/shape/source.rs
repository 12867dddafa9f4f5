//! Where the value of a member comes from: its sources that have one, in order.

use std::borrow::Cow;

use crate::case::{Case, Found};
use crate::grammar::{InItem, InText, Item, Member, MemberFormat, MemberSource};
use crate::json::{self, Json, Kind};
use crate::place::{Place, Pointer};
use crate::time::rfc3339;

/// A value, where it was, and the form in which it is read.
pub(super) struct Sourced<'a> {
    pub at: At<'a>,
    pub value: Found<'a>,
    pub format: Option<MemberFormat>,
    /// The member of the event that it was in.
    pub top: Option<usize>,
    /// The lists that it was read from, where some of their items were not.
    pub lists: Vec<Rest>,
}

/// Where a value was, as in a finding's `at`. Its text is made only if someone asks.
pub(super) enum At<'a> {
    Place(&'a Place),
    Text(String),
}

impl std::fmt::Display for At<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            At::Place(place) => place.fmt(formatter),
            At::Text(text) => formatter.write_str(text),
        }
    }
}

/// What is left of a list that a value was read from.
pub(super) enum Rest {
    /// All but one item: the pointer of that one, and how many there are.
    Others { read: String, of: usize },
    /// Items that nothing was read from, though all were wanted; the first of them are named, `POINTER (TYPE)`. `list`
    /// is the pointer of the list.
    Unread { list: String, items: usize, named: Vec<String>, of: usize },
}

pub(super) fn values<'a>(
    member: &'a Member,
    sources: impl Iterator<Item = (&'a MemberSource, Option<usize>)>,
    case: &Case<'a>,
) -> impl Iterator<Item = Sourced<'a>> {
    let found = |at, value, format, top| Sourced { at, value, format, top, lists: Vec::new() };
    let in_place = move |place: &'a Place, format, top| Some(found(At::Place(place), place.value(case)?, format, top));
    sources.filter_map(move |(source, top)| match source {
        MemberSource::Formatted(formatted) => in_place(&formatted.at, Some(formatted.format), top),
        MemberSource::InText(InText { json, at }) => {
            let text = json.value(case).filter(Found::is_string)?;
            let document = json::strict(text.text()?.as_bytes())?;
            let value = at.follow(&document).filter(|value| !value.is_null() && value.as_str() != Some(""))?.clone();
            Some(found(At::Place(json), Found::Tree(Cow::Owned(value)), member.format, top))
        }
        MemberSource::Item(item) => {
            let mut lists = Vec::new();
            let (at, value) = in_list(item, case.payload?, "", &mut lists)?;
            Some(Sourced { lists, ..found(At::Text(at), value, member.format, top) })
        }
        // It is written already, whatever the form of the other sources.
        MemberSource::Now(_) => Some(found(At::Text("now".into()), Found::Text(rfc3339(case.now).into()), None, None)),
        MemberSource::Place(place) => in_place(place, member.format, top),
    })
}

/// The value, and its pointer: of the item that it is in, or of the list whose texts it joins.
fn in_list<'a>(item: &Item, document: Json<'a>, base: &str, lists: &mut Vec<Rest>) -> Option<(String, Found<'a>)> {
    let list = pointer(list(item)?)?;
    let whole = document.follow(list)?;
    let at = format!("{base}{}", list.as_str());
    if item.all.is_some() {
        let text = match text(whole) {
            Some(text) => text,
            None => joined(item, whole, &at, lists)?,
        };
        return (!text.is_empty()).then_some((at, Found::Text(text)));
    }
    let mut fitting = whole.items().enumerate().filter(|(_, candidate)| fits(item, *candidate));
    let (index, chosen) = if item.last.is_some() { fitting.last() } else { fitting.next() }?;
    let at = format!("{at}/{index}");
    if whole.len() > 1 {
        lists.push(Rest::Others { read: at.clone(), of: whole.len() });
    }
    match &item.at {
        InItem::Item(inner) => in_list(inner, chosen, &at, lists),
        InItem::Pointer(pointer) => {
            let value = chosen.follow(pointer).filter(|value| value.holds())?;
            Some((at + pointer.as_str(), Found::Json(value)))
        }
    }
}

/// The texts of all items that fit. An item that is a text itself counts as one.
fn joined<'a>(item: &Item, items: Json<'a>, list: &str, lists: &mut Vec<Rest>) -> Option<Cow<'a, str>> {
    let InItem::Pointer(at) = &item.at else { return None };
    if !items.is_array() {
        return None;
    }
    let mut texts = Vec::new();
    let (mut unread, mut named) = (0_usize, Vec::new());
    for (index, candidate) in items.items().enumerate() {
        let value = match candidate.kind() {
            Kind::Plain | Kind::Escaped | Kind::Null => Some(candidate),
            _ => candidate.follow(at).filter(|_| fits(item, candidate)),
        };
        match value.map(|value| (value.holds(), text(value))) {
            Some((false, _)) => {}
            Some((true, Some(text))) => texts.push(text),
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
    (!texts.is_empty()).then(|| texts.join(item.join.as_deref().unwrap_or_default()).into())
}

/// How many items of a list are named at most.
const MAX_NAMED: usize = 20;

/// A string, integer or boolean as a text.
fn text(value: Json<'_>) -> Option<Cow<'_, str>> {
    match value.kind() {
        Kind::False | Kind::True => Some(value.written().into()),
        _ => value.as_text(),
    }
}

/// What an item calls itself: its `type`, or else the name of its first member, if that is a word; or else what it is.
fn kind(item: Json<'_>) -> Cow<'_, str> {
    let word = |text: &Cow<'_, str>| {
        (1..=MAX_KIND).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte))
    };
    let named = match item.member("type") {
        Some(kind) => kind.as_str(),
        None => item.members().filter_map(|(name, _)| name.as_str()).min(),
    };
    named.filter(word).unwrap_or_else(|| {
        let kind = match item.kind() {
            Kind::Array => "list",
            Kind::False | Kind::True => "boolean",
            Kind::Integer | Kind::Double => "number",
            Kind::Object => "object",
            Kind::Null | Kind::Plain | Kind::Escaped => "text",
        };
        kind.into()
    })
}

/// The maximum length of a type that is named, in bytes.
const MAX_KIND: usize = 40;

/// Each pointer is held to its condition, as `when` of a version is.
fn fits(item: &Item, candidate: Json<'_>) -> bool {
    item.wanted.iter().all(|(pointer, condition)| {
        let value = candidate.follow(pointer).filter(|value| value.holds());
        condition.meets(value.is_some(), value.and_then(Json::as_text).as_deref())
    })
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

/// Where a source is read from.
pub(super) fn place(source: &MemberSource) -> Option<&Place> {
    match source {
        MemberSource::Formatted(formatted) => Some(&formatted.at),
        MemberSource::InText(text) => Some(&text.json),
        MemberSource::Item(item) => list(item),
        MemberSource::Now(_) => None,
        MemberSource::Place(place) => Some(place),
    }
}

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
