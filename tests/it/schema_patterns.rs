//! `pattern` means what ECMA-262 says: `patterns.json` holds what Node's RegExp with the `u` flag answers (written by
//! `patterns.js`): a pattern, the subjects that match and those that do not, or null where the pattern is no pattern.

use countersign::{Check, Gate, Options, Outcome, Request};
use serde_json::{Value, json};

/// Taken here and not with the `u` flag: without it, and to everyone, an escaped sign is the sign itself.
const TAKEN: [&str; 3] = ["\\_", "\\:", "\\-"];

/// A pattern there, and refused here: no string holds half of a surrogate pair.
const REFUSED: [&str; 2] = ["\\uD83D", "[\\uD83D]"];

#[test]
fn patterns_mean_what_node_says() {
    let path = crate::root().join("tests/it/patterns.json");
    let rows: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut answers, mut wrong) = (0, Vec::new());
    for row in &rows {
        let pattern = row[0].as_str().unwrap();
        let schema = json!({ "type": "string", "pattern": pattern });
        let contract = json!({ "contract": "pattern", "version": 1, "signature": null, "schema": schema });
        let gate = match (Gate::compile(&contract.to_string(), Options::default()), row[1].as_array()) {
            (Err(_), Some(_)) if REFUSED.contains(&pattern) => continue,
            (Err(error), Some(_)) => {
                wrong.push(format!("{pattern:?} is refused: {error}"));
                continue;
            }
            (Err(error), None) => {
                answers += 1;
                assert_eq!((error.code.as_str(), error.at.as_str()), ("contract-schema", "/schema"));
                continue;
            }
            (Ok(_), None) => {
                if !TAKEN.iter().any(|taken| pattern.contains(taken)) {
                    wrong.push(format!("{pattern:?} is taken"));
                }
                continue;
            }
            (Ok(gate), Some(_)) => gate,
        };
        for (index, expected) in [(1, true), (2, false)] {
            for subject in row[index].as_array().unwrap() {
                answers += 1;
                let body = subject.to_string();
                let verdict = gate.check(&Request::new("POST", "/", &[], body.as_bytes()), &Check::default());
                if (verdict.verdict == Outcome::Accept) != expected {
                    wrong.push(format!("{pattern:?} on {subject}: not {expected}"));
                }
                let allowed = verdict.findings.iter().flat_map(|finding| &finding.facts);
                let shown = allowed.filter(|(name, _)| *name == "allowed").all(|(_, shown)| shown == pattern);
                assert!(shown, "{pattern:?} is shown as it is written");
            }
        }
    }
    assert!(answers > 5000, "only {answers}");
    assert!(wrong.is_empty(), "{} of {answers}:\n{}", wrong.len(), wrong.join("\n"));
}
