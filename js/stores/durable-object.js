// Cloudflare's Durable Objects: one object per replay key, so that claims of a key meet in one place and do not delay
// other keys.
//
// It uses `fetch`, not RPC: RPC needs a class that extends `DurableObject` of `cloudflare:workers`, a module that only
// workerd and its bundlers know, so this file could not be imported in a test on Node. `fetch` works on every
// compatibility date.

import { claimed, completed, lives, milliseconds, released } from './lease.js';

const HELD = 'held';
const OPERATIONS = { claim: claimed, complete: completed, release: released };

/** Export it from the Worker's main module, so that wrangler finds it. */
export class ReplayObject {
  #storage;

  constructor(state) {
    this.#storage = state.storage;
  }

  async fetch(request) {
    const { operation, token, lasts } = await request.json();
    return Response.json(await this.#change(OPERATIONS[operation], token, lasts));
  }

  /**
   * Deletes what nobody can need any more, and with it the object: an expired completed key, or a lease that was never
   * completed.
   */
  async alarm() {
    const held = await this.#storage.get(HELD);
    if (lives(held, Date.now()))
      await this.#storage.setAlarm(held.until); // the alarm came early, or the key was claimed again
    else await this.#storage.deleteAll();
  }

  // INVARIANT: between the read and the write only the storage is awaited, which lets no other event run. The writes go
  // to disk together, and the response is sent after them.
  async #change(operation, token, lasts) {
    const held = await this.#storage.get(HELD);
    const [answer, next] = operation(held, token, lasts, Date.now());
    if (next === undefined && held !== undefined) {
      await Promise.all([this.#storage.deleteAlarm(), this.#storage.deleteAll()]);
    } else if (next !== held) {
      await Promise.all([this.#storage.put(HELD, next), this.#storage.setAlarm(next.until)]);
    }
    return answer;
  }
}

export function durableObjectStore(namespace) {
  if (typeof namespace?.idFromName !== 'function') {
    throw new TypeError(
      'durableObjectStore needs the namespace of a Durable Object binding, such as `env.REPLAY`: see ' +
        '`durable_objects` in wrangler.toml',
    );
  }

  async function ask(operation, key, token, lasts) {
    const stub = namespace.get(namespace.idFromName(key));
    const response = await stub.fetch('https://replay.invalid/', {
      method: 'POST',
      body: JSON.stringify({ operation, token, lasts }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the Durable Object replied ${response.status}`);
    return JSON.parse(text);
  }

  return {
    consistency: 'strong',
    claim: async (key, { token, leaseSeconds }) => ask('claim', key, token, milliseconds(leaseSeconds)),
    complete: async (key, { token, ttlSeconds }) => ask('complete', key, token, milliseconds(ttlSeconds)),
    release: async (key, { token }) => ask('release', key, token),
  };
}
