//! The signed bytes, part by part, for display: never on the request path.

use super::dpop;
use super::engine::{Brought, Engine};
use super::field::Fields;
use super::scheme::Scheme;
use super::segments::{self, Piece};
use super::signed_part::{SignedBytes, SignedPart};
use crate::grammar::Segment;
use crate::json::Json;
use crate::request::Received;

impl Engine {
    /// `None` if no MAC can be computed; `body` is parsed only if a field needs it.
    pub fn signed_bytes(&self, request: &Received<'_>, body: Option<Json<'_>>, limit: usize) -> Option<SignedBytes> {
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
    /// Fields are used as they are, even if malformed: a time in the wrong unit is signed as it is sent.
    fn received(&self, request: &Received<'_>, body: Option<Json<'_>>) -> Option<Vec<Vec<SignedPart>>> {
        let context = self.context(request, body);
        let mut fields = Fields::default();
        for field in &self.fields {
            if let Some(value) = field.from.value(&context).ok()?.filter(|value| !value.is_empty()) {
                fields.put(&field.name, value);
            }
        }
        // A token signs nothing.
        (!self.signed.is_empty()).then(|| self.parts(&self.signed, request, &fields))?
    }

    /// The forms of these segments, which need not be the scheme's own.
    pub(crate) fn parts(
        &self,
        signed: &[Segment],
        request: &Received<'_>,
        fields: &Fields<'_>,
    ) -> Option<Vec<Vec<SignedPart>>> {
        let part = |(segment, piece): &segments::Traced<'_>| match piece {
            Piece::Bytes(bytes) => SignedPart::new(self.place_of(segment), bytes),
            Piece::Secret => SignedPart { at: "secret".into(), bytes: None },
        };
        let forms = segments::traced(signed, request, fields).ok().flatten()?;
        Some(forms.iter().map(|pieces| pieces.iter().map(part).collect()).collect())
    }

    /// One place, although [`Scheme::covers`] may name several.
    fn place_of(&self, segment: &Segment) -> String {
        match segment {
            Segment::Target(_) | Segment::Url(_) => "url".into(),
            _ => self.parts_of(segment).pop().map_or("literal".into(), |part| part.to_string()),
        }
    }
}
