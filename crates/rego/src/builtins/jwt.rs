//! `io.jwt.*`: JSON Web Tokens (RFC 7519) that are signed (RFC 7515).

mod constraints;
mod token;

use constraints::Constraints;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use token::{Header, Token, object};

use super::keys::{Algorithm, PrivateKey, PublicKey};
use super::operands::{any, error, object as object_operand, string};
use super::{Builtin, Context, Fault, Types, pem, x509};
use crate::json;
use crate::text::Text;
use crate::value::Value;

const TWO: &[Types] = &[Types::STRING, Types::STRING];
const THREE: &[Types] = &[Types::STRING, Types::STRING, Types::STRING];
const OBJECTS: &[Types] = &[Types::OBJECT, Types::OBJECT, Types::OBJECT];

/// The functions of this folder.
pub const JWT: &[Builtin] = &[
    Builtin::new("io.jwt.decode", &[Types::STRING], Types::ARRAY, decode),
    Builtin::new("io.jwt.decode_verify", &[Types::STRING, Types::OBJECT], Types::ARRAY, decode_verify),
    Builtin::new("io.jwt.encode_sign", OBJECTS, Types::STRING, encode_sign),
    Builtin::new("io.jwt.encode_sign_raw", THREE, Types::STRING, encode_sign_raw),
    Builtin::new("io.jwt.verify_eddsa", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "EdDSA")),
    Builtin::new("io.jwt.verify_es256", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "ES256")),
    Builtin::new("io.jwt.verify_es384", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "ES384")),
    Builtin::new("io.jwt.verify_es512", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "ES512")),
    Builtin::new("io.jwt.verify_hs256", TWO, Types::BOOLEAN, |context, operands| {
        verify_secret(context, operands, "HS256")
    }),
    Builtin::new("io.jwt.verify_hs384", TWO, Types::BOOLEAN, |context, operands| {
        verify_secret(context, operands, "HS384")
    }),
    Builtin::new("io.jwt.verify_hs512", TWO, Types::BOOLEAN, |context, operands| {
        verify_secret(context, operands, "HS512")
    }),
    Builtin::new("io.jwt.verify_ps256", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "PS256")),
    Builtin::new("io.jwt.verify_ps384", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "PS384")),
    Builtin::new("io.jwt.verify_ps512", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "PS512")),
    Builtin::new("io.jwt.verify_rs256", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "RS256")),
    Builtin::new("io.jwt.verify_rs384", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "RS384")),
    Builtin::new("io.jwt.verify_rs512", TWO, Types::BOOLEAN, |context, operands| verify(context, operands, "RS512")),
];

/// A key, and which tokens it is for.
struct Key {
    key: PublicKey,
    algorithm: Option<String>,
    id: Option<String>,
}

/// The keys of a certificate, of a public key in PEM, of a JSON Web Key or of a set of them.
fn keys(context: &mut Context<'_>, text: &str) -> Result<Vec<Key>, Fault> {
    context.scan(text.len() * 4)?;
    if let Some((block, rest)) = pem::first(text) {
        if !rest.is_empty() {
            return Err(error("extra data after a PEM certificate block"));
        }
        let key = match block.label {
            "CERTIFICATE" => {
                let der = x509::public_key(&block.bytes).ok_or_else(|| error("failed to parse a PEM certificate"))?;
                PublicKey::from_spki(der).ok_or_else(|| error("failed to parse a PEM certificate: its key"))
            }
            "PUBLIC KEY" => PublicKey::from_spki(&block.bytes).ok_or_else(|| error("failed to parse a PEM public key")),
            _ => Err(error("failed to extract a Key from the PEM certificate")),
        };
        return Ok(vec![Key { key: key?, algorithm: None, id: None }]);
    }
    let failed = || error("failed to parse a JWK key (set)");
    let value = read(context, text)?.ok_or_else(failed)?;
    let listed = match value.member("keys") {
        Some(Value::Array(keys)) => keys.items(),
        Some(_) => return Err(failed()),
        None => std::slice::from_ref(&value),
    };
    let mut keys = Vec::with_capacity(listed.len());
    for jwk in listed {
        context.budget.steps(2_000)?;
        let text = |name| jwk.member(name).and_then(Value::as_str).map(str::to_owned);
        let key = PublicKey::from_jwk(jwk).ok_or_else(failed)?;
        let algorithm = text("alg");
        if algorithm.as_deref().is_none_or(|name| Algorithm::named(name).is_some()) {
            keys.push(Key { key, algorithm, id: text("kid") });
        }
    }
    Ok(keys)
}

/// JSON; none if the text is something else.
fn read(context: &mut Context<'_>, text: &str) -> Result<Option<Value>, Fault> {
    match json::read(text, context.budget) {
        Ok(value) => Ok(Some(value)),
        Err(Fault::Limit(limit)) => Err(Fault::Limit(limit)),
        Err(_) => Ok(None),
    }
}

/// Whether one of the keys made the signature: the one that the token names, or any that may be it.
fn verified(
    context: &mut Context<'_>,
    keys: &[Key],
    token: &Token<'_>,
    id: Option<&str>,
    names: (Option<&str>, &str),
    signature: &[u8],
) -> Result<bool, Fault> {
    let (of_token, name) = names;
    let Some(algorithm) = Algorithm::named(name) else { return Ok(false) };
    let named = id.filter(|id| !id.is_empty()).and_then(|id| keys.iter().find(|key| key.id.as_deref() == Some(id)));
    let may = |key: &&Key| key.algorithm.is_none() || key.algorithm.as_deref() == of_token;
    let candidates: Vec<&Key> = match named {
        Some(key) => vec![key],
        None => keys.iter().filter(may).collect(),
    };
    for key in candidates {
        context.scan(token.signed.len())?;
        context.budget.steps(key.key.work())?;
        if key.key.verifies(algorithm, token.signed.as_bytes(), signature) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn verify(context: &mut Context<'_>, operands: &[Value], name: &str) -> Result<Value, Fault> {
    let token = Token::split(context, string(operands, 1)?)?;
    let keys = keys(context, string(operands, 2)?)?;
    let signature = token.signature()?;
    let header = token.header(context)?;
    let text = |name: &'static str| token::text(&header, name);
    let (algorithm, id) = (text("alg")?, text("kid")?);
    verified(context, &keys, &token, id, (algorithm, name), &signature).map(Value::from)
}

fn verify_secret(context: &mut Context<'_>, operands: &[Value], name: &str) -> Result<Value, Fault> {
    let token = Token::split(context, string(operands, 1)?)?;
    let secret = PublicKey::Secret(string(operands, 2)?.as_bytes().to_vec());
    let signature = token.signature()?;
    let keys = [Key { key: secret, algorithm: None, id: None }];
    verified(context, &keys, &token, None, (None, name), &signature).map(Value::from)
}

/// The header, the payload, and the signature in hexadecimal, of the innermost token.
fn decode(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let mut text = string(operands, 1)?.to_string();
    loop {
        let token = Token::split(context, &text)?;
        let header = token.header(context)?;
        let payload = token.payload()?;
        match header.member("cty") {
            Some(Value::String(kind)) if **kind == *"JWT" => {
                text = payload.trim_matches(['"', '\'']).to_owned();
                continue;
            }
            Some(Value::String(_)) | None => {}
            Some(_) => return Err(error("cty: must be a string")),
        }
        let payload = object(context, &payload)?;
        let signature = token.signature().map_err(|fault| match fault {
            Fault::Error(message) => error(format!("JWT signature had invalid encoding: {message}")),
            limit => limit,
        })?;
        return Ok(Value::array(vec![header, payload, Value::from(HEXLOWER.encode(&signature))]));
    }
}

/// Whether the token is valid under the constraints, with its header and its payload.
fn decode_verify(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let mut text = string(operands, 1)?.to_string();
    let constraints = Constraints::read(context, object_operand(operands, 2)?)?;
    let result = loop {
        let token = Token::split(context, &text)?;
        let header = token.header(context)?;
        let Some(Header { algorithm, id, kind }) = token::checked(&header)? else { break None };
        if constraints.algorithm.as_ref().is_some_and(|wanted| wanted != algorithm) {
            break None;
        }
        let signature = token.signature()?;
        let names = (Some(algorithm), algorithm);
        if !verified(context, &constraints.keys, &token, id, names, &signature)? {
            break None;
        }
        let payload = token.payload()?;
        if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("JWT")) {
            text = payload;
            continue;
        }
        let payload = object(context, &payload)?;
        break constraints.hold(&payload)?.then_some((header, payload));
    };
    let valid = Value::from(result.is_some());
    let empty = || Value::object(Vec::new());
    let (header, payload) = result.unwrap_or_else(|| (empty(), empty()));
    Ok(Value::array(vec![valid, header, payload]))
}

fn encode_sign(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let header = marshal(context, any(operands, 1))?;
    let payload = marshal(context, any(operands, 2))?;
    sign(context, &header, &payload, any(operands, 3))
}

fn encode_sign_raw(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let key = string(operands, 3)?;
    let key = read(context, key)?.ok_or_else(|| error("failed to parse a JWK key (set)"))?;
    sign(context, string(operands, 1)?, string(operands, 2)?, &key)
}

/// JSON as Go makes it.
fn marshal(context: &mut Context<'_>, value: &Value) -> Result<String, Fault> {
    context.budget.steps(value.weight())?;
    let mut text = Text::new(context.budget);
    json::Writer { text: &mut text, html: true, pretty: None }.value(value, 0)?;
    Ok(text.paid(context.budget)?)
}

fn sign(context: &mut Context<'_>, header: &str, payload: &str, key: &Value) -> Result<Value, Fault> {
    let key = match key.member("keys") {
        Some(Value::Array(keys)) => keys.items().first().ok_or_else(|| error("no keys found in JWK set"))?,
        _ => key,
    };
    // Of an RSA key it is seen that it is sound.
    let is_rsa = key.member("kty").and_then(Value::as_str) == Some("RSA");
    context.budget.steps(if is_rsa { 200_000 } else { 2_000 })?;
    let key = PrivateKey::from_jwk(key).ok_or_else(|| error("failed to parse a JWK key (set)"))?;
    let members = match header.trim_start() {
        "" => return Err(error("missing or invalid 'alg' header: cannot parse JSON: cannot parse empty string")),
        object if object.starts_with('{') => read(context, header)?,
        // Whatever it is, it has no members.
        _ => Some(Value::Null),
    };
    let members = members.ok_or_else(|| error("missing or invalid 'alg' header: cannot parse JSON"))?;
    let text = |name| members.member(name).and_then(Value::as_str);
    let name = text("alg").ok_or_else(|| error("missing or invalid 'alg' header: header \"alg\" not found"))?;
    let algorithm = Algorithm::named(name).ok_or_else(|| error("unknown JWS algorithm"))?;
    if text("typ").is_none_or(|kind| kind == "JWT") && read(context, payload)?.is_none() {
        return Err(error("type is JWT but payload is not JSON"));
    }
    context.scan((header.len() + payload.len()) * 4)?;
    context.budget.bytes((header.len() as u64 + payload.len() as u64) * 3)?;
    context.budget.steps(key.work())?;
    let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let signed = format!("{}.{}", encode(header), encode(payload));
    let signature = key.sign(algorithm, signed.as_bytes()).map_err(error)?;
    Ok(Value::from(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))))
}
