//! Every shape of a signature's header, in every encoding, of every kind of algorithm, over arbitrary values
//! round the right signature: `{hex}`, `{HEX}`, `{base64}`, `{base64url}` and `{secret}` stand for it.
//!
//! Choices: shape, encoding, algorithm, and of the last check the place (two) and the character.
//! Lines: the body; then a header line each, `~` before one of the alias.

use std::sync::LazyLock;

use countersign::{Check, Gate, Key, Outcome, Request};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::Signer;
use serde_json::{Value, json};

use super::input::{Input, with_one_changed};
use super::judge::{self, SECRET};

#[derive(Clone, Copy)]
enum Shape {
    Plain,
    Prefixed,
    List(char, &'static str),
    Pairs(char),
}

const SHAPES: [Shape; 6] = [
    Shape::Plain,
    Shape::Prefixed,
    Shape::List(' ', "v1,"),
    Shape::List(',', "v1="),
    Shape::Pairs(','),
    Shape::Pairs(';'),
];

const ALGORITHMS: [&str; 8] = [
    "hmac-sha256",
    "hmac-sha1",
    "hmac-sha384",
    "hmac-sha512",
    "ed25519",
    "ecdsa-p256-sha256",
    "ecdsa-p256-sha256-der",
    "token",
];

/// What is signed is this and the body.
const BEFORE: &str = "v0:";

struct Setting {
    shape: Shape,
    encoding: &'static str,
    /// The right signature; of a token the secret itself.
    right: Vec<u8>,
    token: bool,
    gate: &'static Gate,
}

pub fn run(data: &[u8]) {
    let mut input = Input::new(data);
    let (shape, encoding, algorithm) = (input.pick(&SHAPES), input.pick(&["hex", "base64"]), input.pick(&ALGORITHMS));
    let (place, by) = (input.choose(256) * 256 + input.choose(256), char::from(input.choose(128) as u8));
    let body = input.line();
    let token = algorithm == "token";
    let shape = if token && !matches!(shape, Shape::Plain) { Shape::Prefixed } else { shape };
    let right = signature(algorithm, format!("{BEFORE}{body}").as_bytes());
    let setting = Setting { shape, encoding, right, token, gate: gate(shape, encoding, algorithm) };

    let mut headers = Vec::new();
    while !input.is_empty() && headers.len() < 40 {
        let line = setting.filled(&input.line());
        headers.push(match line.strip_prefix('~') {
            Some(value) => ("X-Alias".to_owned(), value.to_owned()),
            None => ("X-Signature".to_owned(), line),
        });
    }
    // More is over a limit, whatever it says.
    if headers.iter().map(|(_, value)| value.len()).sum::<usize>() > 60_000 {
        return;
    }
    let accepted = setting.agrees(&headers, &body);
    if accepted {
        assert!(!setting.accepts(&headers, &format!("{body}x")) || token, "another body passes");
    }
    if token || algorithm.starts_with("hmac") {
        setting.round_trip(&headers, &body, place, by);
    }
}

impl Setting {
    /// What is signed here passes, and with a character of the signature changed only where that means the same.
    fn round_trip(&self, headers: &[(String, String)], body: &str, place: usize, by: char) {
        let signed = self.gate.sign(&Request::new("POST", "/", headers, body.as_bytes()), 0, None).unwrap();
        assert!(self.agrees(&signed.headers, body), "our own signature fails: {:?}", signed.headers);
        let mut changed = signed.headers;
        for (_, value) in &mut changed {
            *value = with_one_changed(value, place, by).0;
        }
        self.agrees(&changed, body);
    }

    /// The gate accepts what the description below accepts, and nothing else.
    fn agrees(&self, headers: &[(String, String)], body: &str) -> bool {
        let accepted = self.accepts(headers, body);
        assert_eq!(accepted, self.expected(headers), "{headers:?}");
        accepted
    }

    fn accepts(&self, headers: &[(String, String)], body: &str) -> bool {
        let texts = [HEXLOWER.encode(&self.right), BASE64.encode(&self.right)];
        let request = Request::new("POST", "/", headers, body.as_bytes());
        let verdict = judge::verdict(self.gate, &request, &Check::default(), &[SECRET, &texts[0], &texts[1]]);
        verdict.verdict == Outcome::Accept
    }

    /// By the README's words.
    fn expected(&self, headers: &[(String, String)]) -> bool {
        if !headers.iter().all(|(name, value)| judge::is_header(name, value)) {
            return false;
        }
        let of = |name: &str| -> Vec<&str> {
            headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect()
        };
        let (own, alias) = (of("x-signature"), of("x-alias"));
        let value = match (own.as_slice(), alias.as_slice()) {
            ([_, _, ..], _) | (_, [_, _, ..]) => return false,
            ([own], [alias]) if !own.is_empty() && !alias.is_empty() && own != alias => return false,
            ([own], _) if !own.is_empty() => own,
            (_, [alias]) => alias,
            _ => return false,
        };
        let elements: Vec<&str> = match self.shape {
            Shape::Plain => vec![value],
            Shape::Prefixed => value.strip_prefix("sig=").into_iter().collect(),
            Shape::List(separator, tag) => value.split(separator).filter_map(|part| part.strip_prefix(tag)).collect(),
            Shape::Pairs(separator) => value
                .split(separator)
                .filter_map(|pair| pair.trim_matches([' ', '\t']).split_once('='))
                .filter(|(name, _)| ["v1", "v2"].contains(name))
                .map(|(_, value)| value)
                .collect(),
        };
        let right = |element: &&str| match (self.token, self.encoding) {
            (true, _) => *element == SECRET,
            (false, "hex") => element.to_ascii_lowercase() == HEXLOWER.encode(&self.right),
            (false, _) => *element == BASE64.encode(&self.right),
        };
        elements.len() <= 32 && elements.iter().any(right)
    }

    fn filled(&self, line: &str) -> String {
        line.replace("{hex}", &HEXLOWER.encode(&self.right))
            .replace("{HEX}", &HEXUPPER.encode(&self.right))
            .replace("{base64}", &BASE64.encode(&self.right))
            .replace("{base64url}", &BASE64URL_NOPAD.encode(&self.right))
            .replace("{secret}", SECRET)
    }
}

fn gate(shape: Shape, encoding: &str, algorithm: &str) -> &'static Gate {
    let (public, key) = match algorithm {
        "ed25519" => (Some(ed25519_jwk()), json!({ "algorithm": algorithm, "format": "jwk" })),
        _ if algorithm.starts_with("ecdsa") => (Some(p256_jwk()), json!({ "algorithm": algorithm, "format": "jwk" })),
        _ => (None, json!({ "algorithm": algorithm })),
    };
    let shape = match shape {
        Shape::Plain => json!({ "kind": "plain" }),
        Shape::Prefixed => json!({ "kind": "prefixed", "prefix": "sig=" }),
        Shape::List(separator, tag) => json!({ "kind": "list", "separator": separator, "tag": tag }),
        Shape::Pairs(separator) => json!({ "kind": "pairs", "separator": separator, "take": ["v1", "v2"] }),
    };
    let mut signature = json!({ "engine": "segments", "key": key, "shape": shape,
        "from": { "header": ["x-signature", "x-alias"] } });
    if algorithm != "token" {
        signature["encoding"] = json!(encoding);
        signature["signed"] = json!([{ "literal": BEFORE }, { "body": "raw" }]);
    }
    let contract =
        json!({ "contract": "shapes", "version": 1, "signature": signature, "payload": { "format": "form" } });
    let key = match public {
        Some(jwk) => Key::public(jwk),
        None => judge::shared_key(),
    };
    judge::gate(&contract, &[key])
}

fn signature(algorithm: &str, message: &[u8]) -> Vec<u8> {
    macro_rules! mac {
        ($hash:ty) => {{
            let mut mac = Hmac::<$hash>::new_from_slice(SECRET.as_bytes()).unwrap();
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    let ecdsa = || -> p256::ecdsa::Signature { p256_key().sign(message) };
    match algorithm {
        "hmac-sha1" => mac!(sha1::Sha1),
        "hmac-sha256" => mac!(sha2::Sha256),
        "hmac-sha384" => mac!(sha2::Sha384),
        "hmac-sha512" => mac!(sha2::Sha512),
        "ed25519" => ed25519_dalek::Signer::sign(ed25519_key(), message).to_bytes().to_vec(),
        "ecdsa-p256-sha256" => ecdsa().to_bytes().to_vec(),
        "ecdsa-p256-sha256-der" => ecdsa().to_der().as_bytes().to_vec(),
        _ => SECRET.as_bytes().to_vec(),
    }
}

/// Made once: that costs as much as a signature.
pub fn p256_key() -> &'static p256::ecdsa::SigningKey {
    static KEY: LazyLock<p256::ecdsa::SigningKey> =
        LazyLock::new(|| p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap());
    &KEY
}

pub fn p256_jwk() -> Value {
    let point = p256_key().verifying_key().to_sec1_point(false);
    let part = |range| BASE64URL_NOPAD.encode(&point.as_bytes()[range]);
    json!({ "kty": "EC", "crv": "P-256", "x": part(1..33), "y": part(33..65) })
}

pub fn ed25519_key() -> &'static ed25519_dalek::SigningKey {
    static KEY: LazyLock<ed25519_dalek::SigningKey> = LazyLock::new(|| ed25519_dalek::SigningKey::from_bytes(&[9; 32]));
    &KEY
}

pub fn ed25519_jwk() -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": BASE64URL_NOPAD.encode(ed25519_key().verifying_key().as_bytes()) })
}
