//! `idn-hostname`: RFC 5890, of what UTS 46 maps. Without this module the two `idn-` formats can be refused by name.

mod composition;
mod mapping;
mod traits;

use super::hostname::{LONGEST_LABEL, LONGEST_NAME};
use super::{label, punycode};

#[cfg(test)]
pub(super) use composition::may_join;

pub(super) fn hostname(name: &str) -> bool {
    let Some(name) = mapping::mapped(name).map(composition::composed) else { return false };
    let mut labels = Vec::new();
    let mut length = 0;
    for text in name.split(|one| *one == '.') {
        let Some((label, bytes)) = decoded(text) else { return false };
        length += bytes + usize::from(!labels.is_empty());
        labels.push(label);
    }
    length <= LONGEST_NAME
        && labels.iter().all(|label| hyphens_hold(label) && traits::joiners_hold(label) && label::holds(label))
        && traits::directions_hold(&labels)
}

/// A label as it is read, and the length of what stands for it in ASCII.
fn decoded(label: &[char]) -> Option<(Vec<char>, usize)> {
    let bytes: Option<Vec<u8>> = label.iter().map(|one| u8::try_from(*one).ok().filter(u8::is_ascii)).collect();
    let length = bytes.as_ref().map_or_else(|| 4 + punycode::encoded_length(label), Vec::len);
    if label.is_empty() || length > LONGEST_LABEL {
        return None;
    }
    let Some(encoded) = label.strip_prefix(&['x', 'n', '-', '-']) else { return Some((label.to_vec(), length)) };
    let text = punycode::decoded(bytes?.get(4..).filter(|_| encoded.last().is_some_and(|last| *last != '-'))?)?;
    let holds =
        text.iter().all(|one| *one != '.' && mapping::stays(*one)) && composition::composed(text.clone()) == text;
    holds.then_some((text, length))
}

/// No hyphen begins or ends a label, and no two are its third and fourth character.
fn hyphens_hold(label: &[char]) -> bool {
    let hyphen = |at: Option<&char>| at == Some(&'-');
    !hyphen(label.first()) && !hyphen(label.last()) && !matches!(label, [_, _, '-', '-', ..])
}
