// Cloudflare KV is only eventually consistent and has no conditional write: a claim is a read followed by a write, so
// copies that arrive close together are all claimed. It catches only some duplicates; a guard accepts it only with
// `allowEventual`.

import { claimed, completed, lives, milliseconds, released } from './lease.js';

const MIN_TTL_SECONDS = 60; // KV refuses less; a value that ends sooner contains its own end

export function kvStore(namespace, { prefix = 'countersign:' } = {}) {
  if (
    typeof namespace?.get !== 'function' ||
    typeof namespace.put !== 'function' ||
    typeof namespace.delete !== 'function'
  ) {
    throw new TypeError('kvStore needs a KV binding, such as `env.REPLAY`: see `kv_namespaces` in wrangler.toml');
  }
  if (typeof prefix !== 'string') throw new TypeError('prefix must be a string');

  // Leases and completions have different names: KV allows one write per second to a name, and handlers are faster than
  // that.
  const leaseOf = (key) => `${prefix}lease:${key}`;
  const doneOf = (key) => `${prefix}done:${key}`;

  async function read(key) {
    const [lease, done] = await Promise.all(
      [leaseOf(key), doneOf(key)].map((name) => namespace.get(name, { type: 'json' })),
    );
    return [done, lease].find((held) => held !== null && lives(held, Date.now()));
  }

  async function write(name, held, lasts) {
    await namespace.put(name, JSON.stringify(held), {
      expirationTtl: Math.max(MIN_TTL_SECONDS, Math.ceil(lasts / 1000)),
    });
  }

  return {
    consistency: 'eventual',
    async claim(key, { token, leaseSeconds }) {
      const lasts = milliseconds(leaseSeconds);
      const held = await read(key);
      const [answer, next] = claimed(held, token, lasts, Date.now());
      if (next !== held) await write(leaseOf(key), next, lasts);
      return answer;
    },
    async complete(key, { token, ttlSeconds }) {
      const lasts = milliseconds(ttlSeconds);
      const held = await read(key);
      const [answer, next] = completed(held, token, lasts, Date.now());
      if (next !== held) await write(doneOf(key), next, lasts);
      return answer;
    },
    async release(key, { token }) {
      const [answer] = released(await read(key), token, undefined, Date.now());
      if (answer) await namespace.delete(leaseOf(key));
      return answer;
    },
  };
}
