// From a guard's events to the values of the instruments, for whoever keeps them.

import { kind, onlyOptions } from '../request.js';
import { INSTRUMENTS, OPEN } from './instruments.js';

/**
 * The hooks for a guard. `open(instrument)` is called once for each instrument and gives the function that takes its values, with
 * the labels' values in order.
 */
export function hooksOf(options, open) {
  const { buckets, maxSeries } = checked(options);
  const told = { onVerdict: [], onSettled: [], onStoreError: [] };
  for (const instrument of INSTRUMENTS) {
    const take = bounded(instrument, maxSeries, open({ ...instrument, buckets: buckets[instrument.bucketsOption] ?? instrument.buckets }));
    for (const labels of instrument.start ?? []) take(0, labels);
    for (const hook of instrument.on) {
      told[hook].push((event) => {
        const [value, ...labels] = instrument.read(event) ?? [];
        if (Number.isFinite(value)) take(value, labels.map((label) => String(label).toWellFormed()));
      });
    }
  }
  const tell = (all) => (event) => all.forEach((one) => one(event));
  return { onVerdict: tell(told.onVerdict), onSettled: tell(told.onSettled), onStoreError: tell(told.onStoreError) };
}

/** Takes the first `maxSeries` sets of labels as they are. Of further ones the open labels are `other`, so that sums by the closed ones hold. */
function bounded({ labels }, maxSeries, take) {
  const lists = Object.values(labels);
  if (!lists.includes(OPEN)) return take;
  const known = new Set();
  return (value, values) => {
    const key = JSON.stringify(values);
    if (!known.has(key) && known.size >= maxSeries) return take(value, values.map((one, index) => (lists[index] === OPEN ? 'other' : one)));
    known.add(key);
    return take(value, values);
  };
}

function checked(options = {}) {
  const { buckets = {}, maxSeries = 1000 } = onlyOptions(options, ['buckets', 'maxSeries']);
  if (!Number.isInteger(maxSeries) || maxSeries < 1) throw new TypeError(`maxSeries must be a whole number from 1, got ${typeof maxSeries === 'number' ? maxSeries : kind(maxSeries)}`);
  onlyOptions(buckets, INSTRUMENTS.map(({ bucketsOption }) => bucketsOption).filter(Boolean));
  for (const [name, bounds] of Object.entries(buckets)) {
    if (bounds !== undefined && !rising(bounds)) throw new TypeError(`buckets.${name} must be a list of rising numbers, such as [0.01, 0.1, 1]`);
  }
  return { buckets, maxSeries };
}

function rising(bounds) {
  return Array.isArray(bounds) && bounds.length > 0 && bounds.every((bound, index) => Number.isFinite(bound) && (index === 0 || bound > bounds[index - 1]));
}
