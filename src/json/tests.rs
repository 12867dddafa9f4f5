//! The reader and its tape against serde_json, and against searches that are too simple to be wrong.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::reader::{Cursor, Reader};
use super::{Document, Json, Kind, Rules, twice};
use crate::finding::{Finding, Severity};
use crate::place::{Pointer, pointer_token};

const RULES: Rules = Rules { max_depth: 64, max_values: usize::MAX, unsafe_numbers: Severity::Warning };

fn read(text: &str) -> (Option<Document<'_>>, Vec<Finding>) {
    Document::read(text, RULES)
}

/// Numbers below a bound, the same in every run (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

#[test]
fn plain_runs_end_where_the_first_other_byte_is() {
    let ends = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
    // A character of each byte that a text can have: above 0x7f it is two bytes, and none of them ends a run.
    for other in (0..=255).map(char::from) {
        for (start, offset) in (0..18).flat_map(|start| (0..40).map(move |offset| (start, offset))) {
            for rest in ["", "a", "aaaaaaaaaaaaaaaaaaaaaaaaa", "\"\u{1}\"aaaaaaaaaaaaaa"] {
                let text =
                    format!("{}{}{other}{rest}", "\"".repeat(start), "é".repeat(offset / 2) + &"z"[..offset % 2]);
                let mut cursor = Cursor { bytes: text.as_bytes(), position: start };
                cursor.skip_plain();
                let expected =
                    text.bytes().skip(start).position(|byte| ends(&byte)).map_or(text.len(), |at| start + at);
                assert_eq!(cursor.position, expected, "{text:?} from {start}");
            }
        }
    }
}

/// The places of names that an object has before, by comparing each with each.
fn twice_simply(object: Json<'_>) -> Vec<usize> {
    let names: Vec<_> = object.members().map(|(name, _)| (name.index(), name.as_str().unwrap())).collect();
    let is_known = |at: usize| names[..at].iter().any(|(_, other)| *other == names[at].1);
    (0..names.len()).filter(|at| is_known(*at)).map(|at| names[at].0).collect()
}

#[test]
fn names_are_there_twice_where_a_simple_search_finds_them() {
    const NAMES: [&str; 22] = [
        "",
        "a",
        "b",
        "\\u0061",
        "aaaaaaa",
        "aaaaaaab",
        "aaaaaaac",
        "aaaaaaa\\u0062",
        "\\u0061aaaaaab",
        "é",
        "\\u00e9",
        "\\u0000",
        "aaaaaaaaaaaaaaaa",
        "aaaaaaaabaaaaaaaa",
        "\\ud800",
        "\\ud801",
        "\u{fffd}",
        "/",
        "\\/",
        "\\\"",
        "a ",
        "A",
    ];
    let mut random = Random(7);
    let (mut found, mut clean) = (0, 0);
    for _ in 0..20_000 {
        let few = [3, 9, 10, 40][random.below(4)];
        let fresh = random.below(2) == 0;
        let member = |at: usize, random: &mut Random| match fresh && random.below(8) > 0 {
            true => format!("\"aaaaaa{at}\":{{\"a\":[1]}}"),
            false => format!("\"{}\":1", random.pick(&NAMES)),
        };
        let members: Vec<String> = (0..random.below(few)).map(|at| member(at, &mut random)).collect();
        // The last name may be so near to the end that there are no eight bytes to read.
        let text = format!("{{{}}}", members.join(","));
        let document = read(&text).0.unwrap();
        let expected = twice_simply(document.root());
        assert_eq!(twice::names(&text, &document.nodes, 0), expected, "{text}");
        if expected.is_empty() { clean += 1 } else { found += 1 }
    }
    assert!(found > 2000 && clean > 2000, "{found} and {clean}");
}

#[test]
fn names_with_equal_hashes_are_not_equal() {
    let texts: Vec<String> = (0..300_000).map(|at| format!("\"name-{at}\"")).collect();
    let text = format!("[{}]", texts.join(","));
    let document = read(&text).0.unwrap();
    let mut known = BTreeMap::new();
    let alike = document.root().items().find_map(|name| Some((known.insert(twice::hash(name), name)?, name)));
    let (a, b) = alike.expect("of so many names two have one hash");
    assert_ne!(a.written(), b.written());
    let others = (0..20).map(|at| format!("\"{at}\":0")).collect::<Vec<_>>().join(",");
    for (second, count) in [(b, 0), (a, 1)] {
        let text = format!("{{\"{}\":0,{others},\"{}\":0}}", a.written(), second.written());
        assert_eq!(twice::names(&text, &read(&text).0.unwrap().nodes, 0).len(), count, "{text}");
    }
}

#[test]
fn numbers_are_those_of_serde_json() {
    const PARTS: [&str; 24] = [
        "0",
        "1",
        "9",
        "10",
        "-",
        "+",
        ".",
        "e",
        "E",
        "e-",
        "E+",
        "00",
        "5",
        "9007199254740991",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "9223372036854775809",
        "308",
        "400",
        "-0",
        "0.1",
        "999999999999999",
    ];
    let mut random = Random(11);
    let mut kinds = [0; 3];
    for _ in 0..200_000 {
        let text: String = (0..=random.below(5)).map(|_| *random.pick(&PARTS)).collect();
        let (document, findings) = read(&text);
        let Ok(other) = serde_json::from_str::<Value>(&text) else {
            let infinite = text.parse::<f64>().is_ok_and(f64::is_infinite);
            let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
            assert!(refused && (document.is_none() || infinite), "{text} is read");
            kinds[0] += 1;
            continue;
        };
        let document = document.unwrap_or_else(|| panic!("{text} is not read: {findings:?}"));
        let (number, root) = (document.root().as_number().unwrap(), document.root());
        assert_eq!(root.written(), text);
        if other.is_f64() {
            // serde_json does not always take the nearest double.
            let (ours, nearest) = (number.as_f64().unwrap(), text.parse::<f64>().unwrap());
            let distance = other.as_f64().unwrap().to_bits().abs_diff(ours.to_bits());
            assert!(
                root.kind() == Kind::Double && ours.to_bits() == nearest.to_bits() && distance <= 2,
                "{text}: {ours}"
            );
            kinds[1] += 1;
        } else {
            assert_eq!((root.kind(), Value::Number(number)), (Kind::Integer, other), "{text}");
            kinds[2] += 1;
        }
    }
    assert!(kinds.iter().all(|count| *count > 1000), "{kinds:?}");
}

/// A value of any kind.
fn value(random: &mut Random, depth: usize) -> Value {
    const TEXTS: [&str; 8] = ["", "a", "é😀", "\"\\\n\u{0}", "a/b~c", "0", "aaaaaaaaaaaaaaaaaaaaaaaa", "\u{fffd}"];
    match random.below(if depth == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => json!(random.below(2) == 0),
        2 => json!(random.below(1000)),
        3 => json!(random.below(1000) as f64 / 8.0 - 60.0),
        4 | 5 => json!(*random.pick(&TEXTS)),
        6 => (0..random.below(5)).map(|_| value(random, depth - 1)).collect(),
        _ => {
            let named =
                |random: &mut Random| (format!("{}{}", random.pick(&TEXTS), random.below(3)), value(random, depth - 1));
            Value::Object((0..random.below(5)).map(|_| named(random)).collect())
        }
    }
}

/// Holds a value to the same of serde_json, and all that is inside it. Gives the number of the next.
fn same(ours: Json<'_>, other: &Value, root: Json<'_>, pointer: &str) -> usize {
    assert_eq!(&ours.to_value(), other);
    let tokens = Pointer::parse(pointer).map(|pointer| root.follow(&pointer).map(Json::index));
    assert!(tokens.is_none_or(|found| found == Some(ours.index())), "{pointer} of {other}");
    let mut next = ours.index() + 1;
    match other {
        Value::Array(items) => {
            assert!(ours.is_array() && ours.len() == items.len() && ours.items().count() == items.len());
            for (index, item) in items.iter().enumerate() {
                let found = ours.item(index).unwrap();
                assert_eq!(found.index(), next);
                next = same(found, item, root, &format!("{pointer}/{index}"));
            }
            assert!(ours.item(items.len()).is_none());
        }
        Value::Object(members) => {
            assert!(ours.is_object() && ours.len() == members.len() && ours.members().count() == members.len());
            for ((name, found), (expected, member)) in ours.members().zip(members) {
                assert!(name.is(expected) && name.index() == next);
                assert_eq!(ours.member(expected).map(Json::index), Some(found.index()));
                next = same(found, member, root, &format!("{pointer}/{}", pointer_token(expected)));
            }
            assert!(ours.member("none").is_none());
        }
        _ => assert!(ours.len() == 0 && ours.items().next().is_none() && ours.members().next().is_none()),
    }
    assert_eq!(ours.end(), next, "{other}");
    next
}

#[test]
fn the_tape_is_the_tree_of_serde_json() {
    let mut random = Random(3);
    for round in 0..5000 {
        let tree = value(&mut random, 4);
        let text = if round % 2 == 0 { tree.to_string() } else { serde_json::to_string_pretty(&tree).unwrap() };
        let (document, findings) = read(&text);
        assert!(findings.is_empty(), "{text}: {findings:?}");
        let document = document.unwrap();
        assert_eq!(same(document.root(), &tree, document.root(), ""), document.nodes.len());
        let mut written = Vec::new();
        document.root().write(&mut written);
        assert_eq!(String::from_utf8(written).unwrap(), tree.to_string());
    }
}

/// Writes a value with a number that is unsafe or half a pair here and there, and notes where.
fn faulty(random: &mut Random, depth: usize, at: &str, out: &mut String, faults: &mut Vec<String>) {
    match random.below(if depth == 0 { 4 } else { 8 }) {
        0 => out.push_str("[]"),
        1 => out.push_str("\"a\\n\""),
        2 | 3 => {
            out.push_str(["9007199254740993", "\"a\\ud800\"", "1e999"][random.below(3)]);
            faults.push(at.to_owned());
        }
        4 | 5 => {
            out.push('[');
            for index in 0..random.below(4) {
                out.push_str(if index > 0 { " ,\n" } else { "" });
                faulty(random, depth - 1, &format!("{at}/{index}"), out, faults);
            }
            out.push(']');
        }
        _ => {
            out.push('{');
            let mut known = Vec::new();
            for index in 0..random.below(4) {
                out.push_str(if index > 0 { ", " } else { "" });
                let (written, name) =
                    *random.pick(&[("a", "a"), ("\\u0061", "a"), ("", ""), ("~/", "~/"), ("\\n", "\n")]);
                let inner = format!("{at}/{}", pointer_token(name));
                if known.contains(&name) {
                    faults.push(inner.clone());
                }
                known.push(name);
                out.push_str(&format!("\"{written}\" : "));
                faulty(random, depth - 1, &inner, out, faults);
            }
            out.push('}');
        }
    }
}

#[test]
fn findings_name_the_values_that_they_are_about() {
    let mut random = Random(5);
    let mut count = 0;
    for _ in 0..5000 {
        let (mut text, mut faults) = (String::new(), Vec::new());
        faulty(&mut random, 4, "", &mut text, &mut faults);
        let found: Vec<String> = read(&text).1.into_iter().map(|finding| finding.at.unwrap_or_default()).collect();
        // More than that many of one kind are not noted.
        if faults.len() < 32 {
            assert_eq!(found, faults, "{text}");
            count += faults.len();
        }
    }
    assert!(count > 5000, "{count}");
}

#[test]
fn what_is_cut_short_can_be_walked() {
    // Found by the property of deciding and reporting: the pointer of this finding had no end.
    assert_eq!(read(r#"[{"\ud800""#).1[0].at.as_deref(), Some("/0"));
    assert_eq!(read(r#"{"a":{"\ud800""#).1[0].at.as_deref(), Some("/a"));
    let mut random = Random(13);
    for _ in 0..2000 {
        let (mut text, mut faults) = (String::new(), Vec::new());
        faulty(&mut random, 4, "", &mut text, &mut faults);
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let cut = format!("{}{}", &text[..end], ["", "}", "]", ",", ":", "\"\\ud800\"", "\"a"][random.below(7)]);
            let rules = Rules { max_values: 1 + random.below(30), ..RULES };
            let (nodes, _, _) = Reader::new(&cut, rules, Vec::new()).run();
            assert!(nodes.iter().enumerate().all(|(at, node)| node.next() > at && node.next() <= nodes.len()), "{cut}");
        }
    }
}
