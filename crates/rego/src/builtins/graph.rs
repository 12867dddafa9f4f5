//! Graphs: an object of nodes, each with an array or a set of those after it.

use std::collections::BTreeSet;

use super::operands::{any, items, mistyped, object};
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

const GRAPH: &[Types] = &[Types::OBJECT, Types::ARRAY.or(Types::SET)];

/// The functions. `walk` is the machine's: it has many results.
pub const GRAPHS: &[Builtin] = &[
    Builtin::new("graph.reachable", GRAPH, Types::SET, reachable),
    Builtin::new("graph.reachable_paths", GRAPH, Types::SET, paths),
    Builtin::new("walk", &[Types::ANY], Types::ARRAY, |_, _| Err(Fault::from("walk has more than one result"))),
];

fn start(arguments: &[Value]) -> Result<&[Value], Fault> {
    object(arguments, 1)?;
    items(any(arguments, 2)).ok_or_else(|| mistyped(2, any(arguments, 2), &["{array, set}"]))
}

/// The nodes after a node; nothing if the graph does not have it.
fn after<'a>(context: &mut Context<'_>, graph: &'a Value, node: &Value) -> Result<Option<&'a [Value]>, Fault> {
    context.lookup(node, graph)?;
    Ok(graph.get(node).map(|edges| items(edges).unwrap_or_default()))
}

fn reachable(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let graph = any(arguments, 1);
    let mut open: Vec<&Value> = start(arguments)?.iter().collect();
    context.items(open.len())?;
    let mut reached = BTreeSet::new();
    while let Some(node) = open.pop() {
        let Some(edges) = after(context, graph, node)? else { continue };
        context.work(node.weight().saturating_mul(1 + u64::from(reached.len().max(1).ilog2())))?;
        if reached.insert(node) {
            context.items(1 + edges.len())?;
            open.extend(edges);
        }
    }
    context.items(reached.len())?;
    Ok(Value::set(reached.into_iter().cloned().collect()))
}

/// The paths from a start to where they end, leave the graph or come to a node that was passed. As in OPA, the nodes that
/// were passed are remembered from one path to the next behind the same edge of a start.
fn paths(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let graph = any(arguments, 1);
    let mut found = Vec::new();
    let mut weight = 0_u64;
    let mut add = |context: &mut Context<'_>, path: &[&Value]| -> Result<(), Fault> {
        context.items(path.len())?;
        let path = Value::array(path.iter().map(|node| (*node).clone()).collect());
        weight = weight.saturating_add(path.weight());
        found.push(path);
        Ok(())
    };
    for root in start(arguments)? {
        let Some(edges) = after(context, graph, root)? else { continue };
        if edges.is_empty() {
            add(context, &[root])?;
        }
        for first in edges {
            let mut passed = BTreeSet::from([root]);
            let mut path = vec![root];
            // The edges that are still to be followed, of each node of the path; those of the root are gone through here.
            let mut open = vec![std::slice::from_ref(first).iter()];
            while let (Some(edges), Some(node)) = (open.last_mut(), path.last().copied()) {
                let Some(next) = edges.next() else {
                    open.pop();
                    path.pop();
                    continue;
                };
                context.work(next.weight().saturating_mul(1 + u64::from(passed.len().ilog2())))?;
                if path.len() > 1 && passed.contains(next) {
                    add(context, &path)?;
                    continue;
                }
                context.items(1)?;
                passed.insert(node);
                match after(context, graph, next)? {
                    None => add(context, &path)?,
                    Some(edges) => {
                        path.push(next);
                        if edges.is_empty() {
                            add(context, &path)?;
                        }
                        open.push(edges.iter());
                    }
                }
            }
        }
    }
    context.sorting(weight, found.len())?;
    Ok(Value::set(found))
}
