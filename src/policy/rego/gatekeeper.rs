//! Gatekeeper's templates with their constraints: each template is a set of modules of its own.

use countersign_rego::ast::Version;
use countersign_rego::machine::Machine;
use countersign_rego::value::Value;

use super::annotations::Annotation;
use super::documents::Entry;
use super::findings::{kebab, words};
use super::rules::{Failure, Reading, Rule, Rules};
use super::templates::{self, Constraint, Review, Template};
use super::why::At;
use crate::error::{ContractCode, ContractError};
use crate::limits::PolicyLimits;

/// Templates and constraints, compiled once.
#[derive(Debug, Default)]
pub(super) struct Gatekeeper {
    pub units: Vec<Unit>,
}

/// A template with its constraints.
#[derive(Debug)]
pub(super) struct Unit {
    /// The kind of its constraints.
    pub kind: String,
    /// Its rules: the one that judges is `violation` of the template's package.
    pub rules: Rules,
    /// In the order that they were given.
    pub constraints: Vec<Constraint>,
    /// What the template says of itself.
    pub annotation: Annotation,
}

impl Unit {
    /// The rule that judges.
    pub fn rule(&self) -> Option<&Rule> {
        self.rules.judging.first()
    }

    /// A machine that has the inventory of the documents.
    pub fn machine(&self, inventory: &Value, limits: &PolicyLimits, now: i64) -> Result<Machine, Failure> {
        let mut machine = self.rules.machine(limits, now);
        machine.set_data(inventory.clone()).map_err(|fault| self.rules.failure(&fault))?;
        Ok(machine)
    }

    /// What the template is asked: the number of the document, and the input, for each constraint that is about it.
    pub fn inputs(&self, entries: &[Entry]) -> Vec<(usize, Value)> {
        let namespaces = templates::namespaces(entries);
        let mut inputs = Vec::new();
        for constraint in &self.constraints {
            for entry in entries {
                if let Some(review) = Review::of(entry).filter(|review| constraint.is_about(review, &namespaces)) {
                    inputs.push((entry.document, constraint.input(&review)));
                }
            }
        }
        inputs
    }
}

impl Gatekeeper {
    /// The template of this constraint kind, or whose findings have this id.
    pub fn unit(&self, name: &str) -> Option<&Unit> {
        let is = |unit: &&Unit| unit.kind == name || unit.annotation.id.as_deref() == Some(name);
        self.units.iter().find(is)
    }

    /// Compiles templates and constraints, given in any order.
    pub fn load(
        objects: &[Value],
        version: Option<Version>,
        limits: &PolicyLimits,
    ) -> Result<Gatekeeper, ContractError> {
        let is_template = |object: &&Value| object.member("kind").and_then(Value::as_str) == Some("ConstraintTemplate");
        let (templates, constraints): (Vec<_>, Vec<_>) = objects.iter().partition(is_template);
        let mut units = Vec::new();
        for template in templates {
            units.push(unit(template, version, limits)?);
        }
        for object in constraints {
            let constraint = Constraint::read(object).map_err(|message| refused(&named(object), message))?;
            let Some(unit) = units.iter_mut().find(|unit: &&mut Unit| unit.kind == constraint.kind) else {
                let message = format!("there is no template for the constraint kind `{}`", constraint.kind);
                return Err(refused(&named(object), message).help("add the ConstraintTemplate to the pack"));
            };
            unit.constraints.push(constraint);
        }
        if let Some(idle) = units.iter().find(|unit| unit.constraints.is_empty()) {
            let message = "the template has no constraint, so it would judge nothing".to_owned();
            let help = format!("add an object of kind `{}` to the pack", idle.kind);
            return Err(refused(&idle.kind, message).help(help));
        }
        Ok(Gatekeeper { units })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// How many constraints there are.
    pub fn constraints(&self) -> usize {
        self.units.iter().map(|unit| unit.constraints.len()).sum()
    }
}

fn unit(object: &Value, version: Option<Version>, limits: &PolicyLimits) -> Result<Unit, ContractError> {
    let template = Template::read(object).map_err(|message| refused(&named(object), message))?;
    let file = |(number, text): (usize, String)| match number {
        0 => (format!("{}.rego", template.kind), text),
        number => (format!("{}-lib{number}.rego", template.kind), text),
    };
    let modules: Vec<(String, String)> = template.texts.into_iter().enumerate().map(file).collect();
    let mut rules = Rules::load(&modules, &Reading { version, ..Reading::default() }, limits)?;
    let package = rules.resolved.modules.first().map(|module| module.package.join("."));
    rules.judging.retain(|rule| package.as_ref().is_some_and(|package| rule.path == format!("{package}.violation")));
    if rules.judging.is_empty() {
        let message = "the template has no rule `violation`".to_owned();
        return Err(refused(&template.kind, message).help("Gatekeeper asks for `violation[{\"msg\": msg}] { ... }`"));
    }
    let at = rules.judging.first().map(|rule| At::of(&rules.sources, rule.span));
    let annotation = Annotation {
        id: Some(kebab(&words(&template.kind))),
        title: template.title,
        description: template.description,
        at: at.unwrap_or_default(),
        ..Annotation::default()
    };
    Ok(Unit { kind: template.kind, rules, constraints: Vec::new(), annotation })
}

fn refused(at: &str, message: String) -> ContractError {
    ContractError::new(ContractCode::ContractPolicy, at, message)
}

/// Its kind and name.
fn named(object: &Value) -> String {
    let kind = object.member("kind").and_then(Value::as_str).unwrap_or("template");
    let name = object.member("metadata").and_then(|metadata| metadata.member("name")).and_then(Value::as_str);
    name.map_or_else(|| kind.to_owned(), |name| format!("{kind}/{name}"))
}
