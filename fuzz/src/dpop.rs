//! DPoP proofs: arbitrary headers, a good proof with its parts patched and signed anew, and a good proof with one
//! character changed. What passes must hold the RFC's conditions, read here without the crate.
//!
//! Choices: mode (patched, raw, one character), key, access token, nonce wanted, key given, and of the character
//! its header, place (two) and value. Lines: the URL; the Authorization (`{token}`); patched: header, claims and
//! token, each a JSON object that is merged over the good one (null takes away), or any text in its place; raw:
//! DPoP header lines (`{proof}`).

use countersign::{Check, Gate, Outcome, Request};
use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::signature::{Signer, Verifier};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::header_shapes::{ed25519_jwk, ed25519_key, p256_jwk, p256_key};
use super::input::{Input, with_one_changed};
use super::judge;
use super::query_canonical::decode;

const NOW: i64 = 1_717_030_000;
const URL: &str = "https://api.example.org/orders/7";
const NONCE: &str = "n-1";
const PRIVATE: [&str; 8] = ["d", "dp", "dq", "k", "oth", "p", "q", "qi"];

struct Setting {
    edwards: bool,
    token: &'static str,
    nonce: bool,
    key_given: bool,
    url: String,
}

pub fn run(data: &[u8]) {
    let mut input = Input::new(data);
    let mode = input.choose(3);
    let edwards = input.pick(&[false, true]);
    let token = input.pick(&["none", "opaque", "jwt"]);
    let (nonce, key_given) = (input.pick(&[false, true]), input.pick(&[false, true]));
    let (header, place) = (input.choose(2), input.choose(256) * 256 + input.choose(256));
    let by = char::from(input.choose(128) as u8);
    let setting = Setting { edwards, token, nonce, key_given, url: input.line_or(URL) };
    let authorization = input.line_or("DPoP {token}");
    match mode {
        0 => {
            let (header, claims, token) = (input.line(), input.line(), input.line());
            let token = setting.token(&token);
            let authorization = authorization.replace("{token}", &token);
            let proof = setting.proof(&authorization, &token, &header, &claims);
            let accepted = setting.judge(&[proof], &authorization, &token);
            let untouched = header.is_empty() && claims.is_empty() && token == setting.token("");
            if untouched && setting.url == URL && authorization == format!("DPoP {token}") {
                assert_eq!(accepted, setting.is_bound(), "a good proof");
            }
        }
        1 => {
            let token = setting.token("");
            let authorization = authorization.replace("{token}", &token);
            let good = setting.proof(&authorization, &token, "", "");
            let mut proofs = Vec::new();
            while !input.is_empty() && proofs.len() < 8 {
                proofs.push(input.line().replace("{proof}", &good));
            }
            let accepted = setting.judge(&proofs, &authorization, &token);
            assert!(!accepted || proofs == [good], "{proofs:?}");
        }
        _ => Setting { url: URL.into(), ..setting }.one_changed(header, place, by),
    }
}

impl Setting {
    /// Nothing in a proof or behind the scheme's name is free. Without a token nobody looks at Authorization.
    fn one_changed(&self, header: usize, place: usize, by: char) {
        let token = self.token("");
        let authorization = format!("DPoP {token}");
        let proof = self.proof(&authorization, &token, "", "");
        let ((proof, authorization), same) = match header {
            0 => {
                let (changed, differs) = with_one_changed(&proof, place, by);
                ((changed, authorization), !differs)
            }
            _ => {
                let (changed, differs) = with_one_changed(&authorization, place, by);
                let name = changed.split_once(' ').is_some_and(|(name, rest)| {
                    name.eq_ignore_ascii_case("dpop") && authorization.ends_with(&format!(" {rest}"))
                });
                let same = !differs || name || self.token == "none" && judge::is_header("authorization", &changed);
                ((proof, changed), same)
            }
        };
        let accepted = self.judge(std::slice::from_ref(&proof), &authorization, &token);
        assert_eq!(accepted, same && self.is_bound(), "{proof} {authorization}");
    }

    /// Of an opaque token the caller alone knows the key.
    fn is_bound(&self) -> bool {
        self.token != "opaque" || self.key_given
    }

    fn gate(&self) -> &'static Gate {
        let mut signature = json!({ "engine": "dpop", "algorithms": ["ES256", "EdDSA"], "accessToken": self.token,
            "nonce": self.nonce });
        if self.token == "jwt" {
            signature["maxTokenSeconds"] = json!(900);
            signature["scopes"] = json!(["read", "write"]);
        }
        let contract = json!({ "contract": "proofs", "version": 1, "signature": signature,
            "freshness": { "field": "iat", "pastSeconds": 300, "futureSeconds": 300 },
            "replay": { "key": ["field:jkt", "field:jti"], "onDuplicate": "reject" },
            "payload": { "format": "none" } });
        judge::gate(&contract, &[])
    }

    fn judge(&self, proofs: &[String], authorization: &str, token: &str) -> bool {
        let mut headers = judge::headers(&[("host", "api.example.org"), ("authorization", authorization)]);
        headers.extend(proofs.iter().map(|proof| ("DPoP".to_owned(), proof.clone())));
        let check = with!(Check::at(NOW); jkt: self.key_given.then(|| self.thumbprint()), nonces: vec!["n-0".into(), NONCE.into()]);
        let hidden: Vec<&str> = proofs.iter().map(String::as_str).chain([token]).collect();
        let verdict = judge::verdict(self.gate(), &Request::new("POST", &self.url, &headers, b""), &check, &hidden);
        let accepted = verdict.verdict == Outcome::Accept;
        if accepted {
            assert!(proofs.len() == 1 && headers.iter().all(|(name, value)| judge::is_header(name, value)));
            self.assert_conditions(&proofs[0], authorization);
            assert_eq!(verdict.signature.unwrap().key, thumbprint(&part(&proofs[0], 0).unwrap()["jwk"]));
        }
        accepted
    }

    /// RFC 9449, section 4.3, of a proof that passed.
    fn assert_conditions(&self, proof: &str, authorization: &str) {
        let (header, claims) = (part(proof, 0).unwrap(), part(proof, 1).unwrap());
        let typ = header["typ"].as_str().unwrap().to_ascii_lowercase();
        assert_eq!(typ.strip_prefix("application/").unwrap_or(&typ), "dpop+jwt");
        assert!(header.get("crit").is_none());
        assert!(verifies(proof, &header), "{proof}");
        assert!(PRIVATE.iter().all(|name| header["jwk"].get(name).is_none()), "{header}");
        assert!(claims["jti"].as_str().is_some_and(|id| !id.is_empty() && id.len() <= 256), "{claims}");
        assert_eq!(claims["htm"], "POST");
        assert!((NOW - 300..=NOW + 300).contains(&(claims["iat"].as_f64().unwrap().floor() as i64)), "{claims}");
        let htu = claims["htu"].as_str().unwrap();
        assert!(!htu.contains(['?', '#']), "{htu}");
        let url =
            if self.url.starts_with('/') { format!("https://api.example.org{}", self.url) } else { self.url.clone() };
        assert!(same_url(htu, url.split(['?', '#']).next().unwrap()), "{htu} for {url}");
        assert!(!self.nonce || ["n-0", NONCE].iter().any(|given| claims["nonce"] == *given), "{claims}");
        assert!(!self.key_given || thumbprint(&header["jwk"]) == self.thumbprint(), "{header}");
        if self.token != "none" {
            let token = authorization.split_once(' ').unwrap().1.trim_start_matches(' ');
            assert_eq!(claims["ath"], BASE64URL_NOPAD.encode(&Sha256::digest(token)));
        }
        if self.token == "jwt" {
            let token = part(authorization.rsplit(' ').next().unwrap(), 1).unwrap();
            assert_eq!(token["cnf"]["jkt"], thumbprint(&header["jwk"]));
            assert!((NOW + 1..=NOW + 900).contains(&(token["exp"].as_f64().unwrap().ceil() as i64)), "{token}");
            let scope = token.get("scope").map_or("", |scope| scope.as_str().unwrap());
            assert!(scope.split_ascii_whitespace().all(|word| ["read", "write"].contains(&word)), "{token}");
        }
    }

    fn jwk(&self) -> Value {
        if self.edwards { ed25519_jwk() } else { p256_jwk() }
    }

    fn thumbprint(&self) -> String {
        thumbprint(&self.jwk())
    }

    /// An access token: any text, or a JWT with a patch over its claims. Its own signature is nobody's here.
    fn token(&self, patch: &str) -> String {
        if self.token != "jwt" {
            return if patch.is_empty() { "an-opaque-access-token".into() } else { patch.to_owned() };
        }
        let claims = json!({ "cnf": { "jkt": self.thumbprint() }, "exp": NOW + 600, "scope": "read" });
        let header = BASE64URL_NOPAD.encode(br#"{"alg":"ES256"}"#);
        format!("{header}.{}.AAAA", BASE64URL_NOPAD.encode(patched(claims, patch).as_bytes()))
    }

    fn proof(&self, authorization: &str, token: &str, header: &str, claims: &str) -> String {
        let alg = if self.edwards { "EdDSA" } else { "ES256" };
        let sent = authorization.split_once(' ').map_or(token, |(_, token)| token);
        let ath = BASE64URL_NOPAD.encode(&Sha256::digest(sent));
        let header = patched(json!({ "typ": "dpop+jwt", "alg": alg, "jwk": self.jwk() }), header);
        let claims = patched(
            json!({ "jti": "id-1", "htm": "POST", "htu": URL, "iat": NOW, "ath": ath, "nonce": NONCE }),
            claims,
        );
        let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        let text = format!("{}.{}", encode(&header), encode(&claims));
        let signature = match self.edwards {
            true => ed25519_dalek::Signer::sign(ed25519_key(), text.as_bytes()).to_bytes().to_vec(),
            false => {
                let signature: p256::ecdsa::Signature = p256_key().sign(text.as_bytes());
                signature.to_bytes().to_vec()
            }
        };
        format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

fn patched(mut base: Value, patch: &str) -> String {
    match serde_json::from_str::<Value>(patch) {
        Ok(Value::Object(members)) => {
            for (name, value) in members {
                match value {
                    Value::Null => drop(base.as_object_mut().unwrap().remove(&name)),
                    Value::Object(inner) if base[&name].is_object() => {
                        base[&name].as_object_mut().unwrap().extend(inner)
                    }
                    value => base[&name] = value,
                }
            }
            base.to_string()
        }
        _ if patch.is_empty() => base.to_string(),
        // After a `+`: members behind the good ones, which may then stand twice.
        _ => match patch.strip_prefix('+') {
            Some(more) => format!("{},{more}}}", base.to_string().trim_end_matches('}')),
            None => patch.to_owned(),
        },
    }
}

fn part(proof: &str, index: usize) -> Option<Value> {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(proof.split('.').nth(index)?.as_bytes()).ok()?).ok()
}

fn verifies(proof: &str, header: &Value) -> bool {
    let member = |name: &str| BASE64URL_NOPAD.decode(header["jwk"][name].as_str().unwrap_or("").as_bytes()).unwrap();
    let (text, signature) = proof.rsplit_once('.').unwrap();
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    match header["alg"].as_str() {
        Some("ES256") => {
            let point = [vec![4], member("x"), member("y")].concat();
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap();
            key.verify(text.as_bytes(), &p256::ecdsa::Signature::from_slice(&signature).unwrap()).is_ok()
        }
        Some("EdDSA") => {
            let key = ed25519_dalek::VerifyingKey::from_bytes(&member("x").try_into().unwrap()).unwrap();
            let signature = ed25519_dalek::Signature::from_slice(&signature).unwrap();
            key.verify_strict(text.as_bytes(), &signature).is_ok()
        }
        _ => false,
    }
}

/// RFC 7638.
fn thumbprint(jwk: &Value) -> String {
    let canonical = match jwk.get("y") {
        Some(y) if jwk["kty"] == "EC" => {
            format!(r#"{{"crv":{},"kty":{},"x":{},"y":{y}}}"#, jwk["crv"], jwk["kty"], jwk["x"])
        }
        _ => format!(r#"{{"crv":{},"kty":{},"x":{}}}"#, jwk["crv"], jwk["kty"], jwk["x"]),
    };
    BASE64URL_NOPAD.encode(&Sha256::digest(canonical))
}

/// Never true of two URLs that differ in more than RFC 3986, section 6.2, allows; dot segments are left out.
fn same_url(a: &str, b: &str) -> bool {
    let parts = |url: &str| {
        let (scheme, rest) = url.split_once("://").unwrap();
        let scheme = scheme.to_ascii_lowercase();
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let authority = String::from_utf8_lossy(&decode(authority.replace('+', "%2B").as_bytes())).to_ascii_lowercase();
        let port = if scheme == "https" { ":443" } else { ":80" };
        let host = authority.strip_suffix(port).or(authority.strip_suffix(':')).unwrap_or(&authority).to_owned();
        let path = decode(path.replace('+', "%2B").as_bytes());
        let dots = path.contains(&b'.');
        (scheme, host, if dots || path == b"/" { vec![] } else { path })
    };
    let (a, b) = (parts(a), parts(b));
    a.0 == b.0 && a.1 == b.1 && (a.2 == b.2 || a.2.is_empty() || b.2.is_empty())
}
