// Checks the options of a client and of a call: what cannot be right is an error before anything is sent.

import { kind, onlyOptions } from '../core/request.js';
import { sleep } from './time.js';

const MAX_TIMER = 2 ** 31 - 1; // a longer timer fires at once

/** Whole numbers: the least, the most and the default. */
const NUMBERS = {
  retries: [0, 100, 5],
  totalMilliseconds: [1, MAX_TIMER, 120_000],
  attemptMilliseconds: [1, MAX_TIMER, 30_000],
  baseMilliseconds: [1, MAX_TIMER, 500],
  maxMilliseconds: [1, MAX_TIMER, 60_000],
};
const FUNCTIONS = ['fetch', 'sleep', 'now', 'onAttempt'];
/** Those of `retryDelay`, which checks them. Without one, a contract's `retry` may say it, or `retryDelay` itself. */
const WAITS = ['quotas', 'retryAfterZero', 'maxSeconds'];
const OPTIONS = [...FUNCTIONS, ...Object.keys(NUMBERS), ...WAITS, 'limit'];
const LIMIT = { requests: [1, 10_000, 10], windowSeconds: [1, 86_400, 60] };

export function settingsOf(options) {
  const { quotas = {}, retryAfterZero, maxSeconds, limit = {}, ...rest } = onlyOptions(options, OPTIONS);
  for (const name of FUNCTIONS) {
    if (rest[name] !== undefined && typeof rest[name] !== 'function')
      throw new TypeError(`${name} must be a function, got ${kind(rest[name])}`);
  }
  const { baseMilliseconds, maxMilliseconds, ...times } = numbersOf(rest, NUMBERS);
  return {
    // Looked up at each call, so that what replaces the global one later counts too.
    fetch: rest.fetch ?? ((...args) => globalThis.fetch(...args)),
    sleep: rest.sleep ?? sleep,
    now: rest.now ?? (() => new Date()),
    onAttempt: rest.onAttempt ?? (() => {}),
    ...times,
    waits: {
      quotas,
      ...(retryAfterZero !== undefined && { retryAfterZero }),
      ...(maxSeconds !== undefined && { maxSeconds }),
    },
    backoff: { baseMilliseconds, maxMilliseconds },
    limit: limit === null ? null : numbersOf(onlyOptions(limit, Object.keys(LIMIT)), LIMIT, 'limit.'),
  };
}

function numbersOf(given, ranges, prefix = '') {
  return Object.fromEntries(
    Object.entries(ranges).map(([name, [least, most, usual]]) => {
      const { [name]: value = usual } = given;
      if (Number.isInteger(value) && value >= least && value <= most) return [name, value];
      throw new TypeError(
        `${prefix}${name} must be a whole number from ${least} to ${most}, got ` +
          `${typeof value === 'number' ? value : kind(value)}`,
      );
    }),
  );
}

/** The name of the circuit. */
export function receiverOf(receiver, url) {
  if (receiver === undefined) return new URL(url).origin;
  if (typeof receiver === 'string' && receiver !== '') return receiver;
  throw new TypeError(`receiver must be a string that is not empty, got ${kind(receiver)}`);
}
