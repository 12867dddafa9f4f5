//! Why a policy does not load, or gave nothing.

/// A policy that does not load: its author's mistake.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PolicyError {
    /// As given with the text; empty when it is about no file.
    pub file: String,
    /// Counted from 1.
    pub line: Option<u32>,
    /// Counted from 1.
    pub column: Option<u32>,
    /// What is wrong, without the source.
    pub message: String,
}

impl std::fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.file.is_empty() {
            write!(formatter, "{}:", self.file)?;
            for number in [self.line, self.column].into_iter().flatten() {
                write!(formatter, "{number}:")?;
            }
            formatter.write_str(" ")?;
        }
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for PolicyError {}
