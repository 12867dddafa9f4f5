//! A second opinion: whether the crate `jsonschema` takes a document, too.

use jsonschema::{PatternOptions, Registry, Validator};
use serde_json::Value;

/// A schema as the crate `jsonschema` reads it: an independent validator, to compare with.
#[derive(Debug)]
pub struct SecondOpinion(Validator);

impl SecondOpinion {
    /// Compiles a schema, which may refer to others by their address. Formats are asserted, and nothing is fetched.
    ///
    /// # Errors
    ///
    /// Why it does not compile there.
    pub fn of(schema: &Value, others: &[(String, Value)]) -> Result<SecondOpinion, String> {
        let registry = Registry::new().extend(others.iter().cloned()).and_then(|registry| registry.prepare());
        let registry = registry.map_err(|error| error.to_string())?;
        let options = jsonschema::options().offline().should_validate_formats(true);
        let options = options.with_pattern_options(PatternOptions::regex()).with_registry(&registry);
        options.build(schema).map(SecondOpinion).map_err(|error| error.to_string())
    }

    /// Whether a document conforms to the schema.
    pub fn takes(&self, document: &Value) -> bool {
        self.0.is_valid(document)
    }
}
