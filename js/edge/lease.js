// A claim on a replay key: taken before the handler, completed or released after it.

import { isPromise, within } from './within.js';

const LATE = 'the store did not answer'; // a store that hangs counts as down
// How much the clocks of two machines that share a store may differ. Otherwise a message that one has forgotten would
// be fresh to the other.
const CLOCKS_SECONDS = 60;

export class Lease {
  #store;
  #key;
  #forgetAfter;
  #token = crypto.randomUUID();
  #limits;
  #clock;
  #failed;

  /** `failed(operation, error)` is called when the store fails. */
  constructor(store, { key, forgetAfter }, { limits, clock, failed }) {
    this.#store = store;
    this.#key = key;
    this.#forgetAfter = forgetAfter;
    this.#limits = limits;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** `claimed`, `busy`, `done`, or `down`; a promise of it if the store's answer is one. */
  claim() {
    const { leaseSeconds, storeMilliseconds } = this.#limits;
    let claiming;
    const down = (error) => {
      // Release a claim whose answer came too late or was lost: else it would be busy until the lease ends.
      const free = () => this.#store.release(this.#key, { token: this.#token });
      if (isPromise(claiming)) claiming.then((state) => state === 'claimed' && free(), free).then(undefined, () => {});
      this.#failed('claim', error);
      return 'down';
    };
    try {
      claiming = this.#store.claim(this.#key, { token: this.#token, leaseSeconds, ttlSeconds: this.#ttl() });
      const state = within(storeMilliseconds, LATE, claiming);
      return isPromise(state) ? state.then(stateOf).catch(down) : stateOf(state);
    } catch (error) {
      return down(error);
    }
  }

  /**
   * `completed`, `lost`, or `failed`. Tried twice: the handler has done its work, and a failure would make it run
   * again.
   */
  async complete() {
    const options = () => ({ token: this.#token, ttlSeconds: this.#ttl() });
    const held = (await this.#attempt('complete', options)) ?? (await this.#attempt('complete', options));
    return held === undefined ? 'failed' : held ? 'completed' : 'lost';
  }

  /** `released`, `lost`, or `failed`. After a failure the lease ends by itself. */
  async release() {
    const held = await this.#attempt('release', () => ({ token: this.#token }));
    return held === undefined ? 'failed' : held ? 'released' : 'lost';
  }

  async #attempt(operation, options) {
    try {
      return Boolean(await within(this.#limits.storeMilliseconds, LATE, this.#store[operation](this.#key, options())));
    } catch (error) {
      this.#failed(operation, error);
      return undefined;
    }
  }

  #ttl() {
    return Math.max(0, this.#forgetAfter - this.#clock()) + CLOCKS_SECONDS;
  }
}

function stateOf(answer) {
  if (['claimed', 'busy', 'done'].includes(answer)) return answer;
  throw new TypeError("the store's claim must return 'claimed', 'busy' or 'done'");
}
