// The stores that need no server, and what each store refuses.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { kvStore } from '../../pkg/stores/cloudflare-kv.js';
import { durableObjectStore } from '../../pkg/stores/durable-object.js';
import { memoryStore } from '../../pkg/stores/memory.js';
import { redisStore } from '../../pkg/stores/redis.js';
import { sqlStore } from '../../pkg/stores/sql.js';
import { storeSuite } from './store-suite.js';

storeSuite('memory', () => {
  const store = memoryStore();
  return { store, other: store };
});

const claim = async (store, key, leaseSeconds = 60) => store.claim(key, { token: key, leaseSeconds, ttlSeconds: 60 });

test('a memory store that is full of keys that live says so, and forgets none', async () => {
  const store = memoryStore({ maxKeys: 3 });
  for (const key of ['a', 'b', 'c']) assert.equal(await claim(store, key), 'claimed');
  await store.complete('a', { token: 'a', ttlSeconds: 60 });
  const message =
    'the memory store is full: 3 keys, none of which has expired, so raise `maxKeys` or use a store ' +
    'outside the process';
  await assert.rejects(claim(store, 'd'), { message });
  await assert.rejects(claim(store, 'd'), { message });
  assert.deepEqual(
    [await store.claim('a', { token: 'x', leaseSeconds: 1 }), await store.claim('b', { token: 'x', leaseSeconds: 1 })],
    ['done', 'busy'],
  );
  assert.equal(
    await store.complete('b', { token: 'b', ttlSeconds: 60 }),
    true,
    'a key that is held is completed in a full store',
  );
  assert.equal(await store.release('c', { token: 'c' }), true);
  assert.equal(await claim(store, 'd'), 'claimed');
});

test('a memory store that is full makes room of what has ended', async () => {
  const store = memoryStore({ maxKeys: 3 });
  await claim(store, 'kept');
  await claim(store, 'lease', 0.05);
  await claim(store, 'done', 0.05);
  await store.complete('done', { token: 'done', ttlSeconds: 0.06 });
  await sleep(400);
  assert.deepEqual([await claim(store, 'd'), await claim(store, 'e')], ['claimed', 'claimed']);
  await assert.rejects(claim(store, 'f'));
  assert.equal(await store.claim('kept', { token: 'x', leaseSeconds: 1 }), 'busy');
});

test('a memory store keeps no process alive', () => {
  const module = JSON.stringify(new URL('../../pkg/stores/memory.js', import.meta.url).href);
  const source = `import { memoryStore } from ${module};
    await memoryStore().claim('a', { token: 'a', leaseSeconds: 600, ttlSeconds: 600 });`;
  const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
    timeout: 60_000,
  });
  assert.deepEqual([status, signal], [0, null]);
});

test('each store says how far it can be trusted', () => {
  assert.equal(memoryStore().consistency, 'process');
  assert.equal(redisStore({ call() {} }).consistency, 'strong');
  assert.equal(durableObjectStore({ idFromName() {} }).consistency, 'strong');
  assert.equal(sqlStore(() => []).consistency, 'strong');
  assert.equal(kvStore({ get() {}, put() {}, delete() {} }).consistency, 'eventual');
});

test('each store refuses what it cannot use, with the mend', async () => {
  const refused = [
    [() => memoryStore({ maxKeys: 0 }), 'maxKeys must be a whole number from 1'],
    [() => memoryStore({ maxKeys: 'many' }), 'maxKeys must be a whole number from 1'],
    [
      () => durableObjectStore(undefined),
      'durableObjectStore needs the namespace of a Durable Object binding, such as `env.REPLAY`: see ' +
        '`durable_objects` in wrangler.toml',
    ],
    [
      () => kvStore({ get() {} }),
      'kvStore needs a KV binding, such as `env.REPLAY`: see `kv_namespaces` in wrangler.toml',
    ],
    [() => redisStore({ call() {} }, { prefix: 1 }), 'prefix must be a string'],
    [() => kvStore({ get() {}, put() {}, delete() {} }, { prefix: 1 }), 'prefix must be a string'],
    [() => sqlStore({}), 'sqlStore needs a function that runs a statement: `(text, params) => rows`'],
    [
      () => sqlStore(() => [], { table: 'a; drop' }),
      'table must be a plain name, such as `countersign_replay` or `app.replay`',
    ],
    [() => sqlStore(() => [], { dialect: 'toString' }), 'dialect must be `postgres` or `sqlite`'],
    ...[undefined, null, 'redis://', {}, { get() {}, set() {} }, { eval() {} }].map((client) => [
      () => redisStore(client),
      'redisStore needs a client of `redis` (createClient, createClientPool, createCluster) or of `ioredis` (new ' +
        'Redis, new Cluster)',
    ]),
  ];
  for (const [make, message] of refused) assert.throws(make, { name: 'TypeError', message });
  await assert.rejects(
    claim(
      sqlStore(async () => ({ rows: [] })),
      'a',
    ),
    {
      message: "the query function of sqlStore must return an array of rows, such as `rows` of the driver's result",
    },
  );
  await assert.rejects(claim(redisStore({ call: async () => 'QUEUED' }), 'a'), {
    message: 'the Redis client returned a reply that no script gives',
  });
});

test('the types take the clients of the real libraries', () => {
  const [tsc, file] = ['../../node_modules/typescript/bin/tsc', './stores.use.ts'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const args = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2023,dom,dom.iterable,esnext.disposable',
    file,
  ];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...args], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});
