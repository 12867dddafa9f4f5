//! A lenient JSON reader that keeps what matters to a signature: the order of members, repeated names, and
//! numbers as text. It only rearranges white space and escapes; the strict reader judges documents.

/// Deeper documents are not repaired.
const MAX_DEPTH: usize = 96;

#[derive(Clone, Debug)]
pub(super) enum Node<'a> {
    /// A number, `true`, `false` or `null`, as it is written.
    Atom(&'a str),
    List(Vec<Node<'a>>),
    Map(Vec<(String, Node<'a>)>),
    Text(String),
}

/// `None` if the text is not exactly one JSON document.
pub(super) fn read(text: &str) -> Option<Node<'_>> {
    let mut reader = Reader { rest: text };
    let node = reader.value(0)?;
    reader.space();
    reader.rest.is_empty().then_some(node)
}

/// The text, split at its strings: `(true, literal with its quotes)` and `(false, text between literals)`.
pub(super) fn strings(text: &str) -> Option<Vec<(bool, &str)>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        let (before, from) = rest.split_at_checked(start)?;
        let (literal, after) = literal(from)?;
        parts.push((false, before));
        parts.push((true, literal));
        rest = after;
    }
    parts.push((false, rest));
    Some(parts)
}

/// The characters of a literal; `None` if it contains half a surrogate pair.
pub(super) fn decoded(literal: &str) -> Option<String> {
    serde_json::from_str(literal).ok()
}

/// What closes the strings, lists and objects that a text leaves open; `None` if nothing is open.
pub(super) fn closers(text: &str) -> Option<String> {
    let mut open = Vec::new();
    let mut inside = false;
    let mut escaped = false;
    for byte in text.bytes() {
        match (inside, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => inside = !inside,
            (false, b'{') => open.push('}'),
            (false, b'[') => open.push(']'),
            (false, b'}' | b']') => drop(open.pop()),
            _ => {}
        }
    }
    let missing: String = inside.then_some('"').into_iter().chain(open.into_iter().rev()).collect();
    (!missing.is_empty()).then_some(missing)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Node<'a>> {
        self.space();
        match self.rest.bytes().next()? {
            _ if depth > MAX_DEPTH => None,
            b'{' => self.map(depth),
            b'[' => self.list(depth),
            b'"' => self.text().map(Node::Text),
            _ => {
                let end = self.rest.find([',', '}', ']', ' ', '\t', '\n', '\r']).unwrap_or(self.rest.len());
                let (atom, rest) = self.rest.split_at_checked(end)?;
                self.rest = rest;
                let plain = atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
                (plain && !atom.is_empty()).then_some(Node::Atom(atom))
            }
        }
    }

    fn map(&mut self, depth: usize) -> Option<Node<'a>> {
        let mut members = Vec::new();
        self.take('{')?;
        if self.take('}').is_some() {
            return Some(Node::Map(members));
        }
        loop {
            self.space();
            let name = self.text()?;
            self.take(':')?;
            members.push((name, self.value(depth + 1)?));
            if self.take(',').is_none() {
                return self.take('}').map(|()| Node::Map(members));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Node<'a>> {
        let mut items = Vec::new();
        self.take('[')?;
        if self.take(']').is_some() {
            return Some(Node::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(',').is_none() {
                return self.take(']').map(|()| Node::List(items));
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        let (literal, rest) = literal(self.rest)?;
        self.rest = rest;
        decoded(literal)
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        self.space();
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }
}

/// The literal at the beginning, with its quotes, and the rest.
fn literal(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut escaped = false;
    let end = inner.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })?;
    text.split_at_checked(end + 2)
}
