//! Is every document of one JSON Schema a document of another? The answer is a proof, or a document that breaks, or an
//! honest "undecided" with its reason and place.
//!
//! Both schemas become nodes of one arena, in which what means the same is one node. A search then looks for a value that
//! the old schema takes and the new one refuses: if it is refuted, the new schema contains the old one; if a value is
//! found, our own evaluation has to confirm it on both sides, and so has the caller's [`Validator`], if there is one.
//!
//! The work is bounded by fuel, which is charged for the nodes that are touched: the same everywhere. The stack is bounded
//! too: 512 KiB are enough.
//!
//! ```
//! use countersign_drift::{Draft, Options, Schema, Verdict, contains};
//! use serde_json::json;
//!
//! let old = json!({ "type": "integer" });
//! let new = json!({ "type": "integer", "minimum": 0 });
//! let schema = |document| Schema { document, draft: Draft::Draft202012 };
//! let answer = contains(schema(&old), schema(&new), &Options::default(), None);
//! assert_eq!(answer.verdict, Verdict::Breaking { witness: json!(-1) });
//! let answer = contains(schema(&new), schema(&old), &Options::default(), None);
//! assert_eq!(answer.verdict, Verdict::Compatible);
//! ```

mod checks;
mod contain;
mod document;
mod draft;
mod merge;
mod node;
mod openapi;
mod parse;
mod pattern;
mod rational;
mod search;
mod text;

use std::fmt;

use serde_json::Value;

pub use contain::contains;
pub use draft::Draft;
pub use openapi::{openapi_30, openapi_30_document};

/// A schema, and the draft that it is read as unless it names one itself with `$schema`.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'a> {
    /// The whole document; its root is the schema.
    pub document: &'a Value,
    /// The draft of a document that names none.
    pub draft: Draft,
}

/// How a question is asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether `format` forbids anything, and in draft 7 `contentMediaType` and `contentEncoding`.
    pub formats: bool,
    /// How many nodes may be touched.
    pub fuel: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { formats: false, fuel: 2_000_000 }
    }
}

/// A compiled schema: whether it takes a value.
pub type Check = Box<dyn Fn(&Value) -> bool>;

/// A validator of the caller's. It knows the keywords that are not modelled here, and confirms every witness.
pub trait Validator {
    /// `None`: it cannot read the schema. `formats` says whether `format` forbids anything.
    fn compile(&self, schema: &Value, draft: Draft, formats: bool) -> Option<Check>;
}

/// What came out, and what it took.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// What came out.
    pub verdict: Verdict,
    /// How many nodes were touched.
    pub touched: u64,
}

/// Whether every value that the old schema takes is taken by the new one.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// It is: proved.
    Compatible,
    /// It is not.
    Breaking {
        /// A value that the old schema takes and the new one refuses.
        witness: Value,
    },
    /// It is not known.
    Undecided {
        /// Why.
        reason: Reason,
        /// A JSON pointer to the place where the search gave up, in the new document if it is there, or else in the old.
        pointer: String,
    },
}

/// Why a question stayed open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The fuel ran out.
    Fuel,
    /// Values, or schemas, lie too deep in each other.
    Depth,
    /// A part of a schema is not modelled.
    Unmodelled(&'static str),
    /// The numbers are beyond what is computed with.
    Numbers,
    /// No text was found for a pattern or a format.
    Texts,
    /// No array was found.
    Arrays,
    /// No object was found.
    Objects,
    /// A listed value could not be judged.
    Values,
    /// A document was found, but not confirmed on both sides.
    Unconfirmed,
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Reason::Fuel => "the fuel ran out",
            Reason::Depth => "it goes too deep",
            Reason::Unmodelled(what) => return write!(formatter, "{what} is not modelled"),
            Reason::Numbers => "the numbers are beyond what is computed with",
            Reason::Texts => "no text was found for a pattern or a format",
            Reason::Arrays => "no array was found, and none ruled out",
            Reason::Objects => "no object was found, and none ruled out",
            Reason::Values => "a listed value could not be judged",
            Reason::Unconfirmed => "a document was found, but not confirmed on both sides",
        })
    }
}
