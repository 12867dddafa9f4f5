//! The other direction (RFC 9421, section 3.1): signs a request with a shared secret so that it passes the gate.

use data_encoding::BASE64;
use sha2::{Digest, Sha256, Sha512};

use super::source::Source;
use super::structured::{Bare, Item, Parameters};
use super::{HttpSignature, INPUT, VALUE};
use crate::error::{ContractCode, ContractError};
use crate::grammar::SignatureParameter;
use crate::request::{Received, Request};
use crate::signature::segments::Piece;
use crate::signature::sign::{Signed, public_key_alone};
use crate::target::Origin;
use crate::time::LAST_SECOND;

const LABEL: &str = "sig1";

/// How long a signature is valid, if the contract requires `expires`.
const SECONDS: i64 = 300;

const DIGEST: &str = "content-digest";

impl HttpSignature {
    /// Content-Digest, Signature-Input and Signature replace those that are already there.
    pub fn sign(
        &self,
        request: &Request<'_>,
        origin: Option<&Origin>,
        now: i64,
        nonce: Option<&str>,
    ) -> Result<Signed, ContractError> {
        if !self.algorithm.is_symmetric() {
            return Err(public_key_alone());
        }
        let mut headers = request.headers.to_vec();
        headers.retain(|(name, _)| ![INPUT, VALUE].iter().any(|own| name.eq_ignore_ascii_case(own)));
        if let Some(digest) = self.digest(request.body)? {
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case(DIGEST));
            headers.push((DIGEST.into(), digest));
        }
        let items: Vec<Item> = self.components.iter().map(|component| component.item.clone()).collect();
        let target = request.target(origin);
        let received = Received { headers: &headers, ..request.received(&target) };
        let (lines, findings) = self.lines(&items, &mut Source::new(received));
        if let Some(finding) = findings.first() {
            return Err(cannot("/signature/components", &finding.message));
        }
        let own = super::parameters_line(&items, &self.write(now, nonce)?);
        let base = super::base(lines, &own);
        let mac = self.keys.iter().next().and_then(|key| key.compute(&[Piece::Bytes(base.as_bytes().into())]));
        headers.push((INPUT.into(), format!("{LABEL}={own}")));
        headers.push((VALUE.into(), format!("{LABEL}=:{}:", BASE64.encode(&mac.unwrap_or_default()))));
        Ok(Signed { url: request.url.to_owned(), headers })
    }

    /// The digests of the body that the contract requires to be covered, if any.
    fn digest(&self, body: &[u8]) -> Result<Option<String>, ContractError> {
        let mut members: Vec<String> = Vec::new();
        for component in self.components.iter().filter(|component| component.is_digest()) {
            let member = match component.member() {
                None | Some("sha-256") => format!("sha-256=:{}:", BASE64.encode(&Sha256::digest(body))),
                Some("sha-512") => format!("sha-512=:{}:", BASE64.encode(&Sha512::digest(body))),
                Some(_) => return Err(cannot("/signature/components", "a digest is sha-256 or sha-512")),
            };
            if !members.contains(&member) {
                members.push(member);
            }
        }
        Ok((!members.is_empty()).then(|| members.join(", ")))
    }

    /// Always `created`, `keyid` if the key has an id, and whatever else the contract requires.
    fn write(&self, now: i64, nonce: Option<&str>) -> Result<Parameters, ContractError> {
        use SignatureParameter::{Alg, Expires, Keyid, Nonce, Tag};
        if !(0..=LAST_SECOND - SECONDS).contains(&now) {
            return Err(cannot("/signature/parameters", "the time is not between the years 1970 and 9999"));
        }
        let asked = |parameter| self.parameters.contains(&parameter);
        let mut parameters = vec![("created".to_owned(), Bare::Integer(now))];
        if asked(Expires) {
            parameters.push(("expires".into(), Bare::Integer(now + SECONDS)));
        }
        let texts = [
            (Keyid, self.signer.as_deref(), "the contract asks for `keyid`, and the key has no id"),
            (Alg, asked(Alg).then(|| self.algorithm.name()), ""),
            (Nonce, nonce.filter(|_| asked(Nonce)), "the contract asks for `nonce`, and none is given"),
            (Tag, self.tag.as_deref(), "the contract asks for `tag`, and does not say which"),
        ];
        for (parameter, text, missing) in texts {
            match text {
                Some(text) if text.is_empty() || !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) => {
                    let message = format!("`{}` is empty, or not of visible ASCII and spaces", parameter.name());
                    return Err(cannot("/signature/parameters", &message));
                }
                Some(text) => parameters.push((parameter.name().into(), Bare::Text(text.into()))),
                None if asked(parameter) => return Err(cannot("/signature/parameters", missing)),
                None => {}
            }
        }
        Ok(parameters)
    }
}

fn cannot(at: &str, message: &str) -> ContractError {
    ContractError::new(ContractCode::ContractSignature, at, format!("cannot sign: {message}"))
}
