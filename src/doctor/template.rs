//! Other ways to assemble the same inputs: the contract's own template with a piece left out, in another order or
//! with another separator, and the templates of known providers.

use super::fault::{CauseId, Fault};
use super::times::Other;
use crate::grammar::{BodyDigest, BodyForm, Digest, Encoding, Parameters, Raw, Segment, Sort, UrlForm, Values};
use crate::request::Received;
use crate::signature::{Fields, Scheme};
use crate::urlencoded;

/// How many times and ids are tried in each known template.
const MOST_VALUES: usize = 4;

/// The most templates to make.
const MOST: usize = 400;

pub(super) type Template = (Vec<Segment>, Fault);

pub(super) fn repairs(scheme: &Scheme, request: &Received<'_>, fields: &Fields<'_>, others: &[Other]) -> Vec<Template> {
    let mut found = Vec::new();
    own(scheme, request, &mut found);
    let declared = |times: bool| scheme.fields.iter().filter(move |field| field.format.is_time() == times);
    let of = |times| declared(times).filter_map(|field| fields.get(&field.name)).map(str::to_owned);
    let times: Vec<String> = of(true).chain(others.iter().map(|(text, _)| text.clone())).take(MOST_VALUES).collect();
    let ids: Vec<String> = of(false).chain(ids(request)).take(MOST_VALUES).collect();
    let from = found.len();
    known(&times, &ids, request.target.query().unwrap_or_default(), &mut found);
    if scheme.algorithm.is_digest() {
        // Without the secret, anybody can compute a digest of what they send, so a match would prove nothing.
        let known = found.split_off(from);
        found.extend(known.into_iter().map(|(signed, fault)| ([vec![secret()], signed].concat(), fault)));
    }
    found.truncate(MOST);
    found
}

/// The values of headers that identify a message.
fn ids(request: &Received<'_>) -> impl Iterator<Item = String> {
    let named = |name: &str| name.ends_with("-id") || name.contains("delivery") || name.contains("nonce");
    request.headers.iter().filter(move |(name, _)| named(&name.to_ascii_lowercase())).map(|(_, value)| value.clone())
}

fn fault(edits: usize, message: impl Into<String>) -> Fault {
    Fault::new(CauseId::Template, edits, "/signature/signed", message)
}

fn literal(text: impl Into<String>) -> Segment {
    Segment::Literal(text.into())
}

/// Templates that are one step away from the contract's own.
fn own(scheme: &Scheme, request: &Received<'_>, found: &mut Vec<Template>) {
    let signed = &scheme.signed;
    let without = |from: usize, count: usize| -> Vec<Segment> {
        let kept = signed.iter().enumerate().filter(|(at, _)| !(from..from + count).contains(at));
        kept.map(|(_, segment)| segment.clone()).collect()
    };
    let secret = |segment: &Segment| matches!(segment, Segment::Secret(_));
    let keyed = |left: &Vec<Segment>| left.iter().any(secret) || !signed.iter().any(secret);
    if signed.len() > 1 {
        for count in 1..=2 {
            let starts = (0..=signed.len() - count).map(|from| without(from, count)).filter(keyed);
            found.extend(starts.map(|left| (left, fault(4, "a piece of the contract's `signed` was not signed"))));
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
            // Text that comes first, such as `v0:`, is a version and stays.
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

/// The same piece in other forms.
fn forms_of(segment: Option<&Segment>, request: &Received<'_>) -> Vec<(Segment, String)> {
    let digest = |encoding| Segment::Body(BodyForm::Digest(BodyDigest { digest: Digest::Sha256, encoding }));
    match segment {
        Some(Segment::Body(_)) => {
            let message =
                |form| format!("the SHA-256 of the body was signed in {form}, and the contract says the body");
            vec![
                (digest(Encoding::Hex), message("hex")),
                (digest(Encoding::Base64), message("base64")),
                (body(), "the body itself was signed, in place of its digest".into()),
            ]
        }
        Some(Segment::Query(rules)) => {
            parameters(rules, request.target.query().unwrap_or_default().as_bytes(), "query", Segment::Query)
        }
        Some(Segment::Form(rules)) => {
            let raw = (body(), "the form was signed as it stands, in place of its sorted parameters".to_owned());
            parameters(rules, request.body, "form", Segment::Form).into_iter().chain([raw]).collect()
        }
        Some(Segment::Path(_)) => {
            let message = "the whole URL was signed, in place of the path";
            vec![
                (literal(request.target.url()), message.into()),
                (Segment::Url(vec![UrlForm::Received]), message.into()),
            ]
        }
        Some(Segment::Url(_)) => {
            vec![(Segment::Path(Raw::Raw), "the path was signed, in place of the whole URL".into())]
        }
        _ => Vec::new(),
    }
}

/// Other ways to turn the same parameters into one string.
fn parameters(
    rules: &Parameters,
    text: &[u8],
    what: &str,
    segment: fn(Parameters) -> Segment,
) -> Vec<(Segment, String)> {
    let values = if rules.values == Values::Raw { Values::Decoded } else { Values::Raw };
    let sort = if rules.sort == Sort::Name { Sort::Pair } else { Sort::Name };
    let joined =
        |pair: &str, join: &str, values| Parameters { pair: pair.into(), join: join.into(), values, ..rules.clone() };
    let marks = format!("the parameters of the {what} were signed with other marks between them");
    let other = [("=", "&"), ("", ""), ("=", ""), ("=", ","), ("=", "|")];
    let marked = other.into_iter().flat_map(|(pair, join)| {
        [rules.values, values].map(|values| (segment(joined(pair, join, values)), marks.clone()))
    });
    [
        (
            segment(Parameters { values, ..rules.clone() }),
            format!("the values of the {what} were signed decoded where the contract says raw, or the other way round"),
        ),
        (
            segment(Parameters { sort, ..rules.clone() }),
            format!("the parameters of the {what} were signed in another order"),
        ),
        (
            literal(in_order(rules, text)),
            format!("the parameters of the {what} were signed in the order in which they stand, not sorted"),
        ),
    ]
    .into_iter()
    .chain(marked)
    .collect()
}

/// The parameters in the order in which they come.
fn in_order(rules: &Parameters, text: &[u8]) -> String {
    let taken = |text: &[u8]| match rules.values {
        Values::Decoded => urlencoded::decode_form(text),
        Values::Raw => text.to_vec(),
    };
    let pairs = urlencoded::split(text)
        .filter(|(name, _)| !rules.exclude.iter().any(|other| other.as_bytes() == urlencoded::decode_form(name)))
        .map(|(name, value)| [taken(name).as_slice(), rules.pair.as_bytes(), &taken(value)].concat());
    String::from_utf8_lossy(&pairs.collect::<Vec<_>>().join(rules.join.as_bytes())).into_owned()
}

pub(super) fn secret() -> Segment {
    Segment::Secret(Raw::Raw)
}

fn body() -> Segment {
    Segment::Body(BodyForm::Raw(Raw::Raw))
}

/// Known templates of providers: `T` is a time, `I` an id, `M` the method, `P` the path, `Q` the query,
/// `U` the URL, `B` the body and `H` its SHA-256 in hex; anything else is literal.
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
