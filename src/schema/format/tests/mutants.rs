//! Strings near those of a list, the same from the same seed.

use super::Seeds;

pub struct Mutants<'a> {
    state: u64,
    seeds: &'a Seeds,
    pieces: Vec<&'static str>,
}

/// What is put in by preference: what the grammars tell apart.
const PIECES: &str = "\
    0 1 9 a f g l z A T Z P D W . .. - -- _ ~ : :: / // ? # [ ] @ ! $ & ' ( ) * + , ; = % %41 %4 %zz > < \" \
    \"\" \\ \\\" ^ ` { } | \u{7f} \u{80} xn-- XN-- 255 256 60 59 23 ~0 ~1 ~2 IPv6: ::1 1.2.3.4 v1. é \
    e\u{301} ß İ Ü ς Σ l·l · \u{375} β א ב \u{5f3} ا ب ٠ ۰ \u{200c} \u{200d} \u{94d} क क्\u{200d}ष ・ ァ ｱ 丈 \
    \u{f900} 。 ． ｡ ﬁ ½ ① ㎏ 𝕏 \u{ad} \u{300} \u{323} \u{488} \u{903} \u{640} \u{302e} 각 ᄀ ᅡ ᆨ \u{e000} \
    \u{fdd0} \u{ffff} \u{1fffe} \u{f0000} \u{e0001} \u{e1000} \u{fffd} 😀 ʰ Ⅷ ﷺ ﻻ 가 ㄱ ᾳ";

/// Those that are white space, or have some.
const SPACES: &[&str] = &[" ", " <", "\t", "\n", "\0", "\u{a0}"];

impl<'a> Mutants<'a> {
    pub fn new(seed: u64, seeds: &'a Seeds) -> Self {
        Mutants { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, seeds, pieces: PIECES.split(' ').collect() }
    }

    fn random(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.random() % count.max(1) as u64) as usize
    }

    fn seed(&mut self, name: &str) -> Vec<char> {
        let list = &self.seeds[name];
        list[self.below(list.len())].chars().collect()
    }

    /// A string of this format's list with up to four changes, most often one.
    pub fn next(&mut self, name: &str) -> String {
        let mut text = self.seed(name);
        for _ in 0..[0, 1, 1, 1, 1, 2, 3, 4][self.below(8)] {
            self.change(&mut text, name);
        }
        text.into_iter().collect()
    }

    fn change(&mut self, text: &mut Vec<char>, name: &str) {
        let at = self.below(text.len() + 1);
        let end = (at + 1 + self.below(4)).min(text.len());
        match self.below(12) {
            0..=2 => drop(text.splice(at..at, self.piece())),
            3..=4 => drop(text.splice(at..end, self.piece())),
            5 => drop(text.drain(at..end)),
            6 => text.truncate(at),
            7 => drop(text.drain(..at)),
            8 => {
                let (piece, times) = (text[at..end].to_vec(), 1 + self.below(70));
                text.splice(at..at, piece.repeat(times));
            }
            9 => {
                let other = self.seed(name);
                let from = self.below(other.len() + 1);
                text.splice(at.., other[from..].to_vec());
            }
            10 if at < end => text.swap(at, end - 1),
            _ if at < end => {
                let upper = self.below(2) == 0;
                let one = text[at];
                let cased: Vec<char> = if upper { one.to_uppercase().collect() } else { one.to_lowercase().collect() };
                text.splice(at..=at, cased);
            }
            _ => {}
        }
    }

    fn piece(&mut self) -> Vec<char> {
        match self.below(7) {
            0 => vec![self.any()],
            1 => vec![char::from(self.below(0x80) as u8)],
            2 => SPACES[self.below(SPACES.len())].chars().collect(),
            _ => {
                let at = self.below(self.pieces.len());
                self.pieces[at].chars().collect()
            }
        }
    }

    /// Any character, more often one of a script with rules of its own.
    fn any(&mut self) -> char {
        let (start, end) = [
            (0x80, 0x250),
            (0x2b0, 0x600),
            (0x300, 0x370),
            (0x590, 0x6f0),
            (0x1100, 0x1200),
            (0x1e00, 0x2000),
            (0x600, 0x900),
            (0x900, 0x1200),
            (0x1200, 0x2000),
            (0x2000, 0x3400),
            (0xa000, 0xb000),
            (0xf900, 0x10000),
            (0x10000, 0x12000),
            (0x1d400, 0x1f000),
            (0x2f800, 0x2fa20),
            (0, 0x110000),
        ][self.below(16)];
        char::from_u32(start + self.below((end - start) as usize) as u32).unwrap_or('\u{d7ff}')
    }

    /// Any string.
    pub fn noise(&mut self) -> String {
        let length = self.below(80);
        (0..length).flat_map(|_| self.piece()).collect()
    }
}
