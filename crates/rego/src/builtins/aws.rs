//! `providers.aws.sign_req`: signature version 4 of AWS in the headers of a request.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;

use super::keys::Hash;
use super::operands::{any, error, mistyped, object};
use super::url::Url;
use super::{Builtin, Context, Fault, Types, time};
use crate::json;
use crate::text::Text;
use crate::value::{Object, Value};

const THREE: &[Types] = &[Types::OBJECT, Types::OBJECT, Types::NUMBER];

/// The functions of this file.
pub const AWS: &[Builtin] = &[Builtin::new("providers.aws.sign_req", THREE, Types::OBJECT, sign)];

/// What a configuration must have.
const REQUIRED: [&str; 4] = ["aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"];

/// What a request may have: that of `http.send`.
const ALLOWED: &[&str] = &[
    "body",
    "cache",
    "cache_ignored_headers",
    "caching_mode",
    "enable_redirect",
    "force_cache",
    "force_cache_duration_seconds",
    "force_json_decode",
    "force_yaml_decode",
    "headers",
    "max_retry_attempts",
    "method",
    "raise_error",
    "raw_body",
    "timeout",
    "tls_ca_cert",
    "tls_ca_cert_env_variable",
    "tls_ca_cert_file",
    "tls_client_cert",
    "tls_client_cert_env_variable",
    "tls_client_cert_file",
    "tls_client_key",
    "tls_client_key_env_variable",
    "tls_client_key_file",
    "tls_insecure_skip_verify",
    "tls_server_name",
    "tls_use_system_certs",
    "url",
];

/// Headers that somebody on the way may change.
const UNSIGNED: [&str; 3] = ["authorization", "user-agent", "x-amzn-trace-id"];

fn sign(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let (request, config) = (object(operands, 1)?, object(operands, 2)?);
    let [access_key, region, secret, service] = texts(config, REQUIRED, "operand 2", "AWS config").map_err(error)?;
    let Value::Number(nanoseconds) = any(operands, 3) else {
        return Err(mistyped(3, any(operands, 3), &["number"]));
    };
    let nanoseconds = nanoseconds.as_i64();
    let nanoseconds =
        nanoseconds.ok_or_else(|| error("operand 3 could not convert time_ns value into a unix timestamp"))?;
    let unknown = request.members().iter().any(|(name, _)| name.as_str().is_none_or(|name| !ALLOWED.contains(&name)));
    if unknown {
        return Err(error("operand 1 invalid request parameters(s)"));
    }
    let [method, url] = texts(request, ["method", "url"], "operand 1", "request").map_err(error)?;
    let headers = match request.member("headers") {
        None => &[],
        Some(Value::Object(headers)) => headers.members(),
        Some(other) => return Err(mistyped(1, other, &["object"])),
    };
    let payload_signed = match config.member("disable_payload_signing") {
        None => true,
        Some(Value::Boolean(disabled)) => !disabled,
        Some(_) => return Err(error("operand 2 invalid value for 'disable_payload_signing' in AWS config")),
    };
    let url = Url::parse(url).map_err(|problem| error(format!("the request's url: {problem}")))?;
    let path = url.escaped_path();
    let body = body(context, request)?;
    // Everything is hashed, and most of it is copied a few times.
    let header_bytes: u64 = headers.iter().map(|(name, value)| name.weight() + value.weight()).sum::<u64>() * 16;
    let bytes = path.len() as u64 + url.raw_query.len() as u64 + header_bytes;
    context.budget.steps(200 + (bytes * 2 + body.len() as u64) / 16)?;
    context.budget.bytes(1_024 + bytes * 4)?;

    let hash = |bytes: &[u8]| HEXLOWER.encode(&Hash::Sha256.digest(bytes));
    let payload = if payload_signed { hash(body.as_bytes()) } else { "UNSIGNED-PAYLOAD".to_owned() };
    let now = time::compact(nanoseconds);
    let (day, _) = now.split_once('T').unwrap_or_default();
    let mut added = vec![("host", url.host.clone()), ("x-amz-date", now.clone())];
    // These two services want it; the others do not.
    if matches!(service, "s3" | "glacier") {
        added.push(("x-amz-content-sha256", payload.clone()));
    }
    if let Some(Value::String(token)) = config.member("aws_session_token")
        && !token.is_empty()
    {
        added.push(("x-amz-security-token", token.to_string()));
    }

    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut signed: BTreeMap<String, String> = BTreeMap::new();
    signed.extend(added.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    for (name, value) in headers {
        let name = text(name).to_lowercase();
        if !UNSIGNED.contains(&name.as_str()) {
            signed.insert(name, text(value));
        }
    }
    let names = signed.keys().map(String::as_str).collect::<Vec<_>>().join(";");
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let canonical = format!("{method}\n{}\n{}\n{lines}\n{names}\n{payload}", path, url.raw_query);
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{now}\n{scope}\n{}", hash(canonical.as_bytes()));
    let start = format!("AWS4{secret}").into_bytes();
    let key =
        [day, region, service, "aws4_request"].iter().fold(start, |key, part| Hash::Sha256.mac(&key, part.as_bytes()));
    let signature = HEXLOWER.encode(&Hash::Sha256.mac(&key, to_sign.as_bytes()));
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={access_key}/{scope},SignedHeaders={names},Signature={signature}");

    let own = headers.iter().map(|(name, value)| (Value::from(text(name)), Value::from(text(value))));
    let added = added.into_iter().chain([("Authorization", authorization)]);
    let added = added.map(|(name, value)| (Value::from(name), Value::from(value)));
    let headers = Value::object(own.chain(added).collect());
    let members = request.members().iter().cloned();
    Ok(Value::object(members.chain([(Value::from("headers"), headers)]).collect()))
}

/// Members that must be there, and strings.
fn texts<'a, const N: usize>(
    object: &'a Object,
    names: [&str; N],
    operand: &str,
    of: &str,
) -> Result<[&'a str; N], String> {
    let list = |names: Vec<&&str>| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let missing: Vec<&&str> = names.iter().filter(|name| object.member(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(format!("{operand} missing required {of} parameters(s): {{{}}}", list(missing)));
    }
    let text = |name: &str| object.member(name).and_then(Value::as_str);
    let invalid: Vec<&&str> = names.iter().filter(|name| text(name).is_none()).collect();
    if !invalid.is_empty() {
        return Err(format!("{operand} invalid values for required {of} parameters(s): {{{}}}", list(invalid)));
    }
    Ok(names.map(|name| text(name).unwrap_or_default()))
}

/// The body as it is, or as JSON.
fn body(context: &mut Context<'_>, request: &Object) -> Result<String, Fault> {
    if let Some(raw) = request.member("raw_body") {
        return Ok(raw.as_str().unwrap_or_default().to_owned());
    }
    let Some(body) = request.member("body") else { return Ok(String::new()) };
    context.budget.steps(body.weight())?;
    let mut text = Text::new(context.budget);
    json::Writer { text: &mut text, html: true, pretty: None }.value(body, 0)?;
    Ok(text.paid(context.budget)?)
}
