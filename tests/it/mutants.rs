//! Contracts with one thing changed, the same in every run: for tests that hold of all contracts.

use std::collections::BTreeMap;
use std::path::PathBuf;

use countersign::{ContractError, Gate, Key, Options};
use serde_json::{Value, json};

use crate::cases::files_beside;

/// A contract of the project, with the files beside it.
pub struct Seed {
    pub path: PathBuf,
    pub contract: Value,
    pub files: BTreeMap<String, String>,
}

/// Every contract that is shipped or that a case has.
pub fn seeds() -> Vec<Seed> {
    let below = |folder: &str| crate::files_below(&crate::root().join(folder));
    let paths = below("policies").into_iter().chain(below("tests/cases"));
    let mut seeds = Vec::new();
    for path in paths.filter(|path| path.ends_with("contract.json")) {
        let Ok(contract) = serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()) else { continue };
        let files = files_beside(&path);
        seeds.push(Seed { path, contract, files });
    }
    seeds
}

/// Every registry of hooks that a case has.
pub fn registries() -> Vec<Seed> {
    let paths = crate::files_below(&crate::root().join("tests/cases/registry")).into_iter();
    let paths = paths.filter(|path| path.ends_with("hooks.json"));
    let read = |path: PathBuf| {
        let contract = serde_json::from_slice(&std::fs::read(&path).unwrap()).ok()?;
        Some(Seed { path, contract, files: BTreeMap::new() })
    };
    paths.filter_map(read).collect()
}

/// A contract with one thing changed, and what that was.
pub struct Mutant {
    pub contract: Value,
    pub change: String,
}

/// `next` gives numbers below a bound.
pub fn mutant(seeds: &[Seed], seed: &Seed, next: &mut impl FnMut(usize) -> usize) -> Mutant {
    let mut mutant = change(seeds, &seed.contract, next);
    // One thing more now and then: the other thing's place may be new.
    while next(4) == 0 {
        let more = change(seeds, &mutant.contract, next);
        mutant = Mutant { contract: more.contract, change: format!("{}; {}", mutant.change, more.change) };
    }
    mutant
}

fn change(seeds: &[Seed], before: &Value, next: &mut impl FnMut(usize) -> usize) -> Mutant {
    let mut nodes = Vec::new();
    walk(before, "", &mut nodes);
    let at = nodes[next(nodes.len())].clone();
    let mut contract = before.clone();
    let node = contract.pointer_mut(&at).unwrap();
    let how = match node {
        Value::Object(members) if next(2) == 0 && !members.is_empty() => {
            let name = members.keys().nth(next(members.len())).unwrap().clone();
            match next(3) {
                0 => {
                    members.remove(&name);
                    format!("without {name}")
                }
                1 => {
                    let other = NAMES[next(NAMES.len())];
                    let value = members.remove(&name).unwrap();
                    members.insert(other.to_owned(), value);
                    format!("{name} as {other}")
                }
                _ => {
                    let other = NAMES[next(NAMES.len())];
                    members.insert(other.to_owned(), members[&name].clone());
                    format!("{name} as {other} too")
                }
            }
        }
        Value::Array(items) if next(2) == 0 && !items.is_empty() => {
            let index = next(items.len());
            match next(3) {
                0 => drop(items.remove(index)),
                1 => items.push(items[index].clone()),
                _ => items.reverse(),
            }
            format!("items about {index}")
        }
        _ if next(3) == 0 => {
            *node = graft(seeds, &at, next).unwrap_or(Value::Null);
            "a graft".into()
        }
        _ => {
            *node = other(node, next);
            let text: String = node.to_string().chars().take(80).collect();
            text
        }
    };
    Mutant { contract, change: format!("{at}: {how}") }
}

const NAMES: &[&str] =
    &["", "zzz", "a/b", "é", "1", "a b", "/a", "a~", "type", "when", "signed", "format", "NAME", LONG];
const LONG: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
const NUMBERS: &[i64] = &[
    -1,
    0,
    1,
    2,
    13,
    99,
    100,
    199,
    200,
    512,
    513,
    599,
    600,
    1024,
    1025,
    65_535,
    65_536,
    1_048_576,
    1_048_577,
    2_147_483,
    2_147_484,
    31_536_000,
    31_536_001,
    104_857_600,
    104_857_601,
    200_000_000,
    4_000_000_000,
    4_294_967_295,
    4_294_967_296,
    5_000_000_000,
    9_007_199_254_740_993,
    i64::MAX,
    i64::MIN,
];
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "A",
    "1",
    "a/b",
    "a~b",
    "/a~2",
    "/a~1",
    "/",
    "/a b",
    "/a/",
    "//",
    "/é",
    "é",
    "日本",
    "\u{0}",
    "\n",
    "/a\n",
    "#",
    "{",
    "/{x}",
    "/{x?}",
    "/{x?}/a",
    "/{x}/{x}",
    "/a?b",
    "/%zz",
    "/a#",
    "header:x",
    "header:X",
    "header:",
    "header:é",
    "header:a b",
    "field:ts",
    "field:",
    "field:a-b",
    "field:1",
    "path:x",
    "path:",
    "path:a/b",
    "query:",
    "query:a b",
    "query:é",
    "query:a\nb",
    "status",
    "signed",
    "now",
    "raw",
    "hex",
    "base64",
    "text",
    "local",
    "utf8",
    "spki",
    "token",
    "ed25519",
    "hmac-sha256",
    "application/json",
    "Application/json",
    "https://a.example",
    "https://a.example/",
    "HTTPS://a.example",
    "https://a.example:443",
    "https://a.example:99999",
    "https://[::1]",
    "https://a..b",
    "https://1.2.3",
    "https://-",
    "file.json",
    "../a",
    "a//b",
    ".a",
    "+08:00",
    "2026-01-01T00:00:00Z",
    "2026-01-01",
    "2026-13-01T00:00:00Z",
    "@method",
    "@query-param;name=\"a\"",
    "@query-param",
    "date;sf",
    "date;zz",
    "x-a;bs",
    "X-A",
    LONG,
];

/// Another value in its place.
fn other(node: &Value, next: &mut impl FnMut(usize) -> usize) -> Value {
    match next(12) {
        0 => Value::Null,
        1 => json!(next(2) == 0),
        2 => json!([node]),
        3 => json!([node, node]),
        4 => json!({ "x": node }),
        5 => json!([]),
        6 => json!({}),
        7 => json!(1.5),
        8 => match node {
            Value::String(text) => match next(6) {
                0 => json!(text.to_uppercase()),
                1 => json!(format!("{text}x")),
                2 => json!(format!("{text}\n")),
                3 => json!(format!(" {text}")),
                4 => json!(text.repeat(40)),
                _ => json!(text.chars().skip(1).collect::<String>()),
            },
            Value::Number(number) => match next(3) {
                0 => number.as_i64().map_or(Value::Null, |number| json!(number.wrapping_add(1))),
                1 => number.as_f64().map_or(Value::Null, |number| json!(number)),
                _ => json!(number.to_string()),
            },
            Value::Bool(boolean) => json!(!boolean),
            _ => json!(1e300),
        },
        9 => json!(NUMBERS[next(NUMBERS.len())]),
        _ => json!(TEXTS[next(TEXTS.len())]),
    }
}

/// What stands under the same name in another contract.
fn graft(seeds: &[Seed], at: &str, next: &mut impl FnMut(usize) -> usize) -> Option<Value> {
    let name = at.rsplit('/').find(|token| token.parse::<usize>().is_err())?;
    for _ in 0..8 {
        let other = &seeds[next(seeds.len())].contract;
        let mut nodes = Vec::new();
        walk(other, "", &mut nodes);
        let named: Vec<_> = nodes.iter().filter(|node| node.rsplit('/').next() == Some(name)).collect();
        if !named.is_empty() {
            return other.pointer(named[next(named.len())]).cloned();
        }
    }
    None
}

/// The pointers of all values but those in a schema, a policy or a default.
fn walk(value: &Value, at: &str, nodes: &mut Vec<String>) {
    nodes.push(at.to_owned());
    if ["/schema", "/schemas", "/default", "/policy"].iter().any(|free| at.ends_with(free)) {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), nodes);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| walk(item, &format!("{at}/{index}"), nodes));
        }
        _ => {}
    }
}

/// With a key of the contract's kind, if it takes one.
pub fn compile(contract: &Value, files: &BTreeMap<String, String>) -> Result<Gate, ContractError> {
    let with = |keys| {
        let mut files = files.clone();
        files.extend(TEXTS.iter().map(|name| ((*name).to_owned(), "{}".to_owned())));
        let options = with!(Options::with_keys(keys); files: files);
        Gate::compile(&contract.to_string(), options)
    };
    match with(vec![key(contract)]) {
        Err(error) if error.code == "key-unused" => with(Vec::new()),
        done => done,
    }
}

fn key(contract: &Value) -> Key {
    let algorithm = contract.pointer("/signature/key/algorithm").and_then(Value::as_str).unwrap_or_default();
    let jwk = match algorithm {
        "ed25519" => json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }),
        "ecdsa-p256-sha256" | "ecdsa-p256-sha256-der" => json!({ "kty": "EC", "crv": "P-256",
            "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU" }),
        "rsa-pkcs1-sha256" | "rsa-pss-sha512" => {
            json!({ "kty": "RSA", "e": "AQAB", "n": format!("{}Q", "w".repeat(341)) })
        }
        // At once text, hex and base64, and as long as any contract wants.
        _ => return Key::secret("0123456789abcdef".repeat(128)),
    };
    Key::public(jwk)
}
