//! What a result rests on, told as pointers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Entry, Origin, Reads, Support};
use crate::value::Value;

/// A part of the input or the data that a result rests on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Read {
    /// Whether it is a part of the data, not of the input.
    pub data: bool,
    /// A JSON pointer.
    pub pointer: String,
    /// Whether nothing is there: it was looked for.
    pub absent: bool,
    /// Whether it was only read for something that did not hold, as within `not`.
    pub vain: bool,
}

/// The most links that are gone through for one result: each of many may rest on every document of a large set.
const LINKS: usize = 2048;

/// A support of more links than this is looked into only where nothing else was read: what a result has read itself
/// comes before what a whole set was read for.
const LARGE: u32 = 512;

impl Reads {
    /// What the value of a document rests on, or an element or member of it: the deepest parts, the last read first.
    pub fn of(&self, number: u32, element: Option<&Value>) -> Vec<Read> {
        let supports = self.supports(number, element);
        let found = self.pointers_of(&supports, true);
        let held: BTreeSet<u32> = self.pointers_of(&supports, false).into_iter().map(|(pointer, _)| pointer).collect();
        let mut above = BTreeSet::new();
        for (pointer, _) in &found {
            let mut at = *pointer;
            while let Some((next, _)) = self.above(at) {
                at = *next;
                above.insert(at);
            }
        }
        let deepest = found.iter().filter(|(pointer, _)| !above.contains(pointer));
        deepest.map(|(pointer, absent)| self.read_of(*pointer, *absent, !held.contains(pointer))).collect()
    }

    /// The same as supports. What a document gives may be what another one gave, so it rests on that, too.
    fn supports(&self, number: u32, element: Option<&Value>) -> Vec<u32> {
        let mut supports = Vec::new();
        let mut next = Some(number);
        while let Some(kept) = next.and_then(|number| self.kept.get(number as usize)) {
            if let Some((support, _)) = element.and_then(|element| kept.elements.get(element)) {
                supports.push(*support);
                break;
            }
            next = match kept.origin {
                Origin::Document(other) => Some(other),
                Origin::None | Origin::Pointer(_) => None,
            };
            let by_value = next.is_some() || kept.value != 0 && element.is_none();
            supports.push(if by_value { kept.value } else { kept.all });
        }
        supports
    }

    /// The pointers of supports, the last read first, with those that were read in vain or without.
    fn pointers_of(&self, supports: &[u32], vain: bool) -> Vec<(u32, bool)> {
        let found = self.pointers_within(supports, vain, LARGE);
        if found.is_empty() { self.pointers_within(supports, vain, u32::MAX) } else { found }
    }

    fn pointers_within(&self, supports: &[u32], vain: bool, largest: u32) -> Vec<(u32, bool)> {
        let mut found = Vec::new();
        let mut known = BTreeSet::new();
        // For each link, the end up to which the chain before it was gone through.
        let mut seen: BTreeMap<u32, u32> = BTreeMap::new();
        let mut open: Vec<Support> =
            supports.iter().filter_map(|at| self.supports.get(*at as usize).copied()).collect();
        while let Some(Support { last, end }) = open.pop() {
            let Some(link) = self.links.get(last as usize).filter(|_| last > end) else { continue };
            let gone = seen.get(&last).copied();
            if gone.is_some_and(|gone| gone <= end) {
                continue;
            }
            seen.insert(last, end);
            if seen.len() > LINKS {
                break;
            }
            open.push(Support { last: link.before, end });
            match link.entry {
                _ if gone.is_some() => {}
                Entry::Pointer { pointer, absent } => {
                    if known.insert(pointer) {
                        found.push((pointer, absent));
                    }
                }
                Entry::Vain(_) if !vain => {}
                Entry::Support(support) | Entry::Vain(support) => {
                    let support = self.supports.get(support as usize);
                    open.extend(support.filter(|support| support.last.saturating_sub(support.end) <= largest));
                }
            }
        }
        found
    }

    fn read_of(&self, pointer: u32, absent: bool, vain: bool) -> Read {
        let mut keys = Vec::new();
        let mut at = pointer;
        while let Some((next, key)) = self.above(at) {
            keys.push(key);
            at = *next;
        }
        let mut text = String::new();
        for key in keys.into_iter().rev() {
            text.push('/');
            match key {
                Value::String(name) => text.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Value::Number(number) => text.push_str(&number.text()),
                // JSON has no other keys.
                other => _ = write!(text, "{}", other.type_name()),
            }
        }
        Read { data: at == self.data.first, pointer: text, absent, vain }
    }
}
