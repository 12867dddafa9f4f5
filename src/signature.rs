//! Stage 2: from a scheme, its keys and a request to a proof of who signed it, or findings.

use std::borrow::Cow;

use crate::check::Check;
use crate::judged::Judged;
use crate::request::Received;

pub(crate) mod algorithm;
pub(crate) mod dpop;
pub(crate) mod element;
mod engine;
pub(crate) mod field;
pub(crate) mod host;
pub(crate) mod keys;
pub(crate) mod mac;
pub(crate) mod parameters;
mod parts;
mod public_key;
pub(crate) mod rfc9421;
mod scheme;
pub(crate) mod segments;
pub(crate) mod sign;
pub(crate) mod signed_part;
mod url;
mod verified;

use engine::Brought;
pub(crate) use engine::{Claims, Clock, Engine};
pub(crate) use field::Fields;
pub(crate) use scheme::Scheme;
use verified::Verified;

/// Proof that the request meets its contract's `signature` section: the signature verified, or the contract
/// declares none. Only [`judge`] makes one.
#[derive(Debug)]
pub(crate) struct Authentic<'a> {
    /// The id of the key that verified.
    pub key: Option<Cow<'a, str>>,
    /// The bytes that it verified, without the key. They are kept only if the replay key is made of them, since they
    /// may be a second copy of the whole body.
    pub signed: Option<Vec<u8>>,
    _made_here: (),
}

/// What a proof is wanted for.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// How many signatures are tried at most.
    pub signatures: usize,
    pub keeps_signed: bool,
    /// Whether anyone reads what is found.
    pub reports: bool,
}

/// The only way to a proof: no finding, and a signature that holds.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn judge<'a>(
    engine: Option<&'a Engine>,
    claims: &Claims<'_>,
    request: &Received<'_>,
    check: &Check,
    asked: Asked,
) -> Judged<Authentic<'a>> {
    let Some(engine) = engine else {
        return Judged::Undeclared(Authentic { key: None, signed: None, _made_here: () });
    };
    let mut findings = if claims.findings.is_empty() { Vec::new() } else { claims.findings.clone() };
    let verified = match (engine, &claims.brought) {
        (Engine::Dpop(dpop), Brought::Dpop(proof)) => dpop.judge(proof, request, check),
        (Engine::Rfc9421(http), Brought::Rfc9421(candidate)) => http.judge(candidate, request, check.now),
        (Engine::Segments(scheme), Brought::Segments(context)) => {
            scheme.judge(context, &claims.fields, findings.is_empty(), asked)
        }
        _ => Err(Vec::new()),
    };
    match verified {
        Ok(Verified { key, signed }) => Judged::of(findings, || Authentic { key: Some(key), signed, _made_here: () }),
        Err(more) => {
            findings.extend(more);
            Judged::unproved(findings)
        }
    }
}
