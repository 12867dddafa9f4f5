//! The parameters of one signature (RFC 9421, section 2.3), each read strictly.

use super::structured::{self, Bare, Parameters};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::SignatureParameter;
use crate::time::LAST_SECOND;

/// The parameters that are present.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub alg: Option<String>,
    pub created: Option<i64>,
    pub expires: Option<i64>,
    pub keyid: Option<String>,
    pub nonce: Option<String>,
    pub tag: Option<String>,
}

/// What can be read, and what is wrong with the rest. The parameters in `required` must be present.
pub(super) fn read(parameters: &Parameters, required: &[SignatureParameter]) -> (Read, Vec<Finding>) {
    let mut read = Read::default();
    let mut findings = Vec::new();
    if let Some(name) = structured::repeated(parameters) {
        findings.push(parameter(format!("`{name}` stands twice; two readers may pick two different ones")));
    }
    for (name, value) in parameters {
        let text = match value {
            Bare::Text(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        let seconds = match value {
            Bare::Integer(seconds) if (0..=LAST_SECOND).contains(seconds) => Some(*seconds),
            _ => None,
        };
        let known = match name.as_str() {
            "alg" => &mut read.alg,
            "created" => {
                read.created = seconds;
                findings.extend(seconds.is_none().then(|| created(Stage::Signature, NO_TIME.replace('$', name))));
                continue;
            }
            "expires" => {
                read.expires = seconds;
                findings.extend(seconds.is_none().then(|| expires(NO_TIME.replace('$', name))));
                continue;
            }
            "keyid" => &mut read.keyid,
            "nonce" => &mut read.nonce,
            "tag" => &mut read.tag,
            _ => {
                findings.push(parameter("a parameter is none of alg, created, expires, keyid, nonce and tag".into()));
                continue;
            }
        };
        findings.extend(text.is_none().then(|| parameter(format!("`{name}` is empty or no string"))));
        *known = text;
    }
    findings.extend(missing(parameters, required));
    (read, findings)
}

const NO_TIME: &str = "`$` is not Unix seconds as a whole number up to the year 9999";

fn missing(parameters: &Parameters, required: &[SignatureParameter]) -> impl Iterator<Item = Finding> {
    let absent = required.iter().filter(|wanted| !parameters.iter().any(|(name, _)| name == wanted.name()));
    absent.map(|wanted| {
        let message = format!("`{}` is missing, and the contract asks for it", wanted.name());
        match wanted {
            SignatureParameter::Created => created(Stage::Signature, message),
            SignatureParameter::Expires => expires(message),
            _ => parameter(message),
        }
    })
}

/// A finding if the signature has expired, or its `expires` is not after its `created`.
pub(super) fn judge_end(read: &Read, now: i64) -> Option<Finding> {
    let end = read.expires?;
    match read.created {
        Some(start) if end <= start => Some(expires("`expires` is not after `created`".into())),
        _ if end <= now => {
            let message = format!("the signature expired {} s ago", now.saturating_sub(end));
            Some(expires(message).with("got", now.saturating_sub(end)))
        }
        _ => None,
    }
}

/// The only place that raises `httpsig-created`: here for its form, by freshness for its window.
pub(crate) fn created(stage: Stage, message: impl Into<String>) -> Finding {
    Finding::error(Code::HttpsigCreated, stage, message)
}

fn expires(message: String) -> Finding {
    Finding::error(Code::HttpsigExpires, Stage::Signature, message)
}

/// The only place that raises `httpsig-parameter`.
pub(super) fn parameter(message: String) -> Finding {
    Finding::error(Code::HttpsigParameter, Stage::Signature, message)
}

impl SignatureParameter {
    pub fn name(self) -> &'static str {
        match self {
            SignatureParameter::Alg => "alg",
            SignatureParameter::Created => "created",
            SignatureParameter::Expires => "expires",
            SignatureParameter::Keyid => "keyid",
            SignatureParameter::Nonce => "nonce",
            SignatureParameter::Tag => "tag",
        }
    }
}
