//! Many hooks at one receiver: which of them a request is for, what its sender should see, and whether the hook should
//! be disabled. For the sending side: what follows from the answer to a delivery. Every enabled hook has its own gate. The
//! caller keeps the count of earlier refused signatures.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::about::About;
use crate::call::{Misuse, parsed};
use crate::check::Check;
use crate::compile::{self as contract, Options};
use crate::error::ContractError;
use crate::finding::{Code, Finding, Stage};
use crate::gate::Gate;
use crate::grammar::Part;
use crate::hook_rules;
use crate::limits::Limits;
use crate::nearest::nearest;
use crate::request::{Request, duplicate_header};
use crate::retry;
use crate::signature::keys::Key;
use crate::target::Parts;
use crate::verdict::{Outcome, Verdict};

mod address;
mod compile;
mod document;
mod outcome;
mod settle;

use address::{Address, Called, Nowhere};
pub use outcome::{Answer, Body, Disable, HookOutcome};
pub use settle::{Action, Answered, Settle, Settlement};

/// The contract behind the verdict for a request that reaches no hook.
const OUTSIDE: &str = r#"{ "contract": "registry", "version": 1, "signature": null }"#;

/// A compiled `hooks.json`. Make it once, and check many requests with it.
#[derive(Debug)]
pub struct Registry {
    hooks: Vec<Hook>,
    outside: Gate,
}

#[derive(Debug)]
struct Hook {
    id: String,
    note: Option<String>,
    address: Address,
    state: State,
    receipt: Option<bool>,
    disable_after: Option<u32>,
}

#[derive(Debug)]
enum State {
    Disabled { reason: String },
    Enabled(Box<Gate>),
}

/// Everything a registry is made of, as JavaScript passes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Source {
    registry: document::Document,
    /// The contracts, by the name that a hook uses.
    #[serde(default)]
    contracts: BTreeMap<String, Bundle>,
    /// The keys, by the hook's id.
    #[serde(default)]
    keys: BTreeMap<String, Vec<Key>>,
    #[serde(default)]
    limits: Limits,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bundle {
    contract: Part,
    #[serde(default)]
    files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettleInput {
    hook: String,
    answer: retry::Answer,
    options: Settle,
}

impl Registry {
    /// Compiles a registry from one JSON text that holds everything it needs: `{ registry, contracts, keys, limits }`.
    /// The contracts are `{ contract, files }`, by the name that hooks use; the keys are lists, by the hook's id.
    ///
    /// # Errors
    ///
    /// Fails on a mistake in the hooks, and on everything that compiling a hook's contract fails on.
    pub fn from_json(source: &str) -> Result<Registry, ContractError> {
        let Source { registry, contracts, keys, limits } = compile::parse(source)?;
        let hooks = compile::hooks(registry, &contracts, &keys, &limits)?;
        Ok(Registry { hooks, outside: contract::compile(OUTSIDE, Options { limits, ..Options::default() })? })
    }

    /// Decides which hook this is for, whether it may pass, and what follows. `failures` are the numbers of
    /// consecutive refused signatures before this request, by the hook's id.
    pub fn check(&self, request: &Request<'_>, check: &Check, failures: &BTreeMap<String, u32>) -> HookOutcome {
        let hook = match self.pick(request) {
            Ok(hook) => hook,
            Err(finding) => {
                let verdict = match request.status {
                    None => self.outside.refuse(finding, request, check),
                    Some(_) => self.outside.judge(request, check),
                };
                let disable = Disable::no(0, "no hook was picked");
                return outcome_of(None, Answer::to(&verdict, false), disable, verdict);
            }
        };
        let earlier = failures.get(&hook.id).copied().unwrap_or_default();
        let (verdict, receipt, disable) = match &hook.state {
            State::Disabled { reason } => {
                let verdict = self.outside.refuse(disabled(reason), request, check);
                (verdict, false, Disable::no(earlier, "the hook is disabled already"))
            }
            State::Enabled(gate) => {
                let verdict = gate.judge(request, check);
                let receipt = gate.gives_receipt(request, &verdict);
                let disable = Disable::decide(&verdict, earlier, hook.disable_after);
                (verdict, receipt, disable)
            }
        };
        outcome_of(Some(hook), Answer::to(&verdict, receipt), disable, verdict)
    }

    /// The hook that a request is for, by its address alone. The body is not read.
    pub fn hook(&self, request: &Request<'_>) -> Option<&str> {
        self.pick(request).ok().map(|hook| hook.id.as_str())
    }

    /// What a hook's contract requires of its receiver. A disabled hook requires nothing.
    pub fn about(&self, id: &str) -> Option<About> {
        match &self.hooks.iter().find(|hook| hook.id == id)?.state {
            State::Enabled(gate) => Some(gate.about()),
            State::Disabled { .. } => None,
        }
    }

    /// Decides what follows from the answer to a delivery: whether it has arrived, is to be sent again or is lost, and
    /// whether the hook should be disabled. An answer without a status, or with status 0, did not come.
    ///
    /// # Errors
    ///
    /// Fails if there is no such hook.
    pub fn settle(&self, id: &str, answer: &Request<'_>, options: &Settle) -> Result<Settlement, Misuse> {
        let hook = self.hooks.iter().find(|hook| hook.id == id).ok_or_else(|| self.no_hook(id))?;
        let gate = match &hook.state {
            State::Enabled(gate) => Some(&**gate),
            State::Disabled { .. } => None,
        };
        let Hook { id, note, receipt, disable_after, .. } = hook;
        let (receipt, disable_after) = (*receipt, *disable_after);
        Ok(settle::settle(&settle::Of { id, note: note.as_deref(), receipt, disable_after, gate }, answer, options))
    }

    /// The same from JSON text `{ hook, answer: { status, headers }, options }` and the answer's body.
    ///
    /// # Errors
    ///
    /// Fails as [`Registry::settle`] does, and if the text is not in that form.
    pub fn settle_json(&self, input: &str, body: &[u8]) -> Result<Settlement, Misuse> {
        let SettleInput { hook, answer, options } = parsed(input)?;
        self.settle(&hook, &Request::answer(answer.status, &answer.headers, body), &options)
    }

    fn no_hook(&self, id: &str) -> Misuse {
        let help = match nearest(id, self.hooks.iter().map(|hook| hook.id.as_str())) {
            Some(close) => format!("; did you mean `{close}`?"),
            None => String::new(),
        };
        Misuse { misuse: format!("there is no hook `{id}`{help}") }
    }

    fn pick(&self, request: &Request<'_>) -> Result<&Hook, Finding> {
        let unknown = |message: &str, at: &str| Finding::error(Code::HookUnknown, Stage::Request, message).at(at);
        let host = if Parts::of(request.url).scheme.is_some() { "path" } else { "header:host" };
        let called = Called::of(request).map_err(|nowhere| match nowhere {
            Nowhere::Malformed => unknown("the host or port that the request calls is not well-formed", host),
            Nowhere::Missing => unknown("neither the request's URL nor a Host header names a host", host),
            Nowhere::Scheme => unknown("the scheme of the request's URL is neither http nor https", host),
            Nowhere::Twice => duplicate_header(Stage::Request, "host"),
        })?;
        let mut here = self.hooks.iter().filter(|hook| hook.address.has_host(&called)).peekable();
        if here.peek().is_none() {
            return Err(unknown("no hook stands at this host and port", host));
        }
        let paths: Vec<&str> = here.clone().map(|hook| hook.address.path.as_str()).collect();
        here.find(|hook| hook.address.path == called.path).ok_or_else(|| {
            let finding = unknown("no hook of this host has this path", "path");
            match nearest(called.path, paths.into_iter()) {
                Some(path) => finding.with("help", format!("did you mean `{path}`?")),
                None => finding,
            }
        })
    }
}

impl Gate {
    /// If the hook does not say, the message decides.
    fn gives_receipt(&self, request: &Request<'_>, verdict: &Verdict) -> bool {
        let asked = || {
            let target = request.target(self.origin.as_ref());
            let payload = self.reader.read(&request.received(&target));
            payload.proof().is_some_and(|payload| hook_rules::asks_for_receipt(&payload.json().to_value()))
        };
        verdict.verdict != Outcome::Reject && self.rules.as_ref().and_then(|rules| rules.receipt).unwrap_or_else(asked)
    }
}

fn disabled(reason: &str) -> Finding {
    Finding::error(Code::HookDisabled, Stage::Request, "the hook is disabled").with("reason", reason)
}

fn outcome_of(hook: Option<&Hook>, answer: Answer, disable: Disable, verdict: Verdict) -> HookOutcome {
    HookOutcome {
        schema_version: 1,
        hook: hook.map(|hook| hook.id.clone()),
        note: hook.and_then(|hook| hook.note.clone()),
        verdict,
        answer,
        disable,
    }
}
