//! Stage 0: a contract document and keys become a compiled [`Gate`]. Every mistake in the contract is found here, as a
//! [`ContractError`]; no request is needed to find one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::covered::{Covered, Covers, listed};
use crate::error::{ContractCode, ContractError};
use crate::freshness::Window;
use crate::gate::Gate;
use crate::grammar::{
    self, Document, FreshnessField, PayloadFormat, PolicyRef, PolicyText, check_file, parse, parse_signature,
};
use crate::hook_rules::Rules;
use crate::limits::Limits;
use crate::lint;
use crate::payload::Reader;
use crate::place::{Place, pointer_token};
use crate::policy::Policy;
use crate::replay::Memory;
use crate::request::{Kind, Query};
use crate::retry::{DelayOptions, MAX_SECONDS, RetryAfterZero};
use crate::route::Router;
use crate::schema::Compiler;
use crate::shape::Shaper;
use crate::signature::Engine;
use crate::signature::keys::Key;
use crate::target::Origin;
use crate::verdict::Statuses;

mod sense;

/// Everything a gate is made of: the contract, its files and options, and the keys.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Source {
    contract: Document,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    keys: Vec<Key>,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    origin: Option<String>,
}

/// What a gate needs besides the contract when it compiles.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// The schema and policy files that the contract names, by name.
    pub files: BTreeMap<String, String>,
    /// The keys that verify signatures.
    pub keys: Vec<Key>,
    /// What the contract's policies read as `data.params`.
    pub params: Value,
    /// The limits on what a check may cost.
    pub limits: Limits,
    /// The public `scheme://host` that senders call, if the receiver is behind a proxy.
    pub origin: Option<String>,
}

impl Options {
    /// These keys, with defaults for the rest. Set the other fields on the result.
    pub fn with_keys(keys: Vec<Key>) -> Options {
        Options { keys, ..Options::default() }
    }
}

/// Compiles a contract from its JSON text.
pub(crate) fn compile(contract: &str, options: Options) -> Result<Gate, ContractError> {
    let contract = parse(contract)?;
    let Options { files, keys, params, limits, origin } = options;
    build(Source { contract, files, keys, params, limits, origin }, None)
}

/// What a registry's hook adds to its contract.
pub(crate) struct Hook {
    pub id: String,
    pub rules: Rules,
}

/// Like [`compile`], for a hook.
pub(crate) fn compile_for(hook: Hook, contract: &str, options: Options) -> Result<Gate, ContractError> {
    let contract = parse(contract)?;
    let Options { files, keys, params, limits, origin } = options;
    build(Source { contract, files, keys, params, limits, origin }, Some(hook))
}

/// Compiles from one JSON text `{ contract, files, keys, params, limits }`, as JavaScript passes it.
pub(crate) fn compile_source(source: &str) -> Result<Gate, ContractError> {
    build(parse(source)?, None)
}

fn build(source: Source, hook: Option<Hook>) -> Result<Gate, ContractError> {
    let Source { contract: document, files, keys, params, limits, origin } = source;
    let origin = origin.as_deref().map(Origin::parse).transpose()?;
    check_head(&document)?;
    let compiler = Compiler::new(document.schemas, &files)?;
    let schema = document.schema.map(|schema| compiler.compile(schema, "/schema")).transpose()?;
    let router = document.route.map(|route| Router::compile(route, &compiler)).transpose()?;
    let shaper = document.shape.map(|shape| Shaper::compile(shape, "/shape")).transpose()?;
    let replay_key = document.replay.as_ref().map(|replay| replay.key.clone()).unwrap_or_default();
    let places = places(&replay_key, router.as_ref(), shaper.as_ref());
    let query = match document.payload.format {
        PayloadFormat::Query => Query::Whole,
        _ => Query::Parameters(places.iter().filter_map(|(_, _, place)| parameter(place)).collect()),
    };
    let kind = Kind::compile(document.request, document.response, query)?;
    let policy = compile_policy(document.policy, &files, &params, &limits)?;

    let time = document.freshness.as_ref().and_then(|freshness| match &freshness.field {
        FreshnessField::Named(name) => Some(name.as_str()),
        FreshnessField::InPlace(_) => None,
    });
    let nonces: Vec<&str> = replay_key
        .iter()
        .filter_map(|place| match place {
            Place::Field(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let scheme = match document.signature.as_ref().map(parse_signature).transpose()? {
        Some(signature) => Some(Engine::compile(signature, time, &nonces, &keys)?),
        None if keys.is_empty() => None,
        None => {
            let message = "keys were given, and the contract declares `\"signature\": null`, so nothing would use them";
            return Err(ContractError::new(ContractCode::KeyUnused, "keys", message));
        }
    };
    if let Some((at, message)) = scheme.as_ref().and_then(|engine| engine.misplaced(kind.is_answers())) {
        return Err(ContractError::new(ContractCode::ContractSignature, at, message));
    }
    if kind.is_answers() {
        check_answers(&document.payload, document.freshness.as_ref(), document.status.as_ref(), router.as_ref())?;
    }
    check_macs(shaper.as_ref(), router.as_ref(), scheme.as_ref())?;
    let reader = Reader::compile(document.payload, limits.values)?;
    check_places(&places, scheme.as_ref(), &kind, &reader)?;
    let lint = match cfg!(feature = "tools") {
        true => lint::lint(
            scheme.as_ref(),
            &lint::Reads {
                freshness: document.freshness.as_ref(),
                replay_key: &replay_key,
                refuses_body: reader.refuses_body(),
                json: reader.is_json(),
                open_path: kind.has_open_path(),
                others: places
                    .iter()
                    .filter(|(code, ..)| *code != ContractCode::ContractReplay)
                    .map(|(_, at, place)| (*at, (*place).clone()))
                    .collect(),
                answers: router.iter().flat_map(Router::answers).collect(),
                of_responses: kind.is_answers(),
                method: kind.method(),
                schema: schema.as_ref(),
            },
        ),
        false => Vec::new(),
    };
    let covers = scheme.as_ref().map(Engine::covers).unwrap_or_default();
    let unsigned = unsigned_places(&places, &kind, &reader, &covers);
    let window = document.freshness.map(|freshness| Window::compile(freshness, scheme.as_ref())).transpose()?;
    if let (Some(Engine::Dpop(_)), None) = (&scheme, &window) {
        let message = "a proof is good for seconds: declare `freshness` with the field `iat` (RFC 9449, section 11.1)";
        return Err(ContractError::new(ContractCode::ContractFreshness, "/freshness", message));
    }
    // The same message sent to two hooks is not a duplicate, even if they share a contract.
    let namespace = match &hook {
        Some(hook) => format!("{}/{}", document.contract, hook.id),
        None => document.contract.clone(),
    };
    let memory = document.replay.map(|replay| Memory::compile(namespace, replay, window.is_some())).transpose()?;
    let statuses = Statuses::compile(&document.status.unwrap_or_default())?;
    let gate = Gate {
        retry: compile_retry(&document.retry.unwrap_or_default())?,
        time_first: scheme.as_ref().is_some_and(Engine::reads_no_query) && statuses.treat_stale_as_forged(),
        statuses,
        name: document.contract,
        origin,
        kind,
        scheme,
        window,
        memory,
        reader,
        router,
        schema,
        policy,
        shaper,
        dead_letters: document.dead_letter,
        lint,
        covers: listed(&covers).into(),
        unsigned: listed(&unsigned).into(),
        limits,
        rules: hook.map(|hook| hook.rules).filter(Rules::ask),
    };
    sense::check(&gate)?;
    Ok(gate)
}

/// Every place that the contract reads outside of the signature, with the section that names it.
fn places<'a>(
    replay_key: &'a [Place],
    router: Option<&'a Router>,
    shaper: Option<&'a Shaper>,
) -> Vec<(ContractCode, &'static str, &'a Place)> {
    let replay = replay_key.iter().map(|place| (ContractCode::ContractReplay, "/replay/key", place));
    let route = router.into_iter().flat_map(Router::places).map(|place| (ContractCode::ContractRoute, "/route", place));
    let shape = shaper.into_iter().flat_map(Shaper::places).map(|place| (ContractCode::ContractShape, "/shape", place));
    replay.chain(route).chain(shape).collect()
}

fn parameter(place: &Place) -> Option<String> {
    match place {
        Place::Query(name) => Some(name.clone()),
        _ => None,
    }
}

/// What the contract reads that may differ between two requests and is not signed.
fn unsigned_places(
    places: &[(ContractCode, &'static str, &Place)],
    kind: &Kind,
    reader: &Reader,
    covers: &Covers,
) -> Covers {
    let read = places.iter().filter_map(|(_, _, place)| match place {
        Place::Header(_) | Place::Query(_) | Place::Status => Some(Covered::Place((*place).clone())),
        Place::Path(_) => Some(Covered::Path),
        Place::Field(_) | Place::Pointer(_) | Place::Signed => None,
    });
    let origins = ["origin", "referer"].iter().filter(|_| kind.has_origins()).map(|name| Covered::header(name));
    read.chain(origins)
        .chain(kind.has_variable_path().then_some(Covered::Path))
        .chain((!reader.refuses_body()).then_some(Covered::Body))
        .filter(|part| !covers.contains(part))
        .collect()
}

/// The limits of a timer apply here too.
fn compile_retry(document: &grammar::Retry) -> Result<DelayOptions, ContractError> {
    let mut retry = DelayOptions::default();
    for (name, given, into) in [
        ("maxSeconds", document.max_seconds, &mut retry.max_seconds),
        ("defaultSeconds", document.default_seconds, &mut retry.default_seconds),
    ] {
        if given.is_some_and(|seconds| seconds > MAX_SECONDS) {
            let message = format!("at most {MAX_SECONDS} seconds, which a timer takes");
            return Err(ContractError::new(ContractCode::ContractGrammar, format!("/retry/{name}"), message));
        }
        *into = given.unwrap_or(*into);
    }
    if let Some(grammar::RetryAfterZero::Stop) = document.retry_after_zero {
        retry.retry_after_zero = RetryAfterZero::Stop;
    }
    Ok(retry)
}

fn check_head(document: &Document) -> Result<(), ContractError> {
    let wrong = |at: &str, message: String| Err(ContractError::new(ContractCode::ContractGrammar, at, message));
    let name = document.contract.as_str();
    if !is_name(name) {
        return wrong("/contract", format!("`{name}` is not a name of lower-case letters, digits and hyphens"));
    }
    if document.version != 1 {
        return wrong(
            "/version",
            format!("version {} of the language is not known; this is version 1", document.version),
        );
    }
    if document.summary.as_ref().is_some_and(|summary| summary.chars().count() > 300) {
        return wrong("/summary", "the summary is longer than 300 characters".into());
    }
    Ok(())
}

pub(crate) fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&name.len()) && !name.starts_with('-') && name.bytes().all(plain)
}

fn compile_policy(
    references: Vec<PolicyRef>,
    files: &BTreeMap<String, String>,
    params: &Value,
    limits: &Limits,
) -> Result<Option<Policy>, ContractError> {
    let mut modules = Vec::with_capacity(references.len());
    for (index, reference) in references.into_iter().enumerate() {
        let (PolicyRef::File(name) | PolicyRef::InPlace(PolicyText { file: name, .. })) = &reference;
        check_file(name, format!("/policy/{index}"))?;
        modules.push(match reference {
            PolicyRef::InPlace(policy) => (policy.file, policy.text),
            PolicyRef::File(name) => {
                let text = files.get(&name).cloned().ok_or_else(|| {
                    let message = format!("the policy `{name}` is not beside the contract");
                    ContractError::new(ContractCode::ContractFile, format!("/policy/{index}"), message)
                })?;
                (name, text)
            }
        });
    }
    if modules.is_empty() {
        return Ok(None);
    }
    Ok(Some(Policy::compile(&modules, params, &limits.policy)?))
}

/// A response has no query, and nobody replies to it.
fn check_answers(
    payload: &grammar::Payload,
    freshness: Option<&grammar::Freshness>,
    status: Option<&grammar::Status>,
    router: Option<&Router>,
) -> Result<(), ContractError> {
    let in_query = |freshness: &grammar::Freshness| match &freshness.field {
        FreshnessField::InPlace(field) => matches!(field.from, grammar::Source::Query(_)),
        FreshnessField::Named(_) => false,
    };
    let handshake = router.iter().flat_map(|router| router.answers()).next();
    let (at, message) = match handshake {
        Some(answer) => (answer.at, "an `answer` is for replying to requests"),
        None if status.is_some() => ("/status".into(), "`status` is for replying to requests"),
        None if payload.format == grammar::PayloadFormat::Query => ("/payload/format".into(), "an answer has no query"),
        None if freshness.is_some_and(in_query) => ("/freshness/field".into(), "an answer has no query"),
        None => return Ok(()),
    };
    Err(ContractError::new(ContractCode::ContractRequest, at, format!("the contract is of answers: {message}")))
}

/// A MAC may be sent only in a response, and only with an HMAC key.
fn check_macs(shaper: Option<&Shaper>, router: Option<&Router>, scheme: Option<&Engine>) -> Result<(), ContractError> {
    let wrong = |at: &str, name: &str, message: &str| {
        Err(ContractError::new(ContractCode::ContractShape, format!("{at}/{}/mac", pointer_token(name)), message))
    };
    if let Some((name, _)) = shaper.iter().flat_map(|shaper| shaper.macs()).next() {
        return wrong(
            "/shape",
            name,
            "a MAC is for the sender: it stands in an event's `answer`, never in the message",
        );
    }
    let macs = router.iter().flat_map(|router| router.answers()).find_map(|answer| {
        let name = answer.shaper.macs().next()?.0.to_owned();
        Some((answer.at, name))
    });
    match macs {
        Some((at, name)) if !scheme.is_some_and(Engine::has_hmac) => wrong(
            &at,
            &name,
            "there is no HMAC key to make it with: `signature` is not of `segments` with an hmac algorithm",
        ),
        _ => Ok(()),
    }
}

/// An undeclared name would be a value that is always missing.
fn check_places(
    places: &[(ContractCode, &'static str, &Place)],
    scheme: Option<&Engine>,
    kind: &Kind,
    reader: &Reader,
) -> Result<(), ContractError> {
    let names_field = |name: &str| scheme.is_some_and(|scheme| scheme.fields().iter().any(|field| field.name == name));
    for (code, at, place) in places {
        let known = match place {
            Place::Field(name) => names_field(name),
            Place::Path(name) => kind.names_parameter(name),
            Place::Header(_) => true,
            Place::Query(_) => !kind.is_answers(),
            Place::Status => kind.is_answers(),
            Place::Pointer(pointer) if pointer.tokens().is_empty() => reader.has_document(),
            Place::Pointer(pointer) => reader.lacks(pointer).is_none(),
            Place::Signed => *code == ContractCode::ContractReplay && scheme.is_some(),
        };
        if !known {
            let message = format!("`{place}` is declared nowhere, so it would always be missing");
            return Err(ContractError::new(*code, *at, message));
        }
    }
    Ok(())
}
