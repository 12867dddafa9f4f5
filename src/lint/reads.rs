//! What lint looks at, and what it reports.

use crate::finding::{Code, Finding, Stage};
use crate::grammar::Freshness;
use crate::place::Place;
use crate::route::Answer;
use crate::schema::Schema;

/// What lint looks at in addition to the scheme.
pub(crate) struct Reads<'a> {
    pub freshness: Option<&'a Freshness>,
    pub replay_key: &'a [Place],
    /// Whether a body is rejected, because the payload is the query or nothing.
    pub refuses_body: bool,
    /// The places that decide the route or end up in the message, each with the section that says so.
    pub others: Vec<(&'static str, Place)>,
    pub answers: Vec<Answer<'a>>,
    /// Whether the contract is for responses.
    pub of_responses: bool,
    /// Whether the payload is the body, as JSON.
    pub json: bool,
    /// Whether the contract leaves open how the path ends.
    pub open_path: bool,
    /// A method that the contract accepts.
    pub method: &'static str,
    /// The schema that every document must match.
    pub schema: Option<&'a Schema>,
}

pub(super) fn warn(code: Code, at: &str, message: &str, help: &str) -> Finding {
    Finding::warning(code, Stage::Contract, message).at(at).with("help", help)
}
