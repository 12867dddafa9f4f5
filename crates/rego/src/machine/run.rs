//! The loop that runs the instructions.

use std::sync::Arc;

use super::build::Collected;
use super::call::Outcome;
use super::choice::{Resume, length};
use super::{Failure, FailureCode, Machine};
use crate::plan::{Arg, Comparison, Kind, Op, Program, Reg};
use crate::term;
use crate::text::Text;
use crate::value::Value;

static NULL: Value = Value::Null;

impl Machine {
    /// Evaluates a document: `None` if it is undefined.
    pub(super) fn run(&mut self, document: u32) -> Result<Option<Value>, Failure> {
        let program = Arc::clone(&self.program);
        if let Some(kept) = self.envs.first().and_then(|env| env.documents.get(&document)) {
            return Ok(kept.clone());
        }
        self.begin(&program, document)?;
        let mut defined = true;
        loop {
            // What failed goes back to the newest choice; if its frame has none, the frame is done.
            while !defined && !self.frames.is_empty() {
                defined = self.go_back()? || self.leave(&program)?;
            }
            if self.frames.is_empty() {
                return Ok(if defined { self.registers.pop() } else { None });
            }
            defined = self.step(&program)?;
        }
    }

    /// Runs one instruction. `false` if it fails.
    fn step(&mut self, program: &Program) -> Outcome {
        let Some(op) = program.ops.get(self.at as usize) else {
            return Err(self.failure(FailureCode::Internal, "the program has no such instruction"));
        };
        self.at += 1;
        self.charge(1)?;
        Ok(match *op {
            Op::Move { to, from } => self.give(to, self.value(from).clone()),
            Op::Input { to } => {
                let input = self.envs.get(self.env).and_then(|env| env.input.clone());
                self.give_some(to, input)
            }
            Op::InputPath { to, path } => {
                let input = self.envs.get(self.env).and_then(|env| env.input.as_ref());
                let value = input.and_then(|input| follow(input, path_of(program, path))).cloned();
                self.give_some(to, value)
            }
            Op::Path { to, from, path } => {
                let value = follow(self.value(from), path_of(program, path)).cloned();
                self.give_some(to, value)
            }
            Op::Get { to, from, key } => {
                self.charge_key(from, key)?;
                let value = self.value(from).get(self.value(key)).cloned();
                self.give_some(to, value)
            }
            Op::Item { to, from, index } => {
                let item = match self.value(from) {
                    Value::Array(array) => array.items().get(index as usize).cloned(),
                    _ => None,
                };
                self.give_some(to, item)
            }
            Op::Base { to, path } => {
                let data = self.envs.get(self.env).map(|env| &env.data);
                let value = data.and_then(|data| follow_data(data, path_of(program, path))).cloned();
                self.give_some(to, value)
            }
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
                let value = self.array(self.values(list, count))?;
                self.give(to, value)
            }
            Op::Set { to, list, count } => {
                let value = self.set(self.values(list, count))?;
                self.give(to, value)
            }
            Op::Object { to, list, count } => {
                let values = self.values(list, 2 * count);
                let pairs = values.chunks_exact(2).filter_map(|pair| match pair {
                    [key, value] => Some((key.clone(), value.clone())),
                    _ => None,
                });
                let value = self.object(pairs.collect())?;
                self.give(to, value)
            }
            Op::Scan { from, key, value } => self.scan(self.value(from).clone(), key, value)?,
            Op::Walk { from, path, value } => {
                self.walk(self.value(from).clone(), path, value)?;
                true
            }
            Op::Place { to, document } => self.start_place(program, to, document),
            Op::Enter { to, from, key } => self.enter_place(program, to, from, key)?,
            Op::Keys { from, key } => self.place_keys(program, from, key)?,
            Op::Whole { to, from } => match self.place_document(from) {
                Some(document) => self.document_value(program, document, to)?,
                None => self.give(to, self.value(data_of(from)).clone()),
            },
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
                self.push_choice(resume, Resume::Barrier);
                true
            }
            Op::Mark { mark, resume } => {
                let height = i64::try_from(self.choices.len()).unwrap_or(i64::MAX);
                self.push_choice(resume, Resume::Barrier);
                self.give(mark, Value::from(height))
            }
            Op::Cut { mark } => {
                let height = self.number(mark);
                self.choices.truncate(height);
                true
            }
            Op::Fail => false,
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
            Op::Otherwise { to } => {
                if self.frames.last().is_some_and(|frame| frame.held) {
                    self.at = to;
                }
                true
            }
            Op::Default { to } => {
                if self.frames.last().is_some_and(|frame| frame.value.is_some()) {
                    self.at = to;
                }
                true
            }
            Op::Open => {
                self.open(Collected::Items(Vec::new()));
                true
            }
            Op::Push { of } => {
                self.push(self.value(of).clone())?;
                false
            }
            Op::PushMember { key, value } => {
                self.push_member(self.value(key).clone(), self.value(value).clone())?;
                false
            }
            Op::Close { what, to } => {
                let value = self.close(what)?;
                self.give(to, value)
            }
            Op::Yield { of, last } => self.yields(program, of, last)?,
            Op::Return { of } => {
                let value = self.value(of).clone();
                if let Some(frame) = self.frames.last_mut() {
                    frame.value = Some(value);
                }
                self.leave(program)?
            }
            Op::Add { of } => {
                self.push(self.value(of).clone())?;
                false
            }
            Op::Insert { member } => {
                if let Some(member) = program.members.get(member as usize) {
                    let keys = member.keys.iter().map(|key| self.value(*key).clone()).collect();
                    self.insert(keys, self.value(member.value).clone(), member.element)?;
                }
                false
            }
            Op::Below { key, value } => {
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
    pub(super) fn value(&self, arg: Arg) -> &Value {
        let value = match arg.as_constant() {
            Some(index) => self.program.constants.get(index as usize),
            None => self.registers.get(self.base + arg.0 as usize),
        };
        value.unwrap_or(&NULL)
    }

    /// Puts a value into a register.
    pub(super) fn put(&mut self, to: Reg, value: Value) {
        // A value that no one wants has no register.
        if let Some(register) = self.registers.get_mut(self.base.saturating_add(to.0 as usize)) {
            *register = value;
        }
    }

    fn give(&mut self, to: Reg, value: Value) -> bool {
        self.put(to, value);
        true
    }

    fn give_some(&mut self, to: Reg, value: Option<Value>) -> bool {
        match value {
            Some(value) => self.give(to, value),
            None => false,
        }
    }

    /// The number that a mark or a place is.
    fn number(&self, register: Reg) -> usize {
        match self.value(register.into()) {
            Value::Number(number) => number.as_i64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0),
            _ => 0,
        }
    }

    /// Charges what it takes to find a heavy key.
    fn charge_key(&mut self, from: Arg, key: Arg) -> Result<(), Failure> {
        let weight = self.value(key).weight();
        if weight > 1 {
            let digits = usize::BITS - length(self.value(from)).leading_zeros();
            self.charge((weight - 1).saturating_mul(u64::from(digits)))?;
        }
        Ok(())
    }

    fn same(&mut self, left: Arg, right: Arg) -> Outcome {
        let (of, with) = (self.value(left), self.value(right));
        if of.depth() != with.depth() {
            return Ok(false);
        }
        let weight = if is_one(of, with) { 1 } else { of.weight().min(with.weight()) };
        self.charge_comparison(weight)?;
        Ok(self.value(left) == self.value(right))
    }

    fn compare(&mut self, what: Comparison, left: Arg, right: Arg) -> Outcome {
        match what {
            Comparison::Equal => return self.same(left, right),
            Comparison::NotEqual => return Ok(!self.same(left, right)?),
            _ => {}
        }
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
    fn yields(&mut self, program: &Program, of: Arg, last: bool) -> Outcome {
        let value = self.value(of).clone();
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

    /// Prints a line for each combination of the values; what has none is `<undefined>`.
    fn print(&mut self, list: u32, count: u32) -> Result<(), Failure> {
        let mut lines = vec![String::new()];
        for (number, of) in self.values(list, count).iter().enumerate() {
            let values = match of {
                Value::Set(set) => set.elements(),
                _ => &[],
            };
            let mut texts = Vec::new();
            for value in values {
                self.charge(value.weight())?;
                texts.push(self.printed_text(value)?);
            }
            if texts.is_empty() {
                texts.push("<undefined>".to_owned());
            }
            let space = if number > 0 { " " } else { "" };
            let longer = |line: &String| texts.iter().map(|text| format!("{line}{space}{text}")).collect::<Vec<_>>();
            self.charge(lines.len() as u64 * texts.len() as u64)?;
            self.charge_bytes(
                lines.len() * texts.len() * 32 + total(&lines) * texts.len() + total(&texts) * lines.len(),
            )?;
            lines = lines.iter().flat_map(longer).collect();
        }
        self.printed.append(&mut lines);
        Ok(())
    }

    fn printed_text(&self, value: &Value) -> Result<String, Failure> {
        if let Value::String(text) = value {
            return Ok(text.to_string());
        }
        let mut text = Text::new(&self.budget);
        term::write(value, &mut text).map_err(|reached| self.reached(reached))?;
        Ok(text.as_str().to_owned())
    }

    fn place_document(&self, place: Reg) -> Option<u32> {
        match self.value(place.into()) {
            Value::Number(number) => u32::try_from(number.as_i64()?).ok(),
            _ => None,
        }
    }

    fn start_place(&mut self, program: &Program, to: Reg, document: u32) -> bool {
        let Some(code) = program.document_at(document) else { return false };
        let Some(env) = self.envs.get(self.env) else { return false };
        let mut data = Some(&env.data);
        for name in &code.path {
            data = data.and_then(|data| data.member(name));
        }
        let data = data.cloned();
        if env.is_masked(&code.path) {
            return self.plain_place(to, data);
        }
        self.put(to, Value::from(i64::from(document)));
        self.give(second(to), data.unwrap_or(Value::Null))
    }

    /// A place where no document is.
    fn plain_place(&mut self, to: Reg, data: Option<Value>) -> bool {
        self.put(to, Value::Null);
        self.give_some(second(to), data)
    }

    fn enter_place(&mut self, program: &Program, to: Reg, from: Reg, key: Arg) -> Outcome {
        self.charge_key(data_of(from), key)?;
        let data = self.value(data_of(from)).get(self.value(key)).cloned();
        let below = self.place_document(from).and_then(|document| program.document_at(document));
        let below = below.zip(self.value(key).as_str()).and_then(|(document, name)| document.below.get(name));
        let Some((below, code)) = below.and_then(|below| Some((*below, program.document_at(*below)?))) else {
            return Ok(self.plain_place(to, data));
        };
        if self.envs.get(self.env).is_some_and(|env| env.is_masked(&code.path)) {
            return Ok(self.plain_place(to, data));
        }
        if code.kind == Kind::Package {
            self.put(to, Value::from(i64::from(below)));
            return Ok(self.give(second(to), data.unwrap_or(Value::Null)));
        }
        self.put(to, Value::Null);
        self.document_value(program, below, second(to))
    }

    fn place_keys(&mut self, program: &Program, from: Reg, key: Reg) -> Outcome {
        let data = self.value(data_of(from)).clone();
        let Some(document) = self.place_document(from).and_then(|document| program.document_at(document)) else {
            return self.scan(data, key, Reg::NONE);
        };
        let mut keys: Vec<Value> = document.below.keys().cloned().map(Value::String).collect();
        if let Value::Object(object) = &data {
            self.charge(object.members().len() as u64)?;
            keys.extend(object.members().iter().map(|(key, _)| key.clone()));
        }
        let keys = self.set(keys)?;
        self.scan(keys, key, Reg::NONE)
    }
}

/// What is below a value at a path.
fn follow<'a>(value: &'a Value, path: &[Value]) -> Option<&'a Value> {
    path.iter().try_fold(value, |at, key| match key {
        Value::String(name) if matches!(at, Value::Object(_)) => at.member(name),
        key => at.get(key),
    })
}

fn total(texts: &[String]) -> usize {
    texts.iter().map(String::len).sum()
}

/// Whether both are one container: it need not be looked at.
fn is_one(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => Arc::ptr_eq(left, right),
        (Value::Object(left), Value::Object(right)) => Arc::ptr_eq(left, right),
        (Value::Set(left), Value::Set(right)) => Arc::ptr_eq(left, right),
        _ => false,
    }
}

/// The same in the data, where a number names a member, too, as in OPA.
fn follow_data<'a>(value: &'a Value, path: &[Value]) -> Option<&'a Value> {
    path.iter().try_fold(value, |at, key| match (at, key) {
        (Value::Object(object), Value::Number(number)) => object.member(&number.text()),
        _ => at.get(key),
    })
}

fn path_of(program: &Program, path: u32) -> &[Value] {
    program.paths.get(path as usize).map(|path| &**path).unwrap_or_default()
}

fn second(place: Reg) -> Reg {
    Reg(place.0 + 1)
}

fn data_of(place: Reg) -> Arg {
    second(place).into()
}
