//! The faults: each breaks one thing between a sender and its receiver, as it happens in the field.

use std::collections::BTreeMap;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

use super::sender::{FORM, NOW, Sender, form, parameters, written};

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

/// What was lost at the end, or came there.
fn after(mut sender: Sender, signed: &str, arrived: &str) -> Option<Sender> {
    sender.signed_body.extend(signed.bytes());
    sender.body.extend(arrived.bytes());
    (sender.signs_body() || (sender.scheme == "twilio" && signed.is_empty())).then_some(sender)
}

/// What arrived, of those that sign a body of any kind.
fn arrived(mut sender: Sender, change: impl Fn(&[u8]) -> Vec<u8>) -> Option<Sender> {
    sender.body = change(&sender.body);
    (!sender.in_query()).then_some(sender)
}

/// A form that is signed as what it means.
fn filled(mut sender: Sender, arrived: impl Into<Vec<u8>>) -> Option<Sender> {
    sender.body = arrived.into();
    (sender.scheme == "twilio").then_some(sender)
}

/// A form whose bytes are signed.
fn posted(sender: Sender, signed: String, arrived: String) -> Option<Sender> {
    let bytes = sender.signs_bytes();
    bytes.then(|| body(sender, signed, arrived))?
}

fn called(mut sender: Sender, url: impl Fn(&str) -> String) -> Option<Sender> {
    sender.signed_url = url(&sender.url);
    let reads = match sender.scheme {
        // Neither host nor path is a part of it.
        "shopify-app-proxy" => parameters(&sender.signed_url) != parameters(&sender.url),
        "coze-kb" => !sender.signed_url.contains("://"),
        _ => sender.signs_url(),
    };
    (reads && sender.signed_url != sender.url).then_some(sender)
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
    if sender.in_query() {
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
const URL: &[&str] = &["url"];
const ADDRESS: &[&str] = &["url", "template"];

pub const FAULTS: [Fault; 92] = [
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
    fault("body: BOM added", &["body-bom"], |s, _| arrived(s, |body| ["\u{feff}".as_bytes(), body].concat())),
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
    fault("body: Jackson pretty to JSON.stringify", RESERIALISED, |s, f| body(s, f("jackson-pretty"), f("node"))),
    fault("body: JSON.stringify to Jackson pretty", RESERIALISED, |s, f| body(s, f("node"), f("jackson-pretty"))),
    fault("body: PHP pretty to JSON.stringify", RESERIALISED, |s, f| body(s, f("php-pretty"), f("node"))),
    fault("body: Go to JSON.stringify", ESCAPED, |s, f| body(s, f("go"), f("node"))),
    fault("body: PHP to JSON.stringify", ESCAPED, |s, f| body(s, f("php"), f("node"))),
    fault("body: PHP, no ASCII, to JSON.stringify", ESCAPED, |s, f| body(s, f("php-unicode"), f("node"))),
    fault("body: .NET to JSON.stringify", ESCAPED, |s, f| body(s, f("dotnet"), f("node"))),
    fault("body: JSON.stringify to ASCII", ESCAPED, |s, f| body(s, f("node"), f("python-compact"))),
    fault("body: ASCII to JSON.stringify", ESCAPED, |s, f| body(s, f("python-compact"), f("node"))),
    fault("body: still in base64", &["body-base64"], |s, _| arrived(s, |body| BASE64.encode(body).into_bytes())),
    fault("body: still in base64, in lines", &["body-base64"], |s, _| {
        arrived(s, |body| BASE64.encode(body).as_bytes().chunks(76).collect::<Vec<_>>().join(b"\r\n".as_slice()))
    }),
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
    fault("body: a form written again", RESERIALISED, |s, _| {
        posted(s, written(&FORM, b"-_.!~*'()", "%20"), form(&FORM))
    }),
    fault("body: a form written again as in PHP", RESERIALISED, |s, _| {
        posted(s, form(&FORM), written(&FORM, b"-._", "+"))
    }),
    fault("form: turned into JSON", RESERIALISED, |s, _| {
        let members: BTreeMap<&str, &str> = FORM.into_iter().collect();
        filled(s, serde_json::to_string(&members).unwrap())
    }),
    fault("form: plus signs unescaped", &["body-escapes"], |s, _| filled(s, form(&FORM).replace("%2B", "+"))),
    fault("form: encoded twice", &["body-escapes"], |s, _| filled(s, form(&FORM).replace('%', "%25"))),
    fault("form: read as Latin-1", &["body-latin1"], |s, _| {
        filled(s, form(&FORM).replace("%C3", "%C3%83").replace("%AB", "%C2%AB").replace("%9F", "%C2%9F"))
    }),
    fault("form: arrived in Latin-1", &["body-latin1"], |s, _| {
        filled(s, form(&FORM).replace("%C3%AB", "%EB").replace("%C3%9F", "%DF"))
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
    fault("key: line feed on this side", &["key-whitespace"], |mut s, _| {
        s.key_bytes = Some([s.used.as_slice(), b"\n"].concat());
        Some(s)
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
        (!matches!(s.scheme, "standard-webhooks" | "svix")).then_some(s)
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
        matches!(s.scheme, "standard-webhooks" | "svix" | "stripe" | "github" | "slack" | "paddle").then_some(s)
    }),
    fault("signature: in quotes", &["signature-prefix", "signature-encoding"], |mut s, _| {
        s.shape = Some(|mac| format!("\"{mac}\""));
        Some(s)
    }),
    fault("signature: SHA-1, or SHA-256", &["signature-algorithm"], |mut s, _| {
        s.algorithm = match s.algorithm {
            "digest-sha256" => "digest-sha1",
            "sha1" => "sha256",
            _ => "sha1",
        };
        Some(s)
    }),
    fault("signature: SHA-384", &["signature-algorithm"], |mut s, _| {
        s.algorithm = "sha384";
        (!s.is_digest()).then_some(s)
    }),
    fault("signature: SHA-512", &["signature-algorithm"], |mut s, _| {
        s.algorithm = "sha512";
        (!s.is_digest()).then_some(s)
    }),
    fault("signature: HMAC and digest exchanged", &["signature-algorithm"], |mut s, _| {
        s.template = Some(|s| match s.is_digest() {
            true => Sender { used: Vec::new(), ..s.clone() }.signed(),
            false => [s.used.as_slice(), &s.signed()].concat(),
        });
        s.algorithm = match s.algorithm {
            "digest-sha256" => "sha256",
            "sha1" => "digest-sha1",
            _ => "digest-sha256",
        };
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
        s.signs_bytes().then(|| signed_time(s, time))?
    }),
    fault("time: its header is missing", &["time-field"], |mut s, _| {
        s.without_time = true;
        s.extra.push(("x-request-timestamp".into(), s.time.clone()));
        let headers = matches!(s.scheme, "sub2api" | "standard-webhooks" | "svix" | "slack" | "hubspot-v3" | "feishu");
        headers.then_some(s)
    }),
    fault("template: the body alone", TEMPLATE, |s, _| {
        (!s.in_query()).then(|| {
            templated(s, |s| if s.is_digest() { [s.used.as_slice(), &s.signed_body].concat() } else { s.body.clone() })
        })?
    }),
    fault("template: another separator", TEMPLATE, |s, _| match s.scheme {
        "hubspot-v1" => templated(s, |s| [s.used.as_slice(), b"|", &s.signed_body].concat()),
        "square" => templated(s, |s| [s.signed_url.as_bytes(), b"|", &s.signed_body].concat()),
        "feishu" => templated(s, |s| [s.time.as_bytes(), b"|n0nce|", &s.used, b"|", &s.signed_body].concat()),
        "coze-kb" => templated(s, |s| s.signed().iter().map(|b| if *b == b'|' { b'\n' } else { *b }).collect()),
        "shopify-app-proxy" => templated(s, |s| parameters(&s.url).join("&").into_bytes()),
        "hubspot-v2" => {
            templated(s, |s| [s.used.as_slice(), b"|POST|", s.signed_url.as_bytes(), b"|", &s.signed_body].concat())
        }
        _ => (s.signs_bytes() && s.signs_time())
            .then(|| templated(s, |s| [s.signed_time.as_bytes(), b"|", &s.signed_body].concat()))?,
    }),
    fault("template: two pieces exchanged", TEMPLATE, |s, _| match s.scheme {
        "hubspot-v1" => templated(s, |s| [s.signed_body.as_slice(), &s.used].concat()),
        "hubspot-v2" => templated(s, |s| [&s.used, s.signed_url.as_bytes(), b"POST", &s.signed_body].concat()),
        "square" => templated(s, |s| [s.signed_body.as_slice(), s.signed_url.as_bytes()].concat()),
        "feishu" => templated(s, |s| [s.time.as_bytes(), s.used.as_slice(), b"n0nce", &s.signed_body].concat()),
        "coze-kb" => templated(s, |s| {
            let signed = String::from_utf8(s.signed()).unwrap();
            let pieces: Vec<&str> = signed.split('|').collect();
            format!("{}|{}|{}", pieces[1], pieces[0], pieces[2]).into_bytes()
        }),
        _ => (s.signs_bytes() && s.signs_time())
            .then(|| templated(s, |s| [s.signed_body.as_slice(), b".", s.signed_time.as_bytes()].concat()))?,
    }),
    fault("template: the body's digest", TEMPLATE, |s, _| {
        s.signs_bytes().then(|| {
            templated(s, |s| {
                let mut other = s.clone();
                other.signed_body = HEXLOWER.encode(&Sha256::digest(&s.signed_body)).into_bytes();
                other.signed()
            })
        })?
    }),
    fault("template: parameters not sorted", TEMPLATE, |s, _| match s.scheme {
        "twilio" => templated(s, |s| {
            let pairs = FORM.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()].concat());
            s.signed_url.bytes().chain(pairs).collect()
        }),
        "coze-kb" => templated(s, |s| s.url.replace('?', "|").into_bytes().splice(0..0, *b"POST|").collect()),
        _ => None,
    }),
    fault("template: the form with `=` and `&`", TEMPLATE, |s, _| {
        (s.scheme == "twilio").then(|| {
            templated(s, |s| {
                let mut pairs = FORM.map(|(name, value)| format!("{name}={value}"));
                pairs.sort_unstable();
                [s.signed_url.as_bytes(), pairs.join("&").as_bytes()].concat()
            })
        })?
    }),
    fault("template: the form as it stands", TEMPLATE, |s, _| {
        (s.scheme == "twilio").then(|| templated(s, |s| [s.signed_url.as_bytes(), &s.body].concat()))?
    }),
    fault("template: a piece is missing", TEMPLATE, |s, _| match s.scheme {
        "twilio" | "square" => templated(s, |s| s.signed_url.clone().into_bytes()),
        "coze-kb" => templated(s, |s| s.signed()[5..].to_vec()),
        "hubspot-v2" => templated(s, |s| [s.used.as_slice(), s.signed_url.as_bytes(), &s.signed_body].concat()),
        "hubspot-v3" => templated(s, |s| [b"POST", s.signed_url.as_bytes(), &s.signed_body].concat()),
        _ => None,
    }),
    fault("template: the path in place of the URL", ADDRESS, |s, _| {
        (s.signs_url() && s.scheme != "twilio-json")
            .then(|| called(s, |url| url["https://app.example.com".len()..].into()))?
    }),
    fault("url: http for https", URL, |s, _| called(s, |url| url.replace("https:", "http:"))),
    fault("url: another port", URL, |mut s, _| {
        s.extra.push(("x-forwarded-port".into(), "8443".into()));
        called(s, |url| url.replace("example.com", "example.com:8443"))
    }),
    fault("url: the public host", URL, |mut s, _| {
        s.extra.push(("x-forwarded-host".into(), "hooks.example.org".into()));
        called(s, |url| url.replace("app.example.com", "hooks.example.org"))
    }),
    fault("url: a slash at the end", URL, |s, _| called(s, |url| url.replacen('?', "/?", 1))),
    fault("url: an escape undone", ADDRESS, |s, _| {
        if s.scheme == "shopify-app-proxy" { None } else { called(s, |url| url.replace("%2C", ",")) }
    }),
    fault("url: encoded twice", URL, |mut s, _| {
        let url = s.url.clone();
        s.url = url.replace("%2", "%252");
        called(s, |_| url.clone())
    }),
    fault("url: a prefix taken away", URL, |mut s, _| {
        s.extra.push(("x-forwarded-prefix".into(), "/edge".into()));
        called(s, |url| match url.strip_prefix("https://app.example.com") {
            Some(target) => format!("https://app.example.com/edge{target}"),
            None => format!("/edge{url}"),
        })
    }),
    fault("url: another order of the query", URL, |s, _| {
        called(s, |url| {
            url.replace("site=eu&tags=a%2Cb", "tags=a%2Cb&site=eu")
                .replace("portal=62515&tags=a%2Cb", "tags=a%2Cb&portal=62515")
        })
    }),
    fault("url: the method in lower case", URL, |mut s, _| {
        s.signed_method = "post".into();
        matches!(s.scheme, "coze-kb" | "hubspot-v2" | "hubspot-v3").then_some(s)
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
