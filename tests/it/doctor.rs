//! The mismatch doctor against a table of faults, and against what is no fault: nothing is claimed there.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use countersign::{Diagnosis, Gate, Key, Options, SignedPart};
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use serde_json::Value;

mod document;
mod faults;
pub mod sender;

use faults::{FAULTS, Fault, LOST};
use sender::{Delivered, NOW, SCHEMES, Sender};

const CONTRACT: [&str; 4] = ["contract", "version", "signature", "freshness"];

/// The shipped contract, without what comes after the signature.
fn contract(scheme: &str) -> Value {
    let mut shipped = crate::json_file(&format!("policies/webhook/{scheme}/contract.json"));
    shipped.as_object_mut().unwrap().retain(|member, _| CONTRACT.contains(&member.as_str()));
    shipped
}

fn gate(sender: &Sender) -> Gate {
    let key = with!(Key::default(); secret: sender.key_bytes.is_none().then(|| sender.key.clone()), secret_bytes: sender.key_bytes.clone());
    Gate::compile(&contract(sender.scheme).to_string(), Options::with_keys(vec![key])).unwrap()
}

/// The same document as JSON.stringify, Python and others write it; made with them.
fn bodies() -> BTreeMap<String, String> {
    serde_json::from_value(crate::json_file("tests/it/doctor/bodies.json")).unwrap()
}

/// Numbers without end, the same ones in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| u8::try_from(self.below(256)).unwrap())
    }
}

fn ids(diagnosis: &Diagnosis, proved: bool) -> Vec<String> {
    let causes = if proved { &diagnosis.causes } else { &diagnosis.suspects };
    assert!(causes.iter().all(|cause| cause.proved == proved));
    causes.iter().map(|cause| serde_json::to_value(cause.id).unwrap().as_str().unwrap().to_owned()).collect()
}

/// Neither the key nor the MAC, in any of their forms, is in what is said.
fn says_nothing_secret(diagnosis: &Diagnosis, sender: &Sender, delivered: &Delivered) {
    let said = diagnosis.to_json();
    let bare = sender.key.trim_start_matches("whsec_");
    let mut secrets = vec![sender.key.clone(), bare.to_owned()];
    let mut binary = vec![delivered.mac.clone(), sender.key.clone().into_bytes()];
    if sender.used.len() > 12 {
        binary.push(sender.used.clone());
        secrets.push(String::from_utf8_lossy(&sender.used).trim().to_owned());
    }
    binary.push(sender::mac("sha256", &sender.used, &sender.signed()));
    for bytes in &binary {
        for base in [HEXLOWER, HEXUPPER, BASE64, BASE64_NOPAD, BASE64URL_NOPAD] {
            secrets.push(base.encode(bytes)[..16].to_owned());
        }
    }
    secrets.push("Straße".into());
    for secret in secrets {
        assert!(!said.contains(&secret), "{secret}: {said}");
    }
}

/// What came of one fault.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Found {
    /// Right, first, and alone.
    Alone,
    /// Right and first, with others that match as well.
    First,
    /// What cannot be undone, named as a suspect.
    Suspect,
    Nothing,
    Wrong,
}

/// Broken and explained. `None`: the scheme cannot have this fault.
fn explained(fault: &Fault, scheme: &'static str, secret: &[u8]) -> Option<(Found, Diagnosis)> {
    let bodies = bodies();
    let whole = Sender::new(scheme, secret, &bodies["node"]);
    let sender = (fault.make)(whole, &|name| bodies[name].clone())?;
    let delivered = sender.send();
    let diagnosis = gate(&sender).explain(&delivered.request(), NOW);
    says_nothing_secret(&diagnosis, &sender, &delivered);
    assert!(diagnosis.causes.is_sorted_by_key(|cause| cause.edits), "{}", diagnosis.to_json());
    let (causes, suspects) = (ids(&diagnosis, true), ids(&diagnosis, false));
    let right = |id: &String| fault.right.contains(&id.as_str());
    let found = match (fault.proved, causes.first()) {
        (true, Some(first)) if right(first) && causes.len() == 1 => Found::Alone,
        (true, Some(first)) if right(first) => Found::First,
        (_, Some(_)) => Found::Wrong,
        (false, None) if suspects.iter().any(right) => Found::Suspect,
        (_, None) => Found::Nothing,
    };
    Some((found, diagnosis))
}

#[test]
fn what_is_right_has_no_cause() {
    let mut random = Random(1);
    for scheme in SCHEMES {
        let sender = Sender::new(scheme, &random.bytes::<32>(), &bodies()["node"]);
        let delivered = sender.send();
        let diagnosis = gate(&sender).explain(&delivered.request(), NOW);
        assert!(diagnosis.causes.is_empty() && diagnosis.suspects.is_empty(), "{scheme}: {}", diagnosis.to_json());
        // One MAC, and the digest of the body where the URL holds it.
        assert!(diagnosis.holds && diagnosis.tried <= 2, "{scheme}");
    }
}

/// Whoever ships another contract of this kind adds its sender.
#[test]
fn every_scheme_with_a_secret_is_here() {
    let mut shipped: Vec<String> = std::fs::read_dir(crate::root().join("policies/webhook"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    shipped.retain(|name| {
        let signature = &contract(name)["signature"];
        let keyed = signature["signed"].to_string().contains("secret");
        let algorithm = signature["key"]["algorithm"].as_str().unwrap_or_default();
        algorithm.starts_with("hmac-") || (algorithm.starts_with("digest-") && keyed)
    });
    let mut here = SCHEMES.map(str::to_owned).to_vec();
    here.sort_unstable();
    shipped.sort_unstable();
    assert_eq!(here, shipped);
}

#[test]
fn every_single_fault_is_explained() {
    let columns: Vec<Vec<Option<Found>>> = std::thread::scope(|scope| {
        let halves: Vec<_> = SCHEMES
            .chunks(SCHEMES.len() / 2)
            .map(|half| scope.spawn(move || half.iter().map(|scheme| column(scheme)).collect::<Vec<_>>()))
            .collect();
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    let cells: Vec<Found> = columns.iter().flatten().flatten().copied().collect();
    let good = cells.iter().filter(|found| !matches!(found, Found::Nothing | Found::Wrong)).count();
    document::holds("faults", &document::faults(&columns));
    for (scheme, column) in SCHEMES.iter().zip(&columns) {
        let kinds = column.iter().flatten().count();
        assert!(kinds >= 20, "{scheme} has {kinds} kinds of fault");
    }
    assert!(good * 100 >= cells.len() * 99, "{good} of {}", cells.len());
    assert!(!cells.contains(&Found::Wrong));
}

/// One scheme and every fault.
fn column(scheme: &'static str) -> Vec<Option<Found>> {
    let mut random = Random(2);
    let all = FAULTS.iter().chain(&LOST);
    all.map(|fault| {
        let (found, diagnosis) = explained(fault, scheme, &random.bytes::<32>())?;
        if matches!(found, Found::Nothing | Found::Wrong) {
            println!("{scheme}, {}: {:.700}", fault.name, diagnosis.to_json());
        }
        Some(found)
    })
    .collect()
}

/// Changed content, wrong keys, made-up MACs: no repair makes any of them match, and none is claimed.
#[test]
fn nothing_is_claimed_of_tampering() {
    let mut random = Random(3);
    let bodies = bodies();
    let names: Vec<&String> = bodies.keys().collect();
    let mut trials = [(0, 0); SCHEMES.len()];
    for trial in 0..SCHEMES.len() * 9 * 4 {
        let column = trial % SCHEMES.len();
        let mut sender = Sender::new(SCHEMES[column], &random.bytes::<32>(), &bodies[names[random.below(names.len())]]);
        // Not the second that stands in the body: a time that was changed back to that is explained by it.
        let time = sender.time.replace("171703", "171704").replace("00:46", "03:33");
        (sender.signed_url, sender.url) =
            (sender.url.replace(&sender.time, &time), sender.url.replace(&sender.time, &time));
        (sender.signed_time, sender.time) = (time.clone(), time);
        let (delivered, key) = tampered(&sender, trial / SCHEMES.len() % 9, &mut random);
        // White space that went is not tampering: undoing it is proved, and right.
        let parsed = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
        let same = parsed(&delivered.body).is_some_and(|body| Some(body) == parsed(&sender.body));
        if same && delivered.body != sender.body {
            continue;
        }
        let receiver = Sender { key, ..sender };
        let diagnosis = gate(&receiver).explain(&delivered.request(), NOW);
        if !diagnosis.causes.is_empty() {
            println!("{} {trial}: {:.700}", receiver.scheme, diagnosis.to_json());
        }
        assert!(!diagnosis.holds, "{} {trial} is no tampering", receiver.scheme);
        says_nothing_secret(&diagnosis, &receiver, &delivered);
        trials[column].0 += 1;
        trials[column].1 += diagnosis.causes.len();
    }
    document::holds("tampering", &document::tampering(&trials));
    assert!(trials.iter().map(|trial| trial.0).sum::<usize>() >= 500);
    assert!(trials.iter().all(|trial| trial.1 == 0));
}

/// The request as it arrives, and the key that it is judged by.
fn tampered(sender: &Sender, kind: usize, random: &mut Random) -> (Delivered, String) {
    let mut delivered = sender.send();
    let length = delivered.body.len();
    match (kind, sender.scheme) {
        (0 | 1, _) if length > 0 => {
            let at = random.below(length);
            delivered.body[at] ^= 1 << random.below(5);
        }
        (2, _) if length > 0 => {
            delivered.body = String::from_utf8(delivered.body).unwrap().replace('5', "50000").into_bytes();
        }
        (3, _) if length > 0 => {
            let at = random.below(length - 9) + 4;
            delivered.body.drain(at..at + 1 + random.below(4));
        }
        (4, _) => delivered = Sender { used: random.bytes::<32>().to_vec(), ..sender.clone() }.send(),
        (5, _) if sender.signs_time() => {
            let hours = [1, 2, 8][random.below(3)];
            let time = sender.time.replace("T03:", &format!("T{:02}:", 3 + hours)).replace("171704", "171705");
            let url = sender.url.replace(&sender.time, &time);
            delivered = Sender { time, url, ..sender.clone() }.send();
        }
        (6, "coze-kb") => delivered.method = "DELETE",
        (6, _) if sender.signs_url() => delivered.url.push_str("&admin=1"),
        (7, "coze-kb") => delivered.url = delivered.url.replace("action=list", "action=drop"),
        (7, "shopify-app-proxy") => delivered.url = delivered.url.replace("shop=one", "shop=two"),
        (7, _) if sender.signs_url() => delivered.url = delivered.url.replace("/hooks/", "/admin/"),
        (7, "standard-webhooks" | "svix") => {
            delivered.headers.iter_mut().filter(|(name, _)| name.ends_with("-id")).for_each(|(_, id)| id.push('9'));
        }
        _ => return (delivered, Sender::new(sender.scheme, &random.bytes::<32>(), "").key),
    }
    (delivered, sender.key.clone())
}

/// A time that is read in the wrong unit is sure; one of another zone is a suspect, for the signature holds.
#[test]
fn a_stale_time_may_be_of_another_zone() {
    let sender = Sender::new("slack", &[7; 32], "{}");
    let gate = gate(&sender);
    let delivered = sender.send();
    for (now, suspects) in [(NOW, 0), (NOW + 7_200, 1), (NOW + 5_000, 0), (NOW + 90_000, 0)] {
        let diagnosis = gate.explain(&delivered.request(), now);
        assert!(diagnosis.causes.is_empty() && diagnosis.suspects.len() == suspects, "{now}: {}", diagnosis.to_json());
    }
}

/// Two faults at once are both named.
#[test]
fn two_faults_are_both_found() {
    let bodies = bodies();
    let mut found = 0;
    for scheme in SCHEMES {
        let mut sender = Sender::new(scheme, b"0123456789abcdef0123456789abcdef", &bodies["node"]);
        if !sender.signs_body() {
            continue;
        }
        sender.signed_body.push(b'\n');
        sender.used.push(b'\n');
        let diagnosis = gate(&sender).explain(&sender.send().request(), NOW);
        found += usize::from(ids(&diagnosis, true) == ["body-newline-lost", "key-whitespace"]);
    }
    assert_eq!(found, 15);
}

#[test]
fn the_limits_hold() {
    let body = format!("[{}1]", "\"é/<&>\\u00e9\",".repeat((1 << 20) / 15 - 1));
    assert!(body.len() <= 1 << 20 && body.len() > 1_000_000);
    let sender = Sender::new("sub2api", &[7; 32], &body);
    let mut delivered = sender.send();
    delivered.body[500_000] ^= 1;
    let start = Instant::now();
    let diagnosis = gate(&sender).explain(&delivered.request(), NOW);
    let took = start.elapsed();
    assert!(diagnosis.capped && diagnosis.causes.is_empty() && diagnosis.tried <= 200, "{}", diagnosis.tried);
    println!("a body of 1 MiB: {} MACs in {took:?}", diagnosis.tried);
    assert!(took < Duration::from_secs(120), "{took:?}");

    delivered.body = vec![b'x'; (1 << 20) + 1];
    let diagnosis = gate(&sender).explain(&delivered.request(), NOW);
    assert!(diagnosis.capped && diagnosis.causes.is_empty());

    let small = serde_json::json!({ "contract": contract("sub2api"), "keys": [{ "secret": sender.key }], "limits": { "doctor": { "macs": 10 } } });
    delivered.body = b"{}".to_vec();
    let diagnosis = Gate::from_json(&small.to_string()).unwrap().explain(&delivered.request(), NOW);
    assert!(diagnosis.capped && diagnosis.tried == 10);
}

/// Headers, times, URLs and bodies made to break a reader: a diagnosis each, within the limits, and never a panic.
#[test]
fn nothing_is_too_strange() {
    let strange = [
        "",
        " ",
        "\"",
        "=",
        ",,,;;;===",
        "v1,",
        "t=,v1=",
        "sha256=é",
        "%",
        "%2",
        "0x",
        "-1",
        "9",
        "99999999999999999999999",
        "1e400",
        "2024-05-30T00:46:40",
        "2024-99-99T99:99:99Z",
        "0000-01-01T00:00:00Z",
        "1717030000.9999999999999999999",
        "\u{fffd}😀\0\r\n",
    ];
    let long: Vec<String> =
        [",", "=", "a", "é", "{\"", "[", "\\\"", "1,", "%41", "&a=1"].map(|piece| piece.repeat(800)).into();
    for scheme in SCHEMES {
        let key = Sender::new(scheme, &[9; 32], "").key;
        let source = serde_json::json!({ "contract": contract(scheme), "keys": [{ "secret": key }], "limits": { "doctor": { "macs": 100 } } });
        let gate = Gate::from_json(&source.to_string()).unwrap();
        for text in strange.iter().copied().chain(long.iter().map(String::as_str)) {
            let mut delivered = Sender::new(scheme, &[8; 32], "{}").send();
            delivered.headers.iter_mut().for_each(|(_, value)| *value = text.to_owned());
            delivered.headers.push(("x-webhook-signature".into(), "a".repeat(64)));
            delivered.headers.push(("x-forwarded-host".into(), text.to_owned()));
            delivered.url = format!("/v1/{text}?timestamp={text}&signature={text}");
            delivered.body = text.as_bytes().to_vec();
            let diagnosis = gate.explain(&delivered.request(), i64::MAX);
            assert!(diagnosis.causes.is_empty() && diagnosis.tried <= 100, "{}", diagnosis.to_json());
            let signed = gate.signed_bytes(&delivered.request());
            assert!(!serde_json::to_string(&signed).unwrap().contains(&key));
        }
    }
}

/// What a cause says was signed is what the sender signed, to the byte; and nothing else that is said changes.
#[test]
fn a_cause_has_what_was_signed() {
    let (bodies, mut random, mut trials) = (bodies(), Random(5), 0);
    for (column, scheme) in SCHEMES.iter().enumerate() {
        let some = FAULTS.iter().enumerate().filter(|(row, _)| (row + column) % 4 == 0);
        for (_, fault) in some {
            let whole = Sender::new(scheme, &random.bytes::<32>(), &bodies["node"]);
            let Some(sender) = (fault.make)(whole, &|name| bodies[name].clone()) else { continue };
            let (delivered, gate) = (sender.send(), gate(&sender));
            let mut diagnosis = gate.explain_signed(&delivered.request(), NOW, &[]).unwrap();
            let received = gate.signed_bytes(&delivered.request());
            for cause in &mut diagnosis.causes {
                let title = format!("{scheme}, {}: {}", fault.name, cause.message);
                assert_eq!(cause.signed.is_none(), diagnosis.holds, "{title}");
                let Some(signed) = cause.signed.take() else { continue };
                // Of a key that ends otherwise, a piece may stand for the end.
                let keys = [&sender.used, sender.key.as_bytes()];
                let macs = keys.map(|key| sender::mac(sender.algorithm, &sender.used, &joined(&signed, key)));
                assert!(macs.contains(&delivered.mac), "{title}: {signed:?}");
                let id = serde_json::to_value(cause.id).unwrap().to_string();
                let as_received = received.as_ref().is_some_and(|received| received.forms.contains(&signed));
                assert!(as_received || !id.starts_with("\"key-") || sender.body != sender.signed_body, "{title}");
                trials += 1;
            }
            assert_eq!(diagnosis, gate.explain(&delivered.request(), NOW));
        }
    }
    assert!(trials > 250, "{trials}");
}

pub fn joined(parts: &[SignedPart], secret: &[u8]) -> Vec<u8> {
    let bytes = |part: &SignedPart| part.bytes.clone().unwrap_or_else(|| secret.to_vec());
    assert!(parts.iter().all(|part| part.bytes.is_none() == (part.at == "secret")));
    parts.iter().flat_map(bytes).collect()
}

/// Of several forms of a URL it is the one that matched.
#[test]
fn a_cause_has_the_form_that_was_signed() {
    let mut sender = Sender::new("twilio-json", &[7; 32], "{}");
    sender.signed_url = sender.url.replace("example.com/", "example.com:443/");
    sender.used.push(b'\n');
    let diagnosis = gate(&sender).explain_signed(&sender.send().request(), NOW, &[]).unwrap();
    assert_eq!(ids(&diagnosis, true), ["key-whitespace"]);
    assert_eq!(joined(diagnosis.causes[0].signed.as_ref().unwrap(), b""), sender.signed());
}

/// Nothing of a MAC proved that the time is read in the wrong unit, and a suspect is not proved at all.
#[test]
fn what_no_mac_proved_has_no_bytes() {
    let millis = NOW.to_string() + "000";
    let sender = Sender { signed_time: millis.clone(), time: millis, ..Sender::new("sub2api", &[7; 32], "{}") };
    let diagnosis = gate(&sender).explain_signed(&sender.send().request(), NOW, &[]).unwrap();
    assert_eq!((ids(&diagnosis, true), &diagnosis.causes[0].signed), (vec!["time-unit".into()], &None));
    let mut delivered = Sender::new("sub2api", &[7; 32], "{}").send();
    delivered.body = b"{\"a\":".to_vec();
    let diagnosis = gate(&sender).explain_signed(&delivered.request(), NOW, &[]).unwrap();
    assert!(diagnosis.causes.is_empty() && !diagnosis.suspects.is_empty());
    assert!(diagnosis.suspects.iter().all(|suspect| suspect.signed.is_none()));
}

/// A key as it was given is kept for the doctor, and never shown.
#[test]
fn keys_stay_hidden() {
    let sender = Sender::new("standard-webhooks", b"0123456789abcdef0123456789abcdef", "{}");
    let shown = format!("{:?}", gate(&sender));
    assert!(shown.contains("REDACTED"));
    let numbers = format!("{:?}", &sender.used[..8]);
    for secret in [&sender.key[6..], "0123456789abcdef", numbers.trim_matches(['[', ']'])] {
        assert!(!shown.contains(secret));
    }
}
