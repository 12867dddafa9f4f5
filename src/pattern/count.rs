//! A pattern that needs no program: so many characters, and all of one set.

use super::set::Asked;

/// `^[set]{least,most}$`
#[derive(Debug)]
pub(super) struct Count {
    pub(super) set: Asked,
    pub(super) least: u32,
    pub(super) most: Option<u32>,
}

impl Count {
    pub(super) fn is_match(&self, text: &str) -> bool {
        let mut count: u64 = 0;
        for character in text.chars() {
            if !self.set.contains(character.into()) {
                return false;
            }
            count += 1;
        }
        u64::from(self.least) <= count && self.most.is_none_or(|most| count <= u64::from(most))
    }
}
