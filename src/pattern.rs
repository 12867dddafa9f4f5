//! A `pattern`: ECMA-262 with the `u` flag, without what cannot run in linear time. Whether it matches costs a step for
//! each character of the text, and a step is at most one look at each instruction of the pattern.

mod count;
mod parse;
#[cfg(test)]
mod peer;
mod program;
mod set;
mod table;
mod threads;
mod unicode;

use std::sync::Mutex;

use count::Count;
use parse::Read;
use program::Program;
use table::Table;
use threads::Threads;

pub(crate) use program::Unfit;

/// To count characters, or to look each up in a table, is quicker than other steps.
const BYTES_IN_A_STEP: u64 = 8;

#[derive(Debug)]
pub(crate) struct Pattern(Matcher);

#[derive(Debug)]
enum Matcher {
    Count(Count),
    Table(Table),
    Threads {
        program: Program,
        /// Room to run in, kept for the next text.
        threads: Mutex<Threads>,
    },
}

impl Pattern {
    pub(crate) fn compile(text: &str) -> Result<Pattern, Unfit> {
        let program = match parse::read(text)? {
            Read::Count(count) => return Ok(Pattern(Matcher::Count(count))),
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
            Read::Count(count) => Pattern(Matcher::Count(count)),
            Read::Program(program) => Pattern(Matcher::Threads { program, threads: Mutex::default() }),
        })
    }

    /// Whether it matches anywhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let mut steps = u64::MAX;
        self.is_match_within(text, &mut steps).unwrap_or(false)
    }

    /// The same, and takes away the steps that it needs. `None` if they are not enough.
    pub(crate) fn is_match_within(&self, text: &str, steps: &mut u64) -> Option<bool> {
        let mut light = || {
            *steps = steps.checked_sub(1 + text.len() as u64 / BYTES_IN_A_STEP)?;
            Some(())
        };
        match &self.0 {
            Matcher::Count(count) => light().map(|()| count.is_match(text)),
            Matcher::Table(table) => light().map(|()| table.is_match(text)),
            Matcher::Threads { program, threads } => match threads.try_lock() {
                Ok(mut threads) => threads.is_match(program, text, steps),
                // Someone else is using the room.
                Err(_) => Threads::default().is_match(program, text, steps),
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use serde_json::Value;

    use super::{Matcher, Pattern, Unfit};

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

    fn steps(pattern: &str, text: &str) -> u64 {
        let mut left = u64::MAX;
        Pattern::compile(pattern).unwrap().is_match_within(text, &mut left).unwrap();
        u64::MAX - left
    }

    #[test]
    fn steps_grow_with_the_text_and_the_pattern_alone() {
        let text = |length: usize| "a".repeat(length);
        for pattern in ["(?:a?){40}b[ab]{20}c", "(?:a*)*b", "(?:(?:a+)+)+$b", "(?:a|a|aa)*[^a]{9}.{0,9}b", "a.{1,500}b"]
        {
            let (small, large) = (steps(pattern, &text(4000)), steps(pattern, &text(40_000)));
            assert!(large <= 11 * small, "{pattern}: {small} steps, then {large}");
            assert!(large <= 40_000 * 3 * 600, "{pattern}: {large}");
        }
        let slow = Pattern::without_table("a.{1,500}b").unwrap();
        let mut few = 100_000;
        assert_eq!(slow.is_match_within(&text(1000), &mut few), None);
        // A text that cannot match any more is not read to the end.
        few = 20;
        assert_eq!(Pattern::without_table("^b|^cd").unwrap().is_match_within(&text(1000), &mut few), Some(false));
        // The room is as before.
        assert!(slow.is_match("aab") && !slow.is_match("ab") && slow.is_match("xaxxxb"));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        for pattern in [
            "a{300000}",
            "(a{1000}){1000}",
            "(?:(?:(?:a{99}){99}){99}){99}",
            "x(?:.{0,4000000000})y",
            "(?:a{4294967295}){4294967295}",
            "(?:(?:a{0,500}){0,500})*[^]{1,9000}",
        ] {
            let refused = Pattern::compile(pattern);
            assert!(matches!(&refused, Err(Unfit::Beyond(why)) if why.contains("too large")), "{pattern}: {refused:?}");
        }
        assert!(Pattern::compile(&"[\\p{L}\\p{Emoji}]".repeat(400)).is_err());
        // What takes no character is no larger for being repeated, and one set is counted.
        for pattern in ["((){1000}){1000}", "(?:(?:^|$){999999}){999999}", "(?:a{0}){4000000000}b|(?:){9999999}"] {
            assert!(Pattern::compile(pattern).is_ok(), "{pattern}");
        }
        let counted = Pattern::compile("^.{2,4000000000}$").unwrap();
        assert_eq!(["", "é", "éa", "e\n"].map(|text| counted.is_match(text)), [false, false, true, false]);
        let counted = Pattern::compile("^a{2,3}$").unwrap();
        assert_eq!(
            ["a", "aa", "aaa", "aaaa", "aab"].map(|text| counted.is_match(text)),
            [false, true, true, false, false]
        );
    }

    #[test]
    fn what_is_repeated_is_counted_and_nothing_else() {
        for (pattern, text, expected) in [
            (r"^\d(?:)*$", "", false),
            (r"^\d(?:)*$", "12", false),
            ("(^a)*$", "b", true),
            ("(?:^a){2}$", "aa", false),
            ("^(?:)a*$", "b", false),
            ("^(a)*$", "aa", true),
        ] {
            assert_eq!(Pattern::compile(pattern).unwrap().is_match(text), expected, "{pattern} on {text:?}");
        }
    }

    /// What is not run here is a regular expression, too, to `"format": "regex"`.
    #[test]
    fn what_is_no_pattern_is_told_from_what_is_not_run() {
        for pattern in [r"\B", "a{1000000}", r"\p{Foo}", r"\p{Cs}", r"\uD83D", r"[\u{DC00}]"] {
            assert!(matches!(Pattern::compile(pattern), Err(Unfit::Beyond(_))), "{pattern}");
        }
        for pattern in ["(?=a)", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1", r"(?<n>a)\k<n>"] {
            assert!(matches!(Pattern::compile(pattern), Err(Unfit::Engine)), "{pattern}");
        }
        for pattern in ["(", "a{", "[z-a]", r"\a", r"\u{110000}", r"\c1", "^*", r"\pL", r"[\d-z]"] {
            assert!(matches!(Pattern::compile(pattern), Err(Unfit::Wrong(_))), "{pattern}");
        }
    }

    /// What is quick needs a table, and no room of its own.
    #[test]
    fn the_usual_patterns_have_a_table() {
        let usual = [
            r"^\d{4}-\d{2}$",
            "^(a|b|c)$",
            "^evt_[A-Za-z0-9]+$",
            "^evt_",
            "needle",
            r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
            "^[a-z][a-z0-9-]{0,1000}$",
            r"^\p{L}[\p{L}\p{M}' -]{0,99}$",
            "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
            r"\bfoo\b",
        ];
        for pattern in usual {
            assert!(matches!(Pattern::compile(pattern), Ok(Pattern(Matcher::Table(_)))), "{pattern}");
        }
        for pattern in ["^[a-z0-9_-]+$", "^[A-Z]{3}$", "^.{1,64}$", r"^\S*$"] {
            assert!(matches!(Pattern::compile(pattern), Ok(Pattern(Matcher::Count(_)))), "{pattern}");
        }
    }
}
