//! What an evaluation may cost. Everything that takes time or memory is charged here before it is done, so what runs
//! away ends at the same step in every runtime.

/// The limits of one evaluation. Reaching one ends it with the limit's name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Limits {
    /// The steps of the machine, and of builtins by the size of their arguments. `policy-steps`.
    pub steps: u64,
    /// The bytes of the values that it makes, in all. `policy-memory`.
    pub bytes: u64,
    /// The nesting of a value. `value-depth`.
    pub depth: u32,
    /// The bytes that one call of a builtin may make. `builtin-bytes`.
    pub builtin_bytes: usize,
    /// The items that one call of a builtin may make. `builtin-items`.
    pub builtin_items: usize,
    /// The calls of functions and rules within each other. `policy-calls`.
    pub calls: u32,
}

/// A limit that was reached, by its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reached(pub &'static str);

/// Why a function gives no value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// It does not take these values: the call is undefined, or an error where errors are strict. The text has no value
    /// of an input in it.
    Error(String),
    /// Without an error, there is no result.
    Undefined,
    /// A limit was reached.
    Limit(&'static str),
}

/// What is left of the limits.
#[derive(Clone, Debug)]
pub struct Budget {
    limits: Limits,
    steps: u64,
    bytes: u64,
}

impl Default for Limits {
    #[cfg_attr(small, optimize(speed))]
    fn default() -> Limits {
        Limits {
            steps: 2_000_000,
            bytes: 128 << 20,
            depth: 256,
            builtin_bytes: 1 << 20,
            builtin_items: 100_000,
            calls: 10_000,
        }
    }
}

impl Budget {
    /// A whole budget.
    #[cfg_attr(small, optimize(speed))]
    pub fn new(limits: Limits) -> Budget {
        Budget { steps: limits.steps, bytes: limits.bytes, limits }
    }

    /// Changes how many steps there are in all, from now on.
    #[cfg_attr(small, optimize(speed))]
    pub fn allow_steps(&mut self, most: u64) {
        self.limits.steps = most;
        self.steps = most;
    }

    /// Gives back the steps, not the bytes.
    #[cfg_attr(small, optimize(speed))]
    pub fn renew_steps(&mut self) {
        self.steps = self.limits.steps;
    }

    /// The limits themselves.
    #[cfg_attr(small, optimize(speed))]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The bytes that are left for values.
    #[cfg_attr(small, optimize(speed))]
    pub(crate) fn bytes_left(&self) -> u64 {
        self.bytes
    }

    /// The steps that were taken.
    #[cfg_attr(small, optimize(speed))]
    pub fn used(&self) -> u64 {
        self.limits.steps - self.steps
    }

    /// Takes steps.
    #[cfg_attr(small, optimize(speed))]
    pub fn steps(&mut self, count: u64) -> Result<(), Reached> {
        self.steps = self.steps.checked_sub(count).ok_or(Reached("policy-steps"))?;
        Ok(())
    }

    /// Takes bytes that a value will need.
    #[cfg_attr(small, optimize(speed))]
    pub fn bytes(&mut self, count: u64) -> Result<(), Reached> {
        self.bytes = self.bytes.checked_sub(count).ok_or(Reached("policy-memory"))?;
        Ok(())
    }
}

impl From<Reached> for Fault {
    #[cfg_attr(small, optimize(speed))]
    fn from(reached: Reached) -> Fault {
        Fault::Limit(reached.0)
    }
}

impl From<&str> for Fault {
    #[cfg_attr(small, optimize(speed))]
    fn from(text: &str) -> Fault {
        Fault::Error(text.to_owned())
    }
}

impl From<String> for Fault {
    #[cfg_attr(small, optimize(speed))]
    fn from(text: String) -> Fault {
        Fault::Error(text)
    }
}
