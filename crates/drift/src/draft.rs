//! The drafts of JSON Schema.

use serde_json::Value;

/// A draft of JSON Schema. For OpenAPI 3.0 see [`openapi_30`](crate::openapi_30).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Draft {
    Draft4,
    Draft6,
    Draft7,
    Draft201909,
    Draft202012,
}

impl Draft {
    /// The draft that a document names with `$schema`, or else `default`. `None`: it names one that is not known.
    #[must_use]
    pub fn of(document: &Value, default: Draft) -> Option<Draft> {
        let Some(name) = document.get("$schema") else { return Some(default) };
        let name = name.as_str()?.trim_end_matches('#');
        let name = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://"))?;
        Some(match name {
            "json-schema.org/draft-04/schema" => Draft::Draft4,
            "json-schema.org/draft-06/schema" => Draft::Draft6,
            "json-schema.org/draft-07/schema" => Draft::Draft7,
            "json-schema.org/draft/2019-09/schema" => Draft::Draft201909,
            "json-schema.org/draft/2020-12/schema" => Draft::Draft202012,
            _ => return None,
        })
    }

    /// `$ref` hides what stands beside it.
    pub(crate) fn reference_stands_alone(self) -> bool {
        self <= Draft::Draft7
    }

    pub(crate) fn id_keyword(self) -> &'static str {
        if self == Draft::Draft4 { "id" } else { "$id" }
    }
}
