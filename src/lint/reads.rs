//! What a lint looks at, and what it says.

use crate::finding::{Code, Finding, Stage};
use crate::grammar::Freshness;
use crate::place::Place;
use crate::route::Answer;
use crate::schema::Schema;

/// What a lint looks at beside the scheme.
pub(crate) struct Reads<'a> {
    pub freshness: Option<&'a Freshness>,
    pub replay_key: &'a [Place],
    /// The payload is the query or nothing, so a body is refused.
    pub refuses_body: bool,
    /// What decides the route or ends up in the message, with the section that says so.
    pub others: Vec<(&'static str, Place)>,
    pub answers: Vec<Answer<'a>>,
    /// The payload is the body, as JSON.
    pub json: bool,
    /// The contract leaves open how the path ends.
    pub open_path: bool,
    /// A method that the contract accepts.
    pub method: &'static str,
    /// Judges every document.
    pub schema: Option<&'a Schema>,
}

pub(super) fn warn(code: Code, at: &str, message: &str, help: &str) -> Finding {
    Finding::warning(code, Stage::Contract, message).at(at).with("help", help)
}
