//! The drafts of JSON Schema: which one a document is of, how its schemas name themselves, and where they hold others.

use serde_json::{Map, Value};

/// A draft that is supported, in the order of time.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Draft {
    Four,
    Six,
    Seven,
    Nineteen,
    Twenty,
}

/// A draft, with the vocabularies that a meta-schema of its own may leave out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Dialect {
    pub draft: Draft,
    pub applies: bool,
    pub validates: bool,
    pub looks_back: bool,
}

impl Dialect {
    pub const fn of(draft: Draft) -> Dialect {
        Dialect { draft, applies: true, validates: true, looks_back: true }
    }

    /// The dialect of a meta-schema that lists its vocabularies. `Err` is one that is required and not known.
    pub fn with_vocabularies(draft: Draft, list: &Map<String, Value>) -> Result<Dialect, String> {
        let mut dialect = Dialect { draft, applies: false, validates: false, looks_back: false };
        for (address, required) in list {
            let known =
                ["https://json-schema.org/draft/2020-12/vocab/", "https://json-schema.org/draft/2019-09/vocab/"]
                    .iter()
                    .find_map(|folder| address.strip_prefix(folder));
            let is_required = required.as_bool().unwrap_or(false);
            match known {
                _ if !is_required => {}
                Some("applicator") => {
                    dialect.applies = true;
                    dialect.looks_back |= draft == Draft::Nineteen;
                }
                Some("validation") => dialect.validates = true,
                Some("unevaluated") => dialect.looks_back = true,
                // `format` is read in every dialect.
                Some("core" | "content" | "format" | "format-annotation" | "format-assertion" | "meta-data") => {}
                _ => return Err(format!("Unknown vocabulary: '{address}' is required by the meta-schema")),
            }
        }
        Ok(dialect)
    }
}

/// The draft that a `$schema` names.
pub(super) fn named(address: &str) -> Option<Draft> {
    let rest = address.trim_end_matches('#').split_once("://")?;
    match rest {
        ("http" | "https", "json-schema.org/draft/2020-12/schema" | "json-schema.org/schema") => Some(Draft::Twenty),
        ("http" | "https", "json-schema.org/draft/2019-09/schema") => Some(Draft::Nineteen),
        ("http" | "https", "json-schema.org/draft-07/schema") => Some(Draft::Seven),
        ("http" | "https", "json-schema.org/draft-06/schema") => Some(Draft::Six),
        ("http" | "https", "json-schema.org/draft-04/schema") => Some(Draft::Four),
        _ => None,
    }
}

impl Draft {
    /// Up to draft 7, whatever stands beside a reference is not read.
    pub fn refs_stand_alone(self) -> bool {
        self <= Draft::Seven
    }

    fn id_keyword(self) -> &'static str {
        if self == Draft::Four { "id" } else { "$id" }
    }

    /// The address that a schema gives itself, without a fragment.
    pub fn id(self, schema: &Map<String, Value>) -> Option<&str> {
        if self.refs_stand_alone() && schema.contains_key("$ref") {
            return None;
        }
        let id = schema.get(self.id_keyword())?.as_str()?;
        let address = id.split_once('#').map_or(id, |(address, _)| address);
        (!address.is_empty()).then_some(address)
    }

    /// The names that a schema can be referred to by, and whether each is found in the dynamic scope.
    pub fn anchors(self, schema: &Map<String, Value>) -> impl Iterator<Item = (&str, bool)> {
        let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
        let old = match self.refs_stand_alone() {
            true => text(self.id_keyword()).and_then(|id| id.strip_prefix('#')),
            false => text("$anchor"),
        };
        let dynamic = if self == Draft::Twenty { text("$dynamicAnchor") } else { None };
        old.map(|name| (name, false)).into_iter().chain(dynamic.map(|name| (name, true)))
    }

    /// How a keyword of this draft holds schemas.
    pub fn holds(self, keyword: &str) -> Holds {
        match keyword {
            "additionalProperties" | "not" => Holds::One,
            "items" if self != Draft::Twenty => Holds::OneOrList,
            "items" => Holds::One,
            "additionalItems" if self != Draft::Twenty => Holds::One,
            "allOf" | "anyOf" | "oneOf" => Holds::List,
            "$defs" | "definitions" | "patternProperties" | "properties" => Holds::Named,
            "dependencies" => Holds::NamedOrTexts,
            "contains" | "propertyNames" if self >= Draft::Six => Holds::One,
            "else" | "if" | "then" if self >= Draft::Seven => Holds::One,
            "contentSchema" | "unevaluatedItems" | "unevaluatedProperties" if self >= Draft::Nineteen => Holds::One,
            "dependentSchemas" if self >= Draft::Nineteen => Holds::Named,
            "prefixItems" if self == Draft::Twenty => Holds::List,
            _ => Holds::Nothing,
        }
    }
}

/// How a keyword holds schemas.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Holds {
    Nothing,
    One,
    List,
    OneOrList,
    Named,
    /// By name, with lists of texts among them.
    NamedOrTexts,
}

impl Holds {
    /// The schemas that a keyword holds.
    pub fn schemas(self, value: &Value) -> Vec<&Value> {
        match (self, value) {
            (Holds::Nothing, _) => Vec::new(),
            (Holds::List | Holds::OneOrList, Value::Array(schemas)) => schemas.iter().collect(),
            (Holds::One | Holds::OneOrList, schema) => vec![schema],
            (Holds::Named, Value::Object(named)) => named.values().collect(),
            (Holds::NamedOrTexts, Value::Object(named)) => named.values().filter(|value| !value.is_array()).collect(),
            _ => Vec::new(),
        }
    }
}

impl Holds {
    /// The schemas that a keyword holds, each with its pointer below the schema that it is in.
    pub fn places<'a>(self, keyword: &str, value: &'a Value) -> Vec<(String, &'a Value)> {
        let below = |name: String| format!("{keyword}/{}", crate::place::pointer_token(&name));
        match (self, value) {
            (Holds::List | Holds::OneOrList, Value::Array(schemas)) => {
                schemas.iter().enumerate().map(|(index, schema)| (below(index.to_string()), schema)).collect()
            }
            (Holds::Named | Holds::NamedOrTexts, Value::Object(named)) => named
                .iter()
                .filter(|(_, schema)| !(self == Holds::NamedOrTexts && schema.is_array()))
                .map(|(name, schema)| (below(name.clone()), schema))
                .collect(),
            (Holds::One | Holds::OneOrList, schema) => vec![(keyword.to_owned(), schema)],
            _ => Vec::new(),
        }
    }
}
