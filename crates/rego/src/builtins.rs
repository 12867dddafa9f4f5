//! The functions of Rego. A builtin takes values and gives one; it charges the budget by the size of what it is given
//! and of what it makes, before it makes it.

mod aggregates;
mod arithmetic;
mod arrays;
mod asn1;
pub mod aws;
mod base64;
mod comparison;
pub mod crypto;
mod encoding;
mod glob;
mod graph;
mod json;
pub mod jwt;
mod keys;
pub mod net;
mod objects;
mod operands;
mod pem;
pub mod refused;
mod regex;
pub mod semver;
mod sets;
mod sprintf;
mod strings;
mod template;
#[cfg(test)]
mod tests;
pub mod time;
mod types;
mod units;
pub mod uri;
mod url;
pub mod uuid;
pub mod x509;
pub mod yaml;

use std::collections::BTreeMap;

pub use crate::budget::Fault;
use crate::budget::{Budget, Reached};
use crate::value::Value;

/// A builtin function.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Its name, as OPA has it: `regex.match`.
    pub name: &'static str,
    /// The types that each argument may have.
    pub arguments: &'static [Types],
    /// The types that its result may have.
    pub result: Types,
    /// What it does.
    pub call: fn(&mut Context<'_>, &[Value]) -> Result<Value, Fault>,
}

/// Some of the seven types, as a set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Types(pub u8);

/// What a builtin may use beside its arguments.
pub struct Context<'a> {
    /// What it pays with.
    pub budget: &'a mut Budget,
    /// The time, in nanoseconds since 1970.
    pub now: i128,
    /// What was compiled by earlier calls: patterns.
    pub kept: &'a mut Kept,
}

/// The patterns that were compiled. They may be kept for many evaluations: what an evaluation pays does not depend on
/// those before it.
#[derive(Debug, Default)]
pub struct Kept {
    /// Each with the last evaluation that paid for it; nothing for what is no pattern.
    patterns: BTreeMap<String, (u64, Option<regex::Pattern>)>,
    evaluation: u64,
}

/// The builtins that a program may call, by name.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    functions: BTreeMap<&'static str, Builtin>,
    refused: BTreeMap<&'static str, &'static str>,
}

impl Types {
    /// No value.
    pub const NONE: Types = Types(0);
    /// `null`.
    pub const NULL: Types = Types(1);
    /// Booleans.
    pub const BOOLEAN: Types = Types(2);
    /// Numbers.
    pub const NUMBER: Types = Types(4);
    /// Strings.
    pub const STRING: Types = Types(8);
    /// Arrays.
    pub const ARRAY: Types = Types(16);
    /// Objects.
    pub const OBJECT: Types = Types(32);
    /// Sets.
    pub const SET: Types = Types(64);
    /// Every value.
    pub const ANY: Types = Types(127);

    /// Both.
    #[must_use]
    pub const fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    /// What both have.
    #[must_use]
    pub const fn and(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Builtin {
    /// One line of a table.
    pub const fn new(
        name: &'static str,
        arguments: &'static [Types],
        result: Types,
        call: fn(&mut Context<'_>, &[Value]) -> Result<Value, Fault>,
    ) -> Builtin {
        Builtin { name, arguments, result, call }
    }

    /// Calls it, paid for, and sees that the result is not nested too deep.
    pub fn run(&self, context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
        context.work(1)?;
        let value = (self.call)(context, arguments)?;
        if value.depth() > context.budget.limits().depth {
            return Err(Fault::Limit("value-depth"));
        }
        Ok(value)
    }
}

impl Kept {
    /// The most patterns that are kept for the next evaluation.
    const MOST: usize = 1000;

    /// Begins an evaluation.
    pub fn begin(&mut self) {
        self.evaluation += 1;
        if self.patterns.len() > Kept::MOST {
            self.patterns.clear();
        }
    }

    /// A pattern that this evaluation has paid for.
    fn pattern(&self, name: &str) -> Option<regex::Pattern> {
        let (paid, pattern) = self.patterns.get(name)?;
        pattern.clone().filter(|_| *paid == self.evaluation)
    }

    /// A pattern that is paid for now, compiled if no evaluation did.
    fn compiled(&mut self, name: String, compile: impl FnOnce() -> Option<regex::Pattern>) -> Option<regex::Pattern> {
        let (paid, pattern) = self.patterns.entry(name).or_insert_with(|| (0, compile()));
        *paid = self.evaluation;
        pattern.clone()
    }
}

impl Context<'_> {
    /// Pays for work on values of this weight.
    pub(crate) fn work(&mut self, weight: u64) -> Result<(), Reached> {
        self.budget.steps(weight)
    }

    /// Pays for looking at this many bytes of text.
    pub(crate) fn scan(&mut self, bytes: usize) -> Result<(), Reached> {
        self.budget.steps(1 + bytes as u64 / 64)
    }

    /// Pays for looking up a key: as many comparisons as the number of members has bits.
    pub(crate) fn lookup(&mut self, key: &Value, container: &Value) -> Result<(), Reached> {
        let comparison = key.weight().min(container.weight());
        self.work(comparison.saturating_mul(1 + u64::from(container.weight().max(1).ilog2())))
    }

    /// Pays for so many new items of a container.
    pub(crate) fn items(&mut self, count: usize) -> Result<(), Reached> {
        if count > self.budget.limits().builtin_items {
            return Err(Reached("builtin-items"));
        }
        self.budget.steps(count as u64)?;
        self.budget.bytes(32 * (1 + count as u64))
    }

    /// Pays for putting values of this weight, so many of them, in order.
    pub(crate) fn sorting(&mut self, weight: u64, count: usize) -> Result<(), Reached> {
        self.work(weight.saturating_mul(1 + u64::from(count.max(1).ilog2())))?;
        self.items(count)
    }
}

/// The tables.
const FAMILIES: &[&[Builtin]] = &[
    aggregates::AGGREGATES,
    arithmetic::ARITHMETIC,
    arrays::ARRAYS,
    aws::AWS,
    comparison::COMPARISON,
    crypto::CRYPTO,
    encoding::ENCODING,
    glob::GLOB,
    graph::GRAPHS,
    json::JSON,
    jwt::JWT,
    net::NET,
    objects::OBJECTS,
    regex::REGEX,
    semver::SEMVER,
    sets::SETS,
    strings::STRINGS,
    time::TIME,
    types::TYPES,
    units::UNITS,
    uri::URI,
    uuid::UUID,
    x509::X509,
    yaml::YAML,
];

/// All builtins.
pub fn standard() -> Registry {
    let mut registry = Registry::default();
    for family in FAMILIES {
        registry.add(family);
    }
    for (name, reason) in refused::REFUSED {
        registry.refuse(name, reason);
    }
    registry
}

impl Registry {
    /// Adds functions; one with a name that is there already takes its place.
    pub fn add(&mut self, builtins: &[Builtin]) {
        self.functions.extend(builtins.iter().map(|builtin| (builtin.name, *builtin)));
    }

    /// The function with this name.
    pub fn get(&self, name: &str) -> Option<&Builtin> {
        self.functions.get(name)
    }

    /// Refuses a function of OPA at load, for a reason: a sentence without a full stop.
    pub fn refuse(&mut self, name: &'static str, reason: &'static str) {
        self.refused.insert(name, reason);
    }

    /// Why a function of OPA is refused, if it is.
    pub fn refused(&self, name: &str) -> Option<&'static str> {
        self.refused.get(name).copied()
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.functions.keys().copied()
    }
}
