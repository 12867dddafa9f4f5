//! Repairs of a form: what parsers and writers do to `name=value&…`.

use serde_json::Value;

use super::body::{self, Repair, bytes};
use super::fault::CauseId;
use crate::urlencoded::{decode_form, split};

/// The characters, besides letters and digits, that a writer does not escape, and whether it writes a space as `+`.
type Writer = (&'static [u8], bool);

const BROWSER: Writer = (b"*-._", true);
const PHP: Writer = (b"-._", true);
const PYTHON: Writer = (b"-._~", true);
const RFC_3986: Writer = (b"-._~", false);
const JAVASCRIPT: Writer = (b"-_.!~*'()", false);

pub(super) const REPAIRS: [Repair; 14] = [
    bytes(CauseId::BodyReserialised, "what was signed is the value of the form field `payload`", |b| {
        Some(decode_form(b.strip_prefix(b"payload=")?))
    }),
    bytes(CauseId::BodyReserialised, "what was signed is the body inside a form field `payload`", |b| {
        Some([b"payload=", encoded(b, BROWSER).as_bytes()].concat())
    }),
    bytes(CauseId::BodyEscapes, "what was signed is the form percent-decoded", |b| is_form(b).then(|| decode_form(b))),
    bytes(CauseId::BodyEscapes, "the form's plus signs stand unescaped, so that they are read as spaces", |b| {
        is_form(b).then(|| String::from_utf8_lossy(b).replace('+', "%2B").into_bytes())
    }),
    bytes(
        CauseId::BodyEscapes,
        "the plus signs of the form's numbers stand unescaped, so that they are read as spaces",
        numbers_escaped,
    ),
    bytes(CauseId::BodyEscapes, "the form was percent-encoded twice", |b| changed(b, |text| Some(decode_form(text)))),
    bytes(CauseId::BodyReserialised, "the form was turned into JSON on the way", of_json),
    bytes(CauseId::BodyLatin1, "what was signed is UTF-8, and the form arrived in Latin-1", |b| {
        changed(b, |text| match std::str::from_utf8(text) {
            Ok(_) => Some(text.to_vec()),
            Err(_) => Some(text.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()),
        })
    }),
    bytes(
        CauseId::BodyLatin1,
        "the form's UTF-8 was read as Latin-1 or Windows-1252 on the way and written as UTF-8 once more",
        |b| {
            changed(b, |text| {
                let text = std::str::from_utf8(text).ok()?;
                if text.is_ascii() { Some(text.into()) } else { body::from_latin1(text).or(body::from_windows(text)) }
            })
        },
    ),
    written("the form was parsed and written again on the way: what was signed is as browsers write it", |b| {
        again(b, BROWSER)
    }),
    written("the form was parsed and written again on the way: what was signed is as PHP writes it", |b| again(b, PHP)),
    written("the form was parsed and written again on the way: what was signed is as Python and Go write it", |b| {
        again(b, PYTHON)
    }),
    written("the form was parsed and written again on the way: what was signed has spaces as `%20`", |b| {
        again(b, RFC_3986)
    }),
    written(
        "the form was parsed and written again on the way: what was signed is as encodeURIComponent writes it",
        |b| again(b, JAVASCRIPT),
    ),
];

const fn written(message: &'static str, recipe: fn(&[u8]) -> Option<Vec<u8>>) -> Repair {
    bytes(CauseId::BodyReserialised, message, recipe)
}

fn is_form(body: &[u8]) -> bool {
    body.contains(&b'=') && !body.starts_with(b"{") && !body.starts_with(b"[")
}

/// Every name and value, decoded and encoded again by this writer.
fn again(body: &[u8], writer: Writer) -> Option<Vec<u8>> {
    let text = |text: &[u8]| encoded(&decode_form(text), writer);
    let pairs = split(body).map(|(name, value)| format!("{}={}", text(name), text(value)));
    is_form(body).then(|| pairs.collect::<Vec<_>>().join("&").into_bytes())
}

/// Every value, decoded and changed; a value that does not change is written as it came.
fn changed(body: &[u8], change: fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let pair = |(name, value): (&[u8], &[u8])| {
        let decoded = decode_form(value);
        let changed = change(&decoded)?;
        let text = if changed == decoded { value.to_vec() } else { encoded(&changed, BROWSER).into_bytes() };
        Some([name, b"=", &text].concat())
    };
    let pairs: Option<Vec<Vec<u8>>> = split(body).map(pair).collect();
    is_form(body).then_some(pairs?.join(b"&".as_slice()))
}

/// `=+1555…`: a phone number that should have been `%2B1555…`.
fn numbers_escaped(body: &[u8]) -> Option<Vec<u8>> {
    let pair = |(name, value): (&[u8], &[u8])| match value.split_first() {
        Some((b'+', rest)) if rest.iter().all(u8::is_ascii_digit) => [name, b"=%2B", rest].concat(),
        _ => [name, b"=", value].concat(),
    };
    is_form(body).then(|| split(body).map(pair).collect::<Vec<_>>().join(b"&".as_slice()))
}

/// The members of a flat object as a form, with a list as a repeated name.
fn of_json(body: &[u8]) -> Option<Vec<u8>> {
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else { return None };
    let mut pairs = Vec::new();
    for (name, value) in members {
        let values = if let Value::Array(values) = value { values } else { vec![value] };
        for value in values {
            let text = match value {
                Value::String(text) => text,
                Value::Null => String::new(),
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Array(_) | Value::Object(_) => return None,
            };
            pairs.push(format!("{}={}", encoded(name.as_bytes(), BROWSER), encoded(text.as_bytes(), BROWSER)));
        }
    }
    Some(pairs.join("&").into_bytes())
}

fn encoded(text: &[u8], (safe, plus): Writer) -> String {
    text.iter()
        .map(|byte| match byte {
            b' ' if plus => "+".to_owned(),
            byte if byte.is_ascii_alphanumeric() || safe.contains(byte) => char::from(*byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
