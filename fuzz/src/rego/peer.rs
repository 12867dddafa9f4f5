//! A policy in the crate `regorus`, which was written by others.

use std::cell::Cell;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use countersign_rego::value::Value;
use regorus::Engine;

use super::super::regorus_values::{from_regorus, without_import};

/// A policy that regorus has loaded.
pub struct Peer(Engine);

impl Peer {
    /// `None` if it refuses the policy.
    pub fn load(text: &str, data: &str, input: &str) -> Option<Peer> {
        let mut engine = Engine::new();
        // It takes a parenthesis at the start of a line for a call of what stands before it.
        let text = without_import(text).replace("\n\t(", "\n\ttrue; (");
        let text = closures(&text);
        quietly(move || {
            engine.add_policy("a.rego".to_owned(), text).ok()?;
            engine.add_data_json(data).ok()?;
            engine.set_input_json(input).ok()?;
            engine.set_strict_builtin_errors(false);
            Some(Peer(engine))
        })?
    }

    /// What a rule gives, or the error.
    pub fn value(&mut self, path: &str) -> Result<Option<Value>, String> {
        let told = |error: &dyn std::fmt::Display| error.to_string();
        let engine = &mut self.0;
        let given = quietly(|| engine.eval_query(format!("data.{path}"), false).map_err(|error| told(&error)));
        let given = given.unwrap_or_else(|| Err("a panic".to_owned()))?;
        Ok(given
            .result
            .first()
            .and_then(|row| row.expressions.first())
            .and_then(|expression| from_regorus(&expression.value)))
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// A panic of the peer is no finding: it gives nothing, and what a fuzzer hung on panics does not hear of it.
fn quietly<T>(run: impl FnOnce() -> T) -> Option<T> {
    static HOOKED: Once = Once::new();
    HOOKED.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    QUIET.set(true);
    let given = catch_unwind(AssertUnwindSafe(run)).ok();
    QUIET.set(false);
    given
}

/// It has no `not { ... }`, which says that its body has no solution.
fn closures(text: &str) -> String {
    let mut rest = text;
    let mut written = String::new();
    while let Some((before, after)) = rest.split_once("not { ") {
        let mut open = 1_u32;
        let end = after.find(|letter| {
            open = open + u32::from(letter == '{') - u32::from(letter == '}');
            open == 0
        });
        let (body, behind) = after.split_at(end.unwrap_or(after.len()));
        let _ = write!(written, "{before}count([1 | {}]) == 0", closures(body));
        rest = behind.strip_prefix('}').unwrap_or_default();
    }
    written + rest
}
