//! Turns query or form parameters into one string, as a scheme declares: decoded or not, sorted by bytes, joined.
//! Broken escapes stay as they are (WHATWG URL, percent-decode): if the sender signed anything else, the signature
//! does not verify.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::grammar::{Parameters, Repeats, Sort, Values};
use crate::urlencoded::{decode_form, split};

/// A name, decoded, that occurs twice although the scheme does not allow that.
#[derive(Debug)]
pub(crate) struct Repeated(pub String);

/// The canonical string of `name=value&…` bytes.
pub(crate) fn canonical(rules: &Parameters, text: &[u8]) -> Result<Vec<u8>, Repeated> {
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for (name, value) in split(text) {
        let decoded = decode_form(name);
        if rules.exclude.iter().any(|excluded| excluded.as_bytes() == decoded) {
            continue;
        }
        pairs.push(match rules.values {
            Values::Decoded => (decoded, decode_form(value)),
            Values::Raw => (name.to_vec(), value.to_vec()),
        });
    }
    let pairs = match rules.repeats {
        Repeats::Comma => joined(pairs),
        Repeats::Refuse => once(pairs, rules.values)?,
        Repeats::Unique => distinct(pairs),
    };
    let mut finished: Vec<(Vec<u8>, Vec<u8>)> = pairs
        .into_iter()
        .map(|(name, value)| {
            let whole = [name.as_slice(), rules.pair.as_bytes(), value.as_slice()].concat();
            (name, whole)
        })
        .collect();
    match rules.sort {
        Sort::Name => finished.sort_by(|a, b| a.0.cmp(&b.0)),
        Sort::Pair => finished.sort_by(|a, b| a.1.cmp(&b.1)),
    }
    let whole: Vec<Vec<u8>> = finished.into_iter().map(|(_, whole)| whole).collect();
    Ok(whole.join(rules.join.as_bytes()))
}

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// One parameter for each name, its values joined by commas in their order.
fn joined(pairs: Pairs) -> Pairs {
    let mut found: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    for (name, value) in pairs {
        match found.entry(name) {
            Entry::Occupied(mut values) => {
                values.get_mut().push(b',');
                values.get_mut().extend(value);
            }
            Entry::Vacant(vacant) => drop(vacant.insert(value)),
        }
    }
    found.into_iter().collect()
}

/// Two spellings of one name are the same name; a name that is already decoded is not decoded again.
fn once(pairs: Pairs, values: Values) -> Result<Pairs, Repeated> {
    let meant = |name: &[u8]| match values {
        Values::Decoded => name.to_vec(),
        Values::Raw => decode_form(name),
    };
    let mut names: Vec<Vec<u8>> = pairs.iter().map(|(name, _)| meant(name)).collect();
    names.sort_unstable();
    let twice = names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b);
    match twice {
        Some((name, _)) => Err(Repeated(String::from_utf8_lossy(name).into_owned())),
        None => Ok(pairs),
    }
}

/// One parameter for each distinct value of a name, sorted by value.
fn distinct(mut pairs: Pairs) -> Pairs {
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
