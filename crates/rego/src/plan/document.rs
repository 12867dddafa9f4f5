//! Documents: what stands at each place below `data`.

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

use super::shared;
use super::{Arg, Callee, Document, Kind, Member, NamedBuiltin, Op, Part, Program, Query, Reg, Statement};
use crate::builtins::Registry;
use crate::resolved::{Block, Branch, Expr, ExprKind, Function, Node, Resolved, Rule, RuleKind};
use crate::source::Span;
use crate::value::Value;

/// Makes a program.
pub(super) struct Builder<'a> {
    pub program: Program,
    registry: &'a Registry,
    builtins: BTreeMap<Arc<str>, u32>,
    scalars: BTreeMap<Value, u32>,
    pub scope: Scope,
    span: Span,
    /// The locals of the rule that were spoken of, in order: a statement takes those since it began.
    spoken: Vec<u32>,
    begun: Vec<usize>,
}

/// The registers of the code that is being made.
#[derive(Default)]
pub(super) struct Scope {
    /// Which locals have a value.
    pub bound: Vec<bool>,
    /// Their names.
    pub names: Vec<Arc<str>>,
    /// The register of the first local.
    first: u32,
    next: u32,
    highest: u32,
    document: u32,
}

#[inline(never)]
pub(super) fn program(resolved: &Resolved, registry: &Registry) -> Program {
    let program = Program {
        ops: Vec::new(),
        spans: Vec::new(),
        constants: Vec::new(),
        paths: Vec::new(),
        lists: Vec::new(),
        calls: Vec::new(),
        withs: Vec::new(),
        members: Vec::new(),
        builtins: Vec::new(),
        documents: Vec::new(),
        statements: Vec::new(),
    };
    let mut builder = Builder::new(program, registry);
    // A package is a place, also without rules.
    let mut root = resolved.root.clone();
    for module in &resolved.modules {
        let mut at = &mut root;
        for name in &module.package {
            at = at.below.entry(Arc::clone(name)).or_default();
        }
    }
    // First the places, since code names documents by number, then their code.
    let mut rules = Vec::new();
    builder.place(resolved, &root, Vec::new(), &mut rules);
    for (document, rules) in rules.into_iter().enumerate() {
        let rules: Vec<&Rule> = rules.into_iter().filter_map(|number| resolved.rules.get(number)).collect();
        builder.document(document as u32, &rules);
    }
    shared::mark(&mut builder.program);
    builder.program
}

pub(super) fn query(program: &mut Program, registry: &Registry, block: &Block, locals: &[Arc<str>]) -> Query {
    let mut builder = Builder::new(mem::replace(program, Program::empty()), registry);
    let document = builder.program.documents.len() as u32;
    builder.program.documents.push(Document::new(Kind::Query, Vec::new(), Span::default()));
    let names = builder.body(document, |builder| {
        builder.scope.locals(0, locals);
        builder.block(block);
        let named = |index: &usize| builder.scope.bound.get(*index).copied().unwrap_or_default();
        let (names, args): (Vec<_>, Vec<_>) = locals
            .iter()
            .enumerate()
            .filter(|(index, name)| &***name != "_" && named(index))
            .map(|(index, name)| (Arc::clone(name), Arg::from(builder.scope.local(index as u32))))
            .unzip();
        let (list, count) = builder.list(&args);
        builder.emit(Op::Solution { list, count });
        names
    });
    *program = builder.program;
    Query { document, names }
}

impl<'a> Builder<'a> {
    fn new(program: Program, registry: &'a Registry) -> Builder<'a> {
        let numbered = |list: &[NamedBuiltin]| {
            list.iter().enumerate().map(|(index, builtin)| (Arc::clone(&builtin.name), index as u32)).collect()
        };
        let builtins = numbered(&program.builtins);
        Builder {
            program,
            registry,
            builtins,
            scalars: BTreeMap::new(),
            scope: Scope::default(),
            span: Span::default(),
            spoken: Vec::new(),
            begun: Vec::new(),
        }
    }

    /// Numbers the place and those below it. `rules` gets the rules of each document, in the order of the documents.
    fn place(&mut self, resolved: &Resolved, node: &Node, path: Vec<Arc<str>>, rules: &mut Vec<Vec<usize>>) -> u32 {
        let number = self.program.documents.len() as u32;
        let of = |number: &usize| resolved.rules.get(*number);
        let members = node.rules.iter().filter_map(of).any(|rule| !rule.keys.is_empty());
        let kind = match node.rules.iter().filter_map(of).next().map(|rule| &rule.kind) {
            None => Kind::Package,
            Some(RuleKind::Function(parameters)) => Kind::Function(parameters.len() as u32),
            Some(_) if members => Kind::Members,
            Some(RuleKind::Set) => Kind::Set,
            Some(RuleKind::Value) => Kind::Value,
        };
        let span = node.rules.iter().filter_map(of).next().map(|rule| rule.head).unwrap_or_default();
        self.program.documents.push(Document::new(kind, path.clone(), span));
        let mut own = node.rules.clone();
        if members {
            // Members at changing keys may be the same as those at constant keys: all are made together.
            below(node, &mut own);
            own.sort_unstable();
            own.dedup();
        }
        rules.push(own);
        if !members {
            for (name, child) in &node.below {
                let mut path = path.clone();
                path.push(Arc::clone(name));
                let child = self.place(resolved, child, path, rules);
                if let Some(document) = self.program.documents.get_mut(number as usize) {
                    document.below.insert(Arc::clone(name), child);
                }
            }
        }
        number
    }

    /// Makes a document's code.
    fn body<T>(&mut self, document: u32, make: impl FnOnce(&mut Self) -> T) -> T {
        let start = self.here();
        self.scope = Scope { document, ..Scope::default() };
        let made = make(self);
        let end = self.here();
        if let Some(document) = self.program.documents.get_mut(document as usize) {
            document.start = start;
            document.end = end;
            document.registers = self.scope.highest;
        }
        made
    }

    fn document(&mut self, document: u32, rules: &[&Rule]) {
        let Some(Document { kind, path, below, .. }) = self.program.document_at(document).cloned() else { return };
        self.body(document, |builder| match kind {
            Kind::Package => builder.package(&below),
            _ => builder.rules(kind, path.len(), rules),
        });
    }

    /// A member for each document below that has a value.
    fn package(&mut self, below: &BTreeMap<Arc<str>, u32>) {
        for (name, document) in below {
            let function =
                self.program.document_at(*document).is_some_and(|below| matches!(below.kind, Kind::Function(_)));
            if function {
                continue;
            }
            self.scope.restart(0);
            let to = self.temporary();
            let barrier = self.emit(Op::Fail);
            self.emit(Op::Document { to, document: *document });
            let key = self.constant(Value::String(Arc::clone(name)));
            self.emit(Op::Below { key, value: to.into() });
            self.resume_here(barrier);
        }
        self.emit(Op::Next);
    }

    fn rules(&mut self, kind: Kind, depth: usize, rules: &[&Rule]) {
        let parameters = if let Kind::Function(count) = kind { count } else { 0 };
        let sole = sole_value(kind, rules);
        let (defaults, others): (Vec<&Rule>, Vec<&Rule>) = rules.iter().partition(|rule| rule.default);
        for rule in &others {
            let chain = rule.branches.len() > 1;
            if chain {
                self.emit(Op::Chain);
            }
            let mut over = Vec::new();
            for (number, branch) in rule.branches.iter().enumerate() {
                if number > 0 {
                    over.push(self.emit(Op::Fail));
                }
                let barrier = self.emit(Op::Fail);
                self.branch(kind, depth, parameters, rule, branch, sole);
                self.resume_here(barrier);
            }
            let here = self.here();
            for at in over {
                self.set(at, Op::Otherwise { to: here });
            }
        }
        if kind == Kind::Value || parameters > 0 || matches!(kind, Kind::Function(_)) {
            for rule in defaults {
                let at = self.emit(Op::Fail);
                for branch in &rule.branches {
                    self.branch(kind, depth, parameters, rule, branch, false);
                }
                let here = self.here();
                self.set(at, Op::Default { to: here });
            }
        }
        self.emit(Op::Next);
    }

    fn branch(&mut self, kind: Kind, depth: usize, parameters: u32, rule: &Rule, branch: &Branch, sole: bool) {
        self.scope.restart(parameters);
        self.scope.locals(parameters, &rule.locals);
        self.spanned(branch.span);
        let statement = self.begin(Part::Branch, branch.span);
        if let RuleKind::Function(patterns) = &rule.kind {
            for (number, pattern) in patterns.iter().enumerate() {
                self.spanned(pattern.span);
                self.take_apart(pattern, Reg(number as u32).into());
            }
        }
        self.block(&branch.body);
        self.spanned(branch.value.span);
        let of = self.expr(&branch.value);
        self.spanned(rule.head);
        let constant = matches!(branch.value.kind, ExprKind::Constant(_));
        match kind {
            Kind::Set => {
                self.end(statement);
                self.emit(Op::Add { of });
            }
            Kind::Members => {
                let rest = rule.path.iter().skip(depth).map(|name| Value::String(Arc::clone(name)));
                let mut keys: Vec<Arg> = rest.map(|name| self.constant(name)).collect();
                keys.extend(rule.keys.iter().map(|key| self.expr(key)).collect::<Vec<_>>());
                let member = self.program.members.len() as u32;
                let element = matches!(rule.kind, RuleKind::Set);
                self.program.members.push(Member { keys: keys.into(), value: of, element });
                self.end(statement);
                self.emit(Op::Insert { member });
            }
            _ => {
                self.end(statement);
                self.emit(if sole { Op::Return { of } } else { Op::Yield { of, last: constant } });
            }
        }
    }

    pub fn here(&self) -> u32 {
        self.program.ops.len() as u32
    }

    /// Adds an instruction and returns its number.
    pub fn emit(&mut self, op: Op) -> u32 {
        let here = self.here();
        if self.program.spans.last().is_none_or(|(_, span)| *span != self.span) {
            self.program.spans.push((here, self.span));
        }
        self.program.ops.push(op);
        here
    }

    pub fn set(&mut self, at: u32, op: Op) {
        if let Some(place) = self.program.ops.get_mut(at as usize) {
            *place = op;
        }
    }

    /// Makes the instruction there a barrier that goes on here.
    pub fn resume_here(&mut self, at: u32) {
        let resume = self.here();
        self.set(at, Op::Barrier { resume });
    }

    /// What comes now is written there. Gives where what came before is.
    pub fn spanned(&mut self, span: Span) -> Span {
        mem::replace(&mut self.span, span)
    }

    /// Begins a statement and returns its number.
    pub fn begin(&mut self, what: Part, span: Span) -> usize {
        let (start, document) = (self.here(), self.scope.document);
        self.begun.push(self.spoken.len());
        self.program.statements.push(Statement { span, what, start, end: start, document, locals: Vec::new() });
        self.program.statements.len() - 1
    }

    pub fn end(&mut self, statement: usize) {
        let here = self.here();
        let first = self.begun.pop().unwrap_or_default();
        let mut spoken = self.spoken.get(first..).unwrap_or_default().to_vec();
        if self.begun.is_empty() {
            self.spoken.clear();
        }
        spoken.sort_unstable();
        spoken.dedup();
        let named = |number: &u32| {
            let name = self.scope.names.get(*number as usize).filter(|name| &***name != "_")?;
            Some((Arc::clone(name), self.scope.local(*number)))
        };
        let locals = spoken.iter().filter_map(named).collect();
        if let Some(statement) = self.program.statements.get_mut(statement) {
            statement.end = here;
            statement.locals = locals;
        }
    }

    /// Code speaks of a local.
    pub fn speak_of(&mut self, local: u32) {
        self.spoken.push(local);
    }

    pub fn temporary(&mut self) -> Reg {
        let register = Reg(self.scope.next);
        self.scope.next += 1;
        self.scope.highest = self.scope.highest.max(self.scope.next);
        register
    }

    pub fn constant(&mut self, value: Value) -> Arg {
        let next = self.program.constants.len() as u32;
        if value.depth() == 0 {
            if let Some(index) = self.scalars.get(&value) {
                return Arg::constant(*index);
            }
            self.scalars.insert(value.clone(), next);
        }
        self.program.constants.push(value);
        Arg::constant(next)
    }

    pub fn path(&mut self, path: Vec<Value>) -> u32 {
        self.program.paths.push(path.into());
        self.program.paths.len() as u32 - 1
    }

    pub fn list(&mut self, args: &[Arg]) -> (u32, u32) {
        let list = self.program.lists.len() as u32;
        self.program.lists.extend_from_slice(args);
        (list, args.len() as u32)
    }

    pub fn callee(&mut self, function: &Function) -> Callee {
        match function {
            Function::Builtin(name) => Callee::Builtin(self.builtin(name)),
            Function::Rule(path) => match self.program.document(path) {
                Some(document) => Callee::Document(document.0),
                // Not resolved: `check` refuses it. It is called as a builtin that is not there.
                None => Callee::Builtin(self.builtin(&path.join(".").into())),
            },
        }
    }

    fn builtin(&mut self, name: &Arc<str>) -> u32 {
        if let Some(index) = self.builtins.get(name) {
            return *index;
        }
        let index = self.program.builtins.len() as u32;
        let builtin = self.registry.get(name).copied();
        self.program.builtins.push(NamedBuiltin { name: Arc::clone(name), builtin });
        self.builtins.insert(Arc::clone(name), index);
        index
    }
}

impl Scope {
    /// The code of another rule begins: after the parameters all registers are free.
    fn restart(&mut self, parameters: u32) {
        self.bound.clear();
        self.next = parameters;
        self.highest = self.highest.max(self.next);
    }

    fn locals(&mut self, first: u32, names: &[Arc<str>]) {
        self.bound = vec![false; names.len()];
        self.names = names.to_vec();
        self.first = first;
        self.next = first + names.len() as u32;
        self.highest = self.highest.max(self.next);
    }

    pub fn local(&self, number: u32) -> Reg {
        Reg(self.first + number)
    }

    pub fn is_bound(&self, number: u32) -> bool {
        self.bound.get(number as usize).copied().unwrap_or(true)
    }

    pub fn bind(&mut self, number: u32) {
        if let Some(bound) = self.bound.get_mut(number as usize) {
            *bound = true;
        }
    }
}

impl Document {
    fn new(kind: Kind, path: Vec<Arc<str>>, span: Span) -> Document {
        Document { kind, path, start: 0, end: 0, registers: 0, below: BTreeMap::new(), span, shared: false }
    }
}

impl Program {
    fn empty() -> Program {
        program(&Resolved::default(), &Registry::default())
    }
}

/// The rules below a node that are no functions.
fn below(node: &Node, rules: &mut Vec<usize>) {
    for child in node.below.values() {
        rules.extend_from_slice(&child.rules);
        below(child, rules);
    }
}

/// Whether every rule gives the same constant: the first solution then decides.
fn sole_value(kind: Kind, rules: &[&Rule]) -> bool {
    if matches!(kind, Kind::Set | Kind::Members) {
        return false;
    }
    let mut branches = rules.iter().filter(|rule| !rule.default).flat_map(|rule| &rule.branches);
    let constant = |branch: &Branch| match &branch.value {
        Expr { kind: ExprKind::Constant(value), .. } if value.depth() == 0 => Some(value.clone()),
        _ => None,
    };
    let Some(first) = branches.next().and_then(constant) else { return false };
    branches.all(|branch| constant(branch).as_ref() == Some(&first))
}
