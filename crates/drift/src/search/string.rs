//! Is there a text?

use serde_json::Value;

use super::{Outcome, Search, State};
use crate::Reason;
use crate::node::Node;
use crate::text::{Text, Wanted};

/// Texts for keywords that only the caller's validator knows: of most formats, some that are and some that nearly are.
const SAMPLES: &[&str] = &[
    "",
    "a",
    "1",
    "x y",
    "2020-01-01",
    "2020-02-30",
    "2020-01-01T00:00:00Z",
    "2020-01-01T00:00:00",
    "00:00:00Z",
    "12:00:00",
    "P1D",
    "a@b.co",
    "a@",
    "example.com",
    "-bad-",
    "192.0.2.1",
    "256.0.0.1",
    "2001:db8::1",
    "::g",
    "https://example.com/a",
    "/a/b",
    "//",
    "not a uri \\",
    "http://[",
    "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
    "2eb8aa08",
    "/a~0b",
    "a~2",
    "0#",
    "#",
    "1/a",
    "^a$",
    "[",
    "https://example.com/{id}",
    "{",
    "ex\u{e4}mple.com",
    "\u{3a9}@ex\u{e4}mple.com",
    "https://ex\u{e4}mple.com/\u{e4}",
    "YWJj",
    "e30=",
    "{}",
    "{:}",
    "==",
    "a,b",
];

/// The longest text that samples are padded to.
const LONGEST_PADDED: u64 = 4_096;

impl Search<'_> {
    pub(super) fn string(&mut self, state: &State) -> Outcome {
        let mut not: Vec<String> =
            self.excluded(state).iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
        not.sort();
        not.dedup();
        let mut wanted = Wanted { patterns: Vec::new(), not, least: 0, most: None };
        let mut unread = false;
        for literal in &state.atoms {
            let node = self.arena.node(literal.id);
            match (&*node, literal.holds) {
                (Node::MinLength(count), true) => wanted.least = wanted.least.max(*count),
                (Node::MaxLength(count), false) => wanted.least = wanted.least.max(count.saturating_add(1)),
                (Node::MaxLength(count), true) => wanted.at_most(*count),
                (Node::MinLength(count), false) => wanted.at_most(count.saturating_sub(1)),
                (Node::Pattern(text), holds) => match self.pattern(text) {
                    Some(pattern) => wanted.patterns.push((pattern, holds)),
                    None => unread = true,
                },
                (Node::Checked(..), _) => unread = true,
                _ => {}
            }
        }
        let least = wanted.least;
        let found = wanted.find(&mut self.fuel);
        match found {
            Text::None => Outcome::Empty,
            Text::Found(text) if !unread => Outcome::Found(text.into()),
            Text::Unknown if !unread => self.give_up(if self.fuel == 0 { Reason::Fuel } else { Reason::Texts }),
            found => {
                let first = if let Text::Found(text) = found { Some(text) } else { None };
                self.tried(state, first, least)
            }
        }
    }

    /// What is not read here is no language: only the rest proves that there is nothing, and a text comes from samples.
    fn tried(&mut self, state: &State, first: Option<String>, least: u64) -> Outcome {
        let pad = "a".repeat(usize::try_from(least.min(LONGEST_PADDED)).unwrap_or_default());
        let short = SAMPLES.iter().filter(|sample| (sample.chars().count() as u64) < least);
        let padded = short.flat_map(|sample| [format!("{pad}{sample}"), format!("{sample}{pad}")]);
        let longer = (0..24).map(|more| format!("{pad}{}", "a".repeat(more)));
        let samples = SAMPLES.iter().map(|sample| (*sample).to_owned());
        let mut candidate = None;
        for text in first.into_iter().chain(samples).chain(longer).chain(padded) {
            let value = Value::from(text);
            match self.meets_all(&state.atoms, &value) {
                Some(true) => return Outcome::Found(value),
                None => candidate = candidate.or(Some(value)),
                Some(false) => {}
            }
        }
        self.give_up(Reason::Texts);
        Outcome::Unknown(candidate)
    }
}
