//! The tables of Unicode are what the crates of Unicode's data say. `UPDATE_UNICODE=1 cargo test unicode` writes them.

use unicode_general_category::{GeneralCategory as Category, get_general_category};

use super::super::table::{ONE, TWO};
use super::same;

/// Records in a block.
const BLOCK: usize = 64;

/// Ranges of code points in the form that `table.rs` reads. A record is given how far it is from the one before in its
/// block, if there is one.
pub fn table<T>(
    ranges: &[(u32, u32, T)],
    mut record: impl FnMut(&mut Vec<u8>, Option<u32>, &(u32, u32, T)),
) -> Vec<u8> {
    let (mut heads, mut bytes) = (Vec::new(), Vec::new());
    for block in ranges.chunks(BLOCK) {
        let mut end = block[0].0;
        heads.extend_from_slice(&end.to_le_bytes()[..3]);
        heads.extend_from_slice(&u16::try_from(bytes.len()).unwrap().to_le_bytes());
        for (at, range) in block.iter().enumerate() {
            record(&mut bytes, if at == 0 { None } else { Some(range.0 - end) }, range);
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

/// The characters beyond ASCII that Unicode names, and some that it does not.
pub fn characters() -> impl Iterator<Item = char> {
    ('\u{80}'..='\u{33fff}').chain('\u{e0000}'..='\u{e0fff}')
}

/// Every run of code points with the same value.
pub fn runs(value: impl Fn(char) -> u32) -> Vec<(u32, u32, u32)> {
    let mut found: Vec<(u32, u32, u32)> = Vec::new();
    for one in characters().take_while(|one| *one < '\u{e0000}') {
        match (found.last_mut(), value(one)) {
            (Some((start, length, last)), value) if *last == value => *length = u32::from(one) - *start + 1,
            (_, value) => found.push((u32::from(one), 1, value)),
        }
    }
    found
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
    let mut last = 4;
    let bytes = table(&runs(|one| class(one).map_or(0, |class| class + 1)), |bytes, gap, (_, length, class)| {
        // No block begins with an enclosing mark.
        let change = (class + 4 - gap.map_or(4, |_| last)) % 5;
        assert!(change < 4);
        number(bytes, length * 4 + change);
        last = *class;
    });
    same("classes.bin", &bytes);
}
