//! A module as it is written, with the span of every part. Version 0 and version 1 give the same tree: what they write
//! differently is told apart by the parser.

use std::sync::Arc;

use crate::number::Number;
use crate::source::Span;

/// One module.
#[derive(Clone, Debug)]
pub struct Module {
    /// The number of its file.
    pub file: u32,
    /// Which Rego it is written in.
    pub version: Version,
    /// What its imports of `future.keywords` and `rego.v1` switch on beyond its version.
    pub future: Future,
    /// The parts of its package: `a.b["c-d"]` are three.
    pub package: Vec<Name>,
    /// Its imports of `data` and `input`, and the others as they are written.
    pub imports: Vec<Import>,
    /// Its rules, in order.
    pub rules: Vec<Rule>,
    /// Its METADATA blocks, in order.
    pub metadata: Vec<Metadata>,
}

/// Which Rego a module is written in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Version {
    /// As before OPA 1.0: `deny[msg] { ... }`.
    V0,
    /// As since OPA 1.0: `deny contains msg if { ... }`.
    V1,
}

/// Meanings that a module asks for by import.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Future {
    /// `future.keywords.not`: `not` is a closure, and may have a body.
    pub not: bool,
    /// `future.keywords.and`.
    pub and: bool,
    /// `future.keywords.or`.
    pub or: bool,
}

/// A name and where it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Name {
    pub text: Arc<str>,
    pub span: Span,
}

/// An import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The parts of the path: the first is `data`, `input`, `rego` or `future`.
    pub path: Vec<Name>,
    /// The name after `as`.
    pub alias: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// A rule, with its `else` branches.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Whether it begins with `default`.
    pub default: bool,
    /// What it defines.
    pub head: Head,
    /// Its body. A rule without one is true; its body is empty.
    pub body: Body,
    /// Its `else` branches, in order.
    pub otherwise: Vec<Else>,
    /// All of it.
    pub span: Span,
}

/// What a rule defines. `p := 1`, `p.q[x] := y`, `p contains x`, `f(x) := y`.
#[derive(Clone, Debug)]
pub struct Head {
    /// The name, then what follows it: constants or variables. `p.q[x]` is `p`, then `"q"` and `x`.
    pub name: Name,
    /// See `name`.
    pub keys: Vec<Term>,
    /// The parameters of a function.
    pub parameters: Option<Vec<Term>>,
    /// What a rule of a set adds to it. Version 0 writes `p[x]` for it.
    pub contains: Option<Term>,
    /// The value; `true` if none is written.
    pub value: Option<Term>,
    /// All of it.
    pub span: Span,
}

/// An `else` branch.
#[derive(Clone, Debug)]
pub struct Else {
    /// The value; `true` if none is written.
    pub value: Option<Term>,
    /// The body; empty if none is written.
    pub body: Body,
    /// All of it.
    pub span: Span,
}

/// Statements that must all hold.
pub type Body = Vec<Statement>;

/// A statement and what it is evaluated with.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it says.
    pub kind: StatementKind,
    /// Its `with` modifiers, in order.
    pub with: Vec<With>,
    /// All of it.
    pub span: Span,
}

/// What a statement says.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// A term that must be defined and not `false`.
    Term(Term),
    /// `a = b`.
    Unify(Term, Term),
    /// `a := b`.
    Assign(Term, Term),
    /// `some x, y`.
    Some(Vec<Name>),
    /// `some k, v in xs`.
    SomeIn {
        /// `k`.
        key: Option<Term>,
        /// `v`.
        value: Term,
        /// `xs`.
        domain: Term,
    },
    /// `every k, v in xs { ... }`.
    Every {
        /// `k`: a variable or a wildcard.
        key: Option<Term>,
        /// `v`: a variable or a wildcard.
        value: Term,
        /// `xs`.
        domain: Term,
        /// What must hold for each.
        body: Body,
    },
    /// `not x`. Only `future.keywords.not` allows `not { ... }`.
    Not(Operand),
    /// `a or b or c`: one of them must hold. Only `future.keywords.or` allows it.
    Or(Vec<Operand>),
    /// `a and b and c`: all must hold. Only `future.keywords.and` allows it.
    And(Vec<Operand>),
}

/// What `not`, `or` and `and` stand before or between.
#[derive(Clone, Debug)]
pub struct Operand {
    /// One statement, or any number in braces.
    pub body: Body,
    /// Whether it stands in braces. Variables that `=` binds in braces are its own; without braces they are bound
    /// outside of it, or unsafe.
    pub braces: bool,
}

/// `with target as value`.
#[derive(Clone, Debug)]
pub struct With {
    /// A path below `input` or `data`, or the name of a function.
    pub target: Term,
    /// What stands there.
    pub value: Term,
    /// All of it.
    pub span: Span,
}

/// A term and where it stands.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Term {
    pub kind: TermKind,
    pub span: Span,
}

/// What a term is.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum TermKind {
    Null,
    Boolean(bool),
    Number(Number),
    String(Arc<str>),
    /// `$"a {b} c"`.
    Template(Vec<Piece>),
    /// A variable, or the name of a rule, an import, a function: `check` says which.
    Variable(Arc<str>),
    /// `_`.
    Wildcard,
    /// `a.b[c]`: `a`, then `"b"` and `c`.
    Reference(Box<Term>, Vec<Term>),
    Array(Vec<Term>),
    Set(Vec<Term>),
    Object(Vec<(Term, Term)>),
    /// `[x | ...]`.
    ArrayOf(Box<Term>, Body),
    /// `{x | ...}`.
    SetOf(Box<Term>, Body),
    /// `{k: v | ...}`.
    ObjectOf(Box<(Term, Term)>, Body),
    Call(Callee, Vec<Term>),
}

/// A part of a template string.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Text.
    Text(Arc<str>),
    /// `{...}`, and what it is evaluated with: undefined becomes the text `<undefined>`.
    Value(Term, Vec<With>),
}

/// What is called.
#[derive(Clone, Debug)]
pub enum Callee {
    /// A function by its name, a variable or a reference: `count`, `regex.match`, `data.lib.f`.
    Named(Box<Term>),
    /// An operator.
    Operator(Operator),
}

/// The operators. `x in xs` has two arguments, `k, v in xs` three; all others two, but `Negate`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Multiply,
    Divide,
    Remainder,
    /// `&`.
    Intersection,
    /// `|`.
    Union,
    In,
}

/// A METADATA block: comments that begin with `# METADATA`, read as YAML.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// What it says, as JSON.
    pub value: crate::value::Value,
    /// What it is about.
    pub scope: Scope,
    /// All of its lines.
    pub span: Span,
}

/// What a METADATA block is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// The rule with this number.
    Rule(usize),
    /// All rules of the document that the rule with this number defines, in this module.
    Document(usize),
    /// The package.
    Package,
    /// The package and those below it.
    Subpackages,
}

impl Operator {
    /// The name of the builtin function behind it.
    pub fn name(self) -> &'static str {
        match self {
            Operator::Equal => "equal",
            Operator::NotEqual => "neq",
            Operator::Less => "lt",
            Operator::LessOrEqual => "lte",
            Operator::Greater => "gt",
            Operator::GreaterOrEqual => "gte",
            Operator::Plus => "plus",
            Operator::Minus => "minus",
            Operator::Multiply => "mul",
            Operator::Divide => "div",
            Operator::Remainder => "rem",
            Operator::Intersection => "and",
            Operator::Union => "or",
            Operator::In => "internal.member_2",
        }
    }
}
