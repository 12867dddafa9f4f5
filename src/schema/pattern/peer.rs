//! Our own engine against the one that runs patterns today: generated patterns on generated texts.

use jsonschema::{PatternOptions, Validator};
use serde_json::{Value, json};

use super::{Unfit, translated};
use crate::pattern::{Pattern, Unfit as OwnUnfit};

const SUBJECTS: usize = 10;

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 32) as usize * end) >> 32
    }

    /// One of the words.
    fn pick<'a>(&mut self, words: &'a str) -> &'a str {
        words.split(' ').nth(self.below(words.split(' ').count())).unwrap()
    }

    fn letter(&mut self) -> char {
        let few = "ab01_- éλ中😀";
        let many = "zAZ9.K\t\n\r\u{b}\u{c}\u{a0}\u{85}\u{1680}\u{2028}\u{2029}\u{feff}\u{180e}\0\u{1}\u{7f}٣ſßǅⅣ々ヶ한\u{300}\u{10ffff}]^&~/k";
        let list = if self.below(4) > 0 { few } else { many };
        list.chars().nth(self.below(list.chars().count())).unwrap()
    }
}

const ATOMS: &str = concat!(
    r"a b ab é 中 0 _ - a b 0 . . \d \D \w \W \s \S \n \t \0 \cA \x41 \u0062 \u{1F600} \uD83D\uDE00 \/ \. \- [^] [] [ab] ",
    r"\p{L} \P{Lu} \p{Script=Greek} \p{scx=Hira} \p{Alphabetic} \P{Emoji} \p{digit}",
);
const QUANTIFIERS: &str = "* + ? {2} {1,} {0,2} {3,5} {0} *? +? ?? {1,2}?";
const NO_QUANTIFIERS: &str = "** {2,1} {,2} { +* }";
const RANGES: &str = r"a-z 0-9 A-Z \x00-\x1f \u{0}-\u{10FFFF} é-λ !-~ +-- z-a \d-z a-\w \u{e000}-\u{ffff}";
const ITEMS: &str = r"\d \w \s \W \S \D \b \- \] - \cA && ~~ [ \p{Ll} \P{Han}";
/// No patterns, or none here.
const ODD: &str = concat!(
    r"(?=a) (?!a) (?<=a) (?<!a) \1 \k<a> \B (?i)a (?P<n>a) \A \z \a \h \x{41} \u{110000} \uD83D \c1 \x4 \p{} \p{Foo} ",
    r"{2} ) ( [ \",
);

fn class(random: &mut Random) -> String {
    let mut class = String::from(random.pick("[ [ [^"));
    for _ in 0..random.below(4) {
        match random.below(3) {
            0 => class.push_str(random.pick(RANGES)),
            1 => class.push_str(random.pick(ITEMS)),
            _ => class.push(random.letter()),
        }
    }
    class + "]"
}

fn alternatives(random: &mut Random, depth: usize) -> String {
    let mut text = String::new();
    for alternative in 0..=usize::from(random.below(4) == 0) + usize::from(random.below(8) == 0) {
        if alternative > 0 {
            text.push('|');
        }
        for _ in 0..random.below(4) + usize::from(depth == 0) {
            let mut repeats = true;
            match random.below(24) {
                kind @ 0..7 => {
                    text.push_str(["^", "^", "^", "$", "$", r"\b", r"\b"][kind]);
                    repeats = random.below(30) == 0;
                }
                7..11 => text.push_str(&class(random)),
                11..15 if depth < 4 => {
                    text.push_str(random.pick("( (?: (?<name>"));
                    text.push_str(&alternatives(random, depth + 1));
                    text.push(')');
                }
                15 => text.push(random.letter()),
                16 if random.below(6) == 0 => text.push_str(random.pick(ODD)),
                _ => text.push_str(random.pick(ATOMS)),
            }
            match random.below(40) {
                _ if !repeats => {}
                0 => text.push_str(random.pick(NO_QUANTIFIERS)),
                1..24 => text.push_str(random.pick(QUANTIFIERS)),
                _ => {}
            }
        }
    }
    text
}

fn subject(random: &mut Random) -> String {
    let most = if random.below(8) == 0 { 40 } else { 6 };
    let length = random.below(most);
    let one = random.letter();
    let same = random.below(6) == 0;
    (0..length).map(|_| if same { one } else { random.letter() }).collect()
}

/// What ran patterns before.
fn peer(pattern: &str) -> Result<Validator, String> {
    let text = match translated(pattern) {
        Ok(text) => text,
        Err(Unfit::Engine) => return Err("engine".into()),
        Err(Unfit::Wrong(why)) => return Err(why),
    };
    let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
    options.build(&json!({ "pattern": text })).map_err(|_| "refused".into())
}

/// `PATTERN_ROUNDS=100000 PATTERN_SEED=7 cargo test --lib a_pattern_means_what_jsonschema_says` tries others.
#[test]
fn a_pattern_means_what_jsonschema_says() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse::<u64>().unwrap());
    let mut random = Random(number("PATTERN_SEED", 20_261_130).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut matched, mut unmatched, mut refused) = (0, 0, 0);
    for _ in 0..number("PATTERN_ROUNDS", 5_000) {
        let pattern = alternatives(&mut random, 0);
        let (own, peer) = match (Pattern::compile(&pattern), peer(&pattern)) {
            (Ok(own), Ok(peer)) => (own, peer),
            (Err(own), Err(peer)) => {
                let own = match own {
                    OwnUnfit::Engine => "engine".into(),
                    OwnUnfit::Wrong(why) => why,
                };
                // The peer reads to the end before it looks for the property.
                assert!(own == peer || own.contains(r"`\p{Foo}`"), "{pattern:?}: {own}, and {peer}");
                refused += 1;
                continue;
            }
            (own, peer) => panic!("{pattern:?}: {own:?}, and the peer says {:?}", peer.err()),
        };
        for _ in 0..SUBJECTS {
            let subject = subject(&mut random);
            let is_match = own.is_match(&subject);
            assert_eq!(is_match, peer.is_valid(&Value::String(subject.clone())), "{pattern:?} on {subject:?}");
            *if is_match { &mut matched } else { &mut unmatched } += 1;
        }
    }
    println!("{matched} match, {unmatched} do not, {refused} patterns refused");
    assert!(matched > 3 * refused && unmatched > 3 * refused);
}
