//! DPoP against the RFC's own proofs, against proofs made here with one thing wrong, and against noise.

use std::collections::BTreeSet;

use countersign::{Check, Gate, Key, Options, Outcome, Request, Verdict};
use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::signature::Signer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const NOW: i64 = 1_717_030_000;
const URL: &str = "https://api.example.org/orders/7";

fn contract(engine: Value) -> Value {
    let mut signature = json!({ "engine": "dpop", "algorithms": ["ES256", "EdDSA"], "accessToken": "none" });
    signature.as_object_mut().unwrap().extend(engine.as_object().unwrap().clone());
    json!({ "contract": "proofs", "version": 1,
        "request": { "methods": ["GET", "POST"] },
        "signature": signature,
        "freshness": { "field": "iat", "pastSeconds": 300, "futureSeconds": 300 },
        "replay": { "key": ["field:jkt", "field:jti"], "onDuplicate": "reject" },
        "payload": { "format": "none" } })
}

fn gate(engine: Value) -> Gate {
    Gate::compile(&contract(engine).to_string(), Options::default()).unwrap()
}

fn codes(verdict: &Verdict) -> BTreeSet<String> {
    verdict.findings.iter().map(|finding| finding.code.to_string()).collect()
}

fn set(code: &str) -> BTreeSet<String> {
    code.split_whitespace().map(str::to_owned).collect()
}

fn encoded(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

fn p256() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()
}

fn jwk() -> Value {
    let point = p256().verifying_key().to_sec1_point(false);
    let part = |range| BASE64URL_NOPAD.encode(&point.as_bytes()[range]);
    json!({ "kty": "EC", "crv": "P-256", "x": part(1..33), "y": part(33..65) })
}

fn thumbprint() -> String {
    let jwk = jwk();
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, jwk["x"], jwk["y"]);
    BASE64URL_NOPAD.encode(&Sha256::digest(canonical))
}

fn signed(input: &str) -> String {
    let signature: p256::ecdsa::Signature = p256().sign(input.as_bytes());
    format!("{input}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes()))
}

/// A proof that is right but for what is merged over its header and claims; null takes a member away.
fn proof(header: Value, claims: Value) -> String {
    let merge = |mut base: Value, over: Value| {
        for (name, value) in over.as_object().unwrap() {
            let members = base.as_object_mut().unwrap();
            if value.is_null() {
                members.remove(name)
            } else {
                members.insert(name.clone(), value.clone())
            };
        }
        encoded(&base)
    };
    let header = merge(json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk() }), header);
    let claims = merge(json!({ "jti": "id-1", "htm": "GET", "htu": URL, "iat": NOW }), claims);
    signed(&format!("{header}.{claims}"))
}

fn check(gate: &Gate, headers: &[(&str, &str)], check: &Check) -> Verdict {
    let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    gate.check(&Request::new("GET", URL, &headers, b""), check)
}

fn now() -> Check {
    Check::at(NOW)
}

/// The code here for each kind of failure in the vectors' words.
const WORDS: &[(&str, &str)] = &[
    ("ath_mismatch", "dpop-ath"),
    ("ath_missing", "dpop-ath"),
    ("bad_signature", "dpop-signature"),
    ("htm_mismatch", "dpop-htm"),
    ("htu_mismatch", "dpop-htu"),
    ("iat_too_new", "dpop-iat"),
    ("iat_too_old", "dpop-iat"),
    ("jkt_mismatch", "dpop-jkt"),
    ("malformed_header", "header-duplicate"),
];

#[test]
fn the_rfcs_proofs_hold() {
    let Some(folder) = crate::data("webhooks") else { return };
    let file: Value = serde_json::from_slice(&std::fs::read(folder.join("rfc9449-dpop.json")).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let vectors = file["vectors"].as_array().unwrap();
    let mut judged = 0;
    for vector in vectors.iter().filter(|vector| vector["scheme"] == "dpop") {
        let kind = if vector["access_token"].is_null() { "none" } else { "opaque" };
        let headers: Vec<_> =
            vector["headers"].as_object().unwrap().iter().map(|(name, value)| (name.clone(), text(value))).collect();
        let (method, url) = (text(&vector["method"]), text(&vector["url"]));
        let told = with!(Check::at(vector["now"].as_i64().unwrap()); jkt: Some(text(&vector["expected_jkt"])));
        let verdict = gate(json!({ "accessToken": kind })).check(&Request::new(&method, &url, &headers, b""), &told);
        let word = vector["expected"]["error"].as_str();
        let code = word.map(|word| WORDS.iter().find(|(known, _)| *known == word).expect(word).1);
        assert_eq!(codes(&verdict), set(code.unwrap_or_default()), "{}: {}", vector["name"], verdict.to_json());
        assert_eq!(verdict.verdict == Outcome::Accept, word.is_none(), "{}", vector["name"]);
        judged += 1;
    }
    // The RFC's JWT access token is bound to the key of its proofs, though no proof is for it.
    let parse_only = &vectors.iter().find(|vector| vector["scheme"] == "jwt").unwrap()["jwt"];
    let resource = vectors.iter().find(|vector| vector["name"] == "resource-request").unwrap();
    let headers = [
        ("dpop".to_owned(), text(&resource["headers"]["DPoP"])),
        ("authorization".to_owned(), format!("DPoP {}", text(parse_only))),
    ];
    let (url, told) = (text(&resource["url"]), Check::at(1_562_262_618));
    let verdict = gate(json!({ "accessToken": "jwt", "maxTokenSeconds": 3600 }))
        .check(&Request::new("GET", &url, &headers, b""), &told);
    assert_eq!(codes(&verdict), set("dpop-ath"));
    let verdict = gate(json!({ "accessToken": "jwt", "maxTokenSeconds": 900 }))
        .check(&Request::new("GET", &url, &headers, b""), &told);
    assert_eq!(codes(&verdict), set("dpop-ath dpop-exp"));
    assert_eq!(judged + 1, vectors.len());
}

#[test]
fn a_good_proof_passes_and_names_its_key() {
    let verdict = check(&gate(json!({})), &[("DPoP", &proof(json!({}), json!({})))], &now());
    assert_eq!(verdict.verdict, Outcome::Accept, "{}", verdict.to_json());
    assert_eq!(verdict.signature.as_ref().unwrap().key, thumbprint());
    let key = verdict.replay.as_ref().unwrap().key.clone();
    let again = check(&gate(json!({})), &[("DPoP", &proof(json!({}), json!({})))], &with!(now(); seen: [key].into()));
    assert_eq!(codes(&again), set("replayed"));
}

#[test]
fn ed25519_proofs_hold_too() {
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let x = BASE64URL_NOPAD.encode(key.verifying_key().as_bytes());
    // Two names of one algorithm (RFC 9864); a contract says which it takes.
    for algorithm in ["EdDSA", "Ed25519"] {
        let header = json!({ "typ": "dpop+jwt", "alg": algorithm, "jwk": { "kty": "OKP", "crv": "Ed25519", "x": x } });
        let claims = json!({ "jti": "id-1", "htm": "GET", "htu": URL, "iat": NOW });
        let input = format!("{}.{}", encoded(&header), encoded(&claims));
        let signature = ed25519_dalek::Signer::sign(&key, input.as_bytes());
        let good = format!("{input}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes()));
        let of = |accepted: &str| gate(json!({ "algorithms": [accepted] }));
        assert_eq!(codes(&check(&of(algorithm), &[("dpop", &good)], &now())), set(""));
        assert_eq!(codes(&check(&of("ES256"), &[("dpop", &good)], &now())), set("dpop-alg"));
    }
}

#[test]
fn one_wrong_claim_one_code() {
    let mut private = jwk();
    private["d"] = json!("AAAA");
    let mut encrypts = jwk();
    encrypts["use"] = json!("enc");
    let mut signs = jwk();
    signs["key_ops"] = json!(["sign"]);
    let mut short = jwk();
    short["x"] = json!("AAAA");
    // The same point, cut in another place: another text, and another thumbprint.
    let part = |name: &str| BASE64URL_NOPAD.decode(jwk()[name].as_str().unwrap().as_bytes()).unwrap();
    let (x, y) = (part("x"), part("y"));
    let mut shifted = jwk();
    shifted["x"] = json!(BASE64URL_NOPAD.encode(&x[..31]));
    shifted["y"] = json!(BASE64URL_NOPAD.encode(&[&x[31..], &y].concat()));
    let long = "j".repeat(300);
    let wrong = [
        (json!({ "typ": null }), json!({}), "dpop-typ"),
        (json!({ "typ": "JWT" }), json!({}), "dpop-typ"),
        (json!({ "typ": "text/dpop+jwt" }), json!({}), "dpop-typ"),
        (json!({ "typ": "application/application/dpop+jwt" }), json!({}), "dpop-typ"),
        (json!({ "typ": null, "cty": "application/dpop+jwt" }), json!({}), "dpop-typ"),
        (json!({ "alg": "none" }), json!({}), "dpop-alg"),
        (json!({ "alg": "HS256" }), json!({}), "dpop-alg"),
        (json!({ "alg": "RS256" }), json!({}), "dpop-alg"),
        (json!({ "alg": "es256" }), json!({}), "dpop-alg"),
        (json!({ "alg": ["ES256"] }), json!({}), "dpop-alg"),
        (json!({ "alg": "EdDSA" }), json!({}), "dpop-jwk"),
        (json!({ "jwk": null }), json!({}), "dpop-jwk"),
        (json!({ "jwk": "key" }), json!({}), "dpop-jwk"),
        (json!({ "jwk": private }), json!({}), "dpop-jwk"),
        (json!({ "jwk": { "kty": "oct", "k": "AAAA" } }), json!({}), "dpop-jwk"),
        (json!({ "jwk": encrypts }), json!({}), "dpop-jwk"),
        (json!({ "jwk": signs }), json!({}), "dpop-jwk"),
        (json!({ "jwk": short }), json!({}), "dpop-jwk"),
        (json!({ "jwk": shifted }), json!({}), "dpop-jwk"),
        (json!({ "crit": ["b64"], "b64": false }), json!({}), "signature-unsupported"),
        (json!({}), json!({ "htm": null }), "dpop-htm"),
        (json!({}), json!({ "htm": "POST" }), "dpop-htm"),
        (json!({}), json!({ "htm": "get" }), "dpop-htm"),
        (json!({}), json!({ "htu": null }), "dpop-htu"),
        (json!({}), json!({ "htu": 7 }), "dpop-htu"),
        (json!({}), json!({ "htu": "/orders/7" }), "dpop-htu"),
        (json!({}), json!({ "htu": "https://api.example.org/orders/7?a=1" }), "dpop-htu"),
        (json!({}), json!({ "htu": "https://api.example.org/orders/7#" }), "dpop-htu"),
        (json!({}), json!({ "htu": "https://api.example.org/orders/7/" }), "dpop-htu"),
        (json!({}), json!({ "htu": "https://api.example.org/Orders/7" }), "dpop-htu"),
        (json!({}), json!({ "htu": "https://api.example.org:8443/orders/7" }), "dpop-htu"),
        (json!({}), json!({ "htu": "http://api.example.org/orders/7" }), "dpop-htu"),
        (json!({}), json!({ "htu": "https://api.example.org@evil.example/orders/7" }), "dpop-htu"),
        (json!({}), json!({ "iat": null }), "dpop-iat"),
        (json!({}), json!({ "iat": NOW.to_string() }), "dpop-iat"),
        (json!({}), json!({ "iat": 1_717_029_699.5 }), "dpop-iat"),
        (json!({}), json!({ "iat": -1 }), "dpop-iat"),
        (json!({}), json!({ "iat": 253_402_300_800_i64 }), "dpop-iat"),
        (json!({}), json!({ "iat": NOW - 301 }), "dpop-iat"),
        (json!({}), json!({ "iat": NOW + 301 }), "dpop-iat"),
        (json!({}), json!({ "jti": null }), "dpop-jti"),
        (json!({}), json!({ "jti": "" }), "dpop-jti"),
        (json!({}), json!({ "jti": 7 }), "dpop-jti"),
        (json!({}), json!({ "jti": long }), "dpop-jti"),
    ];
    let gate = gate(json!({}));
    for (header, claims, code) in wrong {
        let verdict = check(&gate, &[("dpop", &proof(header.clone(), claims.clone()))], &now());
        assert_eq!(codes(&verdict), set(code), "{header} {claims}: {}", verdict.to_json());
        assert_eq!(verdict.verdict, Outcome::Reject, "{header} {claims}");
    }
    for same in ["application/dpop+jwt", "DPoP+JWT"] {
        let verdict = check(&gate, &[("dpop", &proof(json!({ "typ": same }), json!({})))], &now());
        assert_eq!(verdict.verdict, Outcome::Accept, "{same}");
    }
    let all = check(&gate, &[("dpop", &proof(json!({ "typ": "JWT" }), json!({ "htm": "PUT", "jti": "" })))], &now());
    assert_eq!(codes(&all), set("dpop-typ dpop-htm dpop-jti"));
}

#[test]
fn a_url_has_many_spellings() {
    let gate = gate(json!({}));
    for htu in [
        "HTTPS://API.example.ORG:443/orders/7",
        "https://api.example.org/%6frders/./x/../7",
        "https://api.example.org:/orders/%37",
    ] {
        let verdict = check(&gate, &[("dpop", &proof(json!({}), json!({ "htu": htu })))], &now());
        assert_eq!(codes(&verdict), set(""), "{htu}");
    }
    // A bare target is completed from the gate's origin, never from a Host header beside it.
    let options = with!(Options::default(); origin: Some("https://api.example.org".into()));
    let behind = Gate::compile(&contract(json!({})).to_string(), options).unwrap();
    let headers = [("dpop".to_owned(), proof(json!({}), json!({}))), ("host".to_owned(), "inner:8080".to_owned())];
    let request = Request::new("GET", "/orders/7?a=1", &headers, b"");
    assert_eq!(codes(&behind.check(&request, &now())), set(""));
    assert_eq!(codes(&gate.check(&request, &now())), set("dpop-htu"));
    assert_eq!(codes(&gate.check(&Request::new("GET", "/orders/7", &headers[..1], b""), &now())), set("dpop-htu"));
}

#[test]
fn no_proof_is_too_strange() {
    let gate = gate(json!({}));
    let good = proof(json!({}), json!({}));
    let (input, signature) = good.rsplit_once('.').unwrap();
    let header = input.split_once('.').unwrap().0;
    let twice =
        BASE64URL_NOPAD.encode(format!(r#"{{"jti":"a","jti":"b","htm":"GET","htu":"{URL}","iat":{NOW}}}"#).as_bytes());
    let deep = BASE64URL_NOPAD.encode("[".repeat(20_000).as_bytes());
    let strange = [
        (String::new(), "signature-missing"),
        ("x".into(), "signature-malformed"),
        ("..".into(), "signature-malformed"),
        (input.into(), "signature-malformed"),
        (format!("{input}."), "signature-malformed"),
        (format!("{good}."), "signature-malformed"),
        (format!("{good}.a.b"), "signature-malformed"),
        (format!("{good}="), "signature-malformed"),
        (format!(" {good}"), "signature-malformed"),
        (format!("{header}.{}.{signature}", encoded(&json!([]))), "signature-malformed"),
        (signed(&format!("{header}.{twice}")), "signature-malformed"),
        (signed(&format!("{header}.{deep}")), "signature-malformed"),
        (
            format!("{header}.{}.{signature}", encoded(&json!({ "jti": "x", "htm": "GET", "htu": URL, "iat": NOW }))),
            "dpop-signature",
        ),
        (format!("{input}.AAAA"), "dpop-signature"),
        (format!("{input}.{}", "A".repeat(86)), "dpop-signature"),
        (format!("{good},{good}"), "header-duplicate"),
        ("a".repeat(500_000), "limit-header-bytes"),
    ];
    for (value, code) in strange {
        let verdict = check(&gate, &[("dpop", &value)], &now());
        assert_eq!(codes(&verdict), set(code), "{:?}", value.get(..80));
    }
    assert_eq!(codes(&check(&gate, &[], &now())), set("signature-missing"));
    assert_eq!(codes(&check(&gate, &[("dpop", &good), ("DPoP", &good)], &now())), set("header-duplicate"));
}

#[test]
fn a_token_is_bound_to_the_proof() {
    let token = |claims: &Value| format!("{}.{}.c2ln", encoded(&json!({ "alg": "ES256" })), encoded(claims));
    let with = |token: &str| {
        let ath = BASE64URL_NOPAD.encode(&Sha256::digest(token));
        [
            ("dpop".to_owned(), proof(json!({}), json!({ "ath": ath }))),
            ("authorization".to_owned(), format!("DPoP {token}")),
        ]
    };
    let good = json!({ "exp": NOW + 900, "cnf": { "jkt": thumbprint() }, "scope": "read write" });
    let jwt = gate(json!({ "accessToken": "jwt", "maxTokenSeconds": 900, "scopes": ["read", "write", "list"] }));
    let over = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        token(&claims)
    };
    let cases = [
        (token(&good), ""),
        (over("exp", json!(NOW + 901)), "dpop-exp"),
        (over("exp", json!(NOW)), "dpop-exp"),
        (over("exp", json!(null)), "dpop-exp"),
        (over("exp", json!("later")), "dpop-exp"),
        (over("cnf", json!(null)), "dpop-jkt"),
        (over("cnf", json!({ "jkt": "other" })), "dpop-jkt"),
        (over("scope", json!(null)), "dpop-scope"),
        (over("scope", json!(" ")), "dpop-scope"),
        (over("scope", json!("read admin")), "dpop-scope"),
        (over("scope", json!(["read"])), "dpop-scope"),
        ("opaque".into(), "dpop-jkt"),
        ("not a token".into(), "dpop-ath"),
    ];
    for (token, code) in cases {
        let verdict = jwt.check(&Request::new("GET", URL, &with(&token), b""), &now());
        assert_eq!(codes(&verdict), set(code), "{}", verdict.to_json());
        assert!(!verdict.to_json().contains(&token));
    }
    let opaque = gate(json!({ "accessToken": "opaque" }));
    let bare = proof(json!({}), json!({}));
    let bound = with!(now(); jkt: Some(thumbprint()));
    assert_eq!(codes(&check(&opaque, &[("dpop", &bare)], &bound)), set("dpop-ath"));
    assert_eq!(codes(&check(&opaque, &[("dpop", &bare), ("authorization", "DPoP secret")], &bound)), set("dpop-ath"));
    assert_eq!(codes(&check(&opaque, &[("dpop", &bare), ("authorization", "Bearer secret")], &bound)), set("dpop-ath"));
    let twice = [("dpop", bare.as_str()), ("authorization", "DPoP a"), ("authorization", "DPoP b")];
    assert_eq!(codes(&check(&opaque, &twice, &bound)), set("header-duplicate"));
    // RFC 9449, section 7.1: a token that was stolen passes under no other key, and unless the caller says which is its
    // own, under none.
    let good = proof(json!({}), json!({ "ath": BASE64URL_NOPAD.encode(&Sha256::digest("secret")) }));
    let headers = [("dpop", good.as_str()), ("authorization", "DPoP secret")];
    assert_eq!(codes(&check(&opaque, &headers, &bound)), set(""));
    assert_eq!(codes(&check(&opaque, &headers, &now())), set("dpop-jkt"));
    assert_eq!(codes(&check(&opaque, &headers, &with!(now(); jkt: Some(String::new())))), set("dpop-jkt"));
}

#[test]
fn a_nonce_and_a_key_may_be_asked_for() {
    let gate = gate(json!({ "nonce": true }));
    let told = with!(now(); nonces: vec!["n-0".into(), "n-1".into()], jkt: Some(thumbprint()));
    for (claims, code) in [
        (json!({ "nonce": "n-1" }), ""),
        (json!({ "nonce": "n-2" }), "dpop-nonce"),
        (json!({ "nonce": 1 }), "dpop-nonce"),
        (json!({}), "dpop-nonce"),
    ] {
        assert_eq!(codes(&check(&gate, &[("dpop", &proof(json!({}), claims.clone()))], &told)), set(code), "{claims}");
    }
    let other = with!(told; jkt: Some("other".into()));
    assert_eq!(
        codes(&check(&gate, &[("dpop", &proof(json!({}), json!({ "nonce": "n-0" })))], &other)),
        set("dpop-jkt")
    );
}

/// The vectors carry no `jwk`, so none may pass; and no signature of theirs may verify for us.
#[test]
fn wycheproofs_signatures_do_not_pass() {
    let Some(folder) = crate::data("webhooks/wycheproof") else { return };
    let file = std::fs::read(folder.join("json_web_signature_test.json")).unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    let gate = gate(json!({ "algorithms": ["ES256", "RS256"] }));
    let mut grafted = 0;
    for group in file["testGroups"].as_array().unwrap() {
        for test in group["tests"].as_array().unwrap() {
            let jws = test["jws"].as_str().map_or_else(|| test["jws"].to_string(), str::to_owned);
            assert_eq!(check(&gate, &[("dpop", &jws)], &now()).verdict, Outcome::Reject, "{test}");
            let public = &group["public"];
            let jwk = match public["alg"].as_str() {
                Some("ES256") => json!({ "kty": "EC", "crv": "P-256", "x": public["x"], "y": public["y"] }),
                Some("RS256") => json!({ "kty": "RSA", "n": public["n"], "e": public["e"] }),
                _ => continue,
            };
            let header = json!({ "typ": "dpop+jwt", "alg": public["alg"], "jwk": jwk });
            let claims = json!({ "jti": "id-1", "htm": "GET", "htu": URL, "iat": NOW });
            let signature = jws.rsplit('.').next().unwrap();
            let proof = format!("{}.{}.{signature}", encoded(&header), encoded(&claims));
            let verdict = check(&gate, &[("dpop", &proof)], &now());
            let found = codes(&verdict);
            let ours = ["dpop-signature", "signature-malformed"].iter().any(|code| found.contains(*code));
            assert!(found.len() == 1 && (ours || found.contains("header-duplicate")), "{test}: {found:?}");
            grafted += 1;
        }
    }
    assert_eq!(grafted, 272);
}

/// Whatever one does to a proof, it is judged, and it does not pass.
#[test]
fn noise_never_passes() {
    let gate = gate(json!({}));
    let good = proof(json!({}), json!({}));
    let mut next = crate::random();
    for _ in 0..400 {
        let mut bytes = good.clone().into_bytes();
        crate::disturb(&mut bytes, b"{}[]\".,-_=0Ae", &mut next);
        let text = String::from_utf8(bytes).unwrap();
        let verdict = check(&gate, &[("dpop", &text)], &now());
        assert_eq!(verdict.verdict == Outcome::Accept, text == good, "{text}: {}", verdict.to_json());
    }
}

#[test]
fn a_contract_that_cannot_be_meant_is_refused() {
    let refused =
        |contract: &Value, keys: Vec<Key>| Gate::compile(&contract.to_string(), Options::with_keys(keys)).unwrap_err();
    let cases = [
        (json!({ "algorithms": [] }), "contract-signature", "/signature/algorithms"),
        (json!({ "algorithms": ["HS256"] }), "contract-grammar", "/signature/algorithms/0"),
        (json!({ "accessToken": "some" }), "contract-grammar", "/signature/accessToken"),
        (json!({ "maxTokenSeconds": 900 }), "contract-signature", "/signature/maxTokenSeconds"),
        (json!({ "scopes": ["a"] }), "contract-signature", "/signature/scopes"),
        (json!({ "accessToken": "jwt", "scopes": ["a b"] }), "contract-signature", "/signature/scopes"),
        (json!({ "key": {} }), "contract-grammar", "/signature/key"),
        (json!({ "engine": "jws" }), "contract-grammar", "/signature/engine"),
    ];
    for (engine, code, at) in cases {
        let error = refused(&contract(engine.clone()), vec![]);
        assert_eq!((error.code.as_str(), error.at.as_str()), (code, at), "{engine}: {}", error.message);
    }
    let mut stale = contract(json!({}));
    stale["freshness"] = json!(null);
    stale["replay"]["keepSeconds"] = json!(60);
    assert_eq!(refused(&stale, vec![]).code, "contract-freshness");
    stale["freshness"] = json!({ "field": "jti", "pastSeconds": 1, "futureSeconds": 1 });
    assert_eq!(refused(&stale, vec![]).code, "contract-freshness");
    let mut nonce = contract(json!({}));
    nonce["replay"]["key"] = json!(["field:nonce"]);
    assert_eq!(refused(&nonce, vec![]).code, "contract-replay");
    let key = Key::secret("a secret of some length");
    assert_eq!(refused(&contract(json!({})), vec![key]).code, "key-unused");
}

/// RFC 7636, Appendix B, and the bounds of section 4.1.
#[test]
fn a_pkce_verifier_is_its_challenge() {
    use countersign::pkce::verify;
    let challenge = |verifier: &str| BASE64URL_NOPAD.encode(&Sha256::digest(verifier));
    let right = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    assert!(verify(right, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    assert!(!verify(right, right) && !verify(right, "") && !verify(&challenge(right), &challenge(right)));
    assert!(!verify(right, &format!("{}=", challenge(right))));
    for (length, holds) in [(0, false), (42, false), (43, true), (128, true), (129, false)] {
        let verifier = "~".repeat(length);
        assert_eq!(verify(&verifier, &challenge(&verifier)), holds, "{length}");
    }
    let odd = format!("{}+", "a".repeat(43));
    assert!(!verify(&odd, &challenge(&odd)));
}
