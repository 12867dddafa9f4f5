// The guard in Hono 4: its body cache, its sub-applications and its errors.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { validator } from 'hono/validator';

import { guardHono } from '../../pkg/adapters/hono.js';
import { guarded, listening } from './adapter-harness.js';
import { stripe } from './traffic-table.js';

const PATH = '/hooks/stripe';
const never = () => assert.fail('no handler');
const serving = (t, app) => listening(t, createAdaptorServer({ fetch: app.fetch }));

test('the handler reads the body as ever', async (t) => {
  const guard = guardHono(await guarded(t));
  const read = {
    json: async (c) => (await c.req.json()).id,
    text: async (c) => JSON.parse(await c.req.text()).id,
    twice: async (c) => {
      await c.req.json();
      return JSON.parse(await c.req.text()).id;
    },
    raw: async (c) => (await c.req.raw.json()).id,
    clone: async (c) => (await c.req.raw.clone().json()).id,
    validator: async (c) => c.req.valid('json').id,
    delivery: async (c) => c.get('delivery').json().id,
    url: async (c) => (c.req.path === '/hooks/url' && c.req.header('stripe-signature') ? 'evt_url' : 'another'),
  };
  const app = new Hono();
  app.use('/hooks/*', guard);
  for (const [name, how] of Object.entries(read)) {
    const middleware = name === 'validator' ? [validator('json', (value) => value)] : [];
    app.post(`/hooks/${name}`, ...middleware, async (c) => c.text(await how(c)));
  }
  const sent = await serving(t, app);
  for (const name of Object.keys(read))
    assert.equal((await sent({ ...stripe(`evt_${name}`), path: `/hooks/${name}` })).text, `evt_${name}`);
});

const readers = {
  'c.req.json()': async (c, next) => {
    await c.req.json();
    await next();
  },
  'c.req.raw.text()': async (c, next) => {
    await c.req.raw.text();
    await next();
  },
  'a validator': validator('json', (value) => value),
};
for (const [what, reader] of Object.entries(readers)) {
  test(`before the guard, ${what}: 500, with the mend`, async (t) => {
    const guard = await guarded(t);
    const sent = await serving(t, new Hono().post(PATH, reader, guardHono(guard), never));
    const answer = await sent('evt_1');
    assert.equal(answer.status, 500);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.match(JSON.parse(answer.text).detail, /put guardHono\(guard\) before/);
    assert.deepEqual(guard.told.outcomes, ['body-parsed']);
  });
}

test('bodyLimit before the guard, which puts the body back, is fine', async (t) => {
  const guard = await guarded(t);
  const sent = await serving(
    t,
    new Hono().post(PATH, bodyLimit({ maxSize: 1e6 }), guardHono(guard), (c) => c.text('handled')),
  );
  assert.equal((await sent('evt_1')).text, 'handled');
});

test('what stands in the body cache is not what the handler gets', async (t) => {
  const app = new Hono();
  app.use(async (c, next) => {
    c.req.bodyCache.text = Promise.resolve('{"id":"another"}');
    await next();
  });
  app.post(PATH, guardHono(await guarded(t)), async (c) => c.text((await c.req.json()).id));
  assert.equal((await (await serving(t, app))('evt_1')).text, 'evt_1');
});

test('what a handler throws releases, whatever it is answered with', async (t) => {
  const guard = await guarded(t);
  const errors = [new Error('boom'), new HTTPException(422, { message: 'no' })];
  const app = new Hono();
  app.onError((error, c) => c.text(`mine: ${error.message}`, error.status ?? 500));
  app.post(PATH, guardHono(guard), (c) => {
    const error = errors.shift();
    if (error) throw error;
    return c.text('handled');
  });
  const sent = await serving(t, app);
  assert.equal((await sent('evt_1')).text, 'mine: boom');
  assert.equal((await sent('evt_1')).text, 'mine: no');
  assert.equal((await sent('evt_1')).text, 'handled');
  assert.deepEqual(guard.told.settled, ['released', 'released', 'completed 200']);
});

test('what is thrown and is no Error releases too', async (t) => {
  const guard = await guarded(t);
  const app = new Hono().post(PATH, guardHono(guard), () => {
    throw 'a text';
  });
  const { path, ...init } = stripe('evt_1');
  await assert.rejects(async () => app.request(path, init));
  assert.deepEqual(guard.told.settled, ['released']);
});

test('a sub-application with errors of its own', async (t) => {
  const guard = await guarded(t);
  const hooks = new Hono();
  hooks.onError((_error, c) => c.text('mine', 503));
  hooks.use(guardHono(guard));
  hooks.post('/stripe', () => {
    throw new Error('boom');
  });
  const sent = await serving(t, new Hono().route('/hooks', hooks));
  assert.equal((await sent('evt_1')).text, 'mine');
  assert.deepEqual(guard.told.settled, ['released']);
});

test('a Worker is asked to go on until the message is settled', async (t) => {
  const guard = await guarded(t);
  const app = new Hono();
  app.post(PATH, guardHono(guard), (c) => c.text('ok'));
  const kept = [];
  const { headers, body } = stripe('evt_1');
  const context = { waitUntil: (work) => kept.push(work), passThroughOnException() {} };
  assert.equal((await app.request(PATH, { method: 'POST', headers, body }, {}, context)).status, 200);
  await Promise.all(kept);
  assert.deepEqual([kept.length, guard.told.settled], [1, ['completed 200']]);
});
