//! RFC 9421 against its own Appendix B, against signatures made here with one thing wrong, and against noise.

use std::collections::BTreeSet;

use countersign::{Check, Gate, Key, Options, Outcome, Request, Verdict};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const NOW: i64 = 1_717_030_000;
const URL: &str = "https://hooks.example.org/in?id=7&name=J%C3%B6rg+M";
const SECRET: &[u8] = b"a secret of some length";
pub const BODY: &[u8] = br#"{"hello":"world"}"#;
/// What a good signature covers, with the values that these have in the request of [`headers`].
pub const LINES: [(&str, &str); 3] =
    [("\"@method\"", "POST"), ("\"@authority\"", "hooks.example.org"), ("\"@path\"", "/in")];

pub fn contract(engine: Value) -> Value {
    let mut signature = json!({ "engine": "rfc9421", "key": { "algorithm": "hmac-sha256" },
        "components": ["@method", "@authority", "@path"] });
    signature.as_object_mut().unwrap().extend(engine.as_object().unwrap().clone());
    json!({ "contract": "messages", "version": 1, "request": { "methods": ["GET", "POST"] }, "signature": signature })
}

pub fn options(id: &str) -> Options {
    let secret_bytes = Some(SECRET.to_vec());
    Options::with_keys(vec![with!(Key::default(); id: Some(id.into()), secret_bytes: secret_bytes)])
}

pub fn gate(engine: Value) -> Gate {
    Gate::compile(&contract(engine).to_string(), options("k1")).unwrap()
}

pub fn codes(verdict: &Verdict) -> BTreeSet<String> {
    verdict.findings.iter().map(|finding| finding.code.to_string()).collect()
}

pub fn set(code: &str) -> BTreeSet<String> {
    code.split_whitespace().map(str::to_owned).collect()
}

fn mac(base: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(base.as_bytes());
    format!(":{}:", BASE64.encode(&mac.finalize().into_bytes()))
}

/// Signature-Input and Signature of one label over these lines, by the letter of section 2.5.
pub fn signed(label: &str, lines: &[(&str, &str)], parameters: &str) -> Vec<(String, String)> {
    let names: Vec<_> = lines.iter().map(|(name, _)| *name).collect();
    let list = format!("({}){parameters}", names.join(" "));
    let mut base: String = lines.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    base.push_str(&format!("\"@signature-params\": {list}"));
    vec![("Signature-Input".into(), format!("{label}={list}")), ("Signature".into(), format!("{label}={}", mac(&base)))]
}

fn good() -> Vec<(String, String)> {
    signed("sig1", &LINES, ";created=1717030000")
}

pub fn check(gate: &Gate, headers: &[(String, String)]) -> Verdict {
    gate.check(&Request::new("POST", URL, headers, BODY), &Check::at(NOW))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn the_rfcs_vectors_hold() {
    let Some(folder) = crate::data("webhooks") else { return };
    let file: Value = serde_json::from_slice(&std::fs::read(folder.join("rfc9421.json")).unwrap()).unwrap();
    let (mut verified, mut rebuilt) = (0, 0);
    for vector in file["vectors"].as_array().unwrap() {
        let name = text(&vector["name"]);
        let base = text(&vector["signature_base"]);
        let components: Vec<String> = base
            .lines()
            .filter_map(|line| line.split_once("\": ").or_else(|| line.split_once("\";")))
            .filter_map(|(name, _)| {
                let name = name.trim_start_matches('"');
                (!name.starts_with("@signature") && !name.starts_with("@query-param")).then(|| name.to_owned())
            })
            .collect();
        let key = &vector["key"];
        let (format, given) = match key["type"].as_str().unwrap() {
            "hmac" => ("base64", Key::secret(text(&key["base64"]))),
            "rsa-pss" => ("spki", Key::public(key["spki_pem"].clone())),
            _ => ("jwk", Key::public(key["jwk"].clone())),
        };
        let engine = json!({ "key": { "algorithm": vector["alg"], "format": format }, "components": components,
            "parameters": ["created", "keyid"] });
        let keyed = Options::with_keys(vec![with!(given; id: Some(text(&vector["keyid"])))]);
        let headers: Vec<(String, String)> =
            vector["headers"].as_array().unwrap().iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect();
        let of = |engine: Value| {
            let mut contract = contract(engine);
            if vector["message"] == "response" {
                contract.as_object_mut().unwrap().remove("request");
                contract["response"] = json!({ "statuses": [200] });
            }
            contract.to_string()
        };
        let (method, url, body) = (&vector["method"], &vector["url"], text(&vector["body"]));
        let (method, url) = (method.as_str().unwrap_or_default(), url.as_str().unwrap_or_default());
        let status = vector["status"].as_u64().map(|status| u16::try_from(status).unwrap());
        let request = |headers| match status {
            Some(status) => Request::answer(status, headers, body.as_bytes()),
            None => Request::new(method, url, headers, body.as_bytes()),
        };
        let told = Check::at(vector["now"].as_i64().unwrap());
        let gate = Gate::compile(&of(engine), keyed).unwrap();
        let verdict = gate.check(&request(&headers), &told);
        assert_eq!(verdict.verdict == Outcome::Accept, vector["expected"] == "ok", "{name}: {}", verdict.to_json());
        verified += 1;
        // Its base holds another digest than its message, so nothing can be made of it.
        if name == "sig-b24-verbatim-test-response" {
            continue;
        }
        // Under a key of ours the published base verifies if, and only if, ours is the same.
        let label = headers.iter().find(|(name, _)| name == "Signature-Input").unwrap().1.split_once('=').unwrap().0;
        let own: Vec<_> = headers
            .iter()
            .map(|(name, value)| match name.as_str() {
                "Signature" => (name.clone(), format!("{label}={}", mac(&base))),
                _ => (name.clone(), value.clone()),
            })
            .collect();
        let gate = Gate::compile(&of(json!({ "components": components })), options(&text(&vector["keyid"]))).unwrap();
        let verdict = gate.check(&request(&own), &told);
        assert_eq!(codes(&verdict), set(""), "{name}: {}", verdict.to_json());
        rebuilt += 1;
    }
    assert_eq!((verified, rebuilt), (7, 6));
}

/// Section 2.2, and its examples.
#[test]
fn every_derived_component_has_its_value() {
    let lines = [
        ("\"@target-uri\"", URL),
        ("\"@scheme\"", "https"),
        ("\"@request-target\"", "/in?id=7&name=J%C3%B6rg+M"),
        ("\"@query\"", "?id=7&name=J%C3%B6rg+M"),
        ("\"@query-param\";name=\"name\"", "J%C3%B6rg%20M"),
        ("\"x-many\"", "a, b, "),
        ("\"x-empty\"", ""),
    ];
    let engine = json!({ "components": ["@target-uri", "@scheme", "@request-target", "@query", "@query-param;name=\"name\"", "x-many"] });
    let mut headers = signed("s", &lines, "");
    for (name, value) in [("X-Many", "a"), ("x-many", " b "), ("X-MANY", ""), ("x-empty", "")] {
        headers.push((name.into(), value.into()));
    }
    let verdict = check(&gate(engine), &headers);
    assert_eq!(codes(&verdict), set(""), "{}", verdict.to_json());
    let covers = &verdict.signature.as_ref().unwrap().covers;
    assert!(covers.iter().any(|place| place == "query:name"), "{covers:?}");

    let url = "http://WWW.Example.com:80/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something";
    let lines = [
        ("\"@authority\"", "www.example.com"),
        ("\"@query-param\";name=\"var\"", "this%20is%20a%20big%0Amultiline%20value"),
        ("\"@query-param\";name=\"bar\"", "with%20plus%20whitespace"),
        ("\"@query-param\";name=\"fa%C3%A7ade%22%3A%20\"", "something"),
    ];
    let gate = gate(json!({ "components": ["@authority"] }));
    let headers = signed("s", &lines, "");
    let verdict = gate.check(&Request::new("GET", url, &headers, BODY), &Check::default());
    assert_eq!(codes(&verdict), set(""), "{}", verdict.to_json());
    let bare = gate.check(&Request::new("GET", "/", &headers, BODY), &Check::default());
    assert_eq!(codes(&bare), set("httpsig-component"));
}

#[test]
fn one_wrong_part_one_code() {
    let gate = gate(json!({ "parameters": ["created"], "tag": "webhook" }));
    let right = ";created=1717030000;tag=\"webhook\"";
    assert_eq!(codes(&check(&gate, &signed("s", &LINES, right))), set(""));
    let with = |extra: &str| format!("{right}{extra}");
    let parameters = [
        (";created=1717030000".to_owned(), "httpsig-label"),
        (";created=1717030000;tag=\"other\"".into(), "httpsig-label"),
        (";created=1717030000;tag=webhook".into(), "httpsig-label"),
        (";tag=\"webhook\"".into(), "httpsig-created"),
        (";created=\"1717030000\";tag=\"webhook\"".into(), "httpsig-created"),
        (";created=1717030000.5;tag=\"webhook\"".into(), "httpsig-created"),
        (";created=-1;tag=\"webhook\"".into(), "httpsig-created"),
        (";created;tag=\"webhook\"".into(), "httpsig-created"),
        (";created=1717029990;tag=\"webhook\";expires=1717030000".into(), "httpsig-expires"),
        (";created=1717030010;tag=\"webhook\";expires=1717030005".into(), "httpsig-expires"),
        (with(";expires=1717029999"), "httpsig-expires"),
        (with(";expires=\"later\""), "httpsig-expires"),
        (with(";expires=1717030001"), ""),
        (with(";alg=\"hmac-sha256\""), ""),
        (with(";alg=\"ed25519\""), "httpsig-parameter"),
        (with(";alg=\"unheard-of\""), "httpsig-parameter"),
        (with(";alg=hmac-sha256"), "httpsig-parameter"),
        (with(";keyid=\"k1\""), ""),
        (with(";keyid=\"k2\""), "httpsig-parameter"),
        (with(";nonce=\"\""), "httpsig-parameter"),
        (with(";nonce=:AAAA:"), "httpsig-parameter"),
        (with(";context=\"x\""), "httpsig-parameter"),
        (with(";created=1717030000"), "httpsig-parameter"),
    ];
    for (parameters, code) in parameters {
        let verdict = check(&gate, &signed("s", &LINES, &parameters));
        assert_eq!(codes(&verdict), set(code), "{parameters}: {}", verdict.to_json());
    }
    let [method, authority, path] = LINES;
    let lists: [(&[(&str, &str)], &str); 12] = [
        (&[], "httpsig-component"),
        (&[method, path], "httpsig-component"),
        (&[path, authority, method], ""),
        (&[method, authority, path, path], "httpsig-component"),
        (&[method, authority, path, ("\"x-absent\"", "")], "httpsig-component"),
        (&[method, authority, path, ("\"Date\"", "")], "httpsig-component"),
        (&[method, authority, path, ("\"@status\"", "200")], "httpsig-component"),
        (&[method, authority, path, ("\"@signature-params\"", "")], "httpsig-component"),
        (&[method, authority, path, ("\"@path\";req", "/in")], "httpsig-component"),
        (&[method, authority, path, ("\"@query-param\"", "")], "httpsig-component"),
        (&[method, authority, path, ("\"@query-param\";name=\"none\"", "")], "httpsig-component"),
        (&[method, authority, path, ("date", "")], "httpsig-component"),
    ];
    for (lines, code) in lists {
        let verdict = check(&gate, &signed("s", lines, right));
        assert_eq!(codes(&verdict), set(code), "{lines:?}: {}", verdict.to_json());
    }
    let twice = gate.check(
        &Request::new(
            "POST",
            "https://hooks.example.org/in?a=1&a=2",
            &signed("s", &[method, authority, path, ("\"@query-param\";name=\"a\"", "1")], right),
            BODY,
        ),
        &Check::at(NOW),
    );
    assert_eq!(codes(&twice), set("httpsig-component"));
}

#[test]
fn no_header_is_too_strange() {
    let gate = gate(json!({}));
    let [input, value] = [good()[0].1.clone(), good()[1].1.clone()];
    let strange = [
        (String::new(), value.clone(), "signature-missing"),
        (input.clone(), String::new(), "signature-missing"),
        (input.replace("sig1", "sig2"), value.clone(), "httpsig-label"),
        (input.replace("sig1", "Sig1"), value.clone(), "signature-malformed"),
        (format!("{input}, {input}"), value.clone(), "httpsig-label"),
        (input.clone(), format!("{value}, {value}"), "httpsig-label"),
        (input.clone(), format!("{value},"), "signature-malformed"),
        (input.clone(), value.replace("=:", "="), "signature-malformed"),
        (input.clone(), "sig1=:AAAA:".into(), "signature-malformed"),
        (input.clone(), "sig1=:!!!!:".into(), "signature-malformed"),
        (input.clone(), "sig1=1".into(), "signature-malformed"),
        (input.clone(), "sig1".into(), "signature-malformed"),
        ("sig1".into(), value.clone(), "signature-malformed"),
        ("sig1=\"@method\"".into(), value.clone(), "signature-malformed"),
        ("sig1=(\"@method\"".into(), value.clone(), "signature-malformed"),
        ("sig1=(\"@method\"\"@path\")".into(), value.clone(), "signature-malformed"),
        ("sig1=(((".into(), value.clone(), "signature-malformed"),
        (input.replace('/', "\u{ff0f}").replace("path", "p\u{e4}th"), value.clone(), "signature-malformed"),
        (input.replace("0000", "0001"), value.clone(), "signature-mismatch"),
        ((0..33).map(|index| format!("s{index}=()")).collect::<Vec<_>>().join(", "), value.clone(), "limit-signatures"),
        ("(".repeat(30_000), value.clone(), "signature-malformed"),
    ];
    for (input, value, code) in strange {
        let headers = [("Signature-Input".to_owned(), input.clone()), ("Signature".to_owned(), value)];
        let verdict = check(&gate, &headers);
        assert_eq!(codes(&verdict), set(code), "{:?}: {}", input.get(..60), verdict.to_json());
        assert_eq!(verdict.verdict, Outcome::Reject);
    }
    assert_eq!(codes(&check(&gate, &[])), set("signature-missing"));
    let no_bytes = check(&gate, &[("Signature-Input".into(), input), ("Signature".into(), "sig1=abc".into())]);
    assert_eq!(codes(&no_bytes), set("signature-malformed"));
}

/// What the sender writes with more spaces than it must is signed in the canonical form; where RFC 9651
/// allows none, the header is malformed.
#[test]
fn the_base_is_canonical() {
    let good = signed("sig1", &LINES, ";created=1717030000;keyid=\"k1\"");
    let variants = [
        ("(\"", "(  \"", ""),
        ("\" \"", "\"   \"", ""),
        ("\")", "\"  )", ""),
        (";created", ";  created", ""),
        ("sig1=", "  sig1=", ""),
        ("\"k1\"", "\"k1\" \t ", ""),
        ("sig1=", "other=(),\t sig1=", ""),
        ("sig1=", "other=()\t,sig1=", ""),
        ("sig1=", "sig1 =", "signature-malformed"),
        ("sig1=", "sig1= ", "signature-malformed"),
        (";created", " ;created", "signature-malformed"),
        (";created", ";\tcreated", "signature-malformed"),
        ("created=", "created= ", "signature-malformed"),
        ("\" \"", "\"\t\"", "signature-malformed"),
        ("\" \"", "\", \"", "signature-malformed"),
        ("sig1=", "other=(),, sig1=", "signature-malformed"),
        ("\"k1\"", "\"k1\",", "signature-malformed"),
    ];
    for (from, to, code) in variants {
        let mut headers = good.clone();
        headers[0].1 = headers[0].1.replace(from, to);
        assert_ne!(headers[0], good[0]);
        assert_eq!(codes(&check(&gate(json!({})), &headers)), set(code), "{:?}", headers[0]);
    }
    // The order of the parameters is the wire's too.
    let other = signed("sig1", &LINES, ";keyid=\"k1\";created=1717030000");
    assert_eq!(codes(&check(&gate(json!({ "parameters": ["created", "keyid"] })), &other)), set(""));
    let mixed = [other[0].clone(), good[1].clone()];
    assert_eq!(codes(&check(&gate(json!({})), &mixed)), set("signature-mismatch"));
    // Two lines of a header are one dictionary.
    let mut lines = signed("proxy", &LINES[..1], "");
    lines.extend(good);
    assert_eq!(codes(&check(&gate(json!({})), &lines)), set(""));
}

#[test]
fn of_several_signatures_one_is_enough() {
    let gate = gate(json!({ "parameters": ["created"] }));
    let mut other = signed("proxy", &LINES, ";created=1717030009;keyid=\"proxy\"");
    let mut headers = good();
    headers.append(&mut other);
    let verdict = check(&gate, &headers);
    assert_eq!(codes(&verdict), set(""), "{}", verdict.to_json());
    // A newer one that does not verify hides nothing.
    let mut forged = signed("forged", &LINES, ";created=1717039999");
    forged[1].1 = format!("forged={}", mac("something else"));
    headers.append(&mut forged);
    assert_eq!(codes(&check(&gate, &headers)), set(""));
    // And none of two that fail passes.
    let mut bad = signed("a", &LINES, "");
    bad.append(&mut signed("b", &LINES[..2], ""));
    assert_eq!(codes(&check(&gate, &bad)), set("httpsig-created"));
}

#[test]
fn the_body_is_bound_by_its_digest() {
    let gate = gate(json!({ "components": ["content-digest"] }));
    let sha256 = |body: &[u8]| format!("sha-256=:{}:", BASE64.encode(&Sha256::digest(body)));
    let sha512 = |body: &[u8]| format!("sha-512=:{}:", BASE64.encode(&sha2::Sha512::digest(body)));
    let cases = [
        (sha256(BODY), ""),
        (sha512(BODY), ""),
        (format!("{}, {}", sha256(BODY), sha512(BODY)), ""),
        (format!("md5=:AAAA:, {}", sha256(BODY)), ""),
        (format!("{}, {}", sha256(b"other"), sha512(BODY)), "digest-mismatch"),
        (format!("{}, sha-512=:AAAA:", sha256(BODY)), "httpsig-digest"),
        (format!("{},", sha256(BODY)), "httpsig-digest"),
        (sha256(b"other"), "digest-mismatch"),
        (format!("{}, {}", sha256(BODY), sha512(b"other")), "digest-mismatch"),
        ("md5=:AAAA:".into(), "httpsig-digest"),
        ("sha-256=:AAAA:".into(), "httpsig-digest"),
        ("sha-256=AAAA".into(), "httpsig-digest"),
        ("SHA-256=AAAA".into(), "httpsig-digest"),
        (String::new(), "httpsig-digest"),
        (format!("{}, {}", sha256(BODY), sha256(BODY)), "httpsig-digest"),
    ];
    for (digest, code) in cases {
        let mut headers = signed("s", &[("\"content-digest\"", &digest)], "");
        headers.push(("Content-Digest".into(), digest.clone()));
        let verdict = check(&gate, &headers);
        assert_eq!(codes(&verdict), set(code), "{digest}: {}", verdict.to_json());
    }
    // One that nobody signed is nobody's.
    let mut headers = good();
    headers.push(("Content-Digest".into(), sha256(b"other")));
    assert_eq!(codes(&check(&self::gate(json!({})), &headers)), set(""));
}

#[test]
fn created_is_the_time_of_freshness_and_nonce_a_key() {
    let mut document = contract(json!({ "parameters": ["created", "keyid", "nonce"] }));
    document["freshness"] = json!({ "field": "created", "pastSeconds": 300, "futureSeconds": 5 });
    document["replay"] = json!({ "key": ["field:keyid", "field:nonce"], "onDuplicate": "reject" });
    let gate = Gate::compile(&document.to_string(), options("k1")).unwrap();
    for (created, code) in
        [(NOW - 300, ""), (NOW - 301, "httpsig-created"), (NOW + 5, ""), (NOW + 6, "httpsig-created")]
    {
        let headers = signed("s", &LINES, &format!(";created={created};keyid=\"k1\";nonce=\"n\""));
        let verdict = check(&gate, &headers);
        assert_eq!(codes(&verdict), set(code), "{created}: {}", verdict.to_json());
        assert_eq!(verdict.replay.is_some(), code.is_empty());
    }
    let headers = signed("s", &LINES, ";created=1717030000;keyid=\"k1\"");
    assert_eq!(codes(&check(&gate, &headers)), set("httpsig-parameter"));
    document["signature"]["parameters"] = json!(["nonce", "keyid"]);
    assert_eq!(Gate::compile(&document.to_string(), options("k1")).unwrap_err().code, "contract-freshness");
    document["signature"]["parameters"] = json!(["created"]);
    assert_eq!(Gate::compile(&document.to_string(), options("k1")).unwrap_err().code, "contract-replay");
}

#[test]
fn other_algorithms_verify_too() {
    use p256::ecdsa::signature::Signer;
    let (template, lines) = (signed("s", &LINES, ""), LINES.map(|(name, value)| format!("{name}: {value}\n")).concat());
    let base = format!("{lines}\"@signature-params\": {}", template[0].1.split_once('=').unwrap().1);
    let ed25519 = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let p256 = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let ecdsa: p256::ecdsa::Signature = p256.sign(base.as_bytes());
    let point = p256.verifying_key().to_sec1_point(false);
    let part = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
    let okp = json!({ "kty": "OKP", "crv": "Ed25519", "x": part(ed25519.verifying_key().as_bytes()) });
    let ec =
        json!({ "kty": "EC", "crv": "P-256", "x": part(&point.as_bytes()[1..33]), "y": part(&point.as_bytes()[33..]) });
    let edwards = ed25519_dalek::Signer::sign(&ed25519, base.as_bytes()).to_bytes();
    for (algorithm, jwk, signature) in
        [("ed25519", okp, edwards.to_vec()), ("ecdsa-p256-sha256", ec, ecdsa.to_bytes().to_vec())]
    {
        let keys = vec![Key::public(jwk)];
        let engine = json!({ "key": { "algorithm": algorithm, "format": "jwk" } });
        let gate = Gate::compile(&contract(engine).to_string(), Options::with_keys(keys)).unwrap();
        let header =
            |bytes: &[u8]| [template[0].clone(), ("Signature".into(), format!("s=:{}:", BASE64.encode(bytes)))];
        assert_eq!(codes(&check(&gate, &header(&signature))), set(""), "{algorithm}");
        assert_eq!(codes(&check(&gate, &header(&[0; 64]))), set("signature-mismatch"), "{algorithm}");
        assert_eq!(codes(&check(&gate, &template)), set("signature-malformed"), "{algorithm}");
    }
}

#[test]
fn a_contract_that_cannot_be_meant_is_refused() {
    let cases = [
        (json!({ "key": { "algorithm": "rsa-v1_5-sha256" } }), "contract-grammar", "/signature/key/algorithm"),
        (json!({ "key": { "algorithm": "ecdsa-p256-sha256-der" } }), "contract-signature", "/signature/key/algorithm"),
        (json!({ "key": { "algorithm": "hmac-sha1" } }), "contract-signature", "/signature/key/algorithm"),
        (json!({ "components": ["@status"] }), "contract-signature", "/signature/components/0"),
        (json!({ "components": ["Date"] }), "contract-signature", "/signature/components/0"),
        (json!({ "components": ["date;sf"] }), "contract-signature", "/signature/components/0"),
        (json!({ "components": ["priority;bs;sf"] }), "contract-signature", "/signature/components/0"),
        (
            json!({ "components": ["priority;key=\"u\";sf", "priority;sf;key=\"u\""] }),
            "contract-signature",
            "/signature/components/1",
        ),
        (json!({ "components": ["@path", "@path"] }), "contract-signature", "/signature/components/1"),
        (json!({ "components": ["a\""] }), "contract-signature", "/signature/components/0"),
        (json!({ "parameters": ["context"] }), "contract-grammar", "/signature/parameters/0"),
        (json!({ "tag": "" }), "contract-signature", "/signature/tag"),
        (json!({ "label": "sig1" }), "contract-grammar", "/signature/label"),
    ];
    for (engine, code, at) in cases {
        let error = Gate::compile(&contract(engine.clone()).to_string(), options("k1")).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_str()), (code, at), "{engine}: {}", error.message);
    }
}

/// Whatever one does to the two headers, they are judged; and they pass only where they still mean the same.
#[test]
fn noise_never_passes() {
    let gate = gate(json!({ "parameters": ["created"] }));
    let good = good();
    let mut next = crate::random();
    for _ in 0..4_000 {
        let mut headers = good.clone();
        let mut bytes = std::mem::take(&mut headers[next(2)].1).into_bytes();
        crate::disturb(&mut bytes, b"()\";:,=?* \\0Aa.", &mut next);
        let text = String::from_utf8(bytes).unwrap();
        headers.iter_mut().filter(|(_, value)| value.is_empty()).for_each(|(_, value)| value.clone_from(&text));
        let verdict = check(&gate, &headers);
        // Spaces between parts and zeros before a number are nothing to RFC 8941.
        let same = |text: &str| text.replace([' ', '\t'], "").replace("=00", "=").replace("=0", "=");
        let kept = good.iter().zip(&headers).all(|((_, a), (_, b))| same(a) == same(b));
        assert!(verdict.verdict == Outcome::Reject || kept, "{headers:?}: {}", verdict.to_json());
    }
}
