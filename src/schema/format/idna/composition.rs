//! Normalization Form C, of characters that UTS 46 leaves as they are.

use std::sync::OnceLock;

use super::super::classes;
use super::super::table::{Records, Table};

const COMBINING: Table = Table(include_bytes!("combining.bin"));
/// Sorted by base, then by mark.
const COMPOSITES: &[u8] = include_bytes!("composites.bin");

pub(super) fn composed(text: Vec<char>) -> Vec<char> {
    if !text.iter().any(|one| may_join(*one)) {
        return text;
    }
    let mut apart = Vec::with_capacity(text.len());
    text.into_iter().for_each(|one| decompose(one, &mut apart));
    let mut found: Vec<char> = Vec::with_capacity(apart.len());
    // The character that others join, and the class of the last one that did not.
    let (mut starter, mut last) = (0, 0);
    for (one, class) in apart {
        let base = found.get_mut(starter).filter(|_| last == 0 || last < class);
        match base.and_then(|base| Some((pair(*base, one)?, base))) {
            Some((composite, base)) => *base = composite,
            None => {
                if class == 0 {
                    starter = found.len();
                }
                last = class;
                found.push(one);
            }
        }
    }
    found
}

/// Whether a character may join the one before it: a mark, a part of a Hangul syllable, or a vowel of Kirat Rai.
pub(in super::super) fn may_join(one: char) -> bool {
    classes::is_mark(one) || matches!(one, '\u{1161}'..='\u{11c2}' | '\u{16d67}')
}

/// Adds a character's parts in canonical order, each with its combining class.
fn decompose(one: char, apart: &mut Vec<(char, u8)>) {
    let last = match parts(one) {
        Some((base, mark)) => {
            decompose(base, apart);
            mark
        }
        None => one,
    };
    let class = combining_class(last);
    let after = match class {
        0 => None,
        _ => apart.iter().rposition(|(_, before)| *before <= class),
    };
    let at = if class == 0 { apart.len() } else { after.map_or(0, |after| after + 1) };
    apart.insert(at, (last, class));
}

/// The combining class of a character: 0 if it begins something.
pub(super) fn combining_class(one: char) -> u8 {
    find_class(u32::from(one)).unwrap_or(0)
}

/// A record is a length, times four, with one of three frequent classes, or the class.
fn find_class(code: u32) -> Option<u8> {
    let mut records = COMBINING.block(code);
    while records.start()? <= code {
        let number = records.number()?;
        let class = match number % 4 {
            0 => 230,
            1 => 220,
            2 => 9,
            _ => records.number()?,
        };
        if code < records.pass(number / 4) {
            return u8::try_from(class).ok();
        }
    }
    None
}

struct Composite {
    base: char,
    mark: char,
    whole: char,
}

fn composites() -> &'static [Composite] {
    static COMPOSITES_READ: OnceLock<Vec<Composite>> = OnceLock::new();
    COMPOSITES_READ.get_or_init(|| {
        let mut records = Records::of(COMPOSITES);
        let mut last = 0;
        let next = || {
            let base = records.start()?;
            let mark = records.target(0x300)?;
            last = records.target(last)?;
            Some(Composite { base: char::from_u32(base)?, mark: char::from_u32(mark)?, whole: char::from_u32(last)? })
        };
        std::iter::from_fn(next).collect()
    })
}

/// The syllables of Hangul are computed: of a leading consonant, a vowel and perhaps a trailing consonant.
const SYLLABLE: u32 = 0xac00;
const LEADING: u32 = 0x1100;
const VOWEL: u32 = 0x1161;
/// One before the first.
const TRAILING: u32 = 0x11a7;
const VOWELS: u32 = 21;
const TRAILINGS: u32 = 28;
const SYLLABLES: u32 = 19 * VOWELS * TRAILINGS;

fn parts(one: char) -> Option<(char, char)> {
    let code = u32::from(one);
    let (base, mark) = match code.checked_sub(SYLLABLE) {
        Some(index @ ..SYLLABLES) => match index % TRAILINGS {
            0 => (LEADING + index / TRAILINGS / VOWELS, VOWEL + index / TRAILINGS % VOWELS),
            trailing => (code - trailing, TRAILING + trailing),
        },
        _ => return composites().iter().find(|one| u32::from(one.whole) == code).map(|one| (one.base, one.mark)),
    };
    Some((char::from_u32(base)?, char::from_u32(mark)?))
}

fn pair(base: char, mark: char) -> Option<char> {
    let index = |one: char, first: u32, count: u32| u32::from(one).checked_sub(first).filter(|index| *index < count);
    if let (Some(leading), Some(vowel)) = (index(base, LEADING, 19), index(mark, VOWEL, VOWELS)) {
        return char::from_u32(SYLLABLE + (leading * VOWELS + vowel) * TRAILINGS);
    }
    match (index(base, SYLLABLE, SYLLABLES), index(mark, TRAILING, TRAILINGS)) {
        (Some(syllable), Some(trailing @ 1..)) if syllable % TRAILINGS == 0 => {
            char::from_u32(u32::from(base) + trailing)
        }
        _ => {
            let found = composites().binary_search_by_key(&(base, mark), |one| (one.base, one.mark)).ok()?;
            composites().get(found).map(|one| one.whole)
        }
    }
}
