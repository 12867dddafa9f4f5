//! What holds of every verdict, whatever the request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use countersign::{Check, Gate, Key, Options, Outcome, Request, Severity, Stage, StageResult, Verdict};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;

pub const SECRET: &str = "c0unters1gn-fuzz-secret";

/// A contract compiled under these keys, once.
pub fn gate(contract: &Value, keys: &[Key]) -> &'static Gate {
    static GATES: Mutex<BTreeMap<String, &'static Gate>> = Mutex::new(BTreeMap::new());
    let text = contract.to_string();
    let mut gates = GATES.lock().unwrap();
    if let Some(gate) = gates.get(&text) {
        return gate;
    }
    let gate = Gate::compile(&text, Options::with_keys(keys.to_vec()));
    let gate: &'static Gate = Box::leak(Box::new(gate.unwrap_or_else(|error| panic!("{error}: {text}"))));
    gates.insert(text, gate);
    gate
}

pub fn shared_key() -> Key {
    Key::secret(SECRET).named("k1")
}

pub fn hmac_sha256(message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// Judges a request in every mode, and holds the verdicts to what they promise. `hidden` are texts that no
/// verdict may show, but for those so short that a verdict may hold them by chance.
pub fn verdict(gate: &Gate, request: &Request<'_>, check: &Check, hidden: &[&str]) -> Verdict {
    let verdict = gate.check(request, check);
    let text = verdict.to_json();
    assert_eq!(text, gate.check(request, check).to_json(), "the same request twice");
    assert_published_form(&text);
    for secret in hidden.iter().filter(|secret| secret.len() >= 20) {
        assert!(!text.contains(secret), "a verdict shows `{secret}`: {text}");
    }

    let errors = codes(&verdict);
    assert_eq!(verdict.verdict == Outcome::Reject, !errors.is_empty(), "an error rejects, and nothing else: {text}");
    assert_eq!(verdict.status == Some(200), errors.is_empty(), "{text}");
    if verdict.verdict == Outcome::Accept {
        let signature = verdict.stages.iter().find(|report| report.stage == Stage::Signature).unwrap();
        assert_eq!(signature.result, StageResult::Pass, "accepted without a signature: {text}");
        assert!(verdict.signature.is_some(), "{text}");
    } else {
        assert!(verdict.message.is_none() && verdict.event.is_none() && verdict.replay.is_none(), "{text}");
    }

    let stopped = gate.check(request, &with!(check.clone(); stop_at_first: true));
    let (stopped_text, first) = (stopped.to_json(), codes(&stopped));
    assert_eq!(stopped.verdict, verdict.verdict, "stopAtFirst decides otherwise: {stopped_text} and {text}");
    assert!(first.is_subset(&errors), "stopAtFirst finds more: {stopped_text} and {text}");
    assert_published_form(&stopped_text);
    verdict
}

/// The codes that reject.
pub fn codes(verdict: &Verdict) -> BTreeSet<String> {
    let errors = verdict.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code.to_string()).collect()
}

fn assert_published_form(text: &str) {
    static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let schema = serde_json::from_str(include_str!("../../policies/verdict.schema.json")).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    });
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(SCHEMA.is_valid(&value), "not of the published form: {text}");
}

/// Whether a header line can be one: its name a token, its value without CR, LF and NUL.
pub fn is_header(name: &str, value: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token) && !value.contains(['\r', '\n', '\0'])
}

/// Headers as a request takes them.
pub fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
