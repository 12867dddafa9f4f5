//! What is weak in a contract itself. Lint never stops a gate from compiling.

use crate::contract::document::Freshness;
use crate::place::Place;
use crate::signature::Scheme;
use crate::signature::field::Role;
use crate::verdict::{Code, Finding, Stage};

/// A window wider than this gives a thief more time than any clock needs.
const WIDEST_WINDOW: u32 = 900;

pub(crate) fn lint(scheme: Option<&Scheme>, freshness: Option<&Freshness>, replay_key: &[Place]) -> Vec<Finding> {
    let mut findings = Vec::new();
    match scheme {
        Some(scheme) => findings.extend(lint_scheme(scheme, replay_key)),
        None => findings.push(warn(
            Code::LintUnsigned,
            "/signature",
            "the contract declares no signature: anybody who knows the address can send this",
            "set a secret at the receiver, and declare how the sender signs",
        )),
    }
    match freshness {
        None => findings.push(warn(
            Code::LintNoTime,
            "/freshness",
            "no time is checked, so a recorded request passes for ever",
            "declare `freshness`, or a replay key that is kept as long as the sender may retry",
        )),
        Some(window) if window.past_seconds.max(window.future_seconds) > WIDEST_WINDOW => findings.push(
            warn(
                Code::LintWindow,
                "/freshness",
                "the time window is wider than 15 minutes",
                "most senders' clocks are right within seconds; 300 is the common choice",
            )
            .with("got", window.past_seconds.max(window.future_seconds))
            .with("allowed", WIDEST_WINDOW),
        ),
        Some(_) => {}
    }
    findings
}

fn lint_scheme(scheme: &Scheme, replay_key: &[Place]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let covers = scheme.covers();
    if !scheme.signs_body() {
        let help = "add `{ \"body\": \"raw\" }` to `signed`";
        let message = "the signature does not cover the body, which may then be anything";
        findings.push(warn(Code::LintBodyUnsigned, "/signature/signed", message, help));
    }
    for field in scheme.fields.iter().filter(|field| !covers.contains(&field.place())) {
        let at = format!("/signature/fields/{}", field.name);
        let (code, message) = match field.role {
            Role::Time => {
                (Code::LintTimeUnsigned, "the time that freshness judges is not signed: anybody can renew it")
            }
            Role::Nonce | Role::Other => (Code::LintUnsignedField, "the field is read, but not signed"),
        };
        findings.push(warn(code, &at, message, "add the field to `signed`"));
    }
    for (index, place) in replay_key.iter().enumerate() {
        let signed = match place {
            Place::Pointer(_) => scheme.signs_body(),
            Place::Path(_) => covers.contains(&"path".to_owned()),
            Place::Field(name) => {
                scheme.fields.iter().any(|field| field.name == *name && covers.contains(&field.place()))
            }
            Place::Header(_) => covers.contains(&place.to_string()),
            Place::Query(_) => false,
            Place::Signed => true,
        };
        if !signed {
            let at = format!("/replay/key/{index}");
            let message = "this part of the replay key is not signed: anybody can make a copy look new";
            findings.push(warn(Code::LintReplayUnsigned, &at, message, "make the key of signed places alone"));
        }
    }
    findings
}

fn warn(code: Code, at: &str, message: &str, help: &str) -> Finding {
    Finding::warning(code, Stage::Contract, message).at(at).with("help", help)
}
