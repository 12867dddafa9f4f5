//! The access token that comes with a proof (RFC 9449, sections 6 and 7). Checking the token's own signature is up
//! to the resource server; here its binding to the proof's key, its lifetime and its scope are checked.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::judge_cty;
use super::jwt::{Jwt, numeric_date};
use crate::check::Check;
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{AccessToken, Method};
use crate::request::{Received, duplicate_header};

const HEADER: &str = "authorization";

/// The `at` of findings about the token.
const AT: &str = "header:authorization";

#[derive(Debug)]
pub(super) struct Rules {
    pub kind: AccessToken,
    /// How far ahead `exp` may be.
    pub max_seconds: Option<i64>,
    /// The only scopes that the token's `scope` may contain.
    pub scopes: Option<Vec<String>>,
    /// By method, the scopes of which the token must hold one.
    pub required_scopes: BTreeMap<Method, Vec<String>>,
    /// What `cty` of the token and of its proof says, if it is there.
    pub cty: Option<String>,
}

/// `thumbprint` is that of the proof's key, if the proof has one that can be read.
pub(super) fn judge(
    rules: &Rules,
    claims: &Map<String, Value>,
    thumbprint: Option<&str>,
    request: &Received<'_>,
    check: &Check,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let (Some(expected), Some(thumbprint)) = (&check.jkt, thumbprint)
        && expected != thumbprint
    {
        findings.push(other_key("the proof's key is not the one that the access token is bound to"));
    }
    if rules.kind == AccessToken::Opaque && check.jkt.is_none() {
        let message =
            "the access token is opaque: it does not say which key it is bound to, and the check was given no `jkt`";
        let help = "give the check `jkt`, the thumbprint that the token is bound to, such as `cnf.jkt` of its introspection \
                    (RFC 9449, section 6.2); on the command line `--jkt`";
        findings.push(other_key(message).with("help", help));
    }
    if rules.kind == AccessToken::None {
        return findings;
    }
    let token = match bearer(request) {
        Ok(token) => token,
        Err(finding) => {
            findings.push(finding);
            return findings;
        }
    };
    let hash = BASE64URL_NOPAD.encode(&Sha256::digest(token));
    if claims.get("ath").and_then(Value::as_str) != Some(hash.as_str()) {
        findings
            .push(no_token("`ath` is not the hash of the access token: the proof was made for another", "field:ath"));
    }
    if rules.kind == AccessToken::Jwt {
        match Jwt::parse(token) {
            Some(token) => {
                findings.extend(rules.cty.as_deref().and_then(|cty| judge_cty(&token, cty, "the access token", AT)));
                findings.extend(judge_jwt(rules, &token.claims, thumbprint, request.method, check.now));
            }
            None => findings.push(other_key("the access token is no JWT, so nothing in it names a key")),
        }
    }
    findings
}

/// `Authorization: DPoP TOKEN`, with a token in the alphabet of RFC 6750.
fn bearer<'a>(request: &Received<'a>) -> Result<&'a str, Finding> {
    let header = request.header(HEADER).map_err(|_| duplicate_header(Stage::Signature, HEADER))?;
    let (scheme, token) = header.and_then(|header| header.split_once(' ')).unwrap_or_default();
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    let bare = token.trim_start_matches(' ').trim_end_matches('=');
    match scheme.eq_ignore_ascii_case("dpop") && !bare.is_empty() && bare.bytes().all(alphabet) {
        true => Ok(token.trim_start_matches(' ')),
        false => Err(no_token("there is no `Authorization: DPoP` with one access token", AT)),
    }
}

fn judge_jwt(
    rules: &Rules,
    token: &Map<String, Value>,
    thumbprint: Option<&str>,
    method: &str,
    now: i64,
) -> Vec<Finding> {
    let bound = token.get("cnf").and_then(|confirmation| confirmation.get("jkt")).and_then(Value::as_str);
    let key = match (bound, thumbprint) {
        (None, _) => Some(other_key("the access token has no `cnf.jkt`: it is bound to no key")),
        (Some(bound), Some(thumbprint)) if bound != thumbprint => {
            Some(other_key("`cnf.jkt` of the access token is not the thumbprint of the proof's key"))
        }
        _ => None,
    };
    key.into_iter().chain(judge_life(rules, token, now)).chain(judge_scope(rules, token, method)).collect()
}

fn judge_life(rules: &Rules, token: &Map<String, Value>, now: i64) -> Option<Finding> {
    let wrong = |message: String| Finding::error(Code::DpopExp, Stage::Signature, message).at(AT);
    // A token that expires at 100.5 is valid at 100 and not at 101.
    let Some(exp) = token.get("exp").and_then(numeric_date).map(|exp| exp.end) else {
        return Some(wrong("`exp` of the access token is missing, or not Unix seconds".into()));
    };
    let left = exp.saturating_sub(now);
    match rules.max_seconds {
        _ if left <= 0 => Some(wrong("the access token has expired".into()).with("got", left)),
        Some(allowed) if left > allowed => {
            let message = format!("the access token lives for another {left} s, and the contract allows {allowed} s");
            Some(wrong(message).with("got", left).with("allowed", allowed))
        }
        _ => None,
    }
}

/// RFC 6749, section 3.3. Where the contract names scopes, a token has some: none but those, and one for the method.
fn judge_scope(rules: &Rules, token: &Map<String, Value>, method: &str) -> Option<Finding> {
    let allowed = rules.scopes.as_ref()?;
    let scope = match token.get("scope") {
        Some(Value::String(scope)) => scope.as_str(),
        None => "",
        Some(_) => return Some(scope_finding("`scope` of the access token is no string".into())),
    };
    let words: Vec<&str> = scope.split(' ').filter(|word| !word.is_empty()).collect();
    let excess = words.iter().filter(|word| !allowed.iter().any(|known| known == *word)).count();
    let required = rules.required_scopes.iter().find(|(of, _)| of.name() == method).map(|(_, scopes)| scopes);
    if words.is_empty() && !allowed.is_empty() {
        let message = "the access token has no `scope`: it says nothing of what it may do";
        return Some(scope_finding(message.into()).with("allowed", required.unwrap_or(allowed).join(" ")));
    }
    if excess > 0 {
        let message = format!("`scope` of the access token holds {excess} that the contract does not list");
        return Some(scope_finding(message).with("got", excess).with("allowed", allowed.join(" ")));
    }
    let missing = required.filter(|scopes| !scopes.iter().any(|scope| words.contains(&scope.as_str())));
    missing.map(|scopes| {
        let message = format!("`scope` of the access token does not allow {method}: it needs {}", scopes.join(" or "));
        scope_finding(message).with("allowed", scopes.join(" "))
    })
}

/// The only place that raises `dpop-scope`.
fn scope_finding(message: String) -> Finding {
    Finding::error(Code::DpopScope, Stage::Signature, message).at(AT)
}

fn other_key(message: &str) -> Finding {
    Finding::error(Code::DpopJkt, Stage::Signature, message).at("field:jkt")
}

fn no_token(message: &str, at: &str) -> Finding {
    Finding::error(Code::DpopAth, Stage::Signature, message).at(at)
}
