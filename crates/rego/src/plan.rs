//! From resolved modules to a flat program.
//!
//! A body becomes a list of instructions. What gives several results (a scan, a walk) leaves a place to come back to;
//! whatever fails goes back to the newest. Which local is bound where is known here, so every local and every value on
//! the way has a register of its own: patterns are taken apart by plain instructions and no binding is ever undone.
//!
//! Each place below `data` is a document with code of its own: the rules that define it, a function, or, where no rule
//! stands, all that is below it.

mod block;
mod document;
mod expr;
mod pattern;
mod shared;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::builtins::{Builtin, Registry};
use crate::resolved::{Block, Resolved};
use crate::source::Span;
use crate::value::Value;

/// A program. It never changes while it runs, so machines share it.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) ops: Vec<Op>,
    /// Where instructions come from: the first instruction of a run with one span.
    pub(crate) spans: Vec<(u32, Span)>,
    pub(crate) constants: Vec<Value>,
    pub(crate) paths: Vec<Box<[Value]>>,
    pub(crate) lists: Vec<Arg>,
    pub(crate) calls: Vec<Call>,
    pub(crate) withs: Vec<With>,
    pub(crate) members: Vec<Member>,
    pub(crate) builtins: Vec<NamedBuiltin>,
    pub(crate) documents: Vec<Document>,
    /// What coverage and explanations speak of, in the order of their first instructions.
    pub(crate) statements: Vec<Statement>,
}

/// The number of a document in its program.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct DocumentId(pub(crate) u32);

/// A query that was added to a program.
#[derive(Clone, Debug)]
pub struct Query {
    pub(crate) document: u32,
    /// The locals that it binds, wildcards left out.
    pub names: Vec<Arc<str>>,
}

/// A register: its number within the window of its document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Reg(pub u32);

/// A register, or a constant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Arg(pub u32);

/// A document's code.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub kind: Kind,
    /// The path below `data`.
    pub path: Vec<Arc<str>>,
    /// The first instruction.
    pub start: u32,
    /// The instruction after the last.
    pub end: u32,
    /// How many registers its code needs.
    pub registers: u32,
    /// The documents below it, by name; none if its rules define all that is below.
    pub below: BTreeMap<Arc<str>, u32>,
    /// All of the first rule's head.
    pub span: Span,
    /// Whether no input and no stand-in changes it: it needs neither, nor does anything that it needs.
    pub shared: bool,
}

/// What a document is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// No rule: the documents below it and the data at its path.
    Package,
    /// One value.
    Value,
    /// A set.
    Set,
    /// An object, made of members as deep as their rules' keys.
    Members,
    /// A function with this many arguments.
    Function(u32),
    /// A query: its solutions.
    Query,
}

/// A statement, for coverage and explanations.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub span: Span,
    pub what: Part,
    /// The first instruction: when it runs, the statement was entered.
    pub start: u32,
    /// The instruction after the last: when it runs, the statement held.
    pub end: u32,
    pub document: u32,
    /// The locals of the rule that the statement speaks of.
    pub locals: Vec<(Arc<str>, Reg)>,
}

/// What a [`Statement`] is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Part {
    /// A statement of a body.
    Statement,
    /// A body and its value: a rule's or an `else`'s.
    Branch,
}

/// A builtin that the program names.
#[derive(Clone, Debug)]
pub(crate) struct NamedBuiltin {
    pub name: Arc<str>,
    pub builtin: Option<Builtin>,
}

/// A function.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Callee {
    Builtin(u32),
    Document(u32),
}

/// A call. Its arguments are in [`Program::lists`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub callee: Callee,
    pub list: u32,
    pub count: u32,
}

/// All stand-ins of a statement.
#[derive(Clone, Debug)]
pub(crate) struct With {
    pub targets: Vec<(Target, StandIn)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Target {
    Input(Box<[Value]>),
    Data(Box<[Value]>),
    Function(Callee),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum StandIn {
    Value(Arg),
    Function(Callee),
}

/// What a rule with keys defines.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub keys: Box<[Arg]>,
    pub value: Arg,
    /// Whether the value is an element of a set there.
    pub element: bool,
}

/// What is compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is collected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Collection {
    Array,
    Set,
    Object,
}

/// An instruction. What gives no value fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    Move {
        to: Reg,
        from: Arg,
    },
    /// `input`.
    Input {
        to: Reg,
    },
    /// A constant path below `input`.
    InputPath {
        to: Reg,
        path: u32,
    },
    /// A constant path below a value.
    Path {
        to: Reg,
        from: Arg,
        path: u32,
    },
    /// What is at a key.
    Get {
        to: Reg,
        from: Arg,
        key: Arg,
    },
    /// A constant path in the data that no rule defines.
    Base {
        to: Reg,
        path: u32,
    },
    /// A document.
    Document {
        to: Reg,
        document: u32,
    },
    /// A function of the program.
    Call {
        to: Reg,
        call: u32,
    },
    /// A builtin.
    Builtin {
        to: Reg,
        call: u32,
    },
    Array {
        to: Reg,
        list: u32,
        count: u32,
    },
    Set {
        to: Reg,
        list: u32,
        count: u32,
    },
    /// `count` members: keys and values by turns.
    Object {
        to: Reg,
        list: u32,
        count: u32,
    },
    /// Each key and value of a collection.
    Scan {
        from: Arg,
        key: Reg,
        value: Reg,
    },
    /// Each path and value within a value, itself included. A path that no one asks for is not made.
    Walk {
        from: Arg,
        path: Reg,
        value: Reg,
    },
    /// Where a document and data are. Two registers are a place: the number of a package, or null; and the data there,
    /// or null.
    Place {
        to: Reg,
        document: u32,
    },
    /// A step below a place, by a key that is known only now.
    Enter {
        to: Reg,
        from: Reg,
        key: Arg,
    },
    /// Each key of a place.
    Keys {
        from: Reg,
        key: Reg,
    },
    /// The value of a place.
    Whole {
        to: Reg,
        from: Reg,
    },
    /// It is not `false`.
    Test {
        of: Arg,
    },
    /// Both are the same value.
    Same {
        left: Arg,
        right: Arg,
    },
    Compare {
        what: Comparison,
        to: Reg,
        left: Arg,
        right: Arg,
    },
    /// As a statement: the comparison holds.
    Holds {
        what: Comparison,
        left: Arg,
        right: Arg,
    },
    /// It is an array of so many items.
    IsArray {
        of: Arg,
        count: u32,
    },
    /// It is an object of so many members.
    IsObject {
        of: Arg,
        count: u32,
    },
    /// It has keys and values.
    IsCollection {
        of: Arg,
    },
    /// The item of an array.
    Item {
        to: Reg,
        from: Arg,
        index: u32,
    },
    /// What fails from here on goes on there, once.
    Barrier {
        resume: u32,
    },
    /// A barrier; the register remembers it.
    Mark {
        mark: Reg,
        resume: u32,
    },
    /// Forgets a mark and all that came after it.
    Cut {
        mark: Reg,
    },
    Fail,
    /// Fails to try the next: nothing is wrong here.
    Next,
    Jump {
        to: u32,
    },
    /// A chain of `else` branches begins.
    Chain,
    /// Goes there if a branch of the chain has held.
    Otherwise {
        to: u32,
    },
    /// Goes there if the document has a value.
    Default {
        to: u32,
    },
    /// Begins a comprehension.
    Open {
        what: Collection,
    },
    /// Adds to it; only an object has keys.
    Push {
        what: Collection,
        key: Arg,
        value: Arg,
    },
    /// Ends it.
    Close {
        what: Collection,
        to: Reg,
    },
    /// A value of the document. If no other solution can give another one, this is the last of its branch.
    Yield {
        of: Arg,
        last: bool,
    },
    /// The value of the document: no solution of no rule can give another one.
    Return {
        of: Arg,
    },
    /// An element of the document.
    Add {
        of: Arg,
    },
    /// A member of the document.
    Insert {
        member: u32,
    },
    /// A document below a package is a member of it.
    Below {
        key: Arg,
        value: Arg,
    },
    /// A solution of a query.
    Solution {
        list: u32,
        count: u32,
    },
    /// From here on, these stand in. The register remembers what was.
    With {
        saved: Reg,
        with: u32,
    },
    EndWith {
        saved: Reg,
    },
    /// Goes there if no one wants what is printed.
    Quiet {
        to: u32,
    },
    /// Prints sets of one value or none.
    Print {
        list: u32,
        count: u32,
    },
}

impl Program {
    /// The program of these modules.
    pub fn new(resolved: &Resolved, registry: &Registry) -> Program {
        document::program(resolved, registry)
    }

    /// Adds a query.
    pub fn query(&mut self, registry: &Registry, block: &Block, locals: &[Arc<str>]) -> Query {
        document::query(self, registry, block, locals)
    }

    /// The document at a path below `data`, if rules stand there or below.
    pub fn document<S: AsRef<str>>(&self, path: &[S]) -> Option<DocumentId> {
        let mut at = 0;
        for name in path {
            at = *self.document_at(at)?.below.get(name.as_ref())?;
        }
        Some(DocumentId(at))
    }

    /// Where an instruction comes from.
    pub(crate) fn span(&self, at: u32) -> Span {
        let after = self.spans.partition_point(|(first, _)| *first <= at);
        after.checked_sub(1).and_then(|index| self.spans.get(index)).map(|(_, span)| *span).unwrap_or_default()
    }

    pub(crate) fn path(&self, path: u32) -> &[Value] {
        self.paths.get(path as usize).map(|path| &**path).unwrap_or_default()
    }

    pub(crate) fn document_at(&self, document: u32) -> Option<&Document> {
        self.documents.get(document as usize)
    }
}

impl Kind {
    /// Whether its parts rest on something of their own.
    pub fn has_elements(self) -> bool {
        matches!(self, Kind::Set | Kind::Members | Kind::Package)
    }
}

impl Reg {
    /// No register: the result is not wanted.
    pub const NONE: Reg = Reg(u32::MAX);
}

impl Arg {
    const CONSTANT: u32 = 1 << 31;

    pub fn constant(index: u32) -> Arg {
        Arg(index | Arg::CONSTANT)
    }

    /// The number of the constant, if it is one.
    pub fn as_constant(self) -> Option<u32> {
        (self.0 & Arg::CONSTANT != 0).then_some(self.0 & !Arg::CONSTANT)
    }
}

impl From<Reg> for Arg {
    fn from(register: Reg) -> Arg {
        Arg(register.0)
    }
}

const _: () = assert!(size_of::<Op>() <= 16);
