//! `uuid.parse`: what a UUID says about itself (RFC 9562); and `uuid.rfc4122`, which makes one.

use data_encoding::HEXLOWER;

use super::keys::Hash;
use super::operands::string;
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

/// The functions of this file.
pub const UUID: &[Builtin] = &[
    Builtin::new("uuid.parse", &[Types::STRING], Types::OBJECT, parse),
    Builtin::new("uuid.rfc4122", &[Types::STRING], Types::STRING, rfc4122),
];

/// From the beginning of the Gregorian calendar, from which UUIDs count, to 1970, in seconds.
const GREGORIAN: i64 = 12_219_292_800;

fn parse(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    context.scan(text.len())?;
    let Some(bits) = read(text) else { return Err(Fault::Undefined) };
    let version = field(bits, 76, 0xf);
    let variant = match field(bits, 61, 7) {
        4 | 5 => "RFC4122",
        6 => "Microsoft",
        7 => "Future",
        _ => "Reserved",
    };
    let mut members = vec![("variant", Value::from(variant)), ("version", Value::from(version))];
    if matches!(version, 1 | 2) {
        // Tenths of a microsecond. They have 60 bits, so as nanoseconds they may go past 64.
        let ticks = field(bits, 64, 0xfff) << 48 | field(bits, 80, 0xffff) << 32 | field(bits, 96, 0xffff_ffff);
        let time = ticks.wrapping_sub(GREGORIAN * 10_000_000).wrapping_mul(100);
        let node = bits.to_be_bytes().iter().skip(10).map(|byte| HEXLOWER.encode(&[*byte])).collect::<Vec<_>>();
        let first = field(bits, 40, 3);
        let address = match first {
            3 => "local:multicast",
            2 => "local:unicast",
            1 => "global:multicast",
            _ => "global:unicast",
        };
        members.extend([
            ("clocksequence", Value::from(field(bits, 48, 0x3fff))),
            ("macvariables", Value::from(address)),
            ("nodeid", Value::from(node.join("-"))),
            ("time", Value::from(time)),
        ]);
    }
    if version == 2 {
        let domain = match field(bits, 48, 0xff) {
            0 => "Person".to_owned(),
            1 => "Group".to_owned(),
            2 => "Org".to_owned(),
            other => format!("Domain{other}"),
        };
        members.extend([("domain", Value::from(domain)), ("id", Value::from(field(bits, 96, 0xffff_ffff)))]);
    }
    Ok(Value::object(members.into_iter().map(|(name, value)| (Value::from(name), value)).collect()))
}

/// The same for the same key in one run, as in OPA, and another in the next: what is random in OPA is made of the time of
/// the run and the key, so that it comes out the same in every runtime. It is no secret.
fn rfc4122(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let key = string(operands, 1)?;
    context.scan(key.len())?;
    context.budget.bytes(64)?;
    let seed = [&context.now.to_be_bytes(), key.as_bytes()].concat();
    let hash = Hash::Sha256.digest(&seed);
    let bits = hash.first_chunk::<16>().map_or(0, |bytes| u128::from_be_bytes(*bytes));
    // Version 4, and the variant of RFC 9562.
    let bits = bits & !(0xf << 76) & !(3 << 62) | 4 << 76 | 2 << 62;
    let digits = format!("{bits:032x}");
    let parts =
        [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].map(|(from, to)| digits.get(from..to).unwrap_or_default());
    Ok(Value::from(parts.join("-")))
}

/// Bits of the number, from this one on.
fn field(bits: u128, from: u32, mask: u64) -> i64 {
    let bytes = (bits >> from).to_be_bytes();
    let low = bytes.last_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    i64::try_from(low & mask).unwrap_or_default()
}

/// With dashes, as a URN, in braces, or 32 digits alone.
fn read(text: &str) -> Option<u128> {
    let text = match text.len() {
        45 => text.split_at_checked(9).filter(|(urn, _)| urn.eq_ignore_ascii_case("urn:uuid:"))?.1,
        38 => text.strip_prefix('{')?.strip_suffix('}')?,
        _ => text,
    };
    let digits = match text.len() {
        36 => {
            let groups: Vec<&str> = text.split('-').collect();
            if !groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) {
                return None;
            }
            groups.concat()
        }
        32 => text.to_owned(),
        _ => return None,
    };
    let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hexadecimal { u128::from_str_radix(&digits, 16).ok() } else { None }
}
