//! The name that was probably meant.

/// The known name that `name` is probably a misspelling of: at most a third of its letters differ, and never all.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let letters = name.chars().count();
    if letters > 64 {
        return None;
    }
    let slips = (letters.max(3) / 3).min(letters.saturating_sub(1));
    let lower = letters_of(name);
    known
        .map(|candidate| (letters_of(candidate), candidate))
        // Each letter that one has more than the other is a slip.
        .filter(|(other, _)| other.len().abs_diff(lower.len()) <= slips)
        .map(|(other, candidate)| (distance(&lower, &other), candidate))
        .filter(|(distance, _)| *distance <= slips)
        .min()
        .map(|(_, candidate)| candidate)
}

fn letters_of(name: &str) -> Vec<char> {
    name.to_lowercase().chars().collect()
}

/// How many letters must be put in, left out, changed or change places with another (Damerau and Levenshtein).
fn distance(left: &[char], right: &[char]) -> usize {
    let width = right.len() + 1;
    // For the first letters of one and of the other, row by row.
    let mut table: Vec<usize> = (0..width).collect();
    for (row, one) in left.iter().enumerate() {
        table.push(row + 1);
        let mut same = None;
        for (column, other) in right.iter().enumerate() {
            let at = |row: usize, column: usize| table.get(row * width + column).copied().unwrap_or(usize::MAX / 2);
            let mut best = at(row, column) + usize::from(one != other);
            best = best.min(at(row, column + 1) + 1).min(at(row + 1, column) + 1);
            let above = left.iter().take(row).rposition(|before| before == other);
            if let (Some(above), Some(same)) = (above, same) {
                best = best.min(at(above, same) + row - above + column - same - 1);
            }
            if one == other {
                same = Some(column);
            }
            table.push(best);
        }
    }
    table.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, letters_of};

    #[test]
    fn distances() {
        for (one, two, wanted) in [
            ("", "", 0),
            ("", "ab", 2),
            ("ab", "", 2),
            ("ab", "ba", 1),
            ("ca", "abc", 2),
            ("abcdef", "badcfe", 3),
            ("deny", "dney", 1),
            ("violation", "voilations", 2),
            ("kitten", "sitting", 3),
            ("a cat", "an abct", 3),
        ] {
            assert_eq!(distance(&letters_of(one), &letters_of(two)), wanted, "{one} {two}");
        }
    }
}
