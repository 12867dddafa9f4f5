//! The loop that runs the instructions.

use std::sync::Arc;

use super::call::Outcome;
use super::choice::{Resume, length};
use super::reads::Origin;
use super::watch::EventKind;
use super::{Failure, FailureCode, Machine};
use crate::plan::{Arg, Comparison, Kind, Op, Program, Reg};
use crate::value::Value;

static NULL: Value = Value::Null;

impl Machine {
    /// Evaluates a document: `None` if it is undefined.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn run(&mut self, document: u32) -> Result<Option<Value>, Box<Failure>> {
        let program = Arc::clone(&self.program);
        let mut defined = self.begin(&program, document)?;
        loop {
            // What failed goes back to the newest choice; if its frame has none, the frame is done.
            while !defined && !self.frames.is_empty() {
                if self.watch.is_some() {
                    self.note_failure(&program);
                }
                let again = self.go_back()?;
                if again && self.watch.is_some() {
                    self.note_event(EventKind::Redo, program.span(self.at));
                }
                defined = again || self.leave(&program)?;
            }
            if self.frames.is_empty() {
                return Ok(if defined { self.registers.pop() } else { None });
            }
            defined = self.step(&program)?;
        }
    }

    /// Runs one instruction. `false` if it fails.
    #[cfg_attr(small, optimize(speed))]
    fn step(&mut self, program: &Program) -> Outcome {
        let Some(op) = program.ops.get(self.at as usize) else {
            return Err(self.failure(FailureCode::Internal, "the program has no such instruction"));
        };
        if let Some(watch) = &mut self.watch {
            watch.run(self.at);
        }
        self.at += 1;
        self.charge(1)?;
        Ok(match *op {
            Op::Move { to, from } => {
                let value = self.value(from).clone();
                self.put_from(to, value, self.origin(from));
                true
            }
            Op::Input { to } => self.input(to, &[]),
            Op::InputPath { to, path } => self.input(to, program.path(path)),
            Op::Path { to, from, path } => self.path(to, from, program.path(path)),
            Op::Get { to, from, key } => {
                self.charge_key(from, key)?;
                match self.reads {
                    None => {
                        let value = self.value(from).get(self.value(key)).cloned();
                        self.give_some(to, value)
                    }
                    Some(_) => self.path(to, from, &[self.value(key).clone()]),
                }
            }
            Op::Item { to, from, index } => self.path(to, from, &[Value::from(i64::from(index))]),
            Op::Base { to, path } => self.base(to, program.path(path)),
            Op::Document { to, document } => self.document_value(program, document, to)?,
            Op::Call { to, call } => match program.calls.get(call as usize) {
                Some(call) => self.call(program, call, to)?,
                None => false,
            },
            Op::Builtin { to, call } => match program.calls.get(call as usize) {
                Some(call) => self.builtin(program, call, to)?,
                None => false,
            },
            Op::Array { to, list, count } => {
                self.use_list(list, count);
                let value = self.array(self.values(list, count))?;
                self.give(to, value)
            }
            Op::Set { to, list, count } => {
                self.use_list(list, count);
                let value = self.set(self.values(list, count))?;
                self.give(to, value)
            }
            Op::Object { to, list, count } => {
                self.use_list(list, 2 * count);
                let values = self.values(list, 2 * count);
                let pairs = values.chunks_exact(2).filter_map(|pair| match pair {
                    [key, value] => Some((key.clone(), value.clone())),
                    _ => None,
                });
                let value = self.object(pairs.collect())?;
                self.give(to, value)
            }
            Op::Scan { from, key, value } => self.scan(self.value(from).clone(), self.origin(from), key, value)?,
            Op::Walk { from, path, value } => {
                self.walk(self.value(from).clone(), self.origin(from), path, value)?;
                true
            }
            Op::Place { to, document } => self.start_place(program, to, document),
            Op::Enter { to, from, key } => self.enter_place(program, to, from, key)?,
            Op::Keys { from, key } => self.place_keys(program, from, key)?,
            Op::Whole { to, from } => self.whole_place(program, to, from)?,
            Op::Test { of } => !matches!(self.value(of), Value::Boolean(false)),
            Op::Same { left, right } => self.same(left, right)?,
            Op::Compare { what, to, left, right } => {
                let holds = self.compare(what, left, right)?;
                self.give(to, Value::Boolean(holds))
            }
            Op::Holds { what, left, right } => self.compare(what, left, right)?,
            Op::IsArray { of, count } => {
                matches!(self.value(of), Value::Array(array) if array.items().len() == count as usize)
            }
            Op::IsObject { of, count } => {
                matches!(self.value(of), Value::Object(object) if object.members().len() == count as usize)
            }
            Op::IsCollection { of } => {
                matches!(self.value(of), Value::Array(_) | Value::Object(_) | Value::Set(_))
            }
            Op::Barrier { resume } => {
                self.push_choice(resume, Resume::Barrier, Origin::None);
                true
            }
            Op::Mark { mark, resume } => {
                let height = i64::try_from(self.choices.len()).unwrap_or(i64::MAX);
                self.push_choice(resume, Resume::Mark, Origin::None);
                self.give(mark, Value::from(height))
            }
            Op::Cut { mark } => {
                let height = self.number(mark);
                self.choices.truncate(height);
                true
            }
            Op::Fail | Op::Next => false,
            Op::Jump { to } => {
                self.at = to;
                true
            }
            Op::Chain => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.held = false;
                }
                true
            }
            Op::Otherwise { to } => self.unless_so(self.frames.last().is_some_and(|frame| frame.held), to),
            Op::Default { to } => self.unless_so(self.frames.last().is_some_and(|frame| frame.value.is_some()), to),
            Op::Open { what } => {
                self.open_comprehension(what);
                true
            }
            Op::Push { what, key, value } => {
                self.push_to_comprehension(what, key, value)?;
                false
            }
            Op::Close { what, to } => {
                let value = self.close(what)?;
                let origin = self.reads.as_mut().map_or(Origin::None, |reads| reads.close());
                self.put_from(to, value, origin);
                true
            }
            Op::Yield { of, last } => self.yields(program, of, last)?,
            Op::Return { of } => {
                let value = self.value(of).clone();
                self.note_value(of);
                if let Some(frame) = self.frames.last_mut() {
                    frame.value = Some(value);
                }
                self.leave(program)?
            }
            Op::Add { of } => {
                self.note_element(of, of);
                self.push(self.value(of).clone())?;
                false
            }
            Op::Insert { member } => {
                if let Some(member) = program.members.get(member as usize) {
                    if let Some(key) = member.keys.first() {
                        self.note_element(*key, member.value);
                    }
                    let keys = member.keys.iter().map(|key| self.value(*key).clone()).collect();
                    self.insert(keys, self.value(member.value).clone(), member.element)?;
                }
                false
            }
            Op::Below { key, value } => {
                self.note_element(key, value);
                self.push_member(self.value(key).clone(), self.value(value).clone())?;
                false
            }
            Op::Solution { list, count } => {
                let row = self.array(self.values(list, count))?;
                self.push(row)?;
                false
            }
            Op::With { saved, with } => {
                if let Some(with) = program.withs.get(with as usize) {
                    self.with(with, saved)?;
                }
                true
            }
            Op::EndWith { saved } => {
                self.env = self.number(saved);
                true
            }
            Op::Quiet { to } => {
                if !self.settings.print {
                    self.at = to;
                }
                true
            }
            Op::Print { list, count } => {
                self.print(list, count)?;
                true
            }
        })
    }

    /// The value of a register or a constant.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn value(&self, arg: Arg) -> &Value {
        let value = match arg.as_constant() {
            Some(index) => self.program.constants.get(index as usize),
            None => self.registers.get(self.base + arg.0 as usize),
        };
        value.unwrap_or(&NULL)
    }

    /// Puts a value into a register.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn put(&mut self, to: Reg, value: Value) {
        self.put_from(to, value, Origin::None);
    }

    /// The same with where it came from.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn put_from(&mut self, to: Reg, value: Value, origin: Origin) {
        let number = self.base.saturating_add(to.0 as usize);
        // A value that no one wants has no register.
        if let Some(register) = self.registers.get_mut(number) {
            *register = value;
            if let Some(reads) = &mut self.reads {
                reads.set_origin(number, origin);
            }
        }
    }

    /// Where a value came from.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn origin(&self, arg: Arg) -> Origin {
        match &self.reads {
            Some(reads) if arg.as_constant().is_none() => reads.origin(self.base + arg.0 as usize, self.value(arg)),
            _ => Origin::None,
        }
    }

    /// All of a value is used.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn use_all(&mut self, arg: Arg) {
        let origin = self.origin(arg);
        if let Some(reads) = &mut self.reads {
            reads.use_all(origin);
        }
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn use_list(&mut self, list: u32, count: u32) {
        if self.reads.is_some() {
            for arg in self.args(list, count).to_vec() {
                self.use_all(arg);
            }
        }
    }

    #[cfg_attr(small, optimize(speed))]
    fn input(&mut self, to: Reg, path: &[Value]) -> bool {
        let Some(env) = self.envs.get(self.env) else { return false };
        let Some(input) = &env.input else { return false };
        let value = follow(input, path).cloned();
        let origin = match &mut self.reads {
            Some(reads) => reads.read(env.input_from.unwrap_or_else(|| reads.input()), path, input),
            None => Origin::None,
        };
        let Some(value) = value else { return false };
        self.put_from(to, value, origin);
        true
    }

    /// What the data has at a path.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn base(&mut self, to: Reg, path: &[Value]) -> bool {
        let Some(env) = self.envs.get(self.env) else { return false };
        let value = follow_data(&env.data, path).cloned();
        let origin = match &mut self.reads {
            Some(reads) => reads.read(env.data_from.unwrap_or_else(|| reads.data()), path, &env.data),
            None => Origin::None,
        };
        let Some(value) = value else { return false };
        self.put_from(to, value, origin);
        true
    }

    #[cfg_attr(small, optimize(speed))]
    fn path(&mut self, to: Reg, from: Arg, path: &[Value]) -> bool {
        let value = follow(self.value(from), path).cloned();
        let origin = self.origin(from);
        let origin = match &mut self.reads {
            Some(reads) => {
                let of = match from.as_constant() {
                    Some(index) => self.program.constants.get(index as usize),
                    None => self.registers.get(self.base + from.0 as usize),
                };
                reads.read(origin, path, of.unwrap_or(&NULL))
            }
            None => Origin::None,
        };
        let Some(value) = value else { return false };
        self.put_from(to, value, origin);
        true
    }

    /// Goes on there, unless what was to hold has not: then what was read in vain counts.
    #[cfg_attr(small, optimize(speed))]
    fn unless_so(&mut self, held: bool, to: u32) -> bool {
        if held {
            self.at = to;
        } else if let Some(reads) = &mut self.reads {
            reads.count_frame();
        }
        true
    }

    #[cfg_attr(small, optimize(speed))]
    fn note_value(&mut self, of: Arg) {
        let origin = self.origin(of);
        if let Some(reads) = &mut self.reads {
            reads.give_value(origin);
        }
    }

    #[cfg_attr(small, optimize(speed))]
    fn note_element(&mut self, key: Arg, of: Arg) {
        if self.reads.is_some() {
            self.use_all(of);
            let (key, origin) = (self.value(key).clone(), self.origin(of));
            if let Some(reads) = &mut self.reads {
                reads.give_element(&key, origin);
            }
        }
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn give(&mut self, to: Reg, value: Value) -> bool {
        self.put(to, value);
        true
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn give_some(&mut self, to: Reg, value: Option<Value>) -> bool {
        match value {
            Some(value) => self.give(to, value),
            None => false,
        }
    }

    /// The number that a mark is.
    #[cfg_attr(small, optimize(speed))]
    fn number(&self, register: Reg) -> usize {
        match self.value(register.into()) {
            Value::Number(number) => number.as_i64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0),
            _ => 0,
        }
    }

    /// Charges what it takes to find a heavy key.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn charge_key(&mut self, from: Arg, key: Arg) -> Result<(), Box<Failure>> {
        let weight = self.value(key).weight();
        if weight > 1 {
            let digits = usize::BITS - length(self.value(from)).leading_zeros();
            self.charge((weight - 1).saturating_mul(u64::from(digits)))?;
        }
        Ok(())
    }

    #[cfg_attr(small, optimize(speed))]
    fn same(&mut self, left: Arg, right: Arg) -> Outcome {
        self.use_both(left, right);
        let (of, with) = (self.value(left), self.value(right));
        if of.depth() != with.depth() {
            return Ok(false);
        }
        let weight = if is_one(of, with) { 1 } else { of.weight().min(with.weight()) };
        self.charge_comparison(weight)?;
        Ok(self.value(left) == self.value(right))
    }

    #[cfg_attr(small, optimize(speed))]
    fn use_both(&mut self, left: Arg, right: Arg) {
        if self.reads.is_some() {
            self.use_all(left);
            self.use_all(right);
        }
    }

    #[cfg_attr(small, optimize(speed))]
    fn compare(&mut self, what: Comparison, left: Arg, right: Arg) -> Outcome {
        match what {
            Comparison::Equal => return self.same(left, right),
            Comparison::NotEqual => return Ok(!self.same(left, right)?),
            _ => {}
        }
        self.use_both(left, right);
        let weight = self.value(left).weight().min(self.value(right).weight());
        self.charge_comparison(weight)?;
        let order = self.value(left).cmp(self.value(right));
        Ok(match what {
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            _ => order.is_ge(),
        })
    }

    /// A value of the newest document. All its values must be the same.
    #[cfg_attr(small, optimize(speed))]
    fn yields(&mut self, program: &Program, of: Arg, last: bool) -> Outcome {
        let value = self.value(of).clone();
        self.note_value(of);
        let old = self.frames.last_mut().and_then(|frame| {
            frame.held = true;
            frame.value.take()
        });
        if let Some(old) = old
            && !self.equal(&old, &value)?
        {
            let document = self.frames.last().and_then(|frame| program.document_at(frame.document));
            let function = document.is_some_and(|document| matches!(document.kind, Kind::Function(_)));
            let message = if function {
                "functions must not produce multiple outputs for same inputs"
            } else {
                "complete rules must not produce multiple outputs"
            };
            return Err(self.failure(FailureCode::Conflict, message));
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.value = Some(value);
            if last {
                // The barrier after the branch stays.
                self.choices.truncate(frame.choices + 1);
            }
        }
        Ok(false)
    }
}

/// What is below a value at a path.
#[cfg_attr(small, optimize(speed))]
fn follow<'a>(value: &'a Value, path: &[Value]) -> Option<&'a Value> {
    path.iter().try_fold(value, |at, key| match key {
        Value::String(name) if matches!(at, Value::Object(_)) => at.member(name),
        key => at.get(key),
    })
}

/// Whether both are one container: it need not be looked at.
#[cfg_attr(small, optimize(speed))]
fn is_one(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => Arc::ptr_eq(left, right),
        (Value::Object(left), Value::Object(right)) => Arc::ptr_eq(left, right),
        (Value::Set(left), Value::Set(right)) => Arc::ptr_eq(left, right),
        _ => false,
    }
}

/// The same in the data, where a number names a member, too, as in OPA.
#[cfg_attr(small, optimize(speed))]
fn follow_data<'a>(value: &'a Value, path: &[Value]) -> Option<&'a Value> {
    path.iter().try_fold(value, |at, key| match (at, key) {
        (Value::Object(object), Value::Number(number)) => object.member(&number.text()),
        _ => at.get(key),
    })
}
