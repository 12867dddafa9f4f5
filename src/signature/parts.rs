//! Which bytes are signed, part by part, for a screen: never on the request path. A secret is named and not shown.

use data_encoding::BASE64;
use serde::{Serialize, Serializer};

use super::segments::{self, Piece};
use super::{Brought, Engine, Fields, Scheme, dpop};
use crate::contract::document::Segment;
use crate::request::Request;

/// What a receiver takes for signed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedBytes {
    /// Of this document's form.
    pub schema_version: u8,
    /// More than one where the contract declares several of a URL.
    pub forms: Vec<Vec<SignedPart>>,
}

/// A part of the signed bytes, which are all parts one after the other.
#[derive(Clone, Eq, PartialEq, Serialize)]
pub struct SignedPart {
    /// Where it comes from, as a finding's `at`; `literal` for what the scheme puts there; or `secret`.
    pub at: String,
    /// `None` for the secret, whose bytes stay with the key. In JSON as base64.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "base64")]
    pub bytes: Option<Vec<u8>>,
}

impl SignedPart {
    pub(super) fn new(at: impl Into<String>, bytes: &[u8]) -> SignedPart {
        SignedPart { at: at.into(), bytes: Some(bytes.to_vec()) }
    }
}

/// Without the bytes, which are the request's.
impl std::fmt::Debug for SignedPart {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SignedPart({}, {:?} bytes)", self.at, self.bytes.as_ref().map(Vec::len))
    }
}

fn base64<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    bytes.as_deref().map(|bytes| BASE64.encode(bytes)).serialize(serializer)
}

impl Engine {
    /// `None` where no MAC can be computed; `body` is parsed only where a field needs it.
    pub fn signed_bytes(
        &self,
        request: &Request<'_>,
        body: Option<&serde_json::Value>,
        limit: usize,
    ) -> Option<SignedBytes> {
        let forms = match self {
            Engine::Segments(scheme) => scheme.received(request, body)?,
            Engine::Dpop(_) | Engine::Rfc9421(_) => match self.read(request, body, limit).brought {
                Brought::Dpop(proof) => vec![vec![SignedPart::new(dpop::PLACE, proof.signed())]],
                Brought::Rfc9421(candidate) => vec![candidate.parts()],
                Brought::Nothing | Brought::Segments(_) => return None,
            },
        };
        Some(SignedBytes { schema_version: 1, forms })
    }
}

impl Scheme {
    /// Fields count as they stand, whatever their form: a time of the wrong unit is signed as it is sent.
    fn received(&self, request: &Request<'_>, body: Option<&serde_json::Value>) -> Option<Vec<Vec<SignedPart>>> {
        let context = self.context(request, body);
        let mut fields = Fields::default();
        for field in &self.fields {
            if let Some(value) = field.from.value(&context).ok()?.filter(|value| !value.is_empty()) {
                fields.insert(&field.name, value);
            }
        }
        // A token signs nothing.
        (!self.signed.is_empty()).then(|| self.parts(&self.signed, request, &fields))?
    }

    /// The forms of these segments, which may be others than the scheme's own.
    pub(super) fn parts(
        &self,
        signed: &[Segment],
        request: &Request<'_>,
        fields: &Fields<'_>,
    ) -> Option<Vec<Vec<SignedPart>>> {
        let part = |(segment, piece): &segments::Traced<'_>| match piece {
            Piece::Bytes(bytes) => SignedPart::new(self.place_of(segment), bytes),
            Piece::Secret => SignedPart { at: "secret".into(), bytes: None },
        };
        let forms = segments::traced(signed, request, fields).ok().flatten()?;
        Some(forms.iter().map(|pieces| pieces.iter().map(part).collect()).collect())
    }

    /// One place, where [`Scheme::covers`] may name several.
    fn place_of(&self, segment: &Segment) -> String {
        match segment {
            Segment::Target(_) | Segment::Url(_) => "url".into(),
            _ => self.places_of(segment).pop().unwrap_or_else(|| "literal".into()),
        }
    }
}
