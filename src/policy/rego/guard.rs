//! What a module's text must pass before the Rego parser sees it. The parser first tries every literal as a
//! comprehension, so the first item in a bracket is read twice, and a 60-byte literal nested 20 deep is read a million
//! times. A parser cannot be interrupted, so the cost is counted here, on the text.

use super::scan::{Token, scan};
use crate::error::PolicyError;
use crate::limits::PolicyLimits;

/// How often the parser may read the innermost literal: eight brackets, each first in the one around it.
const READINGS: u64 = 1 << 8;
/// How often it may read all literals of one module together.
const READINGS_OF_MODULE: u64 = 1 << 15;
/// The maximum number of operators in one expression: each is a level of recursion when it is evaluated.
const OPERATORS: u32 = 64;
/// The maximum number of brackets of any kind around one token.
const BRACKETS: usize = 48;
/// Roughly the maximum number of rules: words at the top level of a module.
const TOP_LEVEL_WORDS: usize = 50_000;

/// Refuses a module that could make the parser or the evaluator hang or overflow.
pub(super) fn guard(file: &str, text: &str, limits: &PolicyLimits) -> Result<(), PolicyError> {
    if text.len() > limits.policy_bytes {
        let message = format!("the module is larger than {} bytes (limit `policyBytes`)", limits.policy_bytes);
        return Err(PolicyError::new(file, message));
    }
    let mut state = State::new(limits.policy_depth);
    for token in scan(text) {
        if let Err(message) = state.step(&token) {
            return Err(PolicyError::at(file, token.line, token.column, message));
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Frame {
    kind: Kind,
    /// The parser reads twice here: the first item of a literal, the beginning of a statement, and whatever is in
    /// parentheses there.
    twice: bool,
    readings: u64,
    literals: u32,
    /// The operators of the expression around the bracket, to continue with when it closes.
    operators: u32,
    /// The arguments of `walk`, if no comma has followed one yet.
    lone_walk: bool,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    /// The body of a rule, of `every`, or of a comprehension after its `|`.
    Body,
    Literal,
    Parentheses,
}

const OUTERMOST: Frame =
    Frame { kind: Kind::Body, twice: false, readings: 1, literals: 0, operators: 0, lone_walk: false };

struct State {
    frames: Vec<Frame>,
    readings: u64,
    operators: u32,
    top_level_words: usize,
    literal_depth: u32,
    /// Whether the previous token ends a term, so that a bracket after it is an index, a call or a body.
    after_term: bool,
    after_operator: bool,
    walk: Walk,
}

/// The evaluator supports `walk(x, [path, value])`, but silently answers "no" to `[path, value] := walk(x)`.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Walk {
    No,
    Dot,
    Name,
}

impl State {
    fn new(literal_depth: u32) -> Self {
        State {
            frames: vec![OUTERMOST],
            readings: 0,
            operators: 0,
            top_level_words: 0,
            literal_depth,
            after_term: false,
            after_operator: false,
            walk: Walk::No,
        }
    }

    fn step(&mut self, token: &Token<'_>) -> Result<(), String> {
        if token.new_line && !self.after_operator && !is_operator(token.text) {
            self.operators = 0;
            self.next_statement();
        }
        match token.text {
            "[" | "{" | "(" => self.open(token.text)?,
            "]" | "}" | ")" => self.close()?,
            "," => self.next_item(),
            "|" => self.comprehension(),
            ";" => self.next_statement(),
            ":=" | "some" | "every" => self.assignment(),
            ":" => self.operators = 0,
            text if is_operator(text) => self.operator()?,
            _ if self.frames.len() == 1 => self.top_level_word()?,
            _ => {}
        }
        self.after_operator = is_operator(token.text);
        self.after_term = ends_term(token);
        self.walk = match (token.text, self.walk) {
            (".", _) => Walk::Dot,
            ("walk", Walk::No | Walk::Name) => Walk::Name,
            _ => Walk::No,
        };
        Ok(())
    }

    fn open(&mut self, bracket: &str) -> Result<(), String> {
        let around = self.innermost();
        let kind = match bracket {
            "(" => Kind::Parentheses,
            "{" if self.after_term => Kind::Body,
            _ => Kind::Literal,
        };
        let literal = kind == Kind::Literal;
        let doubled = literal && around.twice;
        let readings = if doubled { around.readings.saturating_mul(2) } else { around.readings };
        let literals = around.literals + u32::from(literal);
        if literal {
            self.readings = self.readings.saturating_add(readings);
        }
        if literals > self.literal_depth && readings > 2 {
            return Err(format!(
                "literals are nested deeper than {} (limit `policyDepth`), which the Rego parser cannot read in \
                 reasonable time: move the literal to a data file, or name its inner parts",
                self.literal_depth
            ));
        }
        if readings > READINGS || self.readings > READINGS_OF_MODULE {
            return Err("the module's nested literals take the Rego parser too long: move them to a data file".into());
        }
        if self.frames.len() > BRACKETS {
            return Err(format!("brackets are nested deeper than {BRACKETS}"));
        }
        let lone_walk = bracket == "(" && self.walk == Walk::Name;
        let twice = literal || (around.twice && kind == Kind::Parentheses);
        self.frames.push(Frame { kind, twice, readings, literals, operators: self.operators, lone_walk });
        self.operators = 0;
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        if self.frames.len() > 1
            && let Some(frame) = self.frames.pop()
        {
            self.operators = frame.operators;
            if frame.lone_walk {
                return Err("`walk` must be written with its output: `walk(x, [path, value])`".into());
            }
        }
        Ok(())
    }

    fn next_item(&mut self) {
        self.operators = 0;
        if let Some(frame) = self.frames.last_mut() {
            frame.twice &= frame.kind != Kind::Literal;
            frame.lone_walk = false;
        }
    }

    /// A `|` may also be a union of sets; a comprehension is the worse case.
    fn comprehension(&mut self) {
        self.operators += 1;
        if let Some(frame) = self.frames.last_mut().filter(|frame| frame.kind == Kind::Literal) {
            frame.kind = Kind::Body;
            frame.twice = true;
            self.operators = 0;
        }
    }

    fn next_statement(&mut self) {
        self.operators = 0;
        let nested = self.frames.len() > 1;
        if let Some(frame) = self.frames.last_mut().filter(|frame| frame.kind == Kind::Body && nested) {
            frame.twice = true;
        }
    }

    fn assignment(&mut self) {
        self.operators = 0;
        if let Some(frame) = self.frames.last_mut().filter(|frame| frame.kind == Kind::Body) {
            frame.twice = false;
        }
    }

    fn operator(&mut self) -> Result<(), String> {
        self.operators += 1;
        if self.operators > OPERATORS {
            return Err(format!("one expression has more than {OPERATORS} operators: give its parts names"));
        }
        Ok(())
    }

    fn top_level_word(&mut self) -> Result<(), String> {
        self.top_level_words += 1;
        if self.top_level_words > TOP_LEVEL_WORDS {
            return Err("the module has too many rules: split it, or move its constants to a data file".into());
        }
        Ok(())
    }

    fn innermost(&self) -> Frame {
        self.frames.last().copied().unwrap_or(OUTERMOST)
    }
}

fn is_operator(text: &str) -> bool {
    matches!(
        text,
        "+" | "-" | "*" | "/" | "%" | "&" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "=" | "." | "in" | "not" | "with"
    )
}

fn ends_term(token: &Token<'_>) -> bool {
    match token.text {
        "]" | "}" | ")" => true,
        "if" | "else" => true,
        "in" | "not" | "with" | "as" | "contains" | "some" | "every" | "default" => false,
        text => token.quoted || text.starts_with(|c: char| c.is_alphanumeric() || c == '_'),
    }
}
