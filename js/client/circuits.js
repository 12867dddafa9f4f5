// Whether a request may go to its receiver: a breaker for each, and the client's own window where a receiver that
// limits us names no wait. What is held of a receiver: `breaker` and `window`, the states of the two; `failed`, the
// calls that the breaker has counted; `silent`, whether it named no wait; and `probe`, the turn that is out as the
// probe.

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
  ask({ receiver }) {
    const { breaker: before, ...held } = this.#held.get(receiver) ?? {};
    const now = secondsOf(this.#now());
    const breaker = this.#breaker(before, undefined, { now });
    const turn = { allow: true, before };
    const probe = breaker.allow && breaker.state === 'half-open' ? turn : held.probe;
    this.#keep(receiver, { ...held, breaker, probe });
    const toProbe = breaker.state === 'closed' ? Infinity : (breaker.probeAt - now) * 1000;
    const silent = held.silent && this.#limit !== null && breaker.reason !== 'too-many-failures';
    if (silent && probe !== turn) return this.#windowed(receiver, now, toProbe, turn);
    return breaker.allow ? turn : { allow: false, reason: breaker.reason, waitMilliseconds: toProbe };
  }

  /** While a receiver that limits us names no wait, requests go as often as the client's own limit allows. */
  #windowed(receiver, now, toProbe, turn) {
    const { requests, windowSeconds } = this.#limit;
    const held = this.#held.get(receiver);
    const window = this.#limiter(held.window, { now, limit: requests, windowSeconds });
    this.#keep(receiver, { ...held, window });
    if (window.allow) return turn;
    return { allow: false, reason: 'window-full', waitMilliseconds: Math.min(window.waitMilliseconds, toProbe) };
  }

  /**
   * What came of a turn: a response, or `{ status: 0 }`. While a probe is out, only the probe's answer counts. Returns
   * what opened the circuit, if it was closed.
   */
  report(call, turn, answer) {
    const { breaker: before, failed = new WeakSet(), probe, ...held } = this.#held.get(call.receiver) ?? {};
    if (before?.state === 'half-open' && probe !== turn) return undefined;
    // The failures of a call count once, or its own retries would open the circuit. An open breaker counts none.
    const counted = failed.has(call) && before.state !== 'open';
    const others = counted ? { ...before, failures: before.failures - 1 } : before;
    const breaker = this.#breaker(others, answer, { now: secondsOf(this.#now()) });
    // A 429 that names its wait is no failure.
    const silent = held.silent || (answer.status === 429 && breaker.failures > 0);
    this.#keep(call.receiver, { ...held, failed: failed.add(call), breaker, silent });
    return breaker.state === 'open' && (before?.state ?? 'closed') === 'closed' ? breaker.reason : undefined;
  }

  /** A turn of which nothing came, because the caller gave up: the next one may probe at once. */
  giveBack({ receiver }, turn) {
    const { probe, ...held } = this.#held.get(receiver) ?? {};
    if (probe === turn) this.#keep(receiver, { ...held, breaker: turn.before });
  }

  /** How long it is until the circuit lets a request go. */
  shutMilliseconds({ receiver }) {
    const { breaker } = this.#held.get(receiver) ?? {};
    if (breaker === undefined || breaker.state === 'closed') return 0;
    if (breaker.reason === 'missing-reset-header' && this.#limit !== null) return 0;
    return (breaker.probeAt - secondsOf(this.#now())) * 1000;
  }

  /** A receiver that is well is forgotten, and with it the window. */
  #keep(receiver, held) {
    if (held.breaker?.state === 'closed' && held.breaker.failures === 0) this.#held.delete(receiver);
    else this.#held.set(receiver, held);
  }
}
