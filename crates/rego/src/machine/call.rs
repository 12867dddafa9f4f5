//! Frames: documents and functions that are being evaluated, and what they give.

use std::sync::Arc;

use super::build::{Collected, Tree};
use super::env::{Argument, CallKey, Env, Kept, StandIn, put};
use super::reads::{Origin, Reads};
use super::watch::EventKind;
use super::{ERRORS, Failure, FailureCode, Machine};
use crate::builtins::{Context, Fault};
use crate::plan;
use crate::plan::{Call, Callee, Kind, Program, Reg, Target, With};
use crate::value::Value;

/// The most registers of all frames: 48 MiB.
const REGISTERS: usize = 1 << 21;

/// A document or function that is being evaluated.
#[derive(Debug)]
pub(super) struct Frame {
    pub document: u32,
    /// What is asked for: kept with the result.
    asked: Asked,
    /// Where the value goes: a register by its place among all.
    to: usize,
    /// The instruction after it.
    after: u32,
    /// The first register, the environment and the number of environments of the frame before.
    base: usize,
    env: usize,
    envs: usize,
    /// How many choices there were before.
    pub choices: usize,
    /// The value so far.
    pub value: Option<Value>,
    /// Whether a branch of the chain has held.
    pub held: bool,
}

#[derive(Debug)]
enum Asked {
    /// A document, in the environment that the frame runs in.
    Document(usize),
    /// A document that no input changes.
    Shared,
    /// A call, likewise.
    Call(usize, CallKey),
    /// Nothing to keep.
    Query,
}

/// Whether the instruction gave something.
pub(super) type Outcome = Result<bool, Box<Failure>>;

impl Machine {
    /// The value of a document: kept, masked by a stand-in, or to be evaluated first.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn document_value(&mut self, program: &Program, document: u32, to: Reg) -> Outcome {
        let Some(env) = self.envs.get(self.env) else { return Ok(false) };
        let Some(code) = program.document_at(document) else { return Ok(false) };
        if code.shared && env.is_plain() {
            return self.shared_value(code, document, to);
        }
        if let Some(kept) = env.documents.get(&document) {
            let kept = kept.clone();
            return Ok(self.reuse(kept, code.kind, to));
        }
        if !env.masks.is_empty() && env.is_masked(&code.path) {
            return Ok(self.base(to, &code.path.iter().cloned().map(Value::String).collect::<Vec<_>>()));
        }
        if matches!(code.kind, Kind::Function(_)) {
            return Ok(false);
        }
        self.enter(code, document, Asked::Document(self.env), to)?;
        Ok(true)
    }

    /// The value of a document that no input changes.
    #[cfg_attr(small, optimize(speed))]
    fn shared_value(&mut self, code: &plan::Document, document: u32, to: Reg) -> Outcome {
        if let Some(kept) = self.shared.get(document).cloned() {
            self.pay_shared(document)?;
            return Ok(self.reuse(kept, code.kind, to));
        }
        self.shared.begin(&self.budget, &mut self.kept);
        self.enter(code, document, Asked::Shared, to)?;
        // It has its own calls: those of others would make it cheaper than it is without them.
        let env = self.envs.get(self.env).map(Env::fresh).unwrap_or_default();
        self.env = self.envs.len();
        self.envs.push(env);
        Ok(true)
    }

    /// Gives what was kept.
    #[cfg_attr(small, optimize(speed))]
    fn reuse(&mut self, kept: Kept, kind: Kind, to: Reg) -> bool {
        let origin = match &mut self.reads {
            Some(reads) => reads.reuse(kept.reads, kept.value.is_some(), kind.has_elements()),
            None => Origin::None,
        };
        let Some(value) = kept.value else { return false };
        self.put_from(to, value, origin);
        true
    }

    /// Begins to evaluate.
    #[cfg_attr(small, optimize(speed))]
    fn enter(&mut self, code: &plan::Document, document: u32, asked: Asked, to: Reg) -> Result<(), Box<Failure>> {
        let first = self.registers.len();
        let room = first + code.registers as usize <= REGISTERS;
        if self.frames.len() >= self.settings.limits.calls as usize || !room {
            return Err(self.reached(crate::budget::Reached("policy-calls")));
        }
        if let Some(reads) = &mut self.reads {
            reads.enter(self.frames.len());
        }
        if let Asked::Call(_, CallKey { arguments, origins, .. }) = &asked {
            self.registers.extend(arguments.iter().map(|argument| argument.0.clone()));
            if let Some(reads) = &mut self.reads {
                reads.forget_origins(first);
                for (number, origin) in origins.iter().enumerate() {
                    reads.set_origin(first + number, *origin);
                }
            }
        }
        self.frames.push(Frame {
            document,
            asked,
            to: self.base.saturating_add(to.0 as usize),
            after: self.at,
            base: self.base,
            env: self.env,
            envs: self.envs.len(),
            choices: self.choices.len(),
            value: None,
            held: false,
        });
        match code.kind {
            Kind::Set | Kind::Query => self.open(Collected::Items(Vec::new())),
            Kind::Members => self.open(Collected::Tree(Tree::Members(Default::default()))),
            Kind::Package => self.open(Collected::Members(Vec::new())),
            Kind::Value | Kind::Function(_) => {}
        }
        self.base = first;
        self.charge(u64::from(code.registers) / 16)?;
        self.registers.resize(first + code.registers as usize, Value::Null);
        self.at = code.start;
        self.note_event(EventKind::Enter, code.span);
        Ok(())
    }

    /// Begins with nothing: the value goes to the first register.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn begin(&mut self, program: &Program, document: u32) -> Outcome {
        let Some(code) = program.document_at(document) else {
            return Err(self.failure(FailureCode::Internal, "there is no such document"));
        };
        self.at = u32::MAX;
        self.registers.push(Value::Null);
        if code.kind == Kind::Query {
            self.enter(code, document, Asked::Query, Reg(0))?;
            return Ok(true);
        }
        self.document_value(program, document, Reg(0))
    }

    /// The newest frame is done: keeps what it gives and goes back to the one before.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn leave(&mut self, program: &Program) -> Outcome {
        let Some(frame) = self.frames.pop() else { return Ok(false) };
        let Some(code) = program.document_at(frame.document) else { return Ok(false) };
        let value = match code.kind {
            Kind::Value | Kind::Function(_) => frame.value,
            Kind::Set => Some(self.close(plan::Collection::Set)?),
            Kind::Query => Some(self.close(plan::Collection::Array)?),
            Kind::Members => match self.collected.pop() {
                Some(Collected::Tree(tree)) => Some(self.tree(tree)?),
                _ => None,
            },
            Kind::Package => Some(self.package(program, code)?),
        };
        self.choices.truncate(frame.choices);
        self.registers.truncate(self.base);
        self.base = frame.base;
        let (reads, origin) = match &mut self.reads {
            Some(reads) => reads.leave(value.is_some(), code.kind.has_elements()),
            None => (0, Origin::None),
        };
        self.note_event(if value.is_some() { EventKind::Exit } else { EventKind::Undefined }, code.span);
        let kept = Kept { value: value.clone(), reads };
        match frame.asked {
            Asked::Document(env) => {
                if let Some(env) = self.envs.get_mut(env) {
                    env.documents.insert(frame.document, kept);
                }
            }
            Asked::Shared => self.shared.end(frame.document, kept, &self.budget, &mut self.kept),
            Asked::Call(env, key) => {
                if let Some(env) = self.envs.get_mut(env) {
                    env.calls.insert(key, kept);
                }
            }
            Asked::Query => {}
        }
        self.env = frame.env;
        self.envs.truncate(frame.envs);
        self.at = frame.after;
        let Some(value) = value else { return Ok(false) };
        if let Some(register) = self.registers.get_mut(frame.to) {
            *register = value;
        }
        if let Some(reads) = &mut self.reads {
            reads.set_origin(frame.to, origin);
        }
        Ok(true)
    }

    /// The members of a package, with those of the data at its path. Where both have a value, objects become one, and
    /// of other values the data's counts.
    #[cfg_attr(small, optimize(speed))]
    fn package(&mut self, program: &Program, code: &plan::Document) -> Result<Value, Box<Failure>> {
        let Some(Collected::Members(members)) = self.collected.pop() else { return self.object(Vec::new()) };
        let mut base = self.envs.get(self.env).map(|env| &env.data);
        for name in &code.path {
            base = base.and_then(|value| value.member(name));
        }
        let Some(Value::Object(base)) = base else { return self.object(members) };
        let base = Arc::clone(base);
        self.charge((base.members().len() + members.len()) as u64)?;
        let mut all = base.members().to_vec();
        for (key, value) in members {
            match base.members().binary_search_by(|(name, _)| name.cmp(&key)) {
                Ok(index) => {
                    let package = key.as_str().and_then(|name| code.below.get(name));
                    let package = package.and_then(|below| program.document_at(*below));
                    if let Some(member) = all.get_mut(index) {
                        // A package has taken the data below it already.
                        let merged = package.is_some_and(|package| package.kind == Kind::Package);
                        member.1 = if merged { value } else { self.merged(&member.1, &value)? };
                    }
                }
                Err(_) => all.push((key, value)),
            }
        }
        self.object(all)
    }

    /// Data and what rules gave at its place. It recurses as deep as values are nested.
    #[cfg_attr(small, optimize(speed))]
    fn merged(&mut self, base: &Value, value: &Value) -> Result<Value, Box<Failure>> {
        let (Value::Object(left), Value::Object(right)) = (base, value) else { return Ok(base.clone()) };
        self.charge((left.members().len() + right.members().len()) as u64)?;
        let mut all = left.members().to_vec();
        for (key, value) in right.members() {
            match left.members().binary_search_by(|(name, _)| name.cmp(key)) {
                Ok(index) => {
                    if let Some(member) = all.get_mut(index) {
                        member.1 = self.merged(&member.1, value)?;
                    }
                }
                Err(_) => all.push((key.clone(), value.clone())),
            }
        }
        self.object(all)
    }

    /// Calls a function of the program.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn call(&mut self, program: &Program, call: &Call, to: Reg) -> Outcome {
        let Callee::Document(document) = call.callee else { return Ok(false) };
        if let Some(stand_in) = self.envs.get(self.env).and_then(|env| env.stand_in(call.callee)).cloned() {
            self.use_list(call.list, call.count);
            let arguments = self.values(call.list, call.count);
            return self.call_stand_in(program, stand_in, arguments, to);
        }
        let args = self.args(call.list, call.count);
        let arguments = args.iter().map(|arg| Argument(self.value(*arg).clone())).collect();
        let origins = match self.reads {
            Some(_) => args.iter().map(|arg| self.origin(*arg)).collect(),
            None => Vec::new(),
        };
        self.call_document(program, CallKey::new(document, arguments, origins), to, self.env)
    }

    /// Calls a function in an environment.
    #[cfg_attr(small, optimize(speed))]
    fn call_document(&mut self, program: &Program, key: CallKey, to: Reg, env: usize) -> Outcome {
        let CallKey { document, arguments, .. } = &key;
        let document = *document;
        let Some(code) = program.document_at(document) else { return Ok(false) };
        // Texts are read to look for the call, containers hardly.
        let texts = arguments.iter().filter(|argument| argument.0.depth() == 0).map(|argument| argument.0.weight());
        let (texts, count) = (texts.sum(), arguments.len());
        self.charge(texts)?;
        if let Some(kept) = self.envs.get(env).and_then(|env| env.calls.get(&key)) {
            let kept = kept.clone();
            return Ok(self.reuse(kept, code.kind, to));
        }
        self.charge_bytes(96 + count * size_of::<Value>())?;
        self.enter(code, document, Asked::Call(env, key), to)?;
        self.env = env;
        Ok(true)
    }

    /// Calls what stands in for a function. Within it, no function has a stand-in.
    #[cfg_attr(small, optimize(speed))]
    fn call_stand_in(&mut self, program: &Program, stand_in: StandIn, arguments: Vec<Value>, to: Reg) -> Outcome {
        match stand_in {
            StandIn::Value(value) => {
                self.put(to, value);
                Ok(true)
            }
            StandIn::Function(Callee::Builtin(builtin)) => self.call_builtin(program, builtin, arguments, to),
            StandIn::Function(Callee::Document(document)) => {
                let Some(env) = self.envs.get(self.env) else { return Ok(false) };
                let env = Env { stand_ins: Vec::new(), ..env.fresh() };
                let function = program.document_at(document).is_some_and(|code| matches!(code.kind, Kind::Function(_)));
                let envs = self.envs.len();
                if !function {
                    // A rule stands in for a function without arguments.
                    return self.document_value(program, document, to);
                }
                let arguments = arguments.into_iter().map(Argument).collect();
                let entered = self.call_document(program, CallKey::new(document, arguments, Vec::new()), to, envs);
                // The frame goes back to the number of environments that was before.
                self.envs.push(env);
                entered
            }
        }
    }

    /// Calls a builtin.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn builtin(&mut self, program: &Program, call: &Call, to: Reg) -> Outcome {
        let Callee::Builtin(builtin) = call.callee else { return Ok(false) };
        let mut arguments = std::mem::take(&mut self.arguments);
        arguments.clear();
        let from = self.looked_up_in(program, call);
        // What is looked into is not all used.
        let first = u32::from(from.is_some());
        self.use_list(call.list + first, call.count - first);
        arguments.extend(self.args(call.list, call.count).iter().map(|arg| self.value(*arg).clone()));
        if let Some(stand_in) = self.envs.get(self.env).and_then(|env| env.stand_in(call.callee)).cloned() {
            self.use_list(call.list, call.count);
            return self.call_stand_in(program, stand_in, arguments, to);
        }
        let given = self.call_builtin(program, builtin, arguments, to)?;
        if let (true, Some(from)) = (given, from) {
            self.note_lookup(from, to);
        }
        Ok(given)
    }

    /// Where the object came from that `object.get` looks into, if someone asks what results rest on.
    #[cfg_attr(small, optimize(speed))]
    fn looked_up_in(&self, program: &Program, call: &Call) -> Option<Origin> {
        self.reads.as_ref()?;
        let Callee::Builtin(builtin) = call.callee else { return None };
        let named = program.builtins.get(builtin as usize)?;
        let object = self.args(call.list, call.count).first()?;
        (&*named.name == "object.get").then(|| self.origin(*object))
    }

    /// `object.get` has read what it asks for, or rests on its absence.
    #[cfg_attr(small, optimize(speed))]
    fn note_lookup(&mut self, from: Origin, to: Reg) {
        let (Some(reads), [object, key, _]) = (&mut self.reads, self.arguments.as_slice()) else { return };
        let path = match key {
            Value::Array(path) => path.items(),
            key => std::slice::from_ref(key),
        };
        let origin = reads.look_up(from, path, object);
        reads.set_origin(self.base + to.0 as usize, origin);
    }

    #[cfg_attr(small, optimize(speed))]
    fn call_builtin(&mut self, program: &Program, builtin: u32, arguments: Vec<Value>, to: Reg) -> Outcome {
        let Some(named) = program.builtins.get(builtin as usize) else { return Ok(false) };
        let Some(function) = &named.builtin else {
            let message = format!("the function {} is not there", named.name);
            return Err(self.failure(FailureCode::Builtin, message));
        };
        let mut context = Context { budget: &mut self.budget, now: self.settings.now, kept: &mut self.kept };
        let result = function.run(&mut context, &arguments);
        self.arguments = arguments;
        match result {
            Ok(value) => {
                self.put(to, value);
                Ok(true)
            }
            Err(Fault::Undefined) => Ok(false),
            Err(Fault::Limit(name)) => Err(self.reached(crate::budget::Reached(name))),
            Err(Fault::Error(message)) => {
                let code = if is_wrong_operand(&message) { FailureCode::Type } else { FailureCode::Builtin };
                let failure = self.failure(code, format!("{}: {message}", named.name));
                if self.settings.strict {
                    return Err(failure);
                }
                if self.errors.len() < ERRORS && !self.errors.iter().any(|other| other.span == failure.span) {
                    self.errors.push(*failure);
                }
                Ok(false)
            }
        }
    }

    /// Makes the environment of a `with`.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn with(&mut self, with: &With, saved: Reg) -> Result<(), Box<Failure>> {
        let Some(env) = self.envs.get(self.env) else { return Ok(()) };
        let mut new = env.fresh();
        for (target, stand_in) in &with.targets {
            match (target, stand_in) {
                (Target::Input(path), plan::StandIn::Value(value)) => {
                    let (value, by) = (self.value(*value).clone(), self.origin(*value));
                    self.charge_put(new.input.as_ref(), path)?;
                    new.input_from = self.changed(new.input_from, Reads::input, path, by);
                    new.input = Some(put(new.input.as_ref(), path, value));
                }
                (Target::Data(path), plan::StandIn::Value(value)) => {
                    let (value, by) = (self.value(*value).clone(), self.origin(*value));
                    self.charge_put(Some(&new.data), path)?;
                    new.data_from = self.changed(new.data_from, Reads::data, path, by);
                    new.data = put(Some(&new.data), path, value);
                    new.masks.push(path.clone());
                }
                (Target::Function(callee), plan::StandIn::Value(value)) => {
                    new.stand_ins.push((*callee, StandIn::Value(self.value(*value).clone())));
                }
                (Target::Function(callee), plan::StandIn::Function(function)) => {
                    new.stand_ins.push((*callee, StandIn::Function(*function)));
                }
                // Only a function can stand in for a function: `check` has seen to it.
                (Target::Input(_) | Target::Data(_), plan::StandIn::Function(_)) => {}
            }
        }
        if new.data.depth().max(new.input.as_ref().map_or(0, Value::depth)) > self.settings.limits.depth {
            return Err(self.reached(crate::budget::Reached("value-depth")));
        }
        let from = i64::try_from(self.env).unwrap_or(i64::MAX);
        self.put(saved, Value::from(from));
        self.env = self.envs.len();
        self.envs.push(new);
        Ok(())
    }

    /// Where the input or the data came from that a `with` has changed, if someone asks what results rest on.
    #[cfg_attr(small, optimize(speed))]
    fn changed(
        &mut self,
        from: Option<Origin>,
        root: fn(&Reads) -> Origin,
        path: &[Value],
        by: Origin,
    ) -> Option<Origin> {
        let reads = self.reads.as_mut()?;
        let from = from.unwrap_or_else(|| root(reads));
        Some(reads.changed(from, path, by))
    }

    /// Charges the levels that are copied when a value is put at a path.
    #[cfg_attr(small, optimize(speed))]
    fn charge_put(&mut self, value: Option<&Value>, path: &[Value]) -> Result<(), Box<Failure>> {
        let mut at = value;
        let mut members = 0;
        for key in path {
            let object = at.and_then(|value| if let Value::Object(object) = value { Some(object) } else { None });
            members += 1 + object.map_or(0, |object| object.members().len());
            at = object.and_then(|object| object.get(key));
        }
        self.charge(1 + members as u64)?;
        self.charge_bytes(256 + members * 2 * size_of::<Value>())
    }
}

/// Whether an error says that an argument has the wrong type: `operand 1 must be string but got number`.
#[cfg_attr(small, optimize(speed))]
fn is_wrong_operand(message: &str) -> bool {
    let after =
        message.strip_prefix("operand ").map(|rest| rest.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    after.is_some_and(|rest| rest.starts_with(' '))
}
