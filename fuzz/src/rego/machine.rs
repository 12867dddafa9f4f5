//! A policy in our own engine.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use countersign_rego::ast::Module;
use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::{Registry, standard};
use countersign_rego::machine::{Failure, FailureCode, Machine, Settings};
use countersign_rego::plan::{DocumentId, Program};
use countersign_rego::problem::Problem;
use countersign_rego::resolved::RuleKind;
use countersign_rego::source::Sources;
use countersign_rego::value::Value;
use countersign_rego::{check, json, parse};

static REGISTRY: LazyLock<Registry> = LazyLock::new(standard);

/// What one rule may cost here.
const STEPS: u64 = 100_000;

/// 2024-01-01, in nanoseconds.
const NOW: i128 = 1_704_067_200_000_000_000;

/// A policy that is ready to run.
pub struct Loaded {
    program: Arc<Program>,
    /// What rules define, functions left out: paths and documents.
    pub rules: Vec<(String, DocumentId)>,
}

/// A value, nothing, or a failure.
pub type Given = Result<Option<Value>, Failure>;

/// Reads a module. Every problem has a place in the text.
pub fn parsed(text: &str) -> Result<Module, Vec<Problem>> {
    let mut sources = Sources::default();
    let file = sources.add("a.rego", text);
    let module = parse::module(&sources, file, None, &parse::Limits::default());
    if let Err(problems) = &module {
        stand_in(problems, text);
    }
    module
}

/// Checks and plans a module.
pub fn loaded(module: Module, text: &str) -> Result<Loaded, Vec<Problem>> {
    let package = module.package.len();
    let resolved = check::modules(vec![module], &REGISTRY).inspect_err(|problems| stand_in(problems, text))?;
    let program = Program::new(&resolved, &REGISTRY);
    // Below the name of a rule, its keys: one document.
    let top = |path: &[Arc<str>]| path.get(..package + 1).map(<[Arc<str>]>::to_vec);
    let rules = resolved.rules.iter().filter(|rule| !matches!(rule.kind, RuleKind::Function(_)));
    let paths: BTreeSet<_> = rules.filter_map(|rule| top(&rule.path)).collect();
    let rules = paths.into_iter().filter_map(|path| Some((path.join("."), program.document(&path)?))).collect();
    Ok(Loaded { program: Arc::new(program), rules })
}

/// Each problem says something, about a part of the text.
fn stand_in(problems: &[Problem], text: &str) {
    assert!(!problems.is_empty(), "refused without a reason: {text}");
    for problem in problems {
        let (start, end) = (problem.span.start as usize, problem.span.end as usize);
        assert!(text.get(start..end).is_some(), "{problem:?} is outside of the text: {text}");
        assert!(!problem.to_string().is_empty());
    }
}

impl Loaded {
    pub fn machine(&self, data: &Value, input: &Value) -> Machine {
        let limits = Limits { steps: STEPS, bytes: 16 << 20, ..Limits::default() };
        let settings = Settings { limits, now: NOW, ..Settings::default() };
        let mut machine = Machine::new(Arc::clone(&self.program), settings);
        machine.set_data(data.clone()).unwrap();
        machine.set_input(Some(input.clone())).unwrap();
        machine
    }

    /// What every rule gives. It ends within its steps, and what is wrong has a name.
    pub fn values(&self, machine: &mut Machine) -> Vec<Given> {
        let value = |(path, document): &(String, DocumentId)| {
            let given = machine.document(*document);
            assert!(machine.steps() <= STEPS, "{path} took {} steps", machine.steps());
            if let Err(failure) = &given {
                assert!(failure.code != FailureCode::Internal, "{path}: {failure:?}");
            }
            given
        };
        self.rules.iter().map(value).collect()
    }
}

/// Whether a limit ended it: how far it came depends on what is kept from before.
pub fn is_limit(given: &Given) -> bool {
    matches!(given, Err(Failure { code: FailureCode::Limit(_), .. }))
}

pub fn read(text: &str) -> Option<Value> {
    json::read(text, &mut Budget::new(Limits::default())).ok()
}

pub fn show(given: &Given) -> String {
    match given {
        Ok(Some(value)) => json::write(value),
        Ok(None) => "nothing".to_owned(),
        Err(failure) => format!("the error {}: {}", failure.code.name(), failure.message),
    }
}
