//! Every `format` of the drafts, by what its RFC takes and what it does not. Formats are asserted here.

use countersign::{Check, Gate, Options, Outcome, Request};
use serde_json::{Value, json};

/// By format, what is of it and what is not.
const FORMATS: &str = include_str!("schema_formats.json");

#[test]
fn formats_take_what_they_name_and_nothing_else() {
    let mut wrong = Vec::new();
    let formats: Value = serde_json::from_str(FORMATS).unwrap();
    for (format, texts) in formats.as_object().unwrap() {
        let contract = json!({ "contract": "format", "version": 1, "signature": null, "schema": { "format": format } });
        let gate = Gate::compile(&contract.to_string(), Options::default()).unwrap();
        for (list, expected) in [("takes", true), ("refuses", false)] {
            for text in texts[list].as_array().unwrap() {
                let body = text.to_string();
                let verdict = gate.check(&Request::new("POST", "/", &[], body.as_bytes()), &Check::default());
                if (verdict.verdict == Outcome::Accept) != expected {
                    wrong.push(format!("{format} {text} is not {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// One sign in the place of each character of a good text: only a digit may stand for a digit.
#[test]
fn no_sign_stands_for_a_digit() {
    let good = [("date", "2024-02-29"), ("time", "12:34:45.678+05:30"), ("date-time", "2024-02-29T12:34:45.678+05:30")];
    for (format, text) in good {
        let contract = json!({ "contract": "format", "version": 1, "signature": null, "schema": { "format": format } });
        let gate = Gate::compile(&contract.to_string(), Options::default()).unwrap();
        for (at, _) in text.char_indices().filter(|(_, character)| character.is_ascii_digit()) {
            for sign in (0x20..0x7f).map(char::from).filter(|sign| !sign.is_ascii_digit()) {
                let other = format!("{}{sign}{}", &text[..at], &text[at + 1..]);
                // Fewer digits of a fraction are a fraction.
                if text[..at].ends_with(|before: char| before.is_ascii_digit())
                    && text[..at].contains('.')
                    && "+-".contains(sign)
                {
                    continue;
                }
                let body = json!(other).to_string();
                let verdict = gate.check(&Request::new("POST", "/", &[], body.as_bytes()), &Check::default());
                assert_eq!(verdict.verdict, Outcome::Reject, "{format} takes {other:?}");
            }
        }
    }
}
