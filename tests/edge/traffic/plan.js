// Who sends what, and in which order: numbers that add up, and an order that a seed fixes.

import { badOnes } from './bad.js';
import { signed } from './events.js';

/**
 * A fifth of `total` is bad; of the rest `bursts` events are sent `copies` times at once, and `again` events a second
 * time, later.
 */
export function numbersOf({ total, bursts, copies, again }) {
  const bad = total / 5;
  const singles = total - bad - bursts * copies - again;
  return { total, bad, bursts, copies, singles, again, good: total - bad, events: bursts + singles };
}

/**
 * Jobs in their order, each with a place from 0 to 1. `manners`: how handlers behave, as [manner, how many events,
 * bursts or singles, place], the place at random where it is left out. An event that is to be at work when the store
 * dies stands right before one half.
 * `good`: as `badOnes` takes it.
 */
export function planOf(numbers, providers, manners, seed, good) {
  const random = randomOf(seed);
  const events = Array.from({ length: numbers.events }, (_, index) => ({
    id: `evt-${index}`,
    provider: providers[index % providers.length],
    copies: index < numbers.bursts ? numbers.copies : 1,
    place: random(),
  }));
  for (const [manner, count, copies, place] of manners) {
    const fitting = events.filter((event) => event.manner === undefined && event.copies > 1 === (copies === 'bursts'));
    for (const event of fitting.slice(0, count)) Object.assign(event, { manner, place: place ?? event.place });
  }
  // First those that were at work when the store died: they are what a lost completion is seen by.
  const singles = events
    .filter(({ copies }) => copies === 1)
    .sort((a, b) => Number(b.manner === 'outlive the store') - Number(a.manner === 'outlive the store'));
  const again = singles
    .slice(0, numbers.again)
    .map((event) => ({ ...event, event, place: event.place + random() * (1 - event.place) }));
  const bad = badOnes(providers, numbers.bad, good).map((request) => ({ ...request, copies: 1, place: random() }));
  const jobs = [...events.map(jobOf), ...again.map(jobOf), ...bad];
  return { events, jobs: jobs.sort((a, b) => a.place - b.place) };
}

function jobOf(event) {
  const { id, provider, manner, copies, place } = event;
  const make = async () => {
    const request = await signed(provider, id);
    return manner === undefined ? request : { ...request, headers: { ...request.headers, 'x-handler': manner } };
  };
  return { id, provider: provider.name, kind: 'good', copies, place, make, after: event.event?.id };
}

/** mulberry32: enough for an order. */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
