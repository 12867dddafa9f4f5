// A claim on a replay key: taken before the handler, completed or released after it.

/** Fails after a while: a store that hangs is a store that is down. */
async function within(milliseconds, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the store did not answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export class Lease {
  #store;
  #key;
  #forgetAfter;
  #token = crypto.randomUUID();
  #limits;
  #clock;
  #failed;

  /** `failed(operation, error)` is told when the store fails. */
  constructor(store, { key, forgetAfter }, { limits, clock, failed }) {
    this.#store = store;
    this.#key = key;
    this.#forgetAfter = forgetAfter;
    this.#limits = limits;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** `claimed`, `busy`, `done`, or `down`. */
  async claim() {
    const { leaseSeconds, storeMilliseconds } = this.#limits;
    let claiming;
    try {
      claiming = Promise.resolve(this.#store.claim(this.#key, { token: this.#token, leaseSeconds, ttlSeconds: this.#ttl() }));
      const state = await within(storeMilliseconds, claiming);
      if (['claimed', 'busy', 'done'].includes(state)) return state;
      throw new TypeError("the store's claim must give 'claimed', 'busy' or 'done'");
    } catch (error) {
      // What was claimed too late is nobody's: without this it would be busy until the lease ends.
      claiming?.then((state) => state === 'claimed' && this.#store.release(this.#key, { token: this.#token })).catch(() => {});
      this.#failed('claim', error);
      return 'down';
    }
  }

  /** `completed`, `lost`, or `failed`. Tried twice: the handler has done its work, which a lost answer would repeat. */
  async complete() {
    const options = () => ({ token: this.#token, ttlSeconds: this.#ttl() });
    const held = await this.#attempt('complete', options) ?? await this.#attempt('complete', options);
    return held === undefined ? 'failed' : held ? 'completed' : 'lost';
  }

  /** `released`, `lost`, or `failed`: then the lease ends by itself. */
  async release() {
    const held = await this.#attempt('release', () => ({ token: this.#token }));
    return held === undefined ? 'failed' : held ? 'released' : 'lost';
  }

  async #attempt(operation, options) {
    try {
      return Boolean(await within(this.#limits.storeMilliseconds, this.#store[operation](this.#key, options())));
    } catch (error) {
      this.#failed(operation, error);
      return undefined;
    }
  }

  #ttl() {
    return Math.max(1, this.#forgetAfter - this.#clock());
  }
}
