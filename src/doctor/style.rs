//! How common JSON writers lay out a document and escape its strings.

use std::fmt::Write;

use super::json::{self, Node};

/// White space between tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub name: &'static str,
    comma: &'static str,
    colon: &'static str,
    /// The indentation of each level, if every member is on its own line.
    indent: Option<&'static str>,
    /// Whether lists stay on one line, with a space inside their brackets and inside `{ }`, as Jackson's pretty
    /// printer writes them.
    spaced: bool,
}

pub(super) const LAYOUTS: [Layout; 8] = [
    Layout::flat("compact JSON, as JSON.stringify, Go, PHP and Jackson write it", ",", ":"),
    Layout::flat("JSON with `, ` and `: `, as Python's json.dumps writes it", ", ", ": "),
    Layout::indented("JSON indented by 2 spaces", "  "),
    Layout::indented("JSON indented by 4 spaces", "    "),
    Layout::indented("JSON indented by tabs", "\t"),
    Layout { colon: " : ", spaced: true, ..Layout::indented("JSON as Jackson's pretty printer writes it", "  ") },
    Layout::flat("JSON with a space after colons alone", ",", ": "),
    Layout::flat("JSON with a space after commas alone", ", ", ":"),
];

impl Layout {
    const fn flat(name: &'static str, comma: &'static str, colon: &'static str) -> Layout {
        Layout { name, comma, colon, indent: None, spaced: false }
    }

    const fn indented(name: &'static str, indent: &'static str) -> Layout {
        Layout { name, comma: ",", colon: ": ", indent: Some(indent), spaced: false }
    }
}

/// What a writer escapes besides quotes, backslashes and control characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Escapes {
    pub name: &'static str,
    /// Everything that is not ASCII.
    ascii: bool,
    /// `/` as `\/`.
    slash: bool,
    /// These as `\uXXXX`.
    also: &'static [char],
    upper: bool,
}

impl Escapes {
    /// Whether it escapes this character.
    fn takes(&self, c: char) -> bool {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => false,
            '"' | '\\' | '\0'..='\u{1f}' => true,
            '/' => self.slash,
            c => (self.ascii && !c.is_ascii()) || self.also.contains(&c),
        }
    }
}

const PLAIN: Escapes = Escapes { name: "no needless escapes", ascii: false, slash: false, also: &[], upper: false };

pub(super) const ESCAPES: [Escapes; 10] = [
    PLAIN,
    Escapes { name: "everything but ASCII as \\uXXXX, as Python writes it", ascii: true, ..PLAIN },
    Escapes {
        name: "`/` as `\\/` and everything but ASCII as \\uXXXX, as PHP writes it",
        ascii: true,
        slash: true,
        ..PLAIN
    },
    Escapes { name: "`/` as `\\/`", slash: true, ..PLAIN },
    Escapes {
        name: "`<`, `>` and `&` as \\uXXXX, as Go and Rails write them",
        also: &['<', '>', '&', '\u{2028}', '\u{2029}'],
        ..PLAIN
    },
    Escapes {
        name: "`<`, `>`, `&`, `=` and `'` as \\uXXXX, as Gson writes them",
        also: &['<', '>', '&', '=', '\'', '\u{2028}', '\u{2029}'],
        ..PLAIN
    },
    Escapes {
        name: "everything but ASCII as \\uXXXX in capitals, as Jackson writes it",
        ascii: true,
        upper: true,
        ..PLAIN
    },
    Escapes {
        name: "everything but plain ASCII as \\uXXXX in capitals, as .NET writes it",
        ascii: true,
        also: &['<', '>', '&', '\'', '"', '+', '`', '\u{7f}'],
        upper: true,
        ..PLAIN
    },
    Escapes { name: "U+2028 and U+2029 escaped, as PHP and Ruby write them", also: &['\u{2028}', '\u{2029}'], ..PLAIN },
    Escapes { name: "HTML and everything but ASCII as \\uXXXX", ascii: true, also: &['<', '>', '&'], ..PLAIN },
];

/// The document as a writer with this layout and these escapes would write it.
pub(super) fn write(node: &Node<'_>, layout: &Layout, escapes: &Escapes, sorted: bool) -> String {
    let mut writer = Writer { out: String::new(), layout, escapes, sorted };
    writer.node(node, 0, layout.indent);
    writer.out
}

/// The text with its own white space, but its strings escaped this way.
pub(super) fn escape(text: &str, escapes: &Escapes) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for (is_string, part) in json::strings(text)? {
        match is_string {
            true => push_string(&mut out, &json::decoded(part)?, escapes),
            false => out.push_str(part),
        }
    }
    Some(out)
}

/// A text as one JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text, &PLAIN);
    out
}

struct Writer<'w> {
    out: String,
    layout: &'w Layout,
    escapes: &'w Escapes,
    sorted: bool,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node<'_>, depth: usize, indent: Option<&str>) {
        match node {
            Node::Atom(text) => self.out.push_str(text),
            Node::Text(text) => push_string(&mut self.out, text, self.escapes),
            Node::List(items) if self.layout.spaced => self.flat_list(items, depth, indent),
            Node::List(items) => {
                let open = |_: &mut Self, _: usize| {};
                self.members(('[', ']'), items.len(), depth, indent, open, |writer, at| {
                    items.get(at).into_iter().for_each(|item| writer.node(item, depth + 1, indent));
                });
            }
            Node::Map(members) => {
                let mut order: Vec<&(String, Node<'_>)> = members.iter().collect();
                if self.sorted {
                    order.sort_by(|a, b| a.0.cmp(&b.0));
                }
                let name = |writer: &mut Self, at: usize| {
                    order.get(at).into_iter().for_each(|(name, _)| push_string(&mut writer.out, name, writer.escapes));
                    writer.out.push_str(writer.layout.colon);
                };
                self.members(('{', '}'), order.len(), depth, indent, name, |writer, at| {
                    order.get(at).into_iter().for_each(|(_, value)| writer.node(value, depth + 1, indent));
                });
            }
        }
    }

    fn members(
        &mut self,
        (open, close): (char, char),
        count: usize,
        depth: usize,
        indent: Option<&str>,
        name: impl Fn(&mut Self, usize),
        value: impl Fn(&mut Self, usize),
    ) {
        self.out.push(open);
        for at in 0..count {
            if at > 0 {
                self.out.push_str(self.layout.comma);
            }
            self.line(depth + 1, indent);
            name(self, at);
            value(self, at);
        }
        match count {
            0 if self.layout.spaced => self.out.push(' '),
            0 => {}
            _ => self.line(depth, indent),
        }
        self.out.push(close);
    }

    fn flat_list(&mut self, items: &[Node<'_>], depth: usize, indent: Option<&str>) {
        self.out.push_str("[ ");
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            self.node(item, depth, indent);
        }
        self.out.push_str(if items.is_empty() { "]" } else { " ]" });
    }

    fn line(&mut self, depth: usize, indent: Option<&str>) {
        if let Some(indent) = indent {
            self.out.push('\n');
            (0..depth).for_each(|_| self.out.push_str(indent));
        }
    }
}

fn push_string(out: &mut String, text: &str, escapes: &Escapes) {
    out.push('"');
    // Characters that need no escape are copied in runs.
    let mut from = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| escapes.takes(*c)) {
        out.push_str(text.get(from..at).unwrap_or_default());
        from = at + c.len_utf8();
        match c {
            _ if escapes.also.contains(&c) => push_units(out, c, escapes.upper),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => push_units(out, c, escapes.upper),
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out.push('"');
}

fn push_units(out: &mut String, c: char, upper: bool) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        // INVARIANT: writing to a String does not fail.
        let _written = match upper {
            true => write!(out, "\\u{unit:04X}"),
            false => write!(out, "\\u{unit:04x}"),
        };
    }
}
