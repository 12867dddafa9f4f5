// Converts the events of a guard and of a client to values of instruments.

import { kind, onlyOptions } from '../core/request.js';
import { INSTRUMENTS, OPEN } from './instruments.js';

/**
 * The hooks for a guard and for a client. `open(instrument)` is called once per instrument and returns a function,
 * which is called once per set of label values and returns the function that records numbers.
 */
export function hooksOf(options, open) {
  const { buckets, maxSeries } = checked(options);
  const told = { onVerdict: [], onSettled: [], onStoreError: [], onAttempt: [] };
  for (const instrument of INSTRUMENTS) {
    const series = boundedSeries(
      instrument,
      maxSeries,
      open({ ...instrument, buckets: buckets[instrument.bucketsOption] ?? instrument.buckets }),
    );
    for (const labels of instrument.start ?? []) series(labels)(0);
    for (const hook of instrument.on) {
      told[hook].push((event) => {
        const [value, ...labels] = instrument.read(event) ?? [];
        if (Number.isFinite(value)) series(labels)(value);
      });
    }
  }
  const tell = (all) => (event) => all.forEach((one) => one(event));
  const { onAttempt, ...guard } = Object.fromEntries(Object.entries(told).map(([name, all]) => [name, tell(all)]));
  return { hooks: guard, clientHooks: { onAttempt } };
}

/**
 * Keeps the first `maxSeries` label sets apart. In further ones the open labels are `other`, so sums over the closed
 * labels stay correct.
 */
function boundedSeries({ labels }, maxSeries, make) {
  const lists = Object.values(labels);
  const all = new Map();
  let left = lists.includes(OPEN) ? maxSeries : Infinity;
  const at = (values, key) => all.get(key) ?? all.set(key, make(values)).get(key);
  return (given) => {
    const values = given.map((one) => String(one).toWellFormed());
    const key = JSON.stringify(values);
    if (all.has(key)) return all.get(key);
    if (left > 0) {
      left -= 1;
      return at(values, key);
    }
    const rest = values.map((one, index) => (lists[index] === OPEN ? 'other' : one));
    return at(rest, JSON.stringify(rest));
  };
}

function checked(options = {}) {
  const { buckets = {}, maxSeries = 1000 } = onlyOptions(options, ['buckets', 'maxSeries']);
  if (!Number.isInteger(maxSeries) || maxSeries < 1)
    throw new TypeError(
      `maxSeries must be a whole number from 1, got ${typeof maxSeries === 'number' ? maxSeries : kind(maxSeries)}`,
    );
  onlyOptions(buckets, INSTRUMENTS.map(({ bucketsOption }) => bucketsOption).filter(Boolean));
  for (const [name, bounds] of Object.entries(buckets)) {
    if (bounds !== undefined && !rising(bounds))
      throw new TypeError(`buckets.${name} must be a list of ascending numbers, such as [0.01, 0.1, 1]`);
  }
  return { buckets, maxSeries };
}

function rising(bounds) {
  return (
    Array.isArray(bounds) &&
    bounds.length > 0 &&
    bounds.every((bound, index) => Number.isFinite(bound) && (index === 0 || bound > bounds[index - 1]))
  );
}
