// The guard in Express 5: beside its parsers, its routers and its errors.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import express from 'express';

import { guardExpress } from '../../pkg/adapters/express.js';
import { guarded, latch, listening, until } from './adapter-harness.js';
import { stripe } from './traffic-table.js';

const PATH = '/hooks/stripe';
const never = () => assert.fail('no handler');

function echo(req, res) {
  res.json({ id: req.delivery.json().id, bytes: Buffer.isBuffer(req.body) && req.body.equals(req.delivery.bytes) });
}

/** An application whose set-up is the test's. */
async function serving(t, guard, setUp) {
  const app = express();
  setUp(app, guardExpress(guard));
  return listening(t, createServer(app));
}

test('parsers after the guard leave the bytes alone', async (t) => {
  const guard = await guarded(t);
  const sent = await serving(t, guard, (app, middleware) => {
    app.post(PATH, middleware, express.json(), express.text({ type: '*/*' }), echo);
    app.use(express.json());
    app.post('/other', (req, res) => res.json(req.body));
  });
  assert.deepEqual(JSON.parse((await sent('evt_1')).text), { id: 'evt_1', bytes: true });
  const other = await sent({
    path: '/other',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  assert.equal(other.text, '{"a":1}');
});

for (const [name, parser] of Object.entries({
  json: express.json(),
  text: express.text({ type: '*/*' }),
  urlencoded: express.urlencoded({ type: '*/*' }),
})) {
  test(`express.${name}() before the guard is 500, with the mend`, async (t) => {
    const guard = await guarded(t);
    const sent = await serving(t, guard, (app, middleware) => app.use(parser).post(PATH, middleware, never));
    const answer = await sent('evt_1');
    assert.equal(answer.status, 500);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.match(JSON.parse(answer.text).detail, /put guardExpress\(guard\) before express\.json\(\)/);
    assert.deepEqual(guard.told.outcomes, ['body-parsed']);
  });
}

test('a parser that passes the request over is none', async (t) => {
  const sent = await serving(t, await guarded(t), (app, middleware) =>
    app.use(express.urlencoded()).post(PATH, middleware, echo),
  );
  assert.deepEqual(JSON.parse((await sent('evt_1')).text), { id: 'evt_1', bytes: true });
});

test('express.raw() before the guard gives the bytes, unless it inflated them', async (t) => {
  const sent = await serving(t, await guarded(t), (app, middleware) =>
    app.use(express.raw({ type: '*/*' })).post(PATH, middleware, echo),
  );
  assert.deepEqual(JSON.parse((await sent('evt_1')).text), { id: 'evt_1', bytes: true });
  const { headers, body, ...rest } = stripe('evt_2');
  const zipped = await sent({ ...rest, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) });
  assert.equal(zipped.status, 500);
  assert.match(JSON.parse(zipped.text).detail, /before express\.raw\(\)/);
});

test('a router that is mounted changes nothing of the URL', async (t) => {
  const guard = await guarded(t, { route: { [PATH]: 'stripe' } });
  const sent = await serving(t, guard, (app, middleware) =>
    app.use('/hooks', express.Router().use(middleware).post('/stripe', echo)),
  );
  assert.equal((await sent('evt_1')).status, 200);
});

test('an error of a handler goes to the error handler, and its answer settles', async (t) => {
  const guard = await guarded(t);
  const errors = [];
  const refusal = Object.assign(new Error('no'), { status: 422 });
  const handlers = [
    () => {
      throw new Error('sync');
    },
    () => Promise.reject(new Error('async')),
    (_req, _res, next) => next(new Error('next')),
    () => {
      throw refusal;
    },
  ];
  const sent = await serving(t, guard, (app, middleware) => {
    app.post(PATH, middleware, (req, res, next) => handlers.shift()(req, res, next));
    app.use((error, _req, res, next) => {
      errors.push(error.message);
      res.status(error.status ?? 500);
      next(error);
    });
    app.set('env', 'test'); // Express logs what nobody answers
  });
  for (const status of [500, 500, 500, 422]) assert.equal((await sent('evt_1')).status, status);
  assert.match((await sent('evt_1')).text, /"duplicate":true/);
  assert.deepEqual(errors, ['sync', 'async', 'next', 'no']);
  assert.deepEqual(guard.told.settled, ['released 500', 'released 500', 'released 500', 'completed 422']);
});

test('an error of a route goes to the error handler', async (t) => {
  const guard = await guarded(t, {
    route: () => {
      throw new Error('boom');
    },
  });
  const sent = await serving(t, guard, (app, middleware) => {
    app.post(PATH, middleware, never);
    app.use((error, _req, res, next) => (error.message === 'boom' ? res.status(500).end('mine') : next(error)));
  });
  assert.equal((await sent('evt_1')).text, 'mine');
});

test('until the handler has answered, a copy is busy', async (t) => {
  const guard = await guarded(t);
  const { open, opened } = latch();
  const sent = await serving(t, guard, (app, middleware) =>
    app.post(PATH, middleware, (_req, res) => opened.then(() => res.sendStatus(204))),
  );
  const first = sent('evt_1');
  await until(() => guard.told.outcomes.length === 1);
  const copy = await sent('evt_1');
  assert.equal(copy.status, 409);
  assert.equal(copy.headers['retry-after'], '5');
  open();
  assert.equal((await first).status, 204);
});
