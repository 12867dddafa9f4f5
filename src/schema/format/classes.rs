//! The general categories that RFC 5892 asks for, of Unicode 16.

use std::ops::RangeInclusive;

use super::table::Table;

const CLASSES: Table = Table(include_bytes!("classes.bin"));

/// Selectors of variations, which are marks far from all others: not in the table.
const VARIATIONS: RangeInclusive<char> = '\u{e0100}'..='\u{e01ef}';

/// What RFC 5892 calls LetterDigits (section 2.1), and what may not begin a label.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Class {
    /// A letter or a decimal digit: `Lu`, `Ll`, `Lt`, `Lm`, `Lo`, `Nd`.
    Letter,
    /// `Mn`.
    Mark,
    /// `Mc`.
    SpacingMark,
    /// `Me`, which is no part of a label.
    EnclosingMark,
}

pub(super) fn is_mark(one: char) -> bool {
    matches!(class(one), Some(Class::Mark | Class::SpacingMark | Class::EnclosingMark))
}

pub(super) fn is_letter_mark_or_digit(one: char) -> bool {
    matches!(class(one), Some(Class::Letter | Class::Mark | Class::SpacingMark))
}

/// Each record is a run of code points: its length, times four, and how many classes on it is from the run before. The
/// first of a block is as if after an enclosing mark.
pub(super) fn class(one: char) -> Option<Class> {
    if VARIATIONS.contains(&one) {
        return Some(Class::Mark);
    }
    let code = u32::from(one);
    let mut records = CLASSES.block(code);
    let mut class = 4;
    loop {
        let number = records.number()?;
        class = (class + 1 + number % 4) % 5;
        if code < records.pass(number / 4) {
            break;
        }
    }
    match class {
        1 => Some(Class::Letter),
        2 => Some(Class::Mark),
        3 => Some(Class::SpacingMark),
        4 => Some(Class::EnclosingMark),
        _ => None,
    }
}
