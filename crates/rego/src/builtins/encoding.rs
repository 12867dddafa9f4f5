//! Bytes as text: base64, hexadecimal, and the query of a URL.

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD, Encoding};

use super::operands::{any, object, string};
use super::strings::made;
use super::{Builtin, Context, Fault, Types, base64};
use crate::json;
use crate::text::Text;
use crate::value::Value;

const STRING: Types = Types::STRING;
const ONE: &[Types] = &[STRING];

/// The functions.
pub const ENCODING: &[Builtin] = &[
    Builtin::new("base64.encode", ONE, STRING, |context, arguments| encode(context, arguments, &BASE64)),
    Builtin::new("base64.decode", ONE, STRING, |context, arguments| decode(context, arguments, base64::standard)),
    Builtin::new("base64.is_valid", &[Types::ANY], Types::BOOLEAN, |context, arguments| {
        let Some(text) = any(arguments, 1).as_str() else { return Ok(Value::from(false)) };
        context.work(text.len() as u64 / 16)?;
        Ok(Value::from(base64::standard(text).is_ok()))
    }),
    Builtin::new("base64url.encode", ONE, STRING, |context, arguments| encode(context, arguments, &BASE64URL)),
    Builtin::new("base64url.encode_no_pad", ONE, STRING, |context, arguments| {
        encode(context, arguments, &BASE64URL_NOPAD)
    }),
    Builtin::new("base64url.decode", ONE, STRING, |context, arguments| decode(context, arguments, base64::url)),
    Builtin::new("hex.encode", ONE, STRING, |context, arguments| {
        let mut text = Text::new(context.budget);
        for byte in string(arguments, 1)?.bytes() {
            text.push_str(&format!("{byte:02x}"))?;
        }
        Ok(Value::from(text.paid(context.budget)?))
    }),
    Builtin::new("hex.decode", ONE, STRING, |context, arguments| {
        let text = string(arguments, 1)?;
        made(context, text.len())?;
        let mut bytes = Vec::with_capacity(text.len() / 2);
        let mut first = None;
        for letter in text.chars() {
            let Some(digit) = letter.to_digit(16) else {
                let code = u32::from(letter);
                return Err(Fault::Error(format!("encoding/hex: invalid byte: U+{code:04X} {letter:?}")));
            };
            match first.take() {
                None => first = Some(digit),
                Some(high) => bytes.push((high * 16 + digit) as u8),
            }
        }
        if first.is_some() {
            return Err(Fault::from("encoding/hex: odd length hex string"));
        }
        Ok(Value::from(text_of(&bytes)))
    }),
    Builtin::new("urlquery.encode", ONE, STRING, |context, arguments| {
        let mut text = Text::new(context.budget);
        escape(string(arguments, 1)?, &mut text)?;
        Ok(Value::from(text.paid(context.budget)?))
    }),
    Builtin::new("urlquery.decode", ONE, STRING, |context, arguments| {
        let text = string(arguments, 1)?;
        made(context, text.len())?;
        Ok(Value::from(unescape(text)?))
    }),
    Builtin::new("urlquery.encode_object", &[Types::OBJECT], STRING, encode_object),
    Builtin::new("urlquery.decode_object", ONE, Types::OBJECT, decode_object),
];

fn encode(context: &mut Context<'_>, arguments: &[Value], encoding: &Encoding) -> Result<Value, Fault> {
    let bytes = string(arguments, 1)?.as_bytes();
    made(context, encoding.encode_len(bytes.len()))?;
    Ok(Value::from(encoding.encode(bytes)))
}

fn decode(
    context: &mut Context<'_>,
    arguments: &[Value],
    decode: fn(&str) -> Result<Vec<u8>, usize>,
) -> Result<Value, Fault> {
    let text = string(arguments, 1)?;
    made(context, text.len())?;
    let bytes = decode(text).map_err(|place| Fault::Error(format!("illegal base64 data at input byte {place}")))?;
    Ok(Value::from(text_of(&bytes)))
}

/// Bytes as text: each byte that is not UTF-8 becomes a replacement character, as it counts in Go.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

fn escape(string: &str, text: &mut Text) -> Result<(), Fault> {
    for byte in string.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => text.push(char::from(byte))?,
            b' ' => text.push('+')?,
            _ => text.push_str(&format!("%{byte:02X}"))?,
        }
    }
    Ok(())
}

fn unescape(text: &str) -> Result<String, Fault> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (digits, after) = after.split_at_checked(2).ok_or("invalid URL escape")?;
                let digits =
                    str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
                let digits = digits.ok_or("invalid URL escape")?;
                bytes.push(u8::from_str_radix(digits, 16).unwrap_or_default());
                rest = after;
            }
            _ => bytes.push(*byte),
        }
    }
    Ok(text_of(&bytes))
}

fn encode_object(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let members = object(arguments, 1)?.members();
    context.work(any(arguments, 1).weight().saturating_mul(2))?;
    let wrong = || Fault::from("operand 1 values must be string, array[string], or set[string]");
    let mut named = std::collections::BTreeMap::new();
    for (key, value) in members {
        let name = match key {
            Value::String(name) => name.as_ref().to_owned(),
            other => json::write(other),
        };
        let values = match value {
            Value::String(_) => std::slice::from_ref(value),
            other => super::operands::items(other).ok_or_else(wrong)?,
        };
        named.insert(name, values);
    }
    let mut text = Text::new(context.budget);
    for (name, values) in named {
        for value in values {
            if !text.as_str().is_empty() {
                text.push('&')?;
            }
            escape(&name, &mut text)?;
            text.push('=')?;
            escape(value.as_str().ok_or_else(wrong)?, &mut text)?;
        }
    }
    Ok(Value::from(text.paid(context.budget)?))
}

fn decode_object(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let text = string(arguments, 1)?;
    made(context, text.len())?;
    let mut named: std::collections::BTreeMap<String, Vec<Value>> = std::collections::BTreeMap::new();
    for part in text.split('&').filter(|part| !part.is_empty()) {
        context.items(4)?;
        if part.contains(';') {
            return Err(Fault::from("invalid semicolon separator in query"));
        }
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        named.entry(unescape(name)?).or_default().push(Value::from(unescape(value)?));
    }
    Ok(Value::object(named.into_iter().map(|(name, values)| (Value::from(name), Value::array(values))).collect()))
}
