// The guard in Fastify 5: its scopes, its parsers, its hooks and its errors.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';

import Fastify from 'fastify';

import { guardFastify } from '../../pkg/adapters/fastify.js';
import { memoryStore } from '../../pkg/stores/memory.js';
import { guarded, latch, listening, until } from './adapter-harness.js';
import { stripe } from './traffic-table.js';

const PATH = '/hooks/stripe';
const never = () => assert.fail('no handler');

/** An application whose set-up is the test's. */
async function serving(t, setUp) {
  const app = Fastify({ forceCloseConnections: true });
  await setUp(app);
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => app.close());
  return listening(t, app.server);
}

test('it guards its scope and what is in there, whatever stands first, and leaves the rest alone', async (t) => {
  const guard = await guarded(t);
  const sent = await serving(t, (app) => {
    app.post('/other', (request) => request.body);
    app.register(async (hooks) => {
      hooks.post(PATH, () => 'before');
      hooks.register(guardFastify(guard));
      hooks.register(async (within) => within.post('/within', () => 'within'));
    });
  });
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
  assert.equal((await sent({ ...json, path: '/other' })).text, '{"a":1}');
  assert.equal((await sent({ ...json, path: PATH })).status, 401);
  assert.equal((await sent({ ...json, path: '/within' })).status, 401);
  assert.equal((await sent('evt_1')).text, 'before');
  assert.equal((await sent({ ...stripe('evt_2'), path: '/within' })).text, 'within');
});

test('registered beside its routes it guards them all', async (t) => {
  const guard = await guarded(t);
  const sent = await serving(t, (app) => {
    app.register(guardFastify(guard));
    app.post(PATH, () => 'handled');
  });
  assert.equal((await sent({ ...stripe('evt_1'), headers: { 'content-type': 'application/json' } })).status, 401);
  assert.equal((await sent('evt_1')).text, 'handled');
});

test('the body is the bytes, whatever their type and length', async (t) => {
  const guard = await guarded(t, {
    contracts: {
      any: {
        contract: 'any',
        version: 1,
        request: { maxBytes: 4_000_000 },
        signature: null,
        payload: { format: 'form' },
      },
    },
    keys: {},
    store: null,
  });
  const sent = await serving(t, (app) => {
    app.register(guardFastify(guard));
    app.post(PATH, ({ body, delivery }) => ({ length: body?.length, same: body === delivery.bytes }));
  });
  for (const [type, length] of [
    ['application/json', 3_000_000],
    ['application/x-www-form-urlencoded', 10],
    ['image/png', 1],
    [undefined, 5],
  ]) {
    const answer = await sent({
      path: PATH,
      method: 'POST',
      headers: type ? { 'content-type': type } : {},
      body: 'x'.repeat(length),
    });
    assert.deepEqual(JSON.parse(answer.text), { length, same: true });
  }
});

const readers = {
  'a hook that reads it': (app) =>
    app.addHook('onRequest', async ({ raw }) => {
      for await (const chunk of raw) void chunk;
    }),
  'a hook that puts another stream in its place': (app) =>
    app.addHook('preParsing', (_request, _reply, payload, done) => done(null, payload.pipe(new PassThrough()))),
};
for (const [what, add] of Object.entries(readers)) {
  test(`before the guard, ${what}: 500, with the mend`, async (t) => {
    const guard = await guarded(t);
    const sent = await serving(t, (app) => {
      add(app);
      app.register(guardFastify(guard));
      app.post(PATH, never);
    });
    const answer = await sent('evt_1');
    assert.equal(answer.status, 500);
    assert.match(JSON.parse(answer.text).detail, /register guardFastify\(guard\) before/);
    assert.deepEqual(guard.told.outcomes, ['body-parsed']);
  });
}

test('a stream that another hook has put in place is not waited for', async (t) => {
  const guard = await guarded(t);
  const sent = await serving(t, (app) => {
    app.addHook('preParsing', async (_request, _reply, payload) => payload.pipe(new PassThrough()));
    app.register(guardFastify(guard));
    app.post(PATH, never);
  });
  const socket = connect(sent.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(`POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n`);
  await until(() => guard.told.outcomes.length > 0);
  assert.deepEqual(guard.told.outcomes, ['body-parsed']);
});

test('the key is completed before the answer leaves', async (t) => {
  const steps = [];
  const store = memoryStore();
  const { complete } = store;
  store.complete = async (...args) => {
    await new Promise((resolve) => setTimeout(resolve, 50)); // an answer that does not wait is there by then
    steps.push('completed');
    return complete.apply(store, args);
  };
  const guard = await guarded(t, { store });
  const sent = await serving(t, (app) => {
    app.register(guardFastify(guard));
    app.post(PATH, async () => 'ok');
  });
  await sent('evt_1');
  steps.push('answered');
  assert.deepEqual(steps, ['completed', 'answered']);
});

test('what a handler throws releases, whatever it is answered with', async (t) => {
  const guard = await guarded(t);
  const errors = [new Error('boom'), Object.assign(new Error('no'), { statusCode: 422 })];
  const sent = await serving(t, (app) => {
    app.register(guardFastify(guard));
    app.setErrorHandler((error, _request, reply) => reply.code(error.statusCode ?? 500).send({ mine: error.message }));
    app.post(PATH, async () => {
      const error = errors.shift();
      if (error) throw error;
      return 'handled';
    });
  });
  assert.deepEqual(JSON.parse((await sent('evt_1')).text), { mine: 'boom' });
  assert.deepEqual(JSON.parse((await sent('evt_1')).text), { mine: 'no' });
  assert.equal((await sent('evt_1')).text, 'handled');
  assert.deepEqual(guard.told.settled, ['released', 'released', 'completed 200']);
});

test('an answer that Fastify does not send settles when it ends', async (t) => {
  const guard = await guarded(t);
  const sent = await serving(t, (app) => {
    app.register(guardFastify(guard));
    app.post(PATH, (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(202).end();
    });
  });
  assert.equal((await sent('evt_1')).status, 202);
  await until(() => guard.told.settled.length > 0);
  assert.deepEqual(guard.told.settled, ['completed 202']);
});

test('an error of a route is an error of Fastify', async (t) => {
  const guard = await guarded(t, {
    route: () => {
      throw new Error('boom');
    },
  });
  const sent = await serving(t, (app) => {
    app.register(guardFastify(guard));
    app.post(PATH, never);
  });
  assert.equal(JSON.parse((await sent('evt_1')).text).message, 'boom');
});

test('a sender that has gone before it is refused reaches no handler', async (t) => {
  const { open, opened } = latch();
  const guard = await guarded(t, { route: () => opened.then(() => 'stripe') });
  let server;
  let calls = 0;
  const sent = await serving(t, (app) => {
    app.register(guardFastify(guard));
    app.addHook('onSend', () => new Promise((resolve) => setTimeout(resolve, 20))); // until then nothing is sent
    app.all(PATH, () => calls++);
    ({ server } = app);
  });
  const gone = new Promise((resolve) => server.once('connection', (accepted) => accepted.once('close', resolve)));
  const routed = new Promise((resolve) => server.once('request', resolve));
  const socket = connect(sent.port, '127.0.0.1');
  socket.write(`GET ${PATH} HTTP/1.1\r\nhost: x\r\n\r\n`);
  await routed;
  socket.destroy();
  await gone;
  open();
  await until(() => guard.told.outcomes.length > 0);
  assert.equal((await sent({ path: PATH, method: 'GET' })).status, 405);
  assert.equal(calls, 0);
  assert.deepEqual(guard.told, { outcomes: ['aborted', 'reject'], settled: [] });
});
