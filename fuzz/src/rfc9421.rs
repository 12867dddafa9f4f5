//! HTTP message signatures: a list of components and parameters that is signed here by the RFC's letter, so that
//! the gate passes it where its own signature base is the same; arbitrary headers; and good ones with one
//! character changed.
//!
//! Choices: mode (signed, raw, one character), key, components asked for, origin, and of the character its
//! header, place (two), value, and whether it is replaced, put before or taken away. Lines: the target; then
//! signed: the inner list, the parameters; raw: Signature-Input, Signature (`{signature}`); then a header line
//! each (`{sha-256}` and `{sha-512}` are the body's digests), an empty line, the body.

use countersign::{Check, Gate, Key, Outcome, Request};
use data_encoding::BASE64;
use serde_json::json;
use sha2::{Digest, Sha256, Sha512};

use super::header_shapes::{ed25519_jwk, ed25519_key};
use super::input::Input;
use super::judge::{self, SECRET};
use super::query_canonical::decode;

const NOW: i64 = 1_717_030_000;
const LAST_SECOND: i64 = 253_402_300_799;
const REQUIRED: [&[&str]; 4] = [&["@method", "@path"], &[], &["content-digest"], &["@authority", "@query", "x-a"]];
const LIST: &str = r#""@method" "@authority" "@path" "@query" "content-digest" "x-a""#;
const PARAMETERS: &str = r#";created=1717030000;keyid="k1""#;

struct Message {
    edwards: bool,
    required: &'static [&'static str],
    origin: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

pub fn run(data: &[u8]) {
    let mut input = Input::new(data);
    let mode = input.choose(3);
    let (edwards, required) = (input.pick(&[false, true]), input.pick(&REQUIRED));
    let origin =
        input.pick(&["https://hooks.example.org", "", "HTTPS://Hooks.Example.org:443", "http://hooks.example.org:80"]);
    let (header, place) = (input.choose(2), input.choose(256) * 256 + input.choose(256));
    let (by, way) = (char::from(input.choose(128) as u8), input.choose(3));
    let target = format!("/{}", input.line().trim_start_matches('/'));
    let (first, second) = (input.line(), input.line());
    let mut headers = judge::headers(&[("Host", "Hooks.example.org")]);
    while !input.is_empty() && headers.len() < 16 {
        let line = input.line();
        let Some((name, value)) = line.split_once(':') else { break };
        if !["host", "signature", "signature-input"].contains(&name.to_ascii_lowercase().as_str()) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let body = input.rest().to_vec();
    for (_, value) in &mut headers {
        *value = value.replace("{sha-256}", &BASE64.encode(&Sha256::digest(&body)));
        *value = value.replace("{sha-512}", &BASE64.encode(&Sha512::digest(&body)));
    }
    let message = Message { edwards, required, origin, target, headers, body };
    match mode {
        0 => message.signed(&first, &second),
        1 => message.raw(&first, &second),
        _ => good(edwards).one_changed(header, place, by, way),
    }
}

/// A message that passes, whatever the contract here asks for.
fn good(edwards: bool) -> Message {
    let body = b"a=1".to_vec();
    let digest = format!("sha-256=:{}:", BASE64.encode(&Sha256::digest(&body)));
    let headers = judge::headers(&[("Content-Digest", &digest), ("X-A", "1")]);
    Message {
        edwards,
        required: REQUIRED[0],
        origin: "https://hooks.example.org",
        target: "/in?a=1".into(),
        headers,
        body,
    }
}

impl Message {
    /// Passes if, and only if, the list and the parameters are of the canonical form and all they say holds.
    fn signed(&self, list: &str, parameters: &str) {
        let (input, value) = self.sign(list, parameters);
        let accepted = self.judge(&input, &value);
        let identifiers: Vec<&str> = if list.is_empty() { vec![] } else { list.split(' ').collect() };
        let once = (1..identifiers.len()).all(|index| !identifiers[..index].contains(&identifiers[index]));
        let asked = self.required.iter().all(|name| identifiers.contains(&format!("\"{name}\"").as_str()));
        let known = identifiers.iter().all(|identifier| self.value(identifier).is_some());
        let whole = self.headers.iter().all(|(name, value)| judge::is_header(name, value));
        let expected = once && asked && known && whole && self.judge_parameters(parameters);
        match identifiers.contains(&"\"content-digest\"") {
            true if accepted => assert!(expected && self.holds_digest(), "{input}"),
            true if self.is_digest() => assert!(!expected, "{input}"),
            true => {}
            false => assert_eq!(accepted, expected, "{input} for {}{}", self.origin, self.target),
        }
        if accepted && identifiers.contains(&"\"content-digest\"") {
            let other = Message {
                body: [&self.body, &b"x"[..]].concat(),
                headers: self.headers.clone(),
                target: self.target.clone(),
                ..*self
            };
            assert!(!other.judge(&input, &value), "another body passes");
        }
    }

    /// Arbitrary headers pass only with the right signature of the right list.
    fn raw(&self, input: &str, value: &str) {
        let list = r#""@method" "@path""#;
        let (right, signature) = self.sign(list, PARAMETERS);
        let signature = signature.trim_start_matches("sig1=");
        let (input, value) =
            (input.replace("{input}", right.trim_start_matches("sig1=")), value.replace("{signature}", signature));
        if self.judge(&input, &value) {
            assert!(plain(&input).contains(&plain(right.trim_start_matches("sig1="))), "{input}");
            assert!(value.contains(signature), "{value}");
        }
    }

    /// Spaces between parts and zeros before a number are nothing to RFC 8941; all else is signed.
    fn one_changed(&self, header: usize, place: usize, by: char, way: usize) {
        let (input, value) = self.sign(LIST, PARAMETERS);
        assert!(self.judge(&input, &value), "a good message fails: {input}");
        let mut texts = [input.clone(), value.clone()];
        let mut characters: Vec<char> = texts[header].chars().collect();
        let place = place % characters.len();
        match way {
            0 => characters[place] = by,
            1 => characters.insert(place, by),
            _ => drop(characters.remove(place)),
        }
        texts[header] = characters.into_iter().collect();
        let same = plain(&texts[0]) == plain(&input) && plain(&texts[1]) == plain(&value);
        assert!(same || !self.judge(&texts[0], &texts[1]), "{texts:?}");
    }

    fn judge(&self, input: &str, value: &str) -> bool {
        let key = if self.edwards {
            json!({ "algorithm": "ed25519", "format": "jwk" })
        } else {
            json!({ "algorithm": "hmac-sha256" })
        };
        let contract = json!({ "contract": "messages", "version": 1, "payload": { "format": "form" },
            "signature": { "engine": "rfc9421", "key": key, "components": self.required, "parameters": ["created"] },
            "freshness": { "field": "created", "pastSeconds": 300, "futureSeconds": 300 } });
        let key = match self.edwards {
            true => Key::public(ed25519_jwk()).named("k1"),
            false => judge::shared_key(),
        };
        let gate: &Gate = judge::gate(&contract, &[key]);
        let mut headers = judge::headers(&[("Signature-Input", input), ("Signature", value)]);
        headers.extend(self.headers.iter().cloned());
        let url = format!("{}{}", self.origin, self.target);
        let request = Request::new("POST", &url, &headers, &self.body);
        let check = Check::at(NOW);
        let verdict =
            judge::verdict(gate, &request, &check, &[SECRET, value.trim_start_matches("sig1=:").trim_end_matches(':')]);
        verdict.verdict == Outcome::Accept
    }

    /// Section 2.5. A component without a value here gets none, and the gate must refuse it.
    fn sign(&self, list: &str, parameters: &str) -> (String, String) {
        let identifiers = list.split(' ').filter(|identifier| !identifier.is_empty());
        let mut base: String =
            identifiers.map(|name| format!("{name}: {}\n", self.value(name).unwrap_or_default())).collect();
        base.push_str(&format!("\"@signature-params\": ({list}){parameters}"));
        let signature = match self.edwards {
            true => ed25519_dalek::Signer::sign(ed25519_key(), base.as_bytes()).to_bytes().to_vec(),
            false => judge::hmac_sha256(base.as_bytes()),
        };
        (format!("sig1=({list}){parameters}"), format!("sig1=:{}:", BASE64.encode(&signature)))
    }

    /// Section 2, of the components that this version knows.
    fn value(&self, identifier: &str) -> Option<String> {
        let target = self.target.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let scheme = if self.origin.starts_with("http:") { "http" } else { "https" };
        let name = identifier.strip_prefix('"')?;
        let value = match name.strip_suffix('"') {
            Some("@method") => "POST".into(),
            Some("@authority") => "hooks.example.org".into(),
            Some("@scheme") => scheme.into(),
            Some("@path") => path.to_owned(),
            Some("@query") => format!("?{}", query.unwrap_or_default()),
            Some("@request-target") => target.to_owned(),
            Some("@target-uri") if self.origin.is_empty() => format!("https://Hooks.example.org{target}"),
            Some("@target-uri") => format!("{}{target}", self.origin),
            Some("signature" | "signature-input") => return None,
            Some(name) if judge::is_header(name, "") && *name == name.to_ascii_lowercase() => self.header(name)?,
            _ => query_parameter(
                query.unwrap_or_default(),
                name.strip_prefix("@query-param\";name=\"")?.strip_suffix('"')?,
            )?,
        };
        value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')).then_some(value)
    }

    fn header(&self, name: &str) -> Option<String> {
        let lines = self.headers.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name));
        let values: Vec<&str> = lines.map(|(_, value)| value.trim_matches([' ', '\t'])).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    fn digests(&self) -> [String; 2] {
        let (sha256, sha512) = (Sha256::digest(&self.body), Sha512::digest(&self.body));
        [format!("sha-256=:{}:", BASE64.encode(&sha256)), format!("sha-512=:{}:", BASE64.encode(&sha512))]
    }

    /// Whether the body's own digest is among those sent.
    fn holds_digest(&self) -> bool {
        let sent = self.header("content-digest").unwrap_or_default();
        self.digests().iter().any(|digest| sent.contains(digest))
    }

    /// Whether the body's own digest is all that is sent.
    fn is_digest(&self) -> bool {
        let sent = self.header("content-digest").unwrap_or_default();
        let [a, b] = self.digests();
        sent == a || sent == b || sent == format!("{a}, {b}")
    }

    /// Section 2.3, in the one canonical form: each once, and what each says holds.
    fn judge_parameters(&self, text: &str) -> bool {
        let Some(parameters) = parameters(text) else { return false };
        let find = |wanted: &str| parameters.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str());
        let once = (1..parameters.len()).all(|index| !parameters[..index].iter().any(|p| p.0 == parameters[index].0));
        let seconds = |name: &str| find(name).map(time);
        let (created, expires) = (seconds("created").flatten(), seconds("expires"));
        let text = |name: &str| find(name).is_none_or(|value| value.starts_with('"') && value.len() > 2);
        let alg = if self.edwards { "\"ed25519\"" } else { "\"hmac-sha256\"" };
        once && parameters
            .iter()
            .all(|(name, _)| ["alg", "created", "expires", "keyid", "nonce", "tag"].contains(&name.as_str()))
            && created.is_some_and(|created| (NOW - created).abs() <= 300)
            && expires.is_none_or(|end| end.is_some_and(|end| end > NOW && Some(end) > created))
            && find("alg").is_none_or(|value| value == alg)
            && find("keyid").is_none_or(|value| value == "\"k1\"")
            && text("nonce")
            && text("tag")
    }
}

fn time(text: &str) -> Option<i64> {
    let canonical = text == "0" || !text.starts_with('0');
    text.parse().ok().filter(|seconds| {
        canonical && text.bytes().all(|byte| byte.is_ascii_digit()) && (0..=LAST_SECOND).contains(seconds)
    })
}

/// `;name=value` with integers and strings alone, as RFC 8941, section 4.1, writes them.
fn parameters(text: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, after) = rest.strip_prefix(';')?.split_once('=')?;
        let mut escaped = false;
        let mut quoted = false;
        let end = after.char_indices().find(|(_, c)| match c {
            _ if std::mem::take(&mut escaped) => false,
            '\\' if quoted => {
                escaped = true;
                false
            }
            '"' => {
                quoted = !quoted;
                false
            }
            ';' => !quoted,
            _ => false,
        });
        let (value, next) = after.split_at(end.map_or(after.len(), |(at, _)| at));
        if let Some(inner) = value.strip_prefix('"') {
            // One string and no more: the quote that ends it is the last character and the first that is bare.
            let bare = inner.replace("\\\\", "").replace("\\\"", "");
            let visible = bare.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\');
            (visible && bare.ends_with('"') && bare.matches('"').count() == 1).then_some(())?;
        }
        found.push((name.to_owned(), value.to_owned()));
        rest = next;
    }
    Some(found)
}

/// Section 2.2.8.
fn query_parameter(query: &str, name: &str) -> Option<String> {
    let encode = |bytes: Vec<u8>| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"*-._".contains(&byte);
        bytes.into_iter().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut values = pairs.filter(|(found, _)| encode(decode(found.as_bytes())) == name).map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then(|| encode(decode(value.as_bytes())))
}

/// Without what RFC 8941 does not mean.
fn plain(text: &str) -> String {
    let mut text = text.replace([' ', '\t'], "");
    while text.contains("=0") {
        text = text.replace("=0", "=");
    }
    text
}
