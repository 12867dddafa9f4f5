//! Splits a module's text into tokens and skips strings and comments. That is enough to count brackets and to name its
//! rules, without the Rego parser. It never fails; anything it does not recognise is a token of its own.

/// One token with its position. Line and column are counted from 1.
pub(super) struct Token<'a> {
    /// As written; `"` for a whole string.
    pub text: &'a str,
    /// Its offset and its length in bytes, in the text without a byte order mark.
    pub at: usize,
    pub length: usize,
    pub line: u32,
    pub column: u32,
    /// Whether it is the first token of its line.
    pub new_line: bool,
    /// Whether it is a string.
    pub quoted: bool,
}

/// The tokens of a module, in order.
pub(super) fn scan(text: &str) -> impl Iterator<Item = Token<'_>> {
    Scanner { rest: text.strip_prefix('\u{feff}').unwrap_or(text), at: 0, line: 1, column: 1, new_line: true }
}

struct Scanner<'a> {
    rest: &'a str,
    at: usize,
    line: u32,
    column: u32,
    new_line: bool,
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blank();
        let first = self.rest.chars().next()?;
        let length = match first {
            '"' => quoted_length(self.rest),
            '`' => raw_length(self.rest),
            c if is_word(c) => self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len()),
            _ => operator_length(self.rest, first),
        };
        let quoted = first == '"' || first == '`';
        let token = Token {
            text: if quoted { "\"" } else { self.rest.get(..length)? },
            at: self.at,
            length,
            line: self.line,
            column: self.column,
            new_line: self.new_line,
            quoted,
        };
        self.new_line = false;
        self.advance(length);
        Some(token)
    }
}

impl Scanner<'_> {
    fn skip_blank(&mut self) {
        loop {
            let blank = self.rest.find(|c: char| !c.is_whitespace()).unwrap_or(self.rest.len());
            self.advance(blank);
            if !self.rest.starts_with('#') {
                return;
            }
            let comment = self.rest.find('\n').unwrap_or(self.rest.len());
            self.advance(comment);
        }
    }

    fn advance(&mut self, length: usize) {
        let (gone, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.at += gone.len();
        match gone.rfind('\n') {
            None => self.column = self.column.saturating_add(characters(gone)),
            Some(last) => {
                self.new_line = true;
                self.line = self.line.saturating_add(u32::try_from(gone.matches('\n').count()).unwrap_or(u32::MAX));
                self.column = characters(gone.get(last + 1..).unwrap_or_default()).saturating_add(1);
            }
        }
    }
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A string ends at its quote or, if it is unclosed, at the end of the line: the parser reports that.
fn quoted_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_length(text: &str) -> usize {
    text.char_indices().skip(1).find(|(_, c)| *c == '`').map_or(text.len(), |(at, _)| at + 1)
}

fn operator_length(text: &str, first: char) -> usize {
    match text.get(..2) {
        Some(":=" | "==" | "!=" | "<=" | ">=") => 2,
        _ => first.len_utf8(),
    }
}
