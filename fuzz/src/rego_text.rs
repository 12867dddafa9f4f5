//! Text of a policy: whatever it is, it is refused with a reason that has a place, or it runs within its limits, and
//! twice in the same way.
//!
//! The input is the text.

use countersign_rego::ast::{Module, Version};
use countersign_rego::parse;
use countersign_rego::source::Sources;

use super::rego::machine::{loaded, parsed, read};
use super::rego::write::{DATA, INPUTS};

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(module) = parsed(&text) else { return };
    reads_the_same(&text, &module);
    let Ok(policy) = loaded(module, &text) else {
        return;
    };
    let (data, input) = (read(DATA).unwrap(), read(INPUTS[0]).unwrap());
    let mut first = policy.machine(&data, &input);
    let mut second = policy.machine(&data, &input);
    let values = policy.values(&mut first);
    assert_eq!(values, policy.values(&mut second), "two runs differ: {text}");
    assert_eq!(first.steps(), second.steps(), "two runs take different steps: {text}");
}

/// The version that it was found to have gives the same tree, and a comment at the end changes nothing.
fn reads_the_same(text: &str, module: &Module) {
    let tree = |text: &str, version: Version| {
        let mut sources = Sources::default();
        let file = sources.add("a.rego", text);
        let module = parse::module(&sources, file, Some(version), &parse::Limits::default());
        module.map(|module| format!("{:?} {:?} {:?}", module.package, module.imports, module.rules)).ok()
    };
    let wanted = Some(format!("{:?} {:?} {:?}", module.package, module.imports, module.rules));
    assert_eq!(tree(text, module.version), wanted, "its own version reads it otherwise: {text}");
    assert_eq!(tree(&format!("{text}\n\n# a"), module.version), wanted, "a comment changes it: {text}");
}
