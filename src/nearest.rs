//! The name that was probably meant.

/// The known name that `name` is a slip of: at most a third of its letters differ.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &candidate.to_lowercase());
    let slips = name.chars().take(64).count().max(3) / 3;
    known
        .filter(|_| name.len() <= 64)
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(d, _)| *d <= slips)
        .min()
        .map(|(_, c)| c)
}
