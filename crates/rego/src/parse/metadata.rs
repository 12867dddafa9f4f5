//! METADATA blocks.

use super::Parser;
use crate::ast::Metadata;
use crate::lex::Comment;

impl Parser<'_> {
    pub(super) fn metadata(&mut self, _comments: &[Comment], _places: &[(u32, Option<usize>)]) -> Vec<Metadata> {
        Vec::new()
    }
}
