//! What a scheme may not be, whatever the grammar allows.

use crate::error::ContractError;
use crate::grammar::{Algorithm, Encoding, HeaderShape, Segment};
use crate::signature::field::{Declared, Origin};
use crate::signature::segments;

fn wrong<T>(at: impl Into<String>, message: impl Into<String>) -> Result<T, ContractError> {
    Err(ContractError::new("contract-signature", at, message))
}

pub(super) fn token(
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

pub(super) fn shape(from: &Origin, shape: &HeaderShape, fields: &[Declared]) -> Result<(), ContractError> {
    let at = "/signature/shape";
    match shape {
        HeaderShape::List { separator, tag }
            if !matches!(separator, ' ' | ',' | '&') || tag.as_ref().is_some_and(String::is_empty) =>
        {
            wrong(at, "a list is separated by a space, `,` or `&`, and a tag is not empty")
        }
        HeaderShape::Pairs { separator, take } if !matches!(separator, ',' | ';' | '&') || take.is_empty() => {
            wrong(at, "pairs are separated by `,`, `;` or `&`, and `take` names at least one")
        }
        HeaderShape::Prefixed { prefix } if prefix.is_empty() => wrong(at, "the prefix is empty"),
        _ if matches!(from, Origin::Pair(_)) => wrong("/signature/from", "the signature itself is no pair"),
        _ => fields.iter().try_for_each(|field| match (&field.from, shape) {
            (Origin::Pair(name), HeaderShape::Pairs { take, .. }) if take.contains(name) => {
                wrong(at, format!("the pair `{name}` is taken as a signature and read as a field"))
            }
            (Origin::Pair(_), HeaderShape::Pairs { .. }) => Ok(()),
            (Origin::Pair(name), _) => {
                wrong(format!("/signature/fields/{}", field.name), format!("there are no pairs to read `{name}` from"))
            }
            _ => Ok(()),
        }),
    }
}

pub(super) fn segments(
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
                return wrong(at, "the secret itself is a segment of a plain digest alone; an HMAC is keyed with it");
            }
            Segment::Query(rules) => {
                if let Origin::Query(name) = from
                    && !rules.exclude.contains(name)
                {
                    return wrong(at, format!("the signed query must exclude the signature's own `{name}`"));
                }
            }
            Segment::Target(_) if matches!(from, Origin::Query(_)) => {
                return wrong(
                    at,
                    "the signature cannot stand in a query that is signed whole: take `path` and `query`",
                );
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
