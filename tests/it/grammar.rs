//! Where in a contract's text a mistake is, if the text is no JSON, or says something twice.

use countersign::{Gate, Options};

const MISTAKES: &[(&str, &str, &str)] = &[
    (r#""signature": null,"#, "", "trailing comma"),
    (r#""signature": null} x"#, "", "more stands after the end of the document"),
    (r#""signature": null, "request": { "methods": ["POST",] }"#, "/request/methods", "trailing comma"),
    (r#""signature": null, "request": { "methods": [tru] }"#, "/request/methods/0", "expected ident"),
    (r#""signature": null, "contract": "b""#, "", "member twice `contract`"),
    (r#""signature": { "engine": "dpop", "engine": "segments" }"#, "/signature", "member twice `engine`"),
    (r#""signature": null, "a~b/c": 1"#, "/a~0b~1c", "unknown member `a~b/c`, expected one of `$schema`, `contract`"),
    (
        r#""signature": { "engine": 0 }"#,
        "/signature/engine",
        "a word of the language is meant here, and not integer `0`",
    ),
    (
        r#""signature": { "engine": "segments", "shape": { "kind": 0 } }"#,
        "/signature/shape/kind",
        "variant identifier is meant here, and not integer `0`",
    ),
];

#[test]
fn a_mistake_is_found_in_its_place() {
    for (rest, at, message) in MISTAKES {
        let text = format!(r#"{{ "contract": "a", "version": 1, {rest} }}"#);
        let error = Gate::compile(&text, Options::default()).unwrap_err();
        assert!(error.at == *at && error.message.starts_with(message), "{rest}: {error}");
    }
}
