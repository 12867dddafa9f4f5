//! The compiled `signature` section, for every engine, and what a request provides for it.

use super::algorithm::Mac;
use super::field::{Context, Declared, Fields, Origin, read_all};
use super::scheme::Scheme;
use super::{dpop, keys, rfc9421, segments};
use crate::covered::{Covered, Covers};
use crate::error::{ContractCode, ContractError};
use crate::finding::Finding;
use crate::grammar;
use crate::json::Json;
use crate::request::Received;
use crate::time::FieldFormat;

/// The compiled `signature` section of a contract.
#[derive(Debug)]
pub(crate) enum Engine {
    Dpop(dpop::Dpop),
    Rfc9421(rfc9421::HttpSignature),
    Segments(Box<Scheme>),
}

/// Where the time comes from, which decides the code for a time outside the window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Clock {
    Dpop,
    HttpSignature,
    Timestamp,
}

/// What a request says about its signature, before it is verified.
#[derive(Default)]
pub(crate) struct Claims<'a> {
    pub fields: Fields<'a>,
    pub findings: Vec<Finding>,
    pub(super) brought: Brought<'a>,
}

#[derive(Default)]
pub(super) enum Brought<'a> {
    Dpop(Box<dpop::Proof<'a>>),
    #[default]
    Nothing,
    Rfc9421(Box<rfc9421::Candidate>),
    Segments(Context<'a>),
}

impl Engine {
    /// `time` is the field that freshness reads; `nonces` are the fields that make up the replay key.
    pub fn compile(
        document: grammar::Signature,
        time: Option<&str>,
        nonces: &[&str],
        keys: &[keys::Key],
    ) -> Result<Engine, ContractError> {
        let engine = match document {
            grammar::Signature::Dpop(rules) => Engine::Dpop(dpop::Dpop::compile(rules, keys)?),
            grammar::Signature::Rfc9421(rules) => Engine::Rfc9421(rfc9421::HttpSignature::compile(rules, keys)?),
            grammar::Signature::Segments(scheme) => {
                return Scheme::compile(scheme, time, nonces, keys).map(Box::new).map(Engine::Segments);
            }
        };
        // The sender may not leave out what freshness or the replay key reads.
        let optional = |name: &str| engine.fields().iter().any(|field| field.name == name && field.optional);
        let code = match (time.filter(|name| optional(name)), nonces.iter().find(|name| optional(name))) {
            (Some(name), _) => Some((ContractCode::ContractFreshness, "/freshness/field", name)),
            (None, Some(name)) => Some((ContractCode::ContractReplay, "/replay/key", *name)),
            (None, None) => None,
        };
        match code {
            Some((code, at, name)) => {
                let message = format!("`{name}` is read here, and `signature` does not ask the sender for it");
                Err(ContractError::new(code, at, message))
            }
            None => Ok(engine),
        }
    }

    pub fn segments(&self) -> Option<&Scheme> {
        match self {
            Engine::Segments(scheme) => Some(scheme),
            Engine::Dpop(_) | Engine::Rfc9421(_) => None,
        }
    }

    /// Something the contract requires that its kind of message never has: where the contract says so, and why it is
    /// wrong.
    pub fn misplaced(&self, answers: bool) -> Option<(String, String)> {
        match self {
            Engine::Dpop(_) if answers => Some(("/signature".into(), "a DPoP proof belongs to a request".into())),
            Engine::Rfc9421(http) => http.misplaced(answers),
            Engine::Segments(scheme) if answers => scheme.of_requests(),
            _ => None,
        }
    }

    /// Whether signing fills in a nonce: a field of 16 hex digits without `equals`, or the parameter of RFC 9421.
    pub fn draws_nonce(&self) -> bool {
        match self {
            Engine::Dpop(_) => false,
            Engine::Rfc9421(http) => http.draws_nonce(),
            Engine::Segments(scheme) => {
                scheme.fields.iter().any(|field| field.format == FieldFormat::Hex16 && field.equals().is_none())
            }
        }
    }

    /// The algorithms of its proofs, if the engine is `dpop`.
    pub fn proof_algorithms(&self) -> Option<Vec<&'static str>> {
        match self {
            Engine::Dpop(dpop) => Some(dpop.algorithms.iter().map(|algorithm| algorithm.name()).collect()),
            Engine::Rfc9421(_) | Engine::Segments(_) => None,
        }
    }

    /// Whether the contract's key can make the MAC of an answer.
    pub fn has_hmac(&self) -> bool {
        use grammar::Algorithm::{HmacSha1, HmacSha256, HmacSha384, HmacSha512};
        self.segments()
            .is_some_and(|scheme| matches!(scheme.algorithm, HmacSha1 | HmacSha256 | HmacSha384 | HmacSha512))
    }

    /// The MAC of a text under the key with this id, so that the key that verified a request also signs its answer.
    pub fn mac(&self, key: &str, text: &str) -> Option<Mac> {
        let scheme = self.segments().filter(|_| self.has_hmac())?;
        let key = scheme.keys.iter().find(|ready| ready.id == key)?;
        key.compute(&[segments::Piece::Bytes(text.as_bytes().into())])
    }

    pub fn fields(&self) -> &[Declared] {
        match self {
            Engine::Dpop(dpop) => &dpop.fields,
            Engine::Rfc9421(http) => &http.fields,
            Engine::Segments(scheme) => &scheme.fields,
        }
    }

    /// What the signature covers in every request.
    pub fn covers(&self) -> Covers {
        match self {
            Engine::Dpop(dpop) => dpop.covers(),
            Engine::Rfc9421(http) => http.covers(),
            Engine::Segments(scheme) => scheme.covers(),
        }
    }

    /// Whether the signature covers a field.
    pub fn is_signed(&self, field: &Declared) -> bool {
        self.segments().is_none_or(|scheme| scheme.is_signed(field))
    }

    /// Whether the signature covers the body in every request.
    pub fn signs_body(&self) -> bool {
        self.covers().contains(&Covered::Body)
    }

    /// Whether the signature and its fields are all in headers and the body.
    pub fn reads_no_query(&self) -> bool {
        self.segments().is_some_and(|scheme| {
            let mut places = scheme.fields.iter().map(|field| &field.from).chain([&scheme.from]);
            places.all(|from| !matches!(from, Origin::Query(_)))
        })
    }

    pub fn reads_body_first(&self) -> bool {
        self.segments().is_some_and(Scheme::reads_body_first)
    }

    pub fn clock(&self) -> Clock {
        match self {
            Engine::Dpop(_) => Clock::Dpop,
            Engine::Rfc9421(_) => Clock::HttpSignature,
            Engine::Segments(_) => Clock::Timestamp,
        }
    }

    /// `body` is parsed only if a field needs it.
    pub fn read<'a>(&'a self, request: &Received<'a>, body: Option<Json<'a>>, limit: usize) -> Claims<'a> {
        match self {
            Engine::Dpop(dpop) => match dpop.read(request) {
                Ok((proof, fields, findings)) => Claims { fields, findings, brought: Brought::Dpop(Box::new(proof)) },
                Err(finding) => Claims { findings: vec![finding], ..Claims::default() },
            },
            Engine::Rfc9421(http) => match http.read(request, limit) {
                Ok((candidate, fields)) => {
                    Claims { fields, findings: vec![], brought: Brought::Rfc9421(Box::new(candidate)) }
                }
                Err(findings) => Claims { findings, ..Claims::default() },
            },
            Engine::Segments(scheme) => {
                let context = scheme.context(request, body);
                let (fields, mut findings) = read_all(&scheme.fields, &context);
                // If the body cannot be read, the payload stage reports that, not the fields missing from it.
                findings.retain(|finding| body.is_some() || !scheme.only_reads(finding.at.as_deref()));
                Claims { fields, findings, brought: Brought::Segments(context) }
            }
        }
    }
}
