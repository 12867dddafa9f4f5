//! Other ways to put the same inputs together: the contract's own with a piece less, another order or
//! another separator, and those of known providers.

use super::diagnosis::{CauseId, Fault};
use super::times::Other;
use crate::contract::document::{
    BodyDigest, BodyForm, Digest, Encoding, Parameters, Raw, Segment, Sort, UrlForm, Values,
};
use crate::request::Request;
use crate::signature::{Fields, Scheme};

/// Instants and ids that are tried in each known template.
const MOST_VALUES: usize = 4;

/// More templates than this are not made.
const MOST: usize = 400;

pub(super) type Template = (Vec<Segment>, Fault);

pub(super) fn repairs(scheme: &Scheme, request: &Request<'_>, fields: &Fields<'_>, others: &[Other]) -> Vec<Template> {
    let mut found = Vec::new();
    own(scheme, request, &mut found);
    let declared = |times: bool| scheme.fields.iter().filter(move |field| field.format.is_time() == times);
    let of = |times| declared(times).filter_map(|field| fields.get(&field.name)).map(str::to_owned);
    let times: Vec<String> = of(true).chain(others.iter().map(|(text, _)| text.clone())).take(MOST_VALUES).collect();
    let ids: Vec<String> = of(false).chain(ids(request)).take(MOST_VALUES).collect();
    known(&times, &ids, request.query().unwrap_or_default(), &mut found);
    found.truncate(MOST);
    found
}

/// Headers that name one message.
fn ids(request: &Request<'_>) -> impl Iterator<Item = String> {
    let named = |name: &str| name.ends_with("-id") || name.contains("delivery") || name.contains("nonce");
    request.headers.iter().filter(move |(name, _)| named(&name.to_ascii_lowercase())).map(|(_, value)| value.clone())
}

fn fault(edits: usize, message: impl Into<String>) -> Fault {
    Fault::new(CauseId::Template, edits, "/signature/signed", message)
}

fn literal(text: impl Into<String>) -> Segment {
    Segment::Literal(text.into())
}

/// One step away from the contract's own.
fn own(scheme: &Scheme, request: &Request<'_>, found: &mut Vec<Template>) {
    let signed = &scheme.signed;
    let without = |from: usize, count: usize| -> Vec<Segment> {
        let kept = signed.iter().enumerate().filter(|(at, _)| !(from..from + count).contains(at));
        kept.map(|(_, segment)| segment.clone()).collect()
    };
    if signed.len() > 1 {
        for count in 1..=2 {
            let starts = 0..=signed.len() - count;
            found.extend(
                starts
                    .map(|from| (without(from, count), fault(4, "a piece of the contract's `signed` was not signed"))),
            );
        }
        let reversed = signed.iter().rev().cloned().collect();
        found.push((reversed, fault(4, "the pieces of the contract's `signed` were signed in the opposite order")));
        for at in 0..signed.len() {
            for other in at + 1..signed.len() {
                let mut swapped = signed.clone();
                swapped.swap(at, other);
                found.push((
                    swapped,
                    fault(4, "two pieces of the contract's `signed` were signed in the opposite order"),
                ));
            }
        }
    }
    separators(signed, found);
    for end in ["\n", ".", ":", "|"] {
        let longer = signed.iter().cloned().chain([literal(end)]).collect();
        found.push((longer, fault(3, "the signed bytes end in a separator that the contract does not have")));
    }
    for at in 0..signed.len() {
        found.extend(forms_of(signed.get(at), request).into_iter().map(|(other, message)| {
            let changed = signed.iter().enumerate().map(|(i, old)| if i == at { other.clone() } else { old.clone() });
            (changed.collect(), fault(5, message))
        }));
    }
}

/// Other text between the pieces.
fn separators(signed: &[Segment], found: &mut Vec<Template>) {
    let texts = |segment: &Segment| matches!(segment, Segment::Literal(_));
    for separator in [".", ":", "|", ",", ";", "\n", "\r\n", "", " ", "-", "_", "&", "+", "/"] {
        let message = "the pieces of the contract's `signed` were signed with another separator";
        if signed.iter().any(texts) {
            let replaced = signed.iter().map(|old| if texts(old) { literal(separator) } else { old.clone() });
            found.push((replaced.collect(), fault(2, message)));
            // `v0:` and the like: what stands first is a version, and stays.
            let replaced = signed.iter().enumerate();
            let replaced =
                replaced.map(|(at, old)| if at > 0 && texts(old) { literal(separator) } else { old.clone() });
            found.push((replaced.collect(), fault(2, message)));
        }
        let pieces = signed.iter().filter(|segment| !texts(segment)).cloned();
        let joined: Vec<Segment> = pieces.flat_map(|piece| [literal(separator), piece]).skip(1).collect();
        found.push((joined, fault(3, message)));
    }
}

/// The same piece, taken differently.
fn forms_of(segment: Option<&Segment>, request: &Request<'_>) -> Vec<(Segment, &'static str)> {
    let digest = |encoding| Segment::Body(BodyForm::Digest(BodyDigest { digest: Digest::Sha256, encoding }));
    match segment {
        Some(Segment::Body(_)) => vec![
            (
                digest(Encoding::Hex),
                "the SHA-256 of the body was signed in hex, in place of the body as the contract says",
            ),
            (
                digest(Encoding::Base64),
                "the SHA-256 of the body was signed in base64, in place of the body as the contract says",
            ),
            (body(), "the body itself was signed, in place of its digest"),
        ],
        Some(Segment::Query(rules)) => {
            let values = if rules.values == Values::Raw { Values::Decoded } else { Values::Raw };
            let sort = if rules.sort == Sort::Name { Sort::Pair } else { Sort::Name };
            let decoded = Parameters { values, ..rules.clone() };
            let resorted = Parameters { sort, ..rules.clone() };
            let query = request.query().unwrap_or_default();
            let kept = query
                .split('&')
                .filter(|pair| !rules.exclude.iter().any(|name| pair.split('=').next() == Some(name.as_str())));
            let unsorted = kept.collect::<Vec<_>>().join(&rules.join);
            vec![
                (
                    Segment::Query(decoded),
                    "the query's values were signed decoded where the contract says raw, or the other way round",
                ),
                (Segment::Query(resorted), "the query's parameters were signed in another order"),
                (literal(unsorted), "the query's parameters were signed in the order of the URL, not sorted"),
            ]
        }
        Some(Segment::Path(_)) => vec![
            (literal(request.full_url()), "the whole URL was signed, in place of the path"),
            (Segment::Url(vec![UrlForm::Received]), "the whole URL was signed, in place of the path"),
        ],
        Some(Segment::Url(_)) => vec![(Segment::Path(Raw::Raw), "the path was signed, in place of the whole URL")],
        _ => Vec::new(),
    }
}

fn body() -> Segment {
    Segment::Body(BodyForm::Raw(Raw::Raw))
}

/// Templates that are known of providers: `T` a time, `I` an id, `M` the method, `P` the path, `Q` the
/// query, `U` the URL, `B` the body, `H` its SHA-256 in hex; all else stands for itself.
const KNOWN: [&str; 28] = [
    "B",
    "T.B",
    "T:B",
    "v0:T:B",
    "v1:T:B",
    "TB",
    "T\nB",
    "T|B",
    "T,B",
    "T B",
    "B.T",
    "BT",
    "B:T",
    "I.T.B",
    "ITB",
    "I:T:B",
    "T.I.B",
    "I.B",
    "MUB",
    "MUBT",
    "UB",
    "MPB",
    "TMPB",
    "M\nP\nB",
    "M\nP\nT\nB",
    "T.H",
    "M|P|Q",
    "H",
];

fn known(times: &[String], ids: &[String], query: &str, found: &mut Vec<Template>) {
    for template in KNOWN {
        let none = [String::new()];
        let times = if template.contains('T') { times } else { none.as_slice() };
        let ids = if template.contains('I') { ids } else { none.as_slice() };
        for time in times {
            for id in ids {
                let message =
                    format!("the signed bytes are put together as {}, unlike the contract's", described(template));
                found.push((template.chars().map(|c| segment(c, time, id, query)).collect(), fault(8, message)));
            }
        }
    }
}

fn segment(c: char, time: &str, id: &str, query: &str) -> Segment {
    match c {
        'B' => body(),
        'H' => Segment::Body(BodyForm::Digest(BodyDigest { digest: Digest::Sha256, encoding: Encoding::Hex })),
        'I' => literal(id),
        'M' => Segment::Method(Raw::Raw),
        'P' => Segment::Path(Raw::Raw),
        'Q' => literal(query),
        'T' => literal(time),
        'U' => Segment::Url(vec![UrlForm::Received]),
        _ => literal(c),
    }
}

fn described(template: &str) -> String {
    let words = template.chars().map(|c| match c {
        'B' => "body".to_owned(),
        'H' => "sha256(body)".to_owned(),
        'I' => "id".to_owned(),
        'M' => "method".to_owned(),
        'P' => "path".to_owned(),
        'Q' => "query".to_owned(),
        'T' => "time".to_owned(),
        'U' => "url".to_owned(),
        c => format!("{c:?}"),
    });
    words.collect::<Vec<_>>().join(" ")
}
