//! Sets. Their elements are in order, so two are gone through side by side.

use std::cmp::Ordering;

use super::operands::{any, mistyped, set};
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

const SET: Types = Types::SET;

/// The functions.
pub const SETS: &[Builtin] = &[
    Builtin::new("and", &[SET, SET], SET, |context, arguments| merge(context, arguments, Keep::BOTH)),
    Builtin::new("or", &[SET, SET], SET, |context, arguments| merge(context, arguments, Keep::ANY)),
    Builtin::new("set_diff", &[SET, SET], SET, difference),
    Builtin::new("intersection", &[SET], SET, intersection),
    Builtin::new("union", &[SET], SET, union),
];

/// Which elements of two sets are kept.
#[derive(Clone, Copy)]
struct Keep {
    left: bool,
    both: bool,
    right: bool,
}

impl Keep {
    const BOTH: Keep = Keep { left: false, both: true, right: false };
    const ANY: Keep = Keep { left: true, both: true, right: true };
    const LEFT: Keep = Keep { left: true, both: false, right: false };
}

pub(super) fn difference(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    merge(context, arguments, Keep::LEFT)
}

fn merge(context: &mut Context<'_>, arguments: &[Value], keep: Keep) -> Result<Value, Fault> {
    let (left, right) = (set(arguments, 1)?.elements(), set(arguments, 2)?.elements());
    context.work(any(arguments, 1).weight().saturating_add(any(arguments, 2).weight()))?;
    let merged = merged(left, right, keep);
    context.items(merged.len())?;
    Ok(Value::set(merged))
}

fn merged(mut left: &[Value], mut right: &[Value], keep: Keep) -> Vec<Value> {
    let mut merged = Vec::new();
    while let (Some((first, left_rest)), Some((second, right_rest))) = (left.split_first(), right.split_first()) {
        let order = first.cmp(second);
        let (element, kept) = match order {
            Ordering::Less => (first, keep.left),
            Ordering::Equal => (first, keep.both),
            Ordering::Greater => (second, keep.right),
        };
        if kept {
            merged.push(element.clone());
        }
        if order.is_le() {
            left = left_rest;
        }
        if order.is_ge() {
            right = right_rest;
        }
    }
    if keep.left {
        merged.extend_from_slice(left);
    }
    if keep.right {
        merged.extend_from_slice(right);
    }
    merged
}

/// The elements of each set in a set.
fn inner(arguments: &[Value]) -> Result<impl Iterator<Item = &[Value]>, Fault> {
    let sets = set(arguments, 1)?.elements();
    if let Some(other) = sets.iter().find(|value| !matches!(value, Value::Set(_))) {
        return Err(mistyped(1, other, &["set"]));
    }
    Ok(sets.iter().filter_map(super::operands::items))
}

fn intersection(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let mut sets = inner(arguments)?;
    context.work(any(arguments, 1).weight().saturating_mul(2))?;
    let first = sets.next().unwrap_or_default();
    context.items(first.len())?;
    let mut common = first.to_vec();
    for set in sets {
        // What is common never grows, so all of it is paid for by each set.
        context.work(common.iter().map(Value::weight).fold(0, u64::saturating_add))?;
        common = merged(&common, set, Keep::BOTH);
    }
    Ok(Value::set(common))
}

fn union(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let sets = inner(arguments)?;
    let count = inner(arguments)?.map(<[Value]>::len).sum();
    context.sorting(any(arguments, 1).weight(), count)?;
    Ok(Value::set(sets.flatten().cloned().collect()))
}
