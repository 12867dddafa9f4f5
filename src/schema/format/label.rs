//! The label of an internationalised name: RFC 5892, with its contextual rules, but for those of the joiners that need
//! to know how letters join.

use super::classes;

pub(super) fn holds(label: &[char]) -> bool {
    let starts = label.first().is_none_or(|first| !classes::is_mark(*first));
    let places = label.iter().enumerate().all(|(at, one)| {
        let before = at.checked_sub(1).and_then(|at| label.get(at));
        may_stand(*one, before.copied(), label.get(at + 1).copied())
    });
    let any = |found: fn(char) -> bool| label.iter().any(|one| found(*one));
    let digits = any(|one| matches!(one, '\u{660}'..='\u{669}')) && any(|one| matches!(one, '\u{6f0}'..='\u{6f9}'));
    let lone_dot = any(|one| one == KATAKANA_DOT) && !any(|one| one != KATAKANA_DOT && is_kana_or_han(one));
    starts && places && !digits && !lone_dot
}

const KATAKANA_DOT: char = '\u{30fb}';

fn is_kana_or_han(one: char) -> bool {
    matches!(one, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

/// Whether a character beyond ASCII may be in a label, between neighbours that allow it.
pub(super) fn may_be_in_one(one: char) -> bool {
    match one {
        // Section 2.6: DISALLOWED, whatever its class is.
        '\u{640}' | '\u{7fa}' | '\u{302e}' | '\u{302f}' | '\u{3031}'..='\u{3035}' | '\u{303b}' => false,
        // Section 2.6: PVALID, and appendix A: CONTEXTJ and CONTEXTO, whatever their classes are.
        '\u{b7}' | '\u{375}' | '\u{5f3}' | '\u{5f4}' | '\u{6fd}' | '\u{6fe}' | '\u{f0b}' | '\u{200c}' | '\u{200d}'
        | '\u{3007}' => true,
        _ => is_kana_or_han(one) || classes::is_letter_mark_or_digit(one),
    }
}

/// Whether a character may stand between these two.
fn may_stand(one: char, before: Option<char>, after: Option<char>) -> bool {
    match one {
        '\0'..='\x7f' => true,
        // Appendix A.2: zero width joiner.
        '\u{200d}' => before.is_some_and(is_virama),
        // A.3: middle dot.
        '\u{b7}' => before == Some('l') && after == Some('l'),
        // A.4: Greek keraia.
        '\u{375}' => matches!(after, Some('\u{370}'..='\u{3ff}')),
        // A.5 and A.6: geresh and gershayim.
        '\u{5f3}' | '\u{5f4}' => matches!(before, Some('\u{590}'..='\u{5ff}')),
        _ => may_be_in_one(one),
    }
}

fn is_virama(one: char) -> bool {
    VIRAMAS.contains(&u32::from(one))
}

/// Characters of the combining class Virama.
const VIRAMAS: [u32; 50] = [
    0x94d, 0x9cd, 0xa4d, 0xacd, 0xb4d, 0xbcd, 0xc4d, 0xccd, 0xd4d, 0xdca, 0xe3a, 0xf84, 0x1039, 0x1714, 0x1734, 0x17d2,
    0x1a60, 0x1b44, 0x1baa, 0x1bf2, 0x1bf3, 0x2d7f, 0xa806, 0xa8c4, 0xa953, 0xabed, 0x10a3f, 0x11046, 0x1107f, 0x110b9,
    0x11133, 0x111c0, 0x11235, 0x112ea, 0x1134d, 0x11442, 0x114c2, 0x115bf, 0x1163f, 0x116b6, 0x1172b, 0x11839,
    0x119e0, 0x11a34, 0x11a47, 0x11a99, 0x11c3f, 0x11d44, 0x11d45, 0x11d97,
];
