//! `semver.compare` and `semver.is_valid`: versions as SemVer 2.0.0 has them.

use std::cmp::Ordering;

use super::operands::{any, error, string};
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

/// The functions of this file.
pub const SEMVER: &[Builtin] = &[
    Builtin::new("semver.compare", &[Types::STRING, Types::STRING], Types::NUMBER, compare),
    Builtin::new("semver.is_valid", &[Types::ANY], Types::BOOLEAN, is_valid),
];

struct Version<'a> {
    core: [&'a str; 3],
    /// The identifiers before the release; without them it is the release itself.
    pre: &'a str,
}

fn compare(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let (left, right) = (string(operands, 1)?, string(operands, 2)?);
    context.scan(left.len() + right.len())?;
    let version = |text, operand: u8| {
        Version::parse(text).ok_or_else(|| error(format!("operand {operand}: string is not a valid SemVer")))
    };
    let order = version(left, 1)?.order(&version(right, 2)?);
    Ok(Value::from(order as i64))
}

fn is_valid(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let Some(text) = any(operands, 1).as_str() else { return Ok(Value::from(false)) };
    context.scan(text.len())?;
    Ok(Value::from(Version::parse(text).is_some()))
}

impl<'a> Version<'a> {
    fn parse(text: &'a str) -> Option<Version<'a>> {
        let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
        let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
        let mut numbers = core.split('.');
        let core = [numbers.next()?, numbers.next()?, numbers.next()?];
        let word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let valid = numbers.next().is_none()
            && core.iter().all(|number| is_number(number))
            && pre.is_none_or(|pre| pre.split('.').all(|part| word(part) && (is_number(part) || !digits(part))))
            && build.is_none_or(|build| build.split('.').all(word));
        valid.then_some(Version { core, pre: pre.unwrap_or_default() })
    }

    fn order(&self, other: &Version<'_>) -> Ordering {
        let core = self.core.iter().zip(other.core).map(|(left, right)| number_order(left, right));
        let core = core.fold(Ordering::Equal, Ordering::then);
        core.then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (false, false) => self.pre_order(other),
            (left, right) => left.cmp(&right),
        })
    }

    fn pre_order(&self, other: &Version<'_>) -> Ordering {
        let (mut left, mut right) = (self.pre.split('.'), other.pre.split('.'));
        loop {
            let order = match (left.next(), right.next()) {
                (Some(left), Some(right)) => match (digits(left), digits(right)) {
                    (true, true) => number_order(left, right),
                    (true, false) => Ordering::Less,
                    (false, true) => Ordering::Greater,
                    (false, false) => left.cmp(right),
                },
                (None, None) => return Ordering::Equal,
                (left, right) => return left.is_some().cmp(&right.is_some()),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits without a zero before them.
fn is_number(text: &str) -> bool {
    digits(text) && (text == "0" || !text.starts_with('0'))
}

/// Numbers of any size, without zeros before them: the longer is the larger.
fn number_order(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}
