//! The declared fields of a signature: read strictly, in one form, from one place.

use std::borrow::Cow;

use super::element::pairs_of;
use super::segments;
use crate::covered::Covered;
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{BodyForm, Field, Segment, Source};
use crate::json::Json;
use crate::place::{Place, Pointer, is_header_name, is_parameter_name};
use crate::request::{Received, duplicate_header, unreadable_query};
use crate::target::Unreadable;
use crate::time::{self, FieldFormat};

/// What a field is for, which decides the code of its findings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    Nonce,
    Other,
    Time,
}

#[derive(Debug)]
pub(crate) struct Declared {
    pub name: String,
    pub format: FieldFormat,
    pub role: Role,
    pub optional: bool,
    pub from: Origin,
    equals: Option<Segment>,
    /// Characters that the value never contains.
    without: String,
}

/// Where a value is in a request.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    Body(Pointer),
    /// A header, or its aliases.
    Header(Vec<String>),
    /// A pair in the signature's own header.
    Pair(String),
    Query(String),
}

/// The fields of one request that are present and well-formed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    /// Replaces the value, if there is one.
    pub fn put(&mut self, name: &'a str, value: impl Into<Cow<'a, str>>) {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value.into()));
    }

    #[cfg_attr(small, optimize(speed))]
    fn value(&self, name: &str) -> Option<&Cow<'a, str>> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.value(name).map(Cow::as_ref)
    }

    pub fn bytes(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        self.value(name).map(|value| match value {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.as_bytes().to_vec()),
        })
    }
}

/// What fields are read from: the request and parts of it.
pub(crate) struct Context<'a> {
    pub request: Received<'a>,
    /// The signature's header, for fields that are pairs in it.
    pub pairs: Option<(&'a str, char)>,
    /// The body, if a field is read from it before the MAC is checked.
    pub body: Option<Json<'a>>,
    pub stage: Stage,
}

/// Every field that can be read, and a finding for each that cannot.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn read_all<'a>(declared: &'a [Declared], context: &Context<'a>) -> (Fields<'a>, Vec<Finding>) {
    let mut fields = Fields(Vec::with_capacity(declared.len()));
    let mut findings = Vec::new();
    for field in declared {
        match field.read(context) {
            Ok(Some(value)) => {
                fields.0.push((&field.name, value));
            }
            Ok(None) if field.optional => {}
            Ok(None) => findings.push(field.missing(context.stage)),
            Err(finding) => findings.push(finding),
        }
    }
    (fields, findings)
}

impl Declared {
    pub fn compile(name: String, field: Field, role: Role, at: &str) -> Result<Declared, ContractError> {
        let wrong = |message: &str| Err(ContractError::new(ContractCode::ContractSignature, at, message));
        if field.optional && role == Role::Time {
            return Err(ContractError::new(
                ContractCode::ContractFreshness,
                at,
                "the time that freshness judges is never optional",
            ));
        }
        if !matches!(field.equals, None | Some(Segment::Body(BodyForm::Digest(_)) | Segment::Literal(_))) {
            return wrong("`equals` is a literal or the digest of the body");
        }
        if field.equals.is_some() && role == Role::Time {
            let message = "the time that freshness judges is the same in every message, by its `equals`";
            return Err(ContractError::new(ContractCode::ContractFreshness, at, message));
        }
        if field.without.is_some() && field.format != FieldFormat::Text {
            return wrong("`without` is of a text; every other format says itself what it holds");
        }
        if field.without.as_deref() == Some("") {
            return wrong("`without` names no character");
        }
        let format = match (field.format, field.offset.as_deref()) {
            (FieldFormat::Local, None) => return wrong("a `local` time needs its `offset` from UTC, such as `+08:00`"),
            (FieldFormat::Local, Some(offset)) => match time::parse_offset(offset) {
                Some(seconds) => FieldFormat::LocalAt(seconds),
                None => return wrong("`offset` is written `+08:00`, `-03:30` or `Z`, up to 14 hours"),
            },
            (_, Some(_)) => return wrong("`offset` is of a `local` time; every other format says its zone itself"),
            (format, None) => format,
        };
        let from = Origin::compile(field.from, &format!("{at}/from"))?;
        let without = field.without.unwrap_or_default();
        let declared = Declared { name, format, role, optional: field.optional, from, equals: field.equals, without };
        match declared.never_equals() {
            Some(reason) => wrong(&format!("`equals` can never hold: {reason}")),
            None => Ok(declared),
        }
    }

    /// Its place, as in a finding's `at`; a pair is a part of the signature's header.
    pub fn place(&self) -> String {
        self.covered().to_string()
    }

    /// What a signature over it covers.
    pub fn covered(&self) -> Covered {
        Covered::Place(match &self.from {
            Origin::Body(pointer) => Place::Pointer(pointer.clone()),
            Origin::Header(names) => Place::Header(names.first().cloned().unwrap_or_default()),
            Origin::Pair(name) => Place::Field(name.clone()),
            Origin::Query(name) => Place::Query(name.clone()),
        })
    }

    /// Whether it is read from that header, under any of its names.
    pub fn is_alias(&self, header: &str) -> bool {
        matches!(&self.from, Origin::Header(names) if names.iter().any(|name| name == header))
    }

    /// A field that an engine itself defines: a part of the signature's header, and signed with it.
    pub fn known(name: &str, format: FieldFormat, role: Role, optional: bool) -> Declared {
        let from = Origin::Pair(name.to_owned());
        Declared { name: name.to_owned(), format, role, optional, from, equals: None, without: String::new() }
    }

    /// Why no value can ever match `equals`.
    fn never_equals(&self) -> Option<Cow<'static, str>> {
        match (&self.equals, &self.from) {
            (Some(_), _) if !self.without.is_empty() => Some("it says the whole value, so leave out `without`".into()),
            (Some(Segment::Body(_)), Origin::Body(_)) => Some("a body does not hold its own digest".into()),
            (Some(Segment::Body(_)), _) if self.format != FieldFormat::Text => Some("a digest is a `text`".into()),
            (Some(Segment::Literal(text)), _) if text.is_empty() => Some("an empty value is a missing one".into()),
            (Some(Segment::Literal(text)), Origin::Header(_) | Origin::Pair(_))
                if text.trim_matches([' ', '\t']) != text =>
            {
                Some("a header's value neither begins nor ends with a space".into())
            }
            (Some(Segment::Literal(text)), _) => {
                self.wrong_form(text).map(|expected| format!("the literal is not {expected}").into())
            }
            _ => None,
        }
    }

    /// Whether it is the same in every message.
    pub fn is_constant(&self) -> bool {
        matches!(self.equals, Some(Segment::Literal(_)))
    }

    /// Whether it tells two messages apart. A constant does not, nor does a time that two messages may share.
    pub fn tells_apart(&self) -> bool {
        !self.is_constant() && (!self.format.is_time() || self.format == FieldFormat::UuidV7)
    }

    pub fn equals(&self) -> Option<&Segment> {
        self.equals.as_ref()
    }

    /// Whether `equals` binds the field to the body.
    pub fn binds_body(&self) -> bool {
        matches!(self.equals, Some(Segment::Body(_)))
    }

    #[cfg_attr(small, optimize(speed))]
    fn read<'a>(&self, context: &Context<'a>) -> Result<Option<Cow<'a, str>>, Finding> {
        let value = self.from.value(context).map_err(|twice| twice.finding(context.stage))?;
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        if let Some(expected) = self.wrong_form(&value) {
            let code = match (self.role, &self.from) {
                (Role::Nonce, _) => Code::NonceMalformed,
                (Role::Other, Origin::Header(_)) => Code::HeaderMalformed,
                (Role::Other, _) => Code::FieldMalformed,
                (Role::Time, _) => Code::TimestampMalformed,
            };
            return Err(Finding::error(code, context.stage, format!("`{}` is not {expected}", self.title()))
                .at(self.place())
                .with("expected", expected.into_owned()));
        }
        match &self.equals {
            Some(Segment::Literal(text)) if *text != value => Err(super::element::unsupported(format!(
                "`{}` is not `{text}`: this is another version of the scheme",
                self.title()
            ))
            .at(self.place())),
            Some(Segment::Body(form)) if segments::body(*form, context.request.body) != value.as_bytes() => {
                Err(digest_mismatch(context.stage, self.title()).at(self.place()))
            }
            _ => Ok(Some(value)),
        }
    }

    fn missing(&self, stage: Stage) -> Finding {
        let code = match (self.role, &self.from) {
            (Role::Nonce, _) => Code::NonceMissing,
            (Role::Other, Origin::Header(_)) => Code::HeaderMissing,
            (Role::Other, _) => Code::FieldMissing,
            (Role::Time, _) => Code::TimestampMissing,
        };
        Finding::error(code, stage, format!("`{}` is missing", self.title())).at(self.place())
    }

    /// The name to use in messages.
    fn title(&self) -> &str {
        match &self.from {
            Origin::Body(pointer) => pointer.as_str(),
            Origin::Header(names) => names.first().map_or("", String::as_str),
            Origin::Pair(name) | Origin::Query(name) => name,
        }
    }

    /// What the value should have been, if it has the wrong form.
    #[cfg_attr(small, optimize(speed))]
    fn wrong_form(&self, value: &str) -> Option<Cow<'static, str>> {
        let expected = match self.format {
            FieldFormat::Text if value.contains(|one| self.without.contains(one)) => {
                return Some(format!("a text without `{}`", self.without.escape_debug()).into());
            }
            FieldFormat::Text => {
                let visible = value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
                let body = matches!(self.from, Origin::Body(_));
                (!body && (!visible || value.len() > 1024)).then_some("visible ASCII of at most 1024 bytes")
            }
            FieldFormat::Hex16 => {
                let lower = value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                (!lower || value.len() != 16).then_some("16 lower-case hex digits")
            }
            format => time::parse(format, value).is_none().then_some(time::expected(format)),
        };
        expected.map(Cow::Borrowed)
    }
}

/// The only place that raises `digest-mismatch`.
pub(super) fn digest_mismatch(stage: Stage, title: &str) -> Finding {
    Finding::error(Code::DigestMismatch, stage, format!("`{title}` is not the digest of the body"))
        .with("help", "the digest is of the body exactly as it is sent")
}

/// A value that must occur once occurs twice, or cannot be read.
pub(crate) enum NoOneValue {
    Header(String),
    Pair(String),
    Query(String, Unreadable),
}

impl NoOneValue {
    pub fn finding(self, stage: Stage) -> Finding {
        match self {
            NoOneValue::Header(name) => duplicate_header(stage, &name),
            NoOneValue::Pair(name) => duplicate_header(stage, &name).at(format!("field:{name}")),
            NoOneValue::Query(name, unreadable) => unreadable_query(stage, &name, unreadable),
        }
    }
}

impl Origin {
    /// Whether the two are the same place, or one contains the other.
    pub fn overlaps(&self, other: &Origin) -> bool {
        match (self, other) {
            (Origin::Body(one), Origin::Body(two)) => {
                one.tokens().starts_with(two.tokens()) || two.tokens().starts_with(one.tokens())
            }
            (Origin::Header(one), Origin::Header(two)) => one.iter().any(|name| two.contains(name)),
            (Origin::Pair(one), Origin::Pair(two)) | (Origin::Query(one), Origin::Query(two)) => one == two,
            _ => false,
        }
    }

    pub fn compile(source: Source, at: &str) -> Result<Origin, ContractError> {
        Ok(match source {
            Source::Body(pointer) => Origin::Body(pointer),
            Source::Pair(name) => Origin::Pair(parameter_name(name, &format!("{at}/pair"))?),
            Source::Query(name) => Origin::Query(parameter_name(name, &format!("{at}/query"))?),
            Source::Header(names) => {
                let names = names.list();
                names.iter().try_for_each(|name| check_header_name(name, &format!("{at}/header")))?;
                if let Some((_, twice)) =
                    names.iter().enumerate().find(|(index, name)| names.iter().take(*index).any(|other| other == *name))
                {
                    let message = format!("`{twice}` stands twice among the aliases");
                    return Err(ContractError::new(ContractCode::ContractSignature, format!("{at}/header"), message));
                }
                if names.is_empty() {
                    return Err(ContractError::new(
                        ContractCode::ContractSignature,
                        format!("{at}/header"),
                        "no header is named",
                    ));
                }
                Origin::Header(names)
            }
        })
    }

    /// The one value, if there is one.
    #[cfg_attr(small, optimize(speed))]
    pub fn value<'a>(&self, context: &Context<'a>) -> Result<Option<Cow<'a, str>>, NoOneValue> {
        match self {
            Origin::Body(pointer) => Ok(context.body.and_then(|body| body.follow(pointer)).and_then(Json::as_text)),
            Origin::Header(names) => header(names, &context.request).map(|value| value.map(Cow::Borrowed)),
            Origin::Pair(wanted) => {
                let Some((header, separator)) = context.pairs else { return Ok(None) };
                let mut values = pairs_of(header, separator).filter(|(name, _)| name == wanted).map(|(_, value)| value);
                match (values.next(), values.next()) {
                    (_, Some(_)) => Err(NoOneValue::Pair(wanted.clone())),
                    (first, None) => Ok(first.map(Cow::Borrowed)),
                }
            }
            Origin::Query(wanted) => match context.request.target.parameter(wanted) {
                Ok(value) => Ok(value.map(Cow::Borrowed)),
                Err(unreadable) => Err(NoOneValue::Query(wanted.clone(), unreadable)),
            },
        }
    }
}

/// The one value of a header or its aliases: if several are present, they must be equal.
#[cfg_attr(small, optimize(speed))]
pub(super) fn header<'a>(names: &[String], request: &Received<'a>) -> Result<Option<&'a str>, NoOneValue> {
    let mut found: Option<&str> = None;
    for name in names {
        let value = request.header(name).map_err(|_| NoOneValue::Header(name.clone()))?;
        match (found, value.filter(|value| !value.is_empty())) {
            (Some(first), Some(second)) if first != second => return Err(NoOneValue::Header(name.clone())),
            (None, Some(value)) => found = Some(value),
            _ => {}
        }
    }
    Ok(found)
}

fn parameter_name(name: String, at: &str) -> Result<String, ContractError> {
    match is_parameter_name(&name) {
        true => Ok(name),
        false => {
            let message = "a name of 1 to 100 characters without control characters is meant here";
            Err(ContractError::new(ContractCode::ContractGrammar, at, message))
        }
    }
}

pub(crate) fn check_header_name(name: &str, at: &str) -> Result<(), ContractError> {
    if is_header_name(name) {
        return Ok(());
    }
    let message = format!("`{name}` is not a header name in lower case");
    Err(ContractError::new(ContractCode::ContractRequest, at, message)
        .help(format!("write `{}`", name.to_ascii_lowercase())))
}
