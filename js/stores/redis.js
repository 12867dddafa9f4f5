// Redis, Valkey and servers with the same protocol. Each operation is one script, which the server runs atomically with
// its own clock.

import { milliseconds } from './lease.js';

const ANSWERS = ['busy', 'claimed', 'done'];

// The value is `held TOKEN` or `done TOKEN`. The same token again means that the client sent the command twice.
const CLAIM = `
local held = redis.call('GET', KEYS[1])
if held and held ~= 'held ' .. ARGV[1] then return string.sub(held, 1, 5) == 'done ' and 2 or 0 end
redis.call('SET', KEYS[1], 'held ' .. ARGV[1], 'PX', ARGV[2])
return 1`;

const COMPLETE = `
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 6) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'done ' .. ARGV[1], 'PX', ARGV[2])
return 1`;

const RELEASE = `
if redis.call('GET', KEYS[1]) ~= 'held ' .. ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

export function redisStore(client, { prefix = 'countersign:' } = {}) {
  if (typeof prefix !== 'string') throw new TypeError('prefix must be a string');
  const send = sender(client);

  // A reply is a number, or its digits if the client returns strings.
  async function run(script, key, ...values) {
    const reply = Number(await send(script, prefix + key, values.map(String)));
    if (![0, 1, 2].includes(reply)) throw new Error('the Redis client returned a reply that no script gives');
    return reply;
  }

  return {
    consistency: 'strong',
    claim: async (key, { token, leaseSeconds }) => ANSWERS[await run(CLAIM, key, token, milliseconds(leaseSeconds))],
    complete: async (key, { token, ttlSeconds }) => (await run(COMPLETE, key, token, milliseconds(ttlSeconds))) === 1,
    release: async (key, { token }) => (await run(RELEASE, key, token)) === 1,
  };
}

// EVAL and not EVALSHA: the scripts are shorter than the headers of most requests, and the server keeps them compiled
// either way.
function sender(client) {
  const has = (name) => typeof client?.[name] === 'function';
  if (has('call')) return (script, key, values) => client.call('EVAL', script, '1', key, ...values);
  // In `redis`, clients, pools, clusters and sentinels have three forms of `sendCommand`, but one of `eval`.
  if (has('sendCommand') && has('eval'))
    return (script, key, values) => client.eval(script, { keys: [key], arguments: values });
  throw new TypeError(
    'redisStore needs a client of `redis` (createClient, createClientPool, createCluster) or of `ioredis` (new ' +
      'Redis, new Cluster)',
  );
}
