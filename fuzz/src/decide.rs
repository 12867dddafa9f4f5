//! Deciding and reporting say the same: of every recorded message of the cases, and of what changes make of it. The
//! door of bytes says the same as both, and the reader of JSON takes what serde_json takes, but for what has two
//! meanings.
//!
//! The first line is the folder of a case. The bytes behind it are choices: numbers below a bound, each in one byte, or
//! in two if the bound is above 128.

mod door;
mod json;
mod message;

use std::sync::LazyLock;

use countersign::{Check, Gate, Outcome, Request};
use serde_json::Value;

use self::message::Message;

/// Gives numbers below a bound.
pub type Next<'n> = &'n mut dyn FnMut(usize) -> usize;

static MESSAGES: LazyLock<Vec<Message>> = LazyLock::new(message::all);

/// A message as it is to be checked.
struct Way {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

pub fn run(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (name, mut rest) = (&data[..end], data.get(end + 1..).unwrap_or_default());
    let by_name = MESSAGES.iter().find(|message| message.name.as_bytes() == name);
    let sum = name.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let message = by_name.unwrap_or_else(|| &MESSAGES[sum % MESSAGES.len()]);
    holds(message, &mut |below| {
        let width = if below > 128 { 2 } else { 1 };
        let (number, after) = rest.split_at(width.min(rest.len()));
        rest = after;
        number.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)) % below
    });
}

/// One message that is chosen. True if it passed.
pub fn once(next: Next<'_>) -> bool {
    loop {
        let message = &MESSAGES[next(MESSAGES.len())];
        // Behind a signature that is not ours to make, nothing is judged: such messages are tried less often.
        if message.opens || next(16) == 0 {
            return holds(message, next);
        }
    }
}

fn holds(message: &Message, next: Next<'_>) -> bool {
    let way = changed(message, next);
    let request = match message.status {
        Some(status) => Request::answer(status, &way.headers, &way.body),
        None => Request::new(&way.method, &way.url, &way.headers, &way.body),
    };
    let mut check = message.check.clone();
    check.stop_at_first ^= next(3) == 0;
    check.now += [0, 0, 0, 0, 1, -1, 299, -299, 301, 100_000, -100_000, 1 << 40][next(12)];
    let first = message.gate.check(&request, &check);
    if let Some(replay) = first.replay.as_ref().filter(|_| next(3) == 0) {
        check.seen.insert(replay.key.clone());
    }
    agree(message, &request, &check);
    first.verdict == Outcome::Accept
}

fn agree(message: &Message, request: &Request<'_>, check: &Check) {
    let verdict = message.gate.check(request, check);
    let text = verdict.to_json();
    let decision = message.gate.decide(request, check);
    let what = || format!("{}: {request:?}, {check:?}: {text}", message.name);
    assert_eq!(decision.verdict, verdict.verdict, "{}", what());
    assert_eq!(decision.status, verdict.status, "{}", what());
    assert_eq!(decision.answer, verdict.answer, "{}", what());
    assert_eq!(decision.event, verdict.event, "{}", what());
    assert_eq!(decision.message, verdict.message, "{}", what());
    assert_eq!(decision.replay, verdict.replay, "{}", what());
    if request.status.is_none() {
        door::agrees(message, request, check, &verdict, &text);
    }
}

/// The message, as it came or changed, and signed again where that can be done.
fn changed(message: &Message, next: Next<'_>) -> Way {
    let Message { method, url, headers, body, .. } = message;
    let mut way = Way { method: method.clone(), url: url.clone(), headers: headers.clone(), body: body.clone() };
    match next(4) {
        0 => {}
        _ => {
            way.body = body_of(message, next);
            json::read_as_serde_json_does(&way.body);
        }
    }
    if next(6) == 0 {
        head(&mut way, next);
    }
    if next(8) != 0 {
        sign(message, &mut way);
    }
    if next(6) == 0 {
        head(&mut way, next);
    }
    way
}

const ALPHABET: &[u8] = b"\"\\{}[],:-+.eEu0 \n\t\0\x1f\x7f\x80\xff&=%";

fn body_of(message: &Message, next: Next<'_>) -> Vec<u8> {
    let mut body = match &message.document {
        Some(document) => json::odd(document, next).into_bytes(),
        None => pairs(&message.body, next),
    };
    while !body.is_empty() && next(6) == 5 {
        let at = next(body.len());
        match next(4) {
            0 => body[at] = next(256) as u8,
            1 => drop(body.remove(at)),
            2 => body.truncate(at),
            _ => body.insert(at, ALPHABET[next(ALPHABET.len())]),
        }
    }
    body
}

/// For forms and texts: parts between `&` dropped, doubled and escaped.
fn pairs(body: &[u8], next: Next<'_>) -> Vec<u8> {
    let mut parts: Vec<Vec<u8>> = body.split(|byte| *byte == b'&').map(<[u8]>::to_vec).collect();
    let at = next(parts.len());
    match next(4) {
        0 => drop(parts.remove(at)),
        1 => parts.push(parts[at].clone()),
        2 => parts[at].extend(b"%zz"),
        _ => parts[at].extend("%41é".bytes()),
    }
    parts.join(&b'&')
}

fn head(way: &mut Way, next: Next<'_>) {
    const ENDS: [&str; 12] =
        ["?", "?a=b", "&a=b&a=c", "%zz", "%41", "%2e%2e/", "/", "\0", "#a", "é", "?%00", "%f0%9f%98%80"];
    const VALUES: [&str; 10] = ["", " ", "a", "0", "-1", "v1=00", "application/json", "a\0b", "é", "\u{80}\n"];
    let at = next(way.headers.len().max(1));
    let header = way.headers.get(at).cloned().unwrap_or_default();
    match next(9) {
        0 => way.headers.push(header),
        1 if !way.headers.is_empty() => drop(way.headers.remove(at)),
        2 => way.headers.iter_mut().for_each(|(name, _)| *name = name.to_uppercase()),
        3 => way.headers.push((header.0, VALUES[next(VALUES.len())].to_owned())),
        4 if !way.headers.is_empty() => way.headers[at].1.push_str(VALUES[next(VALUES.len())]),
        5 => way.headers.push((["x-a", "X-A", "a\0", "", "host", "content-type"][next(6)].to_owned(), "b".to_owned())),
        6 => way.method = ["GET", "POST", "PUT", "post", "", "P\0"][next(6)].to_owned(),
        7 => way.headers.reverse(),
        _ => way.url.push_str(ENDS[next(ENDS.len())]),
    }
}

/// A signature in place of the one that is there. Not every contract can be signed for.
fn sign(message: &Message, way: &mut Way) {
    let request = match message.status {
        Some(status) => Request::answer(status, &way.headers, &way.body),
        None => Request::new(&way.method, &way.url, &way.headers, &way.body),
    };
    if let Ok(signed) = message.gate.sign(&request, message.check.now, Some("00112233445566aa")) {
        (way.url, way.headers) = (signed.url, signed.headers);
    }
}

/// The gate of a case, and its text: `{ contract, files, keys, params, limits, origin }`.
fn gate(contract: &str, beside: &Value) -> Option<Gate> {
    // The contract goes in as its own text: the order of its members is part of it.
    Gate::from_json(&format!("{{\"contract\":{contract},{}", &beside.to_string()[1..])).ok()
}
