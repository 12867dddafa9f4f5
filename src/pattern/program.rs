//! A pattern as a program for a machine that is in several places at once.

use super::set::{Asked, Set};

/// Why a pattern cannot be run.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// Look-around and back-references.
    Engine,
    /// A pattern of ECMA-262 that is not run here for another reason.
    Beyond(String),
    /// No pattern of ECMA-262.
    Wrong(String),
}

/// The most instructions of a program: a repetition with a count is written out.
const MAX_INSTRUCTIONS: u64 = 1 << 18;

/// The most ranges of characters that the sets of a pattern have together.
const MAX_RANGES: usize = 1 << 18;

/// Jumps are relative, so that a part can be moved and copied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Instruction {
    /// Goes on if the next character is in this set.
    Set(u32),
    /// Goes on here and there.
    Split(i32),
    Jump(i32),
    Start,
    End,
    /// Goes on between a word character and one that is none.
    Boundary,
    Match,
}

#[derive(Debug)]
pub(super) struct Program {
    pub(super) code: Vec<Instruction>,
    pub(super) sets: Vec<Asked>,
}

#[derive(Default)]
pub(super) struct Writer {
    code: Vec<Instruction>,
    /// In the order of the instructions, with repetitions.
    sets: Vec<Set>,
    ranges: usize,
}

/// A group that is being written, or the whole.
pub(super) struct Group {
    start: usize,
    /// Where its last alternative starts.
    alternative: usize,
    /// The jumps at the ends of the others.
    exits: Vec<usize>,
}

fn too_large() -> Unfit {
    Unfit::Beyond("it is too large: its counts, written out, are more than a program may hold".into())
}

/// The way from one instruction to another.
fn way(from: usize, to: usize) -> i32 {
    // Both are at most `MAX_INSTRUCTIONS`.
    i32::try_from(to).unwrap_or(i32::MAX) - i32::try_from(from).unwrap_or(i32::MAX)
}

impl Writer {
    pub(super) fn at(&self) -> usize {
        self.code.len()
    }

    pub(super) fn push(&mut self, instruction: Instruction) -> Result<(), Unfit> {
        self.code.push(instruction);
        if self.code.len() as u64 > MAX_INSTRUCTIONS { Err(too_large()) } else { Ok(()) }
    }

    /// A set that becomes part of the program.
    pub(super) fn counted<'s>(&mut self, set: &'s Set) -> Result<&'s Set, Unfit> {
        self.ranges += set.ranges().len();
        if self.ranges > MAX_RANGES { Err(too_large()) } else { Ok(set) }
    }

    pub(super) fn set(&mut self, set: Set) -> Result<(), Unfit> {
        self.counted(&set)?;
        let index = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(set);
        self.push(Instruction::Set(index))
    }

    /// What was written since `start`, if that is a set, and `^` alone is before it.
    pub(super) fn set_after_start(&self, start: usize) -> Option<&Set> {
        match self.code.as_slice() {
            [Instruction::Start, Instruction::Set(set)] if start == 1 => self.sets.get(*set as usize),
            _ => None,
        }
    }

    pub(super) fn open(&self) -> Group {
        Group { start: self.at(), alternative: self.at(), exits: Vec::new() }
    }

    /// At `|`.
    pub(super) fn or(&mut self, group: &mut Group) -> Result<(), Unfit> {
        self.code.insert(group.alternative, Instruction::Split(way(group.alternative, self.at() + 2)));
        group.exits.push(self.at());
        self.push(Instruction::Jump(0))?;
        group.alternative = self.at();
        Ok(())
    }

    /// Returns where the group starts.
    pub(super) fn close(&mut self, group: Group) -> usize {
        let end = self.at();
        for exit in group.exits {
            if let Some(jump) = self.code.get_mut(exit) {
                *jump = Instruction::Jump(way(exit, end));
            }
        }
        group.start
    }

    /// Repeats what was written since `start`.
    pub(super) fn repeat(&mut self, start: usize, least: u32, most: Option<u32>) -> Result<(), Unfit> {
        let body: Vec<Instruction> = self.code.get(start..).unwrap_or_default().to_vec();
        // What takes no character holds once or as often as one likes.
        if !body.iter().any(|instruction| matches!(instruction, Instruction::Set(_))) {
            if least == 0 {
                self.code.truncate(start);
            }
            return Ok(());
        }
        // Written once at least, before it is repeated or left out; an optional copy has a split.
        let (copies, length) = (u64::from(least.max(1)), body.len() as u64);
        let optional = u64::from(most.unwrap_or(least) - least);
        let more = copies.saturating_mul(length).saturating_add(optional.saturating_mul(length + 1));
        if start as u64 + more > MAX_INSTRUCTIONS {
            return Err(too_large());
        }
        match most {
            None if least == 0 => {
                self.code.insert(start, Instruction::Split(way(start, self.at() + 2)));
                self.push(Instruction::Jump(way(self.at(), start)))?;
            }
            None => {
                (1..least).for_each(|_| self.code.extend_from_slice(&body));
                self.push(Instruction::Split(way(body.len(), 0)))?;
            }
            Some(most) => {
                self.code.truncate(start);
                (0..least).for_each(|_| self.code.extend_from_slice(&body));
                let end = self.at() + (most - least) as usize * (body.len() + 1);
                for _ in least..most {
                    self.push(Instruction::Split(way(self.at(), end)))?;
                    self.code.extend_from_slice(&body);
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Program, Unfit> {
        self.push(Instruction::Match)?;
        let mut order: Vec<(Set, usize)> = self.sets.into_iter().zip(0..).collect();
        order.sort_unstable();
        let mut sets: Vec<Asked> = Vec::new();
        let mut places = vec![0; order.len()];
        for (set, index) in order {
            if sets.last().is_none_or(|last| *last.set() != set) {
                sets.push(set.into());
            }
            if let Some(place) = places.get_mut(index) {
                *place = u32::try_from(sets.len()).unwrap_or(u32::MAX) - 1;
            }
        }
        for instruction in &mut self.code {
            if let Instruction::Set(set) = instruction {
                *set = places.get(*set as usize).copied().unwrap_or_default();
            }
        }
        Ok(Program { code: self.code, sets })
    }
}
