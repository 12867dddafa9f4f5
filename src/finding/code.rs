//! The closed list of codes, each with its meaning. Each code is raised in one place.

use serde::Serialize;
use serde::ser::Serializer;

use crate::codes::codes;

codes! {
    /// What a finding is about, to branch on. The list is closed except for three families, whose members are named
    /// after a schema keyword, a policy's rule or a limit.
    pub enum Code {
        BodyUnexpected => "body-unexpected", "a body came where nothing signs one";
        ContentTruncated => "content-truncated", "a text of the message was cut to the contract's length";
        DigestMismatch => "digest-mismatch", "a signed digest is not the body's";
        DpopAlg => "dpop-alg", "the proof's algorithm is not one the contract accepts";
        DpopAth => "dpop-ath", "the request brings no access token, or the proof does not name its hash";
        DpopExp => "dpop-exp", "the access token has expired, or lives longer than the contract allows";
        DpopHtm => "dpop-htm", "the proof is for another method";
        DpopHtu => "dpop-htu", "the proof is for another URL";
        DpopIat => "dpop-iat", "the proof's time is missing, malformed or outside the window";
        DpopJkt => "dpop-jkt", "the access token is bound to another key than the proof's, or nobody said to which";
        DpopJti => "dpop-jti", "the proof's id is missing or malformed";
        DpopJwk => "dpop-jwk", "the proof's key is missing, private, or not one for its algorithm";
        DpopNonce => "dpop-nonce", "the proof carries none of the nonces that the server gave out";
        DpopScope => "dpop-scope", "the access token has no scope, or not those that the contract asks for";
        DpopSignature => "dpop-signature", "the proof's signature does not verify under the key it brings";
        DpopTyp => "dpop-typ", "the proof's type is not `dpop+jwt`, or a `cty` is not the contract's";
        EncodingBom => "encoding-bom", "the body begins with a byte order mark";
        EncodingInvalid => "encoding-invalid", "the body is not UTF-8";
        EventUnknown => "event-unknown", "the event's type is missing or not one the contract lists";
        FieldMalformed => "field-malformed", "a declared parameter, pair or member is not of its form";
        FieldMissing => "field-missing", "a declared parameter, pair or member is absent or empty";
        HeaderDuplicate => "header-duplicate", "a header that must stand once stands twice";
        HeaderMalformed => "header-malformed", "a declared header is not of its form";
        HeaderMissing => "header-missing", "a declared header is absent or empty";
        HookData => "hook-data", "the message's data holds what its hook did not select";
        HookDisabled => "hook-disabled", "the hook is disabled";
        HookReceipt => "hook-receipt", "the message and its hook disagree on whether a receipt is needed";
        HookUnknown => "hook-unknown", "no hook of the registry stands at this address";
        HttpsigComponent => "httpsig-component", "a component that must be covered is not, or one that is covered cannot be";
        HttpsigCreated => "httpsig-created", "the signature's time is missing, malformed or outside the window";
        HttpsigDigest => "httpsig-digest", "the covered Content-Digest is malformed, or of no algorithm that is known";
        HttpsigExpires => "httpsig-expires", "the signature has expired, or its expiry is missing or malformed";
        HttpsigLabel => "httpsig-label", "no signature has both its input and its value, or the contract's tag";
        HttpsigParameter => "httpsig-parameter", "a parameter of the signature is missing, malformed or not the contract's";
        JsonDuplicateKey => "json-duplicate-key", "a key stands twice in one object";
        JsonInvalid => "json-invalid", "the body is not JSON";
        JsonLoneSurrogate => "json-lone-surrogate", "a string escapes half of a surrogate pair";
        JsonNumberUnsafe => "json-number-unsafe", "a number that a double cannot hold";
        JsonTooDeep => "json-too-deep", "the JSON is nested deeper than the contract allows";
        LintAmbiguous => "lint-ambiguous", "two parts of no fixed length are signed without anything between them";
        LintBodyUnsigned => "lint-body-unsigned", "the signature does not cover the body";
        LintLengthExtension => "lint-length-extension", "a plain digest is keyed by concatenation";
        LintMacOracle => "lint-mac-oracle", "an answer signs what may be another request's signed bytes";
        LintNoKey => "lint-no-key", "the signature is a digest of public things: it has no key";
        LintNoTime => "lint-no-time", "no time is checked, so a recorded request passes for ever";
        LintParsedBeforeMac => "lint-parsed-before-mac", "the body is parsed before its signature is checked";
        LintReplayUnsigned => "lint-replay-unsigned", "the replay key is made of something that is not signed";
        LintSchemaKeyword => "lint-schema-keyword", "a member of the schema looks like a keyword and is none";
        LintSha1 => "lint-sha1", "the scheme rests on SHA-1";
        LintStaticToken => "lint-static-token", "the signature is the secret itself";
        LintTimeUnsigned => "lint-time-unsigned", "the time that freshness judges is not signed";
        LintUnsigned => "lint-unsigned", "the contract declares no signature: anybody can send it";
        LintUnsignedField => "lint-unsigned-field", "a field is required and read, but not signed";
        LintWindow => "lint-window", "the time window, past and future together, is wider than 10 minutes";
        NonceMalformed => "nonce-malformed", "the nonce is not of its form";
        NonceMissing => "nonce-missing", "the nonce is absent or empty";
        PayloadEmpty => "payload-empty", "the event's payload is there and holds nothing";
        PayloadMissing => "payload-missing", "the event's payload is not there";
        QueryDuplicate => "query-duplicate", "a parameter that must stand once stands twice";
        QueryMalformed => "query-malformed", "a query parameter is not percent-encoded UTF-8";
        ReplayKeyMissing => "replay-key-missing", "a part of the replay key holds no value";
        Replayed => "replayed", "a message with this replay key was seen before";
        RequestContentType => "request-content-type", "the body's media type is absent or not accepted";
        RequestHeader => "request-header", "a header's name is not a token, or its value could split the message";
        RequestMethod => "request-method", "the method is not accepted";
        RequestOrigin => "request-origin", "the origin or the referring page is not one the contract accepts, or neither is said";
        RequestPath => "request-path", "the path is not the contract's";
        RequestStatus => "request-status", "the status is not accepted, or a request came for an answer";
        RequestTooLarge => "request-too-large", "the body is larger than the contract allows";
        RuleData => "rule-data-missing", "a policy rule reads what neither the data nor a module provides";
        RuleError => "rule-error", "a policy rule failed to evaluate, which never counts as a pass";
        RuleName => "rule-name", "a policy rule that nothing refers to has nearly a name that judges";
        RuleNot => "rule-not", "a `not` of a policy rule asks for what no document has, or what stands in it is undefined";
        RuleUnmet => "rule-unmet", "a policy rule judged nothing: what it reads of its input is in no document";
        ShapeDropped => "shape-dropped", "something in the event is not part of the message";
        ShapeMalformed => "shape-malformed", "a value is not of the form that the message wants";
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
    families {
        /// `limit-NAME`: a named limit was reached.
        Limit(&'static str),
        /// `policy-ID`: a Rego rule denied or warned.
        Policy(String),
        /// `schema-KEYWORD`: a JSON Schema keyword (in kebab case) does not hold.
        Schema(&'static str),
    }
}

impl Code {
    /// Whether a declared field is absent or empty, other than the signature itself.
    pub(crate) fn is_of_missing_field(&self) -> bool {
        matches!(self, Code::FieldMissing | Code::HeaderMissing | Code::NonceMissing | Code::TimestampMissing)
    }
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
