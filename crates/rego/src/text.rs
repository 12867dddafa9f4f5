//! Text that is made by a builtin, within what it may make.

use crate::budget::{Budget, Reached};

/// Text that grows up to a limit.
pub(crate) struct Text {
    text: String,
    most: usize,
    limit: Reached,
}

impl Text {
    /// No longer than a builtin may make, nor than what is left to pay for it.
    pub(crate) fn new(budget: &Budget) -> Text {
        let most = budget.limits().builtin_bytes;
        match usize::try_from(budget.bytes_left()) {
            Ok(left) if left < most => Text { text: String::new(), most: left, limit: Reached("policy-memory") },
            _ => Text { text: String::new(), most, limit: Reached("builtin-bytes") },
        }
    }

    /// Without a limit.
    pub(crate) fn unlimited() -> Text {
        Text { text: String::new(), most: usize::MAX, limit: Reached("builtin-bytes") }
    }

    /// Empty, with the room that is left in this one.
    pub(crate) fn like(&self) -> Text {
        Text { text: String::new(), most: self.room(), limit: self.limit }
    }

    /// The bytes that it can still take.
    pub(crate) fn room(&self) -> usize {
        self.most - self.text.len()
    }

    /// What is reached when it is full.
    pub(crate) fn limit(&self) -> Reached {
        self.limit
    }

    pub(crate) fn push_str(&mut self, text: &str) -> Result<(), Reached> {
        if text.len() > self.room() {
            return Err(self.limit);
        }
        self.text.push_str(text);
        Ok(())
    }

    pub(crate) fn push(&mut self, letter: char) -> Result<(), Reached> {
        self.push_str(letter.encode_utf8(&mut [0; 4]))
    }

    /// The same letter a number of times.
    pub(crate) fn repeat(&mut self, letter: char, count: usize) -> Result<(), Reached> {
        if count.saturating_mul(letter.len_utf8()) > self.room() {
            return Err(self.limit);
        }
        self.text.extend(std::iter::repeat_n(letter, count));
        Ok(())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_string(self) -> String {
        self.text
    }

    /// The text, paid for.
    pub(crate) fn paid(self, budget: &mut Budget) -> Result<String, Reached> {
        budget.steps(self.text.len() as u64 / 16)?;
        budget.bytes(self.text.len() as u64)?;
        Ok(self.text)
    }
}
