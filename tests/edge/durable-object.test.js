// The Durable Object store in real workerd: with classes backed by SQLite, and with the older ones.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { remoteStore } from './remote-store.js';
import { storeSuite } from './store-suite.js';
import { bundle, start } from './workerd.js';

const here = fileURLToPath(new URL('.', import.meta.url));

// The store over HTTP, for the rules to run on it, and a look at what an object has stored.
const WORKER = `
import { durableObjectStore, ReplayObject } from '../../pkg/stores/durable-object.js';
import { answerFor } from './remote-store.js';
export class Watched extends ReplayObject {
  constructor(state) { super(state); this.storage = state.storage; }
  async fetch(request) {
    if (new URL(request.url).pathname !== '/stored') return super.fetch(request);
    return Response.json({ held: [...(await this.storage.list())], alarm: await this.storage.getAlarm() });
  }
}
export default {
  fetch(request, { REPLAY }) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== '/stored') return answerFor(request, durableObjectStore(REPLAY));
    return REPLAY.get(REPLAY.idFromName(searchParams.get('key'))).fetch('https://replay.invalid/stored');
  },
};`;

const stored = async (url, key) => (await fetch(`${url}stored?key=${key}`)).json();

const modules = { 'worker.js': await bundle(WORKER, here) };

for (const sql of [true, false]) {
  let server;
  const title = `a Durable Object ${sql ? 'backed by SQLite' : 'of the older kind'}`;
  before(async () => {
    server = await start({ modules, durableObjects: { REPLAY: { className: 'Watched', sql } } });
  });
  after(() => server?.stop());

  storeSuite(title, () => ({ store: remoteStore(server.url), other: remoteStore(server.url) }));

  test(`${title}: nothing is left of what was released, forgotten or never completed`, async () => {
    const store = remoteStore(server.url);
    for (const key of ['released', 'forgotten', 'crashed']) {
      await store.claim(key, { token: 'a', leaseSeconds: key === 'crashed' ? 0.2 : 60 });
      const { held, alarm } = await stored(server.url, key);
      if (key !== 'crashed') assert.deepEqual([held.length, alarm], [1, held[0][1].until]);
    }
    await store.release('released', { token: 'a' });
    await store.complete('forgotten', { token: 'a', ttlSeconds: 0.2 });
    for (const key of ['released', 'forgotten', 'crashed']) {
      let left;
      do {
        await sleep(50);
        left = await stored(server.url, key);
      } while (left.held.length > 0 || left.alarm !== null); // the alarm is the object's own: nobody claims
    }
  });

  test(`${title}: what was answered survives kill -9`, async () => {
    const store = remoteStore(server.url);
    await store.claim('handled', { token: 'a', leaseSeconds: 600 });
    assert.equal(await store.complete('handled', { token: 'a', ttlSeconds: 600 }), true);
    await store.claim('at work', { token: 'a', leaseSeconds: 600 });
    await server.kill('SIGKILL');
    await assert.rejects(store.claim('down', { token: 'a', leaseSeconds: 600 }));
    await server.restart();
    assert.equal(await store.claim('handled', { token: 'b', leaseSeconds: 60 }), 'done');
    assert.equal(await store.claim('at work', { token: 'b', leaseSeconds: 60 }), 'busy');
  });
}

test(
  'the bundle of a Worker with another store knows nothing of Durable Objects, and this one needs no module of ' +
    'the platform',
  async () => {
    const memory = await bundle("export { memoryStore } from '../../pkg/stores/memory.js';", here, { external: [] });
    assert.doesNotMatch(memory, /cloudflare:|ReplayObject/);
    const object = await bundle(WORKER, here, { external: [] });
    assert.doesNotMatch(object, /cloudflare:/);
  },
);
