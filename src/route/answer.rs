//! The replies in a contract's handshakes, and what their schemas keep out of them.

use super::{Known, Router, Version};
use crate::place::{Pointer, pointer_token};
use crate::shape::Shaper;

/// The reply to one event, with the schemas that a payload has passed before it is sent.
pub(crate) struct Answer<'a> {
    /// Where it is in the contract.
    pub at: String,
    pub shaper: &'a Shaper,
    version: &'a Version,
    event: &'a Known,
}

impl Router {
    pub fn answers(&self) -> impl Iterator<Item = Answer<'_>> {
        self.versions.iter().enumerate().flat_map(|(index, version)| {
            let listed = version.events.iter().flat_map(|events| &events.listed);
            let listed = listed.map(|(name, event)| (format!("events/{}", pointer_token(name)), event));
            let otherwise = version.events.iter().filter_map(|events| events.otherwise.as_ref());
            let otherwise = otherwise.map(|event| ("otherwise".to_owned(), event));
            listed.chain(otherwise).filter_map(move |(name, event)| {
                let at = format!("/route/versions/{index}/{name}/answer");
                Some(Answer { at, shaper: event.answer.as_ref()?, version, event })
            })
        })
    }
}

impl Answer<'_> {
    /// Whether a schema of the version, of the event, or of every place of its payload proves that no string at the
    /// pointer contains the text.
    pub fn bars(&self, pointer: &Pointer, text: &str) -> bool {
        let whole = self.version.schema.iter().chain(&self.event.schema);
        let tokens = pointer.tokens();
        let mut places = self.event.payload.iter().map(|alternative| {
            let below = tokens.strip_prefix(alternative.at.tokens());
            below.zip(alternative.schema.as_ref()).is_some_and(|(below, schema)| schema.bars(below, text))
        });
        let mut whole = whole.map(|schema| schema.bars(tokens, text));
        whole.any(|bars| bars) || (!self.event.payload.is_empty() && places.all(|bars| bars))
    }
}
