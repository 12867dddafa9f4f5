//! The canonical string of queries and forms under every rule, against a plain restatement of the README:
//! the MAC is made over the restated bytes, so a request passes where both agree on every one of them.
//!
//! Choices: where, values, sort, repeats, texts between, source of the signature, and how far round the
//! parameters are turned. Then the raw query or form, to the end.

use std::collections::BTreeSet;

use countersign::{Check, Gate, Outcome, Request};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::input::Input;
use super::judge::{self, SECRET};

type Pair = (Vec<u8>, Vec<u8>);

struct Rules {
    place: &'static str,
    decoded: bool,
    by_name: bool,
    repeats: &'static str,
    between: (&'static str, &'static str),
}

pub fn run(data: &[u8]) {
    let mut input = Input::new(data);
    let rules = Rules {
        place: input.pick(&["query", "form"]),
        decoded: input.pick(&[false, true]),
        by_name: input.pick(&[true, false]),
        repeats: input.pick(&["refuse", "comma", "unique"]),
        between: input.pick(&[("=", "&"), ("", ""), ("=", "")]),
    };
    let in_query = input.pick(&[false, true]);
    let turn = input.choose(8);
    let raw = input.rest();
    // A target is text, and ends where a fragment begins.
    let text = String::from_utf8_lossy(raw).into_owned();
    let raw = match rules.place {
        "query" => text.split('#').next().unwrap_or_default().as_bytes(),
        _ => raw,
    };
    let gate = rules.gate(in_query);
    if in_query && rules.place == "query" {
        return rules.round_trip(gate, &text);
    }
    let Some(canonical) = rules.canonical(raw) else {
        return rules.judge(gate, raw, &[], &["query-duplicate"]);
    };
    rules.judge(gate, raw, &canonical, &[]);
    if !canonical.is_empty() {
        rules.judge(gate, raw, &canonical[1..], &["signature-mismatch"]);
    }
    // Neither an excluded parameter, nor nothing between two `&`, nor (where no name stands twice) the order.
    rules.judge(gate, &[b"%73ig=1&&", raw, b"&sig=2&"].concat(), &canonical, &[]);
    let mut parts: Vec<&[u8]> = raw.split(|byte| *byte == b'&').collect();
    let pairs = rules.pairs(raw);
    let names: BTreeSet<&Vec<u8>> = pairs.iter().map(|(name, _)| name).collect();
    if names.len() == pairs.len() {
        let count = parts.len();
        parts.rotate_left(turn % count);
        rules.judge(gate, &parts.join(&b'&'), &canonical, &[]);
    }
    if rules.place == "form" {
        rules.round_trip(gate, &text);
    }
}

impl Rules {
    fn gate(&self, in_query: bool) -> &'static Gate {
        let from = if in_query { json!({ "query": "sig" }) } else { json!({ "header": "x-signature" }) };
        let rules = json!({ "values": if self.decoded { "decoded" } else { "raw" }, "exclude": ["sig"],
            "sort": if self.by_name { "name" } else { "pair" }, "pair": self.between.0, "join": self.between.1,
            "repeats": self.repeats });
        let contract = json!({ "contract": "canonical", "version": 1, "payload": { "format": self.place },
            "signature": { "engine": "segments", "key": { "algorithm": "hmac-sha256" }, "from": from,
                "shape": { "kind": "plain" }, "encoding": "hex", "signed": [{ self.place: rules }] },
            "replay": { "key": ["signed"], "keepSeconds": 1, "onDuplicate": "reject" } });
        judge::gate(&contract, &[judge::shared_key()])
    }

    /// Judges the raw parameters under a signature of these bytes.
    fn judge(&self, gate: &Gate, raw: &[u8], signed: &[u8], expected: &[&str]) {
        let mac = HEXLOWER.encode(&judge::hmac_sha256(signed));
        let (url, body) = match self.place {
            "query" => (format!("/hook?{}#{mac}", String::from_utf8_lossy(raw)), &[][..]),
            _ => ("/hook".to_owned(), raw),
        };
        // The contract may read the signature from the header or, in a form's URL, from the query.
        let url = if self.place == "form" { format!("{url}?sig={mac}") } else { url };
        let headers = judge::headers(&[("x-signature", &mac)]);
        let request = Request::new("POST", &url, &headers, body);
        let verdict = judge::verdict(gate, &request, &Check::default(), &[SECRET, &mac]);
        let found: Vec<String> = judge::codes(&verdict).into_iter().collect();
        // What cannot be decoded has two meanings, signed or not.
        if !raw.split(|byte| *byte == b'&').all(is_encoded) {
            let code = if self.place == "query" { "query-malformed" } else { "encoding-invalid" };
            assert!(found.iter().any(|found| found == code), "{:?}: {found:?}", String::from_utf8_lossy(raw));
            return;
        }
        assert_eq!(found, expected, "{:?} as {:?}", String::from_utf8_lossy(raw), String::from_utf8_lossy(signed));
        if let Some(replay) = verdict.replay {
            let length = (signed.len() as u32).to_be_bytes();
            let digest = Sha256::digest([&length, signed].concat());
            assert_eq!(replay.key, format!("canonical:{}", BASE64URL_NOPAD.encode(&digest)));
        }
    }

    /// What is signed here passes here.
    fn round_trip(&self, gate: &Gate, text: &str) {
        let (url, body) = match self.place {
            "query" => (format!("/hook?{text}"), &[][..]),
            _ => ("/hook?a=1".to_owned(), text.as_bytes()),
        };
        let signed = gate.sign(&Request::new("POST", &url, &[], body), 0, None);
        let refused = self.canonical(if self.place == "query" { query_of(&url) } else { body }).is_none();
        assert_eq!(signed.is_err(), refused, "{url:?}");
        let Ok(signed) = signed else { return };
        if !text.as_bytes().split(|byte| *byte == b'&').all(is_encoded) {
            return;
        }
        let request = Request::new("POST", &signed.url, &signed.headers, body);
        let verdict = judge::verdict(gate, &request, &Check::default(), &[SECRET]);
        assert_eq!(verdict.verdict, Outcome::Accept, "{}: {}", signed.url, verdict.to_json());
    }

    /// Name and value as they are signed, without those excluded.
    fn pairs(&self, raw: &[u8]) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for part in raw.split(|byte| *byte == b'&').filter(|part| !part.is_empty()) {
            let mut halves = part.splitn(2, |byte| *byte == b'=');
            let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
            if decode(name) != b"sig" {
                pairs.push(match self.decoded {
                    true => (decode(name), decode(value)),
                    false => (name.to_vec(), value.to_vec()),
                });
            }
        }
        pairs
    }

    /// `None` where a name stands twice and must not.
    fn canonical(&self, raw: &[u8]) -> Option<Vec<u8>> {
        let pairs = self.pairs(raw);
        let mut kept: Vec<Pair> = Vec::new();
        let mut names = BTreeSet::new();
        for (name, value) in pairs {
            let meant = if self.decoded { name.clone() } else { decode(&name) };
            let again = !names.insert(meant);
            let earlier = kept.iter_mut().find(|(other, _)| *other == name);
            match (self.repeats, earlier) {
                ("refuse", _) if again => return None,
                ("comma", Some((_, values))) => *values = [values.as_slice(), b",", &value].concat(),
                _ => kept.push((name, value)),
            }
        }
        if self.repeats == "unique" {
            kept.sort();
            kept.dedup();
        }
        let whole = |(name, value): &Pair| [name.as_slice(), self.between.0.as_bytes(), value].concat();
        match self.by_name {
            true => kept.sort_by_key(|(name, _)| name.clone()),
            false => kept.sort_by_key(whole),
        }
        Some(kept.iter().map(whole).collect::<Vec<_>>().join(self.between.1.as_bytes()))
    }
}

fn query_of(url: &str) -> &[u8] {
    let before = url.split('#').next().unwrap_or_default();
    before.split_once('?').map(|(_, query)| query).unwrap_or_default().as_bytes()
}

/// `+` is a space; `%` and two hex digits are a byte, and any other `%` is itself.
pub fn decode(text: &[u8]) -> Vec<u8> {
    let hex = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8);
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match (text[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high << 4 | low);
                at += 2;
            }
            (b'+', ..) => bytes.push(b' '),
            (byte, ..) => bytes.push(byte),
        }
        at += 1;
    }
    bytes
}

/// Whether every escape is whole, and what it stands for is UTF-8.
fn is_encoded(part: &[u8]) -> bool {
    let whole = part.split(|byte| *byte == b'%').skip(1);
    whole.clone().all(|after| after.len() >= 2 && after[..2].iter().all(u8::is_ascii_hexdigit))
        && part.splitn(2, |byte| *byte == b'=').all(|half| String::from_utf8(decode(half)).is_ok())
}
