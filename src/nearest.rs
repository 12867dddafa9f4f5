//! The name that was probably meant.

/// The known name that `name` is probably a misspelling of: at most a third of its letters differ, and never all.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let letters = name.chars().count();
    if letters > 64 {
        return None;
    }
    let slips = (letters.max(3) / 3).min(letters.saturating_sub(1));
    let lower = name.to_lowercase();
    // Each letter that one has more than the other is a slip.
    let may_be = |other: &str| other.chars().count().abs_diff(lower.chars().count()) <= slips;
    known
        .map(|candidate| (candidate.to_lowercase(), candidate))
        .filter(|(other, _)| may_be(other))
        .map(|(other, candidate)| (strsim::damerau_levenshtein(&lower, &other), candidate))
        .filter(|(distance, _)| *distance <= slips)
        .min()
        .map(|(_, candidate)| candidate)
}
