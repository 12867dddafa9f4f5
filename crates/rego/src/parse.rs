//! From a module's text to its tree. It never reads a text twice but for the few words that OPA itself reads in two
//! ways, and those are remembered: the work is linear in the text, and recursion is as deep as `Limits::depth`.

mod metadata;
mod module;
mod rule;
mod statement;
mod term;

use std::collections::BTreeSet;

use crate::ast::{Body, Future, Module, Version};
use crate::lex::{self, Kind, MOST_PROBLEMS, Token};
use crate::nearest::nearest;
use crate::problem::{Problem, ProblemCode};
use crate::source::{Sources, Span};

/// What a text may measure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// The bytes of a module. `policy-bytes`.
    pub bytes: usize,
    /// The levels of its tree. `policy-depth`.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 1 << 20, depth: 128 }
    }
}

/// Reads a module. Without a version it is version 1; if only version 0 can be read, it is that.
pub fn module(sources: &Sources, file: u32, version: Option<Version>, limits: &Limits) -> Result<Module, Vec<Problem>> {
    let (text, lexed) = read(sources, file, limits)?;
    let attempt = |version| Parser::new(text, file, &lexed.tokens, version, limits).module(&lexed.comments);
    match version {
        Some(version) => attempt(version),
        None => attempt(Version::V1).or_else(|problems| {
            if problems.iter().any(|problem| matches!(problem.code, ProblemCode::Limit(_))) {
                return Err(problems);
            }
            attempt(Version::V0).map_err(|older| the_clearer(problems, older))
        }),
    }
}

/// Reads a query: statements, divided by new lines or `;`.
pub fn query(
    sources: &Sources,
    file: u32,
    version: Version,
    future: Future,
    limits: &Limits,
) -> Result<Body, Vec<Problem>> {
    let (text, lexed) = read(sources, file, limits)?;
    let mut parser = Parser::new(text, file, &lexed.tokens, version, limits);
    parser.future = future;
    match parser.statements(Kind::End) {
        Ok(body) if parser.problems.is_empty() => Ok(body),
        _ => Err(parser.problems),
    }
}

fn read<'a>(sources: &'a Sources, file: u32, limits: &Limits) -> Result<(&'a str, lex::Tokens), Vec<Problem>> {
    let text = sources.file(file).map(|source| source.text.as_str()).unwrap_or_default();
    if text.len() > limits.bytes {
        let span = Span { file, start: 0, end: 0 };
        let message = format!("the text has {} bytes, more than {}", text.len(), limits.bytes);
        let problem = Problem::new(ProblemCode::Limit("policy-bytes"), span, message);
        return Err(vec![problem.help("split the module, or move data into a document")]);
    }
    let lexed = lex::tokens(text, file);
    if lexed.problems.is_empty() { Ok((text, lexed)) } else { Err(lexed.problems) }
}

const IF_IS_MISSING: &str = "`if` is missing before the body";
const CONTAINS_IS_MISSING: &str = "`contains` is missing in a rule that adds to a set";

/// What to say of a text that neither version reads: what is wrong as version 1, unless most of that is the style of
/// version 0. Then what is wrong as version 0, and the first thing that makes it that.
fn the_clearer(problems: Vec<Problem>, older: Vec<Problem>) -> Vec<Problem> {
    let style = |problem: &&Problem| [IF_IS_MISSING, CONTAINS_IS_MISSING].contains(&problem.message.as_str());
    match problems.iter().find(style) {
        Some(first) if older.len() < problems.len() => {
            let mut clearer = older;
            clearer.push(
                first.clone().help("the text looks like Rego v0: it loads as that once the other problems are mended"),
            );
            clearer.sort_by_key(|problem| problem.span.start);
            clearer
        }
        _ => problems,
    }
}

/// What was read is not what was wanted. The problem is in [`Parser::problems`].
struct Failed;

type Parsed<T> = Result<T, Failed>;

struct Parser<'a> {
    text: &'a str,
    file: u32,
    tokens: &'a [Token],
    at: usize,
    version: Version,
    future: Future,
    /// The keywords that version 0 has only by import, as bits of [`soft`].
    soft: u8,
    problems: Vec<Problem>,
    limits: Limits,
    /// How many levels of the tree are above what is read now.
    depth: u32,
    /// The deepest level below the expression that is read now.
    deepest: u32,
    /// The numbers of the `|` that are unions, although a comprehension could stand there: `[a | b, c]`.
    unions: BTreeSet<usize>,
}

/// A word that is a keyword in version 1, and by import in version 0.
fn soft(word: &str) -> u8 {
    match word {
        "in" => 1,
        "every" => 2 | 1,
        "contains" => 4,
        "if" => 8,
        _ => 0,
    }
}

const ALL_SOFT: u8 = 15;

/// A word that is a keyword in every version.
fn hard(word: &str) -> bool {
    let words = ["as", "default", "else", "false", "import", "not", "null", "package", "some", "true", "with"];
    words.contains(&word)
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, file: u32, tokens: &'a [Token], version: Version, limits: &Limits) -> Parser<'a> {
        Parser {
            text,
            file,
            tokens,
            at: 0,
            version,
            future: Future::default(),
            soft: if version == Version::V1 { ALL_SOFT } else { 0 },
            problems: Vec::new(),
            limits: *limits,
            depth: 0,
            deepest: 0,
            unions: BTreeSet::new(),
        }
    }

    fn token(&self, at: usize) -> Token {
        let end = Token { kind: Kind::End, start: 0, end: 0, pair: 0, space: true, line: true };
        self.tokens.get(at).or(self.tokens.last()).copied().unwrap_or(end)
    }

    fn peek(&self) -> Token {
        self.token(self.at)
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn is(&self, kind: Kind) -> bool {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(Kind::End, |token| token.kind) == kind
    }

    /// Whether this mark stands here without a space before it.
    fn touches(&self, kind: Kind) -> bool {
        self.is(kind) && !self.peek().space
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.is(kind);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, kind: Kind, wanted: &str) -> Parsed<Token> {
        if self.is(kind) { Ok(self.next()) } else { Err(self.unexpected(wanted)) }
    }

    fn written(&self, token: Token) -> &'a str {
        self.written_at(self.span(token))
    }

    fn written_at(&self, span: Span) -> &'a str {
        let index = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        self.text.get(index(span.start)..index(span.end)).unwrap_or_default()
    }

    /// The name at this token; empty if there is none.
    fn word_at(&self, at: usize) -> &'a str {
        let token = self.token(at);
        if token.kind == Kind::Name { self.written(token) } else { "" }
    }

    /// Whether this word stands here as a keyword: it is one now, and no reference begins with it.
    fn is_word(&self, word: &str) -> bool {
        self.is_word_at(self.at, word)
    }

    fn is_word_at(&self, at: usize, word: &str) -> bool {
        self.word_at(at) == word && self.is_keyword(word) && !self.begins_reference(at)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    fn is_keyword(&self, word: &str) -> bool {
        match word {
            "and" => self.future.and,
            "or" => self.future.or,
            _ => hard(word) || (soft(word) != 0 && self.soft & soft(word) == soft(word)),
        }
    }

    /// Whether a `.` or `[` touches the end of this token.
    fn begins_reference(&self, at: usize) -> bool {
        let next = self.token(at + 1);
        matches!(next.kind, Kind::Dot | Kind::LeftBracket) && !next.space
    }

    /// The number of the token after this one, or after the group or template string that it opens.
    fn after(&self, at: usize) -> usize {
        let mut last = at;
        while self.token(last).pair > last {
            last = self.token(last).pair;
        }
        last + 1
    }

    fn span(&self, token: Token) -> Span {
        Span { file: self.file, start: token.start, end: token.end }
    }

    /// From a token to the one that was read last.
    fn since(&self, first: Token) -> Span {
        self.span(first).to(self.span(self.token(self.at.saturating_sub(1))))
    }

    /// One level down the tree.
    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        self.bounded()
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// What was read of the expression goes one level down.
    fn wrap(&mut self) -> Parsed<()> {
        self.deepest += 1;
        self.bounded()
    }

    fn bounded(&mut self) -> Parsed<()> {
        if self.deepest <= self.limits.depth {
            return Ok(());
        }
        let message = format!("nested more than {} levels deep", self.limits.depth);
        let problem = Problem::new(ProblemCode::Limit("policy-depth"), self.span(self.peek()), message);
        self.problems.push(problem.help("name the inner parts by rules or variables of their own"));
        Err(Failed)
    }

    fn problem(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem::new(ProblemCode::Parse, span, message).help(help));
        }
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) -> Failed {
        self.problem(span, message, help);
        Failed
    }

    /// The token here is not what was wanted.
    #[cold]
    #[inline(never)]
    fn unexpected(&mut self, wanted: &str) -> Failed {
        let token = self.peek();
        let written = lex::shorten(self.written(token).lines().next().unwrap_or_default());
        let found = match token.kind {
            Kind::End => "the end of the text".to_owned(),
            _ => format!("`{written}`"),
        };
        let mut problem =
            Problem::new(ProblemCode::Parse, self.span(token), format!("expected {wanted}, found {found}"));
        problem.help = self.advice(wanted);
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        }
        Failed
    }

    /// What may be meant by a word that is no keyword yet, or by one that is.
    fn advice(&self, wanted: &str) -> Option<String> {
        let here = self.word_at(self.at);
        let before = self.word_at(self.at.wrapping_sub(1));
        if let Some(word) = [here, before]
            .into_iter()
            .find(|word| (soft(word) != 0 || ["and", "or"].contains(word)) && !self.is_keyword(word))
        {
            return Some(format!("`import future.keywords.{word}` makes `{word}` a keyword"));
        }
        if let Some(meant) = [here, before].into_iter().find_map(|word| self.meant(word)) {
            return Some(format!("did you mean `{meant}`?"));
        }
        if self.is_keyword(here) && wanted == A_VALUE {
            return Some(format!("`{here}` is a keyword: choose another name, or write it after a dot or in brackets"));
        }
        if ["and", "or"].contains(&here) {
            return Some(format!("`{here}` stands between statements, not inside of a value"));
        }
        match self.peek().kind {
            Kind::Unify if wanted == A_VALUE => Some("compare with `==`, assign with `:=`".to_owned()),
            Kind::Ampersand | Kind::Bar if wanted == A_VALUE => {
                Some("statements on lines of their own must all hold; rules of one name are alternatives".to_owned())
            }
            Kind::Semicolon => Some("`;` stands only between two statements".to_owned()),
            _ => None,
        }
    }
}

impl Parser<'_> {
    /// The keyword that may be meant by a word that is none.
    fn meant(&self, word: &str) -> Option<&'static str> {
        // A shorter word is near to everything.
        if let Some((_, meant)) =
            [("fi", "if"), ("iff", "if"), ("ni", "in"), ("sa", "as")].iter().find(|pair| pair.0 == word)
        {
            return Some(meant);
        }
        if self.is_keyword(word) { None } else { nearest(word, KEYWORDS.into_iter()) }
    }
}

/// The keywords that are long enough to be misspelled.
const KEYWORDS: [&str; 9] = ["contains", "default", "else", "every", "import", "not", "package", "some", "with"];

const A_VALUE: &str = "a value";
