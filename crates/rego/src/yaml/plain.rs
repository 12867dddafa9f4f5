//! YAML as METADATA mostly is: block mappings and lists of texts, and `>-`. It is read in a fraction of the time
//! that a reader of all of YAML takes, and as that would read it; whatever is not surely so is left to the other.

use std::iter::Peekable;

use super::scalar;
use crate::value::Value;

/// The most bytes: what could be nested deeper, or weigh more, than may be is not read here.
const BYTES: usize = 4096;
/// The most levels.
const LEVELS: usize = 8;

/// The value of a text that is nothing but that.
pub fn read(text: &str) -> Option<Value> {
    let is_known = |letter: char| matches!(letter, '\n' | ' '..='~' | '\u{a1}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}');
    if text.len() > BYTES || !text.chars().all(is_known) {
        return None;
    }
    let mut reader = Reader { lines: text.split('\n').map(Line::of).peekable(), level: 0 };
    let value = reader.collection(0)?;
    reader.lines.next().is_none().then_some(value)
}

/// What is in a line, and how many spaces are before it.
#[derive(Clone, Copy)]
struct Line<'a> {
    indent: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Line<'a> {
        let text = line.trim_start_matches(' ');
        Line { indent: line.len() - text.len(), text }
    }
}

struct Reader<'a, I: Iterator<Item = Line<'a>>> {
    lines: Peekable<I>,
    level: usize,
}

impl<'a, I: Iterator<Item = Line<'a>>> Reader<'a, I> {
    fn collection(&mut self, indent: usize) -> Option<Value> {
        if self.level == LEVELS {
            return None;
        }
        self.level += 1;
        let is_list = self.lines.peek()?.text.starts_with("- ");
        let value = if is_list { self.list(indent)? } else { self.mapping(indent, None)? };
        self.level -= 1;
        Some(value)
    }

    /// `first` is what stands behind a dash.
    fn mapping(&mut self, indent: usize, first: Option<&'a str>) -> Option<Value> {
        let mut members: Vec<(Value, Value)> = Vec::new();
        let mut next = first;
        loop {
            let text = match next.take() {
                Some(text) => text,
                None => match self.lines.peek() {
                    Some(line) if line.indent == indent => self.lines.next()?.text,
                    Some(line) if line.indent > indent => return None,
                    _ => return Some(Value::object(members)),
                },
            };
            let (name, rest) = text.split_once(':')?;
            let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let key = plain(name).filter(|key| is_name && key.as_str().is_some())?;
            if members.iter().any(|(other, _)| *other == key) {
                return None;
            }
            let value = match rest {
                "" => self.below(indent)?,
                " >-" => self.folded(indent)?,
                _ => self.text(rest.strip_prefix(' ')?, indent)?,
            };
            members.push((key, value));
        }
    }

    /// The collection that is the value of a key.
    fn below(&mut self, indent: usize) -> Option<Value> {
        let line = *self.lines.peek()?;
        let is_list = line.indent == indent && line.text.starts_with("- ");
        if is_list || line.indent > indent { self.collection(line.indent) } else { None }
    }

    fn list(&mut self, indent: usize) -> Option<Value> {
        let mut items = Vec::new();
        while let Some(line) = self.lines.next_if(|line| line.indent == indent && line.text.starts_with("- ")) {
            let text = line.text.get(2..)?;
            items.push(match text.contains(": ") || text.ends_with(':') {
                true => self.mapping(indent + 2, Some(text))?,
                false => self.text(text, indent)?,
            });
        }
        if self.lines.peek().is_some_and(|line| line.indent > indent) { None } else { Some(Value::array(items)) }
    }

    /// A text that ends with its line.
    fn text(&mut self, text: &str, indent: usize) -> Option<Value> {
        if self.lines.peek().is_some_and(|line| line.indent > indent) { None } else { plain(text) }
    }

    /// The lines of `>-`, none of which is empty or begins further in.
    fn folded(&mut self, indent: usize) -> Option<Value> {
        let inner = self.lines.peek()?.indent;
        let mut lines = Vec::new();
        while let Some(line) = self.lines.next_if(|line| line.indent > indent) {
            let is_even = line.indent == inner && !line.text.is_empty() && !line.text.ends_with(' ');
            lines.push(is_even.then_some(line.text)?);
        }
        if lines.is_empty() { None } else { Some(Value::from(lines.join(" "))) }
    }
}

/// What a text means that is surely a plain scalar, or one in quotes that stands for itself.
fn plain(text: &str) -> Option<Value> {
    if let Some(quoted) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return if quoted.contains('\'') { None } else { Some(Value::from(quoted)) };
    }
    let begins = text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/');
    let ends = text.ends_with([':', ' ']) || text.contains(": ") || text.contains(" #");
    if begins && !ends { scalar(text, true).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::{Reading, parse_all};
    use super::read;

    const READING: Reading = Reading { depth: 32, weight: 10_000, strict: true };

    #[test]
    fn what_is_read_is_as_the_other_reads_it() {
        for (text, wanted) in [
            ("title: a b", true),
            ("a: >-\n  one\n  two\nb: 1\nc: true\nd: 1.5", true),
            ("a:\n  - ref: https://x.y/z\n    description: d, e\n  - ref: f\nb:\n- c\n- 5", true),
            ("custom:\n  id: x-y\n  deep:\n    a: b[c\ntitle: it's {so}", true),
            ("- a\n- b", true),
            ("a: yes\nb: 010\nc: 0x1f\ne: 2020-01-01", true),
            ("a: `b`", false),
            ("a: 'b: [c] # d'\ne: /f\ng: ''", true),
            ("a: 'b''c'", false),
            ("a: 'b' 'c'", false),
            ("a: 'b' # 'c'", false),
            ("a: '", false),
            ("a: [b]", false),
            ("a: b: c", false),
            ("a: b\n  c", false),
            ("a: b # c", false),
            ("a: b\na: c", false),
            ("a:\nb: c", false),
            ("a: >\n  b", false),
            ("a: >-\n  b\n   c", false),
            ("a: >-\n  b\n\n  c", false),
            ("a: >-\nb: c", false),
            ("a: &b c\nd: *b", false),
            ("a: !!str 1", false),
            ("true: a", false),
            ("a: b\u{e9}\u{4e2d}", true),
            ("a: b\u{2028}c", false),
            ("a: b\u{2026}c", true),
            ("a: b\u{85}c", false),
            ("a: \u{feff}b", false),
            ("a:\tb", false),
            (" a: b", false),
            ("a: b\n c: d", false),
            ("a:\n  b: c\n d: e", false),
            ("a: b\n---\nc: d", false),
            ("a: b\n...", false),
            ("- a\n - b", false),
            ("- - a", false),
            ("-  a: b\n   c: d", false),
            ("a: b\n", false),
            ("a-b: c", false),
            ("<<: a", false),
            ("", false),
        ] {
            let found = read(text);
            assert_eq!(found.is_some(), wanted, "{text:?}");
            assert!(found.is_none() || found == parse_all(text, &READING).ok(), "{text:?}");
        }
    }

    /// Texts of all short rows of these pieces.
    #[test]
    fn nothing_is_read_otherwise() {
        const PIECES: [&str; 12] = ["a", "'", ":", " ", "\n", "- ", "  ", "\n  ", ": ", " >-", "#", "1"];
        let mut read_here = 0;
        for row in 0..PIECES.len().pow(5) {
            let pieces = (0..5).scan(row, |rest, _| {
                let piece = PIECES.get(*rest % PIECES.len());
                *rest /= PIECES.len();
                piece.copied()
            });
            let text: String = ["a: b\nc"].into_iter().chain(pieces).collect();
            if let Some(value) = read(&text) {
                read_here += 1;
                assert_eq!(Some(value), parse_all(&text, &READING).ok(), "{text:?}");
            }
        }
        assert!(read_here > 100, "{read_here}");
    }
}
