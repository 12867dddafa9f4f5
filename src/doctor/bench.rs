//! Computes, compares and counts MACs.

use super::candidates::Candidate;
use super::fault::Fault;
use crate::grammar::{Algorithm, BodyForm, Segment};
use crate::limits::DoctorLimits;
use crate::request::Received;
use crate::signature::mac::Keyed;
use crate::signature::signed_part::SignedPart;
use crate::signature::{Fields, Scheme, segments};

/// One attempt: what would have been signed.
pub(super) struct Input<'i> {
    pub request: Received<'i>,
    pub fields: &'i Fields<'i>,
    pub signed: &'i [Segment],
    /// Replaces the algorithms of the candidates.
    pub algorithm: Option<Algorithm>,
}

/// The faults of the candidate that matched, and what was signed, if that is requested.
pub(super) type Match = (Vec<Fault>, Option<Vec<SignedPart>>);

pub(super) struct Bench<'b> {
    limits: &'b DoctorLimits,
    /// Names the parts of what was signed, if they are requested.
    scheme: Option<&'b Scheme>,
    candidates: Vec<Candidate>,
    /// The algorithms of the candidates.
    algorithms: Vec<Algorithm>,
    pub tried: usize,
    hashed: usize,
    pub capped: bool,
}

impl<'b> Bench<'b> {
    pub fn new(limits: &'b DoctorLimits, candidates: Vec<Candidate>, scheme: Option<&'b Scheme>) -> Bench<'b> {
        let mut algorithms: Vec<Algorithm> = Vec::new();
        for candidate in &candidates {
            if !algorithms.contains(&candidate.algorithm) {
                algorithms.push(candidate.algorithm);
            }
        }
        Bench { limits, scheme, candidates, algorithms, tried: 0, hashed: 0, capped: false }
    }

    /// Whether every field that holds a body digest matches this body. A missing field binds nothing.
    pub fn holds_bound(&mut self, scheme: &Scheme, input: &Input<'_>) -> bool {
        scheme.fields.iter().all(|field| match (field.equals(), input.fields.get(&field.name)) {
            (Some(Segment::Body(form)), Some(text)) => {
                self.may_hash(input.request.body.len())
                    && segments::body(*form, input.request.body).as_ref() == text.as_bytes()
            }
            _ => true,
        })
    }

    /// The faults of the candidate that is the MAC of this input under this key; the list is empty if the candidate
    /// follows the contract. `None` if no candidate matches.
    pub fn matches(&mut self, input: &Input<'_>, key: &[u8]) -> Option<Match> {
        if !self.may_read(reads(input)) {
            return None;
        }
        let forms = segments::forms(input.signed, &input.request, input.fields).ok().flatten()?;
        for (form, pieces) in forms.iter().enumerate() {
            let size = pieces.iter().map(|piece| piece.bytes(key).len()).sum::<usize>() + key.len();
            for algorithm in input.algorithm.map_or_else(|| self.algorithms.clone(), |algorithm| vec![algorithm]) {
                if !self.may_hash(size) {
                    return None;
                }
                let mac = Keyed::new(algorithm, key)?.compute(pieces);
                // Every candidate is compared, even after a match.
                let mut found = None;
                let tried = |candidate: &&Candidate| input.algorithm.is_some() || candidate.algorithm == algorithm;
                for candidate in self.candidates.iter().filter(tried) {
                    if candidate.is(&mac) && found.is_none() {
                        found = Some(candidate.faults.clone());
                    }
                }
                if let Some(faults) = found {
                    return Some((faults, self.signed(input, form, algorithm)));
                }
            }
        }
        None
    }

    /// The parts are computed again, but only for a match.
    fn signed(&self, input: &Input<'_>, form: usize, algorithm: Algorithm) -> Option<Vec<SignedPart>> {
        let forms = self.scheme?.parts(input.signed, &input.request, input.fields)?;
        let mut parts = forms.into_iter().nth(form)?;
        // An HMAC is keyed with the secret, so the secret is not among its pieces.
        parts.retain(|part| algorithm.is_digest() || part.bytes.is_some());
        Some(parts)
    }

    /// Anything derived from a body or query is charged at the size of its source, since it may itself be empty.
    fn may_read(&mut self, size: usize) -> bool {
        let hashed = self.hashed.saturating_add(size);
        self.capped |= hashed > self.limits.hashed_bytes;
        if hashed <= self.limits.hashed_bytes {
            self.hashed = hashed;
        }
        hashed <= self.limits.hashed_bytes
    }

    fn may_hash(&mut self, size: usize) -> bool {
        let hashed = self.hashed.saturating_add(size);
        if self.tried >= self.limits.macs || hashed > self.limits.hashed_bytes {
            self.capped = true;
            return false;
        }
        self.tried += 1;
        self.hashed = hashed;
        true
    }
}

/// Bytes that are decoded, sorted or hashed before there is anything to sign.
fn reads(input: &Input<'_>) -> usize {
    let made = segments::flat(input.signed).into_iter().map(|(segment, _)| match segment {
        Segment::Body(BodyForm::Digest(_)) | Segment::Form(_) => input.request.body.len(),
        Segment::Query(_) => input.request.target.query().map_or(0, str::len),
        _ => 0,
    });
    made.sum()
}
