//! What a gate that only checks can do without: the tools of an author and a sender, registries, packs, and the
//! functions beside the gate.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::{CheckHead, Gate, json, thrown};
use crate::call::Misuse;
use crate::payload::Reader;
use crate::request::Request;

head!(
    /// For the doctor.
    ExplainHead { other_keys: Vec<crate::Key>, signed: bool }
);
head!(
    /// For a call that needs nothing more.
    PlainHead {}
);
head!(
    /// For a sender.
    SignHead { nonce: Option<String> }
);

#[wasm_bindgen]
impl Gate {
    /// The URL and headers of the signed request, as JSON text `{ url, headers }`.
    pub fn sign(&self, head: &str, body: &[u8]) -> Result<String, JsValue> {
        let head = SignHead::parse(head)?;
        self.0.sign(&head.request(body), head.now, head.nonce.as_deref()).map(|signed| json(&signed)).map_err(thrown)
    }

    /// Two lines: the result for a native event, and the text of the message alone, empty if there is none.
    pub fn shape(&self, head: &str, body: &[u8]) -> Result<String, JsValue> {
        let head = PlainHead::parse(head)?;
        let shaped = self.0.shape(&head.request(body), head.now).map_err(thrown)?;
        Ok(format!("{}\n{}", shaped.to_json(), shaped.message_json().unwrap_or_default()))
    }

    /// The canonical text of the diagnosis: why the signature does not match the request.
    pub fn explain(&self, head: &str, body: &[u8]) -> Result<String, JsValue> {
        let head = ExplainHead::parse(head)?;
        let explain = if head.signed { crate::Gate::explain_signed } else { crate::Gate::explain_with };
        explain(&self.0, &head.request(body), head.now, &head.other_keys).map(|found| found.to_json()).map_err(thrown)
    }

    /// What is signed, as JSON text with bytes in base64. Empty if no MAC could be computed.
    #[wasm_bindgen(js_name = signedBytes)]
    pub fn signed_bytes(&self, head: &str, body: &[u8]) -> Result<String, JsValue> {
        let head = PlainHead::parse(head)?;
        Ok(self.0.signed_bytes(&head.request(body)).map(|signed| json(&signed)).unwrap_or_default())
    }

    /// The weaknesses of the contract itself, as JSON text.
    pub fn lint(&self) -> String {
        json(&self.0.lint())
    }
}

/// A set of Rego baselines.
#[wasm_bindgen]
pub struct Pack(crate::Pack);

#[wasm_bindgen]
impl Pack {
    /// Loads JSON text `{ files, limits }`. Throws a contract error as JSON.
    pub fn load(source: &str) -> Result<Pack, JsValue> {
        crate::Pack::from_json(source).map(Pack).map_err(thrown)
    }

    /// The report on JSON text `{ documents, data, params, now }`, as JSON text.
    pub fn check(&self, input: &str) -> Result<String, JsValue> {
        self.0.check_json(input).map(|report| json(&report)).map_err(thrown)
    }

    /// The report of its tests on JSON text `{ data, now, filter, coverage }`, as JSON text.
    pub fn test(&self, input: &str) -> Result<String, JsValue> {
        self.0.test_json(input).map(|report| json(&report)).map_err(thrown)
    }

    /// What of its modules a check reaches, on JSON text `{ documents, data, params, now }`, as JSON text.
    pub fn coverage(&self, input: &str) -> Result<String, JsValue> {
        self.0.coverage_json(input).map(|coverage| json(&coverage)).map_err(thrown)
    }

    /// Why a rule gives nothing, on JSON text `{ rule, documents, data, params, now }`, as JSON text.
    pub fn why(&self, input: &str) -> Result<String, JsValue> {
        self.0.why_json(input).map(|why| json(&why)).map_err(thrown)
    }

    /// The steps of a rule, on JSON text `{ rule, document, documents, data, params, now, events }`, as JSON text.
    pub fn trace(&self, input: &str) -> Result<String, JsValue> {
        self.0.trace_json(input).map(|trace| json(&trace)).map_err(thrown)
    }

    /// The rules that judge, as JSON text.
    pub fn rules(&self) -> String {
        json(&self.0.rules())
    }
}

/// Many hooks, each with its own gate.
#[wasm_bindgen]
pub struct Registry(crate::Registry);

#[wasm_bindgen]
impl Registry {
    /// Loads JSON text `{ registry, contracts, keys, limits }`. Throws a contract error as JSON.
    pub fn load(source: &str) -> Result<Registry, JsValue> {
        crate::Registry::from_json(source).map(Registry).map_err(thrown)
    }

    /// The outcome's canonical text.
    pub fn check(&self, head: &str, body: &[u8]) -> Result<String, JsValue> {
        let mut head = CheckHead::parse(head)?;
        let check = head.check();
        Ok(self.0.check(&head.whole(body), &check, &head.failures).to_json())
    }

    /// Two lines: the age of the signed time in seconds, empty if it is not known, and the text of the outcome.
    pub fn measure(&self, head: &str, body: &[u8]) -> Result<String, JsValue> {
        let mut head = CheckHead::parse(head)?;
        let check = head.check();
        let outcome = self.0.check(&head.whole(body), &check, &head.failures);
        let skew = outcome.verdict.skew_seconds.map(|seconds| seconds.to_string()).unwrap_or_default();
        Ok(format!("{skew}\n{}", outcome.to_json()))
    }

    /// The id of the hook that a request is for. Empty if there is none at its address.
    pub fn hook(&self, head: &str) -> Result<String, JsValue> {
        let head = PlainHead::parse(head)?;
        Ok(self.0.hook(&head.request(&[])).unwrap_or_default().to_owned())
    }

    /// What a hook's contract requires of its receiver, as JSON text. Empty if the hook is disabled.
    pub fn about(&self, id: &str) -> String {
        self.0.about(id).map(|about| json(&about)).unwrap_or_default()
    }

    /// The settlement's canonical text. Throws a misuse as JSON.
    pub fn settle(&self, input: &str, body: &[u8]) -> Result<String, JsValue> {
        self.0.settle_json(input, body).map(|settlement| settlement.to_json()).map_err(misused)
    }
}

/// What the strict reader finds in a JSON document, as JSON text. Empty if it has one meaning.
#[wasm_bindgen(js_name = jsonProblems)]
pub fn json_problems(bytes: &[u8]) -> String {
    json(&Reader::lenient_on_numbers().read_json(bytes).into_parts().1)
}

/// Whether a challenge is the `S256` form of a verifier (RFC 7636, section 4.6).
#[wasm_bindgen(js_name = pkceVerify)]
pub fn pkce_verify(verifier: &str, challenge: &str) -> bool {
    crate::pkce::verify(verifier, challenge)
}

/// Calls one of the functions without a gate by its name, from JSON text to JSON text. Throws a misuse as JSON.
#[wasm_bindgen]
pub fn call(name: &str, input: &str) -> Result<String, JsValue> {
    crate::call(name, input).map_err(misused)
}

fn misused(misuse: Misuse) -> JsValue {
    JsValue::from_str(&json(&misuse))
}
