//! DPoP (RFC 9449): a proof that the sender of an access token holds the key that the token is bound to. The
//! request carries that key itself. Every claim is judged on its own, so a report names every one that is wrong.
//!
//! This follows the RFC: `typ` is `dpop+jwt`, in its long form `application/dpop+jwt` (RFC 7515, section 4.1.9). A
//! proof with that in `cty` alone fails with `dpop-typ`, and an `exp` in a proof is ignored.

use serde_json::Value;

use super::field::Fields;
use super::field::{Declared, Role};
use super::public_key::PublicKey;
use super::segments::Piece;
use super::verified::{Verified, missing};
use super::{element, keys};
use crate::check::Check;
use crate::covered::{Covered, Covers};
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{AccessToken, DpopRules, ProofAlgorithm};
use crate::request::{Received, duplicate_header};
use crate::time::FieldFormat;

mod claims;
mod jwk;
mod jwt;
mod token;
mod uri;

pub(crate) use claims::iat;
use jwt::Jwt;

/// The `at` of findings about the proof's header and signature.
pub(super) const PLACE: &str = "header:dpop";

/// The compiled engine.
#[derive(Debug)]
pub(crate) struct Dpop {
    pub algorithms: Vec<ProofAlgorithm>,
    token: token::Rules,
    nonce: bool,
    pub fields: Vec<Declared>,
}

/// A proof as it was read: well-formed, but not yet verified.
pub(crate) struct Proof<'a> {
    jwt: Jwt<'a>,
    key: Option<Bound>,
}

/// The key that the proof carries.
struct Bound {
    key: PublicKey,
    /// The JWK thumbprint (RFC 7638).
    thumbprint: String,
}

impl Proof<'_> {
    pub fn signed(&self) -> &[u8] {
        self.jwt.input.as_bytes()
    }
}

impl Dpop {
    pub fn compile(rules: DpopRules, keys: &[keys::Key]) -> Result<Dpop, ContractError> {
        let wrong = |at: &str, message: &str| Err(ContractError::new(ContractCode::ContractSignature, at, message));
        if !keys.is_empty() {
            let message = "keys were given, and a DPoP proof brings its own";
            return Err(ContractError::new(ContractCode::KeyUnused, "keys", message));
        }
        if rules.algorithms.is_empty() {
            return wrong("/signature/algorithms", "no algorithm is accepted");
        }
        let jwt = rules.access_token == AccessToken::Jwt;
        if rules.max_token_seconds.is_some() && !jwt {
            return wrong("/signature/maxTokenSeconds", "the life of a token can be read from a `jwt` alone");
        }
        if rules.scopes.is_some() && !jwt {
            return wrong("/signature/scopes", "the scope of a token can be read from a `jwt` alone");
        }
        let scope_token = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        for (method, scopes) in &rules.required_scopes {
            let at = format!("/signature/requiredScopes/{}", method.name());
            let Some(listed) = &rules.scopes else {
                return wrong(&at, "a scope that is required is one of `scopes`, and there are none");
            };
            if scopes.is_empty() || !scopes.iter().all(|scope| listed.contains(scope)) {
                return wrong(&at, "one or more of the scopes in `scopes` are meant here");
            }
        }
        if rules.cty.as_ref().is_some_and(|cty| cty.is_empty()) {
            return wrong("/signature/cty", "a media type such as `application/dpop+jwt` is meant here");
        }
        let is_scope = |scope: &String| !scope.is_empty() && scope.bytes().all(scope_token);
        if !rules.scopes.iter().flatten().all(is_scope) {
            return wrong("/signature/scopes", "a scope is one word of visible ASCII (RFC 6749, section 3.3)");
        }
        let text = |name, optional| Declared::known(name, FieldFormat::Text, Role::Other, optional);
        let fields = vec![
            Declared::known("iat", FieldFormat::UnixSeconds, Role::Time, false),
            text("jti", false),
            text("htm", false),
            text("htu", false),
            text("ath", rules.access_token == AccessToken::None),
            text("nonce", !rules.nonce),
            text("jkt", false),
        ];
        let token = token::Rules {
            kind: rules.access_token,
            max_seconds: rules.max_token_seconds.map(i64::from),
            scopes: rules.scopes,
            required_scopes: rules.required_scopes,
            cty: rules.cty,
        };
        Ok(Dpop { algorithms: rules.algorithms, token, nonce: rules.nonce, fields })
    }

    pub fn covers(&self) -> Covers {
        let token = (self.token.kind != AccessToken::None).then(|| Covered::header("authorization"));
        token.into_iter().chain([Covered::Method, Covered::Path]).collect()
    }

    /// Returns the proof, the fields that can be read from it, and what is wrong with its form.
    pub fn read<'a>(&self, request: &Received<'a>) -> Result<(Proof<'a>, Fields<'a>, Vec<Finding>), Finding> {
        let header = request.header("dpop").map_err(|_| duplicate_header(Stage::Signature, "dpop"))?;
        let header = header.filter(|value| !value.is_empty()).ok_or_else(|| missing("dpop").at(PLACE))?;
        // Some servers join two header lines with a comma, and no JWT contains one.
        if header.contains(',') {
            return Err(duplicate_header(Stage::Signature, "dpop"));
        }
        let jwt = Jwt::parse(header).ok_or_else(|| {
            let form = "three parts of base64url without padding, the first two JSON objects without a key twice";
            element::malformed(format!("the proof is not a signed JWT: {form}")).at(PLACE)
        })?;
        let mut findings = Vec::new();
        findings.extend(judge_typ(&jwt));
        findings.extend(self.token.cty.as_deref().and_then(|cty| judge_cty(&jwt, cty, "the proof", PLACE)));
        if jwt.header.contains_key("crit") {
            let message = "the proof's header has `crit`: an extension that must be understood, and none is";
            findings.push(element::unsupported(message.into()).at(PLACE));
        }
        let key = self.read_key(&jwt).map_err(|finding| findings.push(finding)).ok();
        let (mut fields, malformed) = claims::read(&jwt.claims);
        findings.extend(malformed);
        if let Some(bound) = &key {
            fields.put("jkt", bound.thumbprint.clone());
        }
        Ok((Proof { jwt, key }, fields, findings))
    }

    fn read_key(&self, jwt: &Jwt<'_>) -> Result<Bound, Finding> {
        let named = jwt.header.get("alg").and_then(Value::as_str);
        let algorithm = self.algorithms.iter().find(|accepted| Some(accepted.name()) == named).ok_or_else(|| {
            let accepted = self.algorithms.iter().map(|accepted| accepted.name()).collect::<Vec<_>>().join(", ");
            let message = format!("`alg` is missing or not one that the contract accepts: {accepted}");
            Finding::error(Code::DpopAlg, Stage::Signature, message).at(PLACE).with("allowed", accepted)
        })?;
        let (key, thumbprint) = jwk::read(jwt.header.get("jwk"), *algorithm).map_err(|reason| {
            let message = format!("the `jwk` of the proof {reason}");
            Finding::error(Code::DpopJwk, Stage::Signature, message).at(PLACE)
        })?;
        Ok(Bound { key, thumbprint })
    }

    /// Checks everything that the proof says against the request. The findings about its form are already made.
    pub fn judge(
        &self,
        proof: &Proof<'_>,
        request: &Received<'_>,
        check: &Check,
    ) -> Result<Verified<'_>, Vec<Finding>> {
        let mut findings = Vec::new();
        findings.extend(proof.key.as_ref().and_then(|bound| judge_signature(&proof.jwt, bound)));
        findings.extend(claims::judge(&proof.jwt.claims, request, self.nonce.then_some(&check.nonces)));
        let thumbprint = proof.key.as_ref().map(|bound| bound.thumbprint.as_str());
        findings.extend(token::judge(&self.token, &proof.jwt.claims, thumbprint, request, check));
        match (&proof.key, findings.is_empty()) {
            (Some(bound), true) => {
                Ok(Verified { key: bound.thumbprint.clone().into(), signed: Some(proof.signed().to_vec()) })
            }
            _ => Err(findings),
        }
    }
}

fn judge_typ(jwt: &Jwt<'_>) -> Option<Finding> {
    if jwt.header.get("typ").is_some_and(|typ| jwt::is_media_type(typ, "dpop+jwt")) {
        return None;
    }
    let message = "`typ` is not `dpop+jwt` (RFC 9449, section 4.2)";
    Some(
        other_type(message.into(), PLACE)
            .with("help", "write `typ: dpop+jwt` in the header; `cty` does not take its place"),
    )
}

/// A `cty` stands in the header (RFC 7515, section 4.1.10); some issuers make it a claim.
fn judge_cty(jwt: &Jwt<'_>, wanted: &str, what: &str, at: &str) -> Option<Finding> {
    let said = [jwt.header.get("cty"), jwt.claims.get("cty")];
    let other = said.into_iter().flatten().any(|cty| !jwt::is_media_type(cty, wanted));
    other.then(|| other_type(format!("`cty` of {what} is not `{wanted}`"), at))
}

/// The only place that raises `dpop-typ`.
fn other_type(message: String, at: &str) -> Finding {
    Finding::error(Code::DpopTyp, Stage::Signature, message).at(at)
}

fn judge_signature(jwt: &Jwt<'_>, bound: &Bound) -> Option<Finding> {
    let pieces = [Piece::Bytes(jwt.input.as_bytes().into())];
    (!bound.key.verifies(&pieces, &jwt.signature)).then(|| {
        let message = "the proof's signature does not verify under the key that it brings";
        Finding::error(Code::DpopSignature, Stage::Signature, message).at(PLACE)
    })
}

impl ProofAlgorithm {
    /// The name in a JWT's `alg`.
    pub fn name(self) -> &'static str {
        match self {
            ProofAlgorithm::Es256 => "ES256",
            ProofAlgorithm::Ed25519 => "Ed25519",
            ProofAlgorithm::EdDsa => "EdDSA",
            ProofAlgorithm::Rs256 => "RS256",
        }
    }
}
