//! The general categories that RFC 5892 asks for, of Unicode 16.

use super::table::Table;

const CLASSES: Table = Table(include_bytes!("classes.bin"));

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

/// A record is a length, times four, and the class.
pub(super) fn class(one: char) -> Option<Class> {
    let code = u32::from(one);
    let mut records = CLASSES.block(code);
    while records.start()? <= code {
        let number = records.number()?;
        if code < records.pass(number / 4) {
            return Some(match number % 4 {
                0 => Class::Letter,
                1 => Class::Mark,
                2 => Class::SpacingMark,
                _ => Class::EnclosingMark,
            });
        }
    }
    None
}
