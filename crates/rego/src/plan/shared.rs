//! Which documents no input changes.

use super::{Callee, Kind, Op, Program};

/// Marks the documents that neither read the input nor need one that does.
pub(super) fn mark(program: &mut Program) {
    // For each document, those that need it.
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); program.documents.len()];
    let mut changed = Vec::new();
    for (number, document) in program.documents.iter().enumerate() {
        let ops = program.ops.get(document.start as usize..document.end as usize).unwrap_or_default();
        let mut reads = false;
        for op in ops {
            let needs = match op {
                Op::Document { document, .. } => Some(*document),
                Op::Call { call, .. } => program.calls.get(*call as usize).and_then(|call| match call.callee {
                    Callee::Document(document) => Some(document),
                    Callee::Builtin(_) => None,
                }),
                // What is printed is printed for each input; a place may be anywhere.
                Op::Input { .. } | Op::InputPath { .. } | Op::Place { .. } | Op::With { .. } | Op::Print { .. } => {
                    reads = true;
                    None
                }
                _ => None,
            };
            if let Some(needs) = needs.and_then(|needs| needed_by.get_mut(needs as usize)) {
                needs.push(number);
            }
        }
        if reads {
            changed.push(number);
        }
    }
    for document in &mut program.documents {
        document.shared = document.kind != Kind::Query;
    }
    while let Some(number) = changed.pop() {
        let Some(document) = program.documents.get_mut(number).filter(|document| document.shared) else { continue };
        document.shared = false;
        changed.append(&mut std::mem::take(needed_by.get_mut(number).unwrap_or(&mut Vec::new())));
    }
    // A function is called: only its callers are kept.
    for document in &mut program.documents {
        document.shared &= !matches!(document.kind, Kind::Function(_));
    }
}
