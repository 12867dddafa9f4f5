//! The outer layer: it translates between JavaScript and the core, and decides nothing. Only `wasm`
//! uses `wasm_bindgen`. A message that is only to be checked crosses through the door, as bytes; everything else crosses as
//! JSON text and bytes, once in and once out.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Deserialize;
use smallvec::SmallVec;
use wasm_bindgen::prelude::*;

use crate::check::Check;
use crate::door::{Answer, Door, Layout};
use crate::error::ContractError;
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
    /// For a check, by a gate or a registry.
    #[cfg_attr(not(feature = "tools"), expect(dead_code, reason = "only a registry uses `failures`"))]
    CheckHead {
        stop_at_first: bool,
        seen: Vec<String>,
        jkt: Option<String>,
        nonces: Vec<String>,
        body_bytes: Option<u64>,
        failures: BTreeMap<String, u32>
    }
);

#[cfg(feature = "tools")]
mod tools;

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

/// How many units of UTF-16 what came out has. 0 if it is ASCII.
#[wasm_bindgen]
pub fn widen() -> usize {
    DOOR.with_borrow_mut(|door| door.widen().len())
}

/// The address of what came out in UTF-16, once it is widened.
#[wasm_bindgen]
pub fn wide() -> *const u16 {
    DOOR.with_borrow(|door| door.wide().as_ptr())
}

#[wasm_bindgen]
extern "C" {
    /// The host, as far as it works for the module.
    pub type Host;

    /// Writes the SHA-256 of `count` pieces, whose addresses and lengths are at `address`, to `out`. Returns whether it
    /// did. It throws nothing.
    #[wasm_bindgen(method)]
    fn sha256(this: &Host, address: usize, count: usize, out: usize) -> bool;
}

thread_local! {
    static HOST: RefCell<Option<Host>> = const { RefCell::new(None) };
}

/// Lets the host hash.
#[wasm_bindgen(js_name = lendHash)]
pub fn lend_hash(host: Host) {
    HOST.set(Some(host));
    crate::signature::host::lend(hash_by_host);
}

fn hash_by_host(pieces: &[&[u8]]) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    let places: SmallVec<[[usize; 2]; 8]> = pieces.iter().map(|piece| [piece.as_ptr().addr(), piece.len()]).collect();
    let (address, out) = (places.as_ptr().addr(), digest.as_mut_ptr().addr());
    HOST.with_borrow(|host| host.as_ref().is_some_and(|host| host.sha256(address, places.len(), out))).then_some(digest)
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

    /// Decides about the message in the room: 0 if its head is not readable, 1 for an accept, 2 for any other
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
            Answer::Accept => 1,
            Answer::Verdict => 2,
            Answer::Decided(outcome, status) => 16 + 4 * u32::from(status) + outcome as u32,
        }
    }

    /// What every accept has, as JSON text: `{ contract, status?, statusText?, covers, leaves }`.
    pub fn accept(&self) -> String {
        json(&self.0.every_accept())
    }

    /// The text of a copy's verdict, made from that of the accept. Empty if the copy must be checked.
    pub fn duplicate(&self, accepted: &str) -> String {
        self.0.duplicate(accepted).unwrap_or_default()
    }

    /// What the contract requires of its receiver, as JSON text, with every default filled in.
    pub fn about(&self) -> String {
        json(&self.0.about())
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

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn thrown(error: ContractError) -> JsValue {
    JsValue::from_str(&json(&error))
}
