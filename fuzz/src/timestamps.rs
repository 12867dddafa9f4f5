//! Every time format over arbitrary text, at an arbitrary `now`, in every kind of window. The MAC is right
//! whatever the time says, so that the time alone decides.
//!
//! Choices: format, window. Lines: `now` (an integer; what is more than an i64 is held at its ends); the time.

use countersign::{Check, Outcome, Request};
use data_encoding::HEXLOWER;
use serde_json::json;

use super::input::Input;
use super::judge::{self, SECRET};

const FORMATS: [&str; 5] = ["unix-seconds", "unix-millis", "rfc3339", "rfc3339-z", "uuid-v7"];
const WINDOWS: [(u32, u32); 5] = [(300, 300), (0, 0), (31_536_000, 31_536_000), (1, 0), (0, 86_400)];
const BODY: &[u8] = b"a=1";
const LAST_SECOND: i64 = 253_402_300_799;

pub fn run(data: &[u8]) {
    let mut input = Input::new(data);
    let (format, (past, future)) = (input.pick(&FORMATS), input.pick(&WINDOWS));
    let now = input.line();
    let now = now.parse::<i128>().unwrap_or_default().clamp(i64::MIN.into(), i64::MAX.into()) as i64;
    let text = input.line();

    let contract = json!({ "contract": "times", "version": 1, "payload": { "format": "form" },
        "signature": { "engine": "segments", "key": { "algorithm": "hmac-sha256" }, "from": { "header": "x-signature" },
            "shape": { "kind": "plain" }, "encoding": "hex",
            "fields": { "ts": { "from": { "header": "x-time" }, "format": format } },
            "signed": [{ "field": "ts" }, { "literal": "." }, { "body": "raw" }] },
        "freshness": { "field": "ts", "pastSeconds": past, "futureSeconds": future },
        "replay": { "key": ["signed"], "onDuplicate": "reject" } });
    let gate = judge::gate(&contract, &[judge::shared_key()]);
    let mac = HEXLOWER.encode(&judge::hmac_sha256(&[text.as_bytes(), b".", BODY].concat()));
    let headers = judge::headers(&[("x-time", &text), ("x-signature", &mac)]);
    let check = Check::at(now);
    let verdict = judge::verdict(gate, &Request::new("POST", "/", &headers, BODY), &check, &[SECRET, &mac]);

    let found: Vec<String> = judge::codes(&verdict).into_iter().collect();
    let time = read(format, &text);
    let age = time.map(|time| i128::from(now) - i128::from(time));
    let expected: &[&str] = match age {
        _ if !judge::is_header("x-time", &text) => return assert_eq!(verdict.verdict, Outcome::Reject),
        _ if text.is_empty() => &["timestamp-missing"],
        None => &["timestamp-malformed"],
        Some(age) if age > i128::from(past) => &["timestamp-too-old"],
        Some(age) if -age > i128::from(future) => &["timestamp-too-new"],
        Some(_) => &[],
    };
    assert_eq!(found, expected, "{format} {text:?} at {now}");
    if let (Some(replay), Some(time)) = (&verdict.replay, time) {
        assert_eq!(replay.forget_after, time.saturating_add(past.into()).saturating_add(1), "{format} {text:?}");
    }

    // What is signed here passes here, at the same time.
    if format != "uuid-v7"
        && let Ok(signed) = gate.sign(&Request::new("POST", "/", &headers, BODY), now, None)
    {
        let request = Request::new("POST", "/", &signed.headers, BODY);
        let verdict = judge::verdict(gate, &request, &check, &[SECRET]);
        assert_eq!(verdict.verdict, Outcome::Accept, "signed at {now}: {:?}: {}", signed.headers, verdict.to_json());
    }
}

/// By the README's words, without the crate's own reader.
fn read(format: &str, text: &str) -> Option<i64> {
    match format {
        "unix-seconds" => digits(text).filter(|seconds| *seconds <= LAST_SECOND),
        "unix-millis" => digits(text).map(|millis| millis / 1000).filter(|seconds| *seconds <= LAST_SECOND),
        "rfc3339" => rfc3339(text),
        "rfc3339-z" => rfc3339(text).filter(|_| text.ends_with('Z')),
        _ => uuid_v7(text),
    }
}

fn digits(text: &str) -> Option<i64> {
    let canonical = text == "0" || !text.starts_with('0');
    text.parse().ok().filter(|_| canonical && text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// RFC 3339, section 5.6, in ASCII and in upper case, held to what a calendar knows; no leap second.
fn rfc3339(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<u32> {
        let part = bytes.get(from..to).filter(|part| part.iter().all(u8::is_ascii_digit))?;
        std::str::from_utf8(part).ok()?.parse().ok()
    };
    for (index, mark) in [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')] {
        (bytes.get(index) == Some(&mark)).then_some(())?;
    }
    let date = chrono::NaiveDate::from_ymd_opt(number(0, 4)? as i32, number(5, 7)?, number(8, 10)?)?;
    let local = date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?;
    let mut zone = 19;
    if bytes.get(19) == Some(&b'.') {
        zone = 20 + bytes[20..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        (zone > 20).then_some(())?;
    }
    let ahead = match bytes.get(zone..)? {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (number(zone + 1, zone + 3)?, number(zone + 4, zone + 6)?);
            (hours < 24 && minutes < 60).then_some(())?;
            let seconds = i64::from(hours * 3600 + minutes * 60);
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    Some(local.and_utc().timestamp() - ahead)
}

/// RFC 9562, section 5.7.
fn uuid_v7(text: &str) -> Option<i64> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let hex = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let marked = lengths == [8, 4, 4, 4, 12]
        && groups[2].starts_with('7')
        && groups[3].to_ascii_lowercase().starts_with(['8', '9', 'a', 'b']);
    (hex && marked).then(|| i64::from_str_radix(&format!("{}{}", groups[0], groups[1]), 16).unwrap() / 1000)
}
