//! A budget of steps in place of a time limit, so that a policy that runs too long is stopped at the same step in
//! every runtime. The evaluator reads its clock at every step. The clock installed here counts the readings and
//! answers "no time has passed" until the budget is used up, then "an hour".
//!
//! The same readings show how deep the evaluator has recursed, which nothing else in it limits: a stack overflow would
//! take down the whole WASM instance.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::sync::Once;
use std::time::Duration;

use regorus::utils::limits::{ExecutionTimerConfig, TimeSource, set_time_source};

/// What stopped an evaluation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stop {
    /// Rules call each other too deeply.
    Stack,
    /// The steps are used up.
    Steps,
}

/// Any time limit works: the clock below answers zero or an hour.
pub(super) const TIMER: ExecutionTimerConfig =
    ExecutionTimerConfig { limit: Duration::from_secs(1), check_interval: NonZeroU32::MIN };

/// A WASM instance has a stack of 1 MiB for values that have an address. Its engine keeps the rest on a stack of its
/// own, of about the same size, which cannot be measured here. A native thread has 2 MiB.
const POLICY_STACK: usize = if cfg!(target_arch = "wasm32") { 256 * 1024 } else { 1024 * 1024 };

#[derive(Clone, Copy)]
struct Meter {
    left: u64,
    used: u64,
    stack: usize,
    stop: Option<Stop>,
}

thread_local! {
    static METER: Cell<Meter> = const { Cell::new(Meter { left: u64::MAX, used: 0, stack: 0, stop: None }) };
}

/// Runs an evaluation with this many steps. Returns its result, the steps it took and what stopped it.
pub(super) fn metered<T>(steps: u64, evaluate: impl FnOnce() -> T) -> (T, u64, Option<Stop>) {
    install();
    METER.set(Meter { left: steps, used: 0, stack: stack_pointer(), stop: None });
    let result = evaluate();
    let meter = METER.get();
    METER.set(Meter { left: u64::MAX, used: 0, stack: 0, stop: None });
    (result, meter.used, meter.stop)
}

struct StepClock;

impl TimeSource for StepClock {
    fn now(&self) -> Option<Duration> {
        let mut meter = METER.get();
        meter.used = meter.used.saturating_add(1);
        if meter.stop.is_none() {
            meter.stop = stop(&meter);
        }
        METER.set(meter);
        // One hour more each time, so that a timer that starts now will exceed its limit too.
        Some(if meter.stop.is_some() { Duration::from_secs(meter.used.saturating_mul(3600)) } else { Duration::ZERO })
    }
}

fn stop(meter: &Meter) -> Option<Stop> {
    if meter.stack != 0 && meter.stack.abs_diff(stack_pointer()) > POLICY_STACK {
        Some(Stop::Stack)
    } else if meter.used > meter.left {
        Some(Stop::Steps)
    } else {
        None
    }
}

/// The evaluator has one clock per process. It is ours from the first policy on.
fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // A clock that somebody else installed first stays: then there is no budget, but nothing worse happens.
        let _ = set_time_source(&StepClock);
    });
}

/// The address of a local variable, which is only ever compared with another one.
#[inline(never)]
fn stack_pointer() -> usize {
    let here = 0_u8;
    std::hint::black_box(&raw const here).addr()
}
