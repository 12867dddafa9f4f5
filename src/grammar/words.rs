//! The parser's messages about a document, in the terms of its author, and what was probably meant.

use crate::nearest::nearest;

/// Serde's wording and ours.
const WORDS: [(&str, &str); 10] = [
    ("unknown variant", "unknown value"),
    ("unknown field", "unknown member"),
    ("missing field", "missing member"),
    ("duplicate field", "member twice"),
    ("a sequence", "a list"),
    ("a map", "an object"),
    ("a character", "one character"),
    ("i64", "a whole number"),
    ("u32", "a whole number"),
    ("u64", "a whole number"),
];

/// The message, and help if there is any.
pub(super) fn plain(message: &str) -> (String, Option<String>) {
    let word = |text: &str| WORDS.iter().find(|(theirs, _)| *theirs == text).map_or(text, |(_, ours)| *ours).to_owned();
    match message {
        // An object with one member, whose name decides the kind.
        "invalid type: unit variant, expected newtype variant" | "expected value" => {
            let message = "an object with exactly one member is meant here, such as `{ \"body\": \"raw\" }`";
            return (message.into(), None);
        }
        _ => {}
    }
    let rest = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    if let Some((got, expected)) = rest.and_then(|rest| rest.split_once(", expected ")) {
        let got = match got {
            "map" => "an object",
            "null" | "unit value" => "null",
            "sequence" => "a list",
            other => other,
        };
        let bare = ["boolean", "floating point", "integer"].iter().any(|kind| got.starts_with(kind));
        let help = (expected == "a string" && bare).then(|| "put it in quotes".to_owned());
        return (format!("{} is meant here, and not {got}", word(expected)), help);
    }
    let said = WORDS.iter().fold(message.to_owned(), |text, (theirs, ours)| {
        text.strip_prefix(theirs).map_or(text.clone(), |rest| format!("{ours}{rest}"))
    });
    (said, meant(message))
}

/// The nearest of the names that the parser knows. They are in its message, between back-quotes.
fn meant(message: &str) -> Option<String> {
    let mut names = message.strip_prefix("unknown ")?.split('`').skip(1).step_by(2);
    let name = names.next()?;
    nearest(name, names).map(|close| format!("did you mean `{close}`?"))
}
