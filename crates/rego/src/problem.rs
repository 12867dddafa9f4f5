//! What is refused at load.

use std::fmt;

use crate::source::Span;

/// Why modules do not load. The codes are those of OPA's errors.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The kind of problem.
    pub code: ProblemCode,
    /// Where it is.
    pub span: Span,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it, in one sentence without a full stop.
    pub help: Option<String>,
}

/// The kinds of problem, as OPA names them.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ProblemCode {
    /// `rego_parse_error`: the text is not Rego.
    Parse,
    /// `rego_compile_error`: the modules contradict themselves or each other.
    Compile,
    /// `rego_type_error`: a function, an argument or a rule is of the wrong kind.
    Type,
    /// `rego_unsafe_var_error`: a variable that nothing binds.
    Unsafe,
    /// `rego_recursion_error`: a rule that needs itself.
    Recursion,
    /// A limit on the size or depth of a module, by name: `policy-depth`.
    Limit(&'static str),
}

impl Problem {
    /// A problem without advice.
    pub fn new(code: ProblemCode, span: Span, message: impl Into<String>) -> Problem {
        Problem { code, span, message: message.into(), help: None }
    }

    /// The same problem with advice.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Problem {
        Problem { help: Some(help.into()), ..self }
    }
}

impl ProblemCode {
    /// OPA's name.
    pub fn name(self) -> &'static str {
        match self {
            ProblemCode::Parse => "rego_parse_error",
            ProblemCode::Compile => "rego_compile_error",
            ProblemCode::Type => "rego_type_error",
            ProblemCode::Unsafe => "rego_unsafe_var_error",
            ProblemCode::Recursion => "rego_recursion_error",
            ProblemCode::Limit(name) => name,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.help {
            Some(help) => write!(formatter, "{}: {help}", self.message),
            None => formatter.write_str(&self.message),
        }
    }
}
