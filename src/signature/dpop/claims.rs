//! What a proof says about its request (RFC 9449, section 4.2).

use serde_json::{Map, Value};

use super::jwt::numeric_date;
use super::uri;
use crate::finding::{Code, Finding, Stage};
use crate::request::Received;
use crate::signature::field::Fields;
use crate::time;

/// The longest `jti`. A UUID has 36 characters, and the `jti` becomes part of a key in the caller's store.
const MAX_JTI: usize = 256;

/// The well-formed claims, and a finding for each of the four required ones that is missing or malformed.
pub(super) fn read<'a>(claims: &Map<String, Value>) -> (Fields<'a>, Vec<Finding>) {
    let mut fields = Fields::default();
    let mut findings = Vec::new();
    let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let iat_of = |value| numeric_date(value).map(|iat| iat.begin).filter(|seconds| *seconds <= time::LAST_SECOND);
    match claims.get("iat").and_then(iat_of) {
        Some(seconds) => fields.put("iat", seconds.to_string()),
        None => {
            let message = "`iat` is missing, or not Unix seconds up to the year 9999";
            findings.push(iat(Stage::Signature, message).at("field:iat"));
        }
    }
    match text("jti").filter(|id| id.len() <= MAX_JTI) {
        Some(id) => fields.put("jti", id.to_owned()),
        None => {
            let message = format!("`jti` is missing, empty, no string, or longer than {MAX_JTI} bytes");
            findings.push(wrong(Code::DpopJti, message, "field:jti"));
        }
    }
    for name in ["htm", "htu", "ath", "nonce"] {
        if let Some(value) = text(name) {
            fields.put(name, value.to_owned());
        }
    }
    (fields, findings)
}

/// `nonces` are those that the server gave out, if the contract requires one of them.
pub(super) fn judge(
    claims: &Map<String, Value>,
    request: &Received<'_>,
    nonces: Option<&Vec<String>>,
) -> impl Iterator<Item = Finding> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let method = (text("htm") != Some(request.method)).then(|| {
        let message = "`htm` is not the request's method: the proof was made for another, or names none";
        wrong(Code::DpopHtm, message, "field:htm")
    });
    let target = text("htu").filter(|htu| !htu.contains(['?', '#'])).and_then(uri::normal);
    let url = uri::normal(&request.target.url());
    let target = (target.is_none() || target != url).then(|| {
        let message = match (target, url) {
            (None, _) => "`htu` is missing, or not an absolute http or https URL without query and fragment",
            (Some(_), None) => "the request's own URL is not known: it is a path, and there is no origin or Host",
            (Some(_), Some(_)) => "`htu` is not the request's URL: the proof was made for another",
        };
        wrong(Code::DpopHtu, message, "field:htu")
            .with("help", "behind a proxy, give the gate the public origin that clients call")
    });
    let nonce = nonces.filter(|nonces| !nonces.iter().any(|given| Some(given.as_str()) == text("nonce"))).map(|_| {
        let message = "`nonce` is missing, or not one that the server gave out";
        wrong(Code::DpopNonce, message, "field:nonce").with("help", "answer with `use_dpop_nonce` and a new DPoP-Nonce")
    });
    [method, target, nonce].into_iter().flatten()
}

/// The only place that raises `dpop-iat`: here for its form, by freshness for its window.
pub(crate) fn iat(stage: Stage, message: impl Into<String>) -> Finding {
    Finding::error(Code::DpopIat, stage, message)
}

fn wrong(code: Code, message: impl Into<String>, at: &str) -> Finding {
    Finding::error(code, Stage::Signature, message).at(at)
}
