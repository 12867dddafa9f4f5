//! The faults: each breaks one thing between a sender and its receiver, as it happens in the field.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

use super::sender::{NOW, Sender};

pub struct Fault {
    pub name: &'static str,
    /// The causes that are right, or come to the same.
    pub right: &'static [&'static str],
    /// Proved, or only suspected because the information is gone.
    pub proved: bool,
    /// `None` where the scheme cannot have it.
    pub make: Make,
}

/// The second gives the same document as one of its writers has it.
pub type Make = fn(Sender, &dyn Fn(&str) -> String) -> Option<Sender>;

const fn fault(name: &'static str, right: &'static [&'static str], make: Make) -> Fault {
    Fault { name, right, proved: true, make }
}

/// What was signed, and what arrived.
fn body(mut sender: Sender, signed: impl Into<Vec<u8>>, arrived: impl Into<Vec<u8>>) -> Option<Sender> {
    (sender.signed_body, sender.body) = (signed.into(), arrived.into());
    sender.signs_body().then_some(sender)
}

fn after(sender: Sender, signed: &str, arrived: &str) -> Option<Sender> {
    let text = String::from_utf8(sender.body.clone()).unwrap();
    body(sender, format!("{text}{signed}"), format!("{text}{arrived}"))
}

fn used(mut sender: Sender, used: impl Into<Vec<u8>>) -> Option<Sender> {
    let used = used.into();
    (used != sender.used).then(|| {
        sender.used = used;
        sender
    })
}

fn signed_time(mut sender: Sender, time: impl Into<String>) -> Option<Sender> {
    sender.signed_time = time.into();
    if sender.scheme == "coze-kb" {
        sender.signed_url = sender.signed_url.replace(&sender.time, &sender.signed_time);
    }
    (sender.signs_time() && sender.signed_time != sender.time).then_some(sender)
}

fn templated(mut sender: Sender, template: fn(&Sender) -> Vec<u8>) -> Option<Sender> {
    sender.template = Some(template);
    (template(&sender) != sender.signed()).then_some(sender)
}

const RESERIALISED: &[&str] = &["body-reserialised"];
const ESCAPED: &[&str] = &["body-escapes", "body-reserialised"];
const ENCODED: &[&str] = &["key-encoding", "key-prefix"];
const TEMPLATE: &[&str] = &["template"];

pub const FAULTS: [Fault; 67] = [
    fault("body: line feed lost", &["body-newline-lost"], |s, _| after(s, "\n", "")),
    fault("body: CR LF lost", &["body-newline-lost"], |s, _| after(s, "\r\n", "")),
    fault("body: line feed added", &["body-newline-added"], |s, _| after(s, "", "\n")),
    fault("body: CR LF added", &["body-newline-added"], |s, _| after(s, "", "\r\n")),
    fault("body: space added", &["body-newline-added"], |s, _| after(s, "", "  ")),
    fault("body: LF to CR LF", &["body-crlf"], |s, f| {
        body(s, f("node-indent-2"), f("node-indent-2").replace('\n', "\r\n"))
    }),
    fault("body: CR LF to LF", &["body-crlf"], |s, f| {
        body(s, f("python-indent-4").replace('\n', "\r\n"), f("python-indent-4"))
    }),
    fault("body: BOM added", &["body-bom"], |s, f| body(s, f("node"), format!("\u{feff}{}", f("node")))),
    fault("body: BOM lost", &["body-bom"], |s, f| body(s, format!("\u{feff}{}", f("node")), f("node"))),
    fault("body: Python to JSON.stringify", RESERIALISED, |s, f| body(s, f("python"), f("node"))),
    fault("body: Python, no ASCII, to JSON.stringify", RESERIALISED, |s, f| body(s, f("python-unicode"), f("node"))),
    fault("body: JSON.stringify to Python", RESERIALISED, |s, f| body(s, f("node"), f("python"))),
    fault("body: indent 2 to compact", RESERIALISED, |s, f| body(s, f("node-indent-2"), f("node"))),
    fault("body: indent 2 and newline to compact", RESERIALISED, |s, f| body(s, f("node-indent-2") + "\n", f("node"))),
    fault("body: Python indent 4 to compact", RESERIALISED, |s, f| body(s, f("python-indent-4"), f("node"))),
    fault("body: tabs to compact", RESERIALISED, |s, f| body(s, f("node-tab"), f("node"))),
    fault("body: compact to indent 4", RESERIALISED, |s, f| body(s, f("node"), f("python-indent-4"))),
    fault("body: compact to compact, sorted", RESERIALISED, |s, f| body(s, f("compact-sorted"), f("node"))),
    fault("body: sorted Python to JSON.stringify", RESERIALISED, |s, f| body(s, f("python-sorted"), f("node"))),
    fault("body: sorted Go to JSON.stringify", RESERIALISED, |s, f| body(s, f("go-sorted"), f("node"))),
    fault("body: PHP pretty to JSON.stringify", RESERIALISED, |s, f| body(s, f("php-pretty"), f("node"))),
    fault("body: Go to JSON.stringify", ESCAPED, |s, f| body(s, f("go"), f("node"))),
    fault("body: PHP to JSON.stringify", ESCAPED, |s, f| body(s, f("php"), f("node"))),
    fault("body: PHP, no ASCII, to JSON.stringify", ESCAPED, |s, f| body(s, f("php-unicode"), f("node"))),
    fault("body: .NET to JSON.stringify", ESCAPED, |s, f| body(s, f("dotnet"), f("node"))),
    fault("body: JSON.stringify to ASCII", ESCAPED, |s, f| body(s, f("node"), f("python-compact"))),
    fault("body: ASCII to JSON.stringify", ESCAPED, |s, f| body(s, f("python-compact"), f("node"))),
    fault("body: still in base64", &["body-base64"], |s, f| body(s, f("node"), BASE64.encode(f("node").as_bytes()))),
    fault("body: signed in base64", &["body-base64"], |s, f| body(s, BASE64.encode(f("node").as_bytes()), f("node"))),
    fault("body: JSON in a JSON string", RESERIALISED, |s, f| {
        body(s, f("node"), serde_json::to_string(&f("node")).unwrap())
    }),
    fault("body: UTF-8 read as Latin-1", &["body-latin1"], |s, f| {
        let mojibake: String = f("latin").bytes().map(char::from).collect();
        body(s, f("latin"), mojibake)
    }),
    fault("body: arrived in Latin-1", &["body-latin1"], |s, f| {
        let latin: Vec<u8> = f("latin").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        body(s, f("latin"), latin)
    }),
    fault("body: last bracket cut off", &["body-truncated"], |s, f| {
        body(s, f("node"), &f("node").as_bytes()[..f("node").len() - 1])
    }),
    fault("key: line feed", &["key-whitespace"], |s, _| {
        let key = [s.used.as_slice(), b"\n"].concat();
        used(s, key)
    }),
    fault("key: CR LF", &["key-whitespace"], |s, _| {
        let key = [s.used.as_slice(), b"\r\n"].concat();
        used(s, key)
    }),
    fault("key: space before", &["key-whitespace"], |s, _| {
        let key = [b" ", s.used.as_slice()].concat();
        used(s, key)
    }),
    fault("key: double quotes", &["key-quotes"], |s, _| {
        let key = format!("\"{}\"", s.key);
        used(s, key)
    }),
    fault("key: single quotes", &["key-quotes"], |s, _| {
        let key = format!("'{}'", s.key);
        used(s, key)
    }),
    fault("key: prefix kept", &["key-prefix"], |s, _| {
        let key = if s.key.starts_with("whsec_") { s.key.clone() } else { format!("whsec_{}", s.key) };
        used(s, key)
    }),
    fault("key: prefix stripped", ENCODED, |s, _| {
        let key = s.key.strip_prefix("whsec_")?.to_owned();
        used(s, key)
    }),
    fault("key: decoded from hex", ENCODED, |s, _| {
        let key = HEXLOWER.decode(s.key.trim_start_matches("whsec_").as_bytes()).ok()?;
        used(s, key)
    }),
    fault("key: decoded from base64", ENCODED, |s, _| {
        let key = BASE64.decode(s.key.trim_start_matches("whsec_").as_bytes()).ok()?;
        used(s, key)
    }),
    fault("key: encoded in base64", ENCODED, |s, _| {
        let key = BASE64.encode(&s.used);
        used(s, key)
    }),
    fault("key: not set", &["key-other"], |s, _| used(s, "undefined")),
    fault("key: one of a list", &["key-other"], |mut s, _| {
        let own = s.key.clone();
        s.key = format!("{own},another-key-of-{own}");
        (s.scheme != "standard-webhooks").then_some(s)
    }),
    fault("signature: hex and base64 exchanged", &["signature-encoding"], |mut s, _| {
        s.encode = Some(if s.in_base64() { |mac| HEXLOWER.encode(mac) } else { |mac| BASE64.encode(mac) });
        Some(s)
    }),
    fault("signature: base64url without padding", &["signature-encoding"], |mut s, _| {
        s.encode = Some(|mac| BASE64URL_NOPAD.encode(mac));
        Some(s)
    }),
    fault("signature: base64 of the hex digits", &["signature-encoding"], |mut s, _| {
        s.encode = Some(|mac| BASE64.encode(HEXLOWER.encode(mac).as_bytes()));
        Some(s)
    }),
    fault("signature: cut to 16 bytes", &["signature-encoding"], |mut s, _| {
        s.encode =
            Some(if s.in_base64() { |mac| BASE64.encode(&mac[..16]) } else { |mac| HEXLOWER.encode(&mac[..16]) });
        Some(s)
    }),
    fault("signature: another prefix", &["signature-prefix"], |mut s, _| {
        s.shape = Some(|mac| format!("hmac-sha256={mac}"));
        Some(s)
    }),
    fault("signature: no prefix", &["signature-prefix"], |mut s, _| {
        s.shape = Some(str::to_owned);
        matches!(s.scheme, "standard-webhooks" | "stripe" | "github" | "slack" | "paddle").then_some(s)
    }),
    fault("signature: in quotes", &["signature-prefix", "signature-encoding"], |mut s, _| {
        s.shape = Some(|mac| format!("\"{mac}\""));
        Some(s)
    }),
    fault("signature: SHA-1", &["signature-algorithm"], |mut s, _| {
        s.algorithm = "sha1";
        Some(s)
    }),
    fault("signature: SHA-384", &["signature-algorithm"], |mut s, _| {
        s.algorithm = "sha384";
        Some(s)
    }),
    fault("signature: SHA-512", &["signature-algorithm"], |mut s, _| {
        s.algorithm = "sha512";
        Some(s)
    }),
    fault("signature: another provider's header", &["signature-provider"], |mut s, _| {
        s.header = Some("X-Webhook-Signature");
        (!matches!(s.scheme, "stripe" | "paddle")).then_some(s)
    }),
    fault("time: signed in milliseconds", &["time-unit"], |s, _| {
        let time = if s.scheme == "hubspot-v3" { NOW.to_string() } else { format!("{NOW}000") };
        signed_time(s, time)
    }),
    fault("time: signed in microseconds", &["time-unit"], |s, _| signed_time(s, format!("{NOW}000000"))),
    fault("time: sent and signed in another unit", &["time-unit"], |mut s, _| {
        let time = if s.scheme == "hubspot-v3" { NOW.to_string() } else { format!("{NOW}000") };
        (s.signed_url, s.url) = (s.signed_url.replace(&s.time, &time), s.url.replace(&s.time, &time));
        (s.signed_time, s.time) = (time.clone(), time);
        s.signs_time().then_some(s)
    }),
    fault("time: signed as RFC 3339 or Unix", &["time-unit"], |s, _| {
        let time = if s.scheme == "coze-kb" { NOW.to_string() } else { "2024-05-30T00:46:40.000Z".into() };
        signed_time(s, time)
    }),
    fault("time: that of the body", &["time-field"], |mut s, f| {
        let text = f("node").replace("1717030000", "1717029871");
        (s.signed_body, s.body) = (text.clone().into_bytes(), text.into_bytes());
        let time = if s.scheme == "hubspot-v3" { "1717029871000" } else { "1717029871" };
        s.signs_body().then(|| signed_time(s, time))?
    }),
    fault("time: its header is missing", &["time-field"], |mut s, _| {
        s.without_time = true;
        s.extra.push(("x-request-timestamp".into(), s.time.clone()));
        matches!(s.scheme, "sub2api" | "standard-webhooks" | "slack" | "hubspot-v3").then_some(s)
    }),
    fault("template: the body alone", TEMPLATE, |s, _| {
        s.signs_body().then(|| templated(s, |s| s.signed_body.clone()))?
    }),
    fault("template: another separator", TEMPLATE, |s, _| {
        (s.signs_body() && s.signs_time())
            .then(|| templated(s, |s| [s.signed_time.as_bytes(), b"|", &s.signed_body].concat()))?
    }),
    fault("template: time and body exchanged", TEMPLATE, |s, _| {
        (s.signs_body() && s.signs_time())
            .then(|| templated(s, |s| [s.signed_body.as_slice(), b".", s.signed_time.as_bytes()].concat()))?
    }),
    fault("template: the body's digest", TEMPLATE, |s, _| {
        s.signs_body().then(|| {
            templated(s, |s| {
                let mut other = s.clone();
                other.signed_body = HEXLOWER.encode(&Sha256::digest(&s.signed_body)).into_bytes();
                other.signed()
            })
        })?
    }),
    fault("url: http, a slash, or an escape", &["url", "template"], |mut s, _| {
        s.signed_url = match s.scheme {
            "hubspot-v3" => s.signed_url.replace("https:", "http:").replace("crm?", "crm/?"),
            "coze-kb" => s.signed_url.replace("%2C", ","),
            _ => return None,
        };
        Some(s)
    }),
];

/// What cannot be brought back, and is only recognised.
pub const LOST: [Fault; 3] = [
    Fault {
        proved: false,
        ..fault("body: replaced characters", &["body-lossy"], |s, f| {
            let signed: Vec<u8> = f("latin").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
            body(s, signed.clone(), String::from_utf8_lossy(&signed).into_owned())
        })
    },
    Fault {
        proved: false,
        ..fault("body: cut in the middle", &["body-truncated"], |s, f| body(s, f("node"), &f("node").as_bytes()[..150]))
    },
    Fault { proved: false, ..fault("body: read before", &["body-truncated"], |s, f| body(s, f("node"), "")) },
];
