//! The engine `segments`: a list of segments says what is signed, and with which key.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::Asked;
use super::algorithm::Mac;
use super::element::{self, Candidates};
use super::field::{Context, Declared, Fields, Origin, Role, header};
use super::keys::{self, Keys};
use super::segments::{self, Piece, Pieces};
use super::verified::{Verified, mismatch, missing};
use crate::covered::{Covered, Covers};
use crate::error::ContractError;
use crate::finding::{Finding, Stage};
use crate::grammar::{self, Algorithm, Encoding, HeaderShape, Segment};
use crate::json::Json;
use crate::place::pointer_token;
use crate::request::{Received, duplicate_query};

mod check;

/// The compiled engine.
#[derive(Debug)]
pub(crate) struct Scheme {
    pub algorithm: Algorithm,
    pub from: Origin,
    pub shape: HeaderShape,
    pub encoding: Option<Encoding>,
    pub fields: Vec<Declared>,
    pub signed: Vec<Segment>,
    pub keys: Keys,
}

impl Scheme {
    /// `time` is the field that freshness reads; `nonces` are the fields that make up the replay key.
    pub fn compile(
        document: grammar::Segments,
        time: Option<&str>,
        nonces: &[&str],
        keys: &[keys::Key],
    ) -> Result<Scheme, ContractError> {
        let from = Origin::compile(document.from, "/signature/from")?;
        let mut fields = Vec::new();
        for (name, field) in document.fields {
            let role = match name.as_str() {
                name if time == Some(name) => Role::Time,
                name if nonces.contains(&name) => Role::Nonce,
                _ => Role::Other,
            };
            let at = format!("/signature/fields/{}", pointer_token(&name));
            check::name(&name, &at)?;
            fields.push(Declared::compile(name, field, role, &at)?);
        }
        let algorithm = document.key.algorithm;
        check::token(algorithm, &document.shape, document.encoding, document.signed.as_deref())?;
        let signed = document.signed.unwrap_or_default();
        check::shape(&from, &document.shape, &fields)?;
        check::places(&from, &fields)?;
        check::segments(algorithm, &from, &signed, &fields)?;
        let secret = segments::flat(&signed).iter().any(|(segment, _)| matches!(segment, Segment::Secret(_)));
        let keys = Keys::compile(&document.key, keys, algorithm.is_digest() && !secret)?;
        Ok(Scheme { algorithm, from, shape: document.shape, encoding: document.encoding, fields, signed, keys })
    }

    /// Other keys, read in the same way as this scheme's own.
    pub fn other_keys(&self, given: &[keys::Key]) -> Result<Keys, ContractError> {
        Keys::compile(&self.keys.rules, given, false)
            .map_err(|error| ContractError { at: error.at.replacen("keys", "otherKeys", 1), ..error })
    }

    /// Whether the body can be a part of what is signed.
    pub fn signs_body(&self) -> bool {
        let body = |segment: &Segment| matches!(segment, Segment::Body(_) | Segment::Form(_));
        segments::flat(&self.signed).into_iter().any(|(segment, _)| body(segment))
            || self.fields.iter().any(Declared::binds_body)
    }

    /// What the signature covers in every request. A segment in an optional group may be left out, so it covers
    /// nothing.
    pub fn covers(&self) -> Covers {
        let binds = |field: &&Declared| field.binds_body() && !field.optional && self.is_signed(field);
        segments::flat(&self.signed)
            .into_iter()
            .filter(|(_, grouped)| !grouped)
            .flat_map(|(segment, _)| self.parts_of(segment))
            .chain(self.fields.iter().filter(binds).map(|_| Covered::Body))
            .collect()
    }

    /// What one segment covers.
    pub fn parts_of(&self, segment: &Segment) -> Vec<Covered> {
        match segment {
            Segment::Body(_) | Segment::Form(_) => vec![Covered::Body],
            Segment::Field(name) => {
                self.fields.iter().filter(|field| field.name == *name).map(Declared::covered).collect()
            }
            Segment::Literal(_) | Segment::Optional(_) | Segment::Secret(_) => vec![],
            Segment::Method(_) => vec![Covered::Method],
            Segment::Path(_) => vec![Covered::Path],
            Segment::Query(_) => vec![Covered::Query],
            Segment::Target(_) => vec![Covered::Path, Covered::Query],
            Segment::Url(_) => vec![Covered::Path, Covered::Query, Covered::Url],
        }
    }

    /// Something that only requests have: where the contract names it, and why that is wrong for answers.
    pub fn of_requests(&self) -> Option<(String, String)> {
        let target = |segment: &Segment| {
            use Segment::{Method, Path, Query, Target, Url};
            matches!(segment, Method(_) | Path(_) | Query(_) | Target(_) | Url(_))
        };
        let queried = |from: &Origin| matches!(from, Origin::Query(_));
        let message = |what: &str| format!("{what} is a part of requests, and the contract is of answers");
        if segments::flat(&self.signed).into_iter().any(|(segment, _)| target(segment)) {
            return Some(("/signature/signed".into(), message("what is signed of method, path, query or URL")));
        }
        if queried(&self.from) {
            return Some(("/signature/from".into(), message("the query")));
        }
        let field = self.fields.iter().find(|field| queried(&field.from))?;
        Some((format!("/signature/fields/{}", field.name), message("the query")))
    }

    /// Whether the signature covers a field: it is a segment, or is inside a query, URL or body that is one.
    pub fn is_signed(&self, field: &Declared) -> bool {
        segments::flat(&self.signed).into_iter().any(|(segment, _)| match (segment, &field.from) {
            (Segment::Field(name), _) => *name == field.name,
            (Segment::Query(rules), Origin::Query(name)) => !rules.exclude.contains(name),
            (Segment::Target(_) | Segment::Url(_), Origin::Query(_)) => true,
            (Segment::Body(_) | Segment::Form(_), Origin::Body(_)) => true,
            _ => false,
        })
    }

    /// Why the signature would be part of what it signs, so that adding it changes the signed bytes. `form` is the
    /// form field that contains the document.
    pub fn signs_itself(&self, form: Option<&str>) -> Option<&'static str> {
        let Origin::Body(pointer) = &self.from else { return None };
        let own = form.or(pointer.first());
        let excluded = |rules: &grammar::Parameters| rules.exclude.iter().any(|name| Some(name.as_str()) == own);
        segments::flat(&self.signed).into_iter().find_map(|(segment, _)| match segment {
            Segment::Body(_) => {
                Some("the signature stands in the body that it signs: sign its members, or a form without it")
            }
            Segment::Form(rules) if !excluded(rules) => Some("the signed form must exclude the signature's own field"),
            Segment::Field(name) if self.fields.iter().any(|field| field.name == *name && field.binds_body()) => {
                Some("the signature stands in the body whose digest it signs")
            }
            _ => None,
        })
    }

    pub fn reads_body_first(&self) -> bool {
        self.fields.iter().map(|field| &field.from).chain([&self.from]).any(|from| matches!(from, Origin::Body(_)))
    }

    /// Whether the place is that of a field in the body that is not itself a segment.
    pub fn only_reads(&self, place: Option<&str>) -> bool {
        let here = |field: &&Declared| matches!(field.from, Origin::Body(_)) && Some(field.place().as_str()) == place;
        let segment = |name: &str| {
            let named = |segment: &Segment| matches!(segment, Segment::Field(field) if field == name);
            segments::flat(&self.signed).into_iter().any(|(segment, _)| named(segment))
        };
        self.fields.iter().filter(here).any(|field| !segment(&field.name))
    }

    /// What the fields are read from; `body` is parsed only if a field needs it.
    pub fn context<'a>(&self, request: &Received<'a>, body: Option<Json<'a>>) -> Context<'a> {
        let pairs = match (&self.shape, &self.from) {
            (HeaderShape::Pairs { separator, .. }, Origin::Header(names)) => {
                header(names, request).ok().flatten().map(|header| (header, *separator))
            }
            _ => None,
        };
        Context { request: *request, pairs, body, stage: Stage::Signature }
    }

    /// Every signature in the request that has this scheme's form.
    fn candidates(&self, context: &Context<'_>, limit: usize) -> Result<Candidates, Finding> {
        let value = self.from.value(context).map_err(|twice| twice.finding(Stage::Signature))?;
        let value = value.filter(|value| !value.is_empty()).ok_or_else(|| missing(&self.title()).at(self.place()))?;
        element::read(&value, &self.shape, self.encoding, self.algorithm, limit)
            .map_err(|finding| finding.at(self.place()))
    }

    #[cfg_attr(small, optimize(speed))]
    fn verify(&self, forms: &[Pieces<Piece<'_>>], candidates: &[Mac], asked: Asked) -> Result<Verified<'_>, Finding> {
        for pieces in forms {
            if let Some(key) = self.keys.iter().find(|key| key.verifies(pieces, candidates)) {
                let signed = || pieces.iter().map(|piece| piece.bytes(&[])).collect::<Vec<_>>().concat();
                return Ok(Verified { key: key.id.as_str().into(), signed: asked.keeps_signed.then(signed) });
            }
        }
        Err(match asked.reports {
            true => mismatch(Some(self.keys.len())).at(self.place()),
            false => mismatch(None),
        })
    }

    pub fn place(&self) -> String {
        match &self.from {
            Origin::Body(pointer) => pointer.as_str().to_owned(),
            Origin::Header(_) | Origin::Pair(_) => format!("header:{}", self.title()),
            Origin::Query(name) => format!("query:{name}"),
        }
    }

    fn title(&self) -> Cow<'_, str> {
        match &self.from {
            Origin::Body(pointer) => pointer.as_str().into(),
            Origin::Header(names) => names.first().map_or("", String::as_str).into(),
            Origin::Pair(name) | Origin::Query(name) => name.into(),
        }
    }

    /// If a field is missing (`complete` is false), there are no signed bytes, so no MAC is computed.
    pub fn judge(
        &self,
        context: &Context<'_>,
        fields: &Fields<'_>,
        complete: bool,
        asked: Asked,
    ) -> Result<Verified<'_>, Vec<Finding>> {
        let verified = match self.candidates(context, asked.signatures) {
            Err(finding) => Err(finding),
            Ok(_) if !complete => return Err(Vec::new()),
            Ok(candidates) => match segments::forms(&self.signed, &context.request, fields) {
                Err(repeated) => Err(duplicate_query(Stage::Signature, &repeated.0)),
                Ok(forms) => self.verify(forms.as_ref().map_or(&[], SmallVec::as_slice), &candidates, asked),
            },
        };
        verified.map_err(|finding| vec![finding])
    }
}
