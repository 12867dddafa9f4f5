//! Stage 2: a scheme, its keys and a request give a proof of who signed it, or findings.

use crate::check::Check;
use crate::finding::Finding;
use crate::request::Request;

pub(crate) mod algorithm;
pub(crate) mod dpop;
pub(crate) mod element;
mod engine;
pub(crate) mod field;
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

/// Proof that the request is what its contract says of signatures: it verified, or the contract
/// declares that nothing is signed. Made by [`judge`] alone.
#[derive(Debug)]
pub(crate) struct Authentic {
    /// The id of the key that verified.
    pub key: Option<String>,
    /// The bytes that it verified, without the key.
    pub signed: Vec<u8>,
    _made_here: (),
}

/// The one door to a proof: no finding, and a signature that holds.
pub(crate) fn judge(
    engine: Option<&Engine>,
    claims: &mut Claims<'_>,
    request: &Request<'_>,
    check: &Check,
    limit: usize,
) -> (Option<Authentic>, Vec<Finding>) {
    let mut findings = std::mem::take(&mut claims.findings);
    let verified = match (engine, &claims.brought) {
        (None, _) => return (Some(Authentic { key: None, signed: Vec::new(), _made_here: () }), findings),
        (Some(Engine::Dpop(dpop)), Brought::Dpop(proof)) => dpop.judge(proof, request, check),
        (Some(Engine::Rfc9421(http)), Brought::Rfc9421(candidate)) => http.judge(candidate, request, check.now),
        (Some(Engine::Segments(scheme)), Brought::Segments(context)) => {
            scheme.judge(context, &claims.fields, findings.is_empty(), limit)
        }
        (Some(_), _) => Err(Vec::new()),
    };
    match verified {
        Ok(Verified { key, signed }) if findings.is_empty() => {
            (Some(Authentic { key: Some(key), signed, _made_here: () }), findings)
        }
        Ok(_) => (None, findings),
        Err(more) => {
            findings.extend(more);
            (None, findings)
        }
    }
}
