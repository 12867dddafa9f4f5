//! Every `format` of the drafts, by what its RFC takes and what it does not. Formats are asserted here.

use countersign::{Check, Gate, Options, Outcome, Request};
use serde_json::json;

/// A format, what is of it, and what is not.
const FORMATS: &[(&str, &[&str], &[&str])] = &[
    (
        "date",
        &["2024-02-29", "0001-01-01", "9999-12-31", "2026-11-30"],
        &[
            "2024-0+-29",
            "2023-02-29",
            "2024-2-29",
            "2024-02-30",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "20240229",
            "2024-02-29 ",
            " 2024-02-29",
            "2024/02/29",
            "+024-02-29",
            "2024-02-+9",
            "2024-02- 9",
            "２０２４-02-29",
            "2024-02-29Z",
            "",
            "2024-W09-4",
            "2024-060",
            "-2024-02-29",
            "24-02-29",
        ],
    ),
    (
        "time",
        &["12:34:45Z", "00:00:00+00:00", "23:59:59.999-23:59", "23:59:60Z", "12:34:45z", "12:34:45.1+05:30"],
        &[
            "12:3/:45Z",
            "24:00:00Z",
            "12:60:00Z",
            "12:34:61Z",
            "12:34:45",
            "12:34Z",
            "1:34:45Z",
            "12:34:45.Z",
            "12:34:45+24:00",
            "12:34:45+0530",
            "12:34:45+5:30",
            "12:34:4+Z",
            "+2:34:45Z",
            "12:34:45 Z",
            "12:34:60Z",
            "１2:34:45Z",
            "",
            "12:34:45+05:3:",
            "12-34-45Z",
            "12:34:45,1Z",
        ],
    ),
    (
        "date-time",
        &[
            "2024-02-29T12:34:45Z",
            "2024-02-29t12:34:45z",
            "2024-02-29T12:34:45.123456789+05:30",
            "2016-12-31T23:59:60Z",
            "2024-02-29T00:00:00-00:00",
        ],
        &[
            "2024-0+-29T12:34:45Z",
            "2024-02-29T12:3/:45Z",
            "2024-02-29 12:34:45Z",
            "2024-02-29T12:34:45",
            "2024-02-29T12:34Z",
            "2024-02-30T12:34:45Z",
            "2024-02-29T24:00:00Z",
            "2024-02-29T12:34:45+0530",
            "2024-02-29T12:34:45.Z",
            "20240229T123445Z",
            "2024-02-29T12:34:4:Z",
            "2024-02-29T12:34:45ZZ",
            "",
            "2024-02-29",
            "2024-02-29T12:34:45+05:60",
            "2024-02-29T+2:34:45Z",
            "2024-02-29T12:34:45.1e1Z",
        ],
    ),
    (
        "duration",
        &["P1D", "PT1H30M", "P1Y2M3DT4H5M6S", "P4W"],
        &["", "P", "PT", "1D", "P1", "P1S", "PT1D", "P1DT", "P-1D", "P1W2D", "P１D"],
    ),
    (
        "email",
        &["a@example.org", "a.b+c@example.org"],
        &["", "a", "@example.org", "a@", "a b@example.org", "a@exa mple.org"],
    ),
    ("hostname", &["example.org", "a-b.c1"], &["", "-a.org", "a-.org", "a_b.org", "exa mple.org"]),
    (
        "ipv4",
        &["192.0.2.1", "0.0.0.0"],
        &["", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1 ", "0x7f.0.0.1", "1.2.3.+"],
    ),
    (
        "ipv6",
        &["::", "2001:db8::1", "::ffff:192.0.2.1"],
        &["", ":", "12345::", "2001:db8::1::", "::1%eth0", "2001:db8::g"],
    ),
    (
        "uri",
        &["https://example.org/a?b#c", "urn:isbn:1"],
        &["", "/a", "example.org", "https://exa mple.org", "https://[::1", "\\\\a"],
    ),
    ("uri-reference", &["/a", "https://example.org", "#a"], &["\\\\a", "a b", "%zz"]),
    (
        "uuid",
        &["123e4567-e89b-12d3-a456-426614174000"],
        &[
            "",
            "123e4567e89b12d3a456426614174000",
            "123e4567-e89b-12d3-a456-42661417400g",
            "{123e4567-e89b-12d3-a456-426614174000}",
            "123e4567-e89b-12d3-a456-42661417400+",
        ],
    ),
    ("json-pointer", &["", "/a", "/a~0~1"], &["a", "/~", "/~2"]),
    ("relative-json-pointer", &["0", "1/a", "0#"], &["", "/a", "01", "-1", "+1/a", "1a"]),
    ("regex", &["^a$", "[^]"], &["[", "(", "^(abc]"]),
];

#[test]
fn formats_take_what_they_name_and_nothing_else() {
    let mut wrong = Vec::new();
    for (format, takes, refuses) in FORMATS {
        let contract = json!({ "contract": "format", "version": 1, "signature": null, "schema": { "format": format } });
        let gate = Gate::compile(&contract.to_string(), Options::default()).unwrap();
        for (texts, expected) in [(takes, true), (refuses, false)] {
            for text in *texts {
                let body = json!(text).to_string();
                let verdict = gate.check(&Request::new("POST", "/", &[], body.as_bytes()), &Check::default());
                if (verdict.verdict == Outcome::Accept) != expected {
                    wrong.push(format!("{format} {text:?} is not {expected}"));
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
