//! The functions of Rego. A builtin takes values and gives one; it charges the budget by the size of what it is given
//! and of what it makes, before it makes it.

pub mod crypto;
pub mod net;
mod operand;
pub mod refused;
pub mod semver;
pub mod time;
pub mod uuid;

use std::collections::BTreeMap;

use crate::budget::Budget;
pub use crate::budget::Fault;
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

/// What builtins keep from one call to the next within one evaluation.
#[derive(Debug, Default)]
pub struct Kept {}

/// The builtins that a program may call, by name.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    functions: BTreeMap<&'static str, Builtin>,
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

impl Registry {
    /// All functions of this crate. Those that need more than values are added to them.
    pub fn standard() -> Registry {
        let mut registry = Registry::default();
        for builtins in [crypto::CRYPTO, net::NET, semver::SEMVER, time::TIME, uuid::UUID] {
            registry.add(builtins);
        }
        registry
    }

    /// Adds functions; one with a name that is there already takes its place.
    pub fn add(&mut self, builtins: &[Builtin]) {
        self.functions.extend(builtins.iter().map(|builtin| (builtin.name, *builtin)));
    }

    /// The function with this name.
    pub fn get(&self, name: &str) -> Option<&Builtin> {
        self.functions.get(name)
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.functions.keys().copied()
    }
}
