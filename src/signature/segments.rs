//! The signed bytes: the contract's segments, one after the other, as they are on the wire. They are not
//! concatenated: each piece goes into the MAC on its own.

use std::borrow::Cow;

use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256, Sha384, Sha512};
use smallvec::SmallVec;

use super::field::Fields;
use super::parameters::{self, Repeated};
use super::url;
use crate::grammar::{BodyDigest, BodyForm, Digest as DigestName, Encoding, Segment};
use crate::request::Received;

/// A piece of the signed bytes. The secret's bytes stay with the key.
#[derive(Clone, Debug)]
pub(crate) enum Piece<'a> {
    Bytes(Cow<'a, [u8]>),
    Secret,
}

/// Few contracts sign more pieces than these, which need no memory of their own.
const PIECES: usize = 6;

/// The pieces of one form.
pub(crate) type Pieces<T> = SmallVec<[T; PIECES]>;

/// The pieces of each form.
pub(crate) type Forms<T> = SmallVec<[Pieces<T>; 1]>;

/// A piece, and the segment that it comes from.
pub(crate) type Traced<'a> = (&'a Segment, Piece<'a>);

impl Piece<'_> {
    pub fn bytes<'b>(&'b self, secret: &'b [u8]) -> &'b [u8] {
        match self {
            Piece::Bytes(bytes) => bytes,
            Piece::Secret => secret,
        }
    }
}

/// The forms that the signed bytes may have: more than one only if the contract declares several forms of a URL.
/// `None` if a field is missing.
pub(crate) fn forms<'a>(
    signed: &'a [Segment],
    request: &Received<'a>,
    fields: &Fields<'a>,
) -> Result<Option<Forms<Piece<'a>>>, Repeated> {
    let mut found = Forms::new();
    Ok(collect(signed, request, fields, |_, piece| piece, &mut found)?.then_some(found))
}

/// Like [`forms`], with the segment of each piece.
pub(crate) fn traced<'a>(
    signed: &'a [Segment],
    request: &Received<'a>,
    fields: &Fields<'a>,
) -> Result<Option<Forms<Traced<'a>>>, Repeated> {
    let mut found = Forms::new();
    Ok(collect(signed, request, fields, |segment, piece| (segment, piece), &mut found)?.then_some(found))
}

/// Whether no field is missing.
fn collect<'a, T>(
    signed: &'a [Segment],
    request: &Received<'a>,
    fields: &Fields<'a>,
    keep: fn(&'a Segment, Piece<'a>) -> T,
    found: &mut Forms<T>,
) -> Result<bool, Repeated> {
    let mut collect = |url: &str| {
        found.push(SmallVec::new());
        match found.last_mut() {
            Some(pieces) => Ok(append(signed, request, fields, url, keep, pieces)?.is_some()),
            None => Ok(false),
        }
    };
    let urls = signed.iter().find_map(|segment| match segment {
        Segment::Url(forms) => Some(url::forms(&request.target.url(), forms)),
        _ => None,
    });
    match urls {
        None => collect(""),
        Some(urls) => {
            let mut is_whole = true;
            for url in urls {
                is_whole = is_whole && collect(&url)?;
            }
            Ok(is_whole)
        }
    }
}

#[cfg_attr(small, optimize(speed))]
fn append<'a, T>(
    segments: &'a [Segment],
    request: &Received<'a>,
    fields: &Fields<'a>,
    url: &str,
    keep: fn(&'a Segment, Piece<'a>) -> T,
    pieces: &mut Pieces<T>,
) -> Result<Option<()>, Repeated> {
    for segment in segments {
        let bytes: Cow<'a, [u8]> = match segment {
            Segment::Body(BodyForm::Raw(_)) => request.body.into(),
            Segment::Body(form) => body(*form, request.body),
            Segment::Field(name) => match fields.bytes(name) {
                Some(bytes) => bytes,
                None => return Ok(None),
            },
            Segment::Form(rules) => parameters::canonical(rules, request.body)?.into(),
            Segment::Literal(text) => text.as_bytes().into(),
            Segment::Method(_) => request.method.as_bytes().into(),
            Segment::Optional(group) => {
                let before = pieces.len();
                if append(group, request, fields, url, keep, pieces)?.is_none() {
                    pieces.truncate(before);
                }
                continue;
            }
            Segment::Path(_) => request.target.path().as_bytes().into(),
            Segment::Query(rules) => {
                parameters::canonical(rules, request.target.query().unwrap_or_default().as_bytes())?.into()
            }
            Segment::Secret(_) => {
                pieces.push(keep(segment, Piece::Secret));
                continue;
            }
            Segment::Target(_) => match request.target.path_and_query() {
                Cow::Borrowed(target) => target.as_bytes().into(),
                Cow::Owned(target) => target.into_bytes().into(),
            },
            Segment::Url(_) => url.as_bytes().to_vec().into(),
        };
        pieces.push(keep(segment, Piece::Bytes(bytes)));
    }
    Ok(Some(()))
}

pub(crate) fn body(form: BodyForm, body: &[u8]) -> Cow<'_, [u8]> {
    match form {
        BodyForm::Raw(_) => body.into(),
        BodyForm::Digest(BodyDigest { digest, encoding }) => match digest {
            DigestName::Sha256 => encoding.write(&Sha256::digest(body)),
            DigestName::Sha384 => encoding.write(&Sha384::digest(body)),
            DigestName::Sha512 => encoding.write(&Sha512::digest(body)),
        }
        .into_bytes()
        .into(),
    }
}

impl Encoding {
    pub fn write(self, bytes: &[u8]) -> String {
        match self {
            Encoding::Base64 => BASE64.encode(bytes),
            Encoding::Hex => HEXLOWER.encode(bytes),
        }
    }
}

/// Every segment, including those in optional groups, and whether it is in one.
pub(crate) fn flat(segments: &[Segment]) -> Vec<(&Segment, bool)> {
    segments
        .iter()
        .flat_map(|segment| match segment {
            Segment::Optional(group) => flat(group).into_iter().map(|(inner, _)| (inner, true)).collect(),
            _ => vec![(segment, false)],
        })
        .collect()
}
