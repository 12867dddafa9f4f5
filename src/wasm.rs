//! The outer layer: it translates between JavaScript and the core, and decides nothing. Only this file uses
//! `wasm_bindgen`. A message that is only to be checked crosses through the door, as bytes; everything else crosses as
//! JSON text and bytes, once in and once out.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::call::Misuse;
use crate::check::Check;
use crate::door::{Answer, Door, Layout};
use crate::error::ContractError;
use crate::payload::Reader;
use crate::request::Request;

/// A message without its body, the time, and what else one call needs.
macro_rules! head {
    ($(#[$about:meta])* $name:ident { $($field:ident: $type:ty),* }) => {
        $(#[$about])*
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct $name {
            #[serde(default)]
            status: Option<u16>,
            #[serde(default)]
            method: String,
            #[serde(default)]
            url: String,
            headers: Vec<(String, String)>,
            now: i64,
            $(#[serde(default)] $field: $type,)*
        }

        impl $name {
            fn parse(text: &str) -> Result<$name, JsValue> {
                serde_json::from_str(text).map_err(|error| JsValue::from_str(&error.to_string()))
            }

            fn request<'a>(&'a self, body: &'a [u8]) -> Request<'a> {
                let request = Request::new(&self.method, &self.url, &self.headers, body);
                Request { status: self.status, ..request }
            }
        }
    };
}

head!(
    /// For a check, by a gate or a registry. Only a registry uses `failures`.
    CheckHead {
        stop_at_first: bool,
        seen: Vec<String>,
        jkt: Option<String>,
        nonces: Vec<String>,
        body_bytes: Option<u64>,
        failures: BTreeMap<String, u32>
    }
);
head!(ExplainHead { other_keys: Vec<crate::Key>, signed: bool });
head!(
    /// For a call that needs nothing more.
    PlainHead {}
);
head!(SignHead { nonce: Option<String> });

thread_local! {
    static DOOR: RefCell<Door> = RefCell::default();
}

/// The memory, in which [`room`] and [`output`] are addresses.
#[wasm_bindgen(js_name = wasmMemory)]
pub fn wasm_memory() -> JsValue {
    wasm_bindgen::memory()
}

/// The address of room for so many bytes, where the next message is written.
#[wasm_bindgen]
pub fn room(bytes: usize) -> *mut u8 {
    DOOR.with_borrow_mut(|door| door.room(bytes).as_mut_ptr())
}

/// The address of what came out of the last message.
#[wasm_bindgen]
pub fn output() -> *const u8 {
    DOOR.with_borrow(|door| door.output().as_ptr())
}

/// How many bytes came out of the last message.
#[wasm_bindgen(js_name = outputBytes)]
pub fn output_bytes() -> usize {
    DOOR.with_borrow(|door| door.output().len())
}

thread_local! {
    static HOST: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
}

/// Lets the host hash: `hash(address, count, out)` writes the SHA-256 of `count` pieces, whose addresses and lengths are
/// at `address`, to `out`, and returns whether it did.
#[wasm_bindgen(js_name = lendHash)]
pub fn lend_hash(hash: js_sys::Function) {
    HOST.set(Some(hash));
    crate::signature::host::lend(hash_by_host);
}

fn hash_by_host(pieces: &[&[u8]]) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    let places: Vec<[usize; 2]> = pieces.iter().map(|piece| [piece.as_ptr().addr(), piece.len()]).collect();
    let numbers =
        [places.as_ptr().addr(), places.len(), digest.as_mut_ptr().addr()].map(|number| JsValue::from(number as u32));
    let [address, count, out] = &numbers;
    let done = HOST.with_borrow(|host| host.as_ref()?.call3(&JsValue::NULL, address, count, out).ok())?;
    done.is_truthy().then_some(digest)
}

/// The age of the last message that was checked, in seconds. NaN if it is not known.
#[wasm_bindgen]
pub fn skew() -> f64 {
    DOOR.with_borrow(|door| door.skew()).map_or(f64::NAN, |seconds| seconds as f64)
}

/// A compiled contract.
#[wasm_bindgen]
pub struct Gate(crate::Gate);

#[wasm_bindgen]
impl Gate {
    /// Compiles JSON text `{ contract, files, keys, params, limits }`. Throws a contract error as JSON.
    pub fn compile(source: &str) -> Result<Gate, JsValue> {
        crate::Gate::from_json(source).map(Gate).map_err(thrown)
    }

    /// The verdict's canonical text.
    pub fn check(&self, head: &str, body: &[u8]) -> Result<String, JsValue> {
        let mut head = CheckHead::parse(head)?;
        let check = head.check();
        let verdict = self.0.check(&head.whole(body), &check);
        DOOR.with_borrow_mut(|door| door.note_skew(verdict.skew_seconds));
        Ok(verdict.to_json())
    }

    /// Decides about the message in the room: 0 if its head is not readable, 1 for a clean accept, 2 for any other
    /// verdict, and otherwise 16 + 4 * status + outcome (0 accept, 1 ignore, 2 reject). `mode`: 0 decides, 1 judges,
    /// and 2 more stops at the first error.
    pub fn pass(&self, head: usize, headers: usize, body: usize, now: f64, mode: u32) -> u32 {
        let check = Check { stop_at_first: mode & 2 != 0, ..Check::at(now as i64) };
        let layout = Layout { head, headers, body };
        let answer = DOOR.with_borrow_mut(|door| match mode & 1 {
            0 => door.decide(&self.0, layout, &check),
            _ => door.check(&self.0, layout, &check),
        });
        match answer {
            Answer::Unreadable => 0,
            Answer::Clean => 1,
            Answer::Verdict => 2,
            Answer::Decided(outcome, status) => 16 + 4 * u32::from(status) + outcome as u32,
        }
    }

    /// What every clean accept has, as JSON text: `{ contract, status?, statusText?, covers, leaves }`.
    pub fn accept(&self) -> String {
        json(&self.0.clean_accept())
    }

    /// The text of a copy's verdict, made from that of the accept. Empty if the copy must be checked.
    pub fn duplicate(&self, accepted: &str) -> String {
        self.0.duplicate(accepted).unwrap_or_default()
    }

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

    /// What the contract requires of its receiver, as JSON text, with every default filled in.
    pub fn about(&self) -> String {
        json(&self.0.about())
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

impl CheckHead {
    fn check(&mut self) -> Check {
        Check {
            now: self.now,
            stop_at_first: self.stop_at_first,
            seen: std::mem::take(&mut self.seen).into_iter().collect(),
            jkt: self.jkt.take(),
            nonces: std::mem::take(&mut self.nonces),
        }
    }

    /// The request. Its body may be only the beginning.
    fn whole<'a>(&'a self, body: &'a [u8]) -> Request<'a> {
        Request { body_bytes: self.body_bytes, ..self.request(body) }
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

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn thrown(error: ContractError) -> JsValue {
    JsValue::from_str(&json(&error))
}
