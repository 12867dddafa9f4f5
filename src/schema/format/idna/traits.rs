//! How characters run and join: the Bidi rule (RFC 5893, section 2) and CONTEXTJ (RFC 5892, appendix A.1 and A.2).

use super::super::classes::{self, Class};
use super::super::table::Table;
use super::composition::combining_class;

const TRAITS: Table = Table(include_bytes!("traits.bin"));

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Left,
    Right,
    /// `NSM`.
    Mark,
    ArabicNumber,
    EuropeanNumber,
    /// `ES`, `CS`, `ET`, `ON` or `BN`.
    Neutral,
}

#[derive(Clone, Copy, PartialEq)]
enum Joining {
    None,
    Both,
    Right,
    Left,
    Transparent,
}

/// The Bidi rule is for all labels of a name, if anything in it runs from right to left.
pub(super) fn directions_hold(labels: &[Vec<char>]) -> bool {
    let directions = || labels.iter().map(|label| label.iter().map(|one| traits(*one).0));
    let any = directions().flatten().any(|one| matches!(one, Direction::Right | Direction::ArabicNumber));
    !any || directions().all(|label| runs_one_way(&label.collect::<Vec<Direction>>()))
}

fn runs_one_way(label: &[Direction]) -> bool {
    let has = |wanted: Direction| label.contains(&wanted);
    let last = label.iter().rfind(|one| **one != Direction::Mark);
    match (label.first(), last) {
        (Some(Direction::Left), Some(Direction::Left | Direction::EuropeanNumber)) => {
            !has(Direction::Right) && !has(Direction::ArabicNumber)
        }
        (Some(Direction::Right), Some(Direction::Right | Direction::EuropeanNumber | Direction::ArabicNumber)) => {
            let numbers = has(Direction::EuropeanNumber) && has(Direction::ArabicNumber);
            !has(Direction::Left) && !numbers
        }
        _ => false,
    }
}

/// A joiner follows a virama, or, if it is a non-joiner, stands between letters that would join.
pub(super) fn joiners_hold(label: &[char]) -> bool {
    label.iter().enumerate().all(|(at, one)| match (*one, label.split_at_checked(at)) {
        ('\u{200c}' | '\u{200d}', Some((before, [_, after @ ..]))) => {
            let virama = before.last().is_some_and(|last| combining_class(*last) == 9);
            let joins = |one: Option<&char>, side: Joining| {
                one.is_some_and(|one| traits(*one).1 == side || traits(*one).1 == Joining::Both)
            };
            let letter = |one: &&char| traits(**one).1 != Joining::Transparent;
            let between = || {
                joins(before.iter().rfind(letter), Joining::Left) && joins(after.iter().find(letter), Joining::Right)
            };
            virama || (*one == '\u{200c}' && between())
        }
        _ => true,
    })
}

fn traits(one: char) -> (Direction, Joining) {
    listed(one).unwrap_or(match (classes::class(one), one) {
        (Some(Class::Mark), _) => (Direction::Mark, Joining::Transparent),
        (_, '0'..='9') => (Direction::EuropeanNumber, Joining::None),
        (_, '-' | '.') => (Direction::Neutral, Joining::None),
        (_, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}') => {
            (Direction::Right, Joining::None)
        }
        (_, '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}') => (Direction::Right, Joining::None),
        _ => (Direction::Left, Joining::None),
    })
}

/// What is not as the class and the block of a character make it. A record is a length and both traits.
fn listed(one: char) -> Option<(Direction, Joining)> {
    let code = u32::from(one);
    let mut records = TRAITS.block(code);
    while records.start()? <= code {
        let (length, both) = (records.number()?, records.number()?);
        if code < records.pass(length) {
            let direction = match both / 5 {
                0 => Direction::Left,
                1 => Direction::Right,
                2 => Direction::Mark,
                3 => Direction::ArabicNumber,
                4 => Direction::EuropeanNumber,
                _ => Direction::Neutral,
            };
            let joining = match both % 5 {
                0 => Joining::None,
                1 => Joining::Both,
                2 => Joining::Right,
                3 => Joining::Left,
                _ => Joining::Transparent,
            };
            return Some((direction, joining));
        }
    }
    None
}
