//! What loads can hold: of every contract whose signature is made of segments, and that loads, a request that is signed
//! by it is one that it takes for signed and fresh.

use countersign::{Check, Gate, Outcome, Request, Stage, StageResult};
use serde_json::{Map, Value, json};

use crate::mutants::{self, compile, mutant};

const NOW: i64 = 1_717_030_000;
const NONCE: &str = "0123456789abcdef";

/// Signing says why it cannot: the rest of the request is the sender's to write, and so is a key that only verifies.
const NOT_OURS: &[&str] = &[
    "a signature in the body is the sender's to write",
    "the sender's public key alone",
    // A pair of the signature's header that is neither a time, nor a nonce, nor one fixed text.
    "cannot sign: `PAIR` is missing",
];

/// `MUTANTS` and `SEED` try others.
#[test]
fn what_loads_can_be_signed_and_passes() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse::<usize>().unwrap());
    let mut seeds = mutants::seeds();
    seeds.retain(|seed| seed.contract["signature"]["engine"] == "segments");
    let mut next = crate::random_from(number("SEED", 0));
    let (mut signed, mut refused, mut wrong) = (0, 0, std::collections::BTreeMap::new());
    for round in 0..number("MUTANTS", 4_000) {
        let seed = &seeds[if round < seeds.len() { round } else { next(seeds.len()) }];
        // Every contract as it is, first.
        let (contract, change) = match round < seeds.len() {
            true => (seed.contract.clone(), "nothing".to_owned()),
            false => {
                let mut mutant = mutant(&seeds, seed, &mut next);
                // What is not of the signature says nothing here, and keeps a request from being made.
                for name in ["schema", "schemas", "policy", "route", "shape", "status"] {
                    mutant.contract.as_object_mut().map(|members| members.remove(name));
                }
                (mutant.contract, mutant.change)
            }
        };
        if contract["signature"]["engine"] != "segments" {
            continue;
        }
        let Ok(gate) = compile(&contract, &seed.files) else {
            refused += 1;
            continue;
        };
        match try_to_sign(&contract, &gate) {
            Ok(true) => signed += 1,
            Ok(false) => {}
            Err(said) => {
                let contract = contract["signature"].to_string();
                wrong.entry(said).or_insert_with(|| format!("{} {change}\n    {contract}", seed.path.display()));
            }
        }
    }
    let list: Vec<String> = wrong.iter().map(|(said, mutant)| format!("{said}\n    {mutant}")).collect();
    assert!(list.is_empty(), "{} kinds of contracts that never hold\n{}", list.len(), list.join("\n"));
    assert!(signed > 500 && refused > 500, "{signed} signed, {refused} refused");
}

/// Whether it could be signed; an error where what was signed does not pass.
fn try_to_sign(contract: &Value, gate: &Gate) -> Result<bool, String> {
    let made = make(contract);
    let request = |url, headers| {
        let mut request = Request::new(&made.method, url, headers, &made.body);
        request.status = made.status;
        request
    };
    let signed = match gate.sign(&request(&made.url, &made.headers), NOW, Some(NONCE)) {
        Ok(signed) => signed,
        Err(error) => {
            let missing = |name: &str| error.message == format!("cannot sign: `{name}` is missing");
            let ours = !made.pairs.iter().any(|name| missing(name))
                && !NOT_OURS.iter().any(|words| error.message.contains(words));
            return if ours { Err(format!("cannot be signed: {error}")) } else { Ok(false) };
        }
    };
    let verdict = gate.check(&request(&signed.url, &signed.headers), &Check::at(NOW));
    let failed =
        |stage| verdict.stages.iter().any(|report| report.stage == stage && report.result == StageResult::Fail);
    if failed(Stage::Signature) || failed(Stage::Freshness) {
        let findings =
            verdict.findings.iter().filter(|finding| matches!(finding.stage, Stage::Signature | Stage::Freshness));
        let said: Vec<String> = findings.map(|finding| format!("{} {}", finding.code, finding.message)).collect();
        return Err(format!("does not pass: {}", said.join("; ")));
    }
    assert!(verdict.verdict != Outcome::Reject || !verdict.findings.is_empty());
    Ok(true)
}

/// A request that has all that the sender writes itself.
struct Made {
    method: String,
    url: String,
    status: Option<u16>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// The names of pairs that only the sender can write.
    pairs: Vec<String>,
}

fn make(contract: &Value) -> Made {
    let request = &contract["request"];
    let method = request["methods"][0].as_str().unwrap_or("POST").to_owned();
    let path = request["path"].as_str().unwrap_or("/in");
    let path: Vec<String> =
        path.split('/').map(|part| if part.starts_with('{') { "p".into() } else { part.to_owned() }).collect();
    let mut url = format!("https://hooks.example.org{}?own1=1&own2=2%203", path.join("/"));
    let status = contract["response"]["statuses"][0].as_f64().map(|status| status as u16);
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut document = json!({ "id": "1" });
    let mut pairs = Vec::new();
    let fields = contract["signature"]["fields"].as_object().into_iter().flatten();
    for field in fields.map(|(_, field)| field) {
        let value = value(field);
        match &field["from"] {
            from if from["header"].is_string() => headers.push((text(&from["header"]), value)),
            from if from["header"].is_array() => headers.push((text(&from["header"][0]), value)),
            from if from["query"].is_string() => {
                url = format!("{url}&{}={}", escaped(&text(&from["query"])), escaped(&value))
            }
            from if from["body"].is_string() => insert(&mut document, &text(&from["body"]), value),
            from => pairs.push(text(&from["pair"])),
        }
    }
    let (body, media_type) = body(&contract["payload"], &document, &mut url);
    headers.retain(|(name, _)| name != "content-type" || media_type.is_none());
    headers.extend(media_type.map(|media_type| ("content-type".to_owned(), media_type.to_owned())));
    if status.is_some() {
        return Made { method: String::new(), url: String::new(), status, headers, body, pairs };
    }
    Made { method, url, status, headers, body, pairs }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Of the field's format.
fn value(field: &Value) -> String {
    if let Some(literal) = field["equals"]["literal"].as_str() {
        return literal.to_owned();
    }
    let without = field["without"].as_str().unwrap_or_default();
    match field["format"].as_str().unwrap_or("text") {
        "hex16" => NONCE.into(),
        "unix-seconds" => NOW.to_string(),
        "unix-millis" => (NOW * 1000).to_string(),
        "uuid-v7" => {
            let millis = format!("{:012x}", NOW * 1000);
            format!("{}-{}-7000-8000-000000000000", &millis[..8], &millis[8..])
        }
        "rfc3339" | "rfc3339-z" => "2024-05-30T00:46:40Z".into(),
        "local" => local(field["offset"].as_str().unwrap_or("Z")),
        _ => ["n1", "x", "7", "~", "-"]
            .iter()
            .find(|text| !text.contains(|one| without.contains(one)))
            .copied()
            .unwrap_or("q")
            .into(),
    }
}

/// 2024-05-30T00:46:40Z, by a clock that is `offset` from UTC.
fn local(offset: &str) -> String {
    let minutes = |offset: &str| offset[1..3].parse::<i64>().unwrap() * 60 + offset[4..6].parse::<i64>().unwrap();
    let ahead = match offset.as_bytes()[0] {
        b'Z' => 0,
        b'+' => minutes(offset),
        _ => -minutes(offset),
    };
    let minute = 46 + ahead;
    let (day, minute) = (30 + minute.div_euclid(1440), minute.rem_euclid(1440));
    format!("2024-05-{day} {:02}:{:02}:40", minute / 60, minute % 60)
}

fn insert(document: &mut Value, pointer: &str, value: String) {
    let mut at = document;
    for token in pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")) {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        at = at.as_object_mut().unwrap().entry(token).or_insert(Value::Null);
    }
    *at = Value::String(value);
}

fn body(payload: &Value, document: &Value, url: &mut String) -> (Vec<u8>, Option<&'static str>) {
    let form = |document: &Value| {
        let pairs = document.as_object().into_iter().flatten();
        pairs.map(|(name, value)| format!("{}={}", escaped(name), escaped(&text(value)))).collect::<Vec<_>>().join("&")
    };
    match payload["format"].as_str().unwrap_or("json") {
        "none" => (Vec::new(), None),
        "query" => {
            let mut document = document.clone();
            document.as_object_mut().unwrap().retain(|name, _| !url.contains(&format!("&{}=", escaped(name))));
            *url = format!("{url}&{}", form(&document));
            (Vec::new(), None)
        }
        "form" => {
            let text = match payload["json"].as_str() {
                Some(name) => form(&json!({ name: document.to_string() })),
                None => form(document),
            };
            (text.into_bytes(), Some("application/x-www-form-urlencoded"))
        }
        _ => (document.to_string().into_bytes(), Some("application/json")),
    }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
