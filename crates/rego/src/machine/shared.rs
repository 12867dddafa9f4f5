//! Documents that no input changes are evaluated once and kept from one input to the next. An evaluation pays for them
//! as if it had made them itself, so that its steps do not depend on what was asked before.

use std::collections::{BTreeMap, BTreeSet};

use super::env::Kept;
use super::{Failure, Machine};
use crate::budget::Budget;
use crate::builtins;

/// The documents that are kept.
#[derive(Debug, Default)]
pub(super) struct Shared {
    documents: BTreeMap<u32, Document>,
    /// Those that were paid for since the input changed.
    paid: BTreeSet<u32>,
    /// Those that are being made, each within the one before.
    making: Vec<Making>,
    bytes: u64,
}

#[derive(Clone, Debug)]
struct Document {
    kept: Kept,
    /// What it took, without the documents that it needs.
    cost: Cost,
    needs: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    steps: u64,
    bytes: u64,
}

#[derive(Debug)]
struct Making {
    /// What was used before it began.
    before: Cost,
    /// What the documents took that it needs.
    others: Cost,
    needs: Vec<u32>,
    /// What builtins had kept before: it has its own, which it pays for.
    kept: builtins::Kept,
}

impl Shared {
    #[cfg_attr(small, optimize(speed))]
    pub fn get(&self, document: u32) -> Option<&Kept> {
        self.documents.get(&document).map(|document| &document.kept)
    }

    /// Forgets all.
    #[cfg_attr(small, optimize(speed))]
    pub fn clear(&mut self) {
        *self = Shared::default();
    }

    /// The input changes. More than one evaluation may take is not kept.
    #[cfg_attr(small, optimize(speed))]
    pub fn renew(&mut self, most: u64) {
        if self.bytes > most {
            self.clear();
        }
        self.paid.clear();
        self.making.clear();
    }

    /// What was being made is given up.
    #[cfg_attr(small, optimize(speed))]
    pub fn stop(&mut self) {
        self.making.clear();
    }

    #[cfg_attr(small, optimize(speed))]
    pub fn begin(&mut self, budget: &Budget, kept: &mut builtins::Kept) {
        let kept = std::mem::take(kept);
        self.making.push(Making { before: used(budget), others: Cost::default(), needs: Vec::new(), kept });
    }

    /// A document is made.
    #[cfg_attr(small, optimize(speed))]
    pub fn end(&mut self, document: u32, kept: Kept, budget: &Budget, kept_before: &mut builtins::Kept) {
        let Some(making) = self.making.pop() else { return };
        *kept_before = making.kept;
        let all = used(budget).without(making.before);
        let cost = all.without(making.others);
        self.bytes = self.bytes.saturating_add(cost.bytes);
        self.documents.insert(document, Document { kept, cost, needs: making.needs });
        self.paid.insert(document);
        self.need(document, all);
    }

    /// The document that is being made needs this one, which took so much just now.
    #[cfg_attr(small, optimize(speed))]
    fn need(&mut self, document: u32, cost: Cost) {
        if let Some(making) = self.making.last_mut() {
            making.others = making.others.with(cost);
            if !making.needs.contains(&document) {
                making.needs.push(document);
            }
        }
    }
}

impl Machine {
    /// Pays for a kept document and those that it needs, if they are not paid for.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn pay_shared(&mut self, document: u32) -> Result<(), Box<Failure>> {
        let before = used(&self.budget);
        let mut open = vec![document];
        while let Some(document) = open.pop() {
            if !self.shared.paid.insert(document) {
                continue;
            }
            let Some(kept) = self.shared.documents.get(&document) else { continue };
            let cost = kept.cost;
            open.extend_from_slice(&kept.needs);
            self.charge(cost.steps)?;
            self.budget.bytes(cost.bytes).map_err(|reached| self.reached(reached))?;
        }
        self.shared.need(document, used(&self.budget).without(before));
        Ok(())
    }
}

#[cfg_attr(small, optimize(speed))]
fn used(budget: &Budget) -> Cost {
    Cost { steps: budget.used(), bytes: budget.limits().bytes.saturating_sub(budget.bytes_left()) }
}

impl Cost {
    #[cfg_attr(small, optimize(speed))]
    fn without(self, other: Cost) -> Cost {
        Cost { steps: self.steps.saturating_sub(other.steps), bytes: self.bytes.saturating_sub(other.bytes) }
    }

    #[cfg_attr(small, optimize(speed))]
    fn with(self, other: Cost) -> Cost {
        Cost { steps: self.steps.saturating_add(other.steps), bytes: self.bytes.saturating_add(other.bytes) }
    }
}
