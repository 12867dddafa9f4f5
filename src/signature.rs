//! Stage 2: a scheme, its keys and a request give a proof of who signed it, or findings.
//!
//! The signed bytes are never put together: each segment goes into the MAC as it stands on the wire.

use crate::contract::document::{self, Encoding, HeaderShape, Segment, Source};
use crate::contract::error::ContractError;
use crate::request::{Request, duplicate_header};
use crate::verdict::{Code, Finding, Stage};

pub(crate) mod element;
pub(crate) mod field;
pub(crate) mod keys;
pub(crate) mod lint;
pub(crate) mod mac;
pub(crate) mod sign;

pub(crate) use field::Fields;
use field::{Declared, Role};
use keys::Keys;

/// Proof that the request is what its contract says of signatures: it verified, or the contract
/// declares that nothing is signed. Made by [`judge`] alone.
#[derive(Debug)]
pub(crate) struct Authentic {
    /// The id of the key that verified.
    pub key: Option<String>,
    _made_here: (),
}

/// The compiled `signature` section of a contract.
#[derive(Debug)]
pub(crate) struct Scheme {
    header: String,
    shape: HeaderShape,
    encoding: Encoding,
    pub fields: Vec<Declared>,
    pub signed: Vec<Segment>,
    keys: Keys,
}

impl Scheme {
    /// `time` is the field that freshness reads, `nonces` those that the replay key is made of.
    pub fn compile(
        document: document::Signature,
        time: Option<&str>,
        nonces: &[&str],
        keys: &[keys::Key],
    ) -> Result<Scheme, ContractError> {
        let Source::Header(header) = document.from;
        field::check_header_name(&header, "/signature/from/header")?;
        let mut fields = Vec::new();
        for (name, field) in document.fields {
            let role = match name.as_str() {
                name if time == Some(name) => Role::Time,
                name if nonces.contains(&name) => Role::Nonce,
                _ => Role::Other,
            };
            fields.push(Declared::compile(name, field, role)?);
        }
        check_segments(&document.signed, &fields)?;
        let keys = Keys::compile(&document.key, keys)?;
        Ok(Scheme { header, shape: document.shape, encoding: document.encoding, fields, signed: document.signed, keys })
    }

    /// What the signature covers, as a finding's `at` would name it; sorted.
    pub fn covers(&self) -> Vec<String> {
        let mut covers: Vec<String> = self.signed.iter().filter_map(|segment| self.place_of(segment)).collect();
        covers.sort_unstable();
        covers.dedup();
        covers
    }

    fn place_of(&self, segment: &Segment) -> Option<String> {
        match segment {
            Segment::Body(_) => Some("body".into()),
            Segment::Field(name) => self.fields.iter().find(|field| field.name == *name).map(Declared::place),
            Segment::Literal(_) => None,
            Segment::Method(_) => Some("method".into()),
            Segment::Path(_) => Some("path".into()),
        }
    }

    pub fn signs_body(&self) -> bool {
        self.signed.iter().any(|segment| matches!(segment, Segment::Body(_)))
    }

    /// The signed bytes, piece by piece; `None` when a field is not there.
    fn pieces<'a>(&'a self, request: &Request<'a>, fields: &Fields<'a>) -> Option<Vec<&'a [u8]>> {
        self.signed
            .iter()
            .map(|segment| match segment {
                Segment::Body(_) => Some(request.body),
                Segment::Field(name) => fields.get(name).map(str::as_bytes),
                Segment::Literal(text) => Some(text.as_bytes()),
                Segment::Method(_) => Some(request.method.as_bytes()),
                Segment::Path(_) => Some(request.path().as_bytes()),
            })
            .collect()
    }

    /// The bytes of the signature that the request brings.
    fn candidate(&self, request: &Request<'_>) -> Result<Vec<u8>, Finding> {
        let value = request.header(&self.header).map_err(|_| duplicate_header(Stage::Signature, &self.header))?;
        let value = value.filter(|value| !value.is_empty()).ok_or_else(|| {
            let message = format!("`{}` is missing, so nobody signed this", self.header);
            Finding::error(Code::SignatureMissing, Stage::Signature, message).at(self.place())
        })?;
        element::read(value, &self.shape, self.encoding).map_err(|finding| finding.at(self.place()))
    }

    fn verify(&self, request: &Request<'_>, fields: &Fields<'_>, candidate: &[u8]) -> Result<Authentic, Finding> {
        let pieces = self.pieces(request, fields).unwrap_or_default();
        match self.keys.iter().find(|key| key.verifies(&pieces, candidate)) {
            Some(key) => Ok(Authentic { key: Some(key.id.clone()), _made_here: () }),
            None => Err(Finding::error(
                Code::SignatureMismatch,
                Stage::Signature,
                "the signature does not belong to these bytes under any of the keys",
            )
            .at(self.place())
            .with("keys", self.keys.len())
            .with("help", "sign the bytes exactly as they are sent, with this key, and change nothing afterwards")),
        }
    }

    fn place(&self) -> String {
        format!("header:{}", self.header)
    }
}

/// The one door to a proof. `findings` are those of the scheme's own fields: while one is missing there
/// are no signed bytes, so no MAC is computed.
pub(crate) fn judge(
    scheme: Option<&Scheme>,
    request: &Request<'_>,
    fields: &Fields<'_>,
    mut findings: Vec<Finding>,
) -> (Option<Authentic>, Vec<Finding>) {
    let Some(scheme) = scheme else {
        return (Some(Authentic { key: None, _made_here: () }), findings);
    };
    let verified = match scheme.candidate(request) {
        Ok(candidate) if findings.is_empty() => scheme.verify(request, fields, &candidate),
        Ok(_) => return (None, findings),
        Err(finding) => Err(finding),
    };
    match verified {
        Ok(authentic) => (Some(authentic), findings),
        Err(finding) => {
            findings.push(finding);
            (None, findings)
        }
    }
}

fn check_segments(signed: &[Segment], fields: &[Declared]) -> Result<(), ContractError> {
    let wrong = |at: String, message: String| Err(ContractError::new("contract-signature", at, message));
    if signed.is_empty() {
        return wrong("/signature/signed".into(), "nothing is signed".into());
    }
    for (index, segment) in signed.iter().enumerate() {
        let at = format!("/signature/signed/{index}");
        match segment {
            Segment::Field(name) if !fields.iter().any(|field| field.name == *name) => {
                return wrong(format!("{at}/field"), format!("there is no field `{name}` under `fields`"));
            }
            Segment::Literal(text) if text.is_empty() => return wrong(at, "an empty literal says nothing".into()),
            _ => {}
        }
    }
    Ok(())
}
