//! Keys as they are given, checked before they are used. A key that cannot be right is rejected when the gate
//! compiles, and no message contains a byte of it.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde::Deserialize;
use serde_json::Value;

use super::algorithm::Mac;
use super::mac::Keyed;
use super::public_key::PublicKey;
use super::segments::Piece;
use crate::error::{ContractCode, ContractError};
use crate::grammar::{Algorithm, KeyFormat, KeyRules};

/// The longest key; anything longer is a file given by mistake.
const MAX_BYTES: usize = 65_536;

/// The shortest symmetric key, unless the contract says otherwise.
const MIN_BYTES: usize = 16;

/// A key for [`Gate::compile`](crate::Gate::compile). Its `Debug` output shows only the id.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Key {
    /// The id that a verdict names the key by. Without one it is `#1`, `#2` … by position in the list.
    #[serde(default)]
    pub id: Option<String>,
    /// The secret as text, in the contract's key format.
    #[serde(default)]
    pub secret: Option<String>,
    /// The secret's raw bytes, instead of `secret`.
    #[serde(default)]
    pub secret_bytes: Option<Vec<u8>>,
    /// The public key, for schemes that use one: text in the contract's key format, or a JSON Web Key.
    #[serde(default)]
    pub public_key: Option<Value>,
}

impl Key {
    /// Creates a key from a shared secret in the contract's key format.
    pub fn secret(secret: impl Into<String>) -> Key {
        Key { secret: Some(secret.into()), ..Key::default() }
    }

    /// Creates a key from a public key: text in the contract's key format, or a JSON Web Key.
    pub fn public(key: impl Into<Value>) -> Key {
        Key { public_key: Some(key.into()), ..Key::default() }
    }

    /// Sets the id that a verdict names the key by.
    pub fn named(self, id: impl Into<String>) -> Key {
        Key { id: Some(id.into()), ..self }
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Key").field("id", &self.id).field("secret", &"REDACTED").finish()
    }
}

#[derive(Debug)]
pub(crate) struct Ready {
    pub id: String,
    /// The secret as it was given, for the doctor; empty for a public key.
    pub given: Given,
    material: Material,
}

/// A secret before and after its prefix was stripped and its format decoded. It is never printed.
#[derive(Default)]
pub(crate) struct Given {
    pub text: Vec<u8>,
    pub bytes: Vec<u8>,
}

impl Given {
    fn of(key: &Key, bytes: Vec<u8>) -> Given {
        let text = key.secret.as_ref().map(|text| text.as_bytes().to_vec());
        Given { text: text.unwrap_or_else(|| bytes.clone()), bytes }
    }
}

impl std::fmt::Debug for Given {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Given(REDACTED)")
    }
}

#[derive(Debug)]
enum Material {
    Public(Box<PublicKey>),
    Shared(Box<Keyed>),
}

impl Ready {
    /// Whether one of the candidates is this key's signature of the pieces.
    pub fn verifies(&self, pieces: &[Piece<'_>], candidates: &[Mac]) -> bool {
        match &self.material {
            Material::Public(key) => candidates.iter().any(|candidate| key.verifies(pieces, candidate)),
            Material::Shared(keyed) => keyed.verifies(pieces, candidates),
        }
    }

    /// `None` for a public key, which cannot sign.
    pub fn compute(&self, pieces: &[Piece<'_>]) -> Option<Mac> {
        match &self.material {
            Material::Public(_) => None,
            Material::Shared(keyed) => Some(keyed.compute(pieces)),
        }
    }
}

/// The keys of one gate, each with its own id.
#[derive(Debug)]
pub(crate) struct Keys {
    /// How they were read.
    pub rules: KeyRules,
    ready: Vec<Ready>,
}

impl Keys {
    /// `keyless` means a digest of public data only, which takes no key.
    pub fn compile(rules: &KeyRules, given: &[Key], keyless: bool) -> Result<Keys, ContractError> {
        let format = rules.format.unwrap_or(KeyFormat::Utf8);
        if !rules.algorithm.takes(format) {
            let name = rules.algorithm.name();
            let message = match rules.format {
                Some(_) => format!("{name} does not take a key in this format"),
                None => {
                    format!("{name} needs the `format` of its key: `spki`, `jwk` or, of ed25519, `hex` or `base64`")
                }
            };
            return Err(ContractError::new(ContractCode::ContractSignature, "/signature/key/format", message));
        }
        if rules.min_bytes.is_some() && !rules.algorithm.is_symmetric() {
            let message = "`minBytes` is for secrets; a public key has the length of its algorithm";
            return Err(ContractError::new(ContractCode::ContractSignature, "/signature/key/minBytes", message));
        }
        match (keyless, given.is_empty()) {
            (true, true) => {
                let keyed = Keyed::new(rules.algorithm, &[]).map(Box::new).map(Material::Shared);
                let none = |material| Ready { id: "none".into(), given: Given::default(), material };
                return Ok(Keys { rules: rules.clone(), ready: keyed.map(none).into_iter().collect() });
            }
            (true, false) => {
                let message = "keys were given, and the contract's digest is of public things alone";
                return Err(ContractError::new(ContractCode::KeyUnused, "keys", message));
            }
            (false, true) => {
                let message = "the contract declares a signature, and no key was given";
                return Err(ContractError::new(ContractCode::KeyMissing, "keys", message).help(
                    "give the sender's key, or declare `\"signature\": null` if the receiver really runs without one",
                ));
            }
            (false, false) => {}
        }
        let mut ready: Vec<Ready> = Vec::with_capacity(given.len());
        for (index, key) in given.iter().enumerate() {
            let at = format!("keys/{index}");
            let id = key.id.clone().filter(|id| !id.is_empty()).unwrap_or_else(|| format!("#{}", index + 1));
            if ready.iter().any(|earlier| earlier.id == id) {
                return Err(ContractError::new(ContractCode::KeyMalformed, at, format!("two keys have the id `{id}`")));
            }
            let (material, given) = match rules.algorithm.is_symmetric() {
                true => shared(rules, format, key, &at)?,
                false => (public(rules, format, key, &at)?, Given::default()),
            };
            ready.push(Ready { id, given, material });
        }
        Ok(Keys { rules: rules.clone(), ready })
    }

    pub fn all(&self) -> &[Ready] {
        &self.ready
    }

    pub fn iter(&self) -> impl Iterator<Item = &Ready> {
        self.ready.iter()
    }

    pub fn len(&self) -> usize {
        self.ready.len()
    }
}

fn shared(rules: &KeyRules, format: KeyFormat, key: &Key, at: &str) -> Result<(Material, Given), ContractError> {
    let wrong = |code: ContractCode, message: String| Err(ContractError::new(code, at, message));
    let bytes = match (&key.secret, &key.secret_bytes) {
        _ if key.public_key.is_some() => {
            return wrong(
                ContractCode::KeyKind,
                format!("{} takes a secret, not a public key", rules.algorithm.name()),
            );
        }
        (Some(_), Some(_)) => return wrong(ContractCode::KeyMalformed, "both `secret` and its bytes are given".into()),
        (None, None) => return wrong(ContractCode::KeyEmpty, "the key holds no `secret`".into()),
        (None, Some(bytes)) => bytes.clone(),
        (Some(text), None) => decode(format, stripped(rules, text, at)?, at)?,
    };
    let least = rules.min_bytes.unwrap_or(MIN_BYTES);
    match bytes.len() {
        0 => wrong(ContractCode::KeyEmpty, "the key is empty".into()),
        length if length > MAX_BYTES => {
            wrong(ContractCode::KeyMalformed, format!("the key is longer than {MAX_BYTES} bytes"))
        }
        length if length < least => {
            let message = format!("the key has {length} bytes, and the contract wants at least {least}");
            let help = "take a longer key; where the sender's are so short, or to try a published vector, the contract \
                        says so in `minBytes` of `signature.key`";
            Err(ContractError::new(ContractCode::KeyShort, at, message).help(help))
        }
        _ => match Keyed::new(rules.algorithm, &bytes) {
            Some(keyed) => Ok((Material::Shared(Box::new(keyed)), Given::of(key, bytes))),
            None => wrong(ContractCode::KeyMalformed, format!("the key is not one for {}", rules.algorithm.name())),
        },
    }
}

fn public(rules: &KeyRules, format: KeyFormat, key: &Key, at: &str) -> Result<Material, ContractError> {
    let wrong = |code: ContractCode, message: String| Err(ContractError::new(code, at, message));
    if key.secret.is_some() || key.secret_bytes.is_some() {
        let message = format!("{} takes the sender's public key as `publicKey`, not a secret", rules.algorithm.name());
        return wrong(ContractCode::KeyKind, message);
    }
    let found = match &key.public_key {
        None => return wrong(ContractCode::KeyEmpty, "the key holds no `publicKey`".into()),
        Some(Value::String(text)) => PublicKey::from_text(rules.algorithm, format, stripped(rules, text, at)?),
        Some(jwk) => PublicKey::from_jwk(rules.algorithm, jwk),
    };
    found.map(Box::new).map(Material::Public).ok_or_else(|| {
        let message = format!("the key is not a public key for {} in the contract's format", rules.algorithm.name());
        let error = ContractError::new(ContractCode::KeyMalformed, at, message);
        match rules.algorithm {
            Algorithm::RsaPkcs1Sha256 | Algorithm::RsaPssSha512 => error.help(
                "it has 2048 to 8192 bits and stands as SPKI (`BEGIN PUBLIC KEY`) or as a JSON Web Key; \
                 `openssl x509 -pubkey -noout` takes it out of a certificate, `openssl rsa -RSAPublicKey_in -pubout` \
                 turns `BEGIN RSA PUBLIC KEY` into SPKI",
            ),
            _ => error,
        }
    })
}

/// The key without its declared prefix, or an error if the key cannot be the right one.
fn stripped<'k>(rules: &KeyRules, text: &'k str, at: &str) -> Result<&'k str, ContractError> {
    let wrong = |code: ContractCode, message: String| Err(ContractError::new(code, at, message));
    if text.is_empty() {
        return wrong(ContractCode::KeyEmpty, "the key is empty".into());
    }
    // A PEM file ends in a line break that is not part of the key.
    let text = if text.starts_with("-----BEGIN ") { text.trim_end_matches(['\n', '\r']) } else { text };
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len() != text.len() {
        let message = "the key begins or ends with white space, such as the newline of a file";
        return wrong(ContractCode::KeyWhitespace, message.into());
    }
    let quoted = |quote: char| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
    if quoted('"') || quoted('\'') {
        return wrong(
            ContractCode::KeyMalformed,
            "the key stands in quotes, as a line of an env file does; take them off".into(),
        );
    }
    if let Some(prefix) = rules.prefix.reject.iter().find(|prefix| text.starts_with(prefix.as_str())) {
        return wrong(ContractCode::KeyKind, format!("a key that begins with `{prefix}` is of another kind"));
    }
    let strip = rules.prefix.strip.as_deref().unwrap_or_default();
    if !strip.is_empty() && !text.starts_with(strip) && text.contains(strip) {
        let message = format!("the key has `{strip}` inside it: something was pasted before the key");
        return wrong(ContractCode::KeyMalformed, message);
    }
    Ok(text.strip_prefix(strip).unwrap_or(text))
}

fn decode(format: KeyFormat, text: &str, at: &str) -> Result<Vec<u8>, ContractError> {
    let (decoded, form) = match format {
        KeyFormat::Base64 => (BASE64.decode(text.as_bytes()).ok(), "padded base64"),
        KeyFormat::Hex => (HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok(), "hex"),
        KeyFormat::Jwk | KeyFormat::Spki | KeyFormat::Utf8 => (Some(text.as_bytes().to_vec()), "UTF-8"),
    };
    decoded.ok_or_else(|| ContractError::new(ContractCode::KeyMalformed, at, format!("the key is not {form}")))
}
