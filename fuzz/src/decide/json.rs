//! JSON that is changed where it has members and items, and written oddly.

use std::sync::LazyLock;

use countersign::{Check, Gate, Options, Outcome, Request};
use serde_json::Value;

use super::Next;
use super::message::Message;

/// A value as it is written; names and strings with their quotes.
#[derive(Clone)]
enum Node {
    Written(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

/// Values that readers may take in two ways, and some that are not JSON.
const VALUES: [&str; 44] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "0e0",
    "1",
    "-1",
    "1.0",
    "1.5",
    "1e0",
    "1E+2",
    "1e-2",
    "0.1e1",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "-9223372036854775809",
    "1e400",
    "-1e400",
    "1e-400",
    "1e308",
    "123456789012345678901234567890e-10",
    "9007199254740993.0",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
    "NaN",
    r#""""#,
    r#""a""#,
    r#""\u0061""#,
    r#""\ud800""#,
    r#""\ud83d\ude00""#,
    r#""\udc00\ud800""#,
    r#""\u0000\/\"\\""#,
    "[]",
    "{}",
];

const NAMES: [&str; 14] = [
    r#""""#,
    r#""a""#,
    r#""\u0061""#,
    r#""id""#,
    r#""i\u0064""#,
    r#""type""#,
    r#""\ud800""#,
    r#""~1/""#,
    r#""é""#,
    r#""\u00e9""#,
    r#""aaaaaaa1""#,
    r#""aaaaaaa2""#,
    r#""aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
    r#""\/""#,
];

/// The document with up to four changes, or only written in another way.
pub fn odd(document: &Value, next: Next<'_>) -> String {
    let mut root = Node::of(document);
    for _ in 0..next(5) {
        let mut at = next(root.count());
        if let Some(node) = root.nth(&mut at) {
            node.change(next);
        }
    }
    let mut text = String::new();
    let spaces = next(4) == 0;
    root.write(&mut text, &mut |out| {
        if spaces {
            out.push_str(["", " ", "\n", "\r\t"][next(4)])
        }
    });
    text
}

impl Node {
    fn of(value: &Value) -> Node {
        match value {
            Value::Array(items) => Node::Array(items.iter().map(Node::of).collect()),
            Value::Object(members) => {
                Node::Object(members.iter().map(|(name, value)| (quoted(name), Node::of(value))).collect())
            }
            other => Node::Written(other.to_string()),
        }
    }

    fn count(&self) -> usize {
        1 + match self {
            Node::Written(_) => 0,
            Node::Array(items) => items.iter().map(Node::count).sum(),
            Node::Object(members) => members.iter().map(|(_, value)| value.count()).sum::<usize>(),
        }
    }

    fn nth(&mut self, at: &mut usize) -> Option<&mut Node> {
        if *at == 0 {
            return Some(self);
        }
        *at -= 1;
        match self {
            Node::Written(_) => None,
            Node::Array(items) => items.iter_mut().find_map(|item| item.nth(at)),
            Node::Object(members) => members.iter_mut().find_map(|(_, value)| value.nth(at)),
        }
    }

    fn change(&mut self, next: Next<'_>) {
        match self {
            Node::Object(members) if next(4) != 0 => change_members(members, next),
            Node::Array(items) if next(3) != 0 && !items.is_empty() => {
                let at = next(items.len());
                match next(3) {
                    0 => drop(items.remove(at)),
                    1 => items.push(items[at].clone()),
                    _ => items.reverse(),
                }
            }
            Node::Written(text) if next(3) == 0 => *text = rewritten(text, next),
            _ => *self = self.replaced(next),
        }
    }

    fn replaced(&self, next: Next<'_>) -> Node {
        match next(8) {
            0 => Node::Object(vec![(NAMES[next(NAMES.len())].to_owned(), self.clone())]),
            1 => Node::Array(vec![self.clone(); next(3)]),
            2 => {
                let depth = [1, 2, 30, 31, 32, 33, 63, 64, 65, 200][next(10)];
                Node::Written(format!("{}{}", "[".repeat(depth), "]".repeat(depth)))
            }
            3 => Node::Written(format!("\"{}\"", "aé😀".repeat(next(40)))),
            4 => {
                Node::Object((0..next(40)).map(|at| (format!("\"name{at}\""), Node::Written(at.to_string()))).collect())
            }
            _ => Node::Written(VALUES[next(VALUES.len())].to_owned()),
        }
    }

    fn write(&self, out: &mut String, space: &mut dyn FnMut(&mut String)) {
        space(out);
        match self {
            Node::Written(text) => out.push_str(text),
            Node::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out, space);
                }
                space(out);
                out.push(']');
            }
            Node::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    space(out);
                    out.push_str(name);
                    space(out);
                    out.push(':');
                    value.write(out, space);
                }
                space(out);
                out.push('}');
            }
        }
        space(out);
    }
}

fn change_members(members: &mut Vec<(String, Node)>, next: Next<'_>) {
    let odd = NAMES[next(NAMES.len())].to_owned();
    let at = next(members.len().max(1));
    let Some((name, value)) = members.get(at).cloned() else {
        return members.push((odd, Node::Written("1".to_owned())));
    };
    match next(8) {
        0 => drop(members.remove(at)),
        1 => members.push((name, value)),
        2 => members.insert(0, (rewritten(&name, next), Node::Written(VALUES[next(VALUES.len())].to_owned()))),
        3 => members[at].0 = odd,
        4 => members.push((odd, value)),
        5 => members[at].0 = rewritten(&name, next),
        6 => members.extend((0..next(40)).map(|at| (format!("\"more-{at}\""), Node::Written(at.to_string())))),
        _ => members.reverse(),
    }
}

/// Another way to write the same, mostly.
fn rewritten(text: &str, next: Next<'_>) -> String {
    let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return format!("{text}{}", [".0", "e0", "E+0", "0", "e1", "e-1", ".5"][next(7)]);
    };
    if inner.contains('\\') {
        return text.to_owned();
    }
    let mut units = String::from('"');
    let one = next(3) == 0;
    for (index, character) in inner.chars().enumerate() {
        if one && index > 0 {
            units.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            units.push_str(&if one { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
        }
    }
    units + "\""
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// What a text may be refused for that serde_json reads.
const TWO_MEANINGS: [&str; 4] = ["json-duplicate-key", "json-too-deep", "json-number-unsafe", "encoding-bom"];

/// Beside the message itself: a contract that takes any member `a`, and hands it on.
pub fn read_as_serde_json_does(body: &[u8]) {
    static ANY: LazyLock<Message> = LazyLock::new(|| {
        let contract = r#"{ "contract": "json", "version": 1, "signature": null,
            "payload": { "maxDepth": 100, "unsafeNumbers": "warn" }, "shape": { "a": { "from": ["/a"] } } }"#;
        Message::of("any", Gate::compile(contract, Options::default()).unwrap())
    });
    let body = [b"{\"a\":", body, b"}"].concat();
    let (request, check) = (Request::new("POST", "/", &[], &body), Check::default());
    super::agree(&ANY, &request, &check);
    let decision = ANY.gate.decide(&request, &check);
    let read = serde_json::from_slice::<Value>(&body);
    let what = || format!("{}: {decision:?}", body.escape_ascii());
    if decision.verdict == Outcome::Accept {
        let read = read.unwrap_or_else(|error| panic!("{error}: {}", what()));
        let handed = decision.message.iter().flat_map(|message| &message.0).find(|(name, _)| name == "a");
        let (handed, read) = (handed.map_or(&Value::Null, |(_, value)| value), &read["a"]);
        // What holds nothing is not handed on.
        let nothing = handed.is_null() && (read.is_null() || *read == "");
        assert!(nothing || alike(handed, read), "{read}: {}", what());
    } else if read.is_ok() {
        let verdict = ANY.gate.check(&request, &check);
        let codes = verdict.findings.iter().map(|finding| finding.code.to_string());
        let refused = codes.into_iter().any(|code| TWO_MEANINGS.contains(&code.as_str()));
        assert!(refused, "{}: {}", what(), verdict.to_json());
    }
}

/// serde_json reads a double quickly, and so not always the nearest.
fn alike(ours: &Value, other: &Value) -> bool {
    match (ours, other) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            a.is_sign_negative() == b.is_sign_negative() && a.to_bits().abs_diff(b.to_bits()) <= 2
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| alike(a, b)))
        }
        _ => ours == other,
    }
}
