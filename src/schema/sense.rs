//! What schemas refer to for one value. A schema that leads back to itself for the same value says nothing, and one that
//! multiplies without limit costs the receiver more than any document.

use super::program::{Id, Op, Program};

/// The maximum number of schemas that may judge one value at one place: alternatives and references multiply.
const MAX_IN_PLACE: u64 = 10_000;

/// The maximum number of references and alternatives that lead from one to the next at one place.
const MAX_CHAIN: usize = 500;

/// What is known of a node.
#[derive(Clone, Copy)]
enum Size {
    Unknown,
    /// Being computed.
    Open,
    Known(u64),
}

/// Why a program cannot be used.
pub(super) fn fault(program: &Program) -> Option<String> {
    let mut sizes = vec![Size::Unknown; program.nodes.len()];
    (0..program.nodes.len() as Id).find_map(|id| size(program, id, 1, &mut sizes).err())
}

/// How many schemas judge the same value as this one.
fn size(program: &Program, id: Id, chain: usize, sizes: &mut [Size]) -> Result<u64, String> {
    match sizes.get_mut(id as usize) {
        Some(Size::Known(size)) => return Ok(*size),
        Some(Size::Open) => return Err("a schema refers to itself for the same value, so that it says nothing".into()),
        Some(unknown) => *unknown = Size::Open,
        None => return Ok(1),
    }
    if chain > MAX_CHAIN {
        return Err(format!("more than {MAX_CHAIN} schemas refer on to one another for one value"));
    }
    let mut all = 1;
    for op in program.ops(program.node(id)) {
        for next in in_place(program, op) {
            all += size(program, next, chain + 1, sizes)?;
        }
    }
    if all > MAX_IN_PLACE {
        return Err(format!("its alternatives and references come to more than {MAX_IN_PLACE} schemas for one value"));
    }
    if let Some(known) = sizes.get_mut(id as usize) {
        *known = Size::Known(all);
    }
    Ok(all)
}

/// The nodes that judge the same value.
fn in_place(program: &Program, op: &Op) -> Vec<Id> {
    match op {
        Op::All(span) | Op::Any(span) | Op::One(span) => program.list(*span).to_vec(),
        Op::Not(node) | Op::Ref(node) | Op::Dynamic(_, node) | Op::Recursive(node) => vec![*node],
        Op::If { condition, then, other } => vec![*condition, *then, *other],
        Op::Object(rule) => rule.dependents.iter().filter_map(|dependent| dependent.node).collect(),
        _ => Vec::new(),
    }
}
