//! Weaknesses in the contract itself. Lint never stops a gate from compiling.

use collide::Maker;

use crate::covered::Covered;
use crate::finding::{Code, Finding};
use crate::grammar::{Algorithm, Freshness, Segment};
use crate::place::Place;
use crate::signature::field::Role;
use crate::signature::{Engine, Scheme, segments};

mod collide;
mod keywords;
mod oracle;
mod reads;
mod seam;

pub(crate) use reads::Reads;
use reads::warn;

/// Past and future together. A wider window gives a thief more time than any clock needs.
const WIDEST_WINDOW: u32 = 600;

pub(crate) fn lint(engine: Option<&Engine>, reads: &Reads<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match engine {
        Some(engine) => {
            findings.extend(engine.segments().into_iter().flat_map(lint_algorithm));
            findings.extend(engine.segments().and_then(lint_parsing));
            findings.extend(lint_coverage(engine, reads.refuses_body));
            findings.extend(lint_seams(engine, reads));
            findings.extend(engine.segments().into_iter().flat_map(|scheme| oracle::lint(scheme, reads)));
            findings.extend(lint_reads(engine, reads));
        }
        // Whoever asked chose the connection that brought the response.
        None if reads.of_responses => return reads.schema.into_iter().flat_map(keywords::lint).collect(),
        None => findings.push(warn(
            Code::LintUnsigned,
            "/signature",
            "the contract declares no signature: anybody who knows the address can send this",
            "set a secret at the receiver, and declare how the sender signs",
        )),
    }
    findings.extend(reads.schema.into_iter().flat_map(keywords::lint));
    findings.extend(lint_window(reads.freshness));
    findings
}

fn lint_algorithm(scheme: &Scheme) -> Vec<Finding> {
    let at = "/signature/key/algorithm";
    let mut findings = Vec::new();
    let keyed = segments::flat(&scheme.signed).iter().any(|(segment, _)| matches!(segment, Segment::Secret(_)));
    if scheme.algorithm.is_digest() && !keyed {
        let message = "the signature is a digest of public things: it has no key, so anybody can make it";
        findings.push(warn(
            Code::LintNoKey,
            at,
            message,
            "ask the sender for an HMAC; until then trust the network alone",
        ));
    }
    if scheme.algorithm.is_digest() && keyed {
        let message = "a plain digest keyed by concatenation: whoever saw one signature may extend the message";
        findings.push(warn(
            Code::LintLengthExtension,
            at,
            message,
            "ask the sender for an HMAC, or a newer version of the scheme",
        ));
    }
    if matches!(scheme.algorithm, Algorithm::DigestSha1 | Algorithm::HmacSha1) {
        let message = "SHA-1 is broken for collisions; an HMAC of it still holds, and nobody should build on it";
        findings.push(warn(Code::LintSha1, at, message, "take the sender's SHA-256 form, if there is one"));
    }
    if scheme.algorithm == Algorithm::Token {
        let message = "a static token is the secret itself: whoever sees one request can send any other";
        findings.push(warn(
            Code::LintStaticToken,
            at,
            message,
            "ask the sender for a signature; keep the token out of logs",
        ));
    }
    findings
}

fn lint_parsing(scheme: &Scheme) -> Option<Finding> {
    scheme.reads_body_first().then(|| {
        let message = "the body is parsed before its signature is checked: strangers reach the parser";
        let help = "take the fields from headers, if the sender puts them there too; else a receiver can change nothing: keep `request.maxBytes` low";
        warn(Code::LintParsedBeforeMac, "/signature", message, help)
    })
}

fn lint_seams(engine: &Engine, reads: &Reads<'_>) -> Option<Finding> {
    let maker = Maker { scheme: engine.segments()?, method: reads.method, json: reads.json };
    seam::lint(&maker, reads.open_path)
}

/// The help for a field that is read but not signed.
const ADD_FIELD: &str = "add the field to `signed`";

fn lint_coverage(engine: &Engine, refuses_body: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (at, help) = match engine {
        Engine::Dpop(_) => {
            ("/signature", "a proof binds a key to a method and URL alone; have the body signed as well".into())
        }
        Engine::Rfc9421(_) => ("/signature/components", "add `content-digest` to `components`".into()),
        Engine::Segments(scheme) => ("/signature/signed", sign_body(scheme)),
    };
    // A token signs nothing, and its own finding says what follows from that, but not that the window has no effect.
    let token = engine.segments().is_some_and(|scheme| scheme.algorithm == Algorithm::Token);
    if !engine.signs_body() && !refuses_body && !token {
        let message = "the signature does not cover the body, which may then be anything";
        findings.push(warn(Code::LintBodyUnsigned, at, message, &help));
    }
    for field in engine.fields().iter().filter(|field| field.equals().is_none() && !engine.is_signed(field)) {
        let at = format!("/signature/fields/{}", field.name);
        let (code, message, help) = match field.role {
            Role::Time if token => (
                Code::LintTimeUnsigned,
                "a token signs no time, so whoever has it can renew this one: freshness holds nobody off",
                "leave `freshness` out, or ask the sender for a signature",
            ),
            _ if token => continue,
            Role::Time => (
                Code::LintTimeUnsigned,
                "the time that freshness judges is not signed: anybody can renew it",
                ADD_FIELD,
            ),
            Role::Nonce | Role::Other => (Code::LintUnsignedField, "the field is read, but not signed", ADD_FIELD),
        };
        findings.push(warn(code, &at, message, help));
    }
    findings
}

/// If the sender signs members of the body, it does not sign the body itself: only those members are reliable.
fn sign_body(scheme: &Scheme) -> String {
    let covers = scheme.covers();
    let member =
        |part: &&Covered| matches!(part, Covered::Place(Place::Pointer(pointer)) if !pointer.as_str().is_empty());
    let members: Vec<_> = covers.iter().filter(member).map(|part| format!("`{part}`")).collect();
    match members.is_empty() {
        true => {
            "add `{ \"body\": \"raw\" }` to `signed`, if the sender signs the body; else trust nothing in it".into()
        }
        false => format!(
            "of the body the sender signs {} alone: trust only that, and fetch the rest from the sender's API",
            members.join(", ")
        ),
    }
}

fn lint_reads(engine: &Engine, reads: &Reads<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, _) in reads.replay_key.iter().enumerate().filter(|(_, place)| !signs(engine, place)) {
        let at = format!("/replay/key/{index}");
        let message = "this part of the replay key is not signed: anybody can make a copy look new";
        findings.push(warn(
            Code::LintReplayUnsigned,
            &at,
            message,
            "make the key of signed places alone, or of `signed`",
        ));
    }
    let mut others: Vec<_> = reads.others.iter().filter(|(_, place)| !signs(engine, place)).collect();
    others.sort();
    others.dedup();
    for (at, place) in others {
        let message =
            format!("`{place}` is read, and the signature does not speak for it: anybody on the way can change it");
        findings.push(warn(
            Code::LintUnsignedField,
            at,
            &message,
            "take the value from the signed body, if it is there",
        ));
    }
    findings
}

/// Whether the signature covers a place.
fn signs(engine: &Engine, place: &Place) -> bool {
    let covers = engine.covers();
    let itself = covers.contains(&Covered::Place(place.clone()));
    let (body, query) = (covers.contains(&Covered::Body), covers.contains(&Covered::Query));
    match place {
        Place::Field(name) => engine.fields().iter().any(|field| field.name == *name && engine.is_signed(field)),
        Place::Status => itself,
        // The aliases of a header must agree, so covering one of them covers all.
        Place::Header(name) => {
            itself || engine.fields().iter().any(|field| field.is_alias(name) && covers.contains(&field.covered()))
        }
        Place::Path(_) => covers.contains(&Covered::Path),
        Place::Pointer(_) => itself || body || query,
        Place::Query(_) => itself || query,
        Place::Signed => true,
    }
}

fn lint_window(freshness: Option<&Freshness>) -> Option<Finding> {
    let Some(window) = freshness else {
        return Some(warn(
            Code::LintNoTime,
            "/freshness",
            "no time is checked, so a recorded request passes for ever",
            "declare `freshness`, or a replay key that is kept as long as the sender may retry",
        ));
    };
    let wide = window.past_seconds.saturating_add(window.future_seconds);
    (wide > WIDEST_WINDOW).then(|| {
        warn(
            Code::LintWindow,
            "/freshness",
            "the time window, past and future together, is wider than 10 minutes",
            "most senders' clocks are right within seconds; 300 either way is the common choice",
        )
        .with("got", wide)
        .with("allowed", WIDEST_WINDOW)
    })
}
