//! From a module's text to its tokens. Brackets are matched here, so that the parser can look past a group without
//! reading it.

use crate::problem::{Problem, ProblemCode};
use crate::source::Span;

/// How many problems of a text are reported.
pub(crate) const MOST_PROBLEMS: usize = 20;

/// A token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    /// The first byte, and the byte after the last.
    pub start: u32,
    pub end: u32,
    /// For what opens a group, the number of the token that closes it.
    pub pair: usize,
    /// Whether a space, a new line or a comment stands before it.
    pub space: bool,
    /// Whether it is the first of its line.
    pub line: bool,
}

/// The kinds of token. Keywords are names: which words are keywords depends on the imports.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    End,
    Name,
    Number,
    String,
    RawString,
    /// A text part of a template string: from its quote or a `}` to a `{` or its quote.
    Template {
        raw: bool,
        first: bool,
        last: bool,
    },
    LeftParenthesis,
    RightParenthesis,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    Comma,
    Colon,
    Semicolon,
    Dot,
    Assign,
    Unify,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Ampersand,
    Bar,
}

/// A comment: its text begins after the `#`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comment {
    pub start: u32,
    pub end: u32,
    /// Its line, counted from 1.
    pub line: u32,
    /// Whether it begins its line, without a space before it.
    pub first: bool,
}

/// All tokens of a text; the last is `End`. If there are problems, the tokens are not whole.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub tokens: Vec<Token>,
    pub comments: Vec<Comment>,
    pub problems: Vec<Problem>,
}

/// Reads all tokens of a text.
#[inline(never)]
pub(crate) fn tokens(text: &str, file: u32) -> Tokens {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        file,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        line: 1,
        open: Vec::new(),
        out: Tokens { tokens: Vec::new(), comments: Vec::new(), problems: Vec::new() },
    };
    lexer.run();
    lexer.out
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    file: u32,
    at: usize,
    line: u32,
    /// The tokens that opened a group which is not closed yet.
    open: Vec<usize>,
    out: Tokens,
}

impl Lexer<'_> {
    fn run(&mut self) {
        let (mut space, mut line) = (true, true);
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    self.line += 1;
                    line = true;
                }
                b'#' => self.comment(),
                _ => {
                    if !self.token(byte, space, line) {
                        return;
                    }
                    (space, line) = (false, false);
                    continue;
                }
            }
            space = true;
        }
        self.push(Kind::End, self.at, true, true);
        if let Some(opener) = self.open.last().and_then(|index| self.out.tokens.get(*index)) {
            let (start, end) = (offset(opener.start), offset(opener.end));
            let written = self.text.get(start..end).unwrap_or_default();
            let message = match opener.kind {
                Kind::Template { .. } => "a value in a template string is never closed".to_owned(),
                _ => format!("`{written}` is never closed"),
            };
            let help = format!("add the `{}` that closes it", closer(opener.kind));
            self.problem(start, end, message, help);
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn comment(&mut self) {
        let first = self.at == 0 || self.bytes.get(self.at - 1) == Some(&b'\n');
        let start = self.at + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        self.at = start + rest.find('\n').unwrap_or(rest.len());
        let text = self.text.get(start..self.at).unwrap_or_default();
        let end = start + text.strip_suffix('\r').unwrap_or(text).len();
        self.out.comments.push(Comment { start: number(start), end: number(end), line: self.line, first });
    }

    /// Reads one token; false ends the reading.
    fn token(&mut self, byte: u8, space: bool, line: bool) -> bool {
        let start = self.at;
        let two = |next: u8, long: Kind, short: Kind| if self.peek(1) == Some(next) { (long, 2) } else { (short, 1) };
        let (kind, length) = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                self.skip(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                self.push(Kind::Name, start, space, line);
                return true;
            }
            b'0'..=b'9' => {
                self.number();
                self.push(Kind::Number, start, space, line);
                return true;
            }
            b'"' => {
                self.at += 1;
                return self.quoted(start, Kind::String, space, line);
            }
            b'`' => {
                self.at += 1;
                return self.quoted(start, Kind::RawString, space, line);
            }
            b'$' if matches!(self.peek(1), Some(b'"' | b'`')) => {
                let raw = self.peek(1) == Some(b'`');
                self.at += 2;
                return self.quoted(start, Kind::Template { raw, first: true, last: true }, space, line);
            }
            b'(' => (Kind::LeftParenthesis, 1),
            b')' => (Kind::RightParenthesis, 1),
            b'[' => (Kind::LeftBracket, 1),
            b']' => (Kind::RightBracket, 1),
            b'{' => (Kind::LeftBrace, 1),
            b'}' => (Kind::RightBrace, 1),
            b',' => (Kind::Comma, 1),
            b';' => (Kind::Semicolon, 1),
            b'.' => (Kind::Dot, 1),
            b'+' => (Kind::Plus, 1),
            b'-' => (Kind::Minus, 1),
            b'*' => (Kind::Star, 1),
            b'/' => (Kind::Slash, 1),
            b'%' => (Kind::Percent, 1),
            b'&' => (Kind::Ampersand, 1),
            b'|' => (Kind::Bar, 1),
            b':' => two(b'=', Kind::Assign, Kind::Colon),
            b'=' => two(b'=', Kind::Equal, Kind::Unify),
            b'<' => two(b'=', Kind::LessOrEqual, Kind::Less),
            b'>' => two(b'=', Kind::GreaterOrEqual, Kind::Greater),
            b'!' if self.peek(1) == Some(b'=') => (Kind::NotEqual, 2),
            _ => {
                self.stray(start);
                return true;
            }
        };
        self.at += length;
        self.group(kind, start, space, line)
    }

    /// A mark, with the matching of brackets.
    fn group(&mut self, kind: Kind, start: usize, space: bool, line: bool) -> bool {
        match kind {
            Kind::LeftParenthesis | Kind::LeftBracket | Kind::LeftBrace => self.open.push(self.out.tokens.len()),
            Kind::RightParenthesis | Kind::RightBracket | Kind::RightBrace => {
                let index = self.out.tokens.len();
                let Some(opener) = self.open.pop().and_then(|open| self.out.tokens.get_mut(open)) else {
                    let written = closer_text(kind);
                    let message = format!("`{written}` closes nothing");
                    self.problem(start, self.at, message, "remove it, or add what it closes");
                    return false;
                };
                opener.pair = index;
                let opener = *opener;
                if let (Kind::Template { raw, .. }, Kind::RightBrace) = (opener.kind, kind) {
                    return self.quoted(start, Kind::Template { raw, first: false, last: true }, space, line);
                }
                let wanted = closer(opener.kind);
                if wanted != closer_text(kind) {
                    let opened = self.text.get(..offset(opener.start)).unwrap_or_default();
                    let opened = opened.bytes().filter(|byte| *byte == b'\n').count() + 1;
                    let message = format!("expected `{wanted}`, found `{}`", closer_text(kind));
                    self.problem(start, self.at, message, format!("close what is open since line {opened} first"));
                    return false;
                }
            }
            _ => {}
        }
        self.push(kind, start, space, line);
        true
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.peek(0).is_some_and(&wanted) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) {
        let start = self.at;
        let mut whole = self.skip(|byte| byte.is_ascii_digit()) == 1 || self.bytes.get(start) != Some(&b'0');
        let mut help = "a number does not begin with zeros";
        if self.peek(0) == Some(b'.') {
            self.at += 1;
            if self.skip(|byte| byte.is_ascii_digit()) == 0 {
                (whole, help) = (false, "write digits after the point");
            }
        }
        if matches!(self.peek(0), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(0), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.skip(|byte| byte.is_ascii_digit()) == 0 {
                (whole, help) = (false, "write digits after the `e`");
            }
        }
        if self.skip(|byte| byte.is_ascii_alphanumeric() || byte == b'_') > 0 {
            (whole, help) = (false, "a name does not begin with a digit");
        }
        if !whole {
            let written = self.text.get(start..self.at).unwrap_or_default();
            self.problem(start, self.at, format!("`{}` is not a number", shorten(written)), help);
        }
    }

    /// The rest of a string or of a part of a template, after what opens it. Problems with escapes are reported, and
    /// reading goes on; a string that does not end ends the reading.
    fn quoted(&mut self, start: usize, kind: Kind, space: bool, line: bool) -> bool {
        let (raw, template) = match kind {
            Kind::RawString => (true, false),
            Kind::Template { raw, .. } => (raw, true),
            _ => (false, false),
        };
        loop {
            match self.peek(0) {
                Some(b'"') if !raw => break,
                Some(b'`') if raw => break,
                Some(b'{') if template => {
                    self.at += 1;
                    self.open.push(self.out.tokens.len());
                    let Kind::Template { raw, first, .. } = kind else { return true };
                    self.push(Kind::Template { raw, first, last: false }, start, space, line);
                    return true;
                }
                Some(b'\\') if template && self.peek(1) == Some(b'{') => self.at += 2,
                Some(b'\\') if !raw => self.escape(),
                Some(b'\n') if raw => {
                    self.at += 1;
                    self.line += 1;
                }
                Some(0) => {
                    self.stray(self.at);
                }
                None | Some(b'\n') => {
                    let quote = if raw { '`' } else { '"' };
                    let help = match raw {
                        true => "close it with a backquote".to_owned(),
                        false => format!("close it with `{quote}` on the same line, or write it between backquotes"),
                    };
                    let first =
                        self.text.get(start..).and_then(|text| text.find('\n')).map_or(self.at, |at| start + at);
                    self.problem(start, first, "a string that does not end", help);
                    return false;
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        self.push(kind, start, space, line);
        true
    }

    fn escape(&mut self) {
        let start = self.at;
        self.at += 1;
        let whole = match self.peek(0) {
            Some(b'\\' | b'"' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                true
            }
            Some(b'u') => {
                let digits = self.text.get(self.at + 1..self.at + 5).unwrap_or_default();
                self.at += 1;
                let whole = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                self.at += if whole { 4 } else { 0 };
                whole
            }
            _ => false,
        };
        if !whole {
            let help = "write `\\\\` for a backslash, or the string between backquotes, which knows no escapes";
            self.problem(start, self.at, "a backslash that escapes nothing", help);
        }
    }

    /// A character that no token has.
    fn stray(&mut self, start: usize) {
        let text = self.text.get(start..).unwrap_or_default();
        let character = text.chars().next().unwrap_or(' ');
        // Letters of other alphabets come in words.
        let foreign = text.find(|character: char| character.is_ascii()).unwrap_or(text.len());
        let shown = text.get(..foreign.max(1)).unwrap_or_default();
        self.at = start + shown.len();
        let shown = if character.is_control() { character.escape_default().to_string() } else { shorten(shown) };
        let message = format!("`{shown}` is no part of Rego here");
        let rest = self.text.get(self.at..).and_then(|text| text.lines().next()).unwrap_or_default();
        match character {
            '\'' => {
                self.at += rest.find('\'').map_or(0, |at| at + 1);
                self.problem(start, self.at, message, "write strings between `\"` or backquotes");
            }
            '!' => self.problem(start, self.at, message, "write `not` before what must not hold, or `!=`"),
            '$' => self.problem(start, self.at, message, "a template string is `$\"...\"`, without a space"),
            '\0' => self.problem(start, self.at, "a null character", "remove it"),
            _ if !character.is_ascii() => {
                let help = "names have the letters a to z, digits and `_`; everything else stands in strings";
                self.problem(start, self.at, message, help);
            }
            _ => self.problem(start, self.at, message, "remove it"),
        }
    }

    fn push(&mut self, kind: Kind, start: usize, space: bool, line: bool) {
        let token = Token { kind, start: number(start), end: number(self.at), pair: 0, space, line };
        self.out.tokens.push(token);
    }

    fn problem(&mut self, start: usize, end: usize, message: impl Into<String>, help: impl Into<String>) {
        if self.out.problems.len() < MOST_PROBLEMS {
            let span = Span { file: self.file, start: number(start), end: number(end) };
            self.out.problems.push(Problem::new(ProblemCode::Parse, span, message).help(help));
        }
    }
}

/// The text of a string without its quotes, or of a part of a template without its delimiters. A surrogate without its
/// other half becomes U+FFFD, as in OPA.
pub(crate) fn unescape(inner: &str, kind: Kind) -> String {
    let (raw, template) = match kind {
        Kind::RawString => (true, false),
        Kind::Template { raw, .. } => (raw, true),
        _ => (false, false),
    };
    if raw {
        return if template { inner.replace("\\{", "{") } else { inner.to_owned() };
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        let mut characters = rest.chars();
        let escaped = characters.next().unwrap_or('\\');
        rest = characters.as_str();
        match escaped {
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => {
                let mut code = hexadecimal(rest);
                rest = rest.get(4..).unwrap_or_default();
                if let (0xd800..0xdc00, Some(low)) = (code, rest.strip_prefix("\\u").map(hexadecimal))
                    && (0xdc00..0xe000).contains(&low)
                {
                    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                    rest = rest.get(6..).unwrap_or_default();
                }
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            other => text.push(other),
        }
    }
    text.push_str(rest);
    text
}

fn hexadecimal(text: &str) -> u32 {
    text.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0xfffd)
}

/// A text short enough for a message.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn closer(opener: Kind) -> &'static str {
    match opener {
        Kind::LeftParenthesis => ")",
        Kind::LeftBracket => "]",
        _ => "}",
    }
}

fn closer_text(closer: Kind) -> &'static str {
    match closer {
        Kind::RightParenthesis => ")",
        Kind::RightBracket => "]",
        _ => "}",
    }
}

fn number(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn offset(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
