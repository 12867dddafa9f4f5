//! Which parts of the input a result rests on.
//!
//! Every register carries the pointer that its value came from. What is read goes on a trail, which goes back with the
//! machine, and on a log, which does not: at a solution the trail is what the solution rests on; where it matters what
//! did not hold (`not`, a comprehension, an `else`), the log of that part is put on the trail. What rules gave keeps
//! what each element rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::value::Value;

/// A part of the input that a result rests on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Read {
    /// A JSON pointer.
    pub pointer: String,
    /// Whether the input has nothing there: it was looked for.
    pub absent: bool,
}

/// Where a value came from.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Origin {
    /// No part of the input.
    #[default]
    None,
    /// The part with this number.
    Pointer(u32),
    /// A document that is a set, or has members: each rests on something of its own.
    Document(u32),
}

/// Something that was read.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Entry {
    Pointer { pointer: u32, absent: bool },
    /// All that a support has.
    Support(u32),
}

/// Heights of the trail and the log.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heights {
    trail: usize,
    log: usize,
}

/// What a document or a call rests on.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// All that was read for it, also in vain.
    pub all: u32,
    /// What its value rests on, and where that came from.
    pub value: u32,
    pub origin: Origin,
    /// The same for each element of a set, or for each first key of members.
    pub elements: BTreeMap<Value, (u32, Origin)>,
}

/// All that was read. There is nothing of it if no one asks.
#[derive(Debug)]
pub(super) struct Reads {
    /// Where each register's value came from.
    origins: Vec<Origin>,
    /// Each part of the input: the one above it, and its key there. The first is all of the input.
    pointers: Vec<(u32, Value)>,
    numbers: BTreeMap<(u32, Value), u32>,
    trail: Vec<Entry>,
    log: Vec<Entry>,
    supports: Vec<Box<[Entry]>>,
    kept: Vec<Kept>,
    opened: Vec<Heights>,
}

impl Default for Reads {
    fn default() -> Reads {
        Reads {
            origins: Vec::new(),
            pointers: vec![(0, Value::Null)],
            numbers: BTreeMap::new(),
            trail: Vec::new(),
            log: Vec::new(),
            // The first has nothing, and is that of whatever was not kept.
            supports: vec![Box::default()],
            kept: vec![Kept::default()],
            opened: Vec::new(),
        }
    }
}

/// All of the input.
pub(super) const INPUT: Origin = Origin::Pointer(0);

impl Reads {
    pub fn set_origin(&mut self, register: usize, origin: Origin) {
        if self.origins.len() <= register {
            self.origins.resize(register + 1, Origin::None);
        }
        if let Some(place) = self.origins.get_mut(register) {
            *place = origin;
        }
    }

    pub fn origin(&self, register: usize) -> Origin {
        self.origins.get(register).copied().unwrap_or_default()
    }

    pub fn heights(&self) -> Heights {
        Heights { trail: self.trail.len(), log: self.log.len() }
    }

    /// Forgets what was read since, but for the log.
    pub fn go_back(&mut self, heights: Heights) {
        self.trail.truncate(heights.trail);
    }

    fn add(&mut self, entry: Entry) {
        self.trail.push(entry);
        self.log.push(entry);
    }

    /// Reads what is at a key of a value, or notes that nothing is there. Gives where it came from.
    pub fn read(&mut self, from: Origin, key: &Value, value: Option<&Value>) -> Origin {
        match from {
            Origin::None => Origin::None,
            Origin::Pointer(above) => {
                let pointer = self.pointer(above, key);
                match value {
                    Some(_) => self.add(Entry::Pointer { pointer, absent: false }),
                    None => self.log.push(Entry::Pointer { pointer, absent: true }),
                }
                Origin::Pointer(pointer)
            }
            Origin::Document(kept) => {
                let Some(kept) = self.kept.get(kept as usize) else { return Origin::None };
                let (support, origin) = match (value, kept.elements.get(key)) {
                    (Some(_), Some(element)) => *element,
                    _ => (kept.all, Origin::None),
                };
                match value {
                    Some(_) => self.add(Entry::Support(support)),
                    None => self.log.push(Entry::Support(support)),
                }
                origin
            }
        }
    }

    /// Reads all of the input.
    pub fn read_input(&mut self) {
        self.add(Entry::Pointer { pointer: 0, absent: false });
    }

    /// Uses all of a value: of a document with elements, all that it rests on.
    pub fn use_all(&mut self, origin: Origin) {
        if let Origin::Document(kept) = origin
            && let Some(all) = self.kept.get(kept as usize).map(|kept| kept.all)
        {
            self.add(Entry::Support(all));
        }
    }

    fn pointer(&mut self, above: u32, key: &Value) -> u32 {
        let next = self.pointers.len() as u32;
        let number = *self.numbers.entry((above, key.clone())).or_insert(next);
        if number == next {
            self.pointers.push((above, key.clone()));
        }
        number
    }

    fn support(&mut self, entries: Vec<Entry>) -> u32 {
        match entries.as_slice() {
            [] => 0,
            [Entry::Support(only)] => *only,
            _ => {
                self.supports.push(entries.into());
                self.supports.len() as u32 - 1
            }
        }
    }

    /// What was read since and still counts.
    pub fn trail_since(&mut self, heights: Heights) -> u32 {
        let entries = unique(self.trail.get(heights.trail..).unwrap_or_default());
        self.support(entries)
    }

    /// All that was read since, as one entry of the log.
    pub fn log_since(&mut self, heights: Heights) -> u32 {
        let entries = unique(self.log.get(heights.log..).unwrap_or_default());
        self.log.truncate(heights.log);
        let all = self.support(entries);
        self.log.push(Entry::Support(all));
        all
    }

    /// All that was read since counts, whether it held or not.
    pub fn count_all_since(&mut self, heights: Heights) {
        let all = self.log_since(heights);
        self.trail.push(Entry::Support(all));
    }

    pub fn open(&mut self) {
        self.opened.push(self.heights());
    }

    pub fn close(&mut self) {
        if let Some(heights) = self.opened.pop() {
            self.count_all_since(heights);
        }
    }

    /// Keeps what a document or call rests on.
    pub fn keep(&mut self, kept: Kept) -> u32 {
        self.kept.push(kept);
        self.kept.len() as u32 - 1
    }

    /// What was kept is used again: gives where the value came from.
    pub fn reuse(&mut self, number: u32, defined: bool, elements: bool) -> Origin {
        let Some(kept) = self.kept.get(number as usize) else { return Origin::None };
        let (all, value, origin) = (kept.all, kept.value, kept.origin);
        if !defined {
            self.log.push(Entry::Support(all));
            return Origin::None;
        }
        if elements {
            return Origin::Document(number);
        }
        self.log.push(Entry::Support(all));
        self.trail.push(Entry::Support(value));
        origin
    }

    /// What the value of a document rests on, or an element or member of it: the deepest parts, the last read first.
    pub fn of(&self, number: u32, element: Option<&Value>) -> Vec<Read> {
        let Some(kept) = self.kept.get(number as usize) else { return Vec::new() };
        let support = match element.map(|element| kept.elements.get(element)) {
            None if kept.value == 0 => kept.all,
            None => kept.value,
            Some(Some((support, _))) => *support,
            Some(None) => kept.all,
        };
        let mut found = Vec::new();
        let (mut seen, mut known) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![Entry::Support(support)];
        while let Some(entry) = open.pop() {
            if !seen.insert(entry) {
                continue;
            }
            match entry {
                Entry::Pointer { pointer, absent } => {
                    if known.insert(pointer) {
                        found.push((pointer, absent));
                    }
                }
                // The last of them is taken first.
                Entry::Support(support) => {
                    open.extend(self.supports.get(support as usize).map(|entries| &**entries).unwrap_or_default());
                }
            }
        }
        let mut above = BTreeSet::new();
        for (pointer, _) in &found {
            let mut at = *pointer;
            while at != 0 {
                at = self.pointers.get(at as usize).map_or(0, |(above, _)| *above);
                above.insert(at);
            }
        }
        let deepest = found.iter().filter(|(pointer, _)| !above.contains(pointer));
        deepest.map(|(pointer, absent)| Read { pointer: self.text(*pointer), absent: *absent }).collect()
    }

    fn text(&self, pointer: u32) -> String {
        let mut keys = Vec::new();
        let mut at = pointer;
        while at != 0 {
            let Some((above, key)) = self.pointers.get(at as usize) else { break };
            keys.push(key);
            at = *above;
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
        text
    }
}

/// The entries, each where it stands last.
fn unique(entries: &[Entry]) -> Vec<Entry> {
    let mut seen = BTreeSet::new();
    let mut unique: Vec<Entry> = entries.iter().rev().filter(|entry| seen.insert(**entry)).copied().collect();
    unique.reverse();
    unique
}
