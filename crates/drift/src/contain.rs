//! The order in which a question is answered.

use serde_json::Value;

use crate::checks::Checks;
use crate::document::Document;
use crate::draft::Draft;
use crate::merge::merged;
use crate::node::{Arena, Id};
use crate::parse::parsed;
use crate::search::{Outcome, Search, no, spellings, yes};
use crate::{Answer, Check, Options, Reason, Schema, Validator, Verdict};

/// How deep a left side is looked into for its list of values.
const DEEP: usize = 4;

/// Whether every value that `old` takes is taken by `new`.
#[must_use]
pub fn contains(old: Schema, new: Schema, options: &Options, validator: Option<&dyn Validator>) -> Answer {
    let [old, new] = [old, new].map(|schema| Schema {
        document: schema.document,
        draft: Draft::of(schema.document, schema.draft).unwrap_or(schema.draft),
    });
    if old.draft == new.draft && old.document == new.document {
        return Answer { verdict: Verdict::Compatible, touched: 0 };
    }
    let checks = Checks::new(validator);
    let mut arena = Arena::default();
    let [old_document, new_document] = [old, new].map(|schema| Document::new(schema.document, schema.draft));
    let (left, left_places) = parsed(&old_document, "old", &mut arena, &checks, options.formats);
    let (right, right_places) = parsed(&new_document, "new", &mut arena, &checks, options.formats);
    let (mut arena, [left, right], map) = merged(arena, [left, right]);
    if left == right {
        return Answer { verdict: Verdict::Compatible, touched: map.len() as u64 };
    }
    let fuel = options.fuel.saturating_sub(map.len() as u64);
    let compiled = |schema: Schema| validator.and_then(|it| it.compile(schema.document, schema.draft, options.formats));
    let sides = Sides { ids: [left, right], checks: [compiled(old), compiled(new)], validator: validator.is_some() };
    let mut question = Question { search: Search::new(&mut arena, &checks, fuel), sides };
    let verdict = question.answer();
    let touched = options.fuel.saturating_sub(question.search.fuel);
    let verdict = verdict.unwrap_or_else(|(reason, id)| {
        let place = |places: &[(String, Id)]| {
            let here = places.iter().filter(|(_, old)| map.get(*old as usize).copied() == id && id.is_some());
            here.map(|(pointer, _)| pointer).min_by_key(|pointer| (pointer.len(), *pointer)).cloned()
        };
        let pointer = place(&right_places).or_else(|| place(&left_places)).unwrap_or_default();
        Verdict::Undecided { reason, pointer }
    });
    Answer { verdict, touched }
}

struct Sides {
    ids: [Id; 2],
    checks: [Option<Check>; 2],
    validator: bool,
}

struct Question<'a> {
    search: Search<'a>,
    sides: Sides,
}

/// What a value is to the two schemas.
enum Tried {
    Witness,
    /// The old schema refuses it, or the new one takes it.
    None,
    Unclear,
}

impl Question<'_> {
    fn answer(&mut self) -> Result<Verdict, (Reason, Option<Id>)> {
        let [left, right] = self.sides.ids;
        if let Some(values) = self.search.listed(left, DEEP)
            && let Some(verdict) = self.listed(&values)
        {
            return Ok(verdict);
        }
        // A share of the fuel for the way that finds most breaks of unions, the rest for the proof.
        let rest = self.search.fuel - self.search.fuel / 4;
        self.search.fuel /= 4;
        let early = self.search.by_member(left, right);
        self.search.fuel += rest;
        for witness in early {
            if let Tried::Witness = self.tried(&witness) {
                return Ok(Verdict::Breaking { witness });
            }
        }
        self.search.gave_up = None;
        match self.search.solve(vec![yes(left), no(right)]) {
            Outcome::Empty => Ok(Verdict::Compatible),
            Outcome::Found(witness) | Outcome::Unknown(Some(witness))
                if matches!(self.tried(&witness), Tried::Witness) =>
            {
                Ok(Verdict::Breaking { witness })
            }
            Outcome::Found(_) => Err(self.search.gave_up.unwrap_or((Reason::Unconfirmed, Some(right)))),
            Outcome::Unknown(_) => Err(self.search.gave_up.unwrap_or((Reason::Depth, None))),
        }
    }

    /// The old schema lists its values: each is judged. `None`: not all can be.
    fn listed(&mut self, values: &[Value]) -> Option<Verdict> {
        let mut unclear = false;
        for witness in values.iter().flat_map(spellings) {
            match self.tried(&witness) {
                Tried::Witness => return Some(Verdict::Breaking { witness }),
                Tried::None => {}
                Tried::Unclear => unclear = true,
            }
        }
        (!unclear).then_some(Verdict::Compatible)
    }

    /// Ours and the caller's validator must not disagree, and what ours cannot tell the caller's has to.
    fn tried(&mut self, value: &Value) -> Tried {
        let mut results = [None; 2];
        for ((result, id), check) in results.iter_mut().zip(self.sides.ids).zip(&self.sides.checks) {
            let ours = self.search.meets(id, value);
            let theirs = check.as_ref().map(|check| check(value));
            *result = match (ours, theirs) {
                (Some(ours), Some(theirs)) if ours != theirs => None,
                (_, Some(theirs)) => Some(theirs),
                (ours, None) if !self.sides.validator => ours,
                (_, None) => None,
            };
        }
        match results {
            [Some(true), Some(false)] => Tried::Witness,
            [Some(false), _] | [_, Some(true)] => Tried::None,
            _ => Tried::Unclear,
        }
    }
}
