//! The tables of `idna`: what UTS 46 maps, how characters combine, join and run, and what composes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use icu_normalizer::properties::{
    CanonicalCombiningClassMapBorrowed, CanonicalCompositionBorrowed, CanonicalDecompositionBorrowed, Decomposed,
};
use icu_normalizer::uts46::Uts46MapperBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::{BidiClass, JoiningType};

use super::super::idna::may_join;
use super::super::label;
use super::same;
use super::tables::{characters, class, number, table};

const UTS46: Uts46MapperBorrowed<'static> = Uts46MapperBorrowed::new();

/// What may be in a label once it is mapped, where no neighbour forbids it.
fn may_be_in_a_label(one: char) -> bool {
    match one {
        '\0'..='\x7f' => one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-' || one == '.',
        _ => label::may_be_in_one(one),
    }
}

fn mapped(one: char) -> String {
    UTS46.map_normalize(std::iter::once(one)).collect()
}

fn is_valid(one: char) -> bool {
    static VALID: LazyLock<BTreeSet<char>> = LazyLock::new(|| {
        let stays = |one: &char| UTS46.normalize_validate(std::iter::once(*one)).eq(std::iter::once(*one));
        ('\0'..='\x7f').chain(characters()).filter(|one| may_be_in_a_label(*one)).filter(stays).collect()
    });
    VALID.contains(&one)
}

/// What each character beyond ASCII becomes, unless it is itself or cannot be in a label anyway. What may be in a
/// label but is not allowed becomes U+FFFD.
fn mappings() -> BTreeMap<u32, Vec<u32>> {
    let beyond = characters().filter(|one| !is_valid(*one));
    let mapping = |one: char| {
        let target = mapped(one);
        match target.chars().all(may_be_in_a_label) {
            true => Some((u32::from(one), target.chars().map(u32::from).collect())),
            false => may_be_in_a_label(one).then(|| (u32::from(one), vec![0xfffd])),
        }
    };
    beyond.filter_map(mapping).collect()
}

/// A record of mappings: its first key, how many code points it spans, its kind and its targets.
type Mapping = (u32, u32, (u32, Vec<Vec<u32>>));

/// Each kind of record is told apart by the last three bits of its head; the others are the number of keys less one.
fn records() -> Vec<Mapping> {
    let all: Vec<(u32, Vec<u32>)> = mappings().into_iter().collect();
    let mut found: Vec<Mapping> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let rest = &all[at..];
        let (key, target) = (rest[0].0, &rest[0].1);
        let run = |step: u32, rise: u32| {
            let fits = |(index, (other, mapped)): (usize, &(u32, Vec<u32>))| {
                let index = index as u32;
                *other == key + index * step
                    && match rise {
                        0 => mapped == target,
                        _ => target.len() == 1 && mapped.len() == 1 && mapped[0] == target[0] + index * rise,
                    }
            };
            rest.iter().enumerate().take_while(|pair| fits(*pair)).count()
        };
        let (same, up, alternate) = (run(1, 0), run(1, 1), run(2, 2));
        let most = same.max(up).max(alternate);
        let list = 2 + target.len() as u32;
        let goes_on = match found.last_mut() {
            Some((start, length, (kind, targets))) if *kind == list && *start + *length == key => {
                Some((length, targets))
            }
            _ => None,
        };
        // A record costs about three bytes more than to go on with a list.
        let count = match goes_on {
            Some((length, targets)) if most < 4 && target.len() < 4 => {
                *length += 1;
                targets.push(target.clone());
                1
            }
            _ => {
                let (kind, count) = match most {
                    _ if most >= 2 && most == up => (0, up),
                    _ if most >= 2 && most == alternate => (1, alternate),
                    _ if most >= 2 || !(1..4).contains(&target.len()) => (2, same),
                    _ => (list, 1),
                };
                let span = if kind == 1 { count * 2 - 1 } else { count };
                found.push((key, span as u32, (kind, vec![target.clone()])));
                count
            }
        };
        at += count;
    }
    found
}

#[test]
fn unicode_mappings() {
    let mut last = 0;
    let bytes = table(&records(), |bytes, gap, (_, span, (kind, targets))| {
        number(bytes, gap.unwrap_or(0));
        let keys = if *kind == 1 { span.div_ceil(2) } else { *span };
        number(bytes, (keys - 1) * 8 + kind);
        last = gap.map_or(0, |_| last);
        if *kind == 2 {
            number(bytes, targets[0].len() as u32);
        }
        for target in targets.iter().flatten() {
            number(bytes, zigzag(*target, last));
            last = *target;
        }
    });
    same("idna/mappings.bin", &bytes);
}

fn zigzag(to: u32, from: u32) -> u32 {
    match to.checked_sub(from) {
        Some(up) => up * 2,
        None => (from - to) * 2 - 1,
    }
}

/// Ranges over what is valid: what is never asked for belongs to any range.
fn ranges_of_valid(value: impl Fn(char) -> u32) -> Vec<(u32, u32, u32)> {
    let mut found: Vec<(u32, u32, u32)> = Vec::new();
    let mut open = false;
    for one in characters().filter(|one| is_valid(*one)) {
        let value = value(one);
        match found.last_mut() {
            Some((start, length, last)) if open && *last == value => *length = u32::from(one) - *start + 1,
            _ if value != 0 => found.push((u32::from(one), 1, value)),
            _ => {}
        }
        open = value != 0;
    }
    found
}

#[test]
fn unicode_combining_classes() {
    let classes = CanonicalCombiningClassMapBorrowed::new();
    let class_of = |one| u32::from(classes.get_u8(one));
    assert!(characters().all(|one| class_of(one) == 0 || !is_valid(one) || may_join(one)));
    let bytes = table(&ranges_of_valid(class_of), |bytes, gap, (_, length, class)| {
        number(bytes, gap.unwrap_or(0));
        let often = [230, 220, 9].iter().position(|other| other == class);
        number(bytes, length * 4 + often.unwrap_or(3) as u32);
        if often.is_none() {
            number(bytes, *class);
        }
    });
    same("idna/combining.bin", &bytes);
}

/// The direction and the joining of a character, where they are not what its class and its block make them.
fn traits(one: char) -> u32 {
    let bidi = match CodePointMapData::<BidiClass>::new().get(one) {
        BidiClass::LeftToRight => 0,
        BidiClass::RightToLeft | BidiClass::ArabicLetter => 1,
        BidiClass::NonspacingMark => 2,
        BidiClass::ArabicNumber => 3,
        BidiClass::EuropeanNumber => 4,
        _ => 5,
    };
    let joining = match CodePointMapData::<JoiningType>::new().get(one) {
        JoiningType::DualJoining => 1,
        JoiningType::RightJoining => 2,
        JoiningType::LeftJoining => 3,
        JoiningType::Transparent => 4,
        _ => 0,
    };
    let usual = match (class(one), one) {
        (Some(1), _) => (2, 4),
        (
            _,
            '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}',
        ) => (1, 0),
        _ => (0, 0),
    };
    if (bidi, joining) == usual { 0 } else { 1 + bidi * 5 + joining }
}

#[test]
fn unicode_traits() {
    let bytes = table(&ranges_of_valid(traits), |bytes, gap, (_, length, value)| {
        number(bytes, gap.unwrap_or(0));
        number(bytes, *length);
        number(bytes, value - 1);
    });
    same("idna/traits.bin", &bytes);
}

#[test]
fn unicode_composites() {
    let (composition, decomposition) = (CanonicalCompositionBorrowed::new(), CanonicalDecompositionBorrowed::new());
    let valid = characters().filter(|one| is_valid(*one) && !('가'..='힣').contains(one));
    let mut pairs: Vec<(u32, u32, u32)> = Vec::new();
    for one in valid {
        if let Decomposed::Expansion(base, mark) = decomposition.decompose(one) {
            assert_eq!(composition.compose(base, mark), Some(one));
            assert!(is_valid(base) && is_valid(mark) && may_join(mark), "{one:?}");
            pairs.push((u32::from(base), u32::from(mark), u32::from(one)));
        }
    }
    pairs.sort();
    let (mut bytes, mut last) = (Vec::new(), (0, 0, 0));
    for (base, mark, one) in pairs {
        number(&mut bytes, base - last.0);
        number(&mut bytes, zigzag(mark, 0x300));
        number(&mut bytes, zigzag(one, last.2));
        last = (base, mark, one);
    }
    same("idna/composites.bin", &bytes);
}
