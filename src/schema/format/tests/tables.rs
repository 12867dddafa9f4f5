//! The tables of Unicode are what the crates of Unicode's data say. `UPDATE_UNICODE=1 cargo test unicode` writes them.

use std::path::Path;

use unicode_general_category::{GeneralCategory as Category, get_general_category};

use super::super::table::{ONE, TWO};

/// Records in a block.
const BLOCK: usize = 64;

/// Ranges of code points, each with its value as bytes, in the form that `table.rs` reads.
pub fn table<T>(ranges: &[(u32, u32, T)], mut record: impl FnMut(&mut Vec<u8>, bool, &(u32, u32, T))) -> Vec<u8> {
    let (mut heads, mut bytes) = (Vec::new(), Vec::new());
    for block in ranges.chunks(BLOCK) {
        let mut end = block[0].0;
        heads.extend_from_slice(&end.to_le_bytes()[..3]);
        heads.extend_from_slice(&u16::try_from(bytes.len()).unwrap().to_le_bytes());
        for (at, range) in block.iter().enumerate() {
            number(&mut bytes, range.0 - end);
            record(&mut bytes, at == 0, range);
            end = range.0 + range.1;
        }
    }
    let count = u16::try_from(heads.len() / 5).unwrap();
    [&count.to_le_bytes()[..], &heads, &bytes].concat()
}

pub fn number(bytes: &mut Vec<u8>, number: u32) {
    let one = u32::from(ONE);
    let two = one + u32::from(TWO - ONE) * 256;
    if number < one {
        bytes.push(number as u8);
    } else if number < two {
        bytes.extend([ONE + ((number - one) >> 8) as u8, (number - one) as u8]);
    } else {
        assert!(number >> 16 < u32::from(0xff - TWO) + 1);
        bytes.extend([TWO + (number >> 16) as u8, (number >> 8) as u8, number as u8]);
    }
}

/// Every run of code points with the same value.
pub fn ranges<T: Copy + PartialEq>(value: impl Fn(char) -> Option<T>) -> Vec<(u32, u32, T)> {
    let mut found: Vec<(u32, u32, T)> = Vec::new();
    for one in '\u{80}'..=char::MAX {
        let Some(value) = value(one) else { continue };
        match found.last_mut() {
            Some((start, length, last)) if *last == value && *start + *length == u32::from(one) => *length += 1,
            _ => found.push((u32::from(one), 1, value)),
        }
    }
    found
}

pub fn same(name: &str, bytes: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/format").join(name);
    if std::env::var_os("UPDATE_UNICODE").is_some() {
        std::fs::write(&path, bytes).unwrap();
    }
    let kept = std::fs::read(&path).unwrap();
    assert!(kept == bytes, "{name} is not what Unicode's data says: UPDATE_UNICODE=1 cargo test unicode");
}

pub fn class(one: char) -> Option<u32> {
    match get_general_category(one) {
        Category::UppercaseLetter
        | Category::LowercaseLetter
        | Category::TitlecaseLetter
        | Category::ModifierLetter
        | Category::OtherLetter
        | Category::DecimalNumber => Some(0),
        Category::NonspacingMark => Some(1),
        Category::SpacingMark => Some(2),
        Category::EnclosingMark => Some(3),
        _ => None,
    }
}

#[test]
fn unicode_classes() {
    let bytes = table(&ranges(class), |bytes, _, (_, length, class)| number(bytes, length * 4 + class));
    same("classes.bin", &bytes);
}
