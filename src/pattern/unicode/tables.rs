//! The tables of Unicode. `names.txt` holds the names of categories and their groups, of scripts, and of binary
//! properties: a line for each. `tables.bin` holds what they mean, in the same order; the test below writes it.

use crate::pattern::set::Set;

const NAMES: &str = include_str!("names.txt");
const TABLES: &[u8] = include_bytes!("tables.bin");

/// Where a set begins and ends, by turns. Several together, in any order, are what is in an odd number of them.
type Turns = Vec<u32>;

/// The end of all code points.
const END: u32 = 0x0011_0000;

pub(super) fn property(name: &str) -> Option<Set> {
    let turns = match name.split_once('=') {
        None => {
            let name = loose(name);
            binary(&name).or_else(|| category(&name)).or_else(|| script(&name, false))
        }
        Some((property, value)) => match loose(property).as_str() {
            "gc" | "generalcategory" => category(&loose(value)),
            "sc" | "script" => script(&loose(value), false),
            "scx" | "scriptextensions" => script(&loose(value), true),
            _ => None,
        },
    };
    turns.map(set)
}

fn loose(name: &str) -> String {
    let name = name.replace('_', "").to_ascii_lowercase();
    name.strip_prefix("is").map(str::to_owned).unwrap_or(name)
}

fn set(mut turns: Turns) -> Set {
    turns.sort_unstable();
    let mut kept: Turns = Vec::with_capacity(turns.len());
    for turn in turns {
        match kept.last() {
            Some(last) if *last == turn => drop(kept.pop()),
            _ => kept.push(turn),
        }
    }
    Set::of(kept.as_chunks().0.iter().map(|&[begin, end]| (begin, end - 1)).collect())
}

/// The names of one of the three kinds, and its tables.
fn kind(at: usize) -> Option<(impl Iterator<Item = &'static str> + Clone, Bytes)> {
    Some((NAMES.split("\n\n").nth(at)?.lines(), Bytes(TABLES).part(at)?))
}

fn line(mut names: impl Iterator<Item = &'static str>, name: &str) -> Option<usize> {
    names.position(|line| line.split(' ').any(|known| known == name))
}

fn category(name: &str) -> Option<Turns> {
    let (names, _) = kind(0)?;
    let shorts = names.clone().map(|line| line.get(..2).unwrap_or_default().trim_end());
    let among = |holds: &dyn Fn(&str) -> bool| {
        shorts.clone().enumerate().filter(|(_, short)| holds(short)).fold(0, |mask, (at, _)| mask | 1 << at)
    };
    Some(match name {
        "any" => vec![0, END],
        "ascii" => vec![0, 0x80],
        "assigned" => categories(!among(&|short| short == "cn"))?,
        "lc" | "casedletter" => categories(among(&|short| ["lu", "ll", "lt"].contains(&short)))?,
        // A group is of the categories that begin with its letter.
        _ => {
            let own = shorts.clone().nth(line(names, name)?)?;
            categories(among(&|short| short.starts_with(own)))?
        }
    })
}

/// Which runs are of one of these categories.
fn categories(mask: u64) -> Option<Turns> {
    let (_, mut runs) = kind(0)?;
    let (mut turns, mut at) = (Vec::new(), 0);
    // Five bits are the category. The others are how long the run is, if it is not longer than they can say.
    while let Some(run) = runs.byte() {
        let begin = at;
        at += match u32::from(run >> 5) {
            0 => runs.number()?,
            length => length,
        };
        if mask >> (run & 31) & 1 == 1 {
            turns.extend([begin, at]);
        }
    }
    Some(turns)
}

/// A table for the script, and one for what is different in its extensions.
fn script(name: &str, extended: bool) -> Option<Turns> {
    let (names, tables) = kind(1)?;
    let at = 2 * line(names, name)?;
    let mut turns = tables.part(at)?.turns();
    if extended {
        turns.extend(tables.part(at + 1)?.turns());
    }
    Some(turns)
}

/// The categories that it is most like, and what is different.
fn binary(name: &str) -> Option<Turns> {
    let (names, tables) = kind(2)?;
    let mut table = tables.part(line(names, name)?)?;
    let mask = table.number()?;
    let mut turns = table.turns();
    turns.extend(categories(mask.into())?);
    Some(turns)
}

#[derive(Clone, Copy)]
struct Bytes(&'static [u8]);

impl Bytes {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Seven bits in a byte, the lowest first; the eighth says that more follow.
    fn number(&mut self) -> Option<u32> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= u32::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return Some(number);
            }
        }
    }

    /// A part begins with its length.
    fn part(mut self, at: usize) -> Option<Bytes> {
        let mut part = Bytes(&[]);
        for _ in 0..=at {
            let length = self.number()? as usize;
            (part.0, self.0) = self.0.split_at_checked(length)?;
        }
        Some(part)
    }

    /// Each turn as the way from the one before.
    fn turns(mut self) -> Turns {
        let mut at = 0;
        std::iter::from_fn(|| {
            at += self.number()?;
            Some(at)
        })
        .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::collections::BTreeSet;

    use regex_syntax::hir::{Class, HirKind};

    use super::*;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/pattern/unicode/tables.bin");

    /// No text holds these.
    const SURROGATES: [u32; 2] = [0xd800, 0xe000];

    fn peer(property: &str) -> Option<Turns> {
        let hir = regex_syntax::parse(&format!(r"\p{{{property}}}")).ok()?;
        let turns: Turns = match hir.kind() {
            HirKind::Class(Class::Unicode(class)) => {
                class.iter().flat_map(|range| [range.start() as u32, range.end() as u32 + 1]).collect()
            }
            HirKind::Class(Class::Bytes(class)) => {
                class.iter().flat_map(|range| [range.start().into(), u32::from(range.end()) + 1]).collect()
            }
            // Only one.
            HirKind::Literal(literal) => {
                let only = std::str::from_utf8(&literal.0).ok()?.chars().next()?.into();
                vec![only, only + 1]
            }
            _ => return None,
        };
        Some(odd(&turns, &[]))
    }

    /// What is in one of the two.
    fn odd(a: &[u32], b: &[u32]) -> Turns {
        let (a, b): (BTreeSet<u32>, BTreeSet<u32>) = (a.iter().copied().collect(), b.iter().copied().collect());
        a.symmetric_difference(&b).copied().collect()
    }

    fn number(mut number: u32, into: &mut Vec<u8>) {
        while number > 127 {
            into.push(number as u8 | 128);
            number >>= 7;
        }
        into.push(number as u8);
    }

    fn packed(turns: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut before = 0;
        for turn in turns {
            number(turn - before, &mut bytes);
            before = *turn;
        }
        bytes
    }

    fn parts(parts: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in parts {
            number(part.len() as u32, &mut bytes);
            bytes.extend(part);
        }
        bytes
    }

    /// The first names of a kind.
    fn firsts(at: usize) -> impl Iterator<Item = &'static str> {
        NAMES.split("\n\n").nth(at).unwrap().lines().map(|line| line.split(' ').next().unwrap())
    }

    fn base_categories() -> Vec<Turns> {
        let base = firsts(0).take_while(|name| *name != "lc");
        base.map(|name| peer(&format!("gc={name}")).unwrap()).collect()
    }

    /// What is left to say of a set when it is said which categories it is like, beginning with these.
    fn left(turns: &[u32], categories: &[Turns], mut mask: u32) -> (usize, u32, Turns) {
        let among = categories.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1);
        let mut left = among.fold(turns.to_vec(), |left, (_, category)| odd(&left, category));
        loop {
            let others = categories.iter().enumerate().map(|(at, category)| (odd(&left, category), at));
            let (next, at) = others.min_by_key(|(next, _)| packed(next).len()).unwrap();
            if packed(&next).len() >= packed(&left).len() {
                return (packed(&left).len(), mask, left);
            }
            (left, mask) = (next, mask ^ 1 << at);
        }
    }

    fn size(turns: &[u32]) -> u32 {
        turns.as_chunks().0.iter().map(|[begin, end]| end - begin).sum()
    }

    fn made() -> Vec<u8> {
        let categories = base_categories();
        let mut runs: Vec<(u32, u32, u8)> = Vec::new();
        let unassigned = categories.len() - 1;
        for (at, category) in categories.iter().enumerate() {
            let with_surrogates = if at == unassigned { odd(category, &SURROGATES) } else { category.clone() };
            runs.extend(with_surrogates.as_chunks().0.iter().map(|&[begin, end]| (begin, end, at as u8)));
        }
        runs.sort_unstable();
        let mut packed_runs = Vec::new();
        for &(begin, end, category) in &runs {
            match end - begin {
                length @ 1..8 => packed_runs.push(category | (length as u8) << 5),
                length => {
                    packed_runs.push(category);
                    number(length, &mut packed_runs);
                }
            }
        }
        let scripts = firsts(1).flat_map(|name| {
            let own = peer(&format!("sc={name}")).unwrap();
            let extended = peer(&format!("scx={name}")).unwrap();
            [packed(&own), packed(&odd(&own, &extended))]
        });
        let binaries = firsts(2).map(|name| {
            let turns = peer(name).unwrap();
            // From none of the categories, or from those of which most is in the set.
            let most = |category: &Turns| {
                2 * (size(category) + size(&turns)) > 3 * size(category) + size(&odd(category, &turns))
            };
            let likely = categories.iter().enumerate().filter(|(_, category)| most(category));
            let likely = likely.fold(0, |mask, (at, _)| mask | 1 << at);
            let (_, mask, left) = [0, likely].map(|mask| left(&turns, &categories, mask)).into_iter().min().unwrap();
            let mut bytes = Vec::new();
            number(mask, &mut bytes);
            bytes.extend(packed(&left));
            bytes
        });
        let kinds = [packed_runs, parts(scripts.collect::<Vec<_>>()), parts(binaries.collect::<Vec<_>>())];
        println!("{:?} bytes, and {} of names", kinds.each_ref().map(Vec::len), NAMES.len());
        parts(kinds)
    }

    /// `UPDATE_UNICODE=1 cargo test --lib the_tables_are_those_of_regex_syntax` writes them.
    #[test]
    fn the_tables_are_those_of_regex_syntax() {
        let made = made();
        if std::env::var_os("UPDATE_UNICODE").is_some() {
            std::fs::write(FILE, &made).unwrap();
        }
        assert!(std::fs::read(FILE).unwrap() == made, "write them anew, as is said above, and read the difference");
    }

    #[test]
    fn every_name_means_what_it_means_there() {
        let mut names = vec!["Any".to_owned(), "ASCII".into(), "Assigned".into()];
        for (at, properties) in
            [(0, ["gc", "General_Category"]), (1, ["sc", "Script"]), (1, ["scx", "isScriptExtensions"])]
        {
            let values = NAMES.split("\n\n").nth(at).unwrap().split_whitespace();
            names.extend(values.flat_map(|value| properties.map(|property| format!("{property}={value}"))));
        }
        names.extend(NAMES.split_whitespace().map(str::to_owned));
        names.extend(
            ["is_GREEK", "Script=Is_Latin", "gc=Any", "Script_Extensions=Grek", "Uppercase_Letter"].map(str::to_owned),
        );
        assert!(names.len() > 1000);
        for name in names {
            let own = property(&name);
            assert!(own.is_some(), "{name}");
            let own: Turns = own.unwrap().ranges().iter().flat_map(|(first, last)| [*first, last + 1]).collect();
            let difference = odd(&own, &peer(&name).unwrap());
            assert!(difference.is_empty() || difference == SURROGATES, "{name}: {difference:x?}");
        }
        for name in " = gc= =L Foo gc=Greek sc=L Script gc L= gc=L=L Cs Age=V3_0 Other_Math".split(' ') {
            assert!(property(name).is_none(), "{name}");
        }
    }
}
