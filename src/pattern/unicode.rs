//! `\p{...}`

use super::set::Set;

pub(super) fn property(name: &str) -> Result<Set, String> {
    Err(format!(r"`\p{{{name}}}` is no property that is known here"))
}
