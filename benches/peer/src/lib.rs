//! A pack of policies in plain regorus: natively, and as a module without any glue.

use std::error::Error;
use std::sync::Mutex;

use regorus::{Engine, Value};
use serde::Deserialize;

/// What is measured: policies, and what they are asked about.
#[derive(Deserialize)]
pub struct Task {
    /// Their texts.
    pub modules: Vec<String>,
    /// The rules, each as `data.a.b`.
    pub rules: Vec<String>,
    pub data: serde_json::Value,
    pub documents: Vec<serde_json::Value>,
}

/// The pack in regorus.
pub struct Peer {
    engine: Engine,
    rules: Vec<String>,
}

impl Peer {
    pub fn load(task: &Task) -> Result<Peer, Box<dyn Error>> {
        let mut engine = Engine::new();
        for (number, text) in task.modules.iter().enumerate() {
            // It has no such import: `not` always means what the import makes of it.
            engine.add_policy(format!("{number}.rego"), text.replace("import future.keywords.not\n", "\n"))?;
        }
        engine.add_data_json(&task.data.to_string())?;
        Ok(Peer { engine, rules: task.rules.clone() })
    }

    /// How many findings a document has.
    pub fn check(&mut self, document: Value) -> Result<usize, Box<dyn Error>> {
        self.engine.set_input(document);
        let mut found = 0;
        for rule in &self.rules {
            if let Value::Set(findings) = self.engine.eval_rule(rule.clone())? {
                found += findings.len();
            }
        }
        Ok(found)
    }
}

/// What the module keeps between calls: the bytes that come in, and the pack.
struct Kept {
    bytes: Vec<u8>,
    peer: Option<Peer>,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept { bytes: Vec::new(), peer: None });

/// Four more bytes of a text, of which `count` are its own. A module without glue takes numbers alone.
#[unsafe(no_mangle)]
pub extern "C" fn put(bytes: u32, count: u32) {
    let kept = &mut KEPT.lock().unwrap();
    kept.bytes.extend(&bytes.to_le_bytes()[..count as usize]);
}

/// Loads the task that was put.
#[unsafe(no_mangle)]
pub extern "C" fn load() {
    let kept = &mut KEPT.lock().unwrap();
    let task: Task = serde_json::from_slice(&std::mem::take(&mut kept.bytes)).unwrap();
    kept.peer = Some(Peer::load(&task).unwrap());
}

/// How many findings the documents have that were put, as one list.
#[unsafe(no_mangle)]
pub extern "C" fn check() -> u32 {
    let kept = &mut KEPT.lock().unwrap();
    let text = String::from_utf8(std::mem::take(&mut kept.bytes)).unwrap();
    let peer = kept.peer.as_mut().unwrap();
    let documents = Value::from_json_str(&text).unwrap();
    let found = documents.as_array().unwrap().iter().map(|document| peer.check(document.clone()).unwrap());
    found.sum::<usize>() as u32
}
