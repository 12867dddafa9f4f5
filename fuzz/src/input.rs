//! An input is lines of text, so that a corpus can be written and read by people: first the choices, a
//! character each (`0` is the first of its list), then what the target asks for, a line each.

pub struct Input<'a> {
    choices: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub fn new(data: &'a [u8]) -> Input<'a> {
        let (choices, rest) = split(data);
        Input { choices, rest }
    }

    /// The next choice, below `count`.
    pub fn choose(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.choices.split_first() else { return 0 };
        self.choices = rest;
        usize::from(first.wrapping_sub(b'0')) % count
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.choose(list.len())]
    }

    /// The next line; bytes that are no UTF-8 become U+FFFD.
    pub fn line(&mut self) -> String {
        let (line, rest) = split(self.rest);
        self.rest = rest;
        String::from_utf8_lossy(line).into_owned()
    }

    /// The next line, or this where it is empty.
    pub fn line_or(&mut self, default: &str) -> String {
        Some(self.line()).filter(|line| !line.is_empty()).unwrap_or_else(|| default.to_owned())
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// All that is left.
    pub fn rest(self) -> &'a [u8] {
        self.rest
    }
}

fn split(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[]),
    }
}

/// The text with the character at a place (counted round) replaced, and whether that changed it.
pub fn with_one_changed(text: &str, place: usize, by: char) -> (String, bool) {
    let count = text.chars().count().max(1);
    let changed: String =
        text.chars().enumerate().map(|(index, old)| if index == place % count { by } else { old }).collect();
    let differs = changed != text;
    (changed, differs)
}
