//! A `pattern`: ECMA-262 with the `u` flag, without what cannot run in linear time. Whether it matches costs a step for
//! each character of the text, and a step is at most one look at each instruction of the pattern.

mod parse;
mod program;
mod set;
mod table;
mod threads;
mod unicode;

use std::sync::Mutex;

use parse::Read;
use program::Program;
use set::Asked;
use table::Table;
use threads::Threads;

pub(crate) use program::Unfit;

#[derive(Debug)]
pub(crate) struct Pattern(Matcher);

#[derive(Debug)]
enum Matcher {
    /// `^[set]{least,most}$`: the characters are counted.
    Count {
        set: Asked,
        least: u32,
        most: Option<u32>,
    },
    Table(Table),
    Threads {
        program: Program,
        threads: Mutex<Threads>,
    },
}

impl Pattern {
    pub(crate) fn compile(text: &str) -> Result<Pattern, Unfit> {
        let program = match parse::read(text)? {
            Read::Count { set, least, most } => return Ok(Pattern(Matcher::Count { set: set.into(), least, most })),
            Read::Program(program) => program,
        };
        let mut threads = Threads::default();
        Ok(Pattern(match Table::of(&program, &mut threads) {
            Some(table) => Matcher::Table(table),
            None => Matcher::Threads { program, threads: Mutex::new(threads) },
        }))
    }

    /// As if its table were too large.
    #[cfg(test)]
    pub(crate) fn without_table(text: &str) -> Result<Pattern, Unfit> {
        Ok(match parse::read(text)? {
            Read::Count { .. } => Pattern::compile(text)?,
            Read::Program(program) => Pattern(Matcher::Threads { program, threads: Mutex::default() }),
        })
    }

    /// Whether it matches anywhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match &self.0 {
            Matcher::Count { set, least, most } => {
                let mut count: u64 = 0;
                for character in text.chars() {
                    if !set.contains(character.into()) {
                        return false;
                    }
                    count += 1;
                }
                u64::from(*least) <= count && most.is_none_or(|most| count <= u64::from(most))
            }
            Matcher::Table(table) => table.is_match(text),
            // Someone else may be using the room.
            Matcher::Threads { program, threads } => match threads.try_lock() {
                Ok(mut threads) => threads.is_match(program, text),
                Err(_) => Threads::default().is_match(program, text),
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use serde_json::Value;

    use super::Pattern;

    /// Taken here and not with the `u` flag: without it, and to everyone, an escaped sign is the sign itself.
    const TAKEN: [&str; 3] = ["\\_", "\\:", "\\-"];

    /// A pattern there, and refused here: no string holds half of a surrogate pair.
    const REFUSED: [&str; 2] = ["\\uD83D", "[\\uD83D]"];

    /// `tests/it/patterns.js` asked Node.
    #[test]
    fn patterns_mean_what_node_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/patterns.json");
        let rows: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut answers = 0;
        for row in &rows {
            let pattern = row[0].as_str().unwrap();
            let (compiled, known) = (Pattern::compile(pattern), row[1].is_array());
            let Ok(compiled) = compiled else {
                assert!(!known || REFUSED.contains(&pattern), "{pattern:?} is refused: {compiled:?}");
                continue;
            };
            assert!(known || TAKEN.iter().any(|taken| pattern.contains(taken)), "{pattern:?} is taken");
            for (index, expected) in [(1, true), (2, false)] {
                for subject in row[index].as_array().into_iter().flatten() {
                    answers += 1;
                    let subject = subject.as_str().unwrap();
                    assert_eq!(compiled.is_match(subject), expected, "{pattern:?} on {subject:?}");
                }
            }
        }
        assert!(answers > 5000, "only {answers}");
    }
}
