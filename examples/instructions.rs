//! One case a run, by its name: compiles a contract, checks one message once to warm up, then once in [`counted`].
//! Without a name, it lists the cases. `benches/instructions.js` counts the instructions of [`counted`].

use std::error::Error;
use std::hint::black_box;

use countersign::{Check, Gate, Key, Options, Outcome, Request};

const NOW: i64 = 1_717_030_000;
const TEXT: [&str; 2] = [
    include_str!("../policies/webhook/sub2api/contract.json"),
    include_str!("../policies/webhook/sub2api/message.schema.json"),
];
const EVENT: [&str; 2] =
    [include_str!("../benches/contracts/event.json"), include_str!("../benches/contracts/event.schema.json")];

/// The name, what is asked, the body's kind and its size in bytes, and what is wrong with the message.
const CASES: [(&str, Way, Kind, usize, Fault); 10] = [
    ("decide-chinese-200", Way::Decide, Kind::Chinese, 200, Fault::None),
    ("decide-chinese-4k", Way::Decide, Kind::Chinese, 4_096, Fault::None),
    ("decide-ascii-64k", Way::Decide, Kind::Ascii, 65_536, Fault::None),
    ("decide-objects-1k", Way::Decide, Kind::Objects, 1_024, Fault::None),
    ("decide-objects-4k", Way::Decide, Kind::Objects, 4_096, Fault::None),
    ("decide-objects-64k", Way::Decide, Kind::Objects, 65_536, Fault::None),
    ("decide-objects-4k-forged", Way::Decide, Kind::Objects, 4_096, Fault::Forged),
    ("decide-objects-4k-stale", Way::Decide, Kind::Objects, 4_096, Fault::Stale),
    ("check-chinese-4k", Way::Check, Kind::Chinese, 4_096, Fault::None),
    ("check-objects-4k-schema", Way::Check, Kind::Objects, 4_096, Fault::Schema),
];

#[derive(Clone, Copy)]
enum Way {
    Decide,
    Check,
}

#[derive(Clone, Copy)]
enum Kind {
    Chinese,
    Ascii,
    Objects,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Forged,
    Stale,
    Schema,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Some(wanted) = std::env::args().nth(1) else {
        CASES.iter().for_each(|(name, ..)| println!("{name}"));
        return Ok(());
    };
    let &(_, way, kind, bytes, fault) =
        CASES.iter().find(|(name, ..)| *name == wanted).ok_or("there is no such case")?;
    let (gate, url) = match kind {
        Kind::Chinese | Kind::Ascii => (gate(TEXT, "message")?, "/api/v1/customer-service/webhook"),
        Kind::Objects => (gate(EVENT, "event")?, "/"),
    };
    let body = body(kind, bytes, fault);
    let content_type = [("content-type".to_owned(), "application/json".to_owned())];
    let signed = gate.sign(&Request::new("POST", url, &content_type, body.as_bytes()), NOW, None)?;
    let sent = if fault == Fault::Forged { format!("{body} ") } else { body };
    let request = Request::new("POST", url, &signed.headers, sent.as_bytes());
    let check = Check::at(if fault == Fault::Stale { NOW + 86_400 } else { NOW });
    let verdict = match way {
        Way::Decide => gate.decide(&request, &check).verdict,
        Way::Check => gate.check(&request, &check).verdict,
    };
    if (verdict == Outcome::Accept) != (fault == Fault::None) {
        return Err(gate.check(&request, &check).to_json().into());
    }
    counted(way, &gate, &request, &check);
    Ok(())
}

#[inline(never)]
fn counted(way: Way, gate: &Gate, request: &Request<'_>, check: &Check) {
    match way {
        Way::Decide => drop(black_box(gate.decide(request, check))),
        Way::Check => drop(black_box(gate.check(request, check).to_json())),
    }
}

fn gate([contract, schema]: [&str; 2], name: &str) -> Result<Gate, Box<dyn Error>> {
    let mut options = Options::with_keys(vec![Key::secret("replace-with-real-secret")]);
    options.files.insert(format!("{name}.schema.json"), schema.to_owned());
    Ok(Gate::compile(contract, options)?)
}

fn body(kind: Kind, bytes: usize, fault: Fault) -> String {
    let filled = |unit: &str| {
        let head = r#"{"message_id":"sub2api-msg-001","channel":"sub2api","open_id":"user-123","content":""#;
        format!(r#"{head}{}"}}"#, unit.repeat(bytes.saturating_sub(head.len()) / unit.len()))
    };
    match kind {
        Kind::Chinese => filled("我要退款"),
        Kind::Ascii => filled("I want a refund. "),
        Kind::Objects => {
            let mut items = String::new();
            for n in 0.. {
                let item = item(n, fault == Fault::Schema && n == 0);
                if n > 0 && items.len() + item.len() > bytes {
                    break;
                }
                items.push_str(if n > 0 { "," } else { "" });
                items.push_str(&item);
            }
            format!(r#"{{"id":"evt_1","type":"order.paid","items":[{items}]}}"#)
        }
    }
}

fn item(n: usize, wrong: bool) -> String {
    let amount = if wrong { "-1".to_owned() } else { (100 + n).to_string() };
    let active = n.is_multiple_of(2);
    format!(
        r#"{{"id":"it_{n}","amount":{amount},"currency":"eur","active":{active},"tags":["a","b"],"meta":{{"order":"67{n}","note":null,"ratio":{n}.25}}}}"#
    )
}
