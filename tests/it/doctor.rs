//! The mismatch doctor against a table of faults, and against what is no fault: nothing is claimed there.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use countersign::{Diagnosis, Gate, Key, Options};
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

mod faults;
mod sender;

use faults::{FAULTS, Fault, LOST};
use sender::{Delivered, NOW, SCHEMES, Sender};

fn gate(scheme: &str, key: &str) -> Gate {
    let contracts = crate::json_file("tests/it/doctor/contracts.json");
    let key = Key { secret: Some(key.into()), ..Key::default() };
    Gate::compile(&contracts[scheme].to_string(), Options { keys: vec![key], ..Options::default() }).unwrap()
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

/// Broken, explained, and whether what is said is right.
fn explained(fault: &Fault, scheme: &'static str, secret: &[u8]) -> Option<Result<(bool, usize), String>> {
    let bodies = bodies();
    let whole = Sender::new(scheme, secret, &bodies["node"]);
    let sender = (fault.make)(whole, &|name| bodies[name].clone())?;
    let gate = gate(scheme, &sender.key);
    let delivered = sender.send();
    let diagnosis = gate.explain(&delivered.request(), NOW);
    says_nothing_secret(&diagnosis, &sender, &delivered);
    let found = ids(&diagnosis, fault.proved);
    let right = |id: &String| fault.right.contains(&id.as_str());
    Some(match (found.iter().any(right), fault.proved) {
        (true, true) if found.first().is_some_and(right) => Ok((found.len() == 1, diagnosis.tried)),
        (true, false) if diagnosis.causes.is_empty() => Ok((true, diagnosis.tried)),
        _ => Err(format!("{scheme}, {}: {found:?}, {}", fault.name, diagnosis.to_json())),
    })
}

#[test]
fn what_is_right_has_no_cause() {
    let mut random = Random(1);
    for scheme in SCHEMES {
        let sender = Sender::new(scheme, &random.bytes::<32>(), &bodies()["node"]);
        let delivered = sender.send();
        let diagnosis = gate(scheme, &sender.key).explain(&delivered.request(), NOW);
        assert!(diagnosis.causes.is_empty() && diagnosis.suspects.is_empty(), "{scheme}: {}", diagnosis.to_json());
        assert_eq!(diagnosis.tried, 1);
    }
}

/// The table of faults and schemes. `+`: proved, alone or first; `s`: recognised; `.`: the scheme cannot have it.
#[test]
fn every_single_fault_is_explained() {
    let mut random = Random(2);
    let (mut cases, mut explained_cases, mut unique, mut most) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    let mut table = format!("{:44} {}\n", "", SCHEMES.map(|name| &name[..4]).join(" "));
    for fault in FAULTS.iter().chain(&LOST) {
        let mut row = format!("{:44}", fault.name);
        let mut seen = 0;
        for scheme in SCHEMES {
            let mut mark = '.';
            for _ in 0..3 {
                let Some(result) = explained(fault, scheme, &random.bytes::<32>()) else { break };
                (cases, seen) = (cases + 1, seen + 1);
                match result {
                    Ok((alone, tried)) => {
                        explained_cases += 1;
                        unique += usize::from(alone);
                        most = most.max(tried);
                        mark = if mark == '!' {
                            '!'
                        } else if fault.proved {
                            '+'
                        } else {
                            's'
                        };
                    }
                    Err(why) => {
                        mark = '!';
                        wrong.push(why);
                    }
                }
            }
            row.push_str(&format!(" {mark}   "));
        }
        assert!(seen > 0, "{} was never tried", fault.name);
        table.push_str(&format!("{}\n", row.trim_end()));
    }
    println!("{table}\n{explained_cases} of {cases} explained, {unique} with one cause alone, at most {most} MACs");
    for why in wrong.iter().take(12) {
        println!("{}", &why[..why.len().min(700)]);
    }
    assert!(FAULTS.len() >= 20 && explained_cases * 100 >= cases * 99, "{explained_cases} of {cases}");
}

/// Changed content, wrong keys, made-up MACs: no repair makes any of them match, and none is claimed.
#[test]
fn nothing_is_claimed_of_tampering() {
    let mut random = Random(3);
    let bodies = bodies();
    let names: Vec<&String> = bodies.keys().collect();
    let (mut most, mut trials) = (0, 0);
    for trial in 0..700 {
        let scheme = SCHEMES[random.below(SCHEMES.len())];
        let mut sender = Sender::new(scheme, &random.bytes::<32>(), &bodies[names[random.below(names.len())]]);
        // Not the second that stands in the body: a time that was changed back to that is explained by it.
        let time = sender.time.replace("171703", "171704").replace("00:46", "03:33");
        (sender.signed_url, sender.url) =
            (sender.url.replace(&sender.time, &time), sender.url.replace(&sender.time, &time));
        (sender.signed_time, sender.time) = (time.clone(), time);
        let mut delivered = sender.send();
        let mut key = sender.key.clone();
        match trial % 9 {
            0 | 1 if sender.signs_body() => {
                let at = random.below(delivered.body.len());
                delivered.body[at] ^= 1 << random.below(8);
            }
            2 if sender.signs_body() => {
                let text = String::from_utf8(delivered.body.clone()).unwrap();
                delivered.body = text.replace("5", "50000").into_bytes();
            }
            3 if sender.signs_body() => {
                let at = random.below(delivered.body.len() - 9) + 4;
                delivered.body.drain(at..at + 1 + random.below(4));
            }
            4 => {
                let made_up = Sender { used: random.bytes::<32>().to_vec(), ..sender.clone() };
                delivered = made_up.send();
            }
            5 if sender.signs_time() => {
                let hours = [1, 2, 8][random.below(3)];
                let later = match scheme {
                    "coze-kb" => sender.time.replace("03:", &format!("{:02}:", 3 + hours)),
                    _ => sender.time.replace("171704", "171705"),
                };
                delivered = Sender { time: later, ..sender.clone() }.send();
            }
            6 if scheme == "coze-kb" => delivered.method = "DELETE",
            6 if scheme == "hubspot-v3" => delivered.url.push_str("&admin=1"),
            7 if scheme == "coze-kb" => delivered.url = delivered.url.replace("action=list", "action=drop"),
            7 if scheme == "hubspot-v3" => delivered.url = delivered.url.replace("/hooks/", "/admin/"),
            7 if scheme == "standard-webhooks" => {
                delivered.headers.iter_mut().filter(|(name, _)| name == "webhook-id").for_each(|(_, id)| id.push('9'));
            }
            _ => key = Sender::new(scheme, &random.bytes::<32>(), "").key,
        }
        // White space that went is not tampering: undoing it is proved, and right.
        let parsed = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).ok();
        let same = parsed(&delivered.body).is_some_and(|body| Some(body) == parsed(&sender.body));
        if same && key == sender.key && trial % 9 < 4 {
            continue;
        }
        trials += 1;
        let diagnosis = gate(scheme, &key).explain(&delivered.request(), NOW);
        assert!(diagnosis.causes.is_empty(), "{scheme} {trial}: {}", diagnosis.to_json());
        says_nothing_secret(&diagnosis, &Sender { key, ..sender }, &delivered);
        most = most.max(diagnosis.tried);
    }
    println!("{trials} trials, no cause claimed, at most {most} MACs");
    assert!(trials >= 500, "{trials}");
}

/// A time that is read in the wrong unit is sure; one of another zone is a suspect, for the signature holds.
#[test]
fn a_stale_time_may_be_of_another_zone() {
    let sender = Sender::new("slack", &[7; 32], "{}");
    let gate = gate("slack", &sender.key);
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
    for scheme in SCHEMES.into_iter().filter(|scheme| *scheme != "coze-kb") {
        let mut sender = Sender::new(scheme, b"0123456789abcdef0123456789abcdef", &bodies["node"]);
        sender.signed_body.push(b'\n');
        sender.used.push(b'\n');
        let diagnosis = gate(scheme, &sender.key).explain(&sender.send().request(), NOW);
        found += usize::from(ids(&diagnosis, true) == ["body-newline-lost", "key-whitespace"]);
    }
    assert_eq!(found, 9);
}

#[test]
fn the_limits_hold() {
    let body = format!("[{}1]", "\"é/<&>\\u00e9\",".repeat((1 << 20) / 15 - 1));
    assert!(body.len() <= 1 << 20 && body.len() > 1_000_000);
    let sender = Sender::new("sub2api", &[7; 32], &body);
    let mut delivered = sender.send();
    delivered.body[500_000] ^= 1;
    let start = Instant::now();
    let diagnosis = gate("sub2api", &sender.key).explain(&delivered.request(), NOW);
    let took = start.elapsed();
    assert!(diagnosis.capped && diagnosis.causes.is_empty() && diagnosis.tried <= 200, "{}", diagnosis.tried);
    println!("a body of 1 MiB: {} MACs in {took:?}", diagnosis.tried);
    assert!(took < Duration::from_secs(120), "{took:?}");

    delivered.body = vec![b'x'; (1 << 20) + 1];
    let diagnosis = gate("sub2api", &sender.key).explain(&delivered.request(), NOW);
    assert!(diagnosis.capped && diagnosis.causes.is_empty());

    let contracts = crate::json_file("tests/it/doctor/contracts.json");
    let small = serde_json::json!({ "contract": contracts["sub2api"], "keys": [{ "secret": sender.key }], "limits": { "doctor": { "macs": 10 } } });
    delivered.body = b"{}".to_vec();
    let diagnosis = Gate::from_json(&small.to_string()).unwrap().explain(&delivered.request(), NOW);
    assert!(diagnosis.capped && diagnosis.tried == 10);
}

/// Headers, times, URLs and bodies made to break a reader: a diagnosis each, within the limits, and never a panic.
#[test]
fn nothing_is_too_strange() {
    let contracts = crate::json_file("tests/it/doctor/contracts.json");
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
        [",", "=", "a", "é", "{\"", "[", "\\\"", "1,", "%41", "&a=1"].map(|piece| piece.repeat(3_000)).into();
    for scheme in SCHEMES {
        let key = Sender::new(scheme, &[9; 32], "").key;
        let source = serde_json::json!({ "contract": contracts[scheme], "keys": [{ "secret": key }], "limits": { "doctor": { "macs": 300 } } });
        let gate = Gate::from_json(&source.to_string()).unwrap();
        for text in strange.iter().copied().chain(long.iter().map(String::as_str)) {
            let mut delivered = Sender::new(scheme, &[8; 32], "{}").send();
            delivered.headers.iter_mut().for_each(|(_, value)| *value = text.to_owned());
            delivered.headers.push(("x-webhook-signature".into(), "a".repeat(64)));
            delivered.headers.push(("x-forwarded-host".into(), text.to_owned()));
            delivered.url = format!("/v1/{text}?timestamp={text}&signature={text}");
            delivered.body = text.as_bytes().to_vec();
            let diagnosis = gate.explain(&delivered.request(), i64::MAX);
            assert!(diagnosis.causes.is_empty() && diagnosis.tried <= 300, "{}", diagnosis.to_json());
        }
    }
}

/// A key as it was given is kept for the doctor, and never shown.
#[test]
fn keys_stay_hidden() {
    let sender = Sender::new("standard-webhooks", b"0123456789abcdef0123456789abcdef", "{}");
    let shown = format!("{:?}", gate(sender.scheme, &sender.key));
    assert!(shown.contains("REDACTED"));
    let numbers = format!("{:?}", &sender.used[..8]);
    for secret in [&sender.key[6..], "0123456789abcdef", numbers.trim_matches(['[', ']'])] {
        assert!(!shown.contains(secret));
    }
}
