//! Structured fields in their one canonical form (RFC 9421, sections 2.1.1 and 2.1.2). The type is known only for
//! the fields below. It is never guessed, since two readers could then arrive at different values.

use super::lines::Reason;
use super::structured::{self, Item, Member, Parameters};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Dictionary,
    Item,
    List,
}

/// The structured fields that a request may carry: RFC 9218, 9297, 9421, 9440, 9530 and 9842.
const KNOWN: [(&str, Kind); 13] = [
    ("accept-signature", Kind::Dictionary),
    ("available-dictionary", Kind::Item),
    ("capsule-protocol", Kind::Item),
    ("client-cert", Kind::Item),
    ("client-cert-chain", Kind::List),
    ("content-digest", Kind::Dictionary),
    ("dictionary-id", Kind::Item),
    ("priority", Kind::Dictionary),
    ("repr-digest", Kind::Dictionary),
    ("signature", Kind::Dictionary),
    ("signature-input", Kind::Dictionary),
    ("want-content-digest", Kind::Dictionary),
    ("want-repr-digest", Kind::Dictionary),
];

pub(super) fn kind(name: &str) -> Option<Kind> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// The whole field, parsed and serialised again (`sf`).
pub(super) fn whole(kind: Kind, value: &str) -> Result<String, Reason> {
    match kind {
        Kind::Dictionary => Ok(structured::write_dictionary(&dictionary(value)?)),
        Kind::Item => {
            let item = structured::item(value.trim_matches(' ')).ok_or("is covered with `sf`, and is no item")?;
            once(&[Member::Item(item.clone())])?;
            Ok(item.to_string())
        }
        Kind::List => {
            let members = structured::list(value).ok_or("is covered with `sf`, and is no list")?;
            once(&members)?;
            Ok(members.iter().map(Member::to_string).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Its members, each with a different key.
pub(super) fn dictionary(value: &str) -> Result<Vec<(String, Member)>, Reason> {
    let members = structured::dictionary(value).ok_or("is covered with `sf` or `key`, and is no dictionary")?;
    match structured::repeated(&members) {
        Some(_) => Err(TWICE),
        None => once(members.iter().map(|(_, member)| member)).map(|()| members),
    }
}

/// In RFC 9651 the last of two counts; a reader that takes the first would read what nobody signed.
const TWICE: Reason = "holds a name twice, and only the last of the two would be signed";

fn once<'a>(members: impl IntoIterator<Item = &'a Member>) -> Result<(), Reason> {
    let twice = |parameters: &Parameters| structured::repeated(parameters).is_some();
    let repeats = |member: &Member| match member {
        Member::Item(Item { parameters, .. }) => twice(parameters),
        Member::List { items, parameters } => twice(parameters) || items.iter().any(|item| twice(&item.parameters)),
    };
    match members.into_iter().any(repeats) {
        true => Err(TWICE),
        false => Ok(()),
    }
}
