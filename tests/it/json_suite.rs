//! JSONTestSuite: what must be read (`y_`), what must not (`n_`), and what RFC 8259 leaves open (`i_`),
//! where this reader takes the side of one meaning for every parser.

use countersign::{Check, Gate, Options, Outcome, Request};

/// The `i_` cases that are read: each is one value in every parser.
const READ: &[&str] = &["i_structure_500_nested_arrays.json"];

/// The `y_` cases that are valid JSON and have two meanings.
const TWO_MEANINGS: &[(&str, &str)] = &[
    ("y_object_duplicated_key.json", "json-duplicate-key"),
    ("y_object_duplicated_key_and_value.json", "json-duplicate-key"),
];

#[test]
fn json_test_suite() {
    let Some(folder) = crate::data("json/test_parsing") else { return };
    let contract = r#"{ "contract": "json", "version": 1, "signature": null, "payload": { "maxDepth": 512 } }"#;
    let gate = Gate::compile(contract, Options::default()).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in crate::files_below(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let body = std::fs::read(&path).unwrap();
        let verdict = gate.check(&Request::new("POST", "/", &[], &body), &Check::default());
        let codes: Vec<String> = verdict.findings.iter().map(|finding| finding.code.to_string()).collect();
        let excepted = TWO_MEANINGS.iter().find(|(file, _)| *file == name);
        let accepted = match (name.as_bytes()[0], excepted) {
            (b'y', None) => true,
            (b'i', _) => READ.contains(&name.as_str()),
            _ => false,
        };
        let right = (verdict.verdict == Outcome::Accept) == accepted
            && excepted.is_none_or(|(_, code)| codes.contains(&(*code).to_owned()))
            && codes.iter().all(|code| code.starts_with("json-") || code.starts_with("encoding-"));
        if !right {
            wrong.push(format!("{name}: {:?} {codes:?}", verdict.verdict));
        }
        count += 1;
    }
    assert!(count > 300, "only {count} files");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
