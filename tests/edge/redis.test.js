// The Redis store on a real redis-server, with both clients.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Cluster, Redis } from 'ioredis';
import { createClient, createClientPool, createCluster } from 'redis';

import { redisStore } from '../../pkg/stores/redis.js';
import { noRedis, start } from './redis-server.js';
import { storeSuite } from './store-suite.js';

const skip = noRedis;
const closers = [];
let server;
before(async () => {
  if (!skip) server = await start();
});
after(async () => {
  for (const close of closers) await close();
  await server?.stop();
});

const quiet = () => {}; // a client without a listener for errors ends the process

/** Ways to a client: each gives { client, close }. */
const CLIENTS = {
  redis: async (url, options = {}) => {
    const client = createClient({ url, ...options }).on('error', quiet);
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  'a pool of redis': async (url) => {
    const client = createClientPool({ url }).on('error', quiet);
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  ioredis: async (url, options = {}) => {
    const client = new Redis(url, { lazyConnect: true, ...options }).on('error', quiet);
    await client.connect();
    return { client, close: () => client.disconnect() };
  },
};

for (const [name, open] of Object.entries(CLIENTS)) {
  let pair;
  storeSuite(
    name,
    async () => {
      pair ??= Promise.all([open(server.url), open(server.url)]).then((opened) => {
        closers.push(...opened.map(({ close }) => close));
        return opened.map(({ client }) => redisStore(client));
      });
      const [store, other] = await pair;
      return { store, other };
    },
    { skip },
  );
}

test('the two clients share one store, under its prefix, and hold no more than a token', { skip }, async () => {
  const one = await CLIENTS.redis(server.url);
  const two = await CLIENTS.ioredis(server.url, { stringNumbers: true });
  closers.push(one.close, two.close);
  const [a, b] = [redisStore(one.client, { prefix: 'shared:' }), redisStore(two.client, { prefix: 'shared:' })];
  assert.equal(await a.claim('k', { token: 'a', leaseSeconds: 60 }), 'claimed');
  assert.equal(await b.claim('k', { token: 'b', leaseSeconds: 60 }), 'busy');
  assert.equal(
    await redisStore(one.client).claim('k', { token: 'b', leaseSeconds: 60 }),
    'claimed',
    'another prefix is another store',
  );
  assert.equal(await two.client.get('shared:k'), 'held a');
  assert.ok((await one.client.pTTL('shared:k')) > 50_000);
  assert.equal(await a.complete('k', { token: 'a', ttlSeconds: 3600 }), true);
  assert.equal(await b.claim('k', { token: 'b', leaseSeconds: 60 }), 'done');
  assert.equal(await two.client.get('shared:k'), 'done a');
  const left = await one.client.pTTL('shared:k');
  assert.ok(left > 3_500_000 && left <= 3_600_000, String(left));
});

test('both clients reach a cluster', { skip }, async () => {
  const cluster = await start({ args: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] });
  const admin = await CLIENTS.redis(cluster.url);
  await admin.client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
  while (!String(await admin.client.sendCommand(['CLUSTER', 'INFO'])).includes('cluster_state:ok')) await sleep(50);
  const one = createCluster({ rootNodes: [{ url: cluster.url }] }).on('error', quiet);
  await one.connect();
  const two = new Cluster([cluster.url]).on('error', quiet);
  try {
    const [a, b] = [redisStore(one), redisStore(two)];
    for (let index = 0; index < 20; index += 1) {
      assert.equal(await a.claim(`k${index}`, { token: 'a', leaseSeconds: 60 }), 'claimed');
      assert.equal(await b.claim(`k${index}`, { token: 'b', leaseSeconds: 60 }), 'busy');
      assert.equal(await a.complete(`k${index}`, { token: 'a', ttlSeconds: 60 }), true);
      assert.equal(await b.claim(`k${index}`, { token: 'b', leaseSeconds: 60 }), 'done');
    }
  } finally {
    one.destroy();
    two.disconnect();
    admin.close();
    await cluster.stop();
  }
});

test('a server that lost its scripts is no trouble', { skip }, async () => {
  const { client, close } = await CLIENTS.redis(server.url);
  closers.push(close);
  const store = redisStore(client);
  assert.equal(await store.claim('flushed', { token: 'a', leaseSeconds: 60 }), 'claimed');
  await client.sendCommand(['SCRIPT', 'FLUSH']);
  assert.equal(await store.complete('flushed', { token: 'a', ttlSeconds: 60 }), true);
});

for (const persistent of [true, false]) {
  test(`a completed key and a lease ${persistent ? 'survive' : 'are forgotten with'} kill -9, ` +
    `${persistent ? 'with every write on the disk' : 'without persistence'}`, {
    skip,
  }, async () => {
    const mortal = await start({ persistent });
    try {
      const first = await CLIENTS.redis(mortal.url);
      const before = redisStore(first.client);
      await before.claim('handled', { token: 'a', leaseSeconds: 600 });
      assert.equal(await before.complete('handled', { token: 'a', ttlSeconds: 600 }), true);
      assert.equal(await before.claim('at work', { token: 'a', leaseSeconds: 600 }), 'claimed');
      await mortal.kill('SIGKILL');
      first.close();
      await mortal.restart();
      const second = await CLIENTS.redis(mortal.url);
      const since = redisStore(second.client);
      assert.equal(await since.claim('handled', { token: 'b', leaseSeconds: 60 }), persistent ? 'done' : 'claimed');
      assert.equal(await since.claim('at work', { token: 'b', leaseSeconds: 60 }), persistent ? 'busy' : 'claimed');
      second.close();
    } finally {
      await mortal.stop();
    }
  });
}

// The settings that the documents name. A claim that waits for a server is cut by the guard, yet stays in the client's
// queue: it is sent when the server is back, and then holds the key for a request that was refused.
const FAST = {
  redis: { disableOfflineQueue: true },
  ioredis: { enableOfflineQueue: false, maxRetriesPerRequest: 0 },
};

test('the documents name those settings', () => {
  const text = readFileSync(new URL('../../docs/stores.md', import.meta.url), 'utf8');
  for (const [name, options] of Object.entries(FAST)) {
    const written = Object.entries(options)
      .map(([option, value]) => `${option}: ${value}`)
      .join(', ');
    assert.match(text, new RegExp(`from '${name}'[^\`]*${written}`));
  }
});

for (const [name, options] of Object.entries(FAST)) {
  test(`${name}: fails at once while the server is down, and works when it is back`, {
    skip,
    timeout: 60_000,
  }, async () => {
    const mortal = await start();
    const { client, close } = await CLIENTS[name](mortal.url, options);
    const store = redisStore(client);
    const claim = (key) => store.claim(key, { token: 'a', leaseSeconds: 60 });
    try {
      assert.equal(await claim('before'), 'claimed');
      process.kill(mortal.pid(), 'SIGSTOP');
      const sent = assert.rejects(claim('sent'), 'a claim that was sent, and whose answer never came');
      await sleep(100);
      await mortal.kill('SIGKILL');
      await sent;
      await assert.rejects(claim('down'), /offline|writeable/);
      await mortal.restart();
      let answer;
      while (answer === undefined) answer = await claim('back').catch(() => sleep(50));
      assert.equal(answer, 'claimed');
      assert.equal(await claim('before'), 'claimed', 'the same token');
      assert.equal(await client.exists('countersign:down'), 0, 'what failed was not sent later');
    } finally {
      close();
      await mortal.stop();
    }
  });
}

test('ioredis by default: a claim waits, is sent again when the server is back, and is claimed once', {
  skip,
  timeout: 60_000,
}, async () => {
  const mortal = await start();
  const { client, close } = await CLIENTS.ioredis(mortal.url);
  const store = redisStore(client);
  try {
    process.kill(mortal.pid(), 'SIGSTOP');
    const waiting = store.claim('k', { token: 'a', leaseSeconds: 60 });
    await sleep(100);
    await mortal.kill('SIGKILL');
    assert.equal(await Promise.race([waiting, sleep(300, 'pending')]), 'pending');
    await mortal.restart();
    assert.equal(await waiting, 'claimed');
    assert.equal(await store.claim('k', { token: 'b', leaseSeconds: 60 }), 'busy');
  } finally {
    close();
    await mortal.stop();
  }
});
