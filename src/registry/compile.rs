//! From `hooks.json` to hooks with their gates. Every mistake in it is found here.

use std::collections::BTreeMap;

use super::address::Address;
use super::document::{self, Document};
use super::{Bundle, Hook, Source, State};
use crate::compile::{self, Options};
use crate::error::{ContractCode, ContractError};
use crate::gate::Gate;
use crate::grammar;
use crate::hook_rules::Rules;
use crate::limits::Limits;
use crate::nearest::nearest;
use crate::place::Pointer;
use crate::signature::keys::Key;

/// The maximum length of a note or reason, in characters.
const MAX_TEXT: usize = 300;

/// Members that people try where the place of a key is meant.
const SECRETS: [&str; 4] = ["`secret`", "`token`", "`password`", "`keys`"];

pub(super) fn parse(source: &str) -> Result<Source, ContractError> {
    grammar::parse_below(source, "/registry").map_err(|error: ContractError| {
        let secret = SECRETS.iter().any(|name| error.message.starts_with(&format!("unknown member {name}")));
        let help = "say where the key stands, `\"key\": { \"env\": NAME }`: the registry never holds a secret";
        if secret { error.help(help) } else { error }
    })
}

pub(super) fn hooks(
    document: Document,
    contracts: &BTreeMap<String, Bundle>,
    keys: &BTreeMap<String, Vec<Key>>,
    limits: &Limits,
) -> Result<Vec<Hook>, ContractError> {
    if document.version != 1 {
        let message = format!("version {} of the registry is not known; this is version 1", document.version);
        return Err(ContractError::new(ContractCode::ContractGrammar, "/version", message));
    }
    let mut entries: Vec<Entry> = Vec::with_capacity(document.hooks.len());
    for (index, hook) in document.hooks.into_iter().enumerate() {
        let address = check_head(&hook, &entries, &At { index, id: &hook.id })?;
        entries.push(Entry { hook, address });
    }
    let mut hooks: Vec<Hook> = Vec::with_capacity(entries.len());
    for (index, Entry { hook, address }) in entries.into_iter().enumerate() {
        let state = match &hook.reason {
            Some(reason) => State::Disabled { reason: reason.clone() },
            None => {
                let keys = keys.get(&hook.id).map(Vec::as_slice).unwrap_or_default();
                let place = At { index, id: &hook.id };
                State::Enabled(Box::new(gate(&hook, &address, contracts, keys, limits, &place)?))
            }
        };
        let document::Hook { id, note, receipt, disable_after, .. } = hook;
        hooks.push(Hook { id, note, address, state, receipt, disable_after });
    }
    let known = || hooks.iter().map(|hook| hook.id.as_str());
    match keys.keys().find(|id| !known().any(|other| other == id.as_str())) {
        None => Ok(hooks),
        Some(id) => {
            let error = ContractError::new(
                ContractCode::ContractRegistry,
                "keys",
                format!("keys are given for `{id}`, which is no hook"),
            );
            Err(match nearest(id, known()) {
                Some(close) => error.help(format!("did you mean `{close}`?")),
                None => error,
            })
        }
    }
}

/// A hook whose own members are valid.
struct Entry {
    hook: document::Hook,
    address: Address,
}

/// Which hook a mistake is about.
struct At<'a> {
    index: usize,
    id: &'a str,
}

impl At<'_> {
    fn wrong(&self, member: &str, message: impl AsRef<str>) -> ContractError {
        self.error(ContractCode::ContractRegistry, member, message)
    }

    fn error(&self, code: ContractCode, member: &str, message: impl AsRef<str>) -> ContractError {
        let At { index, id } = self;
        ContractError::new(code, format!("/hooks/{index}{member}"), format!("hook `{id}`: {}", message.as_ref()))
    }
}

/// What every hook declares, enabled or not. A valid hook has a reason if it is disabled, and only then.
fn check_head(entry: &document::Hook, earlier: &[Entry], place: &At<'_>) -> Result<Address, ContractError> {
    let grammar = |member: &str, message: &str| Err(place.error(ContractCode::ContractGrammar, member, message));
    if !compile::is_name(&entry.id) {
        return grammar("/id", "an id is lower-case letters, digits and hyphens, 64 at most");
    }
    for (member, text) in [("/note", &entry.note), ("/reason", &entry.reason)] {
        if text.as_ref().is_some_and(|text| text.is_empty() || text.chars().count() > MAX_TEXT) {
            return grammar(member, "a text of 1 to 300 characters is meant here");
        }
    }
    if entry.data.iter().flatten().any(|pointer| pointer.as_str().is_empty()) {
        return grammar("/data", "the empty pointer selects all of `data`: leave the selection out");
    }
    match (entry.enabled, &entry.reason, &entry.contract) {
        (false, None, _) => return Err(place.wrong("", "a disabled hook says its `reason`")),
        (true, Some(_), _) => {
            return Err(place.wrong("/reason", "a reason is of a disabled hook, and this one is enabled"));
        }
        (true, None, None) => return Err(place.wrong("", "an enabled hook names its `contract`")),
        _ => {}
    }
    if earlier.iter().any(|other| other.hook.id == entry.id) {
        return Err(place.wrong("/id", "another hook has this id"));
    }
    let pointers: Vec<&Pointer> = entry.data.iter().flatten().collect();
    let twice = |index: usize| pointers.iter().take(index).any(|other| pointers.get(index) == Some(other));
    if let Some(index) = (0..pointers.len()).find(|index| twice(*index)) {
        return Err(place.wrong(&format!("/data/{index}"), "this pointer stands twice"));
    }
    let address = Address::parse(&entry.uri).map_err(|wrong| place.wrong("/uri", wrong))?;
    let Some(other) = earlier.iter().find(|other| other.address.overlaps(&address)) else {
        return Ok(address);
    };
    let why = if other.address == address { "" } else { ", as a Host header tells no scheme" };
    Err(place.wrong("/uri", format!("`{}` stands at the same address{why}", other.hook.id)))
}

/// The gate of an enabled hook, with the rules that the hook adds.
fn gate(
    entry: &document::Hook,
    address: &Address,
    contracts: &BTreeMap<String, Bundle>,
    keys: &[Key],
    limits: &Limits,
    place: &At<'_>,
) -> Result<Gate, ContractError> {
    let name = entry.contract.as_deref().unwrap_or_default();
    let Some(bundle) = contracts.get(name) else {
        return Err(place.error(
            ContractCode::ContractFile,
            "/contract",
            format!("the contract `{name}` is not beside the registry"),
        ));
    };
    let params = entry.receiver.as_ref().map(|receiver| serde_json::json!({ "receiver": receiver }));
    let options = Options {
        files: bundle.files.clone(),
        keys: keys.to_vec(),
        params: params.unwrap_or_default(),
        limits: limits.clone(),
        origin: Some(address.origin()),
    };
    let rules = Rules { receipt: entry.receipt, data: entry.data.clone(), limit: limits.findings };
    let hook = compile::Hook { id: entry.id.clone(), rules: rules.clone() };
    let gate = compile::compile_for(hook, bundle.contract.text(), options).map_err(|error| {
        let (member, at) = match error.at.as_str() {
            at if at.starts_with("keys") => ("/key", String::new()),
            "" => ("/contract", format!("`{name}`: ")),
            at => ("/contract", format!("`{name}` at {at}: ")),
        };
        ContractError { help: error.help.clone(), ..place.error(error.code, member, format!("{at}{}", error.message)) }
    })?;
    check_fit(&gate, &rules, address, place)?;
    if entry.receiver.is_some() && gate.policy.is_none() {
        return Err(place.wrong("/receiver", format!("`{name}` has no policy that would read it")));
    }
    if entry.disable_after.is_some() && gate.scheme.is_none() {
        return Err(place.wrong("/disableAfter", format!("`{name}` checks no signature that could be refused")));
    }
    Ok(gate)
}

/// Whether this hook can use the contract.
fn check_fit(gate: &Gate, rules: &Rules, address: &Address, place: &At<'_>) -> Result<(), ContractError> {
    let name = &gate.name;
    if gate.kind.is_answers() {
        return Err(place.wrong("/contract", format!("`{name}` is of answers, and a hook receives requests")));
    }
    if !gate.kind.takes_path(&address.path) {
        return Err(place.wrong("/uri", format!("`{name}` accepts another path, so every request would be refused")));
    }
    let declared = [("/receipt", rules.receipt.is_some()), ("/data", rules.data.is_some())];
    if let Some((member, _)) = declared.iter().find(|(_, declared)| *declared && !gate.reader.has_document()) {
        return Err(place.wrong(member, format!("`{name}` reads no document that could hold it")));
    }
    if rules.receipt == Some(true) && !gate.reader.holds_json() {
        let message = format!("`{name}` reads texts alone, and `needCallback` is true in JSON only");
        return Err(place.wrong("/receipt", message));
    }
    Ok(())
}
