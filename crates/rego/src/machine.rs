//! The machine that runs a program.
//!
//! Everything is on vectors of its own: registers, frames (one for each document or function that is evaluated) and
//! choices (where to go on when something fails). Nothing calls itself, so no policy can use up the stack, and every
//! instruction is charged before it is done.

mod build;
mod call;
mod choice;
mod env;
mod parts;
mod place;
mod print;
mod reads;
mod run;
mod shared;
mod watch;

use std::sync::Arc;

use crate::budget::{Budget, Limits, Reached};
use crate::builtins::Kept;
use crate::plan::{DocumentId, Program, Query};
use crate::source::Span;
use crate::value::Value;
use build::Collected;
use call::Frame;
use choice::Choice;
use env::Env;
use parts::Parts;
pub use reads::Read;
use reads::Reads;
use shared::Shared;
use watch::Watch;
pub use watch::{Covered, Event, EventKind, Reason, Stuck};

/// The most errors of builtins that are kept.
const ERRORS: usize = 16;

/// What a machine runs with.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What one evaluation may cost.
    pub limits: Limits,
    /// Whether the error of a builtin ends the evaluation. If not, the call is undefined.
    pub strict: bool,
    /// The time that policies see, in nanoseconds since 1970.
    pub now: i128,
    /// Whether lines of `print` are kept.
    pub print: bool,
}

/// Why an evaluation has no result.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failure {
    /// The kind of failure.
    pub code: FailureCode,
    /// What went wrong, without any value of an input.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// The kinds of failure, as OPA names them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FailureCode {
    /// `eval_conflict_error`: a rule gives two values where one may be.
    Conflict,
    /// `eval_type_error`: a builtin does not take values of this type.
    Type,
    /// `eval_builtin_error`: a builtin gives an error.
    Builtin,
    /// `eval_internal_error`: the program is broken.
    Internal,
    /// A limit, by its name.
    Limit(&'static str),
}

/// A machine. It keeps what rules gave until the input changes.
pub struct Machine {
    program: Arc<Program>,
    settings: Settings,
    budget: Budget,
    kept: Kept,
    /// The next instruction.
    at: u32,
    /// The first register of the newest frame.
    base: usize,
    registers: Vec<Value>,
    frames: Vec<Frame>,
    choices: Vec<Choice>,
    /// The collections that are being made.
    collected: Vec<Collected>,
    /// The environment by number, and all of them: the first has no stand-ins.
    env: usize,
    envs: Vec<Env>,
    /// The arguments of a call, kept to spare the allocation.
    arguments: Vec<Value>,
    printed: Vec<String>,
    /// The errors of builtins that made a call undefined, one for each place.
    errors: Vec<Failure>,
    shared: Shared,
    reads: Option<Box<Reads>>,
    /// While reads are noted: what was given before without.
    unnoted: Option<Box<Unnoted>>,
    /// The parts of the data, once reads were noted.
    data_parts: Option<Arc<Parts>>,
    watch: Option<Box<Watch>>,
}

/// What rules gave for an input, and what that has used.
struct Unnoted {
    shared: Shared,
    env: Env,
    budget: Budget,
}

impl Machine {
    /// A machine without data and input.
    pub fn new(program: Arc<Program>, settings: Settings) -> Machine {
        Machine {
            budget: Budget::new(settings.limits.clone()),
            program,
            settings,
            kept: Kept::default(),
            at: 0,
            base: 0,
            registers: Vec::new(),
            frames: Vec::new(),
            choices: Vec::new(),
            collected: Vec::new(),
            env: 0,
            envs: vec![Env::default()],
            arguments: Vec::new(),
            printed: Vec::new(),
            errors: Vec::new(),
            shared: Shared::default(),
            reads: None,
            unnoted: None,
            data_parts: None,
            watch: None,
        }
    }

    /// The program that it runs.
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Sets the data that rules do not define: an object.
    pub fn set_data(&mut self, data: Value) -> Result<(), Failure> {
        self.check_depth(&data).map_err(|failure| *failure)?;
        self.shared.clear();
        self.unnoted = None;
        self.data_parts = None;
        self.first_env(|env| env.data = data);
        Ok(())
    }

    /// The data that rules do not define.
    pub fn data(&self) -> &Value {
        self.envs.first().map_or(&Value::Null, |env| &env.data)
    }

    /// Sets the input.
    pub fn set_input(&mut self, input: Option<Value>) -> Result<(), Failure> {
        if let Some(input) = &input {
            self.check_depth(input).map_err(|failure| *failure)?;
        }
        self.unnoted = None;
        self.first_env(|env| env.input = input);
        Ok(())
    }

    /// Changes how many steps each of the following evaluations may take.
    pub fn allow_steps(&mut self, most: u64) {
        self.settings.limits.steps = most;
        self.budget.allow_steps(most);
    }

    /// The value of a document, or `None` if it is undefined.
    pub fn document(&mut self, document: DocumentId) -> Result<Option<Value>, Failure> {
        let value = self.start(document.0)?;
        // Whoever asked will look at all of it.
        let weight = value.as_ref().map_or(0, Value::weight);
        self.budget.steps(weight).map_err(|reached| *self.reached(reached))?;
        Ok(value)
    }

    /// The value at a path below `data`.
    pub fn rule<S: AsRef<str>>(&mut self, path: &[S]) -> Result<Option<Value>, Failure> {
        match self.program.document(path) {
            Some(document) => self.document(document),
            None => Ok(None),
        }
    }

    /// The solutions of a query: for each, the values of [`Query::names`].
    pub fn query(&mut self, query: &Query) -> Result<Vec<Vec<Value>>, Failure> {
        let solutions = self.start(query.document)?;
        let rows = match &solutions {
            Some(Value::Array(rows)) => rows.items(),
            _ => &[],
        };
        let row = |row: &Value| match row {
            Value::Array(values) => values.items().to_vec(),
            _ => Vec::new(),
        };
        Ok(rows.iter().map(row).collect())
    }

    /// Whether evaluations note which parts of the input and the data their results rest on. What was kept with notes is
    /// forgotten without, and the other way round until there are none.
    pub fn note_reads(&mut self, on: bool) {
        if on {
            let env = self.envs.first_mut().map(|env| std::mem::replace(env, env.fresh())).unwrap_or_default();
            let (shared, budget) = (std::mem::take(&mut self.shared), self.budget.clone());
            self.unnoted = Some(Box::new(Unnoted { shared, env, budget }));
        }
        self.reads = on.then(|| Box::new(Reads::new(Arc::new(Parts::of(None, 0)), None)));
        self.shared.clear();
        self.first_env(|_| ());
        if !on && let Some(before) = self.unnoted.take() {
            self.shared = before.shared;
            self.envs = vec![before.env];
            self.budget = before.budget;
        }
    }

    /// What the value of a document rests on that was evaluated since [`Machine::note_reads`], or an element of the set
    /// or array that it is, or the member with this key: the deepest parts of the input, what was read last first.
    pub fn reads(&self, document: DocumentId, element: Option<&Value>) -> Vec<Read> {
        let kept = self.envs.first().and_then(|env| env.documents.get(&document.0));
        let kept = kept.or_else(|| self.shared.get(document.0));
        let (Some(reads), Some(kept)) = (&self.reads, kept) else { return Vec::new() };
        let number = match (&kept.value, element) {
            (Some(Value::Array(array)), Some(element)) => array.items().iter().position(|item| item == element),
            _ => None,
        };
        // An array knows its elements by number.
        let number = number.and_then(|number| i64::try_from(number).ok()).map(Value::from);
        reads.of(kept.reads, number.as_ref().or(element))
    }

    /// The steps that the last evaluation took.
    pub fn steps(&self) -> u64 {
        self.budget.used()
    }

    /// The errors of builtins since they were last taken, one for each place and at most 16: where errors are not strict,
    /// they made their calls undefined.
    pub fn take_errors(&mut self) -> Vec<Failure> {
        std::mem::take(&mut self.errors)
    }

    /// The lines that policies printed since they were last taken.
    pub fn take_printed(&mut self) -> Vec<String> {
        std::mem::take(&mut self.printed)
    }

    fn first_env(&mut self, change: impl FnOnce(&mut Env)) {
        self.envs.truncate(1);
        self.shared.renew(self.settings.limits.bytes);
        if self.reads.is_some() {
            // What they rest on was noted for the other input.
            self.shared.clear();
        }
        if let Some(env) = self.envs.first_mut() {
            env.forget();
            change(env);
            if let Some(reads) = &mut self.reads {
                let parts = self.data_parts.get_or_insert_with(|| Arc::new(Parts::of(Some(&env.data), 0)));
                **reads = Reads::new(Arc::clone(parts), env.input.as_ref());
            }
        }
        self.budget = Budget::new(self.settings.limits.clone());
    }

    fn check_depth(&self, value: &Value) -> Result<(), Box<Failure>> {
        let deep = value.depth() > self.settings.limits.depth;
        if deep { Err(self.reached(Reached("value-depth"))) } else { Ok(()) }
    }

    /// Evaluates a document from nothing.
    fn start(&mut self, document: u32) -> Result<Option<Value>, Failure> {
        self.budget.renew_steps();
        self.kept.begin();
        let used = self.budget.bytes_left() < self.settings.limits.bytes;
        match self.evaluate(document) {
            // What earlier evaluations left took a part of the bytes: this one gets them all.
            Err(Failure { code: FailureCode::Limit("policy-memory"), .. }) if used => {
                self.shared.clear();
                self.first_env(|_| ());
                self.evaluate(document)
            }
            result => result,
        }
    }

    fn evaluate(&mut self, document: u32) -> Result<Option<Value>, Failure> {
        let result = self.run(document).map_err(|failure| *failure);
        if let Err(Failure { code: FailureCode::Limit(_), .. }) = result {
            // What is kept of it counts for nothing.
            let used = self.budget.used();
            self.shared.clear();
            self.first_env(|_| ());
            // There are as many as were used.
            let _ = self.budget.steps(used);
        }
        if let Some(reads) = &mut self.reads {
            reads.restart();
        }
        self.shared.stop();
        self.registers.clear();
        self.frames.clear();
        self.choices.clear();
        self.collected.clear();
        self.envs.truncate(1);
        self.env = 0;
        self.base = 0;
        result
    }

    /// The failure of a limit, where the machine is.
    fn reached(&self, reached: Reached) -> Box<Failure> {
        self.failure(FailureCode::Limit(reached.0), format!("the evaluation reached the limit {}", reached.0))
    }

    fn failure(&self, code: FailureCode, message: impl Into<String>) -> Box<Failure> {
        let span = self.program.span(self.at.saturating_sub(1));
        Box::new(Failure { code, message: message.into(), span })
    }
}

impl FailureCode {
    /// OPA's name, or the limit's.
    pub fn name(self) -> &'static str {
        match self {
            FailureCode::Conflict => "eval_conflict_error",
            FailureCode::Type => "eval_type_error",
            FailureCode::Builtin => "eval_builtin_error",
            FailureCode::Internal => "eval_internal_error",
            FailureCode::Limit(name) => name,
        }
    }
}
