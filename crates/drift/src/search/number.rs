//! Is there a number?

use std::cmp::Ordering;

use super::{Outcome, Search, State};
use crate::Reason;
use crate::node::{FRACTION, Node, WHOLE};
use crate::rational::Rational;

/// How many multiples are tried.
const MOST_STEPS: i128 = 5_000;

/// A bound, and whether it is itself outside.
type Bound = Option<(Rational, bool)>;

struct Numbers {
    low: Bound,
    high: Bound,
    multiple: Option<Rational>,
    not_multiples: Vec<Rational>,
    excluded: Vec<Rational>,
}

impl Numbers {
    /// `None`: beyond what is computed with.
    fn narrow(&mut self, node: &Node, holds: bool) -> Option<()> {
        match (node, holds) {
            (Node::Minimum(bound, outside), true) => tighten(&mut self.low, *bound, *outside, Ordering::Greater),
            (Node::Minimum(bound, outside), false) => tighten(&mut self.high, *bound, !outside, Ordering::Less),
            (Node::Maximum(bound, outside), true) => tighten(&mut self.high, *bound, *outside, Ordering::Less),
            (Node::Maximum(bound, outside), false) => tighten(&mut self.low, *bound, !outside, Ordering::Greater),
            (Node::Multiple(of), true) => {
                self.multiple = Some(match self.multiple {
                    Some(other) => other.common_multiple(*of)?,
                    None => *of,
                });
                Some(())
            }
            (Node::Multiple(of), false) => {
                self.not_multiples.push(*of);
                Some(())
            }
            _ => Some(()),
        }
    }

    fn within(&self, number: Rational) -> bool {
        let beyond = |bound: Bound, inner: Ordering| {
            bound.is_none_or(|(bound, outside)| match number.compare(bound) {
                Some(Ordering::Equal) => !outside,
                other => other == Some(inner),
            })
        };
        beyond(self.low, Ordering::Greater) && beyond(self.high, Ordering::Less)
    }

    fn wanted(&self, number: Rational) -> bool {
        let forbidden = |of: &Rational| number.is_multiple_of(*of) == Some(true);
        self.within(number) && !self.excluded.contains(&number) && !self.not_multiples.iter().any(forbidden)
    }
}

/// Keeps the tighter of two bounds: of low ones the greater, of high ones the less.
fn tighten(current: &mut Bound, bound: Rational, outside: bool, tighter: Ordering) -> Option<()> {
    let replace = match current {
        None => true,
        Some((other, other_outside)) => match bound.compare(*other)? {
            Ordering::Equal => outside && !*other_outside,
            order => order == tighter,
        },
    };
    if replace {
        *current = Some((bound, outside));
    }
    Some(())
}

impl Search<'_> {
    pub(super) fn number(&mut self, state: &State) -> Outcome {
        let excluded = self.excluded(state).iter().filter_map(Rational::of).collect();
        let mut numbers = Numbers { low: None, high: None, multiple: None, not_multiples: Vec::new(), excluded };
        match state.types {
            WHOLE => numbers.multiple = Some(Rational::ONE),
            FRACTION => numbers.not_multiples.push(Rational::ONE),
            _ => {}
        }
        let mut fraction = false;
        for literal in &state.atoms {
            let node = self.arena.node(literal.id);
            if numbers.narrow(&node, literal.holds).is_none() {
                return self.give_up(Reason::Numbers);
            }
            fraction |= *node == Node::Written && !literal.holds;
        }
        let outcome = match numbers.multiple {
            Some(multiple) => self.multiples(&numbers, multiple),
            None => self.any_number(&numbers),
        };
        match outcome {
            Outcome::Found(value) if fraction => Outcome::Found(super::spellings(&value).last().unwrap_or(value)),
            other => other,
        }
    }

    fn multiples(&mut self, numbers: &Numbers, multiple: Rational) -> Outcome {
        let forbidden = |of: &Rational| multiple.is_multiple_of(*of) == Some(true);
        if numbers.not_multiples.iter().any(forbidden) {
            return Outcome::Empty;
        }
        let floor = |bound: Rational| bound.over(multiple).map(|q| q.numerator.div_euclid(q.denominator));
        let start = match (numbers.low, numbers.high) {
            (Some((bound, _)), _) | (None, Some((bound, _))) => floor(bound),
            (None, None) => Some(0),
        };
        let Some(start) = start else { return self.give_up(Reason::Numbers) };
        let down = numbers.low.is_none() && numbers.high.is_some();
        for step in 0..MOST_STEPS {
            let Some(number) = multiple.times(if down { start - step } else { start + step }) else { break };
            if numbers.wanted(number)
                && let Some(value) = number.to_value()
            {
                return Outcome::Found(value);
            }
            let past = numbers.high.is_some_and(|(high, _)| number.compare(high) == Some(Ordering::Greater));
            if !down && past {
                return Outcome::Empty;
            }
            if !self.pay(1) {
                return self.give_up(Reason::Fuel);
            }
        }
        self.give_up(Reason::Numbers)
    }

    fn any_number(&mut self, numbers: &Numbers) -> Outcome {
        if let (Some((low, low_outside)), Some((high, high_outside))) = (numbers.low, numbers.high) {
            match low.compare(high) {
                Some(Ordering::Greater) => return Outcome::Empty,
                Some(Ordering::Equal) if low_outside || high_outside || !numbers.wanted(low) => return Outcome::Empty,
                Some(Ordering::Equal) => {
                    return match low.to_value() {
                        Some(value) => Outcome::Found(value),
                        None => self.give_up(Reason::Numbers),
                    };
                }
                Some(Ordering::Less) => {}
                None => return self.give_up(Reason::Numbers),
            }
        }
        let start = numbers.low.or(numbers.high).map_or(Rational::ZERO, |(bound, _)| bound);
        let high = numbers.high.map(|(bound, _)| bound);
        let middle = high.and_then(|high| start.plus(high)?.half());
        let near = [1i128, 2, 4, 8, 10, 16, 64, 100, 1000, 1 << 20].into_iter().flat_map(|part| {
            let steps = (1..40i128).flat_map(|step| [step, -step]);
            steps.filter_map(move |step| start.plus(Rational::new(step, part)))
        });
        for number in [start].into_iter().chain(high).chain(middle).chain(near) {
            if numbers.wanted(number)
                && let Some(value) = number.to_value()
            {
                return Outcome::Found(value);
            }
        }
        self.give_up(Reason::Numbers)
    }
}
