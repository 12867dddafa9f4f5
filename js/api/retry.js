// Retry delays and content negotiation: pure functions of the core. Values that JSON cannot represent are refused here;
// the core refuses the rest.

import { jsonOf, wellFormed } from '../core/configuration.js';
import { headerPairs, kind, onlyOptions, secondsOf } from '../core/request.js';

export const DELAY_OPTIONS = ['now', 'context', 'quotas', 'retryAfterZero', 'maxSeconds', 'defaultSeconds'];
const LIMITER_OPTIONS = ['now', 'limit', 'windowSeconds'];
const BACKOFF_OPTIONS = ['seed', 'baseMilliseconds', 'maxMilliseconds'];

export function retryFunctions(engine) {
  const call = (name, input) => {
    const text = jsonOf('the options', input, wellFormed);
    for (const [member, value] of Object.entries({ ...input.options, state: input.state })) checkPlain(member, value);
    return JSON.parse(engine.run(`calling ${name}`, (core) => core.call(name, text)));
  };

  function retryDelay(headers, options = {}) {
    const { now, ...told } = onlyOptions(options, DELAY_OPTIONS);
    return call('retryDelay', { headers: headerPairs(headers, 'headers'), options: { ...told, now: secondsOf(now) } });
  }

  function backoff(attempt, options = {}) {
    if (!Number.isSafeInteger(attempt) || attempt < 0) {
      throw new TypeError(`attempt must be a whole number from 0, got ${numberOr(attempt)}`);
    }
    const { seed, ...told } = onlyOptions(options, BACKOFF_OPTIONS);
    return call('backoff', { attempt, options: { ...told, seed: seedOf(seed) } });
  }

  function breaker(state, answer, options = {}) {
    const { now } = onlyOptions(options, ['now']);
    if (state !== undefined && state !== null && typeof state !== 'object') {
      throw new TypeError(`state must be a state that breaker() returned, or undefined, got ${kind(state)}`);
    }
    if (state?.reason !== undefined && typeof state.reason !== 'string') {
      throw new TypeError(
        `state.reason must be a string that breaker() returned, or absent, got ${kind(state.reason)}`,
      );
    }
    const came =
      answer === undefined
        ? undefined
        : answerOf('answer', answer, '; to ask, pass undefined; if no response came, pass { status: 0 }');
    return call('breaker', { state, answer: came, options: { now: secondsOf(now) } });
  }

  function limiter(state, options = {}) {
    const { now, ...told } = onlyOptions(options, LIMITER_OPTIONS);
    if (state !== undefined && state !== null && typeof state !== 'object') {
      throw new TypeError(`state must be a state that limiter() returned, or undefined, got ${kind(state)}`);
    }
    return call('limiter', { state, options: { ...told, now: secondsOf(now) } });
  }

  function negotiation(response) {
    return call('negotiation', { response: answerOf('response', response, '') });
  }

  return { retryDelay, backoff, breaker, limiter, negotiation };
}

export function answerOf(name, answer, help) {
  if (answer === null || typeof answer !== 'object') {
    throw new TypeError(`${name} must be an object: { status, headers }, got ${kind(answer)}${help}`);
  }
  const { status, headers = [] } = answer;
  if (!Number.isInteger(status) || (status !== 0 && (status < 100 || status > 599))) {
    throw new TypeError(
      `${name}.status must be a whole number from 100 to 599, or 0 if no response came, got ${numberOr(status)}`,
    );
  }
  return { status, headers: headerPairs(headers, `${name}.headers`) };
}

function seedOf(seed) {
  if (typeof seed === 'string') return seed;
  if (Number.isSafeInteger(seed)) return String(seed);
  throw new TypeError(
    "seed must be a string or a whole number that differs between senders, such as the delivery's id, got " +
      `${numberOr(seed)}`,
  );
}

/** Refuses values that JSON would change: it writes a Map without members and NaN as null. */
export function checkPlain(name, value) {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    throw new TypeError(`${name} must be plain JSON, got ${kind(value)}`);
  }
  for (const [member, inner] of Object.entries(value)) {
    const items = Array.isArray(inner) ? inner : [inner];
    for (const item of items) checkPlain(`${name}.${member}`, item);
  }
}

function numberOr(value) {
  return typeof value === 'number' ? String(value) : kind(value);
}
