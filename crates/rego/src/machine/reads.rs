//! Which parts of the input and the data a result rests on.
//!
//! Every register carries the pointer that its value came from. What is read goes on a trail, which goes back with the
//! machine, and on a log, which does not: at a solution the trail is what the solution rests on; where it matters what
//! did not hold (`not`, a comprehension, an `else`), the log of that part is put on the trail. What rules gave keeps
//! what each element rests on. Both are chains whose links stay, so to keep a part of one takes no time or room.

mod told;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::env::address;
use super::parts::Parts;
use crate::value::Value;

pub use told::Read;

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
    Pointer {
        pointer: u32,
        absent: bool,
    },
    /// All that a support has.
    Support(u32),
    /// The same, but some of it did not hold.
    Vain(u32),
}

/// A link of a chain: what was read, and the link before. The first link has nothing, and nothing before it.
#[derive(Clone, Copy, Debug)]
struct Link {
    entry: Entry,
    before: u32,
}

/// A part of a chain: from its last link back to one that is not part of it.
#[derive(Clone, Copy, Debug, Default)]
struct Support {
    last: u32,
    end: u32,
}

/// The last links of the trail and the log.
#[derive(Clone, Copy, Debug, Default)]
struct Heights {
    trail: u32,
    log: u32,
}

/// What a document or a call rests on.
#[derive(Clone, Debug, Default)]
struct Kept {
    /// All that was read for it, also in vain.
    all: u32,
    /// What its value rests on, and where that came from: also the elements that are not below.
    value: u32,
    origin: Origin,
    /// The same for each element of a set, or for each first key of members.
    elements: BTreeMap<Value, (u32, Origin)>,
}

/// All that was read. There is nothing of it if no one asks.
#[derive(Debug)]
pub(super) struct Reads {
    /// Where each register's value came from.
    origins: Vec<Origin>,
    /// The parts of the data, then those of the input.
    data: Arc<Parts>,
    input: Parts,
    links: Vec<Link>,
    /// The last links.
    now: Heights,
    supports: Vec<Support>,
    kept: Vec<Kept>,
    /// For each choice of the machine: the heights there, and where the collection came from that it goes through.
    choices: Vec<(Heights, Origin)>,
    /// For each frame: the heights where it began, and what was kept of its solutions.
    frames: Vec<(Heights, Kept)>,
    /// The same for each collection that is being made.
    opened: Vec<(Heights, Kept)>,
}

impl Reads {
    /// Nothing was read yet of this data and this input.
    pub fn new(data: Arc<Parts>, input: Option<&Value>) -> Reads {
        let input = Parts::of(input, data.end());
        Reads {
            origins: Vec::new(),
            data,
            input,
            links: vec![Link { entry: Entry::Support(0), before: 0 }],
            now: Heights::default(),
            // The first has nothing, and is that of whatever was not kept.
            supports: vec![Support::default()],
            kept: vec![Kept::default()],
            choices: Vec::new(),
            frames: Vec::new(),
            opened: Vec::new(),
        }
    }

    /// All of the input.
    pub fn input(&self) -> Origin {
        Origin::Pointer(self.input.first)
    }

    /// All of the data.
    pub fn data(&self) -> Origin {
        Origin::Pointer(self.data.first)
    }

    /// A new evaluation begins: nothing is on the way.
    pub fn restart(&mut self) {
        self.now = Heights::default();
        self.choices.clear();
        self.frames.clear();
        self.opened.clear();
    }

    pub fn set_origin(&mut self, register: usize, origin: Origin) {
        if self.origins.len() <= register {
            self.origins.resize(register + 1, Origin::None);
        }
        if let Some(place) = self.origins.get_mut(register) {
            *place = origin;
        }
    }

    /// The registers from here on are new.
    pub fn forget_origins(&mut self, first: usize) {
        self.origins.truncate(first);
    }

    /// Where the value of a register came from.
    pub fn origin(&self, register: usize, value: &Value) -> Origin {
        match self.origins.get(register) {
            None | Some(Origin::None) => self.known(value),
            Some(origin) => *origin,
        }
    }

    /// Which part of the input or the data a value is, if it is one.
    fn known(&self, value: &Value) -> Origin {
        let part = address(value).and_then(|place| self.input.place(place).or_else(|| self.data.place(place)));
        part.map_or(Origin::None, Origin::Pointer)
    }

    /// The machine has a new choice: it has so many others.
    pub fn choose(&mut self, others: usize, origin: Origin) {
        self.choices.truncate(others);
        self.choices.push((self.now, origin));
    }

    /// Goes back to a choice. What was read since is only on the log.
    pub fn go_back(&mut self, choice: usize) -> Origin {
        let Some((heights, origin)) = self.choices.get(choice) else { return Origin::None };
        self.now.trail = heights.trail;
        *origin
    }

    /// What was read since a choice counts, although it did not hold.
    pub fn count_since_choice(&mut self, choice: usize) {
        if let Some((heights, _)) = self.choices.get(choice) {
            self.count_all_since(*heights);
        }
    }

    fn link(&mut self, entry: Entry, before: u32) -> u32 {
        self.links.push(Link { entry, before });
        self.links.len() as u32 - 1
    }

    fn add_to_trail(&mut self, entry: Entry) {
        self.now.trail = self.link(entry, self.now.trail);
    }

    fn add_to_log(&mut self, entry: Entry) {
        self.now.log = self.link(entry, self.now.log);
    }

    fn add(&mut self, entry: Entry) {
        self.add_to_trail(entry);
        self.add_to_log(entry);
    }

    /// Reads what is at a path below a value, or notes that nothing is there. Gives where it came from.
    pub fn read(&mut self, mut from: Origin, path: &[Value], value: &Value) -> Origin {
        let mut at = value;
        for key in path {
            let below = at.get(key);
            from = match from {
                Origin::None => Origin::None,
                Origin::Pointer(above) => Origin::Pointer(self.pointer(above, key)),
                Origin::Document(kept) => self.read_element(kept, key, below.is_some()),
            };
            let Some(below) = below else {
                if let Origin::Pointer(pointer) = from {
                    self.add_to_log(Entry::Pointer { pointer, absent: true });
                }
                return Origin::None;
            };
            if from == Origin::None {
                from = self.known(below);
            }
            at = below;
        }
        if let Origin::Pointer(pointer) = from {
            self.add(Entry::Pointer { pointer, absent: false });
        }
        from
    }

    /// The same for what has a value where nothing is there: it rests on that.
    pub fn look_up(&mut self, from: Origin, path: &[Value], value: &Value) -> Origin {
        let before = self.now;
        let origin = self.read(from, path, value);
        if origin == Origin::None {
            self.count_all_since(before);
        }
        origin
    }

    /// Reads an entry of a collection.
    pub fn read_entry(&mut self, from: Origin, key: &Value, value: &Value) -> Origin {
        let origin = match from {
            Origin::None => Origin::None,
            Origin::Pointer(above) => Origin::Pointer(self.pointer(above, key)),
            Origin::Document(kept) => self.read_element(kept, key, true),
        };
        let origin = if origin == Origin::None { self.known(value) } else { origin };
        if let Origin::Pointer(pointer) = origin {
            self.add(Entry::Pointer { pointer, absent: false });
        }
        origin
    }

    fn read_element(&mut self, kept: u32, key: &Value, found: bool) -> Origin {
        let (support, origin) = self.element(kept, key, found);
        if found {
            self.add_to_trail(Entry::Support(support));
        }
        self.add_to_log(Entry::Support(support));
        origin
    }

    /// What an element rests on, and where it came from.
    fn element(&mut self, mut kept: u32, key: &Value, found: bool) -> (u32, Origin) {
        loop {
            let Some(of) = self.kept.get(kept as usize) else { return (0, Origin::None) };
            match (of.elements.get(key), of.origin) {
                (Some(element), _) if found => return *element,
                (_, Origin::None) => return (of.all, Origin::None),
                (_, Origin::Pointer(above)) => return (0, Origin::Pointer(self.pointer(above, key))),
                (_, Origin::Document(other)) => kept = other,
            }
        }
    }

    /// Where a value came from that has another at a path in it, as `with` puts it there.
    pub fn changed(&mut self, from: Origin, path: &[Value], by: Origin) -> Origin {
        let mut levels = Vec::with_capacity(path.len());
        let mut at = from;
        for key in path {
            levels.push((at, key));
            at = self.part(at, key);
        }
        levels.into_iter().rev().fold(by, |by, (from, key)| {
            let used = [from, by].into_iter().filter_map(|origin| self.all_of(origin)).collect::<Vec<_>>();
            let last = used.into_iter().fold(0, |last, entry| self.link(entry, last));
            let all = self.support(last, 0);
            self.keep(Kept { all, value: 0, origin: from, elements: BTreeMap::from([(key.clone(), (0, by))]) })
        })
    }

    /// Where a part of a value came from. Nothing is read.
    pub fn part(&mut self, from: Origin, key: &Value) -> Origin {
        match from {
            Origin::None => Origin::None,
            Origin::Pointer(above) => Origin::Pointer(self.pointer(above, key)),
            Origin::Document(kept) => self.element(kept, key, true).1,
        }
    }

    /// All that a value rests on.
    fn all_of(&self, origin: Origin) -> Option<Entry> {
        match origin {
            Origin::None => None,
            Origin::Pointer(pointer) => Some(Entry::Pointer { pointer, absent: false }),
            Origin::Document(kept) => self.kept.get(kept as usize).map(|kept| Entry::Support(kept.all)),
        }
    }

    /// Uses all of a value: of a document with elements, all that it rests on.
    pub fn use_all(&mut self, origin: Origin) {
        if let (Origin::Document(_), Some(all)) = (origin, self.all_of(origin)) {
            self.add(all);
        }
    }

    fn keep(&mut self, kept: Kept) -> Origin {
        self.kept.push(kept);
        Origin::Document(self.kept.len() as u32 - 1)
    }

    fn pointer(&mut self, above: u32, key: &Value) -> u32 {
        let known = if above < self.input.first { self.data.numbers.get(&(above, key.clone())) } else { None };
        known.copied().unwrap_or_else(|| self.input.pointer(above, key))
    }

    /// The part above one, and the key there. Nothing for all of the input or the data.
    fn above(&self, pointer: u32) -> Option<&(u32, Value)> {
        let parts = if pointer < self.input.first { &*self.data } else { &self.input };
        let above = parts.pointers.get(pointer.checked_sub(parts.first)? as usize);
        above.filter(|(above, _)| *above != pointer)
    }

    fn support(&mut self, last: u32, end: u32) -> u32 {
        if last == end {
            return 0;
        }
        self.supports.push(Support { last, end });
        self.supports.len() as u32 - 1
    }

    /// What was read since and still counts.
    fn trail_since(&mut self, heights: Heights) -> u32 {
        self.support(self.now.trail, heights.trail)
    }

    /// All that was read since, whether it held or not, as one entry of the log.
    fn log_since(&mut self, heights: Heights) -> u32 {
        let all = self.support(self.now.log, heights.log);
        self.now.log = heights.log;
        self.add_to_log(Entry::Support(all));
        all
    }

    fn count_all_since(&mut self, heights: Heights) {
        let all = self.log_since(heights);
        self.add_to_trail(Entry::Vain(all));
    }

    /// A frame begins: there are so many others.
    pub fn enter(&mut self, others: usize) {
        self.frames.truncate(others);
        self.frames.push((self.now, Kept::default()));
    }

    /// All that was read in the newest frame counts: what did not hold there is why something else does.
    pub fn count_frame(&mut self) {
        if let Some((heights, _)) = self.frames.last() {
            self.count_all_since(*heights);
        }
    }

    /// The newest frame has a value.
    pub fn give_value(&mut self, origin: Origin) {
        let Some((heights, _)) = self.frames.last() else { return };
        let support = self.trail_since(*heights);
        if let Some((_, kept)) = self.frames.last_mut().filter(|(_, kept)| kept.value == 0) {
            (kept.value, kept.origin) = (support, origin);
        }
    }

    /// The newest frame has an element, or a member.
    pub fn give_element(&mut self, key: &Value, origin: Origin) {
        let Some((heights, _)) = self.frames.last() else { return };
        let support = self.trail_since(*heights);
        let known = self.frames.last().and_then(|(_, kept)| kept.elements.get(key)).copied();
        // A member may have several parts.
        let (support, origin) = match known {
            Some((other, _)) => {
                let first = self.link(Entry::Support(other), 0);
                let both = self.link(Entry::Support(support), first);
                (self.support(both, 0), Origin::None)
            }
            None => (support, origin),
        };
        if let Some((_, kept)) = self.frames.last_mut() {
            kept.elements.insert(key.clone(), (support, origin));
        }
    }

    /// The newest frame is over: its number, and where the value came from.
    pub fn leave(&mut self, defined: bool, elements: bool) -> (u32, Origin) {
        let Some((heights, mut kept)) = self.frames.pop() else { return (0, Origin::None) };
        kept.all = self.log_since(heights);
        self.now.trail = heights.trail;
        self.now.log = heights.log;
        self.kept.push(kept);
        let number = self.kept.len() as u32 - 1;
        (number, self.reuse(number, defined, elements))
    }

    /// What was kept is used: gives where the value came from.
    pub fn reuse(&mut self, number: u32, defined: bool, elements: bool) -> Origin {
        let Some(kept) = self.kept.get(number as usize) else { return Origin::None };
        let (all, value, origin) = (kept.all, kept.value, kept.origin);
        if defined && elements {
            return Origin::Document(number);
        }
        self.add_to_log(Entry::Support(all));
        if !defined {
            return Origin::None;
        }
        self.add_to_trail(Entry::Support(value));
        origin
    }

    /// A collection begins.
    pub fn open(&mut self) {
        self.opened.push((self.now, Kept::default()));
    }

    /// It has an element. An array knows it by its number.
    pub fn push(&mut self, key: Value, origin: Origin) {
        let Some((heights, _)) = self.opened.last() else { return };
        let support = self.trail_since(*heights);
        if let Some((_, kept)) = self.opened.last_mut() {
            kept.elements.entry(key).or_insert((support, origin));
        }
    }

    /// It is made.
    pub fn close(&mut self) -> Origin {
        let Some((heights, mut kept)) = self.opened.pop() else { return Origin::None };
        kept.all = self.log_since(heights);
        self.keep(kept)
    }
}
