//! How an error of a policy is made: from its place and its message.

use countersign_rego::problem::{Problem, ProblemCode};
use countersign_rego::source::Sources;

use crate::error::PolicyError;

impl PolicyError {
    pub(super) fn new(file: &str, message: impl Into<String>) -> Self {
        PolicyError {
            file: file.to_owned(),
            line: None,
            column: None,
            message: message.into(),
            help: None,
            also: Vec::new(),
        }
    }

    /// The first problem; the others come with it.
    pub(super) fn problems(sources: &Sources, problems: &[Problem]) -> Self {
        let mut errors = problems.iter().map(|problem| one(sources, problem));
        let first = errors.next().unwrap_or_else(|| PolicyError::new("", "the modules do not load"));
        PolicyError { also: errors.collect(), ..first }
    }
}

fn one(sources: &Sources, problem: &Problem) -> PolicyError {
    let file = sources.file(problem.span.file).map_or("", |source| &source.name);
    let place = sources.place(problem.span);
    let message = match problem.code {
        ProblemCode::Limit(name) => format!("{} (limit `{name}`)", problem.message),
        _ => problem.message.clone(),
    };
    PolicyError {
        line: Some(place.line),
        column: Some(place.column),
        help: problem.help.clone(),
        ..PolicyError::new(file, message)
    }
}
