//! Runs a program over a text, in all its places at once: a step for each character, and in a step each instruction
//! once at most.

use super::program::{Instruction, Program};

/// What is before or after the place between two characters.
pub(super) fn is_word(code: u32) -> bool {
    char::from_u32(code).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The place in the text that the threads have reached.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) first: bool,
    pub(super) after_word: bool,
    /// The character that follows. `None` at the end.
    pub(super) next: Option<u32>,
}

/// Instructions that are neither a split nor a jump, each once.
#[derive(Debug, Default)]
struct Live {
    list: Vec<u32>,
    /// For each instruction, the round that saw it last.
    seen: Vec<u32>,
    round: u32,
    /// How many that is.
    visited: u64,
}

impl Live {
    fn clear(&mut self, instructions: usize) {
        self.list.clear();
        self.visited = 0;
        self.round = self.round.wrapping_add(1);
        if self.round == 0 || self.seen.len() != instructions {
            self.seen.clear();
            self.seen.resize(instructions, 0);
            self.round = 1;
        }
    }

    /// Goes on from an instruction, over splits and jumps.
    fn follow(&mut self, program: &Program, from: u32, first: bool, open: &mut Vec<u32>) {
        open.push(from);
        while let Some(at) = open.pop() {
            match self.seen.get_mut(at as usize) {
                Some(round) if *round != self.round => *round = self.round,
                _ => continue,
            }
            self.visited += 1;
            match program.code.get(at as usize) {
                Some(Instruction::Split(way)) => open.extend([at.wrapping_add_signed(*way), at + 1]),
                Some(Instruction::Jump(way)) => open.push(at.wrapping_add_signed(*way)),
                Some(Instruction::Start) if !first => {}
                _ => self.list.push(at),
            }
        }
    }
}

/// Where a program stands. Room to be used again.
#[derive(Debug, Default)]
pub(super) struct Threads {
    now: Live,
    next: Live,
    open: Vec<u32>,
}

impl Threads {
    /// Before the first character.
    pub(super) fn start(&mut self, program: &Program) {
        self.now.clear(program.code.len());
        self.now.follow(program, 0, true, &mut self.open);
    }

    /// The instructions that wait for what follows.
    pub(super) fn live(&self) -> &[u32] {
        &self.now.list
    }

    /// The looks at instructions that the last step took.
    pub(super) fn work(&self) -> u64 {
        self.now.visited + self.next.visited
    }

    pub(super) fn stand(&mut self, program: &Program, live: &[u32]) {
        self.now.clear(program.code.len());
        for &at in live {
            self.now.follow(program, at, true, &mut self.open);
        }
    }

    /// Takes the next character, or the end. Returns whether the pattern has matched. A match may begin after the
    /// character, too.
    pub(super) fn step(&mut self, program: &Program, place: Place) -> bool {
        self.next.clear(program.code.len());
        let mut reached = 0;
        while let Some(&at) = self.now.list.get(reached) {
            reached += 1;
            let holds = match program.code.get(at as usize) {
                Some(Instruction::Set(set)) => {
                    let set = program.sets.get(*set as usize);
                    if set.zip(place.next).is_some_and(|(set, code)| set.contains(code)) {
                        self.next.follow(program, at + 1, false, &mut self.open);
                    }
                    false
                }
                Some(Instruction::Start) => place.first,
                Some(Instruction::End) => place.next.is_none(),
                Some(Instruction::Boundary) => place.after_word != place.next.is_some_and(is_word),
                Some(Instruction::Match) => return true,
                Some(Instruction::Split(_) | Instruction::Jump(_)) | None => false,
            };
            if holds {
                self.now.follow(program, at + 1, place.first, &mut self.open);
            }
        }
        self.next.follow(program, 0, false, &mut self.open);
        std::mem::swap(&mut self.now, &mut self.next);
        false
    }

    /// Each look at an instruction is a step. `None` if they are not enough.
    pub(super) fn is_match(&mut self, program: &Program, text: &str, steps: &mut u64) -> Option<bool> {
        self.start(program);
        let mut place = Place { first: true, after_word: false, next: None };
        for code in text.chars().map(u32::from) {
            *steps = steps.checked_sub(1 + self.now.visited)?;
            if self.step(program, Place { next: Some(code), ..place }) {
                return Some(true);
            }
            if self.live().is_empty() {
                return Some(false);
            }
            place = Place { first: false, after_word: is_word(code), next: None };
        }
        Some(self.step(program, place))
    }
}
