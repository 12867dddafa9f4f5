//! The closed list of codes, each with its meaning. One code, one place that raises it.

use serde::Serialize;
use serde::ser::Serializer;

macro_rules! codes {
    ($($variant:ident => $text:literal, $meaning:literal;)+) => {
        /// What a finding is about, to branch on. Closed but for three families, whose members are named
        /// by a schema keyword, a policy's rule or a limit.
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)+
            /// `limit-NAME`: a named limit was reached.
            Limit(&'static str),
            /// `policy-ID`: a Rego rule denied or warned.
            Policy(String),
            /// `schema-KEYWORD`: a JSON Schema keyword (in kebab case) does not hold.
            Schema(&'static str),
        }

        impl Code {
            /// Every code with its meaning, but for the families.
            pub const TABLE: &'static [(&'static str, &'static str)] = &[$(($text, $meaning)),+];

            fn fixed(&self) -> Option<&'static str> {
                match self {
                    $(Code::$variant => Some($text),)+
                    Code::Limit(_) | Code::Policy(_) | Code::Schema(_) => None,
                }
            }
        }
    };
}

codes! {
    ContentTruncated => "content-truncated", "a text of the message was cut to the contract's length";
    EncodingBom => "encoding-bom", "the body begins with a byte order mark";
    EncodingInvalid => "encoding-invalid", "the body is not UTF-8";
    EventUnknown => "event-unknown", "the event's type is missing or not one the contract lists";
    HeaderDuplicate => "header-duplicate", "a header that must stand once stands twice";
    HeaderMalformed => "header-malformed", "a declared header is not of its form";
    HeaderMissing => "header-missing", "a declared header is absent or empty";
    JsonDuplicateKey => "json-duplicate-key", "a key stands twice in one object";
    JsonInvalid => "json-invalid", "the body is not JSON";
    JsonLoneSurrogate => "json-lone-surrogate", "a string escapes half of a surrogate pair";
    JsonNumberUnsafe => "json-number-unsafe", "a number that a double cannot hold";
    JsonTooDeep => "json-too-deep", "the JSON is nested deeper than the contract allows";
    LintBodyUnsigned => "lint-body-unsigned", "the signature does not cover the body";
    LintNoTime => "lint-no-time", "no time is checked, so a recorded request passes for ever";
    LintReplayUnsigned => "lint-replay-unsigned", "the replay key is made of something that is not signed";
    LintTimeUnsigned => "lint-time-unsigned", "the time that freshness judges is not signed";
    LintUnsigned => "lint-unsigned", "the contract declares no signature: anybody can send it";
    LintUnsignedField => "lint-unsigned-field", "a field is required and read, but not signed";
    LintWindow => "lint-window", "the time window is wider than 15 minutes";
    NonceMalformed => "nonce-malformed", "the nonce is not of its form";
    NonceMissing => "nonce-missing", "the nonce is absent or empty";
    PayloadEmpty => "payload-empty", "the event's payload is there and holds nothing";
    PayloadMissing => "payload-missing", "the event's payload is not there";
    ReplayKeyMissing => "replay-key-missing", "a part of the replay key holds no value";
    Replayed => "replayed", "a message with this replay key was seen before";
    RequestContentType => "request-content-type", "the body's media type is absent or not accepted";
    RequestHeader => "request-header", "a header's name is not a token, or its value could split the message";
    RequestMethod => "request-method", "the method is not accepted";
    RequestPath => "request-path", "the path is not the contract's";
    RequestTooLarge => "request-too-large", "the body is larger than the contract allows";
    RuleError => "rule-error", "a policy rule failed to evaluate, which never counts as a pass";
    ShapeDropped => "shape-dropped", "members of the event are not part of the message";
    ShapeMalformed => "shape-malformed", "a value cannot be written in the form that the message wants";
    ShapeMissing => "shape-missing", "a required member of the message has no source";
    SignatureMalformed => "signature-malformed", "every signature fails the alphabet or the length";
    SignatureMismatch => "signature-mismatch", "no signature verifies under any key";
    SignatureMissing => "signature-missing", "the signature is absent or empty";
    SignatureUnsupported => "signature-unsupported", "no signature is of a version the contract knows";
    TimestampMalformed => "timestamp-malformed", "the time is not of the declared form";
    TimestampMissing => "timestamp-missing", "the time is absent or empty";
    TimestampTooNew => "timestamp-too-new", "the time is further ahead than the window allows";
    TimestampTooOld => "timestamp-too-old", "the time is further back than the window allows";
    VersionDeprecated => "version-deprecated", "the version, event or payload is deprecated";
    VersionUnknown => "version-unknown", "no version's conditions hold";
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Code::Limit(name) => write!(formatter, "limit-{name}"),
            Code::Policy(id) => write!(formatter, "policy-{id}"),
            Code::Schema(keyword) => write!(formatter, "schema-{keyword}"),
            _ => formatter.write_str(self.fixed().unwrap_or_default()),
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
