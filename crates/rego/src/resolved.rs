//! Modules after `check`: every name is resolved, every body is in an order in which it can be evaluated, and what is
//! written in many ways is written in one. `plan` makes the program from it.
//!
//! What `check` has done:
//!
//! - A variable is a local of its rule, by number; a wildcard is a local of its own. A name of a rule, an import or a
//!   package is a reference below `data` or `input`. The name of a function is that function.
//! - A body's statements stand in an order in which what a statement needs is bound by those before it. In a statement,
//!   locals without a value yet may stand only where it can give them one: as a key of a reference (it is then tried
//!   with every key), in an array or as a value of an object that is unified with a value, as an output (`Each`,
//!   `Every`, parameters).
//! - `a = b` and `a := b` are `Unify`; one side can always be evaluated (both may be arrays or objects with locals on
//!   both sides: those are taken apart first). `f(x, y)` with one argument too many is `y = f(x)`.
//! - `x in xs` is the builtin `internal.member_2`, `k, v in xs` is `internal.member_3`; operators are builtins by name.
//! - `not`, by default: what stands inside as an argument is bound before the `Not`. With `future.keywords.not` it all
//!   stays inside.
//! - A local declared in a body of its own (a comprehension, `every`, `not`) is another local than one of that name
//!   outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ast::{Metadata, Version};
use crate::source::Span;
use crate::value::Value;

/// All modules together.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// Every rule, in the order of the modules and within them.
    pub rules: Vec<Rule>,
    /// Where they stand below `data`.
    pub root: Node,
    /// What there is to know of each module, in their order.
    pub modules: Vec<ModuleFacts>,
    /// Every `not` whose meaning `future.keywords.not` would change: what stands inside as an argument may be undefined.
    pub not_hoisted: Vec<Span>,
    /// What is read below `data` where no module has anything: a document may provide it, or it is a mistake.
    pub unprovided: Vec<Unprovided>,
}

/// A reference below `data` to what no module defines.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unprovided {
    /// The constant keys that it begins with.
    pub path: Vec<Arc<str>>,
    /// Where it stands.
    pub span: Span,
}

/// What there is to know of a module beside its rules.
#[derive(Clone, Debug)]
pub struct ModuleFacts {
    /// The number of its file.
    pub file: u32,
    /// Which Rego it is written in.
    pub version: Version,
    /// Its package.
    pub package: Vec<Arc<str>>,
    /// Its METADATA. The numbers of rules in it are those of [`Resolved::rules`].
    pub metadata: Vec<Metadata>,
}

/// A place below `data`: rules that define it, and places below it.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// The rules that define the document here, by number: all are functions, or none is.
    pub rules: Vec<usize>,
    /// The places below it.
    pub below: BTreeMap<Arc<str>, Node>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The path below `data`, as far as it is constant: the package, then the head.
    pub path: Vec<Arc<str>>,
    /// The keys after it, from the first that is no string constant: evaluated after the body. A rule with keys defines
    /// members of an object, as deep as it has keys.
    pub keys: Vec<Expr>,
    /// What it defines there.
    pub kind: RuleKind,
    /// Whether it gives the value where no other rule does. It then has one branch without statements.
    pub default: bool,
    /// The body, then every `else`: the first that holds gives the value.
    pub branches: Vec<Branch>,
    /// The names of its locals, by number; `_` for wildcards and for those that no one wrote.
    pub locals: Vec<Arc<str>>,
    /// All of it.
    pub span: Span,
    /// Its head.
    pub head: Span,
}

/// What a rule defines.
#[derive(Clone, Debug)]
pub enum RuleKind {
    /// The value of its branch.
    Value,
    /// Elements of a set: the value of its branch is the element.
    Set,
    /// A function of these parameters: patterns, which bind locals.
    Function(Vec<Expr>),
}

/// A body and its value.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The body.
    pub body: Block,
    /// The value, evaluated after it.
    pub value: Expr,
    /// All of it.
    pub span: Span,
}

/// Statements that must all hold, in the order of evaluation.
pub type Block = Vec<Statement>;

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it says.
    pub kind: StatementKind,
    /// The statement as it is written: several have one span where one was taken apart.
    pub span: Span,
}

/// What a statement says.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// It is defined and not `false`.
    Test(Expr),
    /// Both are the same value; locals without a value get one.
    Unify(Expr, Expr),
    /// For each key and value of the domain.
    Each {
        /// The key: a pattern.
        key: Option<Expr>,
        /// The value: a pattern.
        value: Expr,
        /// What is looked through.
        domain: Expr,
    },
    /// The block holds for every key and value of the domain.
    Every {
        /// The key: a local.
        key: Option<Expr>,
        /// The value: a local.
        value: Expr,
        /// What is looked through.
        domain: Expr,
        /// What must hold.
        block: Block,
    },
    /// The block holds in no way.
    Not(Block),
    /// One of the blocks holds.
    Or(Vec<Block>),
    /// The block holds while these stand in for what they name.
    With(Vec<With>, Block),
}

/// A stand-in.
#[derive(Clone, Debug)]
pub struct With {
    /// What it stands in for.
    pub target: Target,
    /// What stands there.
    pub value: StandIn,
    /// All of it.
    pub span: Span,
}

/// What a `with` replaces.
#[derive(Clone, Debug)]
pub enum Target {
    /// A path below `input`.
    Input(Vec<Value>),
    /// A path below `data`.
    Data(Vec<Value>),
    /// A function.
    Function(Function),
}

/// What a `with` puts there.
#[derive(Clone, Debug)]
pub enum StandIn {
    /// A value.
    Value(Expr),
    /// Another function: only for a function.
    Function(Function),
}

/// A function.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Function {
    /// A builtin, by its name.
    Builtin(Arc<str>),
    /// Rules, by their path below `data`.
    Rule(Vec<Arc<str>>),
}

/// An expression and where it stands.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A value, also an array, object or set of constants.
    Constant(Value),
    /// A local.
    Local(u32),
    /// `input`.
    Input,
    /// `data`.
    Data,
    /// A reference: what it begins with, and its keys.
    Reference(Box<Expr>, Vec<Expr>),
    /// An array.
    Array(Vec<Expr>),
    /// A set.
    Set(Vec<Expr>),
    /// An object.
    Object(Vec<(Expr, Expr)>),
    /// `[x | ...]`.
    ArrayOf(Box<Expr>, Block),
    /// `{x | ...}`.
    SetOf(Box<Expr>, Block),
    /// `{k: v | ...}`.
    ObjectOf(Box<(Expr, Expr)>, Block),
    /// A call.
    Call(Function, Vec<Expr>),
    /// A template string.
    Template(Vec<Piece>),
}

/// A part of a template string.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Text.
    Text(Arc<str>),
    /// An expression, evaluated by itself: all its statements and then the value, or `<undefined>`.
    Value(Block, Expr),
}
