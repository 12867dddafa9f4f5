//! `policies/contract.schema.json` says to an editor what the loader says: the two agree on every
//! contract there is.

use countersign::{Check, Gate, Options, Outcome, Request};
use serde_json::{Value, json};

/// Refused by the loader for more than a schema can say.
const BEYOND_A_SCHEMA: &[&str] = &[
    "contract-file",
    "contract-freshness",
    "contract-replay",
    "contract-request",
    "contract-route",
    "contract-schema",
    "contract-shape",
    "contract-signature",
    "contract-policy",
];

/// A gate that judges documents by a schema of the project.
fn held_to(schema: &str) -> Gate {
    let schema: Value = crate::json_file(schema);
    let contract = json!({ "contract": "documents", "version": 1, "signature": null, "schema": schema });
    Gate::compile(&contract.to_string(), Options::default()).unwrap()
}

/// `policies/verdict.schema.json` is what a verdict looks like.
#[test]
fn every_verdict_holds_to_its_schema() {
    let gate = held_to("policies/verdict.schema.json");
    let verdicts = crate::files_below(&crate::root().join("tests/cases"));
    let verdicts: Vec<_> = verdicts.into_iter().filter(|path| path.ends_with("verdict.json")).collect();
    assert!(verdicts.len() > 100, "only {} verdicts", verdicts.len());
    for path in verdicts {
        let body = std::fs::read(&path).unwrap();
        let verdict = gate.check(&Request::new("POST", "/", &[], &body), &Check::default());
        assert_eq!(verdict.verdict, Outcome::Accept, "{}: {}", path.display(), verdict.to_json());
    }
}

#[test]
fn the_schema_agrees_with_the_loader() {
    let gate = held_to("policies/contract.schema.json");
    let mut agreed = 0;
    for folder in ["policies", "tests/cases"] {
        for path in
            crate::files_below(&crate::root().join(folder)).into_iter().filter(|path| path.ends_with("contract.json"))
        {
            let body = std::fs::read(&path).unwrap();
            let verdict = gate.check(&Request::new("POST", "/", &[], &body), &Check::default());
            let error = std::fs::read_to_string(path.with_file_name("error.json")).unwrap_or_default();
            let grammar = error.contains("\"contract-grammar\"");
            let beyond = BEYOND_A_SCHEMA.iter().any(|code| error.contains(code));
            let accepted = verdict.verdict == Outcome::Accept;
            assert!(beyond || accepted != grammar, "{}: {error} {}", path.display(), verdict.to_json());
            agreed += usize::from(!beyond);
        }
    }
    assert!(agreed > 100, "only {agreed} contracts");
}
