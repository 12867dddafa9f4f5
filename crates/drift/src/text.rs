//! Is there a text that all of some patterns match and none of others, of a length within bounds? Breadth first over the
//! product of their automata, so the text that is found is a shortest one.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use crate::pattern::{Pattern, Standing};

/// The longest text that is looked for character by character.
const LONGEST: u64 = 400;
/// The longest text that is made of one letter.
const LONGEST_PLAIN: u64 = 100_000;

pub(crate) enum Text {
    Found(String),
    None,
    Unknown,
}

pub(crate) struct Wanted {
    /// Each with whether it has to match.
    pub(crate) patterns: Vec<(Rc<Pattern>, bool)>,
    pub(crate) not: Vec<String>,
    pub(crate) least: u64,
    pub(crate) most: Option<u64>,
}

impl Wanted {
    pub(crate) fn at_most(&mut self, count: u64) {
        self.most = Some(self.most.map_or(count, |most| most.min(count)));
    }

    /// Takes from `fuel` one for every state of every pattern.
    pub(crate) fn find(mut self, fuel: &mut u64) -> Text {
        if self.most.is_some_and(|most| most < self.least) {
            return Text::None;
        }
        if self.patterns.is_empty() {
            return self.plain();
        }
        for text in std::mem::take(&mut self.not) {
            let Some(pattern) = Pattern::literal(&text) else { return Text::Unknown };
            self.patterns.push((Rc::new(pattern), false));
        }
        match self.most {
            Some(most) if most >= LONGEST && self.least < LONGEST => {
                // First without the upper bound: a shortest text mostly keeps it.
                let unbounded = Wanted { patterns: self.patterns, not: Vec::new(), least: self.least, most: None };
                match unbounded.search(fuel) {
                    Text::Found(text) if text.chars().count() as u64 > most => Text::Unknown,
                    other => other,
                }
            }
            _ if self.least >= LONGEST => Text::Unknown,
            _ => self.search(fuel),
        }
    }

    /// Without patterns: as many letters as are wanted.
    fn plain(&self) -> Text {
        let most = self.most.unwrap_or(u64::MAX).min(self.least + self.not.len() as u64 + 1);
        for length in self.least..=most {
            if length > LONGEST_PLAIN {
                return Text::Unknown;
            }
            for letter in ["a", "b", "c", "d", "x", "y", "z", "0"] {
                let text = letter.repeat(usize::try_from(length).unwrap_or_default());
                if !self.not.contains(&text) {
                    return Text::Found(text);
                }
                if length == 0 {
                    break;
                }
            }
        }
        if self.most == Some(0) { Text::None } else { Text::Unknown }
    }

    fn search(&self, fuel: &mut u64) -> Text {
        let letters = self.letters();
        // From this length on all lengths are alike; no text is like the empty one.
        let cap = self.most.map_or(self.least.max(1), |most| most + 1);
        let start: Vec<Standing> = self.patterns.iter().map(|(pattern, _)| pattern.start()).collect();
        let mut seen: HashMap<(Vec<Standing>, u64), ()> = HashMap::from([((start.clone(), 0), ())]);
        // How each state was reached: from which, by which letter.
        let mut reached: Vec<(usize, char)> = vec![(0, ' ')];
        let mut queue = VecDeque::from([(0usize, start, 0u64)]);
        while let Some((state, standings, length)) = queue.pop_front() {
            if length >= self.least && self.ends(&standings, state == 0) {
                return Text::Found(spelled(&reached, state));
            }
            let cost = (letters.len() * self.patterns.len()) as u64;
            let Some(rest) = fuel.checked_sub(cost) else {
                *fuel = 0;
                return Text::Unknown;
            };
            *fuel = rest;
            let length = (length + 1).min(cap);
            if self.most.is_some_and(|most| length > most) {
                continue;
            }
            for letter in &letters {
                let Some(next) = self.step(&standings, *letter) else { continue };
                if let Entry::Vacant(place) = seen.entry((next, length)) {
                    queue.push_back((reached.len(), place.key().0.clone(), length));
                    place.insert(());
                    reached.push((state, *letter));
                }
            }
        }
        Text::None
    }

    fn ends(&self, standings: &[Standing], empty: bool) -> bool {
        let mut pairs = self.patterns.iter().zip(standings);
        pairs.all(|((pattern, wanted), standing)| pattern.ends(standing, empty) == *wanted)
    }

    /// `None`: no text that goes on like this is wanted.
    fn step(&self, standings: &[Standing], letter: char) -> Option<Vec<Standing>> {
        let pairs = self.patterns.iter().zip(standings);
        pairs
            .map(|((pattern, wanted), standing)| {
                let next = pattern.step(standing, u32::from(letter));
                let hopeless = if *wanted { next.is_dead() } else { next.matched };
                (!hopeless).then_some(next)
            })
            .collect()
    }

    /// One character of every kind that the patterns tell apart, the plainest first.
    fn letters(&self) -> Vec<char> {
        let mut borders = BTreeSet::from([0, 0xD800, 0xE000, 0x11_0000]);
        for (pattern, _) in &self.patterns {
            pattern.borders(&mut borders);
        }
        let borders: Vec<u32> = borders.into_iter().collect();
        let mut letters = Vec::new();
        for pair in borders.windows(2) {
            let [from, to] = pair else { continue };
            let plain = "aA0 -_".chars().find(|letter| (*from..*to).contains(&u32::from(*letter)));
            letters.extend(plain.or_else(|| char::from_u32((*from).max(0x21).min(to - 1))));
        }
        letters.sort_by_key(|letter| {
            let rank = ["az", "09", "AZ", " ~", "\u{80}\u{10ffff}"].iter().position(|range| {
                let mut ends = range.chars();
                ends.next().is_some_and(|from| from <= *letter) && ends.next().is_some_and(|to| *letter <= to)
            });
            (rank.unwrap_or(9), *letter)
        });
        letters
    }
}

fn spelled(reached: &[(usize, char)], mut state: usize) -> String {
    let mut letters = Vec::new();
    while let (true, Some((from, letter))) = (state != 0, reached.get(state)) {
        letters.push(*letter);
        state = *from;
    }
    letters.iter().rev().collect()
}
