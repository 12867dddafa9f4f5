//! How an error of a policy is made: from its place, or from the evaluator's message.

use crate::error::PolicyError;

impl PolicyError {
    pub(super) fn new(file: &str, message: impl Into<String>) -> Self {
        PolicyError { file: file.to_owned(), line: None, column: None, message: message.into() }
    }

    pub(super) fn at(file: &str, line: u32, column: u32, message: impl Into<String>) -> Self {
        PolicyError { line: Some(line), column: Some(column), ..PolicyError::new(file, message) }
    }

    /// Translates the evaluator's error: its first place, and its last sentence without the values in it.
    pub(super) fn engine(file: &str, problem: &anyhow::Error) -> Self {
        let text = problem.to_string();
        let message = text.rsplit("error: ").next().unwrap_or(&text).trim();
        let message = without_values(message);
        let mut chars: Vec<char> = message.chars().take(200).collect();
        if let [first, second, ..] = chars.as_mut_slice()
            && second.is_lowercase()
        {
            first.make_ascii_lowercase();
        }
        let mut error = PolicyError::new(file, chars.into_iter().collect::<String>());
        let place = text.split_once("--> ").and_then(|(_, after)| after.lines().next());
        if let Some((path_and_line, column)) = place.and_then(|place| place.rsplit_once(':'))
            && let Some((path, line)) = path_and_line.rsplit_once(':')
        {
            error.file = path.to_owned();
            error.line = line.parse().ok();
            error.column = column.parse().ok();
        }
        error
    }

    pub(super) fn place(&self) -> Option<String> {
        let line = self.line?;
        Some(format!("{}:{line}", self.file))
    }
}

/// The evaluator names what it got, which may be a value of the payload, after what it wanted.
fn without_values(message: &str) -> &str {
    let ends = [" Got ", ". Got", " got ", ", got", "\n"];
    let end = ends.into_iter().filter_map(|end| message.find(end)).min();
    end.and_then(|end| message.get(..end)).unwrap_or(message).trim_end_matches(['.', ' '])
}
