//! Regular expressions as ECMA-262 has them, without what no automaton can do and without the tables of Unicode: what is
//! not read here is left to the caller's validator.

use std::collections::BTreeSet;

/// The largest program and the deepest nesting.
const MOST_STEPS: usize = 3_000;
const DEEPEST: usize = 40;
const LAST: u32 = 0x10_FFFF;

/// From and to, both included.
pub(crate) type Range = (u32, u32);

enum Tree {
    Set(Vec<Range>),
    Join(Vec<Tree>),
    Either(Vec<Tree>),
    Repeat(Box<Tree>, usize, Option<usize>),
    Start,
    End,
}

#[derive(Debug)]
enum Step {
    Set(Vec<Range>, usize),
    Either(Vec<usize>),
    Start(usize),
    End(usize),
    Match,
}

/// A program of steps; step 0 is the match.
#[derive(Debug)]
pub(crate) struct Pattern {
    steps: Vec<Step>,
    entry: usize,
}

/// Where a run stands: the steps that wait for a character or for the end, and whether it has matched already.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Standing {
    waiting: Vec<usize>,
    pub(crate) matched: bool,
}

impl Standing {
    /// No text from here on will match.
    pub(crate) fn is_dead(&self) -> bool {
        !self.matched && self.waiting.is_empty()
    }
}

impl Pattern {
    /// `None`: not modelled, or no regular expression.
    pub(crate) fn read(text: &str) -> Option<Pattern> {
        let characters: Vec<char> = text.chars().collect();
        let mut reader = Reader { characters: &characters, next: 0, depth: 0 };
        let tree = reader.either()?;
        if reader.next < characters.len() {
            return None;
        }
        let mut pattern = Pattern { steps: vec![Step::Match], entry: 0 };
        pattern.entry = pattern.compiled(&tree, 0)?;
        Some(pattern)
    }

    /// Exactly one text.
    pub(crate) fn literal(text: &str) -> Option<Pattern> {
        let set = |character| Tree::Set(vec![(u32::from(character), u32::from(character))]);
        let inner = text.chars().map(set);
        let tree = Tree::Join([Tree::Start].into_iter().chain(inner).chain([Tree::End]).collect());
        let mut pattern = Pattern { steps: vec![Step::Match], entry: 0 };
        pattern.entry = pattern.compiled(&tree, 0)?;
        Some(pattern)
    }

    fn put(&mut self, step: Step) -> Option<usize> {
        self.steps.push(step);
        (self.steps.len() <= MOST_STEPS).then_some(self.steps.len() - 1)
    }

    /// The entry of a tree that goes on at `next`.
    fn compiled(&mut self, tree: &Tree, next: usize) -> Option<usize> {
        match tree {
            Tree::Set(ranges) => self.put(Step::Set(ranges.clone(), next)),
            Tree::Start => self.put(Step::Start(next)),
            Tree::End => self.put(Step::End(next)),
            Tree::Join(parts) => parts.iter().rev().try_fold(next, |next, part| self.compiled(part, next)),
            Tree::Either(parts) => {
                let entries = parts.iter().map(|part| self.compiled(part, next)).collect::<Option<Vec<_>>>()?;
                self.put(Step::Either(entries))
            }
            Tree::Repeat(inner, least, most) => {
                let mut entry = next;
                match most {
                    None => {
                        let again = self.put(Step::Either(vec![next]))?;
                        let body = self.compiled(inner, again)?;
                        if let Some(Step::Either(ways)) = self.steps.get_mut(again) {
                            ways.push(body);
                        }
                        entry = again;
                    }
                    Some(most) => {
                        for _ in *least..*most {
                            let body = self.compiled(inner, entry)?;
                            entry = self.put(Step::Either(vec![next, body]))?;
                        }
                    }
                }
                (0..*least).try_fold(entry, |entry, _| self.compiled(inner, entry))
            }
        }
    }

    /// Follows the steps that take no character.
    fn settle(&self, from: impl IntoIterator<Item = usize>, at_start: bool, at_end: bool) -> Standing {
        let mut todo: Vec<usize> = from.into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut standing = Standing::default();
        while let Some(step) = todo.pop() {
            if !seen.insert(step) {
                continue;
            }
            match self.steps.get(step) {
                Some(Step::Match) => standing.matched = true,
                Some(Step::Either(ways)) => todo.extend(ways),
                Some(Step::Start(next)) if at_start => todo.push(*next),
                Some(Step::End(next)) if at_end => todo.push(*next),
                Some(Step::Set(..) | Step::End(_)) => standing.waiting.push(step),
                Some(Step::Start(_)) | None => {}
            }
        }
        if standing.matched {
            standing.waiting.clear();
        }
        standing.waiting.sort_unstable();
        standing
    }

    pub(crate) fn start(&self) -> Standing {
        self.settle([self.entry], true, false)
    }

    pub(crate) fn step(&self, standing: &Standing, character: u32) -> Standing {
        if standing.matched {
            return standing.clone();
        }
        let taken = standing.waiting.iter().filter_map(|step| match self.steps.get(*step) {
            Some(Step::Set(ranges, next)) if within(ranges, character) => Some(*next),
            _ => None,
        });
        self.settle(taken.chain([self.entry]), false, false)
    }

    /// Whether a text that ends here has matched.
    pub(crate) fn ends(&self, standing: &Standing, empty: bool) -> bool {
        standing.matched
            || (empty && self.settle([self.entry], true, true).matched)
            || self.settle(standing.waiting.iter().copied(), false, true).matched
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut standing = self.start();
        for character in text.chars() {
            if standing.matched {
                return true;
            }
            standing = self.step(&standing, u32::from(character));
        }
        self.ends(&standing, text.is_empty())
    }

    /// Where sets begin, and the first after their ends: between two of these all characters are alike.
    pub(crate) fn borders(&self, into: &mut BTreeSet<u32>) {
        for step in &self.steps {
            if let Step::Set(ranges, _) = step {
                into.extend(ranges.iter().flat_map(|(from, to)| [*from, to + 1]));
            }
        }
    }
}

fn within(ranges: &[Range], character: u32) -> bool {
    ranges.iter().any(|(from, to)| (*from..=*to).contains(&character))
}

fn complement(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    let (mut outside, mut next) = (Vec::new(), 0);
    for (from, to) in ranges {
        if from > next {
            outside.push((next, from - 1));
        }
        next = next.max(to + 1);
    }
    if next <= LAST {
        outside.push((next, LAST));
    }
    outside
}

fn class(letter: char) -> Option<Vec<Range>> {
    let ranges = match letter.to_ascii_lowercase() {
        'd' => vec![(48, 57)],
        'w' => vec![(48, 57), (65, 90), (95, 95), (97, 122)],
        's' => vec![
            (9, 13),
            (32, 32),
            (0xA0, 0xA0),
            (0x1680, 0x1680),
            (0x2000, 0x200A),
            (0x2028, 0x2029),
            (0x202F, 0x202F),
            (0x205F, 0x205F),
            (0x3000, 0x3000),
            (0xFEFF, 0xFEFF),
        ],
        _ => return None,
    };
    Some(if letter.is_ascii_uppercase() { complement(ranges) } else { ranges })
}

struct Reader<'a> {
    characters: &'a [char],
    next: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.next).copied()
    }

    fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.next += 1;
        Some(character)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(index, wanted)| {
            self.characters.get(self.next + index).is_some_and(|character| *character == wanted)
        });
        if found {
            self.next += text.chars().count();
        }
        found
    }

    fn either(&mut self) -> Option<Tree> {
        let mut ways = vec![self.join()?];
        while self.eat("|") {
            ways.push(self.join()?);
        }
        Some(if ways.len() == 1 { ways.remove(0) } else { Tree::Either(ways) })
    }

    fn join(&mut self) -> Option<Tree> {
        let mut parts = Vec::new();
        while let Some(character) = self.peek() {
            if matches!(character, '|' | ')') {
                break;
            }
            let part = self.part()?;
            parts.push(self.repeated(part)?);
        }
        Some(Tree::Join(parts))
    }

    fn part(&mut self) -> Option<Tree> {
        Some(match self.take()? {
            '^' => Tree::Start,
            '$' => Tree::End,
            '.' => Tree::Set(complement(vec![(10, 10), (13, 13), (0x2028, 0x2029)])),
            '[' => Tree::Set(self.set()?),
            '\\' => Tree::Set(self.escape(false)?),
            '(' => self.group()?,
            '*' | '+' | '?' | '{' | '}' | ']' => return None,
            other => Tree::Set(vec![(u32::from(other), u32::from(other))]),
        })
    }

    fn group(&mut self) -> Option<Tree> {
        if self.peek() == Some('?') && !self.eat("?:") {
            return None;
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let inner = self.either()?;
        self.depth -= 1;
        self.eat(")").then_some(inner)
    }

    fn repeated(&mut self, part: Tree) -> Option<Tree> {
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.next += 1;
                let least = self.number()?;
                let most = if self.eat(",") {
                    if self.peek() == Some('}') { None } else { Some(self.number()?) }
                } else {
                    Some(least)
                };
                if self.peek() != Some('}') || most.is_some_and(|most| most < least) {
                    return None;
                }
                (least, most)
            }
            _ => return Some(part),
        };
        if matches!(part, Tree::Start | Tree::End) {
            return None;
        }
        self.next += 1;
        // A lazy repetition matches the same texts.
        self.eat("?");
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            return None;
        }
        Some(Tree::Repeat(Box::new(part), least, most))
    }

    fn number(&mut self) -> Option<usize> {
        let mut digits = String::new();
        while let Some(digit) = self.peek().filter(char::is_ascii_digit) {
            digits.push(digit);
            self.next += 1;
        }
        digits.parse().ok().filter(|count| *count <= MOST_STEPS)
    }

    /// After `[`.
    fn set(&mut self) -> Option<Vec<Range>> {
        let outside = self.eat("^");
        let mut ranges = Vec::new();
        while !self.eat("]") {
            let from = self.member()?;
            let bounds =
                (self.peek() == Some('-') && self.characters.get(self.next + 1) != Some(&']'), from.as_slice());
            match bounds {
                (true, [(from, last)]) if from == last => {
                    self.next += 1;
                    let to = self.member()?;
                    let [(to, last)] = to.as_slice() else { return None };
                    if to != last || to < from {
                        return None;
                    }
                    ranges.push((*from, *to));
                }
                (true, _) => return None,
                (false, _) => ranges.extend(from),
            }
        }
        Some(if outside { complement(ranges) } else { ranges })
    }

    fn member(&mut self) -> Option<Vec<Range>> {
        match self.take()? {
            '\\' => self.escape(true),
            other => Some(vec![(u32::from(other), u32::from(other))]),
        }
    }

    /// After a backslash.
    fn escape(&mut self, in_set: bool) -> Option<Vec<Range>> {
        let letter = self.take()?;
        if let Some(ranges) = class(letter) {
            return Some(ranges);
        }
        let code = match letter {
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            '0' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => 0,
            'b' if in_set => 8,
            'c' => u32::from(self.take().filter(char::is_ascii_alphabetic)?) % 32,
            'x' => self.hexadecimal(2)?,
            'u' if self.eat("{") => {
                let from = self.next;
                while self.take()? != '}' {}
                let digits: String = self.characters.get(from..self.next - 1)?.iter().collect();
                u32::from_str_radix(&digits, 16).ok()?
            }
            'u' => self.hexadecimal(4)?,
            other if other.is_ascii_punctuation() && other != '_' => u32::from(other),
            _ => return None,
        };
        // Half of a pair is no character of a text.
        char::from_u32(code).map(|_| vec![(code, code)])
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let text: String = self.characters.get(self.next..self.next + digits)?.iter().collect();
        self.next += digits;
        u32::from_str_radix(&text, 16).ok()
    }
}
