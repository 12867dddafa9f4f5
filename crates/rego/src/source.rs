//! Files and spans.

/// The texts of all modules. A [`Span`] says which.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One module's text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name, as the caller gave it.
    pub name: String,
    /// The text.
    pub text: String,
}

/// Some bytes of a file.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// The number of the file in its [`Sources`].
    pub file: u32,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A line and a column, both counted from 1; columns are characters.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

impl Sources {
    /// Adds a file and returns its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> u32 {
        self.files.push(Source { name: name.into(), text: text.into() });
        u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX)
    }

    /// The file with this number.
    pub fn file(&self, number: u32) -> Option<&Source> {
        self.files.get(usize::try_from(number).ok()?)
    }

    /// All files, by number.
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// The text of a span; empty if there is none.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).and_then(|file| file.text.get(index(span.start)..index(span.end))).unwrap_or_default()
    }

    /// Where a span begins.
    pub fn place(&self, span: Span) -> Place {
        let before = self.file(span.file).and_then(|file| file.text.get(..index(span.start))).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place { line: number(line), column: number(column) }
    }
}

impl Span {
    /// From the start of this span to the end of another in the same file.
    #[must_use]
    pub fn to(self, last: Span) -> Span {
        Span { end: last.end.max(self.end), ..self }
    }
}

fn index(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
