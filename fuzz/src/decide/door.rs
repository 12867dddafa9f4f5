//! The door of bytes, and the verdict that is made of the short form of an accept, as `js/api/accept.js` makes it.

use std::cell::RefCell;

use countersign::door::{Answer, Door, Layout};
use countersign::{Check, Outcome, Request, Verdict};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::message::Message;

/// What every accept of a gate has, as its texts in the verdict.
#[derive(Debug, PartialEq)]
pub struct Same {
    contract: String,
    status: String,
    signature: String,
}

/// What an accept hands on, as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandedOn<'t> {
    #[serde(borrow)]
    answer: Option<&'t RawValue>,
    #[serde(borrow)]
    event: Option<&'t RawValue>,
    #[serde(borrow)]
    message: Option<&'t RawValue>,
    #[serde(borrow)]
    replay: Option<&'t RawValue>,
}

const STAGES: [&str; 9] =
    ["request", "signature", "freshness", "replay", "payload", "route", "schema", "policy", "shape"];

thread_local! {
    // One for all messages, so that what one leaves behind would be seen in the next.
    static DOOR: RefCell<Door> = RefCell::default();
}

pub fn agrees(message: &Message, request: &Request<'_>, check: &Check, verdict: &Verdict, text: &str) {
    let mut head = format!("{}\0{}", request.method, request.url);
    for (name, value) in request.headers {
        head.extend(["\0", name, "\0", value]);
    }
    let layout = Layout { head: head.len(), headers: request.headers.len(), body: request.body.len() };
    let readable = head.bytes().filter(|byte| *byte == 0).count() == 1 + 2 * request.headers.len();
    let what = || format!("{}: {request:?}, {check:?}: {text}", message.name);
    DOOR.with_borrow_mut(|door| {
        let enter = |door: &mut Door| {
            let room = door.room(layout.head + layout.body);
            room[..layout.head].copy_from_slice(head.as_bytes());
            room[layout.head..layout.head + layout.body].copy_from_slice(request.body);
        };
        enter(door);
        let decided = door.decide(&message.gate, layout, check);
        let expected = match readable {
            true => Answer::Decided(verdict.verdict, verdict.status.unwrap_or_default()),
            false => Answer::Unreadable,
        };
        assert_eq!(decided, expected, "{}", what());
        let members = std::str::from_utf8(door.output()).unwrap();
        let expected = if readable { members_of(text) } else { String::new() };
        assert_eq!(members, expected, "{}", what());

        enter(door);
        let output = |door: &Door| String::from_utf8(door.output().to_vec()).unwrap();
        match door.check(&message.gate, layout, check) {
            Answer::Unreadable => assert!(!readable, "{}", what()),
            Answer::Verdict => {
                assert_eq!(output(door), text, "{}", what());
                assert_eq!(door.skew(), verdict.skew_seconds, "{}", what());
            }
            Answer::Accept => {
                assert_eq!(rebuilt(message, &output(door), text), text, "{}", what());
                assert_eq!(verdict.verdict, Outcome::Accept, "{}", what());
                assert_eq!(door.skew(), verdict.skew_seconds, "{}", what());
            }
            decided @ Answer::Decided(..) => panic!("{decided:?}: {}", what()),
        }
    });
}

/// What a verdict hands on, as the members of an object without its braces.
fn members_of(text: &str) -> String {
    #[derive(Deserialize)]
    struct Handed<'t> {
        #[serde(borrow)]
        answer: Option<&'t RawValue>,
        #[serde(borrow)]
        event: Option<&'t RawValue>,
        #[serde(borrow)]
        message: Option<&'t RawValue>,
        #[serde(borrow)]
        replay: Option<&'t RawValue>,
    }
    let Handed { answer, event, message, replay } = serde_json::from_str(text).unwrap();
    let members = [("answer", answer), ("event", event), ("message", message), ("replay", replay)];
    let written = members.iter().filter_map(|(name, value)| Some(format!("\"{name}\":{}", value.as_ref()?.get())));
    written.collect::<Vec<_>>().join(",")
}

/// `text` is the verdict: of the first accept, it gives what all of them have.
fn rebuilt(message: &Message, short: &str, text: &str) -> String {
    let parts: Vec<&RawValue> = serde_json::from_str(short).unwrap_or_else(|error| panic!("{error}: {short}"));
    let [judged, version, key, handed, notes @ ..] = parts.as_slice() else { panic!("too short: {short}") };
    let (warning, findings) = match notes {
        [] => ("0", "[]"),
        [warning, findings] => (warning.get(), findings.get()),
        _ => panic!("too long: {short}"),
    };
    let bits = |text: &str| text.parse::<u32>().unwrap();
    let (judged, warning) = (bits(judged.get()), bits(warning));
    let known = |part: &'_ RawValue| (part.get() != "null").then(|| part.to_owned());
    let (version, key) = (known(version), known(key));
    let handed: HandedOn<'_> = serde_json::from_str(handed.get()).unwrap();
    let same = message.same.get_or_init(|| same_of(text));
    let mut out = format!("{{\"schemaVersion\":1,\"contract\":{},\"verdict\":\"accept\"{}", same.contract, same.status);
    let mut member = |name: &str, value: Option<&RawValue>| {
        out.extend(value.map(|value| format!(",\"{name}\":{}", value.get())));
    };
    member("answer", handed.answer);
    member("apiVersion", version.as_deref());
    let stages = STAGES.iter().enumerate().map(|(index, stage)| {
        let result = match (warning >> index & 1, judged >> index & 1) {
            (1, _) => "warn",
            (_, 1) => "pass",
            _ => "skipped",
        };
        format!("{{\"stage\":\"{stage}\",\"result\":\"{result}\"}}")
    });
    let stages = RawValue::from_string(format!("[{}]", stages.collect::<Vec<_>>().join(","))).unwrap();
    member("stages", Some(&stages));
    member("event", handed.event);
    member("message", handed.message);
    member("replay", handed.replay);
    if let Some(key) = key {
        out.extend([",\"signature\":{\"key\":", key.get(), &same.signature]);
    }
    out + ",\"findings\":" + findings + "}"
}

fn same_of(text: &str) -> Same {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Whole<'t> {
        #[serde(borrow)]
        contract: &'t RawValue,
        status: Option<u16>,
        #[serde(borrow)]
        status_text: Option<&'t RawValue>,
        #[serde(borrow)]
        signature: Option<Signature<'t>>,
    }
    #[derive(Deserialize)]
    struct Signature<'t> {
        #[serde(borrow)]
        covers: &'t RawValue,
        #[serde(borrow)]
        leaves: &'t RawValue,
    }
    let whole: Whole<'_> = serde_json::from_str(text).unwrap();
    let status = whole.status.zip(whole.status_text);
    let signature = whole
        .signature
        .map(|Signature { covers, leaves }| format!(",\"covers\":{},\"leaves\":{}}}", covers.get(), leaves.get()));
    Same {
        contract: whole.contract.get().to_owned(),
        status: status
            .map(|(code, said)| format!(",\"status\":{code},\"statusText\":{}", said.get()))
            .unwrap_or_default(),
        signature: signature.unwrap_or_default(),
    }
}
