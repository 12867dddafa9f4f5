//! The name that someone may have meant.

/// The nearest of some names, if it differs by few letters.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = (name.len() / 3).min(3);
    names
        .filter(|other| most > 0 && other.len().abs_diff(name.len()) <= most && *other != name)
        .map(|other| (distance(name, other), other))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, other)| other)
}

/// How many bytes must be put in, left out, changed or change places with the next.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<u8> = right.bytes().take(64).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (row, one) in left.bytes().take(64).enumerate() {
        let mut line = vec![row + 1];
        let mut other_before = None;
        for (column, other) in right.iter().copied().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX - 1);
            let changed = at(&last, column) + usize::from(one != other);
            let mut best = changed.min(at(&last, column + 1) + 1).min(at(&line, column) + 1);
            if previous == Some(other) && other_before == Some(one) {
                best = best.min(at(&before, column - 1) + 1);
            }
            line.push(best);
            other_before = Some(other);
        }
        before = std::mem::replace(&mut last, line);
        previous = Some(one);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["count", "contains", "startswith", "is_bad"];
        for (name, meant) in [
            ("cuont", Some("count")),
            ("conut", Some("count")),
            ("startwith", Some("startswith")),
            ("isbad", Some("is_bad")),
            ("is_good", None),
            ("x", None),
        ] {
            assert_eq!(nearest(name, names.into_iter()), meant, "{name}");
        }
    }
}
