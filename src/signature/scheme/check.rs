//! What a scheme may not be, even if the grammar allows it.

use crate::error::{ContractCode, ContractError};
use crate::grammar::{Algorithm, Encoding, HeaderShape, Segment};
use crate::place::is_name;
use crate::signature::field::{Declared, Origin};
use crate::signature::segments;

fn wrong<T>(at: impl Into<String>, message: impl Into<String>) -> Result<T, ContractError> {
    Err(ContractError::new(ContractCode::ContractSignature, at, message))
}

pub(super) fn token(
    algorithm: Algorithm,
    shape: &HeaderShape,
    encoding: Option<Encoding>,
    signed: Option<&[Segment]>,
) -> Result<(), ContractError> {
    match (algorithm, encoding) {
        (Algorithm::Token, Some(_)) => wrong("/signature/encoding", "a token is compared as it is"),
        (Algorithm::Token, None) if signed.is_some() => wrong("/signature/signed", "a token signs nothing"),
        (Algorithm::Token, None) => match shape {
            HeaderShape::Plain {} | HeaderShape::Prefixed { .. } => Ok(()),
            _ => wrong("/signature/shape", "a token stands alone, or behind a prefix"),
        },
        (_, None) => wrong("/signature", "`encoding` is missing: hex or base64"),
        (_, Some(_)) if signed.is_none_or(<[Segment]>::is_empty) => wrong("/signature/signed", "nothing is signed"),
        (_, Some(_)) => Ok(()),
    }
}

pub(super) fn name(name: &str, at: &str) -> Result<(), ContractError> {
    if is_name(name) {
        return Ok(());
    }
    let message = format!("`{name}` is not a name: a letter, then letters, digits and `_`, 32 characters at most");
    Err(ContractError::new(ContractCode::ContractGrammar, at, message))
}

/// Each value needs its own place: if two share one, neither can be written without the other.
pub(super) fn places(from: &Origin, fields: &[Declared]) -> Result<(), ContractError> {
    for (index, field) in fields.iter().enumerate() {
        let at = format!("/signature/fields/{}/from", field.name);
        if field.from.overlaps(from) {
            return wrong(at, "the signature itself stands there");
        }
        if let Some(other) = fields.iter().take(index).find(|other| other.from.overlaps(&field.from)) {
            return wrong(at, format!("the field `{}` is read from there already", other.name));
        }
    }
    Ok(())
}

/// Whether the text may come before a signature: visible ASCII that does not begin with a space, which readers trim.
fn is_mark(text: &str) -> bool {
    text.len() <= 100 && !text.starts_with(' ') && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Checks the name of a pair, which is the text between a separator and `=`.
fn pair_name(name: &str, separator: char) -> Result<(), String> {
    let found = is_mark(name) && !name.is_empty() && !name.ends_with(' ') && !name.contains([separator, '=']);
    let message =
        || format!("no pair is named `{}`: a name ends at `=`, and a pair at `{separator}`", name.escape_debug());
    if found { Ok(()) } else { Err(message()) }
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
        HeaderShape::Prefixed { prefix: mark } | HeaderShape::List { tag: Some(mark), .. } if !is_mark(mark) => {
            wrong(at, "a prefix or tag is visible ASCII, 100 characters at most, and no space comes first")
        }
        HeaderShape::List { separator, tag: Some(tag) } if tag.contains(*separator) => {
            wrong(at, "the tag holds the list's separator, so no element begins with it")
        }
        HeaderShape::Pairs { separator, take } if take.iter().any(|name| pair_name(name, *separator).is_err()) => {
            let named = take.iter().find_map(|name| pair_name(name, *separator).err());
            wrong(at, named.unwrap_or_default())
        }
        _ if matches!(from, Origin::Pair(_)) => wrong("/signature/from", "the signature itself is no pair"),
        _ => fields.iter().try_for_each(|field| match (&field.from, shape) {
            (Origin::Pair(name), HeaderShape::Pairs { take, .. }) if take.contains(name) => {
                wrong(at, format!("the pair `{name}` is taken as a signature and read as a field"))
            }
            (Origin::Pair(_), HeaderShape::Pairs { .. }) if !matches!(from, Origin::Header(_)) => {
                wrong(at, "pairs are read from a header, and the signature stands elsewhere")
            }
            (Origin::Pair(name), HeaderShape::Pairs { separator, .. }) => {
                let holds = |literal: &Segment| matches!(literal, Segment::Literal(text) if text.contains(*separator));
                let at = format!("/signature/fields/{}", field.name);
                match pair_name(name, *separator) {
                    Err(message) => wrong(at, message),
                    Ok(()) if field.equals().is_some_and(holds) => {
                        wrong(at, "`equals` can never hold: the literal holds the separator that a pair ends at")
                    }
                    Ok(()) => Ok(()),
                }
            }
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
            Segment::Url(_) if matches!(from, Origin::Query(_)) => {
                return wrong(at, "the signature cannot stand in a URL that is signed whole: take `path` and `query`");
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
