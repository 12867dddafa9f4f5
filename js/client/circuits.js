// Whether a request may go to its receiver: a breaker for each, and a window of its own where the receiver names no
// reset time. States are kept in memory; a receiver with nothing to remember has none.

import { secondsOf } from '../core/request.js';

export class Circuits {
  #held = new Map();
  #breaker;
  #limiter;
  #now;
  #limit;

  constructor({ breaker, limiter }, { now, limit }) {
    this.#breaker = breaker;
    this.#limiter = limiter;
    this.#now = now;
    this.#limit = limit;
  }

  /** A turn: `{ allow: true }`, to be reported or given back; or why not, and how long to wait. */
  ask(receiver) {
    const held = this.#held.get(receiver) ?? {};
    const now = secondsOf(this.#now());
    const breaker = this.#breaker(held.breaker, undefined, { now });
    if (breaker.allow) {
      const turn = { allow: true, before: held.breaker };
      this.#keep(receiver, { ...held, breaker, ...(breaker.state === 'half-open' && { probe: turn }) });
      return turn;
    }
    this.#keep(receiver, { ...held, breaker });
    const toProbe = (breaker.probeAt - now) * 1000;
    if (breaker.reason !== 'missing-reset-header' || this.#limit === null)
      return { allow: false, reason: breaker.reason, waitMilliseconds: toProbe };
    return this.#windowed(receiver, { ...held, breaker }, now, toProbe);
  }

  /** While the receiver names no reset time, requests go as often as the client's own limit allows. */
  #windowed(receiver, held, now, toProbe) {
    const { requests, windowSeconds } = this.#limit;
    const window = this.#limiter(held.window, { now, limit: requests, windowSeconds });
    this.#keep(receiver, { ...held, window });
    if (window.allow) return { allow: true };
    return { allow: false, reason: 'window-full', waitMilliseconds: Math.min(window.waitMilliseconds, toProbe) };
  }

  /**
   * What came of a turn: a response, or `{ status: 0 }`. While a probe is out, only the probe's answer counts. Returns
   * what opened the circuit, if it was closed.
   */
  report(receiver, turn, answer) {
    const { breaker: before, window, probe } = this.#held.get(receiver) ?? {};
    if (before?.state === 'half-open' && probe !== turn) return undefined;
    const breaker = this.#breaker(before, answer, { now: secondsOf(this.#now()) });
    this.#keep(receiver, breaker.state === 'closed' ? { breaker } : { breaker, window });
    return breaker.state === 'open' && (before?.state ?? 'closed') === 'closed' ? breaker.reason : undefined;
  }

  /** A turn of which nothing came, because the caller gave up: the next one may probe at once. */
  giveBack(receiver, turn) {
    const { window, probe } = this.#held.get(receiver) ?? {};
    if (probe === turn) this.#keep(receiver, { breaker: turn.before, window });
  }

  /** Whether a request that waits so long would find the circuit open. */
  shutFor(receiver, waitMilliseconds) {
    const { breaker } = this.#held.get(receiver) ?? {};
    if (breaker === undefined || breaker.state === 'closed') return false;
    if (breaker.reason === 'missing-reset-header' && this.#limit !== null) return false;
    return (breaker.probeAt - secondsOf(this.#now())) * 1000 > waitMilliseconds;
  }

  #keep(receiver, held) {
    if (held.breaker?.state === 'closed' && held.breaker.failures === 0) this.#held.delete(receiver);
    else this.#held.set(receiver, held);
  }
}
