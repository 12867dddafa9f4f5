//! What a signature covers or a contract reads in a message: a part of it, or one place.

use std::collections::BTreeSet;

use crate::place::Place;

/// A part of a message, printed as in a finding's `at`.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Covered {
    Authority,
    Body,
    Method,
    Path,
    Place(Place),
    Query,
    Scheme,
    Url,
}

/// The parts, each once.
pub(crate) type Covers = BTreeSet<Covered>;

impl Covered {
    pub fn header(name: &str) -> Covered {
        Covered::Place(Place::Header(name.to_owned()))
    }
}

impl std::fmt::Display for Covered {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Covered::Authority => "authority",
            Covered::Body => "body",
            Covered::Method => "method",
            Covered::Path => "path",
            Covered::Place(place) => return place.fmt(formatter),
            Covered::Query => "query",
            Covered::Scheme => "scheme",
            Covered::Url => "url",
        })
    }
}

/// The parts as a verdict lists them: in the order of their text.
pub(crate) fn listed(covers: &Covers) -> Vec<String> {
    let mut texts: Vec<String> = covers.iter().map(Covered::to_string).collect();
    texts.sort_unstable();
    texts
}
