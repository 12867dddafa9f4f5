//! A program as a table: for each set of places that it can be in, and each kind of character, the set that follows.
//! Made when the pattern is read, if that is little work. To match is then one look for each character.

use super::program::{Instruction, Program};
use super::set::Set;
use super::threads::{Place, Threads, is_word};

/// The most cells of a table, and the most looks at instructions and sets that it may take to make one.
const MAX_CELLS: usize = 1 << 14;
const MAX_WORK: u64 = 1 << 17;

/// Rows begin after these two, which are no rows.
const DEAD: u16 = 0;
const MATCHED: u16 = 1;
const FIRST_ROW: u16 = 2;

/// The class of the end of the text. Those of characters follow.
const END: u8 = 0;

#[derive(Debug)]
pub(super) struct Table {
    classes: Classes,
    /// For each state a row, and in it for each class where the row of the next state begins.
    cells: Vec<u16>,
}

/// Characters that no set of the pattern tells apart are one class.
#[derive(Debug)]
struct Classes {
    ascii: [u8; 128],
    /// Where a range begins, in order, and its class.
    ranges: Vec<(u32, u8)>,
    /// Of each class, a character.
    examples: Vec<u32>,
}

impl Classes {
    /// `None` if there are too many.
    fn of(program: &Program) -> Option<Classes> {
        let word = program.code.contains(&Instruction::Boundary).then(Set::word);
        let sets: Vec<&Set> = program.sets.iter().map(|set| set.set()).chain(&word).collect();
        let mut begins: Vec<u32> = vec![0];
        for set in &sets {
            begins.extend(set.ranges().iter().flat_map(|&(first, last)| [first, last + 1]));
        }
        begins.sort_unstable();
        begins.dedup();
        if sets.len() > 128 || (sets.len() * begins.len()) as u64 > MAX_WORK {
            return None;
        }
        let mut known: Vec<u128> = Vec::new();
        let mut classes = Classes { ascii: [0; 128], ranges: Vec::new(), examples: Vec::new() };
        for begin in begins {
            let holds = sets.iter().rev().fold(0, |bits, set| bits << 1 | u128::from(set.contains(begin)));
            let at = known.iter().position(|other| *other == holds).unwrap_or_else(|| {
                known.push(holds);
                classes.examples.push(begin);
                known.len() - 1
            });
            let class = u8::try_from(at + 1).ok()?;
            if classes.ranges.last().is_none_or(|(_, before)| *before != class) {
                classes.ranges.push((begin, class));
            }
        }
        let ascii = std::array::from_fn(|code| classes.in_ranges(code as u32));
        Some(Classes { ascii, ..classes })
    }

    fn in_ranges(&self, code: u32) -> u8 {
        let after = self.ranges.partition_point(|&(begin, _)| begin <= code);
        after.checked_sub(1).and_then(|at| self.ranges.get(at)).map_or(END, |&(_, class)| class)
    }

    #[inline]
    fn class(&self, character: char) -> u8 {
        match self.ascii.get(character as usize) {
            Some(class) => *class,
            None => self.in_ranges(character.into()),
        }
    }
}

/// What tells states apart.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct State {
    live: Vec<u32>,
    first: bool,
    /// Only in a program with boundaries.
    after_word: bool,
}

impl State {
    fn of(threads: &Threads, first: bool, after_word: bool) -> State {
        let mut live = threads.live().to_vec();
        live.sort_unstable();
        State { live, first, after_word }
    }
}

/// Each state once, as they were found.
#[derive(Default)]
struct States {
    all: Vec<State>,
    /// Their places, in the order of the states.
    order: Vec<u16>,
}

impl States {
    fn place(&mut self, state: State) -> Option<usize> {
        let found = self.order.binary_search_by(|at| self.all.get(usize::from(*at)).cmp(&Some(&state)));
        match found {
            Ok(at) => self.order.get(at).copied().map(usize::from),
            Err(at) => {
                let place = self.all.len();
                self.order.insert(at, u16::try_from(place).ok()?);
                self.all.push(state);
                Some(place)
            }
        }
    }
}

impl Table {
    /// `None` if it would be large, or much work.
    pub(super) fn of(program: &Program, threads: &mut Threads) -> Option<Table> {
        let classes = Classes::of(program)?;
        let width = classes.examples.len() + 1;
        let bounded = program.code.contains(&Instruction::Boundary);
        threads.start(program);
        let mut states = States::default();
        states.place(State::of(threads, true, false))?;
        let mut cells = vec![DEAD, MATCHED];
        let mut work = 0;
        let mut reached = 0;
        while reached < states.all.len() {
            for class in 0..width {
                let state = states.all.get(reached)?;
                let next = class.checked_sub(1).and_then(|at| classes.examples.get(at)).copied();
                threads.stand(program, &state.live);
                let place = Place { first: state.first, after_word: state.after_word, next };
                let matched = threads.step(program, place);
                work += threads.work();
                if work > MAX_WORK || cells.len() > MAX_CELLS {
                    return None;
                }
                cells.push(match next {
                    _ if matched => MATCHED,
                    None => DEAD,
                    Some(_) if threads.live().is_empty() => DEAD,
                    Some(code) => {
                        let place = states.place(State::of(threads, false, bounded && is_word(code)))?;
                        u16::try_from(place * width).ok()?.checked_add(FIRST_ROW)?
                    }
                });
            }
            reached += 1;
        }
        Some(Table { classes, cells })
    }

    fn cell(&self, row: u16, class: u8) -> u16 {
        self.cells.get(usize::from(row) + usize::from(class)).copied().unwrap_or(DEAD)
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        let mut row = FIRST_ROW;
        for character in text.chars() {
            row = self.cell(row, self.classes.class(character));
            if row < FIRST_ROW {
                return row == MATCHED;
            }
        }
        self.cell(row, END) == MATCHED
    }
}
