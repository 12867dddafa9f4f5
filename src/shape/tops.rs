//! Which members of an event a contract's sources are in, so that none looks for what is not there.

use smallvec::SmallVec;

use crate::case::{Case, Found};
use crate::json::Json;
use crate::names::Names;
use crate::place::Place;

/// The named member that a source is in, if it is in one, and its bit in [`Tops::bits`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Top {
    pub number: Option<usize>,
    bit: u64,
}

/// The bit of all members that have none of their own, and of what is in no member: always set.
const ANY: u64 = 1 << 63;

impl Top {
    pub fn of(number: Option<usize>) -> Top {
        Top { number, bit: number.filter(|number| *number < 63).map_or(ANY, |number| 1 << number) }
    }
}

/// The named members that an event has.
pub(super) struct Tops<'a> {
    payload: Option<Json<'a>>,
    /// The number of the value in the document, by that of the name. 0 if it is not there: that is the event itself.
    values: SmallVec<[usize; 64]>,
    /// Bits of the members that may be there: of a list, every index.
    bits: u64,
    pub has_unnamed: bool,
}

impl<'a> Tops<'a> {
    /// One pass over the event, so that no source looks for what is not there.
    #[cfg_attr(small, optimize(speed))]
    pub fn of(payload: Option<Json<'a>>, named: &Names) -> Tops<'a> {
        let bits = if payload.is_some_and(Json::is_array) { u64::MAX } else { ANY };
        let mut tops = Tops { payload, values: SmallVec::from_elem(0, named.len()), bits, has_unnamed: false };
        let Some(payload) = payload else { return tops };
        for (name, value) in payload.members() {
            match name.number_in(named) {
                Some(number) => {
                    if let Some(place) = tops.values.get_mut(number) {
                        *place = value.index();
                    }
                    tops.bits |= Top::of(Some(number)).bit;
                }
                None => tops.has_unnamed = true,
            }
        }
        tops
    }

    fn get(&self, number: usize) -> Option<Json<'a>> {
        let at = self.values.get(number).copied().filter(|at| *at > 0)?;
        Some(self.payload?.at_index(at))
    }

    /// Whether a source can have a value at all.
    #[inline]
    pub fn may_have(&self, top: Top) -> bool {
        self.bits & top.bit != 0
    }

    /// The value of a place that is in a named member.
    pub fn value(&self, place: &Place, top: Option<usize>, case: &Case<'a>) -> Option<Found<'a>> {
        match (place, top.and_then(|top| self.get(top))) {
            (Place::Pointer(pointer), Some(value)) => {
                let inside = pointer.tokens().get(1..).unwrap_or_default();
                value.follow_tokens(inside).filter(|value| value.holds()).map(Found::Json)
            }
            _ => place.value(case),
        }
    }
}
