//! How much memory one message takes at its peak, as a multiple of its body: the room that it is written to, its nodes,
//! and what comes out.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::sync::Mutex;

use countersign::door::{Answer, Door, Layout};
use countersign::{Check, Gate, Key, Options, Outcome, Request};
use peak_alloc::PeakAlloc;
use serde_json::json;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The tests run one after the other: the allocator counts for all of them.
static ALONE: Mutex<()> = Mutex::new(());

const NOW: i64 = 1_717_030_000;
const MB: usize = 1 << 20;

/// The contract that the benchmarks measure, whose events are rich in objects.
fn gate() -> Gate {
    let file = |name: &str| std::fs::read_to_string(format!("benches/contracts/{name}")).unwrap();
    let files = [("event.schema.json".to_owned(), file("event.schema.json"))];
    let mut options = Options::with_keys(vec![Key::secret("replace-with-real-secret")]);
    options.files = files.into();
    Gate::compile(&file("event.json"), options).unwrap()
}

/// An event of so many bytes.
fn event(bytes: usize) -> String {
    let item = |n: usize| {
        let meta = json!({ "order": format!("67{n}"), "note": null, "ratio": n as f64 + 0.25 });
        let tags = ["a", "b"];
        json!({ "id": format!("it_{n}"), "amount": 100 + n, "currency": "eur", "active": true, "tags": tags, "meta": meta })
    };
    let mut text = String::from(r#"{"id":"evt_1","type":"order.paid","items":["#);
    for n in 0.. {
        let item = item(n).to_string();
        if text.len() + item.len() + 3 > bytes {
            break;
        }
        text.extend([if n > 0 { "," } else { "" }, &item]);
    }
    text + "]}"
}

/// The most bytes that were taken at once while a message was judged, and those that were kept.
fn bytes_of(gate: &Gate, body: &str, way: fn(&mut Door, &Gate, Layout, &Check) -> Answer) -> (Answer, usize, usize) {
    let headers = [("content-type".to_owned(), "application/json".to_owned())];
    let signed = gate.sign(&Request::new("POST", "/hooks/events", &headers, body.as_bytes()), NOW, None).unwrap();
    let mut head = "POST\0/hooks/events".to_owned();
    for (name, value) in &signed.headers {
        head.extend(["\0", name, "\0", value]);
    }
    let layout = Layout { head: head.len(), headers: signed.headers.len(), body: body.len() };
    let mut door = Door::default();
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let room = door.room(head.len() + body.len());
    room[..head.len()].copy_from_slice(head.as_bytes());
    room[head.len()..head.len() + body.len()].copy_from_slice(body.as_bytes());
    let answer = way(&mut door, gate, layout, &Check::at(NOW));
    (answer, ALLOCATOR.peak_usage() - before, ALLOCATOR.current_usage().saturating_sub(before))
}

/// What is dense where the beginning is not: the nodes are too few at first, and grow by a quarter.
#[test]
fn a_message_that_grows_denser_takes_no_more_than_its_nodes_need() {
    let _alone = ALONE.lock();
    let contract = r#"{ "contract": "any", "version": 1, "signature": null, "request": { "maxBytes": 33554432 } }"#;
    let gate = Gate::compile(contract, Options::default()).unwrap();
    let body = format!("[\"{}\",{}1]", "a".repeat(MB), "1,".repeat(MB));
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let decision = gate.decide(&Request::new("POST", "/", &[], body.as_bytes()), &Check::at(NOW));
    let times = (ALLOCATOR.peak_usage() - before) as f64 / (12 * MB) as f64;
    assert_eq!(decision.verdict, Outcome::Accept);
    assert!(times < 2.3, "{times} times the nodes");
}

#[test]
fn a_large_message_takes_a_few_times_its_size() {
    let _alone = ALONE.lock();
    let gate = gate();
    let accepted = Answer::Decided(Outcome::Accept, 200);
    let mut rows = Vec::new();
    for size in [MB, 3 * MB, 17 * MB] {
        let body = event(size);
        // One amount is negative.
        let refused = body.replacen("\"amount\":105", "\"amount\":-15", 1);
        let (decided, to_decide, kept) = bytes_of(&gate, &body, Door::decide);
        let (clean, to_report, _) = bytes_of(&gate, &body, Door::check);
        let (verdict, to_refuse, _) = bytes_of(&gate, &refused, Door::check);
        assert_eq!((decided, clean, verdict), (accepted, Answer::Accept, Answer::Verdict));
        let times = |bytes: usize| bytes as f64 / body.len() as f64;
        rows.push((size, times(to_decide), times(to_report), times(to_refuse), kept));
    }
    let within = |(_, decide, report, refuse, kept): &(usize, f64, f64, f64, usize)| {
        *decide <= 3.2 && *report <= 3.2 && *refuse <= 3.2 && *kept < 4096
    };
    assert!(rows.iter().all(within), "bytes, times to decide, to report, to refuse, bytes kept: {rows:#?}");
}
