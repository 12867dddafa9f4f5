//! What UTS 46 makes of each character before it looks at labels: capitals become small, wide forms narrow.

use super::super::hostname::LONGEST_NAME;
use super::super::label;
use super::super::table::Table;

const MAPPINGS: Table = Table(include_bytes!("mappings.bin"));

/// Four characters at most become one when they are composed.
const LONGEST: usize = LONGEST_NAME * 4;

/// `None` if it is too long, or has a character that no label may have.
pub(super) fn mapped(name: &str) -> Option<Vec<char>> {
    let mut found = Vec::new();
    for one in name.chars() {
        if !map(one, &mut found) {
            match one.to_ascii_lowercase() {
                one if stands_for_itself(one) => found.push(one),
                _ => return None,
            }
        }
        if found.len() > LONGEST || found.last() == Some(&char::REPLACEMENT_CHARACTER) {
            return None;
        }
    }
    Some(found)
}

/// Whether a character is left as it is.
pub(super) fn stays(one: char) -> bool {
    stands_for_itself(one) && !map(one, &mut Vec::new())
}

/// Where nothing is mapped.
fn stands_for_itself(one: char) -> bool {
    match one {
        'a'..='z' | '0'..='9' | '-' | '.' => true,
        _ => !one.is_ascii() && label::may_be_in_one(one),
    }
}

/// Adds what a character becomes, if that is not itself. One that is not allowed becomes U+FFFD.
fn map(one: char, found: &mut Vec<char>) -> bool {
    !one.is_ascii() && targets(u32::from(one), found).is_some()
}

/// The kinds of a record, which are the last three bits of its head: the others are the number of keys less one.
const RUN: u32 = 0;
const EVERY_SECOND: u32 = 1;
const SAME: u32 = 2;

fn targets(code: u32, found: &mut Vec<char>) -> Option<()> {
    let mut records = MAPPINGS.block(code);
    let mut last = 0;
    loop {
        let start = records.start()?;
        let at = code.checked_sub(start)?;
        let head = records.number()?;
        let (kind, keys) = (head % 8, head / 8 + 1);
        // How many targets follow, for how many keys each has one, and how many characters that is.
        let (listed, width) = match kind {
            RUN | EVERY_SECOND => (1, 1),
            SAME => (1, records.number()?),
            kind => (keys, kind - 2),
        };
        let span = if kind == EVERY_SECOND { keys * 2 - 1 } else { keys };
        let step = if kind == EVERY_SECOND { 2 } else { 1 };
        let inside = at < span && at % step == 0;
        let wanted = if listed == 1 { 0 } else { at };
        let rise = if kind <= EVERY_SECOND { at } else { 0 };
        for index in 0..listed {
            for _ in 0..width {
                last = records.target(last)?;
                if inside && index == wanted {
                    found.push(char::from_u32(last + rise)?);
                }
            }
        }
        if inside {
            return Some(());
        }
        records.pass(span);
    }
}
