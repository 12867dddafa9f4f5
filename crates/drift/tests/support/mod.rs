//! What the tests share: the `jsonschema` crate as the second validator, and the data of others.

#![allow(dead_code, reason = "not every test needs all")]

use std::io::Write as _;
use std::path::{Path, PathBuf};

use countersign_drift::{Check, Draft, Validator};
use serde_json::Value;

/// The `jsonschema` crate, with the remote documents of the official suite.
pub struct Second {
    pub remotes: Option<PathBuf>,
}

#[derive(Clone)]
struct Remotes(Option<PathBuf>);

impl jsonschema::Retrieve for Remotes {
    fn retrieve(
        &self,
        uri: &jsonschema::Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync + 'static>> {
        let name = uri.as_str().strip_prefix("http://localhost:1234/").ok_or("another host")?;
        let folder = self.0.as_ref().ok_or("no remote documents")?;
        Ok(serde_json::from_str(&std::fs::read_to_string(folder.join(name))?)?)
    }
}

fn theirs(draft: Draft) -> jsonschema::Draft {
    match draft {
        Draft::Draft4 => jsonschema::Draft::Draft4,
        Draft::Draft6 => jsonschema::Draft::Draft6,
        Draft::Draft7 => jsonschema::Draft::Draft7,
        Draft::Draft201909 => jsonschema::Draft::Draft201909,
        Draft::Draft202012 => jsonschema::Draft::Draft202012,
    }
}

impl Validator for Second {
    fn compile(&self, schema: &Value, draft: Draft, formats: bool) -> Option<Check> {
        let options = jsonschema::options();
        let options = options.with_draft(theirs(Draft::of(schema, draft).unwrap_or(draft)));
        let options = options.should_validate_formats(formats).with_retriever(Remotes(self.remotes.clone()));
        let validator = options.build(schema).ok()?;
        Some(Box::new(move |value| validator.is_valid(value)))
    }
}

/// What others wrote: `COUNTERSIGN_DATA`, or `../shared/data` beside the project. `None`, said loudly, where it is not
/// there.
pub fn data(folder: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("COUNTERSIGN_DATA").map_or(beside, PathBuf::from).join(folder);
    if !path.is_dir() {
        // Not `eprintln!`, which the test runner swallows where the test passes.
        let notice =
            format!("\n*** skipped: no data ({folder}); set COUNTERSIGN_DATA to the folder that holds it ***\n");
        std::io::stderr().write_all(notice.as_bytes()).unwrap();
        return None;
    }
    Some(path)
}

pub fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs on a stack of 512 KiB: no question may need more.
pub fn on_a_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap()
}
