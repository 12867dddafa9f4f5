//! Stage 2: a scheme, its keys and a request give a proof of who signed it, or findings.

use std::borrow::Cow;

use crate::contract::document::{self, Algorithm, Encoding, HeaderShape, Segment};
use crate::contract::error::ContractError;
use crate::freshness::Clock;
use crate::gate::Check;
use crate::request::Request;
use crate::verdict::{Code, Finding, Stage};

mod algorithm;
pub(crate) mod doctor;
pub(crate) mod dpop;
pub(crate) mod element;
pub(crate) mod field;
pub(crate) mod keys;
pub(crate) mod lint;
pub(crate) mod mac;
pub(crate) mod parameters;
mod public_key;
pub(crate) mod rfc9421;
pub(crate) mod segments;
pub(crate) mod sign;
mod url;

pub(crate) use field::Fields;
use field::{Context, Declared, Origin, Role};
use keys::Keys;
use segments::Piece;

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

/// The compiled `signature` section of a contract.
#[derive(Debug)]
pub(crate) enum Engine {
    Dpop(dpop::Dpop),
    Rfc9421(rfc9421::HttpSignature),
    Segments(Box<Scheme>),
}

/// What a request says of its signature, before anybody believes it.
#[derive(Default)]
pub(crate) struct Claims<'a> {
    pub fields: Fields<'a>,
    pub findings: Vec<Finding>,
    brought: Brought<'a>,
}

#[derive(Default)]
enum Brought<'a> {
    Dpop(Box<dpop::Proof<'a>>),
    #[default]
    Nothing,
    Rfc9421(Box<rfc9421::Candidate>),
    Segments(Box<Context<'a>>),
}

/// What an engine verified: the key's id and the signed bytes.
pub(crate) struct Verified {
    key: String,
    signed: Vec<u8>,
}

impl Engine {
    /// `time` is the field that freshness reads, `nonces` those that the replay key is made of.
    pub fn compile(
        document: document::Signature,
        time: Option<&str>,
        nonces: &[&str],
        keys: &[keys::Key],
    ) -> Result<Engine, ContractError> {
        let engine = match document {
            document::Signature::Dpop(rules) => Engine::Dpop(dpop::Dpop::compile(rules, keys)?),
            document::Signature::Rfc9421(rules) => Engine::Rfc9421(rfc9421::HttpSignature::compile(rules, keys)?),
            document::Signature::Segments(scheme) => {
                return Scheme::compile(scheme, time, nonces, keys).map(Box::new).map(Engine::Segments);
            }
        };
        // What freshness or the replay key reads may not be left out by the sender.
        let optional = |name: &str| engine.fields().iter().any(|field| field.name == name && field.optional);
        let code = match (time.filter(|name| optional(name)), nonces.iter().find(|name| optional(name))) {
            (Some(name), _) => Some(("contract-freshness", "/freshness/field", name)),
            (None, Some(name)) => Some(("contract-replay", "/replay/key", *name)),
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

    pub fn fields(&self) -> &[Declared] {
        match self {
            Engine::Dpop(dpop) => &dpop.fields,
            Engine::Rfc9421(http) => &http.fields,
            Engine::Segments(scheme) => &scheme.fields,
        }
    }

    /// What the signature covers, as a finding's `at` would name it; sorted.
    pub fn covers(&self) -> Vec<String> {
        match self {
            Engine::Dpop(dpop) => dpop.covers(),
            Engine::Rfc9421(http) => http.covers(),
            Engine::Segments(scheme) => scheme.covers(),
        }
    }

    /// Whether the signature speaks for a field.
    pub fn is_signed(&self, field: &Declared) -> bool {
        self.segments().is_none_or(|scheme| scheme.is_signed(field))
    }

    pub fn signs_body(&self) -> bool {
        self.covers().iter().any(|place| place == "body")
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

    /// `body` is parsed only where a field needs it.
    pub fn read<'a>(&'a self, request: &Request<'a>, body: Option<&'a serde_json::Value>, limit: usize) -> Claims<'a> {
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
                let (fields, findings) = field::read_all(&scheme.fields, &context);
                Claims { fields, findings, brought: Brought::Segments(Box::new(context)) }
            }
        }
    }
}

/// The engine `segments`, compiled.
#[derive(Debug)]
pub(crate) struct Scheme {
    pub algorithm: Algorithm,
    pub from: Origin,
    shape: HeaderShape,
    encoding: Option<Encoding>,
    pub fields: Vec<Declared>,
    pub signed: Vec<Segment>,
    keys: Keys,
}

impl Scheme {
    /// `time` is the field that freshness reads, `nonces` those that the replay key is made of.
    pub fn compile(
        document: document::Segments,
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
            let at = format!("/signature/fields/{name}");
            fields.push(Declared::compile(name, field, role, &at)?);
        }
        let algorithm = document.key.algorithm;
        let signed = document.signed.unwrap_or_default();
        check::token(algorithm, &document.shape, document.encoding, &signed)?;
        check::shape(&from, &document.shape, &fields)?;
        check::segments(algorithm, &from, &signed, &fields)?;
        let secret = segments::flat(&signed).iter().any(|(segment, _)| matches!(segment, Segment::Secret(_)));
        let keys = Keys::compile(&document.key, keys, algorithm.is_digest() && !secret)?;
        Ok(Scheme { algorithm, from, shape: document.shape, encoding: document.encoding, fields, signed, keys })
    }

    /// Whether the body can be a part of what is signed.
    pub fn signs_body(&self) -> bool {
        let body = |segment: &Segment| matches!(segment, Segment::Body(_) | Segment::Form(_));
        segments::flat(&self.signed).into_iter().any(|(segment, _)| body(segment))
            || self.fields.iter().any(Declared::binds_body)
    }

    /// What the signature covers in every request, as a finding's `at` would name it; sorted. What stands
    /// in an optional group is left out by whoever sends without it, and so is not covered.
    pub fn covers(&self) -> Vec<String> {
        let binds = |field: &&Declared| field.binds_body() && !field.optional && self.is_signed(field);
        let mut covers: Vec<String> = segments::flat(&self.signed)
            .into_iter()
            .filter(|(_, grouped)| !grouped)
            .flat_map(|(segment, _)| self.places_of(segment))
            .chain(self.fields.iter().filter(binds).map(|_| "body".into()))
            .collect();
        covers.sort_unstable();
        covers.dedup();
        covers
    }

    fn places_of(&self, segment: &Segment) -> Vec<String> {
        match segment {
            Segment::Body(_) | Segment::Form(_) => vec!["body".into()],
            Segment::Field(name) => {
                self.fields.iter().filter(|field| field.name == *name).map(Declared::place).collect()
            }
            Segment::Literal(_) | Segment::Optional(_) | Segment::Secret(_) => vec![],
            Segment::Method(_) => vec!["method".into()],
            Segment::Path(_) => vec!["path".into()],
            Segment::Query(_) => vec!["query".into()],
            Segment::Url(_) => vec!["path".into(), "query".into(), "url".into()],
        }
    }

    /// Whether the signature speaks for a field: it is a segment, or stands in a query or URL that is.
    pub fn is_signed(&self, field: &Declared) -> bool {
        segments::flat(&self.signed).into_iter().any(|(segment, _)| match (segment, &field.from) {
            (Segment::Field(name), _) => *name == field.name,
            (Segment::Query(rules), Origin::Query(name)) => !rules.exclude.contains(name),
            (Segment::Url(_), Origin::Query(_)) => true,
            (Segment::Body(_) | Segment::Form(_), Origin::Body(_)) => true,
            _ => false,
        })
    }

    pub fn reads_body_first(&self) -> bool {
        self.fields.iter().map(|field| &field.from).chain([&self.from]).any(|from| matches!(from, Origin::Body(_)))
    }

    /// What the fields are read from; `body` is parsed only where a field needs it.
    pub fn context<'a>(&self, request: &Request<'a>, body: Option<&'a serde_json::Value>) -> Context<'a> {
        let pairs = match (&self.shape, &self.from) {
            (HeaderShape::Pairs { separator, .. }, Origin::Header(names)) => {
                names.iter().find_map(|name| request.header(name).ok().flatten()).map(|header| (header, *separator))
            }
            _ => None,
        };
        Context { request: *request, pairs, body, stage: Stage::Signature }
    }

    /// Every signature that the request brings in this scheme's form.
    fn candidates(&self, context: &Context<'_>, limit: usize) -> Result<Vec<Vec<u8>>, Finding> {
        let value = self.from.value(context).map_err(|twice| twice.finding(Stage::Signature))?;
        let value = value.filter(|value| !value.is_empty()).ok_or_else(|| missing(&self.title()).at(self.place()))?;
        element::read(&value, &self.shape, self.encoding, self.algorithm, limit)
            .map_err(|finding| finding.at(self.place()))
    }

    fn verify(&self, forms: Vec<Vec<Piece<'_>>>, candidates: &[Vec<u8>]) -> Result<Verified, Finding> {
        for pieces in forms {
            if let Some(key) = self.keys.iter().find(|key| key.verifies(&pieces, candidates)) {
                let signed = pieces.iter().flat_map(|piece| piece.bytes(&[])).copied().collect();
                return Ok(Verified { key: key.id.clone(), signed });
            }
        }
        Err(mismatch(self.keys.len()).at(self.place()))
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
}

/// The only place that raises `signature-missing`.
fn missing(title: &str) -> Finding {
    let message = format!("`{title}` is missing, so nobody signed this");
    Finding::error(Code::SignatureMissing, Stage::Signature, message)
}

/// The only place that raises `signature-mismatch`.
fn mismatch(keys: usize) -> Finding {
    let message = "the signature does not belong to these bytes under any of the keys";
    Finding::error(Code::SignatureMismatch, Stage::Signature, message)
        .with("keys", keys)
        .with("help", "sign the bytes exactly as they are sent, with this key, and change nothing afterwards")
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
            judge_segments(scheme, context, &claims.fields, findings.is_empty(), limit)
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

/// While a field is missing (`complete` is false) there are no signed bytes, so no MAC is computed.
fn judge_segments(
    scheme: &Scheme,
    context: &Context<'_>,
    fields: &Fields<'_>,
    complete: bool,
    limit: usize,
) -> Result<Verified, Vec<Finding>> {
    let forms = segments::forms(&scheme.signed, &context.request, fields);
    let verified = match (scheme.candidates(context, limit), forms) {
        (Err(finding), _) => Err(finding),
        (Ok(_), _) if !complete => return Err(Vec::new()),
        (Ok(_), Err(repeated)) => Err(field::duplicate_query(Stage::Signature, &repeated.0)),
        (Ok(candidates), Ok(forms)) => scheme.verify(forms.into_iter().flatten().collect(), &candidates),
    };
    verified.map_err(|finding| vec![finding])
}

/// What a scheme may not be, whatever the grammar allows.
mod check {
    use super::{Algorithm, ContractError, Declared, Encoding, HeaderShape, Origin, Segment, segments};

    fn wrong<T>(at: impl Into<String>, message: impl Into<String>) -> Result<T, ContractError> {
        Err(ContractError::new("contract-signature", at, message))
    }

    pub fn token(
        algorithm: Algorithm,
        shape: &HeaderShape,
        encoding: Option<Encoding>,
        signed: &[Segment],
    ) -> Result<(), ContractError> {
        match (algorithm, encoding) {
            (Algorithm::Token, Some(_)) => wrong("/signature/encoding", "a token is compared as it is"),
            (Algorithm::Token, None) if !signed.is_empty() => wrong("/signature/signed", "a token signs nothing"),
            (Algorithm::Token, None) => match shape {
                HeaderShape::Plain {} | HeaderShape::Prefixed { .. } => Ok(()),
                _ => wrong("/signature/shape", "a token stands alone, or behind a prefix"),
            },
            (_, None) => wrong("/signature", "`encoding` is missing: hex or base64"),
            (_, Some(_)) if signed.is_empty() => wrong("/signature/signed", "nothing is signed"),
            (_, Some(_)) => Ok(()),
        }
    }

    pub fn shape(from: &Origin, shape: &HeaderShape, fields: &[Declared]) -> Result<(), ContractError> {
        let at = "/signature/shape";
        match shape {
            HeaderShape::List { separator, tag } if !matches!(separator, ' ' | ',') || tag.is_empty() => {
                wrong(at, "a list is separated by a space or a comma, and its tag is not empty")
            }
            HeaderShape::Pairs { separator, take } if !matches!(separator, ',' | ';') || take.is_empty() => {
                wrong(at, "pairs are separated by a comma or a semicolon, and `take` names at least one")
            }
            HeaderShape::Prefixed { prefix } if prefix.is_empty() => wrong(at, "the prefix is empty"),
            _ if matches!(from, Origin::Pair(_)) => wrong("/signature/from", "the signature itself is no pair"),
            _ => fields.iter().try_for_each(|field| match (&field.from, shape) {
                (Origin::Pair(name), HeaderShape::Pairs { take, .. }) if take.contains(name) => {
                    wrong(at, format!("the pair `{name}` is taken as a signature and read as a field"))
                }
                (Origin::Pair(_), HeaderShape::Pairs { .. }) => Ok(()),
                (Origin::Pair(name), _) => wrong(
                    format!("/signature/fields/{}", field.name),
                    format!("there are no pairs to read `{name}` from"),
                ),
                _ => Ok(()),
            }),
        }
    }

    pub fn segments(
        algorithm: Algorithm,
        from: &Origin,
        signed: &[Segment],
        fields: &[Declared],
    ) -> Result<(), ContractError> {
        let at = "/signature/signed";
        let all = segments::flat(signed);
        for (segment, grouped) in &all {
            match segment {
                Segment::Field(name) => match fields.iter().find(|field| field.name == *name) {
                    None => return wrong(at, format!("there is no field `{name}` under `fields`")),
                    Some(field) if field.optional && !grouped => {
                        return wrong(at, format!("the optional field `{name}` stands outside an optional group"));
                    }
                    Some(_) => {}
                },
                Segment::Literal(text) if text.is_empty() => return wrong(at, "an empty literal says nothing"),
                Segment::Secret(_) if !algorithm.is_digest() => {
                    return wrong(
                        at,
                        "the secret itself is a segment of a plain digest alone; an HMAC is keyed with it",
                    );
                }
                Segment::Query(rules) => {
                    if let Origin::Query(name) = from
                        && !rules.exclude.contains(name)
                    {
                        return wrong(at, format!("the signed query must exclude the signature's own `{name}`"));
                    }
                }
                Segment::Url(forms) if forms.is_empty() => return wrong(at, "no form of the URL is declared"),
                _ => {}
            }
        }
        if all.iter().filter(|(segment, _)| matches!(segment, Segment::Url(_))).count() > 1 {
            return wrong(at, "the URL stands twice");
        }
        let groups = signed.iter().filter_map(|segment| match segment {
            Segment::Optional(group) => Some(group),
            _ => None,
        });
        for group in groups {
            let goes = segments::flat(group).iter().any(|(segment, _)| match segment {
                Segment::Field(name) => fields.iter().any(|field| field.name == *name && field.optional),
                _ => false,
            });
            if !goes {
                return wrong(at, "an optional group without an optional field never goes");
            }
        }
        Ok(())
    }
}
