//! The functions of OPA that are refused at load, and why.

const RANDOM: &str = "its result is random, and a verdict must come out the same every time";
const NETWORK: &str = "it asks the network, and a verdict must come out the same every time";
const GRAPHQL: &str = "GraphQL is not supported";

/// The names, in order, each with the reason: a sentence without a full stop.
pub const REFUSED: &[(&str, &str)] = &[
    ("graphql.is_valid", GRAPHQL),
    ("graphql.parse", GRAPHQL),
    ("graphql.parse_and_verify", GRAPHQL),
    ("graphql.parse_query", GRAPHQL),
    ("graphql.parse_schema", GRAPHQL),
    ("graphql.schema_is_valid", GRAPHQL),
    ("http.send", NETWORK),
    ("net.lookup_ip_addr", NETWORK),
    ("opa.runtime", "there is no OPA around the policy whose settings could be asked for"),
    ("rand.intn", RANDOM),
    ("rego.parse_module", "the form of OPA's syntax tree changes with its releases"),
];

/// Why the function with this name is refused; none if it is not a function of OPA, or is not refused.
pub fn why(name: &str) -> Option<&'static str> {
    REFUSED.iter().find(|(refused, _)| *refused == name).map(|(_, why)| *why)
}
