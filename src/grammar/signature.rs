//! The `signature` section: what is signed, with what, and where the signature is.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::method::Method;
use super::strict::{YEAR, all_said, filled_map, given, read_from, said, set};
use crate::place::Pointer;
use crate::time::FieldFormat;
use crate::whole::whole;

read_from! {
    objects: DpopRules, HttpSignatureRules, Segments, KeyRules, KeyPrefix, HeaderShape, Field, BodyDigest, Parameters, Named;
    words: Engine, ProofAlgorithm, AccessToken, SignatureParameter, Algorithm, KeyFormat, Encoding, FieldFormat, Digest, Raw, UrlForm, Values, Sort, Repeats;
}

/// The section, by its engine. Each engine has its own closed grammar. It is read in two steps (the engine's name,
/// then the rest), because serde's tagged enums lose the place of a mistake.
#[derive(Debug)]
pub(crate) enum Signature {
    Dpop(DpopRules),
    Rfc9421(HttpSignatureRules),
    Segments(Segments),
}

/// What decides the grammar of the section.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub(crate) struct Named {
    pub engine: Engine,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "kebab-case")]
pub(crate) enum Engine {
    Dpop,
    Rfc9421,
    Segments,
}

/// RFC 9449. There are no keys, because the proof contains its own.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DpopRules {
    #[allow(dead_code, reason = "read before, to choose this grammar")]
    engine: Engine,
    pub algorithms: Vec<ProofAlgorithm>,
    pub access_token: AccessToken,
    /// Not 0: every token would have expired, or would live too long.
    #[serde(default, deserialize_with = "whole::<1, YEAR, _, _>")]
    pub max_token_seconds: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    pub scopes: Option<Vec<String>>,
    /// By method, the scopes of which the token must hold one.
    #[serde(default, deserialize_with = "filled_map")]
    pub required_scopes: BTreeMap<Method, Vec<String>>,
    /// What `cty` of the token and of the proof says, if it is there.
    #[serde(default, deserialize_with = "given")]
    pub cty: Option<String>,
    #[serde(default)]
    pub nonce: bool,
}

/// RFC 7518, section 3.1, RFC 8037 and RFC 9864: the asymmetric algorithms that are supported here.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self")]
pub(crate) enum ProofAlgorithm {
    #[serde(rename = "ES256")]
    Es256,
    Ed25519,
    #[serde(rename = "EdDSA")]
    EdDsa,
    #[serde(rename = "RS256")]
    Rs256,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum AccessToken {
    Jwt,
    None,
    Opaque,
}

/// RFC 9421.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HttpSignatureRules {
    #[allow(dead_code, reason = "read before, to choose this grammar")]
    engine: Engine,
    pub key: KeyRules,
    pub components: Vec<String>,
    #[serde(default, deserialize_with = "set")]
    pub parameters: Vec<SignatureParameter>,
    #[serde(default, deserialize_with = "given")]
    pub tag: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum SignatureParameter {
    Alg,
    Created,
    Expires,
    Keyid,
    Nonce,
    Tag,
}

/// A list of segments declares what is signed.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Segments {
    #[allow(dead_code, reason = "read before, to choose this grammar")]
    engine: Engine,
    pub key: KeyRules,
    pub from: Source,
    pub shape: HeaderShape,
    #[serde(default, deserialize_with = "given")]
    pub encoding: Option<Encoding>,
    #[serde(default)]
    pub fields: BTreeMap<String, Field>,
    #[serde(default, deserialize_with = "given")]
    pub signed: Option<Vec<Segment>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct KeyRules {
    pub algorithm: Algorithm,
    #[serde(default, deserialize_with = "given")]
    pub format: Option<KeyFormat>,
    #[serde(default)]
    pub prefix: KeyPrefix,
    #[serde(default, deserialize_with = "whole::<1, 1024, _, _>")]
    pub min_bytes: Option<usize>,
}

/// Exactly one algorithm. Nothing in a request can change it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "kebab-case")]
pub(crate) enum Algorithm {
    DigestSha1,
    DigestSha256,
    EcdsaP256Sha256,
    EcdsaP256Sha256Der,
    Ed25519,
    HmacSha1,
    HmacSha256,
    HmacSha384,
    HmacSha512,
    RsaPkcs1Sha256,
    RsaPssSha512,
    Token,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "kebab-case")]
pub(crate) enum KeyFormat {
    Base64,
    Hex,
    Jwk,
    Spki,
    Utf8,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub(crate) struct KeyPrefix {
    #[serde(default, deserialize_with = "said")]
    pub strip: Option<String>,
    #[serde(default, deserialize_with = "all_said")]
    pub reject: Vec<String>,
}

/// Where a value of the signature comes from: exactly one place.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Source {
    Body(Pointer),
    Header(Names),
    Pair(String),
    Query(String),
}

/// A header, or its aliases in order of preference.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a header name, or a list of its aliases")]
pub(crate) enum Names {
    One(String),
    Several(Vec<String>),
}

impl Names {
    pub fn list(self) -> Vec<String> {
        match self {
            Names::One(name) => vec![name],
            Names::Several(names) => names,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields, tag = "kind")]
pub(crate) enum HeaderShape {
    List {
        separator: char,
        #[serde(default, deserialize_with = "given")]
        tag: Option<String>,
    },
    Pairs {
        separator: char,
        #[serde(deserialize_with = "set")]
        take: Vec<String>,
    },
    Plain {},
    Prefixed {
        prefix: String,
    },
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "kebab-case")]
pub(crate) enum Encoding {
    Base64,
    Hex,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Field {
    pub from: Source,
    #[serde(default)]
    pub format: FieldFormat,
    #[serde(default)]
    pub optional: bool,
    #[serde(default, deserialize_with = "given")]
    pub equals: Option<Segment>,
    /// Characters that a text never contains.
    #[serde(default, deserialize_with = "given")]
    pub without: Option<String>,
    /// For a `local` time: the offset of its clock from UTC, such as `+08:00`.
    #[serde(default, deserialize_with = "given")]
    pub offset: Option<String>,
}

/// One piece of the signed bytes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Segment {
    Body(BodyForm),
    Field(String),
    Form(Parameters),
    Literal(String),
    Method(Raw),
    Optional(Vec<Segment>),
    Path(Raw),
    Query(Parameters),
    Secret(Raw),
    Target(Raw),
    Url(Vec<UrlForm>),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a body is `\"raw\"`, or `{ \"digest\": \"sha256\", \"encoding\": \"hex\" }` (sha384, sha512; base64)"
)]
pub(crate) enum BodyForm {
    Raw(Raw),
    Digest(BodyDigest),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub(crate) struct BodyDigest {
    pub digest: Digest,
    pub encoding: Encoding,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "kebab-case")]
pub(crate) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum Raw {
    Raw,
}

/// The forms of a URL to try, in order.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "kebab-case")]
pub(crate) enum UrlForm {
    Received,
    WithPort,
    WithoutPort,
}

/// Query or form parameters made into one string. There are no defaults: a scheme declares everything.
#[derive(Clone, Debug, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Parameters {
    pub values: Values,
    pub sort: Sort,
    #[serde(default)]
    pub exclude: Vec<String>,
    pub pair: String,
    pub join: String,
    pub repeats: Repeats,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum Values {
    Decoded,
    Raw,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum Sort {
    Name,
    Pair,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub(crate) enum Repeats {
    Comma,
    Refuse,
    Unique,
}
