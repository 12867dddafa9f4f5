//! `net.cidr_*`: blocks of IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::operands::{any, error, mistyped, string, values};
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

const TEXTS: Types = Types::STRING.or(Types::ARRAY).or(Types::OBJECT).or(Types::SET);
const TWO: &[Types] = &[Types::STRING, Types::STRING];

/// The functions of this file.
pub const NET: &[Builtin] = &[
    Builtin::new("net.cidr_contains", TWO, Types::BOOLEAN, contains),
    Builtin::new("net.cidr_contains_matches", &[TEXTS, TEXTS], Types::SET, contains_matches),
    Builtin::new("net.cidr_expand", &[Types::STRING], Types::SET, expand),
    Builtin::new("net.cidr_intersects", TWO, Types::BOOLEAN, intersects),
    Builtin::new("net.cidr_is_valid", &[Types::STRING], Types::BOOLEAN, is_valid),
    Builtin::new("net.cidr_merge", &[Types::ARRAY.or(Types::SET)], Types::SET, merge),
    Builtin::new("net.cidr_overlap", TWO, Types::BOOLEAN, contains),
];

/// An address: of IPv4 its 32 bits. An IPv6 address that stands for one of IPv4 is that.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Address {
    v6: bool,
    bits: u128,
}

/// The addresses from the first to the last. A block has one of a power of two; a merged range may have others.
#[derive(Clone, Copy, Eq, PartialEq)]
struct Range {
    first: Address,
    last: u128,
}

impl Address {
    fn parse(text: &str) -> Option<Address> {
        Some(match text.parse().ok()? {
            IpAddr::V4(address) => Address { v6: false, bits: address.to_bits().into() },
            IpAddr::V6(address) => Address::from_v6(address.to_bits()),
        })
    }

    fn from_v6(bits: u128) -> Address {
        match Ipv6Addr::from_bits(bits).to_ipv4_mapped() {
            Some(address) => Address { v6: false, bits: address.to_bits().into() },
            None => Address { v6: true, bits },
        }
    }

    fn width(self) -> u32 {
        if self.v6 { 128 } else { 32 }
    }

    fn text(self) -> String {
        match u32::try_from(self.bits) {
            Ok(bits) if !self.v6 => Ipv4Addr::from_bits(bits).to_string(),
            _ => Ipv6Addr::from_bits(self.bits).to_string(),
        }
    }
}

impl Range {
    /// `192.168.1.1/24`: the block that the address is in.
    fn parse(text: &str) -> Result<Range, Fault> {
        Range::block(text).ok_or_else(|| error("invalid CIDR address"))
    }

    fn block(text: &str) -> Option<Range> {
        let (address, length) = text.split_once('/')?;
        let written_as_v6 = address.contains(':');
        let address = Address::parse(address)?;
        let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
        let length: u32 = if digits { length.parse().ok()? } else { return None };
        if length > if written_as_v6 { 128 } else { 32 } {
            return None;
        }
        Some(match (address.v6, written_as_v6) {
            // `::ffff:192.0.2.0/120`, a block of IPv4; with less than 96 bits it is one of IPv6.
            (false, true) => match length.checked_sub(96) {
                Some(length) => Range::of(address, length),
                None => Range::of(Address { v6: true, bits: address.bits | 0xffff << 32 }, length),
            },
            _ => Range::of(address, length),
        })
    }

    /// The block of the addresses with the same first bits.
    fn of(address: Address, length: u32) -> Range {
        let hosts = ones(address.width().saturating_sub(length));
        Range { first: Address { bits: address.bits & !hosts, ..address }, last: address.bits | hosts }
    }

    fn has(&self, address: Address) -> bool {
        self.first.v6 == address.v6 && (self.first.bits..=self.last).contains(&address.bits)
    }

    fn has_all(&self, other: &Range) -> bool {
        self.has(other.first) && other.last <= self.last
    }

    /// One number less than there are addresses, so that all of IPv6 can be counted.
    fn size(&self) -> u128 {
        self.last - self.first.bits
    }

    /// The fewest blocks that have the same addresses.
    fn blocks(self, into: &mut Vec<Value>) {
        let Range { mut first, last } = self;
        loop {
            // As large as the first address allows and the last.
            let aligned = first.bits.trailing_zeros().min(first.width());
            let left = last - first.bits;
            let fits = left.checked_add(1).map_or(first.width(), |count| count.ilog2());
            let bits = aligned.min(fits);
            into.push(Value::from(format!("{}/{}", first.text(), first.width() - bits)));
            match first.bits.checked_add(ones(bits)) {
                Some(end) if end < last => first.bits = end + 1,
                _ => return,
            }
        }
    }
}

fn ones(bits: u32) -> u128 {
    1u128.checked_shl(bits).map_or(u128::MAX, |power| power - 1)
}

/// Whether the first, a block, has the second: an address or a block.
fn has(block: &str, inner: &str) -> Result<bool, Fault> {
    let block = Range::parse(block)?;
    if let Some(address) = Address::parse(inner) {
        return Ok(block.has(address));
    }
    let inner = Range::block(inner);
    let inner = inner.ok_or_else(|| error("not a valid textual representation of an IP address or CIDR"))?;
    Ok(block.has_all(&inner))
}

fn contains(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let (block, inner) = (string(operands, 1)?, string(operands, 2)?);
    context.scan(block.len() + inner.len())?;
    Ok(Value::from(has(block, inner)?))
}

fn intersects(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let (left, right) = (string(operands, 1)?, string(operands, 2)?);
    context.scan(left.len() + right.len())?;
    let (left, right) = (Range::parse(left)?, Range::parse(right)?);
    Ok(Value::from(left.has(right.first) || right.has(left.first)))
}

fn is_valid(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let Some(text) = any(operands, 1).as_str() else { return Ok(Value::from(false)) };
    context.scan(text.len())?;
    Ok(Value::from(Range::block(text).is_some()))
}

fn expand(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    context.scan(text.len())?;
    let range = Range::parse(text)?;
    let limits = context.budget.limits();
    let count = range.size().saturating_add(1);
    if count > limits.builtin_items as u128 {
        return Err(Fault::Limit("builtin-items"));
    }
    context.budget.steps(u64::try_from(count).unwrap_or(u64::MAX))?;
    context.budget.bytes(u64::try_from(count * 64).unwrap_or(u64::MAX))?;
    let texts = (0..count).map(|offset| Address { bits: range.first.bits + offset, ..range.first }.text());
    Ok(Value::set(texts.map(Value::from).collect()))
}

fn contains_matches(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let blocks = keyed(operands, 1)?;
    let inners = keyed(operands, 2)?;
    let mut found = Vec::new();
    for (block, block_key) in &blocks {
        for (inner, inner_key) in &inners {
            context.scan(block.len() + inner.len())?;
            if has(block, inner)? {
                context.budget.bytes(96)?;
                found.push(Value::array(vec![block_key.clone(), inner_key.clone()]));
            }
        }
    }
    Ok(Value::set(found))
}

/// The texts of a collection, each with what finds it: its number, its key, or itself.
fn keyed(operands: &[Value], position: usize) -> Result<Vec<(&str, Value)>, Fault> {
    let text = |value| {
        keyed_text(value).ok_or_else(|| error(format!("operand {position}: element must be string or non-empty array")))
    };
    match any(operands, position) {
        value @ Value::String(itself) => Ok(vec![(itself, value.clone())]),
        Value::Array(array) => {
            (0i64..).zip(array.items()).map(|(number, item)| Ok((text(item)?, Value::from(number)))).collect()
        }
        Value::Set(set) => set.elements().iter().map(|element| Ok((text(element)?, element.clone()))).collect(),
        Value::Object(object) => object.members().iter().map(|(key, value)| Ok((text(value)?, key.clone()))).collect(),
        value => Err(mistyped(position, value, &["string", "array", "set", "object"])),
    }
}

fn keyed_text(value: &Value) -> Option<&str> {
    match value {
        Value::Array(array) => array.items().first()?.as_str(),
        value => value.as_str(),
    }
}

fn merge(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let texts = values(operands, 1, &["array", "set"])?;
    context.budget.steps(texts.len() as u64 * 4)?;
    let mut ranges = Vec::with_capacity(texts.len());
    for text in texts {
        let text = text.as_str().ok_or_else(|| error("element must be string"))?;
        context.scan(text.len())?;
        ranges.push(element(text)?);
    }
    ranges.sort_by_key(|range| (range.first, range.last));
    let mut merged: Vec<Range> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if last.first.v6 == range.first.v6 && range.first.bits <= last.last.saturating_add(1) => {
                last.last = last.last.max(range.last);
            }
            _ => merged.push(range),
        }
    }
    let mut blocks = Vec::new();
    for range in merged {
        range.blocks(&mut blocks);
    }
    context.budget.bytes(blocks.len() as u64 * 64)?;
    Ok(Value::set(blocks))
}

/// A block, or an address of IPv4 with the length that its class had.
fn element(text: &str) -> Result<Range, Fault> {
    let Some(address) = Address::parse(text) else { return Range::parse(text) };
    if address.v6 {
        return Err(error("IPv6 invalid: needs prefix length"));
    }
    let length = match address.bits >> 24 {
        0..0x80 => 8,
        0x80..0xc0 => 16,
        _ => 24,
    };
    Ok(Range::of(address, length))
}
